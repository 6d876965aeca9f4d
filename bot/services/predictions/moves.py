"""How far the crowd has moved in a day. Asked only for whoever may see the crowd.

A move is the largest gap between what the crowd says now and what it said at any moment of the last 24 hours, on predictions that
take probabilities: numbers and dates have no points to move by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from bot.domain.crowd_moves import LEAST_MEMBERS, WITHIN
from bot.domain.differences import difference
from bot.domain.types import Kind, Values
from db import queries
from db.base import AnyRow
from db.models import CrowdPoint

SMALL = 0.05
"""A smaller move isn't worth a word on the card."""
MOST_POINTS = 200
"""Of a busier day, we look at the latest changes only."""


@dataclass(frozen=True, slots=True)
class CrowdMove:
    """What the crowd said at `since`, and what it says now. `size` is the gap, from 0 to 1."""

    before: Values
    after: Values
    since: datetime
    size: float


_Earlier = aliased(CrowdPoint)
_START = bindparam("start", type_=CrowdPoint.at.type)
_STOOD = select(func.max(_Earlier.at)).where(_Earlier.prediction_id == bindparam("prediction_id"), _Earlier.at <= _START)
_POINTS = (
    select(CrowdPoint.at, CrowdPoint.members, CrowdPoint.values.label("numbers"))
    .where(
        CrowdPoint.prediction_id == bindparam("prediction_id"),
        CrowdPoint.at >= func.coalesce(_STOOD.scalar_subquery(), _START),
    )
    .order_by(CrowdPoint.at.desc())
    .limit(MOST_POINTS)
)


def of_day(session: Session, prediction_id: int, kind: Kind, *, now: datetime, least: float = SMALL) -> CrowdMove | None:
    """The largest move to what the crowd says now within the last 24 hours; None if it's smaller than `least`."""
    if not kind.is_distribution:
        return None
    start = now - WITHIN
    points = queries.run(session, _POINTS, {"prediction_id": prediction_id, "start": start}).all()
    return _largest(points, kind, start=start, least=least)


def _largest(points: Sequence[AnyRow], kind: Kind, *, start: datetime, least: float) -> CrowdMove | None:
    """Of points from the latest back to the earliest."""
    counted = [point for point in points if point.members >= LEAST_MEMBERS]
    if not counted or counted[0] is not points[0]:
        return None
    latest = counted[0]
    sizes = [difference(kind, latest.numbers, point.numbers) for point in counted]
    size = max(sizes)
    if size < least:
        return None
    earlier = counted[sizes.index(size)]
    return CrowdMove(tuple(earlier.numbers), tuple(latest.numbers), max(earlier.at, start), size)
