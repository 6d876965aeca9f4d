"""/next: the predictions a member hasn't forecast yet, one after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound
from bot.domain.types import Actor, Values
from bot.services.forecasting import placing
from bot.services.forecasting.placing import PlacedForecast
from bot.services.members import guilds
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, prediction_views
from db import queries
from db.models import Forecast, Prediction, Skip


@dataclass(frozen=True, slots=True)
class NextPrediction:
    """The prediction to forecast next, and how many are left; None if none is. `skipped` counts the ones the member skipped."""

    view: PredictionView | None
    left: int
    skipped: int


def show_next(session: Session, actor: Actor, *, now: datetime) -> NextPrediction:
    """The open prediction, soonest first, that the member has neither forecast nor skipped."""
    return _next_of(session, guild_id=actor.guild_id, member_id=guilds.known_member(session, actor) or 0, now=now)


def place_and_walk_on(
    session: Session,
    actor: Actor,
    *,
    code: int,
    values: Values | str,
    now: datetime,
    locale: str | None = None,
    asks: bool = False,
) -> tuple[PlacedForecast, NextPrediction]:
    """Record a forecast as `forecasts.place` does, and return the prediction after it."""
    held = placing.hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    placed = placing.place_held(
        session, actor, held, values=values, reason=None, member_id=member_id, now=now, locale=locale, asks=asks
    )
    return placed, _next_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)


def skip(session: Session, actor: Actor, *, code: int, now: datetime) -> NextPrediction:
    """Skip a prediction in `/next`, and return the one after it."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    member_id = guilds.member_of(session, actor, now=now)
    queries.insert_unless_there(session, Skip, [{"member_id": member_id, "prediction_id": prediction_id, "skipped_at": now}])
    return _next_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)


def clear_skips(session: Session, actor: Actor, *, now: datetime) -> NextPrediction:
    """Bring back what the member skipped."""
    member_id = guilds.member_of(session, actor, now=now)
    session.execute(delete(Skip).where(Skip.member_id == member_id))
    return _next_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)


def _next_of(session: Session, *, guild_id: int, member_id: int, now: datetime) -> NextPrediction:
    """The open prediction, soonest first, that the member has neither forecast nor skipped."""
    standing = select(Forecast.prediction_id).where(Forecast.member_id == member_id, Forecast.ended_at.is_(None))
    unanswered = (Prediction.guild_id == guild_id, *open_now(now), Prediction.id.not_in(standing))
    skips = select(Skip.prediction_id).where(Skip.member_id == member_id)
    unskipped = select(Prediction.id).where(*unanswered, Prediction.id.not_in(skips))
    first = session.scalar(
        unskipped.order_by(Prediction.closes_at.is_(None), Prediction.closes_at, Prediction.code).limit(1)
    )
    left = session.scalar(select(func.count()).select_from(unskipped.subquery())) or 0
    skipped = (
        session.scalar(
            select(func.count()).select_from(select(Prediction.id).where(*unanswered, Prediction.id.in_(skips)).subquery())
        )
        or 0
    )
    if first is None:
        return NextPrediction(None, 0, skipped)
    return NextPrediction(
        prediction_views(session, guild_id=guild_id, prediction_ids=[first], member_id=member_id, now=now)[0],
        left,
        skipped,
    )
