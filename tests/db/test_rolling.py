"""Updating one process after the other: a bot of the version before goes on while the new one changes the schema."""

from __future__ import annotations

import ast
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.services.forecasting import forecasts
from db import migrate
from db.base import Base
from db.database import Database
from db.models import Forecast
from tests.conftest import ROOT
from tests.factories import NOW, create_actor, create_prediction
from tests.rows import count

VERSIONS = ROOT / "db" / "migrations" / "versions"
SINCE = "0012"
"""Since then, a migration only adds; what isn't used any more goes a version later."""
ADDS = {"create_table", "create_index", "add_column", "execute", "get_bind", "f"}
MORE = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("additions", sa.Column("id", sa.Integer(), primary_key=True))
    for table in {tables}:
        op.add_column(table, sa.Column("addition", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("another", sa.Integer(), nullable=False, server_default="7"))
"""


def later() -> list[Path]:
    return [path for path in sorted(VERSIONS.glob("[0-9]*.py")) if path.name[:4] >= SINCE]


def operations(path: Path) -> Iterator[ast.Call]:
    """What a migration does: its calls of `op`, and of a table's `batch_alter_table`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            yield from [node] if node.func.value.id in ("op", "batch") else []


@pytest.mark.parametrize("path", later(), ids=lambda path: path.stem)
def test_a_migration_only_adds_and_what_it_adds_may_be_left_out(path: Path) -> None:
    calls = list(operations(path))
    assert calls
    for call in calls:
        assert isinstance(call.func, ast.Attribute)
        assert call.func.attr in ADDS, f"{path.name}: {ast.unparse(call)} would stop a bot of the version before"
        if call.func.attr == "add_column":
            column = ast.unparse(call)
            assert "nullable=True" in column or "server_default" in column, column


def test_a_bot_of_the_version_before_goes_on_while_the_schema_is_upgraded(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [create_prediction(database).code for _ in range(2)]
    head = migrate.ScriptDirectory.from_config(migrate._config(None)).get_current_head()
    tables = ("forecasts", "predictions", "members", "guilds", "outbox")
    assert set(tables) <= Base.metadata.tables.keys()
    (tmp_path / "9999_additions.py").write_text(MORE.format(head=head, tables=tables), encoding="utf-8")
    of_before = migrate._config

    def of_next(connection: Any) -> Any:
        config = of_before(connection)
        config.set_main_option("version_locations", f"{VERSIONS} {tmp_path}")
        config.set_main_option("path_separator", "space")
        return config

    monkeypatch.setattr(migrate, "_config", of_next)
    stop, placed, failed = threading.Event(), [0, 0], list[BaseException]()

    def forecast(number: int) -> None:
        while not stop.is_set():
            try:
                actor = create_actor(f"member {number}.{placed[number]}")
                database.run_here(forecasts.place, actor, code=codes[number], values=(0.5,), now=NOW)
            except Exception as error:
                failed.append(error)
                return
            placed[number] += 1

    members = [threading.Thread(target=forecast, args=(number,)) for number in range(1 if database.is_sqlite else 2)]
    for member in members:
        member.start()
    try:
        while not any(placed):
            time.sleep(0)
        applied = migrate.upgrade(database)
        before = sum(placed)
        while sum(placed) < before + 5 and not failed:
            time.sleep(0)
    finally:
        stop.set()
        for member in members:
            member.join()
    assert failed == []
    assert applied == ["9999"]
    assert count(database, Forecast) == sum(placed)
