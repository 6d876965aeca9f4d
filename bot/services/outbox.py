"""What has to be said or changed on Discord later: rows written in the transaction that causes them, delivered after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    UpdateBase,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from bot.services import waking
from db import queries
from db.base import UtcDateTime
from db.models import (
    ChannelTrouble,
    GroupedPrediction,
    Guild,
    HomePlace,
    OutboxMessage,
    PostedCard,
    PredictionGroup,
)
from db.queries import NOW

LEASE = timedelta(seconds=60)
CARD_EDIT_EVERY = timedelta(seconds=30)
VOTE_EDIT_AFTER = timedelta(seconds=5)
GIVE_UP_AFTER = timedelta(days=7)
"""How long we keep trying a message; then it's buried, and managers can see it."""
KEPT_FOR = timedelta(days=30)


class MessageKind(StrEnum):
    """What a row asks for."""

    POST_CARD = "post_card"
    """Post a prediction's card: payload prediction_id, channel_id (or none for where its home belongs, else the guild's). It becomes
    the prediction's home."""
    REFRESH_CARD = "refresh_card"
    """Update the card at home: payload prediction_id."""
    POST_GROUP = "post_group"
    """Post a group's card where the homes of its predictions belong, else in the guild's channel: payload group_id."""
    REFRESH_GROUP = "refresh_group"
    """Update a group's card: payload group_id."""
    CLARIFICATION = "clarification"
    """Say at home what changed: payload prediction_id, number (of the revision)."""
    REASON = "reason"
    """Post a member's reason at home: payload prediction_id, forecast_id."""
    REFRESH_REASON = "refresh_reason"
    """Update the message that says a reason: payload prediction_id, forecast_id, channel_id, message_id."""
    PACK_ADOPTED = "pack_adopted"
    """Say in the guild's channel that a pack was adopted: payload pack (its slug)."""
    VOTE = "vote"
    """Post the card of a vote at home: payload prediction_id, vote_id."""
    REFRESH_VOTE = "refresh_vote"
    """Update the post that a vote stands in: payload prediction_id, vote_id."""
    VOTE_NEWS = "vote_news"
    """Tell the managers of votes that were handed to them: payload vote_ids, what."""
    MOVED = "moved"
    """Say at home that a prediction has another date: payload prediction_id, old (ISO, or None), user_id (or None)."""
    MOVE = "move"
    """Say at home how far the crowd moved in a day: payload prediction_id, before, after (its values), since, at (ISO)."""
    RESULT = "result"
    """Say at home what happened: payload prediction_id."""
    SUPERSEDED = "superseded"
    """Mark the latest announced result as superseded: payload prediction_id."""
    LADDER = "ladder"
    """Remind a channel of what is due soon: payload channel_id. `ladder_steps` says of which predictions, and which steps."""
    REMINDER = "reminder"
    """Send a member a reminder they set: payload reminder_id."""
    DIGEST = "digest"
    """Send a person their digest by direct message: payload user_id, since (None for the first), until."""
    WEEKLY = "weekly"
    """Tell a guild's channel of its week: payload until (ISO)."""
    REFRESH_COPY = "refresh_copy"
    """Update a card that was posted beside the one at home: payload prediction_id, channel_id, message_id."""
    REDACT = "redact"
    """Take what's hidden of a prediction out of a message that was sent: payload prediction_id, outbox_id, channel_id."""
    TOURNAMENT = "tournament"
    """Give the winners of a tournament their role, and tell how it ended: payload tournament_id, channel_id (or none for the
    guild's channel)."""
    WELCOME = "welcome"
    """Tell whoever invited the bot what to do first."""
    TROUBLE = "trouble"
    """Tell a manager that we can't post in a channel: payload channel_id."""
    DRAFTS = "drafts"
    """Tell a manager that predictions wait for approval; no payload."""
    DRAFT_ANSWER = "draft_answer"
    """Tell a member what became of a prediction they added: payload prediction_id, user_id, what (an EventKind)."""
    LEFT_OUT = "left_out"
    """Tell a member that managers leave them out, or no longer: payload left_out_id, user_id."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A claimed row: until the lease ends, only the claimer may deliver it."""

    id: int
    guild_id: int | None
    kind: MessageKind
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    along: tuple[DueMessage, ...] = ()
    """Claimed with it, to be said in the same post."""

    @property
    def nonce(self) -> str:
        """Lets Discord recognise a second sending; at most 25 characters. Ids alone won't do: a new database starts from 1."""
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
    """Queue a message for delivery from `due_at` on. With a key, nothing is written while one with that key is waiting."""
    row = {
        "kind": kind.value,
        "guild_id": guild_id,
        "payload": payload,
        "created_at": due_at,
        "due_at": due_at,
        "dedupe_key": key,
    }
    queries.insert_unless_there(session, OutboxMessage, [row | {"attempts": 0}])
    waking.note(session, due_at)


