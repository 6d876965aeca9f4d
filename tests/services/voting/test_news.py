"""News before the close: who forecasts on it gains nothing over who doesn't, with a proposal and without one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.types import State
from bot.services.forecasting import forecasts
from bot.services.voting import proposals
from db.database import Database
from db.models import Member, Prediction, Score
from tests.rows import rows, values
from tests.services.voting.polls import (
    ACCEPT,
    DATE,
    DAY,
    HOUR,
    YES,
    cast,
    create_prediction,
    create_voter,
    deliver,
    propose,
    state_of,
    wake,
)

NAMES = ("quick", "slow", "other")


def arrange(database: Database, news_before: int) -> int:
    """Two members with the same forecast and a third; at the news one of them says that it's certain. Returns the code."""
    code = create_prediction(database, is_forecast=False).code
    quick, slow, other = (create_voter(name) for name in NAMES)
    start = DATE - 29 * DAY
    for by, chance in ((quick, 0.4), (slow, 0.4), (other, 0.6)):
        database.run_here(forecasts.place, by, code=code, values=(chance,), now=start)
    database.run_here(forecasts.place, quick, code=code, values=(0.99,), now=DATE - news_before * DAY + HOUR)
    return code


def gain(database: Database) -> float:
    """By how much the quick one's peer score is above the slow one's."""
    scored = select(Member.name, Score.peer).join(Member, Member.id == Score.member_id)
    found = dict(rows(database, scored))
    return found["quick"] - found["slow"]


@pytest.mark.parametrize("days", [1, 3, 7])
def test_without_a_proposal_the_ballots_carry_the_moment(database: Database, days: int) -> None:
    code = arrange(database, days)
    wake(database, DATE)
    cast(database, code, YES, YES, YES, happened_at=DATE - days * DAY)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert state_of(database, code) is State.RESOLVED
    assert gain(database) == pytest.approx(0, abs=1e-9)


def test_with_a_proposal_so_late_that_the_date_comes_first_its_moment_stands_in_the_vote(database: Database) -> None:
    code = arrange(database, 1)
    news = DATE - DAY
    made = propose(database, code, happened_at=news, now=news + 2 * HOUR)
    database.run_here(proposals.second, create_voter(), proposal_id=made.proposal_id, now=news + 2 * HOUR)
    deliver(database, news + 2 * HOUR)
    wake(database, DATE)
    assert state_of(database, code) is State.VOTING
    cast(database, code, YES, YES, YES)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert values(database, select(Prediction.happened_at)) == [news]
    assert gain(database) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("days", [3, 7])
def test_with_a_proposal_its_moment_counts(database: Database, days: int) -> None:
    code = arrange(database, days)
    news = DATE - days * DAY
    made = propose(database, code, happened_at=news, now=news + 2 * HOUR)
    database.run_here(proposals.second, create_voter(), proposal_id=made.proposal_id, now=news + 2 * HOUR)
    deliver(database, news + 2 * HOUR)
    cast(database, code, ACCEPT, now=news + 3 * HOUR)
    wake(database, news + 2 * HOUR + DAY)
    wake(database, news + 2 * HOUR + 2 * DAY)
    assert values(database, select(Prediction.happened_at)) == [news]
    assert gain(database) == pytest.approx(0, abs=1e-9)


def test_if_nobody_names_the_moment_the_late_forecast_pays(database: Database) -> None:
    """So that the tests above can fail."""
    code = arrange(database, 7)
    wake(database, DATE)
    cast(database, code, YES, YES, YES)
    wake(database, DATE + DAY)
    wake(database, DATE + 2 * DAY)
    assert gain(database) > 5
