"""The best early call on a resolved prediction: who saw it coming, if they let results name them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.outcomes import YES
from bot.domain.types import Kind, State, Values
from db import queries
from db.base import AnyRow
from db.models import CrowdPoint, Forecast, Member, Prediction, User

STOOD_FOR = timedelta(hours=24)
"""A slip that was undone, or a try that was changed at once, is no call."""
LEAST_AHEAD = 0.1
"""By how much it must have been ahead of the crowd."""
ROUNDING = 1e-9
LEAST_MEMBERS = 2
"""One member is no crowd to be ahead of."""


@dataclass(frozen=True, slots=True)
class EarlyCall:
    """A forecast of the first half that gave what happened far more than the crowd did then. `crowd` is what that said; None if
    there was hardly any."""

    user_id: int
    values: Values
    at: datetime
    crowd: Values | None
    ahead: float
    """By how much it gave more, 0 to 1."""


def best_early_call(session: Session, prediction_id: int) -> EarlyCall | None:
    """The call that was furthest ahead of the crowd at its moment, the earliest of equals, among the members who let results name
    them and keep no private record. None for numbers and dates."""
    prediction = session.get_one(Prediction, prediction_id)
    if prediction.state is not State.RESOLVED or not prediction.kind.is_distribution:
        return None
    ends = (prediction.closes_at, prediction.happened_at, prediction.resolved_at)
    end = min(at for at in ends if at is not None)
    half = prediction.opens_at + (end - prediction.opens_at) / 2
    calls = _calls(session, prediction_id, until=half, end=end)
    if not calls:
        return None
    points = session.execute(
        select(CrowdPoint.at, CrowdPoint.members, CrowdPoint.values.label("numbers"))
        .where(CrowdPoint.prediction_id == prediction_id, CrowdPoint.at <= half)
        .order_by(CrowdPoint.at)
    ).all()
    moments = [point.at for point in points]
    options = len(queries.option_names(session, prediction_id)) if prediction.kind is Kind.MULTIPLE_CHOICE else 2
    best, most = None, LEAST_AHEAD - ROUNDING
    for row in calls:
        crowd = _crowd_before(points, moments, row.created_at)
        given = 1 / options if crowd is None else _given(prediction, crowd)
        ahead = _given(prediction, row.numbers) - given
        if ahead > most:
            best, most = EarlyCall(row.user_id, tuple(row.numbers), row.created_at, crowd, ahead), ahead
    return best


def _calls(session: Session, prediction_id: int, *, until: datetime, end: datetime) -> list[AnyRow]:
    found = (
        select(Forecast.values.label("numbers"), Forecast.created_at, Forecast.ended_at, Member.user_id)
        .join(Member, Member.id == Forecast.member_id)
        .join(User, User.id == Member.user_id)
        .where(Forecast.prediction_id == prediction_id, Forecast.created_at <= until)
        .where(User.shows_calls, User.shows_calibration, Member.forgotten_at.is_(None))
        .order_by(Forecast.created_at, Forecast.id)
    )
    return [row for row in session.execute(found) if min(row.ended_at or end, end) - row.created_at >= STOOD_FOR]


def _crowd_before(points: Sequence[AnyRow], moments: list[datetime], at: datetime) -> Values | None:
    """What the crowd said before a moment; None if it was hardly anyone."""
    number = bisect_left(moments, at) - 1
    return tuple(points[number].numbers) if number >= 0 and points[number].members >= LEAST_MEMBERS else None


def _given(prediction: Prediction, values: Sequence[float]) -> float:
    """The probability that these values gave to what happened."""
    if prediction.kind is Kind.BINARY:
        return values[0] if prediction.outcome == YES else 1 - values[0]
    return values[int(prediction.outcome_value or 0)]
