"""The ladder of reminders before a prediction's date: 30, 7 and 1 day before, and at the date, or as the guild has set it.

A prediction knows when its next step is due (`next_step_at`), so a new date has new steps, and none of the old ones, from
the moment it's stored. A step is decided once: it becomes part of a post, or is dropped with the reason.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, not_, select, update
from sqlalchemy.orm import Session

from bot.domain.reminders import QuietHours, ReminderStep, judge, next_step, steps_due
from bot.domain.types import State
from bot.services import outbox
from bot.services.homes import card_homes
from db import queries
from db.base import AnyRow
from db.models import Guild, LadderStep, OutboxMessage, Prediction
from db.queries import NOW

log = logging.getLogger(__name__)

REMINDED = (State.OPEN, State.CLOSED, State.VOTING, State.REOPENED)
"""States in which people are reminded of the date: until there's a result."""
NO_CHANNEL, LEFT = "the server has no channel for posts", "Almanac is no longer on the server"
NOBODY, IN_THE_VOTE = "nobody has forecast on it", "its vote says so"

_DUE = (
    select(Guild)
    .where(Guild.id.in_(select(Prediction.guild_id).where(Prediction.next_step_at <= NOW)))
    .order_by(func.random())  # so a faulty one isn't always first
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_NEXT_DUE = select(func.min(Prediction.next_step_at))


def set_out(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Plan the steps of a prediction that is new, has a new date, or has ended. Steps in the past never come back."""
    is_reminded = prediction.state in REMINDED
    days = session.get_one(Guild, prediction.guild_id).reminder_days
    prediction.next_step_at = next_step(days, resolves_at=prediction.resolves_at, after=now) if is_reminded else None


def set_out_anew(session: Session, *, guild_id: int, now: datetime) -> None:
    """Plan the steps of all of a guild's predictions, after its ladder changed. Steps that are already due stay due."""
    days = session.get_one(Guild, guild_id).reminder_days
    is_due = and_(Prediction.next_step_at.is_not(None), Prediction.next_step_at <= now)
    reminded = select(Prediction.id, Prediction.resolves_at).where(
        Prediction.guild_id == guild_id, Prediction.state.in_(REMINDED), not_(is_due)
    )
    steps = [
        {"id": row.id, "next_step_at": next_step(days, resolves_at=row.resolves_at, after=now)}
        for row in session.execute(reminded)
    ]
    if steps:
        session.execute(update(Prediction), steps)


def plan(session: Session, *, now: datetime) -> bool:
    """Decide all steps that are due in one guild, so that each channel gets one post. False if none are.

    The guild is locked meanwhile: another process takes another guild. A prediction locked by someone else comes next time.
    """
    if (guild := session.scalar(_DUE, {"now": now})) is None:
        return False
    with_steps = (
        select(Prediction.id, Prediction.code, Prediction.state, Prediction.resolves_at, Prediction.next_step_at)
        .add_columns(Prediction.forecasters)
        .where(Prediction.guild_id == guild.id, Prediction.next_step_at <= now)
    )
    held = with_steps.order_by(Prediction.id).with_for_update(skip_locked=True, key_share=True)
    rows = session.execute(held).all()
    places = channels(session, [row.id for row in rows], guild)
    posts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    decided: list[dict[str, Any]] = []
    for row in rows:
        channel_id = places.get(row.id)
        for step, why_not in _decide(guild, row, channel_id, now):
            entry = {"prediction_id": row.id, "resolves_at": row.resolves_at, "days": step.days, "due_at": step.due_at}
            if why_not is None and channel_id is not None:
                posts[channel_id].append(entry)
            else:
                log.info("prediction %s: dropped the %s-day step: %s", row.id, step.days, why_not)
                decided.append(entry | {"outbox_id": None, "dropped": why_not})
    for channel_id, entries in posts.items():
        outbox_id = _post_to_join(session, guild, channel_id, now)
        decided += [entry | {"outbox_id": outbox_id, "dropped": None} for entry in entries]
    queries.insert_unless_there(session, LadderStep, decided)
    following = [
        {
            "id": row.id,
            "next_step_at": next_step(guild.reminder_days, resolves_at=row.resolves_at, after=now)
            if row.state in REMINDED
            else None,
        }
        for row in rows
    ]
    if following:
        session.execute(update(Prediction), following)
    return bool(rows)


def next_due_at(session: Session) -> datetime | None:
    """When the next step of any prediction is due."""
    return session.scalar(_NEXT_DUE)


def quiet_hours(session: Session, guild_id: int) -> QuietHours:
    """When a guild gets no posts."""
    return quiet_hours_of(session.get_one(Guild, guild_id))


def quiet_hours_of(guild: Guild) -> QuietHours:
    """The same, for a guild at hand."""
    return QuietHours(ZoneInfo(guild.zone), guild.quiet_from_minute, guild.quiet_to_minute)


def channels(session: Session, ids: Sequence[int], guild: Guild) -> dict[int, int]:
    """The channel for what concerns many: where a prediction's card is, else the guild's. A forum takes no such posts."""
    usual = {} if guild.post_channel_id is None else dict.fromkeys(ids, guild.post_channel_id)
    homes = card_homes.homes_of(session, ids)
    in_forums = {one: home.channel_id for one, home in homes.items() if home.forum_id is not None}
    return in_forums | usual | {one: home.channel_id for one, home in homes.items() if home.forum_id is None}


def _decide(guild: Guild, row: AnyRow, channel_id: int | None, now: datetime) -> list[tuple[ReminderStep, str | None]]:
    """The steps of one prediction that are due, each with the reason to drop it, or None."""
    if row.state not in REMINDED or row.resolves_at is None:
        return []
    steps = steps_due(guild.reminder_days, resolves_at=row.resolves_at, dated_at=row.next_step_at, now=now)
    if not steps:
        return []
    decision = judge(steps, resolves_at=row.resolves_at, now=now)
    found: list[tuple[ReminderStep, str | None]] = list(decision.dropped)
    if decision.post is not None:
        found.append((decision.post, _why_not(guild, row, channel_id, decision.post)))
    return found


def _why_not(guild: Guild, row: AnyRow, channel_id: int | None, step: ReminderStep) -> str | None:
    """Why a step that still matters isn't posted; None if it is."""
    if guild.left_at:
        return LEFT
    if channel_id is None:
        return NO_CHANNEL
    if row.forecasters == 0:
        return NOBODY
    return IN_THE_VOTE if step.days == 0 else None


def _post_to_join(session: Session, guild: Guild, channel_id: int, now: datetime) -> int:
    """The post for this channel that is still waiting for the quiet hours to end, or a new one."""
    key = post_key(channel_id)
    due_at = quiet_hours_of(guild).first_moment_from(now)
    payload = {"channel_id": channel_id}
    outbox.queue(session, outbox.MessageKind.LADDER, guild_id=guild.id, payload=payload, due_at=due_at, key=key)
    return session.execute(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)).scalar_one()


def post_key(channel_id: int) -> str:
    """The key of the post that waits for a channel: further steps join it."""
    return f"{outbox.MessageKind.LADDER}:{channel_id}"
