"""What must be said or changed on Discord later: rows written in the transaction that caused them, delivered after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from db import queries
from db.models import ChannelTrouble, OutboxMessage, PostedCard

LEASE = timedelta(seconds=60)
CARD_EDIT_EVERY = timedelta(seconds=30)
VOTE_EDIT_AFTER = timedelta(seconds=5)
GIVE_UP_AFTER = timedelta(days=7)
"""So long a message is tried again; then it is buried, for managers to see."""
KEPT_FOR = timedelta(days=30)


class MessageKind(StrEnum):
    """What a row asks for."""

    POST_CARD = "post_card"
    """Post a prediction's card in the guild's channel: payload prediction_id. It becomes the prediction's home."""
    REFRESH_CARD = "refresh_card"
    """Bring the card at home up to date: payload prediction_id."""
    CLARIFICATION = "clarification"
    """Say at home what was changed: payload prediction_id, number (of the revision)."""
    REASON = "reason"
    """Say at home why a member forecasts what they do: payload prediction_id, forecast_id."""
    PACK_ADOPTED = "pack_adopted"
    """Say in the guild's channel that a pack was adopted: payload pack (its slug)."""
    VOTE = "vote"
    """Post the card of a vote at home: payload prediction_id, vote_id."""
    REFRESH_VOTE = "refresh_vote"
    """Bring a vote's card up to date: payload prediction_id, vote_id."""
    VOTE_NEWS = "vote_news"
    """Say at home what became of a vote: payload prediction_id, vote_id, what (extended, handed_over, second_round, …)."""
    RESULT = "result"
    """Say at home what happened: payload prediction_id."""
    SUPERSEDED = "superseded"
    """Mark the latest announced result as superseded: payload prediction_id."""
    LADDER = "ladder"
    """Remind a channel of the predictions of a step: payload channel_id, days. Which ones stands in `ladder_steps`."""
    REMINDER = "reminder"
    """Remind a member of what they asked to be reminded of: payload reminder_id."""
    DIGEST = "digest"
    """Tell a person, by direct message, what came up for them: payload user_id, since (None for the first), until."""
    TROUBLE = "trouble"
    """Tell a manager that nothing can be posted in a channel: payload channel_id."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A claimed row: whoever claimed it alone may deliver it until the lease ends."""

    id: int
    guild_id: int | None
    kind: MessageKind
    payload: dict[str, Any]
    attempts: int
    created_at: datetime

    @property
    def nonce(self) -> str:
        """By which Discord knows a second sending, at most 25 characters. Ids begin anew with a new database."""
        return f"{int(self.created_at.timestamp())}-{self.id}"


def queue(
    session: Session,
    kind: MessageKind,
    *,
    guild_id: int | None,
    payload: dict[str, Any],
    due_at: datetime,
    key: str | None = None,
) -> None:
    """Write a message to be delivered from `due_at` on. With a key, nothing is written while one of that key waits."""
    row = {
        "kind": kind.value,
        "guild_id": guild_id,
        "payload": payload,
        "created_at": due_at,
        "due_at": due_at,
        "dedupe_key": key,
    }
    queries.insert_unless_there(session, OutboxMessage, [row | {"attempts": 0}])


def queue_card_refresh(session: Session, *, guild_id: int, prediction_id: int, now: datetime) -> None:
    """Ask for the card at home to be brought up to date, at most once in 30 s a card. Nothing where there is no card."""
    home = select(PostedCard.edited_at).where(
        PostedCard.prediction_id == prediction_id, PostedCard.is_home, PostedCard.lost_at.is_(None)
    )
    edited_at = session.scalar(home)
    if edited_at is not None:
        due_at = max(now, edited_at + CARD_EDIT_EVERY)
        key = _refresh_key(prediction_id)
        queue(
            session,
            MessageKind.REFRESH_CARD,
            guild_id=guild_id,
            payload={"prediction_id": prediction_id},
            due_at=due_at,
            key=key,
        )


def queue_vote_refresh(session: Session, *, guild_id: int, prediction_id: int, vote_id: int, now: datetime) -> None:
    """Ask for a vote's card to be brought up to date, once for all that changes within a few seconds."""
    payload = {"prediction_id": prediction_id, "vote_id": vote_id}
    due_at = now + VOTE_EDIT_AFTER
    key = _vote_key(vote_id)
    queue(session, MessageKind.REFRESH_VOTE, guild_id=guild_id, payload=payload, due_at=due_at, key=key)


