"""What a channel is told at once: votes that opened, results, votes for the managers, big moves. Here it's kept few.

Whatever comes due together shares a post. What the clock makes comes once a day in a channel, and nothing comes in the
guild's quiet hours. What nobody forecast isn't posted at all: it stands in the log, and in digests.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.domain.events import VoteNews
from bot.domain.types import Relation, State
from bot.services import outbox, sharing
from bot.services.outbox import DueMessage, MessageKind
from bot.services.predictions import ladder
from db.models import Event, Guild, OutboxMessage, Prediction, Vote, VoteState
from db.queries import PRESENT

log = logging.getLogger(__name__)

HAPPENED = (MessageKind.VOTE, MessageKind.RESULT, MessageKind.VOTE_NEWS, MessageKind.MOVE)
"""These share a post, “what happened”."""
MORNINGS = (MessageKind.LADDER, MessageKind.WEEKLY)
"""These share a post, too: what is due soon, and the week."""
LETTERS = (MessageKind.DIGEST, MessageKind.REMINDER)
"""These share a direct message."""
GATHERED = (*HAPPENED, *LETTERS, *MORNINGS, MessageKind.REFRESH_VOTE)
"""All that `gather` is about: others are said by themselves, and at once."""
MORNING = time(8)
"""When a day's posts come in a guild without quiet hours, if they don't come at once."""
AGAIN_AFTER = timedelta(hours=1)
"""How long we wait before we show something again that did not arrive."""
MOST_AT_ONCE = 25
"""How many share a post: as many as a select holds."""

_NOT_SHOWN = (
    select(Vote, Prediction)
    .join(Prediction, Prediction.id == Vote.prediction_id)
    .where(Vote.ended_at.is_(None), Vote.clock_started_at.is_(None), Prediction.guild_id.in_(PRESENT))
    .order_by(Vote.id)
)


def vote_opened(session: Session, prediction: Prediction, vote: Vote, *, is_direct: bool, now: datetime) -> None:
    """Show a vote that has opened. A second round takes the place of the first. `is_direct`: by what a member just did."""
    if vote.round > 1:
        earlier = select(Vote).where(Vote.prediction_id == prediction.id, Vote.id < vote.id, Vote.message_id.is_not(None))
        if (first := session.scalar(earlier.order_by(Vote.id.desc()).limit(1))) is not None:
            vote.channel_id, vote.message_id = first.channel_id, first.message_id
            outbox.queue_vote_refresh(
                session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now
            )
            return
    payload = {"prediction_id": prediction.id, "vote_id": vote.id, "is_direct": is_direct}
    outbox.queue(session, MessageKind.VOTE, guild_id=prediction.guild_id, payload=payload, due_at=now)


def result(
    session: Session, prediction: Prediction, *, is_direct: bool, now: datetime, along_with: int | None = None
) -> None:
    """Announce a result. What was annulled `along_with` another prediction stands in that one's result."""
    if along_with is not None and session.get_one(Prediction, along_with).forecasters > 0:
        return
    if _is_worth_it(prediction, "result", is_direct=is_direct):
        payload = {"prediction_id": prediction.id, "is_direct": is_direct}
        outbox.queue(session, MessageKind.RESULT, guild_id=prediction.guild_id, payload=payload, due_at=now)


def handed_over(session: Session, guild_id: int, vote_ids: Sequence[int], *, now: datetime) -> None:
    """Tell the managers that these votes are theirs to decide."""
    ids = sorted(vote_ids)
    for start in range(0, len(ids), MOST_AT_ONCE):
        payload = {"vote_ids": ids[start : start + MOST_AT_ONCE], "what": VoteNews.HANDED_OVER}
        outbox.queue(session, MessageKind.VOTE_NEWS, guild_id=guild_id, payload=payload, due_at=now)


def note_post_gone(session: Session, message_id: int) -> None:
    """Someone deleted a post. What still goes on in it gets another one."""
    gone = {"channel_id": None, "message_id": None}
    session.execute(update(Vote).where(Vote.message_id == message_id).values(gone))


def post_again(session: Session, *, now: datetime) -> None:
    """Show again what members have not been shown although nothing is on its way: its post was deleted, dropped, or refused."""
    waiting = [(vote, prediction) for vote, prediction in session.execute(_NOT_SHOWN).all()]
    if not waiting:
        return
    kinds = [kind.value for kind in (MessageKind.VOTE, MessageKind.REFRESH_VOTE, MessageKind.VOTE_NEWS)]
    guild_ids = {prediction.guild_id for _, prediction in waiting}
    recent = select(OutboxMessage.payload).where(OutboxMessage.kind.in_(kinds), OutboxMessage.guild_id.in_(guild_ids))
    is_waiting = OutboxMessage.sent_at.is_(None) & OutboxMessage.buried_at.is_(None)
    on_their_way: set[int] = set()
    for payload in session.scalars(recent.where(or_(is_waiting, OutboxMessage.created_at > now - AGAIN_AFTER))):
        on_their_way.update(payload.get("vote_ids", ()) or (payload["vote_id"],))
    for vote, prediction in waiting:
        if vote.id in on_their_way:
            continue
        if vote.message_id is not None and vote.state is not VoteState.HANDED_OVER:
            outbox.queue_vote_refresh(
                session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now
            )
        else:
            payload = {"prediction_id": prediction.id, "vote_id": vote.id, "is_direct": False}
            outbox.queue(session, MessageKind.VOTE, guild_id=prediction.guild_id, payload=payload, due_at=now)