def queue_card(session: Session, *, guild_id: int, prediction_id: int, now: datetime, channel_id: int | None = None) -> None:
    """Post a prediction's first card in a channel, or where its home belongs; that of one in a group is the group's."""
    if channel_id is None and (group_id := group_of(session, prediction_id)) is not None:
        queue_group_card(session, guild_id=guild_id, group_id=group_id, now=now)
        return
    payload = {"prediction_id": prediction_id} | ({} if channel_id is None else {"channel_id": channel_id})
    key = _card_key(prediction_id)
    queue(session, MessageKind.POST_CARD, guild_id=guild_id, payload=payload, due_at=now, key=key)


def queue_card_refresh(session: Session, *, guild_id: int, prediction_id: int, now: datetime) -> None:
    """Ask for the card at home, and that of its group, to be updated, at most once per card in 30 s. Does nothing if there's no
    card."""
    if (group_id := group_of(session, prediction_id)) is not None:
        queue_group_refresh(session, guild_id=guild_id, group_id=group_id, now=now)
    # Asked before looking for the card: whoever posts it notes its place first, and then that it's out.
    is_coming = is_card_coming(session, prediction_id)
    edited_at = queries.run(session, _EDITED_AT, {"prediction_id": prediction_id}).scalar()
    if edited_at is not None or is_coming:
        # A card on its way may show the state before this change, and if Discord's answer is lost, it shows that for long.
        due_at = now if edited_at is None else max(now, edited_at + CARD_EDIT_EVERY)
        key = _refresh_key(prediction_id)
        queue(
            session,
            MessageKind.REFRESH_CARD,
            guild_id=guild_id,
            payload={"prediction_id": prediction_id},
            due_at=due_at,
            key=key,
        )


def queue_group_card(session: Session, *, guild_id: int, group_id: int, now: datetime) -> None:
    """Post a group's card, unless it's out; then it's updated."""
    if session.scalar(select(PredictionGroup.message_id).where(PredictionGroup.id == group_id)) is not None:
        queue_group_refresh(session, guild_id=guild_id, group_id=group_id, now=now)
        return
    key, payload = group_card_key(group_id), {"group_id": group_id}
    queue(session, MessageKind.POST_GROUP, guild_id=guild_id, payload=payload, due_at=now, key=key)


def queue_group_refresh(session: Session, *, guild_id: int, group_id: int, now: datetime) -> None:
    """Ask for a group's card to be updated, at most once in 30 s. Does nothing if there's none."""
    is_coming = is_group_coming(session, group_id)
    row = session.execute(
        select(PredictionGroup.message_id, PredictionGroup.edited_at).where(PredictionGroup.id == group_id)
    ).one()
    if row.message_id is not None or is_coming:
        due_at = now if row.edited_at is None else max(now, row.edited_at + CARD_EDIT_EVERY)
        key, payload = _refresh_group_key(group_id), {"group_id": group_id}
        queue(session, MessageKind.REFRESH_GROUP, guild_id=guild_id, payload=payload, due_at=due_at, key=key)


