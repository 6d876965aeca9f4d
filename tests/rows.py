"""Looking at what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Select, Table, event, func, select, text

from db.base import Base
from db.database import Database

_ORDERED = re.compile(r"\b(ORDER BY|GROUP BY|DISTINCT)\b")
_FIRST_NUMBERS = text(
    "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)


def rows(database: Database, query: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows of a query, as plain tuples. Those of one table are in the order of their keys, unless the query names another:
    PostgreSQL gives them in any, and only seldom in another than that."""
    froms = query.get_final_froms()
    is_plain = all(isinstance(column, Column) for column in query.selected_columns)
    if is_plain and len(froms) == 1 and isinstance(froms[0], Table) and not _ORDERED.search(str(query)):
        query = query.order_by(*froms[0].primary_key.columns)
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def values(database: Database, query: Select[*tuple[Any, ...]]) -> list[Any]:
    """The first column of a query."""
    return [row[0] for row in rows(database, query)]


def count(database: Database, model: type[Base]) -> int:
    """How many rows a table has."""
    return values(database, select(func.count()).select_from(model))[0]


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, to see that nothing was stored or changed."""
    tables = Base.metadata.tables
    return {name: sorted(rows(database, select(table)), key=repr) for name, table in tables.items()}


def empty(database: Database) -> None:
    """Forget everything, numbers included."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
        else:  # TRUNCATE makes two hundred new files, however little there was
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign key is checked
            connection.exec_driver_sql(";".join(str(table.delete()) for table in Base.metadata.tables.values()))
            connection.execute(_FIRST_NUMBERS)


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """The statements that the database is sent meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