_WAITING = (
    OutboxMessage.sent_at.is_(None),
    OutboxMessage.buried_at.is_(None),
    OutboxMessage.kind.in_([kind.value for kind in MessageKind]),  # a newer version's are left to it
)


def _refresh_key(prediction_id: int) -> str:
    return f"{MessageKind.REFRESH_CARD}:{prediction_id}"


def _vote_key(vote_id: int) -> str:
    return f"{MessageKind.REFRESH_VOTE}:{vote_id}"


def claim_due(session: Session, *, now: datetime, limit: int = 10) -> Sequence[DueMessage]:
    """Claim messages whose time has come and that nobody holds, oldest first."""
    held_until = OutboxMessage.claimed_until
    claimable = (
        select(OutboxMessage.id)
        .where(*_WAITING, OutboxMessage.due_at <= now)
        # A lease of much more than a lease is that of a clock which was wrong; one of a little more, of one a bit ahead.
        .where(or_(held_until.is_(None), held_until <= now, held_until > now + 2 * LEASE))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(claimable.scalar_subquery()))
        .values(claimed_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(
            OutboxMessage.id,
            OutboxMessage.guild_id,
            OutboxMessage.kind,
            OutboxMessage.payload,
            OutboxMessage.attempts,
            OutboxMessage.created_at,
        )
        .execution_options(synchronize_session=False)
    ).all()
    # From here on a change makes a new row: these may already be rendering the state before it.
    rendering = [
        row.id for row in claimed if row.kind in (MessageKind.REFRESH_CARD, MessageKind.REFRESH_VOTE, MessageKind.LADDER)
    ]
    if rendering:
        session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(rendering)).values(dedupe_key=None))
    refreshing = [row.payload["prediction_id"] for row in claimed if row.kind == MessageKind.REFRESH_CARD]
    if refreshing:
        # That row waits its 30 s from here, not from the edit before this one.
        cards = (PostedCard.prediction_id.in_(refreshing), PostedCard.is_home)
        session.execute(update(PostedCard).where(*cards).values(edited_at=now))
    return [
        DueMessage(row.id, row.guild_id, MessageKind(row.kind), row.payload, row.attempts, row.created_at)
        for row in sorted(claimed, key=lambda row: row.id)
    ]


def mark_sent(
    session: Session, message_id: int, *, now: datetime, channel_id: int | None = None, discord_id: int | None = None
) -> None:
    """The message is out (or there was nothing to say). Where one arrives, there is no trouble any more."""
    done = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
    session.execute(
        done.values(sent_at=now, channel_id=channel_id, message_id=discord_id, claimed_until=None, failed_reason=None)
    )
    if channel_id is not None:
        session.execute(delete(ChannelTrouble).where(ChannelTrouble.channel_id == channel_id))


def mark_failed(session: Session, message_id: int, *, reason: str, retry_at: datetime | None, now: datetime) -> None:
    """Try again at `retry_at`; without one, bury the message with its reason. What another process has sent stays sent."""
    row = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
    outcome = {"buried_at": now} if retry_at is None else {"due_at": retry_at}
    failed = row.values(outcome | {"failed_reason": reason[:500], "claimed_until": None})
    message = session.execute(failed.returning(OutboxMessage.kind, OutboxMessage.payload)).one_or_none()
    if message is None or retry_at is None:
        return
    if message.kind in (MessageKind.REFRESH_CARD, MessageKind.REFRESH_VOTE):
        # It waits again, so changes need no row of their own; where one waits already, that one does it.
        is_card = message.kind == MessageKind.REFRESH_CARD
        key = _refresh_key(message.payload["prediction_id"]) if is_card else _vote_key(message.payload["vote_id"])
        if session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)) is None:
            session.execute(row.values(dedupe_key=key))
        else:
            mark_sent(session, message_id, now=now)


