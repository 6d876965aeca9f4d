"""Upgrading a database to this version's schema, under a lock, so that several processes can start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import SetupError
from db.database import Database

_LOCK = 0x416C6D61  # any number that no other program uses for its PostgreSQL advisory lock
_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> list[str]:
    """Apply the missing migrations; returns the revisions applied.

    Raises SetupError for a database that can't be opened or is from a newer version.
    """
    _check_opens(database)
    scripts = ScriptDirectory.from_config(_config(None))
    with database.engine.begin() as connection:  # on SQLite this takes the write lock
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = revision_of(connection)
        _check_known(scripts, before)
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
