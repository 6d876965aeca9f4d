"""The crowd as it is, kept current as forecasts arrive: computed from the standing forecasts alone, however long the history,
and stored, so that a list of predictions need not read what every member thinks of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from bot.domain.aggregation import Crowd, crowd_of
from bot.domain.types import Kind
from db import queries
from db.models import CrowdPoint, Prediction

_Earlier = aliased(CrowdPoint)
_LATEST = select(func.max(_Earlier.at)).where(_Earlier.prediction_id == Prediction.id)


def is_latest() -> ColumnElement[bool]:
    """The condition that joins a prediction to the crowd as it is; where nobody ever forecast, there is none."""
    return (CrowdPoint.prediction_id == Prediction.id) & (CrowdPoint.at == _LATEST.correlate(Prediction).scalar_subquery())


def note_change(session: Session, *, prediction_id: int, kind: Kind, now: datetime) -> Crowd | None:
    """Store the crowd after a forecast began or ended on a held prediction; None when nobody's stands any more.

    Of several changes at one moment the last counts.
    """
    crowd = crowd_of(kind, np.array(queries.standing_values(session, prediction_id), dtype=np.float64))
    latest = session.scalar(select(func.max(CrowdPoint.at)).where(CrowdPoint.prediction_id == prediction_id))
    # A clock that stands a little behind another process's must not put the new crowd before the old one.
    at = now if latest is None else max(now, latest)
    numbers = ((), (), ()) if crowd is None else (crowd.values, crowd.lower, crowd.upper)
    made: dict[str, Any] = dict(zip(("values", "lower", "upper"), map(list, numbers), strict=True))
    made["members"] = 0 if crowd is None else crowd.members
    queries.insert_or_update(session, CrowdPoint, {"prediction_id": prediction_id, "at": at}, made)
    return crowd
