"""Scores as rankings need them, and the crowd at every moment so far."""

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

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
UNSCORED = sa.text("state = 'resolved' AND scored_at IS NULL")


def upgrade() -> None:
    # Nothing was ever written to it, so recreating it is the simplest way to columns that are never empty.
    op.drop_table("scores")
    op.create_table(
        "scores",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=True),
        sa.Column("source_id", SERIAL, nullable=True),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.Column("presence", sa.Double(), nullable=False),
        sa.Column("mean_values", JSON, nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("brier", "log", "baseline", "peer", "wis")),
        *(sa.Column(f"spot_{name}", sa.Double(), nullable=True) for name in ("brier", "log", "baseline", "peer", "wis")),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id IS NULL OR source_id IS NULL", name=op.f("ck_scores_one_forecaster")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_scores_member_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["prediction_id"], ["predictions.id"], name="fk_scores_prediction_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_scores_source_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_scores"),
        sa.UniqueConstraint("prediction_id", "member_id", name="uq_scores_prediction_id_member_id"),
    )
    op.create_index("ix_scores_member", "scores", ["member_id"])
    # The running bot scores what is already resolved; it finds it through this.
    op.add_column("predictions", sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_predictions_unscored", "predictions", ["id"], sqlite_where=UNSCORED, postgresql_where=UNSCORED)
    _draw_crowds()


def _draw_crowds() -> None:
    """The crowd at every moment a member's forecast began or ended."""
    connection = op.get_bind()
    moments = (sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "ended_at"))
    ids = (sa.column(name, sa.BigInteger()) for name in ("id", "prediction_id", "member_id"))
    forecasts = sa.table("forecasts", *ids, sa.column("values", JSON), *moments)
    predictions = sa.table("predictions", sa.column("id", sa.BigInteger()), sa.column("kind", sa.String()))
    numbers = (sa.column(name, JSON) for name in ("values", "lower", "upper"))
    facts = (sa.column("prediction_id", sa.BigInteger()), sa.column("at", sa.DateTime(timezone=True)))
    points = sa.table("crowd_points", *facts, sa.column("members", sa.Integer()), *numbers)
    told = (
        sa.select(
            forecasts.c.prediction_id,
            forecasts.c.member_id,
            forecasts.c["values"].label("numbers"),
            forecasts.c.created_at,
            forecasts.c.ended_at,
            predictions.c.kind,
        )
        .join(predictions, predictions.c.id == forecasts.c.prediction_id)
        .where(forecasts.c.member_id.is_not(None))
        .order_by(forecasts.c.prediction_id)
    )
    for prediction_id, some in groupby(connection.execute(told).all(), key=lambda row: row.prediction_id):
        if drawn := _points(list(some)):  # a forecast withdrawn at the same moment never made a crowd
            connection.execute(points.insert(), [point | {"prediction_id": prediction_id} for point in drawn])


def _points(rows: list[Any]) -> list[dict[str, Any]]:
    at = {_seconds(moment): moment for row in rows for moment in (row.created_at, row.ended_at) if moment is not None}
    told = Forecasts(
        np.array([row.member_id for row in rows]),
        np.array([_seconds(row.created_at) for row in rows]),
        np.array([np.inf if row.ended_at is None else _seconds(row.ended_at) for row in rows]),
        np.array([row.numbers for row in rows], dtype=np.float64),
    )
    history = crowd_history(Kind(rows[0].kind), timeline_of(told, opens_at=-np.inf, closed_at=np.inf))
    columns = zip(
        history.times.tolist(), history.members.tolist(), history.values, history.lower, history.upper, strict=True
    )
    return [
        {"at": at[time], "members": members} | dict(zip(("values", "lower", "upper"), crowd, strict=True))
        for time, members, *arrays in columns
        for crowd in [[array.tolist() if members else [] for array in arrays]]
    ]


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
