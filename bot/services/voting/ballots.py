"""Casting, changing and withdrawing ballots while a vote is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.evidence import checked_link, checked_words
from bot.domain.happenings import FARTHEST_BACK
from bot.domain.outcomes import Outcome
from bot.domain.times import day_text, over_at
from bot.domain.types import Actor, Kind
from bot.domain.voting import Answer, Choice, choices_of
from bot.services import outbox, waking
from bot.services.members import guilds
from bot.services.predictions.editing import LAST_DATE_IN
from bot.services.voting import clocks, outcomes
from bot.services.voting.views import VoteView, vote_view
from bot.services.voting.voters import require_voter_in
from db import queries
from db.models import Ballot, Prediction, Proposal, Vote, VoteState


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A ballot that was taken, what it replaced, and the vote as its member now sees it."""

    vote: VoteView
    answer: Answer
    previous: Answer | None


@waking.tells_when
def cast(
    session: Session,
    actor: Actor,
    *,
    code: int,
    vote_id: int | None = None,
    answer: Answer,
    new_date: date | None = None,
    happened_at: datetime | str | None = None,
    link: str | None = None,
    words: str | None = None,
    now: datetime,
    locale: str | None = None,
) -> CastBallot:
    """Cast or change a member's ballot; with a `vote_id`, only in that vote. Raises NotFound, or Refused with what's wrong.

    A ballot that says what happened carries the moment: `happened_at`, in the notation of the member's `locale`, else the one
    on the paper.
    """
    vote, prediction = _held_open_vote(session, actor, code, vote_id, now)
    require_voter_in(vote, actor, now=now)
    answer = _checked(session, vote, prediction, answer)
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
        "value": answer.value,
        "happened_at": _moment(session, vote, prediction, answer, happened_at, locale=locale, now=now),
        "new_resolves_at": None if new_date is None else over_at(new_date),
        "link": checked_link(link),
        "words": checked_words(words),
        "cast_at": now,
    }
    own = select(Ballot.choice, Ballot.position, Ballot.value).where(
        Ballot.vote_id == vote.id, Ballot.member_id == member_id
    )
    before = session.execute(own.with_for_update()).first()
    # A member may click twice at once: the database decides which came first, and the later one stays.
    queries.insert_or_update(session, Ballot, {"vote_id": vote.id, "member_id": member_id}, row)
    clocks.note_change(vote, now=now)
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
    previous = None if before is None else Answer(before.choice, before.position, before.value)
    return CastBallot(_view_for(session, actor, vote, member_id, now), answer, previous)


@waking.tells_when
def withdraw(session: Session, actor: Actor, *, code: int, vote_id: int | None = None, now: datetime) -> VoteView:
    """Withdraw a member's ballot while the vote is open. Raises Refused if there's none."""
    vote, prediction = _held_open_vote(session, actor, code, vote_id, now)
    member_id = guilds.known_member(session, actor) or 0
    gone = delete(Ballot).where(Ballot.vote_id == vote.id, Ballot.member_id == member_id).returning(Ballot.vote_id)
    if session.execute(gone).first() is None:
        raise Refused(f"You haven't voted on #{code}, so there's nothing to withdraw.")
    clocks.note_change(vote, now=now)
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
    return _view_for(session, actor, vote, member_id, now)


def open_vote(session: Session, actor: Actor, *, code: int, vote_id: int | None = None, now: datetime) -> VoteView:
    """The open vote on a prediction as this member may see it. Raises NotFound, or Refused
    if there's none, it isn't that one, or the member has no vote in it."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    vote = _wanted(session.scalar(_open(prediction_id, now)), code, vote_id)
    require_voter_in(vote, actor, now=now)
    return _view_for(session, actor, vote, guilds.known_member(session, actor), now)


def _open(prediction_id: int, now: datetime) -> Select[Vote]:
    return select(Vote).where(Vote.prediction_id == prediction_id, Vote.state == VoteState.OPEN, clocks.is_running(now))


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
    """The open vote, locked so that it isn't counted meanwhile and each ballot sees the others."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    vote = _wanted(session.scalar(_open(prediction_id, now).with_for_update()), code, vote_id)
    return vote, session.get_one(Prediction, prediction_id)


def _checked(session: Session, vote: Vote, prediction: Prediction, answer: Answer) -> Answer:
    """The answer if this vote takes it, a number as cards show it. Raises Refused."""
    options = len(queries.option_names(session, prediction.id))
    takes = choices_of(prediction.kind, options, is_early=vote.is_early)
    if prediction.kind in (Kind.NUMERIC, Kind.DATE) and vote.proposal_id is not None and not vote.is_early:
        takes = tuple(map(Answer, (Choice.ACCEPT, Choice.REJECT, Choice.TOO_EARLY, Choice.VOID)))  # a vote of version 0.1
    is_of_value = answer.choice is Choice.VALUE
    if Answer(answer.choice, answer.position) not in takes or is_of_value is (answer.value is None):
        raise Refused(f"#{prediction.code} can't be answered like that. Open its vote again with /vote and choose there.")
    if answer.value is None:
        return answer
    return Answer(Choice.VALUE, value=outcomes.as_shown(prediction, outcomes.checked_value(prediction, answer.value)))


def _moment(
    session: Session,
    vote: Vote,
    prediction: Prediction,
    answer: Answer,
    given: datetime | str | None,
    *,
    locale: str | None,
    now: datetime,
) -> datetime | None:
    """When it happened, according to this ballot; None if it says that nothing did."""
    if not answer.choice.is_of_an_event:
        return None
    outcome = Outcome(answer.choice.value, answer.value)
    moment = outcomes.moment_of(session, prediction, outcome, given, now=now, locale=locale)
    paper = paper_moment(session, vote, prediction, answer)
    if moment is None or paper is None or not vote.is_early:
        return moment or paper
    proposed_at = session.scalar(select(Proposal.created_at).where(Proposal.id == vote.proposal_id)) or now
    if moment < min(paper, proposed_at - FARTHEST_BACK):
        raise Refused(
            f"That's more than {FARTHEST_BACK.days} days before it was proposed. Ask a manager, or give a later moment."
        )
    return moment


def paper_moment(session: Session, vote: Vote, prediction: Prediction, answer: Answer) -> datetime | None:
    """The moment on the paper: that of the first seconded proposal of this answer, else the end of its time.

    One member alone must not set the moment of everybody's tap.
    """
    if vote.proposal_id is not None:
        return session.get_one(Proposal, vote.proposal_id).happened_at
    seconded = select(Proposal).where(Proposal.prediction_id == prediction.id, Proposal.closed_at.is_(None))
    seconded = seconded.where(Proposal.seconded_by.is_not(None), Proposal.outcome == answer.choice.value)
    number = answer.position if answer.choice is Choice.OPTION else answer.value
    for proposal in session.scalars(seconded.order_by(Proposal.created_at, Proposal.id)):
        if proposal.outcome_value is None or outcomes.as_shown(prediction, proposal.outcome_value) == number:
            return proposal.happened_at
    return prediction.resolves_at
