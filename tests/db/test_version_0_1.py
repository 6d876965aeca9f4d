"""A database of version 0.1 with votes at every step: they end as they were announced."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.errors import Refused
from bot.services.scoring import scores
from db import migrate
from db.database import Database
from db.models import Prediction, Vote
from tests.rows import rows, values
from tests.services.voting.polls import ACCEPT, DATE, DAY, HOUR, NOT_YET, PERIOD, cast, votes_of, wake

DUMP = Path(__file__).with_name("version_0_1.sql")
TAKEN = DATE + PERIOD + 3 * HOUR
"""When it was taken out of service: two early votes, values to accept, provisional results, a second round, extended votes."""


@pytest.fixture
def old(tmp_path: Path) -> Database:
    """The database as version 0.1 left it, brought up to date."""
    path = tmp_path / "almanac.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    connection.close()
    database = Database(f"sqlite:///{path}")
    assert migrate.upgrade(database)
    return database


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables.fetchall()}  # noqa: S608


def test_no_row_is_lost_on_the_way(old: Database) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
        before = counts(connection)
    with sqlite3.connect(str(old.url.database)) as connection:
        after = counts(connection)
    assert before["ballots"] == 21
    assert {name: after[name] for name in before} == before


def test_its_votes_end_under_the_rule_they_opened_with(old: Database) -> None:
    before = rows(old, select(Vote.id, Vote.state, Vote.closes_at).order_by(Vote.id))
    wake(old, TAKEN)
    assert rows(old, select(Vote.id, Vote.state, Vote.closes_at).order_by(Vote.id)) == before
    cast(old, 4, ACCEPT, ACCEPT, ACCEPT, now=TAKEN)
    with pytest.raises(Refused, match="can't be answered like that"):
        cast(old, 4, NOT_YET, now=TAKEN)
    for moment in (TAKEN + DAY, TAKEN + 4 * DAY, TAKEN + 5 * DAY, TAKEN + 20 * DAY):
        wake(old, moment)
    ends = rows(old, select(Prediction.code, Prediction.outcome, Prediction.outcome_value).order_by(Prediction.code))
    assert ends == [
        (1, "yes", None),
        (2, "annulled", None),
        (3, "value", 41.5),
        (4, "value", 7.0),
        (5, "yes", None),
        (6, "no", None),
        (7, "yes", None),
        (8, "annulled", None),
    ]
    assert values(old, select(Vote.id).where(Vote.ended_at.is_(None))) == []
    assert votes_of(old, 6)[-1].rule["quorum"] == 6, "the second round had begun under the old rule"


def test_what_is_resolved_is_scored_again(old: Database) -> None:
    wake(old, TAKEN + timedelta(days=2))
    assert old.run_here(scores.record_missing, now=TAKEN + timedelta(days=2)) is not True
    unscored = select(Prediction.code).where(Prediction.state == "resolved", Prediction.scored_at.is_(None))
    assert values(old, unscored) == []
