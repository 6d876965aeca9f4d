"""What couldn't be posted on Discord: shown to managers, and tried again once they've fixed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from bot.domain.types import Actor
from bot.services import outbox
from bot.services.members import guilds
from db.models import ChannelTrouble, Guild, OutboxMessage, Prediction, Vote, VoteState

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Trouble:
    """A channel where Almanac can't post."""

    channel_id: int
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message that failed: we'll try it again at `retry_at`, or gave up on it if that's None."""

    kind: outbox.MessageKind
    code: int | None
    reason: str
    since: datetime
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Troubles:
    """Everything a guild's managers may want to fix. `messages` are the first of `total`."""

    channels: tuple[Trouble, ...]
    messages: tuple[Stuck, ...]
    total: int
    untold: int
    """How many votes wait for the managers, of whom none could be told."""


@dataclass(frozen=True, slots=True)
class TroubleNews:
    """The news about a channel, and the manager who gets it: whoever last changed the settings, if we know."""

    trouble: Trouble
    contact_id: int | None
    is_for_posts: bool
    waiting: int
    is_for_homes: bool = False


def troubles_of(session: Session, actor: Actor) -> Troubles:
    """What's wrong in the guild. Managers only."""
    guilds.require_manager(session, actor, "see what could not be posted")
    return _troubles(session, actor)


def _troubles(session: Session, actor: Actor) -> Troubles:
    channels = session.scalars(
        select(ChannelTrouble).where(ChannelTrouble.guild_id == actor.guild_id).order_by(ChannelTrouble.since)
    )
    failed = (OutboxMessage.guild_id == actor.guild_id, *_FAILED)
    total = session.scalar(select(func.count()).select_from(OutboxMessage).where(*failed)) or 0
    rows = session.execute(
        select(
            OutboxMessage.kind,
            OutboxMessage.payload,
            OutboxMessage.failed_reason,
            OutboxMessage.created_at,
            OutboxMessage.due_at,
            OutboxMessage.buried_at,
        )
        .where(*failed)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(SHOWN)
    ).all()
    codes = _codes(session, actor.guild_id, rows)
    return Troubles(
        tuple(Trouble(row.channel_id, row.reason, row.since) for row in channels),
        tuple(
            Stuck(
                outbox.MessageKind(row.kind),
                codes.get(row.payload.get("prediction_id")),
                row.failed_reason or "",
                row.created_at,
                None if row.buried_at else row.due_at,
            )
            for row in rows
        ),
        total,
        session.scalar(_untold(actor.guild_id)) or 0,
    )


def count_troubles(session: Session, actor: Actor) -> int:
    """How many messages and channels are in trouble, for a line in the settings; zero for anyone but managers."""
    if not guilds.is_manager(session, actor):
        return 0
    channels = select(func.count()).select_from(ChannelTrouble).where(ChannelTrouble.guild_id == actor.guild_id)
    failed = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.guild_id == actor.guild_id, *_FAILED)
    return sum(session.scalar(number) or 0 for number in (channels, failed, _untold(actor.guild_id)))


def _untold(guild_id: int) -> Select[int]:
    """Votes that were handed to the managers, although none of them could be reached."""
    waiting = select(func.count()).select_from(Vote).join(Prediction, Prediction.id == Vote.prediction_id)
    handed_over = (Vote.state == VoteState.HANDED_OVER, Vote.ended_at.is_(None), Vote.clock_started_at.is_(None))
    return waiting.where(Prediction.guild_id == guild_id, *handed_over)


def retry(session: Session, actor: Actor, *, now: datetime) -> tuple[int, Troubles]:
    """Try everything again at once, including what we gave up on; returns how many messages, and what is wrong. Managers only."""
    guilds.require_manager(session, actor, "have messages sent again")
    buried = (OutboxMessage.guild_id == actor.guild_id, OutboxMessage.buried_at.is_not(None))
    revived = update(OutboxMessage).where(*buried).values(buried_at=None, attempts=0, created_at=now, due_at=now)
    rows = session.execute(revived.returning(OutboxMessage.id).execution_options(synchronize_session=False)).all()
    tried = len(rows) + outbox.hurry(session, guild_id=actor.guild_id, now=now)
    return tried, _troubles(session, actor)


def news_of_trouble(session: Session, *, guild_id: int, channel_id: int) -> TroubleNews | None:
    """The news for a manager about a channel; None if it works again."""
    row = session.get(ChannelTrouble, (guild_id, channel_id))
    guild = session.get(Guild, guild_id)
    if row is None or guild is None:
        return None
    failed = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.guild_id == guild_id, *_FAILED)
    trouble = Trouble(channel_id, row.reason, row.since)
    is_for_homes = guild.home_channel_id == channel_id
    waiting = session.scalar(failed) or 0
    return TroubleNews(trouble, guild.contact_id, guild.post_channel_id == channel_id, waiting, is_for_homes)


def contact_of(session: Session, guild_id: int) -> int | None:
    """The manager who last changed the settings, if we know: the one to write to."""
    guild = session.get(Guild, guild_id)
    return None if guild is None else guild.contact_id


_FAILED = (
    OutboxMessage.sent_at.is_(None),
    OutboxMessage.failed_reason.is_not(None),
    OutboxMessage.kind.in_([kind.value for kind in outbox.MessageKind]),
)


def _codes(session: Session, guild_id: int, rows: Sequence[Any]) -> dict[int | None, int]:
    ids = [row.payload["prediction_id"] for row in rows if "prediction_id" in row.payload]
    found = select(Prediction.id, Prediction.code).where(Prediction.guild_id == guild_id, Prediction.id.in_(ids))
    return {row.id: row.code for row in session.execute(found)}
