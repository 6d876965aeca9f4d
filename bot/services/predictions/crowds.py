"""The current crowd, updated as forecasts arrive. It's computed from the standing forecasts alone, however long the history,
and stored, so that listing predictions doesn't mean reading every member's forecast on each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from bot.domain.aggregation import Crowd, crowd_of
from bot.domain.types import Kind
from db import queries
from db.models import CrowdPoint, Prediction

_Earlier = aliased(CrowdPoint)
_LATEST = select(func.max(_Earlier.at)).where(_Earlier.prediction_id == Prediction.id)


_LAST_POINT = select(func.max(CrowdPoint.at)).where(CrowdPoint.prediction_id == bindparam("prediction_id"))


def is_latest() -> ColumnElement[bool]:
    """The condition that joins a prediction to its current crowd; there is none if nobody has ever forecast."""
    return (CrowdPoint.prediction_id == Prediction.id) & (CrowdPoint.at == _LATEST.correlate(Prediction).scalar_subquery())


def note_change(session: Session, *, prediction_id: int, kind: Kind, now: datetime) -> Crowd | None:
    """Store the crowd after a forecast on a locked prediction began or ended; None if no forecast stands now.

    Of several changes at the same moment the last one counts.
    """
    crowd = crowd_of(kind, np.array(queries.standing_values(session, prediction_id), dtype=np.float64))
    latest = queries.run(session, _LAST_POINT, {"prediction_id": prediction_id}).scalar()
    # If this process's clock is a little behind another's, the new crowd must not land before the old one.
    at = now if latest is None else max(now, latest)
    numbers = ((), (), ()) if crowd is None else (crowd.values, crowd.lower, crowd.upper)
    made: dict[str, Any] = dict(zip(("values", "lower", "upper"), map(list, numbers), strict=True))
    made["members"] = 0 if crowd is None else crowd.members
    queries.insert_or_update(session, CrowdPoint, {"prediction_id": prediction_id, "at": at}, made)
    return crowd
