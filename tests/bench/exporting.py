"""How long the export of a guild takes whose 500 predictions each have 50 members and 5 forecasts of each, how much memory, and
how long it keeps the event loop from its other work."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bot.domain.types import Kind, State
from bot.services.exporting.guild_export import export
from bot.ui.archive import LARGEST_FILE, Gathering, pack
from db.database import Database
from db.migrate import upgrade
from db.models import Forecast, Guild, Member, Prediction
from tests.bench.scoring import MEMBERS, PREDICTIONS, UPDATES
from tests.conftest import ROOT
from tests.services.scoring.scored import store_scores

GUILD = 1001
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
NOW = OPENED + timedelta(days=200)


def create_guild(database: Database) -> None:
    """Binary predictions of a hundred days, all resolved and scored; forecasts in percent, at any microsecond."""
    upgrade(database)
    dice = random.Random(11)
    closes = OPENED + timedelta(days=100)
    times = {"created_at": OPENED, "opens_at": OPENED, "closes_at": closes, "resolves_at": closes, "closed_at": closes}
    kind = {"kind": Kind.BINARY, "state": State.RESOLVED, "details": {}, "outcome": "yes", "resolved_at": closes}
    with database.engine.begin() as connection:
        connection.execute(insert(Guild).values(id=GUILD, joined_at=OPENED))
        members = [
            {"guild_id": GUILD, "user_id": number, "name": f"member {number}", "created_at": OPENED}
            for number in range(1, MEMBERS + 1)
        ]
        connection.execute(insert(Member), members)
        for code in range(1, PREDICTIONS + 1):
            row = kind | times | {"id": code, "guild_id": GUILD, "code": code, "statement": f"Statement {code} comes true"}
            connection.execute(insert(Prediction), [row])
            connection.execute(insert(Forecast), list(_forecasts(dice, code)))
    store_scores(database)


def _forecasts(dice: random.Random, code: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for member in range(1, MEMBERS + 1):
        moments = sorted(OPENED + timedelta(seconds=dice.uniform(0, 8.64e6)) for _ in range(UPDATES))
        for at, end in zip(moments, [*moments[1:], None], strict=True):
            row = {"prediction_id": code, "member_id": member, "values": [dice.randint(1, 99) / 100]}
            found.append(row | {"created_at": at, "ended_at": end})
    return found


async def _in_the_bot(database: Database) -> tuple[float, float, float, int, int]:
    """Seconds of reading and of packing, the longest that the loop was kept, bytes of the document and of the archive."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - began - 0.01)

    watching = asyncio.create_task(watch())
    with Gathering() as gathering:
        began = time.perf_counter()
        await database.read(export, guild_id=GUILD, now=NOW, put=gathering.put)
        read = time.perf_counter()
        packed, _ = await asyncio.to_thread(pack, gathering, limit=LARGEST_FILE, at=NOW)
        done = time.perf_counter()
        size = (gathering.folder / "export.json").stat().st_size
    watching.cancel()
    return read - began, done - read, longest, size, len(packed)


def measure(console: Console) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/almanac.db"
        database = Database(url)
        create_guild(database)
        read, packing, longest, size, packed = asyncio.run(_in_the_bot(database))
        database.dispose()
        path = Path(folder, "export.json")
        seconds, peak = _command(url, path)
        assert json.loads(path.read_bytes())["predictions"]
    table = Table(title=f"export: {PREDICTIONS} predictions × {MEMBERS} members × {UPDATES} forecasts", title_justify="left")
    table.add_column("what")
    table.add_column("", justify="right")
    table.add_row(f"reading and writing the document ({size / 1e6:.0f} MB) and the tables", f"{read:.1f} s")
    table.add_row(f"packing them ({packed / 2**20:.1f} MiB)", f"{packing:.1f} s")
    table.add_row("the longest that other work waited for the event loop", f"{1000 * longest:.0f} ms")
    table.add_row(f"the whole command (peak memory {peak:.0f} MiB)", f"{seconds:.1f} s")
    console.print(table)


_MEASURED = """
import resource, sys
from bot.command_line.app import app
sys.argv = ["bot", "export", "--guild", sys.argv[1], "--output", sys.argv[2]]
try:
    app()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def _command(url: str, path: Path) -> tuple[float, float]:
    """Seconds, and the most memory in MiB."""
    began = time.perf_counter()
    command = [sys.executable, "-c", _MEASURED, str(GUILD), str(path)]
    done = subprocess.run(command, cwd=ROOT, env={"DATABASE_URL": url}, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, int(done.stderr.split()[-1]) / 1024