def mark_unreachable(
    session: Session, message_id: int, *, channel_id: int, reason: str, retry_at: datetime | None, now: datetime
) -> None:
    """Nothing can be posted in that channel: the message waits for it, and a manager is told once."""
    mark_failed(session, message_id, reason=reason, retry_at=retry_at, now=now)
    guild_id = session.scalar(select(OutboxMessage.guild_id).where(OutboxMessage.id == message_id))
    if guild_id is None or session.get(ChannelTrouble, (guild_id, channel_id)) is not None:
        return
    trouble = {"guild_id": guild_id, "channel_id": channel_id, "reason": reason[:500], "since": now}
    queries.insert_unless_there(session, ChannelTrouble, [trouble])
    queue(session, MessageKind.TROUBLE, guild_id=guild_id, payload={"channel_id": channel_id}, due_at=now)


def hurry(session: Session, *, guild_id: int, now: datetime) -> int:
    """Try again at once what failed in this guild: something was mended. Returns how many messages."""
    failed = (OutboxMessage.guild_id == guild_id, *_WAITING, OutboxMessage.failed_reason.is_not(None))
    again = update(OutboxMessage).where(*failed, OutboxMessage.due_at > now).values(due_at=now)
    return len(session.execute(again.returning(OutboxMessage.id).execution_options(synchronize_session=False)).all())


def prune(session: Session, *, now: datetime) -> None:
    """Forget what was sent or given up a month ago. Posts of the ladder stay: their buttons live on what they hold."""
    long_ago = now - KEPT_FOR
    for done in (
        OutboxMessage.sent_at < long_ago,
        and_(OutboxMessage.sent_at.is_(None), OutboxMessage.buried_at < long_ago),
    ):
        session.execute(delete(OutboxMessage).where(done, OutboxMessage.kind != MessageKind.LADDER))


def next_due_at(session: Session) -> datetime | None:
    """When the next waiting message may be claimed, for the scheduler to wake."""
    is_held = OutboxMessage.claimed_until > OutboxMessage.due_at
    free_at = case((is_held, OutboxMessage.claimed_until), else_=OutboxMessage.due_at)
    return session.scalar(select(func.min(free_at)).where(*_WAITING))


def note_card(session: Session, *, prediction_id: int, channel_id: int, message_id: int, now: datetime) -> None:
    """Remember a public message that shows a card. The first one is the prediction's home, until it is lost."""
    is_home = home_of(session, prediction_id) is None
    row = {"prediction_id": prediction_id, "channel_id": channel_id, "message_id": message_id, "is_home": is_home}
    queries.insert_unless_there(session, PostedCard, [row | {"posted_at": now, "edited_at": now - CARD_EDIT_EVERY}])


def note_card_edited(session: Session, card_id: int, *, now: datetime) -> None:
    """The card was brought up to date."""
    session.execute(update(PostedCard).where(PostedCard.id == card_id).values(edited_at=now))


def note_channel_gone(session: Session, channel_id: int, *, now: datetime) -> None:
    """The channel was deleted, and with it all cards there."""
    there = (PostedCard.channel_id == channel_id, PostedCard.lost_at.is_(None))
    session.execute(update(PostedCard).where(*there).values(lost_at=now))


def note_card_lost(session: Session, card_id: int, *, now: datetime) -> None:
    """The message is gone."""
    session.execute(update(PostedCard).where(PostedCard.id == card_id).values(lost_at=now))


@dataclass(frozen=True, slots=True)
class CardHome:
    """Where a prediction's card is."""

    card_id: int
    channel_id: int
    message_id: int


def home_of(session: Session, prediction_id: int) -> CardHome | None:
    """The card at home, if there is one."""
    return homes_of(session, [prediction_id]).get(prediction_id)


def homes_of(session: Session, prediction_ids: Sequence[int]) -> dict[int, CardHome]:
    """The cards at home of those predictions that have one, in one statement."""
    cards = select(PostedCard.prediction_id, PostedCard.id, PostedCard.channel_id, PostedCard.message_id).where(
        PostedCard.prediction_id.in_(prediction_ids), PostedCard.is_home, PostedCard.lost_at.is_(None)
    )
    homes: dict[int, CardHome] = {}
    for prediction_id, *card in session.execute(cards.order_by(PostedCard.id)):
        homes.setdefault(prediction_id, CardHome(*card))
    return homes
