"""Predictions with their forecasts, ready for scoring: for the scores themselves, and for calibration over many.

A prediction was open from `opens_at` to `closed_at`, when forecasting ended: at the closing time, or earlier when its vote
opened or a manager decided. Forecasts made once it had happened, from `happened_at` on, don't count. Its planned time runs
until `closes_at`, or `closed_at` if there's none. If it was closed for a while and then went on, standing forecasts count
throughout: nobody could change theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bot.domain import timelines
from bot.domain.cases import Case, numbered
from bot.domain.outcomes import NO, YES
from bot.domain.timelines import Forecasts, ForecastWindow
from bot.domain.types import Kind, State
from db import queries
from db.base import AnyRow
from db.models import Forecast, Prediction

_TOLD = (Forecast.member_id, Forecast.source_id, Forecast.values.label("numbers"), Forecast.created_at, Forecast.ended_at)
_FACTS = (
    Prediction.id,
    Prediction.kind,
    Prediction.state,
    Prediction.outcome,
    Prediction.outcome_value,
    Prediction.opens_at,
    Prediction.closes_at,
    Prediction.closed_at,
    Prediction.happened_at,
    Prediction.last_day,
    Prediction.resolved_at,
    Prediction.author_id,
    Prediction.approved_at,
)


def case_of(session: Session, prediction: Prediction) -> Case:
    """A prediction with all its forecasts. Members and sources go by their ids, in order."""
    forecast_rows = select(*_TOLD).where(Forecast.prediction_id == prediction.id).order_by(Forecast.id)
    options = len(queries.option_names(session, prediction.id)) if prediction.kind is Kind.MULTIPLE_CHOICE else 2
    return _case(prediction, session.execute(forecast_rows).all(), options)


def facts_of(session: Session, prediction_id: int) -> tuple[Any, ...] | None:
    """All of a prediction that its scores go by, but its forecasts; None if it's gone."""
    row = session.execute(select(*_FACTS).where(Prediction.id == prediction_id)).first()
    return None if row is None else tuple(row)


def cases_of(session: Session, *which: ColumnElement[bool]) -> Iterator[Case]:
    """The predictions these forecasts belong to, with just these forecasts. Two statements, however many there are."""
    found = session.execute(_of_many(*which)).all()
    choices = {row.id for row in found if row.kind is Kind.MULTIPLE_CHOICE}
    options = queries.option_counts(session, Prediction.id.in_(choices))
    for prediction_id, group in groupby(found, key=lambda row: row.id):
        rows = list(group)
        yield _case(rows[0], rows, options.get(prediction_id, 2))


def window_of(prediction: Prediction | AnyRow) -> ForecastWindow | None:
    """When a prediction took forecasts, and how long it was meant to; None while neither end is known."""
    return timelines.window_of(
        opens_at=prediction.opens_at.timestamp(),
        scheduled_close=_seconds(prediction.closes_at),
        happened_at=_seconds(prediction.happened_at),
        ended_at=_seconds(prediction.closed_at),
    )


def _of_many(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    joined = select(*_TOLD, *_FACTS).join(Prediction, Prediction.id == Forecast.prediction_id)
    return joined.where(*which).order_by(Forecast.prediction_id, Forecast.id)


def _case(one: Prediction | AnyRow, forecast_rows: Sequence[AnyRow], options: int) -> Case:
    size = {Kind.BINARY: 1, Kind.MULTIPLE_CHOICE: options}.get(one.kind, 3)
    # An author's number may be older than the prediction's current options.
    rows = [row for row in forecast_rows if len(row.numbers) == size]
    member_ids, members = _forecasts([row for row in rows if row.member_id is not None], "member_id", size)
    author_ids, authors = _forecasts([row for row in rows if row.source_id is not None], "source_id", size)
    return Case(
        id=str(one.id),
        kind=one.kind,
        options=options,
        opens_at=one.opens_at.timestamp(),
        window=window_of(one),
        outcome=_outcome_of(one),
        member_ids=member_ids,
        members=members,
        author_ids=author_ids,
        authors=authors,
        creator_id=None if one.author_id is None else str(one.author_id),
        is_approved=one.approved_at is not None,
        last_day=one.last_day,
        resolved_at=_seconds(one.resolved_at),
    )


def _forecasts(rows: Sequence[AnyRow], name: str, size: int) -> tuple[tuple[str, ...], Forecasts]:
    ids, who = numbered([str(getattr(row, name)) for row in rows])
    starts = np.array([row.created_at.timestamp() for row in rows], dtype=np.float64)
    ends = [np.inf if row.ended_at is None else row.ended_at.timestamp() for row in rows]
    values = np.array([row.numbers for row in rows], dtype=np.float64).reshape(len(rows), size)
    return ids, Forecasts(who, starts, np.array(ends, dtype=np.float64), values)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _outcome_of(prediction: Prediction | AnyRow) -> float | None:
    if prediction.state is not State.RESOLVED:
        return None
    return {YES: 1.0, NO: 0.0}.get(prediction.outcome or "", prediction.outcome_value)
