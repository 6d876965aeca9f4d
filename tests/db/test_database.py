"""Transactions: what is stored when, what readers see, and what writers at the same moment do to each other."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from bot.domain.errors import SetupError
from bot.services.forecasting import forecasts, walk
from bot.services.predictions import editing
from db.database import Database
from db.migrate import upgrade
from db.models import Guild, Member
from tests.factories import GUILD, NOW, create_actor, create_document, load
from tests.processes import crowd
from tests.rows import everything

READ_ADD_WRITE = """
import sys
from sqlalchemy import select, update
from db.database import Database
from db.models import Guild

def add_one(session):
    code = session.scalar(select(Guild.next_code))
    session.execute(update(Guild).values(next_code=code + 1))

database = None

def step(line):
    global database
    url, times = line.split()
    database = database or Database(url)
    for _ in range(int(times)):
        database.run_here(add_one)
    return "done"
"""


def add_guild(session: Session, guild_id: int = GUILD, joined_at: datetime = NOW) -> int:
    session.add(Guild(id=guild_id, joined_at=joined_at))
    session.flush()
    return guild_id


def count_guilds(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Guild)) or 0


def add_and_fail(session: Session) -> None:
    add_guild(session)
    raise RuntimeError("after the first write")


def test_a_use_case_that_returns_is_stored(database: Database) -> None:
    assert database.run_here(add_guild) == GUILD
    assert database.read_here(count_guilds) == 1


def test_a_use_case_that_raises_stores_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        database.run_here(add_and_fail)
    assert database.read_here(count_guilds) == 0


def test_a_rehearsal_gives_its_result_and_stores_nothing(database: Database) -> None:
    assert database.rehearse_here(add_guild) == GUILD
    assert database.read_here(count_guilds) == 0
    with pytest.raises(RuntimeError):
        database.rehearse_here(add_and_fail)
    assert database.read_here(count_guilds) == 0


def test_what_a_reader_writes_is_not_stored(database: Database) -> None:
    database.read_here(add_guild)
    assert database.read_here(count_guilds) == 0


async def test_use_cases_run_beside_the_event_loop(database: Database) -> None:
    here = threading.get_ident()
    assert await database.run(lambda session: threading.get_ident()) != here
    assert await database.read(lambda session: threading.get_ident()) != here


def test_a_naive_time_is_refused_at_the_column(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        database.run_here(add_guild, joined_at=datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(StatementError, match="naive datetime"):
        database.read_here(lambda session: session.scalar(select(Guild.id).where(Guild.joined_at < datetime(2026, 3, 1))))  # noqa: DTZ001
    assert database.read_here(count_guilds) == 0


def test_a_time_of_any_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    kabul = datetime(2026, 3, 1, 0, 30, 0, 123456, tzinfo=timezone(timedelta(hours=4, minutes=30)))
    database.run_here(add_guild, joined_at=kabul)
    found = database.read_here(lambda session: session.scalar(select(Guild.joined_at)))
    assert found == kabul
    assert found is not None
    assert (found.tzinfo, found.day) == (UTC, 28)


def test_a_row_that_belongs_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        database.run_here(lambda session: (session.add(Member(guild_id=1, user_id=1, created_at=NOW)), session.flush()))


def test_a_guild_that_is_deleted_takes_everything_of_its_own_along(database: Database) -> None:
    document = create_document(
        {"probability": 0.5, "tags": ["ai"]},
        {"kind": "multiple_choice", "options": [{"name": "A"}, {"name": "B"}], "parent": "p1", "relation": "requires"},
        {"parent": "p2", "relation": "instance"},
    )
    load(database, document)
    ada = create_actor(manager=True)
    database.run_here(forecasts.place, ada, code=1, values=(0.5,), reason="because", now=NOW)
    database.run_here(walk.skip, ada, code=2, now=NOW)
    database.run_here(editing.edit, ada, code=1, changes=editing.PredictionChanges(statement="Other words"), now=NOW)
    database.run_here(lambda session: session.execute(delete(Guild)))
    left = {name for name, found in everything(database).items() if found}
    assert left == {"packs", "sources"}


def test_a_reader_sees_one_state_however_often_it_looks(database: Database) -> None:
    def look_twice(session: Session) -> tuple[int, int]:
        before = count_guilds(session)
        in_between = threading.Thread(target=database.run_here, args=(add_guild,))
        in_between.start()
        in_between.join()
        return before, count_guilds(session)

    assert database.read_here(look_twice) == (0, 0)
    assert database.read_here(count_guilds) == 1


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    has_written, may_end = threading.Event(), threading.Event()

    def write_slowly(session: Session) -> None:
        add_guild(session)
        has_written.set()
        assert may_end.wait(400)

    writing = asyncio.ensure_future(database.run(write_slowly))
    await asyncio.to_thread(has_written.wait, 400)
    try:
        async with asyncio.timeout(300):
            assert await asyncio.gather(*(database.read(count_guilds) for _ in range(6))) == [0] * 6
    finally:
        may_end.set()
    await writing
    assert await database.read(count_guilds) == 1


async def test_writes_of_one_process_at_the_same_moment_lose_nothing(database: Database) -> None:
    def add_one(session: Session) -> None:
        code = session.scalar(select(Guild.next_code).with_for_update())
        assert code is not None
        session.execute(update(Guild).values(next_code=code + 1))

    database.run_here(add_guild)
    await asyncio.gather(*(database.run(add_one) for _ in range(50)))
    assert database.read_here(lambda session: session.scalar(select(Guild.next_code))) == 51


def test_writes_of_five_processes_to_one_sqlite_file_lose_nothing(sqlite: Database) -> None:
    sqlite.run_here(add_guild)
    with crowd(READ_ADD_WRITE, processes=5) as processes:
        processes.all_at_once(f"{sqlite.url} 1")
        processes.all_at_once(f"{sqlite.url} 40")
    assert sqlite.read_here(lambda session: session.scalar(select(Guild.next_code))) == 1 + 5 * 41


def test_closing_waits_for_what_still_runs(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'almanac.db'}")
    upgrade(database)
    has_begun = threading.Event()

    def write(session: Session) -> None:
        has_begun.set()
        add_guild(session)

    async def run() -> None:
        await database.run(write)

    running = threading.Thread(target=asyncio.run, args=(run(),))
    running.start()
    has_begun.wait(30)
    database.dispose()
    running.join()
    again = Database(str(database.url))
    assert again.read_here(count_guilds) == 1
    again.dispose()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "isn't a database address. Examples: sqlite:///almanac.db, postgresql+psycopg://user@host/name."),
        ("postgresql://user@host:port/name", "isn't a database address"),
        ("mysql://host/name", "names mysql, but Almanac runs on SQLite and PostgreSQL"),
        ("sqlite://", "needs a file for SQLite, for example sqlite:///almanac.db"),
        ("sqlite:///:memory:", "needs a file for SQLite"),
        ("sqlite:///file:almanac?mode=memory&uri=true", "needs a file for SQLite"),
        (
            "sqlite:////no/such/folder/almanac.db",
            "the folder /no/such/folder doesn't exist. Create it, or name another file.",
        ),
        ("postgresql+asyncpg://host/name", "names postgresql+asyncpg, which Almanac doesn't use"),
        ("postgresql+psycopg2://host/name", "names postgresql+psycopg2, which Almanac doesn't use"),
        ("sqlite+aiosqlite:///almanac.db", "names sqlite+aiosqlite, which Almanac doesn't use"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_one_that_does(url: str, sentence: str) -> None:
    with pytest.raises(SetupError) as refusal:
        Database(url)
    assert str(refusal.value).startswith("DATABASE_URL")
    assert sentence in str(refusal.value)


def test_the_usual_short_forms_mean_the_driver_that_is_installed(tmp_path: Path) -> None:
    for short in ("postgresql://ada@host/name", "postgres://ada@host/name", "postgresql+psycopg://ada@host/name"):
        database = Database(short)
        assert database.url.drivername == "postgresql+psycopg"
        database.dispose()


def test_a_database_that_cannot_be_opened_is_told_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Ada, this is not a database. " * 100)
    urls = ["postgresql://ada:secret@127.0.0.1:1/name", f"sqlite:///{tmp_path / 'letter.db'}", f"sqlite:///{tmp_path}"]
    for url, why in zip(urls, ["onnection refused", "file is not a database", "unable to open database file"], strict=True):
        database = Database(url)
        with pytest.raises(SetupError, match=f"The database can't be opened: .*{why}") as refusal:
            upgrade(database)
        assert "Check DATABASE_URL" in str(refusal.value)
        assert "secret" not in str(refusal.value)
        database.dispose()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
@pytest.mark.parametrize("is_new", [True, False])
def test_only_its_owner_can_read_a_sqlite_database(tmp_path: Path, is_new: bool) -> None:
    path = tmp_path / "almanac.db"
    if not is_new:
        with closing(sqlite3.connect(path)) as old:
            old.execute("CREATE TABLE something (id INTEGER)")
        path.chmod(0o644)
    before = os.umask(0o022)
    database = Database(f"sqlite:///{path}")
    try:
        upgrade(database)
        found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert found == dict.fromkeys(("almanac.db", "almanac.db-wal", "almanac.db-shm"), 384)
    finally:
        database.dispose()
        os.umask(before)


def test_a_database_that_is_only_named_is_not_created(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'almanac.db'}").dispose()
    assert list(tmp_path.iterdir()) == []