def gather(session: Session, message: DueMessage, *, now: datetime) -> DueMessage | None:
    """A claimed message of a kind in GATHERED, with all that goes into the same post; None if it's put off, because the guild
    sleeps or has already had its post today."""
    if message.kind is MessageKind.REFRESH_VOTE:
        return replace(message, along=tuple(sharing.claim_updates_with(session, message, now=now)))
    if message.kind in LETTERS:
        letters = sharing.letters_with(session, message, now=now)
        sharing.claim_along(session, [other.id for other in letters], now=now)
        return replace(message, along=tuple(letters))
    is_ladder = message.kind is MessageKind.LADDER
    guild = session.get(Guild, message.guild_id)
    if guild is None:
        return message
    key = ladder.post_key(message.payload["channel_id"]) if is_ladder else None
    if (until := ladder.quiet_hours_of(guild).first_moment_from(now)) > now:
        sharing.put_off(session, message, until, key=key)
        return None
    if (channel_id := _channel(session, guild, message)) is None:
        return message
    kinds = MORNINGS if message.kind in MORNINGS else HAPPENED
    midnight = datetime.combine(now.astimezone(ZoneInfo(guild.zone)).date(), time(), ZoneInfo(guild.zone))
    posted = sharing.was_posted_since(session, guild_id=guild.id, channel_id=channel_id, kinds=kinds, since=midnight)
    # The week comes on its day, whatever was posted before.
    if posted and not message.payload.get("is_direct") and message.kind is not MessageKind.WEEKLY:
        sharing.put_off(session, message, _next_morning(guild, now), key=key)
        return None
    also = [
        other
        for other in sharing.waiting_with(session, message, kinds, now=now)
        if _channel(session, guild, other) == channel_id
    ][: MOST_AT_ONCE - 1]
    sharing.claim_along(session, [other.id for other in also], now=now, closes=kinds is MORNINGS)
    return replace(message, along=tuple(also))


def channel_of(session: Session, message: DueMessage) -> int | None:
    """Where a message of what happened goes; None for nowhere, or to a manager by direct message."""
    guild = session.get(Guild, message.guild_id)
    return None if guild is None else _channel(session, guild, message)


def standing_in(session: Session, *, message_id: int) -> tuple[list[int], list[int], list[int], list[dict[str, Any]]]:
    """What a post is about, so it can be updated: ids of the votes it shows, of the predictions whose result it tells, and of
    the votes that it hands to the managers; and the big moves it tells of. Of two rounds only the second counts."""
    shown = select(Vote.prediction_id, Vote.id).where(Vote.message_id == message_id).order_by(Vote.id)
    votes = {row.prediction_id: row.id for row in session.execute(shown)}
    told = select(Prediction.id).where(Prediction.result_message_id == message_id).order_by(Prediction.id)
    handed, moved = (
        select(OutboxMessage.payload)
        .where(OutboxMessage.message_id == message_id, OutboxMessage.kind == kind.value)
        .order_by(OutboxMessage.id)
        for kind in (MessageKind.VOTE_NEWS, MessageKind.MOVE)
    )
    ids = [vote_id for payload in session.scalars(handed) for vote_id in payload["vote_ids"]]
    return list(votes.values()), list(session.scalars(told)), ids, list(session.scalars(moved))


def annulled_with(session: Session, prediction_id: int) -> list[tuple[int, str]]:
    """What was annulled because a prediction didn't come true, and what hung on that in turn: codes and statements."""
    found: list[tuple[int, str]] = []
    hanging = select(Prediction).where(
        Prediction.parent_id == prediction_id,
        Prediction.relation == Relation.CONDITIONAL,
        Prediction.state == State.ANNULLED,
        Prediction.forecasters > 0,
    )
    for child in session.scalars(hanging.order_by(Prediction.code)).all():
        why = select(Event.data).where(Event.prediction_id == child.id, Event.to_state == State.ANNULLED)
        data = session.scalar(why.order_by(Event.id.desc()).limit(1)) or {}
        if data.get("with") == prediction_id:
            found += [(child.code, child.statement), *annulled_with(session, child.id)]
    return found


def _is_worth_it(prediction: Prediction, what: str, *, is_direct: bool) -> bool:
    if prediction.forecasters > 0 or is_direct:
        return True
    log.info("prediction %s: dropped the post of its %s: %s", prediction.id, what, ladder.NOBODY)
    return False


def _channel(session: Session, guild: Guild, message: DueMessage) -> int | None:
    """Where a message goes: None for nowhere, or to a manager by direct message."""
    if message.kind is MessageKind.LADDER:
        return message.payload["channel_id"]
    if message.kind is MessageKind.WEEKLY:
        return guild.post_channel_id
    if message.kind is MessageKind.VOTE_NEWS:
        return guild.post_channel_id if guild.manager_role_id is not None else None
    prediction_id = message.payload["prediction_id"]
    return ladder.channels(session, [prediction_id], guild).get(prediction_id)


def _next_morning(guild: Guild, now: datetime) -> datetime:
    zone = ZoneInfo(guild.zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return ladder.quiet_hours_of(guild).first_moment_from(datetime.combine(tomorrow, MORNING, zone).astimezone(now.tzinfo))
