"""A result that very many wait for is stored at once, and their scores right after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.types import State
from bot.services.scoring import scores, waiting
from bot.services.voting import resolutions
from db.database import Database
from db.models import Prediction, Score
from tests.bench import resolving
from tests.factories import NOW, create_actor
from tests.rows import values

LATER = NOW + timedelta(days=102)
MANAGER = create_actor("mona", manager=True)


def resolved(database: Database) -> int:
    """The code of a prediction with a few more forecasts than are scored at once, and with a result."""
    code = resolving.fill(database, members=scores.MOST_AT_ONCE // 5 + 1, each=5)
    resolving.resolve(database, code)
    return code


def stored(database: Database) -> list[tuple[Any, ...]]:
    """All scores, as they are stored."""
    columns = [column for column in Score.__table__.columns if column.name not in ("id", "computed_at")]
    with database.engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(Score.member_id.is_(None), Score.member_id))
        return [tuple(row) for row in rows]


def test_scores_of_very_many_come_after_the_result_and_are_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved(database)
    assert values(database, select(Prediction.state)) == [State.RESOLVED]
    assert not database.run_here(scores.record_missing, now=LATER)
    assert stored(database) == []
    assert database.read_here(scores.has_missing)

    found = database.read_here(waiting.next_waiting)
    assert found is not None
    database.run_here(waiting.store, found, scores.rows_of(found.case), now=LATER)
    assert database.read_here(waiting.next_waiting) is None
    afterwards = stored(database)
    assert len(afterwards) == scores.MOST_AT_ONCE // 5 + 2, "every member, and the crowd"

    def at_once(session: Any) -> None:
        monkeypatch.setattr(scores, "MOST_AT_ONCE", 10**9)
        scores.record(session, session.scalar(select(Prediction)), now=LATER)

    database.run_here(at_once)
    assert stored(database) == afterwards


def test_scores_of_a_result_that_was_taken_back_meanwhile_are_not_stored(database: Database) -> None:
    code = resolved(database)
    found = database.read_here(waiting.next_waiting)
    assert found is not None
    database.run_here(resolutions.reopen, MANAGER, code=code, words="Not yet.", now=LATER)
    database.run_here(waiting.store, found, scores.rows_of(found.case), now=LATER)
    assert stored(database) == []
    assert database.read_here(waiting.next_waiting) is None
