"""When a guild's weekly digest is due: on the morning of its day, in its own zone, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.reminders import next_weekly
from bot.services import outbox
from bot.services.outbox import MessageKind
from bot.services.predictions import ladder
from db.models import Guild
from db.queries import NOW

log = logging.getLogger(__name__)

LATEST = timedelta(days=2)
"""A digest that comes later than this says nothing new."""

_DUE = (
    select(Guild)
    .where(Guild.next_weekly_at <= NOW)
    .order_by(Guild.next_weekly_at, Guild.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(Guild.next_weekly_at))


def plan(session: Session, *, now: datetime) -> bool:
    """Queue the digest of one guild whose morning has come; False if there's none."""
    guild = session.scalar(_DUE, {"now": now})
    if guild is None or guild.next_weekly_at is None:
        return False
    was_due, day = guild.next_weekly_at, guild.weekly_day
    guild.next_weekly_at = None if day is None else next_weekly(ZoneInfo(guild.zone), day, after=now)
    if (why_not := _why_not(guild, was_due, now)) is not None:
        log.info("dropped the weekly digest of guild %s: %s", guild.id, why_not)
    else:
        payload = {"until": was_due.isoformat()}
        outbox.queue(session, MessageKind.WEEKLY, guild_id=guild.id, payload=payload, due_at=now)
    return True


def _why_not(guild: Guild, was_due: datetime, now: datetime) -> str | None:
    """Why a guild's digest isn't posted; None if it is."""
    if guild.left_at is not None:
        return ladder.LEFT
    if guild.post_channel_id is None:
        return ladder.NO_CHANNEL
    return f"it was due {now - was_due} ago" if is_too_late(was_due, now=now) else None


def is_too_late(until: datetime, *, now: datetime) -> bool:
    """Whether a digest of the week until then isn't worth a post any more."""
    return now - until > LATEST


def next_due_at(session: Session) -> datetime | None:
    """When the next guild's digest is due."""
    return session.scalar(_NEXT_DUE)
