"""Casting, changing and withdrawing ballots while a vote is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.evidence import checked_link, checked_words
from bot.domain.times import day_text, over_at
from bot.domain.types import Actor
from bot.domain.voting import Answer, Choice, choices_of
from bot.services import outbox
from bot.services.members import guilds
from bot.services.predictions.editing import LAST_DATE_IN
from bot.services.voting.views import VoteView, vote_view
from db import queries
from db.models import Ballot, Prediction, Vote, VoteState


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot that was taken, what it replaced, and the vote as its member now sees it."""

    vote: VoteView
    answer: Answer
    previous: Answer | None


def cast(
    session: Session,
    actor: Actor,
    *,
    code: int,
    vote_id: int | None = None,
    answer: Answer,
    new_date: date | None = None,
    link: str | None = None,
    words: str | None = None,
    now: datetime,
) -> CastBallot:
    """Cast or change a member's ballot; with a `vote_id`, only in that vote. Raises NotFound, or Refused with what's wrong."""
    vote, prediction = _held_open_vote(session, actor, code, vote_id, now)
    require_voter(vote, actor)
    options = len(queries.option_names(session, prediction.id))
    if answer not in choices_of(prediction.kind, options):
        raise Refused(f"#{code} can't be answered like that. Open its vote again with /vote and choose there.")
    if new_date is not None and answer.choice is not Choice.TOO_EARLY:
        raise Refused("Only the answer “too early” takes a new date.")
    if new_date is not None and new_date <= now.date():
        raise Refused(f"{day_text(new_date)} is already over. Name a day that's still to come.")
    if new_date is not None and new_date > (now + LAST_DATE_IN).date():
        raise Refused(f"{day_text(new_date)} is more than 50 years away. Name an earlier day.")
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
    # A member may click twice at once: the database decides which came first, and the later one stays.
    queries.insert_or_update(session, Ballot, {"vote_id": vote.id, "member_id": member_id}, row)
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
    previous = None if before is None else Answer(before.choice, before.position)
    return CastBallot(_view_for(session, actor, vote, member_id, now), answer, previous)


def withdraw(session: Session, actor: Actor, *, code: int, vote_id: int | None = None, now: datetime) -> VoteView:
    """Withdraw a member's ballot while the vote is open. Raises Refused if there's none."""
    vote, prediction = _held_open_vote(session, actor, code, vote_id, now)
    member_id = guilds.known_member(session, actor) or 0
    gone = delete(Ballot).where(Ballot.vote_id == vote.id, Ballot.member_id == member_id).returning(Ballot.vote_id)
    if session.execute(gone).first() is None:
        raise Refused(f"You haven't voted on #{code}, so there's nothing to withdraw.")
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
    return _view_for(session, actor, vote, member_id, now)


def require_voter(vote: Vote, actor: Actor) -> None:
    """Who can vote was settled when the vote opened: members who'd been here long enough, with the voter role if there is one."""
    if actor.is_bot:
        raise Refused("Bots can't vote.")
    role_id, hours = vote.rule["voter_role_id"], vote.rule["voter_hours"]
    if role_id is not None and role_id not in actor.role_ids:
        raise Refused(f"Only members with the role <@&{role_id}> can vote here.")
    since = vote.opened_at - timedelta(hours=hours)
    if actor.joined_at is None or actor.joined_at > since:
        raise Refused(
            f"You joined less than {hours} hours before this vote opened, so you can't vote in it. You can vote in later ones."
        )


def open_vote(session: Session, actor: Actor, *, code: int, vote_id: int | None = None, now: datetime) -> VoteView:
    """The open vote on a prediction as this member may see it. Raises NotFound, or Refused if there's none, or it isn't that one."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    vote = _wanted(session.scalar(_open(prediction_id, now)), code, vote_id)
    return _view_for(session, actor, vote, guilds.known_member(session, actor), now)


def _open(prediction_id: int, now: datetime) -> Select[Vote]:
    return select(Vote).where(Vote.prediction_id == prediction_id, Vote.state == VoteState.OPEN, Vote.closes_at > now)


def _wanted(vote: Vote | None, code: int, vote_id: int | None) -> Vote:
    """The open vote, if it's the one the button belongs to. Raises Refused."""
    if vote_id is not None and (vote is None or vote.id != vote_id):
        raise Refused(f"That vote is over. Use /resolution status #{code} to see where it stands.")
    if vote is None:
        raise Refused(f"#{code} has no open vote. Use /resolution status #{code} to see where it stands.")
    return vote


def _view_for(session: Session, actor: Actor, vote: Vote, member_id: int | None, now: datetime) -> VoteView:
    view = vote_view(session, guild_id=actor.guild_id, vote_id=vote.id, member_id=member_id, now=now)
    assert view is not None, "a locked vote exists"
    return view


def _held_open_vote(
    session: Session, actor: Actor, code: int, vote_id: int | None, now: datetime
) -> tuple[Vote, Prediction]:
    """The open vote, locked so that it isn't counted meanwhile; other ballots can still come in."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    vote = _wanted(session.scalar(_open(prediction_id, now).with_for_update(read=True)), code, vote_id)
    return vote, session.get_one(Prediction, prediction_id)
