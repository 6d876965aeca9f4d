"""Where the cards of predictions and groups are: the one at home, its thread, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bot.services import outbox
from db import queries
from db.models import GroupedPrediction, PostedCard, Prediction, PredictionGroup


@dataclass(frozen=True, slots=True)
class HomeThread:
    """A thread that was opened for a prediction: in this forum, or under a card. `look`: how it was made."""

    thread_id: int
    forum_id: int | None
    stage: str
    look: str


@dataclass(frozen=True, slots=True)
class CardHome:
    """Where a prediction's card is, and the thread where one talks about it, if there's one. Without a `card_id`, it's that of
    its group."""

    card_id: int | None
    channel_id: int
    message_id: int
    thread_id: int | None = None
    forum_id: int | None = None
    look: str | None = None

    @property
    def talk_id(self) -> int:
        """Where what belongs to the prediction is said."""
        return self.thread_id or self.channel_id


def note_card(
    session: Session,
    *,
    prediction_id: int,
    channel_id: int,
    message_id: int,
    now: datetime,
    thread: HomeThread | None = None,
) -> None:
    """Remember a public message that shows a card. The first one is the prediction's home, until it is lost; one with a thread
    takes the place of one without."""
    home = own_home_of(session, prediction_id)
    is_home = home is None or (thread is not None and home.thread_id is None)
    row: dict[str, Any] = {"prediction_id": prediction_id, "channel_id": channel_id, "message_id": message_id}
    if thread is not None:
        row |= {"thread_id": thread.thread_id, "forum_id": thread.forum_id, "stage": thread.stage, "look": thread.look}
    if is_home and home is not None:
        session.execute(update(PostedCard).where(PostedCard.id == home.card_id).values(is_home=False))
    row |= {"is_home": is_home, "posted_at": now, "edited_at": now - outbox.CARD_EDIT_EVERY}
    queries.insert_unless_there(session, PostedCard, [row])


def note_look(session: Session, card_id: int, *, stage: str, look: str) -> None:
    """A home's thread looks so now."""
    session.execute(update(PostedCard).where(PostedCard.id == card_id).values(stage=stage, look=look))


def note_card_edited(session: Session, card_id: int, *, now: datetime) -> None:
    """The card is up to date."""
    session.execute(update(PostedCard).where(PostedCard.id == card_id).values(edited_at=now))


def note_channel_gone(session: Session, channel_id: int, *, now: datetime) -> None:
    """The channel, forum, post or thread was deleted, and all its cards with it. Homes are made again where they belong."""
    _lose(session, or_(PostedCard.channel_id == channel_id, PostedCard.forum_id == channel_id), now=now)
    _lose_group(session, or_(PredictionGroup.channel_id == channel_id, PredictionGroup.forum_id == channel_id), now=now)
    for card in (PostedCard, PredictionGroup):
        thread_alone = update(card).where(card.thread_id == channel_id, card.channel_id != channel_id)
        session.execute(thread_alone.values(thread_id=None, stage=None, look=None))


def note_card_lost(session: Session, card_id: int, *, now: datetime) -> None:
    """The message is gone. The home is made again where it belongs."""
    _lose(session, PostedCard.id == card_id, now=now)


def _lose(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    lost = update(PostedCard).where(which, PostedCard.lost_at.is_(None)).values(lost_at=now)
    of = session.scalars(lost.returning(PostedCard.prediction_id).execution_options(synchronize_session=False)).all()
    theirs = select(Prediction.guild_id).where(Prediction.id.in_(of[:1]))  # a channel is of one guild
    outbox.ask_for_homes(session, session.scalars(theirs).all(), now=now)


def note_group_lost(session: Session, group_id: int, *, now: datetime) -> None:
    """The message of a group's card is gone. It's posted again where it belongs."""
    _lose_group(session, PredictionGroup.id == group_id, now=now)


def _lose_group(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    gone = dict.fromkeys(("channel_id", "message_id", "thread_id", "forum_id", "stage", "look", "edited_at"))
    lost = update(PredictionGroup).where(which, PredictionGroup.message_id.is_not(None)).values(gone)
    lost = lost.returning(PredictionGroup.guild_id).execution_options(synchronize_session=False)
    outbox.ask_for_homes(session, session.scalars(lost).all(), now=now)


def home_of(session: Session, prediction_id: int) -> CardHome | None:
    """The card at home, its own or that of its group, if there is one."""
    return homes_of(session, [prediction_id]).get(prediction_id)


def own_home_of(session: Session, prediction_id: int) -> CardHome | None:
    """The card at home, if it has one of its own."""
    return _own_homes(session, [prediction_id]).get(prediction_id)


def homes_of(session: Session, prediction_ids: Sequence[int]) -> dict[int, CardHome]:
    """The home cards of the predictions that have one, in two statements."""
    homes = _own_homes(session, prediction_ids)
    without = [prediction_id for prediction_id in prediction_ids if prediction_id not in homes]
    if without:
        groups = (
            select(GroupedPrediction.prediction_id, PredictionGroup.channel_id, PredictionGroup.message_id)
            .add_columns(PredictionGroup.thread_id, PredictionGroup.forum_id)
            .join(PredictionGroup, PredictionGroup.id == GroupedPrediction.group_id)
            .where(GroupedPrediction.prediction_id.in_(without), PredictionGroup.message_id.is_not(None))
        )
        for prediction_id, channel_id, message_id, *threads in session.execute(groups):
            assert channel_id is not None
            assert message_id is not None
            homes[prediction_id] = CardHome(None, channel_id, message_id, *threads)
    return homes


def _own_homes(session: Session, prediction_ids: Sequence[int]) -> dict[int, CardHome]:
    cards = (
        select(PostedCard.prediction_id, PostedCard.id, PostedCard.channel_id, PostedCard.message_id)
        .add_columns(PostedCard.thread_id, PostedCard.forum_id, PostedCard.look)
        .where(PostedCard.prediction_id.in_(prediction_ids), PostedCard.is_home, PostedCard.lost_at.is_(None))
    )
    homes: dict[int, CardHome] = {}
    for prediction_id, *card in session.execute(cards.order_by(PostedCard.id)):
        homes.setdefault(prediction_id, CardHome(*card))
    return homes
