"""Messages of the outbox that share a post or a letter: what waits beside a claimed one, claiming it too, and putting it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from bot.services import outbox
from bot.services.outbox import DueMessage, MessageKind
from db.models import OutboxMessage, Vote

MOST_LETTERS = 7
"""How many more share one direct message."""


def letters_with(session: Session, message: DueMessage, *, now: datetime) -> list[DueMessage]:
    """What else is due for the reader of a claimed digest or reminder of a day, oldest first and locked."""
    own = session.scalar(select(OutboxMessage.dedupe_key).where(OutboxMessage.id == message.id))
    if own is None:
        return []
    user_id = int(own.split(":")[1])
    reminders = OutboxMessage.dedupe_key.startswith(outbox.reminders_key(user_id))
    theirs = or_(OutboxMessage.dedupe_key == outbox.digest_key(user_id), reminders)
    return _waiting_beside(session, message, theirs, now=now, limit=MOST_LETTERS)


def waiting_with(session: Session, message: DueMessage, kinds: Sequence[MessageKind], *, now: datetime) -> list[DueMessage]:
    """The guild's other messages of these kinds that are due and that nobody has claimed, oldest first and locked."""
    here = (OutboxMessage.guild_id == message.guild_id) & OutboxMessage.kind.in_([kind.value for kind in kinds])
    return _waiting_beside(session, message, here, now=now)


def claim_updates_with(session: Session, message: DueMessage, *, now: datetime) -> list[DueMessage]:
    """Claim the other due updates of the post that a vote stands in: one edit shows them all. What changes from here on asks
    for an update of its own."""
    post = select(Vote.message_id).where(Vote.id == message.payload["vote_id"]).scalar_subquery()
    beside = OutboxMessage.payload["vote_id"].as_integer().in_(select(Vote.id).where(Vote.message_id == post))
    updates = OutboxMessage.kind == MessageKind.REFRESH_VOTE.value
    others = _waiting_beside(session, message, and_(updates, beside), now=now)
    ids = [other.id for other in others]
    claim_along(session, ids, now=now, closes=True)
    return others


def claim_along(session: Session, ids: Sequence[int], *, now: datetime, closes: bool = False) -> None:
    """Claim waiting messages that go into the post of another one. `closes`: what comes up from here on doesn't join them."""
    held = update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(claimed_until=now + outbox.LEASE)
    held = held.values(dedupe_key=None) if closes else held
    session.execute(held.values(attempts=OutboxMessage.attempts + 1).execution_options(synchronize_session=False))


def put_off(session: Session, message: DueMessage, until: datetime, *, key: str | None = None) -> None:
    """Give a claimed message back: it's due later. With a key, others may join it meanwhile."""
    later: dict[str, Any] = {"due_at": until, "claimed_until": None, "attempts": OutboxMessage.attempts - 1}
    if key is not None and session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)) is None:
        later["dedupe_key"] = key
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(later))


def was_posted_since(
    session: Session, *, guild_id: int, channel_id: int, kinds: Sequence[MessageKind], since: datetime
) -> bool:
    """Whether the clock made a post of these kinds in a channel since then: what members do themselves doesn't count."""
    sent = select(OutboxMessage.id).where(
        OutboxMessage.guild_id == guild_id,
        OutboxMessage.kind.in_([kind.value for kind in kinds]),
        OutboxMessage.channel_id == channel_id,
        OutboxMessage.sent_at >= since,
        func.coalesce(OutboxMessage.payload["is_direct"].as_boolean(), false()).is_(false()),
    )
    return session.scalar(sent.limit(1)) is not None


def _waiting_beside(
    session: Session, message: DueMessage, which: ColumnElement[bool], *, now: datetime, limit: int | None = None
) -> list[DueMessage]:
    """Other due messages that nobody has claimed, oldest first and locked."""
    held_until = OutboxMessage.claimed_until
    found = (
        select(OutboxMessage)
        .where(*outbox.WAITING, which, OutboxMessage.id != message.id, OutboxMessage.due_at <= now)
        .where(or_(held_until.is_(None), held_until <= now))
        .order_by(OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        DueMessage(row.id, row.guild_id, MessageKind(row.kind), row.payload, row.attempts + 1, row.created_at)
        for row in session.scalars(found)
    ]
