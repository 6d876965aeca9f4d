"""How votes end: counted by their frozen rule, extended, handed over, made provisional, made final."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.domain.events import EventKind
from bot.domain.outcomes import ANNULLED, OPTION, VALUE, Outcome
from bot.domain.types import State
from bot.domain.voting import Choice, VoteRule, VoteTally, VoteVerdict, all_agree, tally, tally_of_more_than_half
from bot.services import outbox, posts
from bot.services.voting import clocks, papers, settling
from db.models import Prediction, Proposal, Vote, VoteState
from db.queries import NOW, PRESENT

log = logging.getLogger(__name__)

BATCH = 50
AFTER_A_FAILURE = timedelta(hours=1)

_DUE = (
    select(Vote, Prediction)
    .join(Prediction, Prediction.id == Vote.prediction_id)
    .where(or_(Vote.closes_at <= NOW, Vote.quick_at <= NOW), Vote.clock_started_at.is_not(None), Vote.ended_at.is_(None))
    .where(Prediction.guild_id.in_(PRESENT))
    .order_by(Vote.closes_at, Vote.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)


def count_due(session: Session, *, now: datetime) -> bool:
    """Everything votes do on their own: counts, final results, annulments of what nobody decided. False if nothing was due.

    Guilds that the bot has left are skipped: nobody there could vote or see the result. A vote that fails is put off,
    so it doesn't hold up the others.
    """
    rows = session.execute(_DUE, {"now": now}).all()
    handed_over: dict[int, list[int]] = {}
    for vote, prediction in rows:
        try:
            with session.begin_nested():
                _bring_about(session, vote, prediction, now=now)
            if vote.state is VoteState.HANDED_OVER and vote.ended_at is None:
                handed_over.setdefault(prediction.guild_id, []).append(vote.id)
        except DBAPIError:
            raise
        except Exception:
            log.exception("vote %s could not be counted", vote.id)
            vote.closes_at, vote.quick_at = now + AFTER_A_FAILURE, None
            session.flush()
    for guild_id, vote_ids in handed_over.items():
        posts.handed_over(session, guild_id, vote_ids, now=now)
    return bool(rows)


def call_off(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """End the vote on a locked prediction whose date was postponed meanwhile: it takes forecasts until the new date."""
    vote = session.scalars(select(Vote).where(Vote.prediction_id == prediction.id, Vote.ended_at.is_(None))).one()
    settling.end_votes(session, prediction, now=now)
    settling.return_to_forecasting(session, prediction, kind=EventKind.CALLED_OFF, now=now, data={"vote_id": vote.id})


def _bring_about(session: Session, vote: Vote, prediction: Prediction, *, now: datetime) -> None:
    """Bring a vote to its next step."""
    match vote.state:
        case _ if vote.ended_at is not None:
            pass  # another vote, settled just before, has annulled this one
        case VoteState.OPEN:
            cast, rule = papers.of(session, vote), VoteRule(vote.rule["quorum"], vote.rule["majority"])
            vote.quick_at = None
            if vote.closes_at > now and not all_agree(cast, rule):
                return
            counted = tally(cast, rule)
            _take(session, vote, prediction, counted, now=now)
        case VoteState.DECIDED:
            _finish(session, vote, prediction, now=now)
        case _:
            _end_for_the_managers(session, vote, prediction, now=now)


def _take(session: Session, vote: Vote, prediction: Prediction, counted: VoteTally, *, now: datetime) -> None:
    """Act on the count of an open vote."""
    result = vote.result = _told(counted)
    if counted.verdict is not VoteVerdict.DECIDED or counted.answer is None:
        return _extend_or_hand_over(session, vote, prediction, counted, now=now)
    data = result | {"vote_id": vote.id, "quorum": vote.rule["quorum"], "majority": vote.rule["majority"]}
    _refresh(session, prediction, vote, now)
    match counted.answer.choice:
        case Choice.NOT_YET:
            _fail(session, vote, prediction, data, now=now)
        case Choice.TOO_EARLY:
            vote.state = VoteState.DECIDED
            settling.end_votes(session, prediction, now=now)
            settling.ask_again(session, prediction, new_date=counted.new_date, now=now, data=data)
        case Choice.REJECT:
            vote.state = VoteState.DECIDED
            settling.end_votes(session, prediction, now=now)
            settling.return_to_forecasting(session, prediction, kind=EventKind.REJECTED, now=now, data=data)
        case _:
            vote.state = VoteState.DECIDED
            data |= _named(outcome_of(session, vote))
            if vote.is_early:
                settling.note(session, prediction, kind=EventKind.PROVISIONAL, now=now, data=data | {"is_early": True})
            else:
                settling.move(session, prediction, State.PROVISIONAL, kind=EventKind.PROVISIONAL, now=now, data=data)
            if vote.round > 1:
                return _finish(session, vote, prediction, now=now)  # a second round takes no objections
            clocks.begin_step(vote, now=now)


def _finish(session: Session, vote: Vote, prediction: Prediction, *, now: datetime) -> None:
    """Make the result of a vote final."""
    vote.ended_at = now
    outcome = outcome_of(session, vote)
    kind = EventKind.ANNULLED if outcome.word == ANNULLED else EventKind.RESOLVED
    moment = (vote.result or {}).get("happened_at")
    settling.settle(
        session,
        prediction,
        outcome,
        kind=kind,
        now=now,
        data={"vote_id": vote.id},
        happened_at=None if moment is None else datetime.fromisoformat(moment),
    )


def outcome_of(session: Session, vote: Vote) -> Outcome:
    """What a vote that was decided says happened."""
    result = vote.result or {}
    choice = Choice(result["choice"])
    match choice:
        case Choice.VOID:
            return Outcome(ANNULLED)
        case Choice.OPTION:
            return Outcome(OPTION, result["position"])
        case Choice.VALUE:
            return Outcome(VALUE, result["value"])
        case Choice.ACCEPT:
            assert vote.proposal_id is not None
            proposal = session.get_one(Proposal, vote.proposal_id)
            return Outcome(proposal.outcome, proposal.outcome_value)
        case _:
            return Outcome(choice.value)


def _extend_or_hand_over(session: Session, vote: Vote, prediction: Prediction, counted: VoteTally, *, now: datetime) -> None:
    data = {"vote_id": vote.id, "verdict": counted.verdict, "total": counted.total, "quorum": vote.rule["quorum"]}
    _refresh(session, prediction, vote, now)
    if vote.extended_at is None:
        vote.extended_at = now
        clocks.begin_step(vote, now=now)
        settling.note(session, prediction, kind=EventKind.VOTE_EXTENDED, now=now, data=data)
        return
    if vote.is_early:
        return _fail(session, vote, prediction, data, now=now)
    if settling.is_early(prediction, now):  # a vote of version 0.1: too few agreed, and its date is still to come
        settling.end_votes(session, prediction, now=now)
        settling.return_to_forecasting(session, prediction, kind=EventKind.UNDECIDED, now=now, data=data)
        return
    vote.state = VoteState.HANDED_OVER
    clocks.begin_step(vote, now=now)
    settling.note(session, prediction, kind=EventKind.HANDED_OVER, now=now, data=data)


def _fail(session: Session, vote: Vote, prediction: Prediction, data: dict[str, Any], *, now: datetime) -> None:
    """End an early vote that came to nothing: its prediction goes on as if it had never been, and so do forecasts."""
    vote.result = (vote.result or {}) | {"has_failed": True}
    settling.end_votes(session, prediction, now=now)
    settling.note(session, prediction, kind=EventKind.UNDECIDED, now=now, data=data | {"is_early": True})


def _end_for_the_managers(session: Session, vote: Vote, prediction: Prediction, *, now: datetime) -> None:
    """The managers had their time: what more than half of the ballots said counts, else nothing does."""
    counted = tally_of_more_than_half(papers.of(session, vote))
    if counted.answer is None or counted.answer.choice in (Choice.ACCEPT, Choice.REJECT):  # the latter only in version 0.1
        words = "Nobody decided it in time."
        return settling.settle(session, prediction, Outcome(ANNULLED), kind=EventKind.ANNULLED, now=now, words=words)
    vote.result, vote.state = _told(counted), VoteState.DECIDED
    if counted.answer.choice is Choice.TOO_EARLY:
        settling.end_votes(session, prediction, now=now)
        return settling.ask_again(session, prediction, new_date=counted.new_date, now=now, data={"vote_id": vote.id})
    return _finish(session, vote, prediction, now=now)


def _named(outcome: Outcome) -> dict[str, Any]:
    return {"outcome": outcome.word, "value": outcome.value}


def _told(counted: VoteTally) -> dict[str, Any]:
    counts = [
        {**asdict(answer), "count": count} for answer, count in sorted(counted.counts.items(), key=lambda one: -one[1])
    ]
    answer = counted.answer
    return {
        "verdict": counted.verdict,
        "total": counted.total,
        "counts": counts,
        "choice": None if answer is None else answer.choice,
        "position": None if answer is None else answer.position,
        "value": None if answer is None else answer.value,
        "happened_at": None if counted.happened_at is None else counted.happened_at.isoformat(),
        "new_date": None if counted.new_date is None else counted.new_date.isoformat(),
    }


def _refresh(session: Session, prediction: Prediction, vote: Vote, now: datetime) -> None:
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
