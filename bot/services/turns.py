"""Whose turn it is to be said: no server waits behind another's thousands, and a channel's messages come in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Case, Select, case, func, select
from sqlalchemy.orm import Session

from bot.services import outbox
from bot.services.outbox import MessageKind
from db.models import GroupedPrediction, Guild, Member, OutboxMessage, PostedCard, PredictionGroup, Reminder

MOST_OF_A_LANE, MOST_OF_A_GUILD, MOST = 8, 256, 1024
"""How far ahead we look."""
HOLDS_UP_FOR = 5
"""After this many tries a message no longer holds up those behind it: the fault may be its own."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that's due and unclaimed. Its lane is the channel it goes to, or the person, as far as one can tell."""

    message_id: int
    guild_id: int | None
    lane: int


_LETTERS = [kind.value for kind in (MessageKind.DIGEST, MessageKind.LEFT_OUT, MessageKind.DRAFT_ANSWER)]
_TO_MANAGERS = [kind.value for kind in (MessageKind.TROUBLE, MessageKind.DRAFTS, MessageKind.WELCOME)]


def _lane() -> Case[int]:
    """The channel or person that a message goes to; its guild, or itself, if that shows only later."""
    prediction_id = OutboxMessage.payload["prediction_id"].as_integer()
    here = (PostedCard.prediction_id == prediction_id, PostedCard.is_home, PostedCard.lost_at.is_(None))
    home, under = (
        select(place).where(*here, *which).order_by(PostedCard.id).limit(1).scalar_subquery()
        for place, which in (
            (func.coalesce(PostedCard.thread_id, PostedCard.channel_id), ()),
            (PostedCard.channel_id, (PostedCard.forum_id.is_(None),)),
        )
    )
    its_group = select(GroupedPrediction.group_id).where(GroupedPrediction.prediction_id == prediction_id).scalar_subquery()
    of_group = PredictionGroup.id == func.coalesce(OutboxMessage.payload["group_id"].as_integer(), its_group)
    in_group = select(func.coalesce(PredictionGroup.thread_id, PredictionGroup.channel_id)).where(of_group).limit(1)
    under_group = select(PredictionGroup.channel_id).where(of_group, PredictionGroup.forum_id.is_(None)).limit(1)
    home = func.coalesce(home, in_group.scalar_subquery())
    under = func.coalesce(under, under_group.scalar_subquery())
    reader = (
        select(case((Reminder.at_home, None), else_=Member.user_id))
        .join(Member, Member.id == Reminder.member_id)
        .where(Reminder.id == OutboxMessage.payload["reminder_id"].as_integer())
    )
    elsewhere = (OutboxMessage.guild_id, -OutboxMessage.id)
    return case(
        (OutboxMessage.kind == MessageKind.LADDER.value, outbox.number_in("channel_id")),
        (
            OutboxMessage.kind.in_([MessageKind.POST_CARD.value, MessageKind.POST_GROUP.value]),
            func.coalesce(outbox.number_in("channel_id"), Guild.home_channel_id, Guild.post_channel_id, *elsewhere),
        ),
        (
            OutboxMessage.kind.in_([kind.value for kind in (MessageKind.VOTE, MessageKind.RESULT)]),
            func.coalesce(under, Guild.post_channel_id, home, *elsewhere),
        ),
        (OutboxMessage.kind.in_(_LETTERS), outbox.number_in("user_id")),
        (OutboxMessage.kind.in_(_TO_MANAGERS), OutboxMessage.guild_id),
        (
            OutboxMessage.kind.in_([MessageKind.REFRESH_REASON.value, MessageKind.REFRESH_COPY.value]),
            outbox.number_in("channel_id"),
        ),
        (
            OutboxMessage.kind == MessageKind.REDACT.value,
            func.coalesce(outbox.number_in("channel_id"), Guild.post_channel_id, *elsewhere),
        ),
        (
            OutboxMessage.kind == MessageKind.TOURNAMENT.value,
            func.coalesce(outbox.number_in("channel_id"), Guild.post_channel_id, *elsewhere),
        ),
        (
            OutboxMessage.kind == MessageKind.REMINDER.value,
            func.coalesce(reader.limit(1).scalar_subquery(), Guild.post_channel_id, *elsewhere),
        ),
        else_=func.coalesce(home, Guild.post_channel_id, *elsewhere),
    )


def _turns() -> Select[int, int | None, int]:
    due = (
        select(OutboxMessage.id, OutboxMessage.guild_id, OutboxMessage.created_at, _lane().label("lane"))
        .add_columns((OutboxMessage.attempts >= HOLDS_UP_FOR).label("gives_way"))
        .outerjoin(Guild, Guild.id == OutboxMessage.guild_id)
        .where(*outbox.CLAIMABLE)
        .subquery()
    )
    in_lane = func.row_number().over(partition_by=due.c.lane, order_by=(due.c.gives_way, due.c.created_at, due.c.id))
    first = select(due, in_lane.label("place")).subquery()
    of_guild = func.row_number().over(
        partition_by=first.c.guild_id, order_by=(first.c.place, first.c.created_at, first.c.id)
    )
    near = select(first, of_guild.label("turn")).where(first.c.place <= MOST_OF_A_LANE).subquery()
    return (
        select(near.c.id, near.c.guild_id, near.c.lane)
        .where(near.c.turn <= MOST_OF_A_GUILD)
        .order_by(near.c.turn, near.c.created_at, near.c.id)
        .limit(MOST)
    )


_TURNS = _turns()


def turns(session: Session, *, now: datetime) -> Sequence[Turn]:
    """What is due, guild by guild in turn and then oldest first; the messages of a lane in the order in which they came."""
    return [Turn(*row) for row in session.execute(_TURNS, outbox.at(now))]