def group_of(session: Session, prediction_id: int) -> int | None:
    """The group that a prediction is in."""
    return session.scalar(_GROUP_OF, {"prediction_id": prediction_id})


_GROUP_OF = select(GroupedPrediction.group_id).where(GroupedPrediction.prediction_id == bindparam("prediction_id"))


def queue_vote_refresh(session: Session, *, guild_id: int, prediction_id: int, vote_id: int, now: datetime) -> None:
    """Ask for a vote's card to be updated, once for everything that changes within a few seconds."""
    payload = {"prediction_id": prediction_id, "vote_id": vote_id}
    due_at = now + VOTE_EDIT_AFTER
    key = _vote_key(vote_id)
    queue(session, MessageKind.REFRESH_VOTE, guild_id=guild_id, payload=payload, due_at=due_at, key=key)


WAITING = (
    OutboxMessage.sent_at.is_(None),
    OutboxMessage.buried_at.is_(None),
    OutboxMessage.kind.in_([kind.value for kind in MessageKind]),  # kinds of a newer version are left to that version
)
"""What waits to be said."""


POSTS = (
    MessageKind.CLARIFICATION,
    MessageKind.MOVED,
    MessageKind.MOVE,
    MessageKind.REASON,
    MessageKind.RESULT,
    MessageKind.VOTE,
    MessageKind.VOTE_NEWS,
    MessageKind.LADDER,
    MessageKind.WEEKLY,
    MessageKind.TOURNAMENT,
)
"""Posts in channels that say what people wrote, and that nothing brings up to date afterwards."""
_IS_KEPT = or_(
    OutboxMessage.kind == MessageKind.LADDER.value,
    and_(OutboxMessage.kind.in_([kind.value for kind in POSTS]), OutboxMessage.message_id.is_not(None)),
)
_LONG_AGO = bindparam("long_ago", type_=UtcDateTime)
_PRUNE = tuple(
    delete(OutboxMessage).where(done, ~_IS_KEPT).execution_options(synchronize_session=False)
    for done in (
        OutboxMessage.sent_at < _LONG_AGO,
        and_(OutboxMessage.sent_at.is_(None), OutboxMessage.buried_at < _LONG_AGO),
    )
)
_COMING = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == bindparam("card_key"), *WAITING)
_EDITED_AT = select(PostedCard.edited_at).where(
    PostedCard.prediction_id == bindparam("prediction_id"), PostedCard.is_home, PostedCard.lost_at.is_(None)
)
_FREE_AT = case(
    (OutboxMessage.claimed_until > OutboxMessage.due_at, OutboxMessage.claimed_until), else_=OutboxMessage.due_at
)
_NEXT_DUE = select(func.min(_FREE_AT)).where(*WAITING)
_NEXT_DUE_AFTER = _NEXT_DUE.where(bindparam("after", type_=UtcDateTime) < _FREE_AT)


_JOINED = (
    MessageKind.REFRESH_CARD,
    MessageKind.REFRESH_GROUP,
    MessageKind.REFRESH_VOTE,
    MessageKind.LADDER,
    MessageKind.MOVED,
)
"""While one of these waits, whatever else comes up joins it."""


@dataclass(frozen=True, slots=True)
class SentPlace:
    """Where a message is. `is_coming`: it's being sent, or may be, with words that were read before now."""

    channel_id: int | None
    message_id: int | None
    is_coming: bool


def place_of(session: Session, outbox_id: int) -> SentPlace:
    """Where a message was sent; nowhere if it's gone, given up or waits for its turn, for then it says what's true by then."""
    row = session.get(OutboxMessage, outbox_id)
    if row is None:
        return SentPlace(None, None, is_coming=False)
    is_coming = row.sent_at is None and row.buried_at is None and row.attempts > 0
    return SentPlace(row.channel_id, row.message_id, is_coming)


