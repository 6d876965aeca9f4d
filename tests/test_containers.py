"""What the compose file and the image promise to whoever runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from tests.conftest import ROOT

COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_has_as_little_as_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert "ports" not in service
    assert service["logging"]["options"]["max-size"]


def test_the_bot_starts_once_the_packs_are_loaded_and_these_once_the_database_is_there() -> None:
    assert SERVICES["bot"]["depends_on"] == {"packs": {"condition": "service_completed_successfully"}}
    assert SERVICES["packs"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert SERVICES["packs"]["command"][-1] == "load"


def test_the_example_names_every_variable_that_is_read() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) <= named
    assert named - {"POSTGRES_PASSWORD"} <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_images_health_check_asks_the_bot(status: int, code: int) -> None:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the server's own name for it
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    found = re.search(r"^HEALTHCHECK [^\[]*CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found is not None
    _, *words = json.loads(found[1])
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        environment = os.environ | {"HEALTH_PORT": str(server.server_port)}
        done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, check=False)
        server.shutdown()
    assert done.returncode == code
