"""Starting the server and the bot as processes, and steering the server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PATIENCE = 300.0
"""Seconds after which something that should come about never will. Nothing here is timed: a busy machine is slow."""


@dataclass
class Wire:
    """A running server."""

    port: int

    def state(self) -> dict[str, Any]:
        """The journal, the messages, and how many bots are connected."""
        return self._call("/control/journal", None)

    def slash(
        self, name: str, *, user: str = "4001", manager: bool = False, how: dict[str, Any] | None = None, **options: Any
    ) -> dict[str, Any]:
        """Use a slash command, with subcommands separated by blanks; gives the bot's answer. `how`: the `guild`'s number,
        `unanswered` to wait for nothing, `patience` in seconds."""
        root, *rest = name.split()
        filled: list[dict[str, Any]] = [
            {"name": key, "type": 11, "value": "1"} if key == "file" else {"name": key, "type": 3, "value": value}
            for key, value in options.items()
        ]
        for sub in reversed(rest):
            filled = [{"name": sub, "type": 1, "options": filled}]
        data = {"id": "1", "name": root, "type": 1, "options": filled}
        return self._call("/control/interaction", {"type": 2, "data": data, "user": user, "manager": manager} | (how or {}))

    def click(
        self,
        custom_id: str,
        *,
        on: dict[str, Any],
        user: str = "4001",
        manager: bool = False,
        how: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Press a button on what the bot answered; gives its next answer. `how` as in `slash`."""
        asked = {"type": 3, "data": {"component_type": 2, "custom_id": custom_id}, "on": on}
        return self._call("/control/interaction", asked | {"user": user, "manager": manager} | (how or {}))

    def wait_for(self, wanted: Any, *, patience: float = PATIENCE) -> dict[str, Any]:
        """The state, as soon as it is as wanted."""
        until = time.monotonic() + patience
        while True:
            state = self.state()
            if wanted(state):
                return state
            assert time.monotonic() < until, f"did not come about: {json.dumps(state['journal'][-5:])[:2000]}"
            time.sleep(0.05)

    def wait_until_said(self, number: int) -> list[float]:
        """When so many messages were asked for."""
        while len(said := self._call("/control/said", None)["said"]) < number:
            time.sleep(1)
        return said

    def fault(self, path: str, do: str, *, times: int = 1, method: str = "", seconds: float = 0.5) -> None:
        """Let something go wrong with the next requests whose path ends so: see `Fault` in the server."""
        self._call("/control/faults", {"path": path, "do": do, "times": times, "method": method, "seconds": seconds})

    def mend(self) -> None:
        """Let nothing go wrong any more."""
        self._call("/control/mended", {})

    def forget(self) -> None:
        """Let Discord know no nonce any more, as after some minutes."""
        self._call("/control/forgotten", {})

    def cut(self) -> None:
        """Let all connections to the gateway be lost."""
        self._call("/control/cut", {})

    def again(self, interaction: str, *, fresh: bool = False) -> None:
        """Deliver an interaction again; with `fresh`, Discord takes an answer to it again."""
        self._call("/control/again", {"id": interaction, "fresh": fresh})

    def set_up(self, **facts: Any) -> None:
        """Let something be otherwise than usual: see `setup` in the server."""
        self._call("/control/setup", facts)

    def permit(self) -> None:
        """Let the bot write in the channel. Every process of it looks at once for what it may say now."""
        self._call("/control/permissions", {})

    def _call(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        raw = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", raw, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            return json.loads(response.read())


@contextmanager
def wire() -> Generator[Wire]:
    """A server, running for as long as the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "tests.wire", str(port)], cwd=ROOT) as process:
        try:
            server = Wire(port)
            _wait_until_it_answers(server)
            yield server
        finally:
            process.kill()


INTERACTION_TOKEN = re.compile(r"\btoken-\d")


@contextmanager
def bot_process(
    server: Wire, *, database_url: str, log: Path, token: str = "good-token", **more: str
) -> Generator[subprocess.Popen[bytes]]:
    """`python -m bot run`, connected to the server; `more` goes into its environment."""
    addresses = {
        "DISCORD_API_BASE": f"http://127.0.0.1:{server.port}/api/v10",
        "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{server.port}/gateway/",
    }
    environment = (
        os.environ | addresses | {"DISCORD_TOKEN": token, "DATABASE_URL": database_url, "LOG_LEVEL": "DEBUG"} | more
    )
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=environment,
            stderr=output,
            preexec_fn=_heed_interrupts if os.name == "posix" else None,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()
            process.wait()
    said = log.read_text(encoding="utf-8", errors="replace")
    assert token == "bad" or token not in said
    assert INTERACTION_TOKEN.search(said) is None


def _heed_interrupts() -> None:
    """What a shell starts in the background ignores Ctrl+C, and so would what it starts in turn."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _wait_until_it_answers(server: Wire) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            server.state()
        except OSError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        else:
            return
