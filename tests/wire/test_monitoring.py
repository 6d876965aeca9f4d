"""What whoever watches the bot is told, by a process with a port."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from bot.services.outbox import LEASE
from db.database import Database
from db.models import OutboxMessage
from tests.wire.__main__ import GUILDS
from tests.wire.client import PATIENCE, bot_process, wire
from tests.wire.test_run import add_prediction, see


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str) -> tuple[int, str]:
    """The status and the text; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(port: int, path: str, wanted: int) -> str:
    until = time.monotonic() + PATIENCE
    while True:
        status, text = get(port, path)
        if status == wanted:
            return text
        assert time.monotonic() < until, (path, status, text)
        time.sleep(0.05)


def metrics(port: int) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(get(port, "/metrics")[1])
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def metrics_after(port: int, commands: int) -> dict[tuple[str, ...], float]:
    """The metrics once so many commands are counted: each is when it has ended, a little after its answer."""
    until = time.monotonic() + PATIENCE
    while (found := metrics(port)).get(("almanac_command_seconds_count", "forecast")) != commands:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def hold_up(path: Path) -> None:
    """A message has been due for an hour, and whoever was to send it still holds it."""
    database, now = Database(f"sqlite:///{path}"), datetime.now(UTC)
    row = {"kind": "result", "payload": {}, "attempts": 1, "created_at": now, "due_at": now - timedelta(hours=1)}
    with database.engine.begin() as connection:
        connection.execute(insert(OutboxMessage).values(row | {"claimed_until": now + 1.5 * LEASE}))
    database.dispose()


def test_a_bot_with_a_port_tells_how_it_is_and_what_it_did(tmp_path: Path) -> None:
    port = free_port()
    with (
        wire() as server,
        bot_process(server, database_url=f"sqlite:///{tmp_path / 'a.db'}", log=tmp_path / "log", HEALTH_PORT=str(port)),
    ):
        assert wait_for(port, "/readyz", 200) == "ok\n"
        assert get(port, "/healthz") == (200, "ok\n")
        add_prediction(f"sqlite:///{tmp_path / 'a.db'}")
        see(server, server.slash("forecast", prediction="1", probability="70"), "You said")
        see(server, server.slash("forecast", prediction="1", probability="7/0"), "divides by zero")
        found = metrics_after(port, commands=2)
        assert found["almanac_commands_total", "forecast", "answered"] == 1
        assert found["almanac_commands_total", "forecast", "refused"] == 1
        assert 0 < found["almanac_command_seconds_sum", "forecast"] < PATIENCE
        assert (found["almanac_gateway_connected",], found["almanac_servers",]) == (1, GUILDS)
        assert found["almanac_scheduler_idle_seconds",] < PATIENCE
        assert found["almanac_scheduler_late_seconds",] >= 0
        hold_up(tmp_path / "a.db")
        found = metrics(port)
        assert found["almanac_outbox_waiting",] >= found["almanac_outbox_overdue",] >= 1
        assert found["almanac_outbox_oldest_seconds",] >= 3600
        assert "4001" not in get(port, "/metrics")[1], "nobody is named"


def test_a_bot_that_discord_cannot_reach_is_alive_and_not_ready(tmp_path: Path) -> None:
    port = free_port()
    discord = ExitStack()
    server = discord.enter_context(wire())
    url, log = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "log"
    with discord, bot_process(server, database_url=url, log=log, HEALTH_PORT=str(port)):
        wait_for(port, "/readyz", 200)
        discord.close()
        assert "not connected to Discord" in wait_for(port, "/readyz", 503)
        assert get(port, "/healthz") == (200, "ok\n")
