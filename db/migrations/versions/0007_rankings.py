"""What counts in rankings, the relative Brier score, and the crowd of options within its own quartiles."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from bot.domain.aggregation import crowd_history
from bot.domain.timelines import Forecasts, timeline_of
from bot.domain.types import Kind

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("scores", sa.Column("relative_brier", sa.Double(), nullable=True))
    op.add_column("predictions", sa.Column("happened_at", TIME, nullable=True))
    op.add_column("predictions", sa.Column("last_day", sa.Double(), nullable=True))
    op.add_column("predictions", sa.Column("approved_at", TIME, nullable=True))
    # Nobody could know this rule before, so what's there stays in the rankings.
    op.execute("UPDATE predictions SET approved_at = created_at")
    # The running bot scores what has no `scored_at`, and notes in each server's log that older scores were replaced.
    op.execute("UPDATE predictions SET scored_at = NULL WHERE state = 'resolved'")
    _redraw_options()


def _redraw_options() -> None:
    """The quartiles of options again: they now move with their medians."""
    connection = op.get_bind()
    numbers = (sa.column("id", sa.BigInteger()), sa.column("prediction_id", sa.BigInteger()))
    told_by, values = sa.column("member_id", sa.BigInteger()), sa.column("values", JSON)
    forecasts = sa.table("forecasts", *numbers, told_by, values, sa.column("created_at", TIME), sa.column("ended_at", TIME))
    predictions = sa.table("predictions", sa.column("id", sa.BigInteger()), sa.column("kind", sa.String()))
    quartiles = (sa.column("lower", JSON), sa.column("upper", JSON))
    points = sa.table("crowd_points", sa.column("prediction_id", sa.BigInteger()), sa.column("at", TIME), *quartiles)
    told = (
        sa.select(
            forecasts.c.prediction_id,
            forecasts.c.member_id,
            forecasts.c["values"].label("numbers"),
            forecasts.c.created_at,
            forecasts.c.ended_at,
        )
        .join(predictions, predictions.c.id == forecasts.c.prediction_id)
        .where(forecasts.c.member_id.is_not(None), predictions.c.kind == Kind.MULTIPLE_CHOICE.value)
        .order_by(forecasts.c.prediction_id)
    )
    change = (
        points.update()
        .where(points.c.prediction_id == sa.bindparam("key"), points.c.at == sa.bindparam("moment"))
        .values(lower=sa.bindparam("low", type_=JSON), upper=sa.bindparam("high", type_=JSON))
    )
    for prediction_id, some in groupby(connection.execute(told).all(), key=lambda row: row.prediction_id):
        drawn = _quartiles(list(some))
        there = sa.select(points.c.at).where(points.c.prediction_id == prediction_id)
        changes: list[dict[str, Any]] = []
        for (at,) in connection.execute(there):
            # A point may be a little later than its forecast: another process's clock was ahead.
            step = int(np.searchsorted(drawn[0], _seconds(at), side="right")) - 1
            if step >= 0 and drawn[1][step]:
                changes.append({"key": prediction_id, "moment": at, "low": drawn[1][step], "high": drawn[2][step]})
        if changes:
            connection.execute(change, changes)


def _quartiles(rows: list[Any]) -> tuple[np.ndarray, list[list[float]], list[list[float]]]:
    """When the crowd changed, and its lower and upper quartiles from then on; empty where nobody had a forecast."""
    told = Forecasts(
        np.array([row.member_id for row in rows]),
        np.array([_seconds(row.created_at) for row in rows]),
        np.array([np.inf if row.ended_at is None else _seconds(row.ended_at) for row in rows]),
        np.array([row.numbers for row in rows], dtype=np.float64),
    )
    history = crowd_history(Kind.MULTIPLE_CHOICE, timeline_of(told, opens_at=-np.inf, closed_at=np.inf))
    counts = history.members.tolist()
    lower, upper = (
        [row if count else [] for row, count in zip(column.tolist(), counts, strict=True)]
        for column in (history.lower, history.upper)
    )
    return history.times, lower, upper


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
