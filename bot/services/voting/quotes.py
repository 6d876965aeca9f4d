"""Quoting a message of the server as evidence in an open vote, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.texts import clean_line
from bot.domain.types import Actor
from bot.services import limits
from bot.services.limits import Limited
from bot.services.members import guilds
from bot.services.predictions.quotes import MOST, QuoteView, quotes_of
from bot.services.voting import clocks
from bot.services.voting.voters import require_voter_in
from db import queries
from db.models import Prediction, Quote, Vote, VoteState

FIRST_WORDS = 300
"""How many characters of a message are kept."""
SHOWN = 25


@dataclass(frozen=True, slots=True)
class QuotedMessage:
    """A message that a member picked. `is_notice`: Discord wrote it, not a person; `is_ours`: Almanac did; `has_more`: a
    picture, a file or the like."""

    guild_id: int
    channel_id: int
    message_id: int
    author_id: int
    words: str
    has_more: bool = False
    is_notice: bool = False
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class VoteToQuoteIn:
    """An open vote in which the member can quote something."""

    code: int
    statement: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was quoted on a prediction, for one reader. `own` are the ids of what they can remove; `has_vote` says whether a vote
    is open."""

    code: int
    statement: str
    guild_id: int
    quotes: tuple[QuoteView, ...]
    own: frozenset[int]
    has_vote: bool


def votes_to_quote_in(session: Session, actor: Actor, *, message: QuotedMessage, now: datetime) -> tuple[VoteToQuoteIn, ...]:
    """The open votes in which this member can vote, the soonest to end first. Raises Refused if there's none, or if the message is
    no evidence."""
    _check(actor, message)
    found = _open_votes(actor.guild_id, now).add_columns(Prediction.code, Prediction.statement)
    rows = session.execute(found.order_by(Vote.closes_at, Vote.id)).all()
    if not rows:
        raise Refused("No vote is open here now. If it has happened, propose the result: /resolution propose.")
    may: list[VoteToQuoteIn] = []
    refusal: Refused | None = None
    for row in rows:
        try:
            require_voter_in(row.Vote, actor, now=now)
        except Refused as refused:
            refusal = refused
        else:
            may.append(VoteToQuoteIn(row.code, row.statement))
    if not may and refusal is not None:
        raise refusal
    return tuple(may[:SHOWN])


def quote(session: Session, actor: Actor, *, code: int, message: QuotedMessage, now: datetime) -> Evidence:
    """Quote a message as evidence in the open vote on a prediction. Raises NotFound, or Refused."""
    _check(actor, message)
    prediction_id = _prediction_id(session, actor, code)
    vote = session.scalar(_open_votes(actor.guild_id, now).where(Prediction.id == prediction_id).with_for_update(of=Vote))
    if vote is None:
        raise Refused(f"#{code} has no open vote. Use /resolution status #{code} to see where it stands.")
    require_voter_in(vote, actor, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    limits.require_room(session, actor, Limited.QUOTES, member_id=member_id, now=now)
    there = select(Quote.message_id).where(Quote.prediction_id == prediction_id)
    quoted = set(session.scalars(there))
    if message.message_id in quoted:
        raise Refused(f"That message is already quoted on #{code}.")
    if len(quoted) >= MOST:
        raise Refused(
            f"#{code} has {MOST} quotes, and that's the most. Remove one of yours first, or add a link to your vote."
        )
    row = {
        "prediction_id": prediction_id,
        "member_id": member_id,
        "author_id": message.author_id,
        "channel_id": message.channel_id,
        "message_id": message.message_id,
        "words": _first_words(message.words) or None,
        "quoted_at": now,
    }
    queries.insert_unless_there(session, Quote, [row])
    return evidence_of(session, actor, code=code, now=now)


def evidence_of(session: Session, actor: Actor, *, code: int, now: datetime) -> Evidence:
    """What was quoted on a prediction. Raises NotFound."""
    prediction_id = _prediction_id(session, actor, code)
    statement = session.scalar(select(Prediction.statement).where(Prediction.id == prediction_id)) or ""
    quotes = quotes_of(session, prediction_id)
    is_manager = guilds.is_manager(session, actor)
    own = frozenset(one.id for one in quotes if is_manager or one.quoted_by == actor.user_id)
    has_vote = session.scalar(_open_votes(actor.guild_id, now).where(Prediction.id == prediction_id)) is not None
    return Evidence(code, statement, actor.guild_id, quotes, own, has_vote)


def remove(session: Session, actor: Actor, *, quote_id: int, now: datetime) -> Evidence:
    """Remove a quote: whoever quoted it, and managers. Raises Refused."""
    found = select(Quote.id, Prediction.code).join(Prediction, Prediction.id == Quote.prediction_id)
    row = session.execute(found.where(Quote.id == quote_id, Prediction.guild_id == actor.guild_id)).first()
    if row is None:
        raise Refused("That quote is gone already.")
    if quote_id not in evidence_of(session, actor, code=row.code, now=now).own:
        raise Refused("Only whoever quoted it, or a manager, can remove a quote.")
    session.execute(delete(Quote).where(Quote.id == quote_id).execution_options(synchronize_session=False))
    return evidence_of(session, actor, code=row.code, now=now)


def _open_votes(guild_id: int, now: datetime) -> Select[Any]:
    return (
        select(Vote)
        .join(Prediction, Prediction.id == Vote.prediction_id)
        .where(Prediction.guild_id == guild_id, Vote.state == VoteState.OPEN, clocks.is_running(now))
    )


def _prediction_id(session: Session, actor: Actor, code: int) -> int:
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    return prediction_id


def _check(actor: Actor, message: QuotedMessage) -> None:
    if message.guild_id != actor.guild_id:
        raise Refused("Only messages of this server can be quoted here.")
    if message.is_ours:
        raise Refused("I wrote that message myself. Quote one that shows what happened.")
    if message.is_notice:
        raise Refused("That's a notice from Discord, and nobody said it. Quote a message that shows what happened.")
    if not _first_words(message.words) and not message.has_more:
        raise Refused("That message is empty. Quote one that shows what happened.")


def _first_words(words: str) -> str:
    cleaned = clean_line(words, refuse=False)
    return cleaned if len(cleaned) <= FIRST_WORDS else cleaned[: FIRST_WORDS - 1].rstrip() + "…"
