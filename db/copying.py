"""Copying a whole database: into a backup, back from one, and from SQLite to PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import math
import os
import sqlite3
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import SetupError
from db import models
from db.base import Base
from db.database import Database
from db.migrate import upgrade

AT_ONCE = 500
"""How many rows are in memory at a time."""
_HOLDS_DATA = (models.Guild.__table__, models.Pack.__table__)


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that was copied: how many rows, and a checksum that is the same on every database."""

    name: str
    rows: int
    checksum: str


def back_up(database: Database, target: Path) -> None:
    """Write a consistent copy to an SQLite file, whole or not at all. The bot may run meanwhile, and isn't held up."""
    with _replacing(target) as part:
        if database.is_sqlite:
            with closing(sqlite3.connect(str(database.url.database))) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)  # in one go: in pieces, it would begin again whenever the bot writes
        else:
            made = Database(f"sqlite:///{part}")
            try:
                upgrade(made)
                copy_all(database, made)
            finally:
                made.dispose()
        with closing(sqlite3.connect(part)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # so that it's one file
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise SetupError(f"The database is damaged ({found}), so no backup was written. Keep the older ones.")


def restore(backup: Path, database: Database) -> None:
    """Put a backup in the place of everything that's in a database, and bring it up to date. All or nothing."""
    with tempfile.TemporaryDirectory(prefix="almanac-restore-") as folder:
        path = Path(folder, "restored.db")
        _read_backup(backup, path)
        restored = Database(f"sqlite:///{path}")
        try:
            upgrade(restored)
            if not database.is_sqlite:
                upgrade(database)
                copy_all(restored, database, replaces=True)
        finally:
            restored.dispose()
        if database.is_sqlite:
            database.engine.connect().close()  # creates a file that only its owner can read
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(str(database.url.database))) as target:
                source.backup(target)


def copy_all(source: Database, target: Database, *, replaces: bool = False) -> list[CopiedTable]:
    """Copy all rows into another database, both at this version's schema, in one transaction of each.

    Raises SetupError, and leaves the target as it was, if there's something in it already and it isn't to be replaced, if a row
    doesn't fit, or if what arrived isn't what was sent.
    """
    tables = Base.metadata.sorted_tables
    options: dict[str, Any] = {"reads_only": True} if source.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with source.engine.connect().execution_options(**options) as origin, target.engine.begin() as into:
        if replaces:
            _empty(into, tables)
        elif any(into.scalar(select(func.count()).select_from(table)) for table in tables):
            raise SetupError("There's something in the target already. Name an empty database, or replace it with --yes.")
        copied: list[CopiedTable] = []
        for table in tables:
            sent = _copy_table(origin, into, table)
            arrived = _summed(into, table)
            if sent != arrived:
                raise SetupError(f"{table.name}: {sent.rows} rows were sent, and what arrived differs. Nothing was stored.")
            copied.append(sent)
        return copied


def holds_data(database: Database) -> bool:
    """Whether a database at this version's schema has anything worth keeping."""
    with database.engine.connect() as connection:
        return any(connection.scalar(select(func.count()).select_from(table)) for table in _HOLDS_DATA)


def _copy_table(origin: Connection, into: Connection, table: Table) -> CopiedTable:
    """Copy the rows of a table. Arrows to the table itself are drawn at the end, when all rows are there."""
    own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    keys = [column.name for column in table.primary_key]
    later: list[dict[str, Any]] = []
    total, rows = 0, 0
    try:
        for batch in _batches(origin, table):
            rows += len(batch)
            total += sum(_digest(list(row.values())) for row in batch)
            later += [
                {f"key_{name}": row[name] for name in keys} | {name: row[name] for name in own}
                for row in batch
                if any(row[name] is not None for name in own)
            ]
            into.execute(table.insert(), [row | dict.fromkeys(own) for row in batch])
        if later:
            same = [table.c[name] == bindparam(f"key_{name}") for name in keys]
            into.execute(table.update().where(*same).values({name: bindparam(name) for name in own}), later)
        if into.dialect.name == "postgresql" and table.autoincrement_column is not None:
            column = table.autoincrement_column.name
            numbered = f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column}'), max({column})) FROM {table.name}"  # noqa: S608
            into.execute(text(f"{numbered} HAVING max({column}) IS NOT NULL"))
    except (DBAPIError, ValueError) as error:
        why = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        raise SetupError(f"{table.name}: a row can't be stored there: {why}. Nothing was stored.") from None
    return _sum_of(table, rows, total)


def _summed(connection: Connection, table: Table) -> CopiedTable:
    total, rows = 0, 0
    for batch in _batches(connection, table):
        rows += len(batch)
        total += sum(_digest(list(row.values())) for row in batch)
    return _sum_of(table, rows, total)


def _sum_of(table: Table, rows: int, total: int) -> CopiedTable:
    return CopiedTable(table.name, rows, f"{total % (1 << 256):064x}"[:16])


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(select(table).execution_options(yield_per=AT_ONCE)).mappings()
    for batch in found.partitions():
        yield [dict(row) for row in batch]


def _digest(values: list[Any]) -> int:
    """A number for a row. They are summed, so the order of rows doesn't matter: each database has its own."""
    return int.from_bytes(hashlib.sha256(json.dumps(_plain(values), sort_keys=True).encode()).digest())


def _plain(value: Any) -> Any:
    """A value as every database would give it."""
    match value:
        case bool() | None:
            return value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case int() | float():
            is_whole = math.isfinite(value) and value == int(value) and abs(value) < 1 << 63
            return int(value) if is_whole else repr(float(value))
        case dict():
            return {key: _plain(part) for key, part in cast("dict[str, Any]", value).items()}
        case list():
            return [_plain(part) for part in cast("list[Any]", value)]
        case _:
            return str(value)


def _empty(connection: Connection, tables: Sequence[Table]) -> None:
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    else:
        for table in reversed(tables):
            connection.execute(table.delete())


def _read_backup(backup: Path, path: Path) -> None:
    """Copy a backup, so that bringing it up to date doesn't change it. Raises SetupError if it isn't one."""
    try:
        with (
            closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            source.execute("SELECT version_num FROM alembic_version")
            source.backup(copy)
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise SetupError(f"{backup} isn't a backup of Almanac: {error}. Nothing was changed.") from None
    if found != "ok":
        raise SetupError(f"{backup} is damaged ({found}). Take an older one; nothing was changed.")


@contextmanager
def _replacing(target: Path) -> Generator[Path]:
    """A file beside the target that takes its place once it's whole, and that only its owner can read."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        part.replace(target)
    except OSError as error:
        raise SetupError(f"{target}: can't be written: {error.strerror}") from None
    except sqlite3.Error as error:
        raise SetupError(f"{target}: can't be written: {error}") from None
    finally:
        for left in (part, *(part.with_name(f"{part.name}{ending}") for ending in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)
