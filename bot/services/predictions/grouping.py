"""Taking a prediction out of its group, which may take the group apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain import groups as rules
from bot.domain.lifecycle import ENDED
from bot.domain.types import State
from bot.services import outbox
from bot.services.homes import card_homes, places
from db.models import GroupedPrediction, Prediction, PredictionGroup


def take_out(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """The step that takes a prediction out of its group, if it's in one. Whatever is left without a card gets its own."""
    group_id = outbox.group_of(session, prediction.id)
    if group_id is None:
        return
    group = session.get_one(PredictionGroup, group_id, with_for_update=True)
    session.execute(delete(GroupedPrediction).where(GroupedPrediction.prediction_id == prediction.id))
    freed = [prediction.id]
    left = list(session.scalars(select(GroupedPrediction.prediction_id).where(GroupedPrediction.group_id == group_id)))
    if len(left) < rules.LEAST:
        session.execute(delete(GroupedPrediction).where(GroupedPrediction.group_id == group_id))
        group.ended_at = now
        freed += left
    session.flush()
    outbox.queue_group_refresh(session, guild_id=prediction.guild_id, group_id=group_id, now=now)
    for prediction_id in freed:
        _give_card(session, session.get_one(Prediction, prediction_id), now=now)


def _give_card(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Post the card of a prediction that had none of its own, unless it's over or nobody sees it yet."""
    if card_homes.own_home_of(session, prediction.id) is not None:
        outbox.queue_card_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, now=now)
        return
    is_seen = prediction.state is not State.DRAFT and prediction.state not in ENDED
    if is_seen and places.post_channel_of(session, prediction) is not None:
        outbox.queue_card(session, guild_id=prediction.guild_id, prediction_id=prediction.id, now=now)