def is_card_coming(session: Session, prediction_id: int) -> bool:
    """Whether a prediction's first card waits to be posted, or is being posted now."""
    return queries.run(session, _COMING, {"card_key": _card_key(prediction_id)}).scalar() is not None


def is_group_coming(session: Session, group_id: int) -> bool:
    """The same for a group's card."""
    coming = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == group_card_key(group_id), *WAITING)
    return session.scalar(coming) is not None


def is_being_said(session: Session, kind: MessageKind, *, guild_id: int, **facts: int) -> bool:
    """Whether a message about these facts is on its way, or may be. One that nobody has claimed yet will say what's true then."""
    waiting = select(OutboxMessage.payload).where(
        OutboxMessage.guild_id == guild_id, OutboxMessage.kind == kind.value, OutboxMessage.attempts > 0, *WAITING
    )
    return any(facts.items() <= payload.items() for payload in session.scalars(waiting))


def _card_key(prediction_id: int) -> str:
    return f"{MessageKind.POST_CARD}:{prediction_id}"


def _refresh_key(prediction_id: int) -> str:
    return f"{MessageKind.REFRESH_CARD}:{prediction_id}"


def group_card_key(group_id: int) -> str:
    """The key of the message that posts a group's card."""
    return f"{MessageKind.POST_GROUP}:{group_id}"


def _refresh_group_key(group_id: int) -> str:
    return f"{MessageKind.REFRESH_GROUP}:{group_id}"


def _vote_key(vote_id: int) -> str:
    return f"{MessageKind.REFRESH_VOTE}:{vote_id}"


def digest_key(user_id: int) -> str:
    """The key of a person's digest."""
    return f"{MessageKind.DIGEST}:{user_id}"


def number_in(name: str) -> ColumnElement[int]:
    """A number in the payload, however large: an id of Discord's is."""
    return cast(OutboxMessage.payload[name].as_string(), BigInteger)


def reminders_key(user_id: int) -> str:
    """What the keys of a person's reminders of a day begin with."""
    return f"{MessageKind.REMINDER}:{user_id}:"


_HELD_UNTIL = OutboxMessage.claimed_until
# A lease far longer than a lease comes from a wrong clock; a slightly longer one, from a clock a bit ahead.
_IS_FREE = or_(_HELD_UNTIL.is_(None), _HELD_UNTIL <= NOW, bindparam("far_off", type_=UtcDateTime) < _HELD_UNTIL)
CLAIMABLE = (*WAITING, OutboxMessage.due_at <= NOW, _IS_FREE)
"""What is due, and nobody has claimed. Takes the parameters of `at`."""


def at(now: datetime) -> dict[str, datetime]:
    """The parameters of a statement about what is CLAIMABLE now."""
    return {"now": now, "far_off": now + 2 * LEASE}


def _claiming(claimable: Select[int]) -> UpdateBase:
    # PostgreSQL may run a subquery once for each row, past its limit; a common table expression that locks runs once.
    chosen = claimable.where(*CLAIMABLE).with_for_update(skip_locked=True).cte("chosen")
    return (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(chosen.c.id)))
        .values(claimed_until=bindparam("until", type_=UtcDateTime), attempts=OutboxMessage.attempts + 1)
        .returning(
            OutboxMessage.id,
            OutboxMessage.guild_id,
            OutboxMessage.kind,
            OutboxMessage.payload,
            OutboxMessage.attempts,
            OutboxMessage.created_at,
        )
        .execution_options(synchronize_session=False)
    )


