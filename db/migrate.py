"""Upgrading a database to this version's schema, under a lock, so that several processes can start at once."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.domain.errors import SetupError
from db.database import Database

_LOCK = 0x416C6D61  # any number that no other program uses for its PostgreSQL advisory lock
TRIES, LOCK_SECONDS = 40, 0.9
"""A bot of the version before may be at work meanwhile. It must not wait for us for long, nor lose a transaction to a deadlock, which
PostgreSQL looks for after a second: so we give way, and try again."""
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
FIRST_USED = ("claimed_interactions", "guilds", "members", "predictions", "outbox")
"""The tables with which transactions begin: whoever waits for one of these holds no other."""
_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> list[str]:
    """Apply the missing migrations; returns the revisions applied.

    Raises SetupError for a database that can't be opened or is from a newer version.
    """
    _check_opens(database)
    for tries_left in reversed(range(TRIES)):
        try:
            return _apply(database)
        except OperationalError as error:
            if not tries_left or getattr(error.orig, "sqlstate", None) not in (LOCK_NOT_AVAILABLE, DEADLOCK):
                raise
        time.sleep(LOCK_SECONDS)
    raise AssertionError


def _apply(database: Database) -> list[str]:
    scripts = ScriptDirectory.from_config(_config(None))
    with database.engine.begin() as connection:  # on SQLite this takes the write lock
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_SECONDS * 1000:.0f}"))
        before = revision_of(connection)
        _check_known(scripts, before)
        if not database.is_sqlite and before not in (None, scripts.get_current_head()):
            there = set(inspect(connection).get_table_names())
            order = [*FIRST_USED, *sorted(there - {*FIRST_USED})]
            names = ", ".join(name for name in order if name in there)
            connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
        command.upgrade(_config(connection), "head")
        return [step.revision for step in scripts.iterate_revisions("head", before or "base")][::-1]


def check(database: Database) -> None:
    """Raises SetupError if the schema isn't this version's, or the database can't be opened."""
    _check_opens(database)
    scripts = ScriptDirectory.from_config(_config(None))
    with database.engine.connect() as connection:
        revision = revision_of(connection)
    _check_known(scripts, revision)
    if revision != scripts.get_current_head():
        raise SetupError("The database is from an older version. Update it with: python -m bot db upgrade")


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _check_opens(database: Database) -> None:
    try:
        database.engine.connect().close()
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise SetupError(
            f"The database can't be opened: {why}. Check DATABASE_URL ({database.url}), and that its server is running."
        ) from None


def _check_known(scripts: ScriptDirectory, revision: str | None) -> None:
    if revision is not None and revision not in {script.revision for script in scripts.walk_revisions()}:
        raise SetupError(
            f"The database is from a newer version of Almanac (schema {revision}). Update Almanac; nothing was changed."
        )


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
