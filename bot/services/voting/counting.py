"""How votes end: counted by their frozen rule, extended, handed over, made provisional, made final."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.domain.events import EventKind, VoteNews
from bot.domain.outcomes import ANNULLED, OPTION, Outcome
from bot.domain.times import last_day_before
from bot.domain.types import State
from bot.domain.voting import Answer, BallotPaper, Choice, VoteRule, VoteTally, VoteVerdict, tally
from bot.services import outbox, posts
from bot.services.voting import settling
from db.models import Ballot, Guild, Prediction, Proposal, Vote, VoteState

log = logging.getLogger(__name__)

BATCH = 50
AFTER_A_FAILURE = timedelta(hours=1)


def count_due(session: Session, *, now: datetime) -> bool:
    """Everything votes do on their own: counts, final results, annulments of what nobody decided. False if nothing was due.

    Guilds that the bot has left are skipped: nobody there could vote or see the result. A vote that fails is put off,
    so it doesn't hold up the others.
    """
    present = select(Guild.id).where(Guild.left_at.is_(None))
    due = (
        select(Vote, Prediction)
        .join(Prediction, Prediction.id == Vote.prediction_id)
        .where(Vote.closes_at <= now, Vote.ended_at.is_(None), Prediction.guild_id.in_(present))
    )
    held = due.order_by(Vote.closes_at, Vote.id).limit(BATCH).with_for_update(skip_locked=True)
    rows = session.execute(held).all()
    handed_over: dict[int, list[int]] = {}
    for vote, prediction in rows:
        try:
            with session.begin_nested():
                what = _bring_about(session, vote, prediction, now=now)
            if what is VoteNews.HANDED_OVER:
                handed_over.setdefault(prediction.guild_id, []).append(vote.id)
        except DBAPIError:
            raise
        except Exception:
            log.exception("vote %s could not be counted", vote.id)
            vote.closes_at = now + AFTER_A_FAILURE
            session.flush()
    for guild_id, vote_ids in handed_over.items():
        posts.handed_over(session, guild_id, vote_ids, now=now)
    return bool(rows)


def call_off(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """End the vote on a locked prediction whose date was postponed meanwhile: it takes forecasts until the new date."""
    vote = session.scalars(select(Vote).where(Vote.prediction_id == prediction.id, Vote.ended_at.is_(None))).one()
    settling.end_votes(session, prediction, now=now)
    settling.return_to_forecasting(
        session, prediction, kind=EventKind.CALLED_OFF, new_date=None, now=now, data={"vote_id": vote.id}
    )


def _bring_about(session: Session, vote: Vote, prediction: Prediction, *, now: datetime) -> VoteNews | None:
    """Bring a vote to its next step. Returns news that is posted together with the same news of other votes."""
    match vote.state:
        case _ if vote.ended_at is not None:
            pass  # another vote, settled just before, has annulled this one
        case VoteState.OPEN:
            return _count(session, vote, prediction, now=now)
        case VoteState.DECIDED:
            _finish(session, vote, prediction, now=now)
        case _:
            words = "Nobody decided it in time."
            settling.settle(session, prediction, Outcome(ANNULLED), kind=EventKind.ANNULLED, now=now, words=words)
    return None


def _count(session: Session, vote: Vote, prediction: Prediction, *, now: datetime) -> VoteNews | None:
    counted = tally(_papers_of(session, vote.id), VoteRule(vote.rule["quorum"], vote.rule["majority"]))
    result = vote.result = _told(counted)
    if counted.verdict is not VoteVerdict.DECIDED or counted.answer is None:
        return _extend_or_hand_over(session, vote, prediction, counted, now=now)
    data = result | {"vote_id": vote.id, "quorum": vote.rule["quorum"], "majority": vote.rule["majority"]}
    vote.state = VoteState.DECIDED
    _refresh(session, prediction, vote, now)
    match counted.answer.choice:
        case Choice.TOO_EARLY:
            vote.ended_at = now
            settling.end_votes(session, prediction, now=now)
            settling.return_to_forecasting(
                session, prediction, kind=EventKind.TOO_EARLY, new_date=counted.new_date, now=now, data=data
            )
        case Choice.REJECT:
            vote.ended_at = now
            settling.end_votes(session, prediction, now=now)
            settling.return_to_forecasting(session, prediction, kind=EventKind.REJECTED, new_date=None, now=now, data=data)
        case _:
            vote.closes_at = now + timedelta(hours=vote.rule["objection_hours"])
            settling.move(session, prediction, State.PROVISIONAL, kind=EventKind.PROVISIONAL, now=now, data=data)
            if vote.round > 1:
                _finish(session, vote, prediction, now=now)  # a second round takes no objections
    return None


def _finish(session: Session, vote: Vote, prediction: Prediction, *, now: datetime) -> None:
    """Make the result of a vote final."""
    vote.ended_at = now
    outcome = _outcome(session, vote, prediction)
    kind = EventKind.ANNULLED if outcome.word == ANNULLED else EventKind.RESOLVED
    settling.settle(session, prediction, outcome, kind=kind, now=now, data={"vote_id": vote.id})


def _outcome(session: Session, vote: Vote, prediction: Prediction) -> Outcome:
    result = vote.result or {}
    choice, position = Choice(result["choice"]), result["position"]
    match choice:
        case Choice.VOID:
            return Outcome(ANNULLED)
        case Choice.OPTION:
            return Outcome(OPTION, position)
        case Choice.ACCEPT:
            assert vote.proposal_id is not None
            proposal = session.get_one(Proposal, vote.proposal_id)
            return Outcome(proposal.outcome, proposal.outcome_value)
        case _:
            return Outcome(choice.value)


def _extend_or_hand_over(
    session: Session, vote: Vote, prediction: Prediction, counted: VoteTally, *, now: datetime
) -> VoteNews:
    data = {"vote_id": vote.id, "verdict": counted.verdict, "total": counted.total, "quorum": vote.rule["quorum"]}
    if vote.extended_at is None:
        vote.extended_at = now
        vote.closes_at = now + timedelta(hours=vote.rule["hours"])
        settling.note(session, prediction, kind=EventKind.VOTE_EXTENDED, now=now, data=data)
        what = VoteNews.EXTENDED
    elif settling.is_early(prediction, now):
        # Someone thought it had already happened, and too few agreed: its date is still to come.
        settling.end_votes(session, prediction, now=now)
        settling.return_to_forecasting(session, prediction, kind=EventKind.UNDECIDED, new_date=None, now=now, data=data)
        what = VoteNews.UNDECIDED
    else:
        vote.state = VoteState.HANDED_OVER
        vote.closes_at = now + timedelta(days=vote.rule["undecided_days"])
        settling.note(session, prediction, kind=EventKind.HANDED_OVER, now=now, data=data)
        what = VoteNews.HANDED_OVER
    _refresh(session, prediction, vote, now)
    return what


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
        "new_date": None if counted.new_date is None else counted.new_date.isoformat(),
    }


def _papers_of(session: Session, vote_id: int) -> list[BallotPaper]:
    """The ballots of a vote, without the names."""
    rows = session.execute(select(Ballot.choice, Ballot.position, Ballot.new_resolves_at).where(Ballot.vote_id == vote_id))
    return [
        BallotPaper(
            Answer(row.choice, row.position),
            None if row.new_resolves_at is None else last_day_before(row.new_resolves_at),
        )
        for row in rows
    ]


def _refresh(session: Session, prediction: Prediction, vote: Vote, now: datetime) -> None:
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