_CLAIM = _claiming(select(OutboxMessage.id).where(OutboxMessage.id == bindparam("claimed_id")))
_CLAIM_OLDEST = _claiming(
    select(OutboxMessage.id).order_by(OutboxMessage.due_at, OutboxMessage.id).limit(bindparam("most", type_=Integer))
)
_FREE_KEYS = (
    update(OutboxMessage)
    .where(OutboxMessage.id.in_(bindparam("rendering", expanding=True)))
    .values(dedupe_key=None)
    .execution_options(synchronize_session=False)
)
_EDITING = (
    update(PostedCard)
    .where(PostedCard.prediction_id.in_(bindparam("refreshing", expanding=True)), PostedCard.is_home)
    .values(edited_at=NOW)
    .execution_options(synchronize_session=False)
)


def claim(session: Session, message_id: int, *, now: datetime) -> DueMessage | None:
    """Claim this message if it's still due, and nobody else has claimed it."""
    return next(iter(_claim(session, _CLAIM, {"claimed_id": message_id}, now=now)), None)


def claim_due(session: Session, *, now: datetime, limit: int = 10) -> Sequence[DueMessage]:
    """Claim due messages that nobody else has claimed, oldest first."""
    return _claim(session, _CLAIM_OLDEST, {"most": limit}, now=now)


def _claim(session: Session, claiming: UpdateBase, which: dict[str, int], *, now: datetime) -> Sequence[DueMessage]:
    claimed = session.execute(claiming, at(now) | {"until": now + LEASE} | which).all()
    # From here on a change makes a new row: this one may already be rendering the state before it.
    rendering = [row.id for row in claimed if row.kind in _JOINED]
    if rendering:
        session.execute(_FREE_KEYS, {"rendering": rendering})
    refreshing = [row.payload["prediction_id"] for row in claimed if row.kind == MessageKind.REFRESH_CARD]
    if refreshing:
        # That row waits its 30 s from here, not from the edit before this one.
        session.execute(_EDITING, {"refreshing": refreshing, "now": now})
    groups = [row.payload["group_id"] for row in claimed if row.kind == MessageKind.REFRESH_GROUP]
    if groups:
        session.execute(update(PredictionGroup).where(PredictionGroup.id.in_(groups)).values(edited_at=now))
    return [
        DueMessage(row.id, row.guild_id, MessageKind(row.kind), row.payload, row.attempts, row.created_at)
        for row in sorted(claimed, key=lambda row: row.id)
    ]


def mark_sent(
    session: Session, message_id: int, *, now: datetime, channel_id: int | None = None, discord_id: int | None = None
) -> None:
    """The message is out (or there was nothing to say). If one arrives in a channel, its trouble is over."""
    done = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
    is_card = OutboxMessage.kind.in_([MessageKind.POST_CARD.value, MessageKind.POST_GROUP.value])
    session.execute(
        done.values(sent_at=now, channel_id=channel_id, message_id=discord_id, claimed_until=None, failed_reason=None)
        # A home that is lost later can be made again.
        .values(dedupe_key=case((is_card, None), else_=OutboxMessage.dedupe_key))
    )
    if channel_id is not None:
        above = select(func.coalesce(PostedCard.forum_id, PostedCard.channel_id)).where(PostedCard.thread_id == channel_id)
        # An edit needs fewer rights than a post: it says little about the forum while something else still fails.
        fails = exists().where(
            OutboxMessage.guild_id == ChannelTrouble.guild_id, *WAITING, OutboxMessage.failed_reason.is_not(None)
        )
        group_above = select(func.coalesce(PredictionGroup.forum_id, PredictionGroup.channel_id)).where(
            PredictionGroup.thread_id == channel_id
        )
        is_above = or_(ChannelTrouble.channel_id.in_(above), ChannelTrouble.channel_id.in_(group_above))
        is_fine_above = is_above & (true() if discord_id is not None else ~fails)
        here = or_(ChannelTrouble.channel_id == channel_id, is_fine_above)
        mended = delete(ChannelTrouble).where(here).returning(ChannelTrouble.guild_id)
        ask_for_homes(session, session.scalars(mended.execution_options(synchronize_session=False)).all(), now=now)


