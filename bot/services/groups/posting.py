"""Where a group's card is, for whoever posts and updates it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services import outbox
from bot.services.homes.card_homes import CardHome, HomeThread
from db.models import PredictionGroup


def home_of_group(session: Session, group_id: int) -> CardHome | None:
    """A group's card, if it's out."""
    columns = (PredictionGroup.channel_id, PredictionGroup.message_id, PredictionGroup.thread_id, PredictionGroup.forum_id)
    card = select(*columns, PredictionGroup.look).where(PredictionGroup.id == group_id)
    row = session.execute(card).first()
    if row is None or row.channel_id is None or row.message_id is None:
        return None
    return CardHome(None, row.channel_id, row.message_id, row.thread_id, row.forum_id, row.look)


def note_group_card(
    session: Session, *, group_id: int, channel_id: int, message_id: int, now: datetime, thread: HomeThread | None = None
) -> None:
    """Remember a group's card. The first one stays, until it's lost."""
    place: dict[str, object] = {"channel_id": channel_id, "message_id": message_id}
    if thread is not None:
        place |= {"thread_id": thread.thread_id, "forum_id": thread.forum_id, "stage": thread.stage, "look": thread.look}
    place["edited_at"] = now - outbox.CARD_EDIT_EVERY
    first = update(PredictionGroup).where(PredictionGroup.id == group_id, PredictionGroup.message_id.is_(None))
    session.execute(first.values(place))


def note_group_look(session: Session, group_id: int, *, stage: str, look: str) -> None:
    """A group's thread looks so now."""
    session.execute(update(PredictionGroup).where(PredictionGroup.id == group_id).values(stage=stage, look=look))


def note_group_edited(session: Session, group_id: int, *, now: datetime) -> None:
    """The card is up to date."""
    session.execute(update(PredictionGroup).where(PredictionGroup.id == group_id).values(edited_at=now))
