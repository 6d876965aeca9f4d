"""Managers decide which members' predictions count in rankings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.types import Actor
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.predictions.views import PredictionView, prediction_view
from db.models import Event


def approve(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """Let a prediction count in rankings, also when it already has its result. Raises NotFound, NotAManager, or Refused if it
    counts already."""
    guilds.require_manager(session, actor, "approve a prediction for the rankings")
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    if prediction.approved_at is not None:
        raise Refused(f"#{code} already counts in the rankings. Nothing left to approve.")
    member_id = guilds.member_of(session, actor, now=now)
    prediction.approved_at = now
    data = steps.stake_of(session, prediction, member_id)
    session.add(Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=EventKind.APPROVED, data=data))
    session.flush()
    return prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