def mark_failed(session: Session, message_id: int, *, reason: str, retry_at: datetime | None, now: datetime) -> None:
    """Try again at `retry_at`; without one, bury the message with the reason. If another process has sent it, it stays sent."""
    row = update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
    outcome = {"buried_at": now} if retry_at is None else {"due_at": retry_at}
    failed = row.values(outcome | {"failed_reason": reason[:500], "claimed_until": None})
    message = session.execute(failed.returning(OutboxMessage.kind, OutboxMessage.payload)).one_or_none()
    if message is None or retry_at is None:
        return
    key = _key_of_refresh(message.kind, message.payload)
    if key is not None:
        # It waits again, so a change needs no row of its own; if another is already waiting, that one will do.
        if session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)) is None:
            session.execute(row.values(dedupe_key=key))
        else:
            mark_sent(session, message_id, now=now)


def _key_of_refresh(kind: str, payload: dict[str, Any]) -> str | None:
    match kind:
        case MessageKind.REFRESH_CARD:
            return _refresh_key(payload["prediction_id"])
        case MessageKind.REFRESH_GROUP:
            return _refresh_group_key(payload["group_id"])
        case MessageKind.REFRESH_VOTE:
            return _vote_key(payload["vote_id"])
        case _:
            return None


def mark_unreachable(
    session: Session, message_id: int, *, channel_id: int, reason: str, retry_at: datetime | None, now: datetime
) -> None:
    """We can't post in that channel: the message waits for it, and a manager is told once."""
    mark_failed(session, message_id, reason=reason, retry_at=retry_at, now=now)
    guild_id = session.scalar(select(OutboxMessage.guild_id).where(OutboxMessage.id == message_id))
    if guild_id is None or session.get(ChannelTrouble, (guild_id, channel_id)) is not None:
        return
    trouble = {"guild_id": guild_id, "channel_id": channel_id, "reason": reason[:500], "since": now}
    queries.insert_unless_there(session, ChannelTrouble, [trouble])
    queue(session, MessageKind.TROUBLE, guild_id=guild_id, payload={"channel_id": channel_id}, due_at=now)


def hurry(session: Session, *, guild_id: int, now: datetime) -> int:
    """Try everything that failed in this guild again at once: something was fixed. Returns how many messages."""
    failed = (OutboxMessage.guild_id == guild_id, *WAITING, OutboxMessage.failed_reason.is_not(None))
    again = update(OutboxMessage).where(*failed, OutboxMessage.due_at > now).values(due_at=now)
    return len(session.execute(again.returning(OutboxMessage.id).execution_options(synchronize_session=False)).all())


def prune(session: Session, *, now: datetime) -> None:
    """Delete what was sent or given up a month ago. Posts in channels stay known: their buttons may need what they hold, and what
    a manager hides is taken out of them."""
    for done in _PRUNE:
        session.execute(done, {"long_ago": now - KEPT_FOR})


def next_due_at(session: Session, *, after: datetime | None = None) -> datetime | None:
    """When the next waiting message may be claimed, for the scheduler to wake; with `after`, only of those still to come."""
    return session.scalar(_NEXT_DUE) if after is None else session.scalar(_NEXT_DUE_AFTER, {"after": after})


def ask_for_homes(session: Session, guild_ids: Sequence[int], *, now: datetime) -> None:
    """Some homes may be missing in these guilds: make them, if a channel was chosen for them."""
    if not guild_ids:
        return
    has_own = exists().where(HomePlace.guild_id == Guild.id)
    wants = (Guild.id.in_(guild_ids), or_(Guild.home_channel_id.is_not(None), has_own))
    at = func.coalesce(Guild.next_home_at, now)
    session.execute(update(Guild).where(*wants).values(next_home_at=at).execution_options(synchronize_session="fetch"))
