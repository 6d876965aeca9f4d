"""What the clock does on its own: closing predictions at their date, sending due reminders, deleting what's long done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.events import EventKind
from bot.domain.types import State
from bot.services import claims, outbox, posts
from bot.services.homes import making
from bot.services.moderation import leaving_out
from bot.services.packs import importing
from bot.services.predictions import drafts, ladder, reindexing
from bot.services.privacy import departed
from bot.services.reminding import digests, reminders, weekly
from bot.services.scoring import scores
from bot.services.tournaments import closing
from bot.services.voting import counting, votes
from db.models import Event, Prediction
from db.queries import NOW

_CLOSE = (
    update(Prediction)
    .where(Prediction.state == State.OPEN, Prediction.closes_at <= NOW)
    .values(state=State.CLOSED, closed_at=Prediction.closes_at)
    .returning(Prediction.id, Prediction.guild_id, Prediction.closes_at)
    .execution_options(synchronize_session=False)
)
_NEXT_CLOSE = select(func.min(Prediction.closes_at)).where(Prediction.state == State.OPEN)


def next_due_at(session: Session) -> datetime | None:
    """When the clock has something to do next, so the scheduler can wake."""
    moments = (
        source(session)
        for source in (
            next_close_at,
            drafts.next_due_at,
            votes.next_due_at,
            ladder.next_due_at,
            reminders.next_due_at,
            digests.next_due_at,
            weekly.next_due_at,
            departed.next_due_at,
            making.next_due_at,
            closing.next_due_at,
        )
    )
    return min((at for at in moments if at is not None), default=None)


def close_due(session: Session, *, now: datetime) -> int:
    """Close every open prediction whose closing time has come; returns how many."""
    closed = session.execute(_CLOSE, {"now": now}).all()
    if closed:
        steps: dict[str, Any] = {"kind": EventKind.CLOSED, "from_state": State.OPEN, "to_state": State.CLOSED, "data": {}}
        session.execute(insert(Event), [steps | {"prediction_id": row.id, "at": row.closes_at} for row in closed])
    for row in closed:
        outbox.queue_card_refresh(session, guild_id=row.guild_id, prediction_id=row.id, now=now)
    return len(closed)


def next_close_at(session: Session) -> datetime | None:
    """When the next open prediction closes."""
    return session.scalar(_NEXT_CLOSE)


PARTS: tuple[Callable[..., object], ...] = (
    close_due,
    drafts.lapse_due,
    counting.count_due,
    votes.open_waiting,
    votes.end_forgotten,
    posts.post_again,
    leaving_out.end_standing,
    leaving_out.give_back,
    reminders.queue_due,
    digests.plan,
    weekly.plan,
    outbox.prune,
    claims.prune,
    scores.record_missing,
    closing.close_due,
    importing.prune,
    ladder.plan,
    reindexing.reindex_some,
    departed.delete_departed,
    making.mark_closing,
    making.make_next,
)
"""What each wake runs, each `(session, *, now)` in its own transaction. One that returns True has more to do, and runs again."""
