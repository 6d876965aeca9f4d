"""Ballots: cast, changed and withdrawn while a vote is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.evidence import checked_link, checked_words
from bot.domain.times import over_at
from bot.domain.types import Actor
from bot.domain.voting import Answer, Choice, choices_of
from bot.services import outbox
from bot.services.members import guilds
from bot.services.predictions.editing import LAST_DATE_IN
from db import queries
from db.models import Ballot, Prediction, Vote, VoteState


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot that was taken, and what it replaced."""

    code: int
    answer: Answer
    new_date: date | None
    previous: Answer | None
    closes_at: datetime


def cast(
    session: Session,
    actor: Actor,
    *,
    code: int,
    answer: Answer,
    new_date: date | None = None,
    link: str | None = None,
    words: str | None = None,
    now: datetime,
) -> CastBallot:
    """Cast or change one's ballot. Raises NotFound, or Refused with what is wrong."""
    vote, prediction = _held_open_vote(session, actor, code, now)
    require_voter(vote, actor)
    options = len(queries.option_names(session, prediction.id))
    if answer not in choices_of(prediction.kind, options):
        raise Refused(f"That is no answer to #{code}. Open its vote anew with /vote and choose there.")
    if new_date is not None and answer.choice is not Choice.TOO_EARLY:
        raise Refused("A new date belongs to the answer “too early”.")
    if new_date is not None and new_date <= now.date():
        raise Refused("That day is over already. Name one that is still to come.")
    if new_date is not None and new_date > (now + LAST_DATE_IN).date():
        raise Refused("That day is more than 50 years away. Name an earlier one.")
    member_id = guilds.member_of(session, actor, now=now)
    row = {
        "choice": answer.choice,
        "position": answer.position,
        "new_resolves_at": None if new_date is None else over_at(new_date),
        "link": checked_link(link),
        "words": checked_words(words),
        "cast_at": now,
    }
    own = select(Ballot.choice, Ballot.position).where(Ballot.vote_id == vote.id, Ballot.member_id == member_id)
    before = session.execute(own.with_for_update()).first()
    # The same member may click twice at once: the database decides which was first, and the later one stays.
    queries.insert_or_update(session, Ballot, {"vote_id": vote.id, "member_id": member_id}, row)
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
    previous = None if before is None else Answer(before.choice, before.position)
    return CastBallot(code, answer, new_date, previous, vote.closes_at)


def withdraw(session: Session, actor: Actor, *, code: int, now: datetime) -> None:
    """Take one's ballot back while the vote is open. Raises Refused when there is none."""
    vote, prediction = _held_open_vote(session, actor, code, now)
    member_id = guilds.known_member(session, actor) or 0
    gone = delete(Ballot).where(Ballot.vote_id == vote.id, Ballot.member_id == member_id).returning(Ballot.vote_id)
    if session.execute(gone).first() is None:
        raise Refused(f"You have no ballot on #{code} to take back.")
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)


def require_voter(vote: Vote, actor: Actor) -> None:
    """Who may vote was settled when the vote opened: members of some standing, with the voter role if one was set."""
    if actor.is_bot:
        raise Refused("Bots do not vote.")
    role_id, hours = vote.rule["voter_role_id"], vote.rule["voter_hours"]
    if role_id is not None and role_id not in actor.role_ids:
        raise Refused(f"Only members with the role <@&{role_id}> vote here.")
    since = vote.opened_at - timedelta(hours=hours)
    if actor.joined_at is None or actor.joined_at > since:
        raise Refused(
            f"Who votes must have been here for {hours} hours when the vote opened; you joined later. You can vote on the next."
        )


def _held_open_vote(session: Session, actor: Actor, code: int, now: datetime) -> tuple[Vote, Prediction]:
    """The open vote, shared with other ballots and held against being counted meanwhile."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    open_now = select(Vote).where(
        Vote.prediction_id == (prediction_id or 0), Vote.state == VoteState.OPEN, Vote.closes_at > now
    )
    vote = session.scalar(open_now.with_for_update(read=True))
    if prediction_id is None:
        raise NotFound(f"#{code}")
    if vote is None:
        raise Refused(f"#{code} has no open vote. /resolution status #{code} shows where it stands.")
    return vote, session.get_one(Prediction, prediction_id)
