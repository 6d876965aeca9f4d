"""How many `/forecast` a second the bot answers over real sockets, fifty at once, against a bot that only answers.

The two take turns on the same small Discord, which does the same work for both. Beside the rate, the processor's time that each
command takes is compared: that says the same on a busy machine.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, select

from db.database import Database
from db.models import Forecast
from tests.bench.flood import KNOWN, databases, fill
from tests.conftest import ROOT
from tests.rows import values
from tests.wire.client import Wire, bot_process, wire
from tests.wire.test_faults import settle, url_of

AT_ONCE = 50
CLOCK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Burst:
    """How many were answered a second, and how much of the processor each took, in milliseconds."""

    rate: float
    cost: float


@dataclass(frozen=True)
class Ratio:
    """What Almanac does for each that the other does: its median over the pairs, the lowest and the highest."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, found: list[float]) -> Ratio:
        """The ratios of all pairs."""
        return cls(statistics.median(found), min(found), max(found))


async def burst(
    server: Wire, pid: int, *, commands: int, numbers: itertools.count[int], until: Callable[[], bool] = lambda: True
) -> Burst:
    """This many `/forecast`, fifty at once, `until` they're done: a bot that asks for more time hasn't answered yet."""
    left = iter(range(commands))
    url = f"http://127.0.0.1:{server.port}/control/interaction"

    async def member(session: aiohttp.ClientSession, user: int) -> None:
        for _ in left:
            number = next(numbers)
            options: list[dict[str, Any]] = [
                {"name": "prediction", "type": 3, "value": str(1 + number % KNOWN)},
                {"name": "probability", "type": 3, "value": str(30 + number % 41)},
            ]
            data = {"id": "1", "name": "forecast", "type": 1, "options": options}
            async with session.post(url, json={"type": 2, "data": data, "user": str(user), "manager": False}) as response:
                assert (await response.json())["answer"] is not None

    began, before = time.perf_counter(), _busy(pid)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        await asyncio.gather(*(member(session, 5000 + user) for user in range(AT_ONCE)))
    while not until():  # noqa: ASYNC110  (another process writes what it waits for)
        await asyncio.sleep(0.01)
    return Burst(commands / (time.perf_counter() - began), 1000 * (_busy(pid) - before) / commands)


def _busy(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


@contextmanager
def bare_process(server: Wire) -> Generator[subprocess.Popen[bytes]]:
    """The bot that only answers, connected to the server."""
    addresses = {
        "DISCORD_API_BASE": f"http://127.0.0.1:{server.port}/api/v10",
        "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{server.port}/gateway/",
    }
    environment = os.environ | addresses | {"DISCORD_TOKEN": "good-token"}
    with subprocess.Popen([sys.executable, "-m", "tests.bench.bare"], cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def measure(database: Database, *, pairs: int, commands: int) -> tuple[Ratio, Ratio]:
    """Ratios of rates and of costs, each over this many pairs. Every command must have been stored."""
    settle(database)
    database.run_here(fill, now=datetime.now(UTC))
    numbers = itertools.count()
    stored = _stored(database)

    def ours_of(commands: int) -> Burst:
        nonlocal stored
        stored += commands
        return asyncio.run(
            burst(one, almanac.pid, commands=commands, numbers=numbers, until=lambda: _stored(database) >= stored)
        )

    with (
        tempfile.TemporaryDirectory() as folder,
        wire() as one,
        wire() as other,
        bot_process(one, database_url=url_of(database), log=Path(folder) / "log", LOG_LEVEL="WARNING") as almanac,
        bare_process(other) as bare,
    ):
        for server in (one, other):
            server.wait_for(lambda state: state["connected"] == 1)
        ours_of(4 * AT_ONCE)
        asyncio.run(burst(other, bare.pid, commands=4 * AT_ONCE, numbers=numbers))
        rates, costs = list[float](), list[float]()
        for _ in range(pairs):
            ours = ours_of(commands)
            theirs = asyncio.run(burst(other, bare.pid, commands=commands, numbers=numbers))
            rates.append(ours.rate / theirs.rate)
            costs.append(ours.cost / theirs.cost)
    assert _stored(database) == stored, "each is stored once"
    return Ratio.of(rates), Ratio.of(costs)


def _stored(database: Database) -> int:
    (number,) = values(database, select(func.count()).select_from(Forecast))
    return number


def main() -> None:
    """Measure on SQLite and PostgreSQL."""
    with databases(sys.argv[1] if len(sys.argv) > 1 else None) as found:
        for database in found:
            rate, cost = measure(database, pairs=5, commands=400)
            print(database.engine.dialect.name, rate, cost)


if __name__ == "__main__":
    main()
