"""A member's own forecasts on one prediction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.types import Actor, Values
from bot.services.members import guilds
from bot.services.predictions.views import PredictionView, prediction_view
from db.models import Forecast, Prediction, Reason


@dataclass(frozen=True, slots=True)
class PastForecast:
    """One line of a member's own history."""

    id: int
    values: Values
    created_at: datetime
    ended_at: datetime | None
    reason: str | None
    is_posted: bool
    is_late: bool
    """Made once it had happened, so it isn't scored."""


def own_history(session: Session, actor: Actor, *, code: int, now: datetime) -> tuple[PredictionView, list[PastForecast]]:
    """A member's own forecasts on one prediction, newest first, with their reasons."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    own = (
        select(
            Forecast.id,
            Forecast.values.label("numbers"),
            Forecast.created_at,
            Forecast.ended_at,
            Reason.words,
            Reason.posted_at,
            Prediction.happened_at,
        )
        .join(Prediction, Prediction.id == Forecast.prediction_id)
        .outerjoin(Reason, Reason.forecast_id == Forecast.id)
        .where(Forecast.prediction_id == view.id, Forecast.member_id == (member_id or 0))
        .order_by(Forecast.created_at.desc(), Forecast.id.desc())
        .limit(50)
    )
    lines = [
        PastForecast(
            row.id,
            tuple(row.numbers),
            row.created_at,
            row.ended_at,
            row.words,
            row.posted_at is not None,
            row.happened_at is not None and row.created_at >= row.happened_at,
        )
        for row in session.execute(own)
    ]
    return view, lines
