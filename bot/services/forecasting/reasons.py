"""Posting the reasons for forecasts, for everyone to read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.services import limits, outbox
from bot.services.limits import Limited
from bot.services.members import guilds
from bot.services.predictions.views import PredictionView, prediction_view
from db.models import Forecast, Prediction, Reason


def post_reason(session: Session, actor: Actor, *, forecast_id: int, now: datetime) -> PredictionView:
    """Post the reason for a member's forecast at the prediction's home, together with the forecast. Works once.

    Raises Refused where nobody would see it: no card, and no channel for posts.
    """
    member_id = guilds.member_of(session, actor, now=now)
    mine = select(Forecast.prediction_id, Prediction.code).join(Prediction, Prediction.id == Forecast.prediction_id)
    row = session.execute(
        mine.where(Forecast.id == forecast_id, Forecast.member_id == member_id, Prediction.guild_id == actor.guild_id)
    ).first()
    posted = update(Reason).where(Reason.forecast_id == forecast_id, Reason.posted_at.is_(None)).values(posted_at=now)
    if row is None:
        raise Refused("That isn't your forecast, so you can't post its reason.")
    limits.require_room(session, actor, Limited.REASONS, member_id=member_id, now=now)
    if session.execute(posted.returning(Reason.forecast_id)).first() is None:
        raise Refused("This forecast has no reason, or you've already posted it.")
    has_home = outbox.home_of(session, row.prediction_id) is not None
    if not has_home and guilds.settings_of(session, actor.guild_id).post_channel_id is None:
        raise Refused(
            f"#{row.code} has no public card yet, so there's nowhere to post your reason. "
            "Press Show card, then Post here. After that you'll find Post my reason under My history."
        )
    payload = {"prediction_id": row.prediction_id, "forecast_id": forecast_id}
    outbox.queue(session, outbox.MessageKind.REASON, guild_id=actor.guild_id, payload=payload, due_at=now)
    return prediction_view(session, guild_id=actor.guild_id, code=row.code, member_id=member_id, now=now)
