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
from db.models import Guild

log = logging.getLogger(__name__)

LATEST = timedelta(days=2)
"""A digest that comes later than this says nothing new."""


def plan(session: Session, *, now: datetime) -> bool:
    """Queue the digest of one guild whose morning has come; False if there's none."""
    due = select(Guild).where(Guild.next_weekly_at <= now).order_by(Guild.next_weekly_at, Guild.id).limit(1)
    guild = session.scalar(due.with_for_update(skip_locked=True))
    if guild is None or guild.next_weekly_at is None:
        return False
    was_due, guild.next_weekly_at = guild.next_weekly_at, None
    if guild.weekly_day is None or guild.left_at is not None:
        return True
    guild.next_weekly_at = next_weekly(ZoneInfo(guild.zone), guild.weekly_day, after=now)
    if is_too_late(was_due, now=now) or guild.post_channel_id is None:
        why = "the guild has no channel for posts" if guild.post_channel_id is None else f"it was due {now - was_due} ago"
        log.info("dropped the weekly digest of guild %s: %s", guild.id, why)
        return True
    payload = {"until": was_due.isoformat()}
    outbox.queue(session, MessageKind.WEEKLY, guild_id=guild.id, payload=payload, due_at=now)
    return True


def is_too_late(until: datetime, *, now: datetime) -> bool:
    """Whether a digest of the week until then isn't worth a post any more."""
    return now - until > LATEST


def next_due_at(session: Session) -> datetime | None:
    """When the next guild's digest is due."""
    return session.scalar(select(func.min(Guild.next_weekly_at)))
