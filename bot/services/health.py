"""How the bot is doing, by what the database holds: for `doctor`, and for whoever watches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from bot.services import outbox
from db.models import ChannelTrouble, Guild, Heartbeat, OutboxMessage, PostedCard, Prediction, PredictionGroup

LATELY = timedelta(days=7)
HOMES_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits to be said on Discord. `overdue` were due by now, the oldest of them since `oldest_due_at`; `given_up` counts the
    last week. `seen_at` is when a bot was last at work on this database."""

    waiting: int
    overdue: int
    oldest_due_at: datetime | None
    given_up: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class GuildPlaces:
    """Where the bot posts on a server, and the roles that its settings name."""

    guild_id: int
    post_channel_id: int | None
    manager_role_id: int | None
    voter_role_id: int | None
    home_channel_ids: Sequence[int]
    troubles: int


def queue_state(session: Session, *, now: datetime) -> QueueState:
    """What waits, and for how long. What waits for a channel that is closed to the bot isn't overdue: it's tried again later."""
    due = (*outbox.WAITING, OutboxMessage.due_at <= now)
    overdue, oldest_due_at = session.execute(select(func.count(), func.min(OutboxMessage.due_at)).where(*due)).one()
    buried = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.buried_at > now - LATELY)
    return QueueState(
        waiting=session.scalar(select(func.count()).select_from(OutboxMessage).where(*outbox.WAITING)) or 0,
        overdue=overdue,
        oldest_due_at=oldest_due_at,
        given_up=session.scalar(buried) or 0,
        seen_at=session.scalar(select(Heartbeat.at).where(Heartbeat.id == 1)),
    )


def places(session: Session) -> list[GuildPlaces]:
    """Every server that the bot is on, as far as the database knows."""
    found: list[GuildPlaces] = []
    for guild in session.scalars(select(Guild).where(Guild.left_at.is_(None)).order_by(Guild.id)):
        channel_id = func.coalesce(PostedCard.forum_id, PostedCard.channel_id).label("channel_id")
        homes = select(channel_id).join(Prediction, Prediction.id == PostedCard.prediction_id).distinct()
        homes = homes.where(Prediction.guild_id == guild.id, PostedCard.is_home, PostedCard.lost_at.is_(None))
        group_id = func.coalesce(PredictionGroup.forum_id, PredictionGroup.channel_id).label("channel_id")
        groups = select(group_id).where(PredictionGroup.guild_id == guild.id, PredictionGroup.message_id.is_not(None))
        looked_at = union(homes, groups).order_by("channel_id").limit(HOMES_LOOKED_AT)
        chosen = [] if guild.home_channel_id is None else [guild.home_channel_id]
        troubles = select(func.count()).select_from(ChannelTrouble).where(ChannelTrouble.guild_id == guild.id)
        found.append(
            GuildPlaces(
                guild.id,
                guild.post_channel_id,
                guild.manager_role_id,
                guild.voter_role_id,
                [*chosen, *session.scalars(looked_at)],
                session.scalar(troubles) or 0,
            )
        )
    return found
