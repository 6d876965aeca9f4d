"""The steps that give a prediction its result, and everything that follows from it, in the same transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED, may_move
from bot.domain.outcomes import ANNULLED, NO, YES, Outcome
from bot.domain.times import over_at
from bot.domain.types import Relation, State
from bot.services import outbox, posts
from bot.services.predictions import ladder, steps
from bot.services.scoring import scores
from db.models import Event, Prediction, Proposal, Vote, VoteState

TOO_EARLY_DAYS = timedelta(days=30)


def move(
    session: Session,
    prediction: Prediction,
    to: State,
    *,
    kind: EventKind,
    now: datetime,
    member_id: int | None = None,
    words: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Move a locked prediction to another state, as a step of its log. Raises AssertionError for a move that isn't allowed."""
    origin = prediction.state
    assert may_move(origin, to), f"prediction {prediction.id}: {origin} -> {to}"
    note(session, prediction, kind=kind, now=now, member_id=member_id, words=words, data=data, to=to)
    prediction.state = to
    outbox.queue_card_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, now=now)


def note(
    session: Session,
    prediction: Prediction,
    *,
    kind: EventKind,
    now: datetime,
    member_id: int | None = None,
    words: str | None = None,
    data: dict[str, Any] | None = None,
    to: State | None = None,
) -> None:
    """Write a step of the log; without `to` the state stays the same."""
    session.add(
        Event(
            prediction_id=prediction.id,
            member_id=member_id,
            at=now,
            kind=kind,
            from_state=None if to is None else prediction.state,
            to_state=to,
            words=words,
            data=data or {},
        )
    )


def settle(
    session: Session,
    prediction: Prediction,
    outcome: Outcome,
    *,
    kind: EventKind,
    now: datetime,
    member_id: int | None = None,
    words: str | None = None,
    data: dict[str, Any] | None = None,
    happened_at: datetime | None = None,
    announces: bool = True,
) -> None:
    """Give a prediction its result: everyone is scored, reminders end, predictions whose condition failed are
    annulled, and all of it is announced. Forecasts made from `happened_at` on stay, and count for nothing.

    Without `announces` nothing is posted: a document's results come by the hundred.
    """
    is_annulled = outcome.word == ANNULLED
    told: dict[str, Any] = {"outcome": outcome.word, "value": outcome.value} | (data or {})
    if happened_at is not None and not is_annulled:
        told["happened_at"] = happened_at.isoformat()
        prediction.happened_at = happened_at
    to = State.ANNULLED if is_annulled else State.RESOLVED
    move(session, prediction, to, kind=kind, now=now, member_id=member_id, words=words, data=told)
    prediction.outcome, prediction.outcome_value, prediction.resolved_at = outcome.word, outcome.value, now
    if prediction.closed_at is None:
        prediction.closed_at = min(now, prediction.closes_at or now)
    steps.end_reminders(session, prediction, now=now)
    end_votes(session, prediction, now=now)
    scores.record(session, prediction, now=now)
    if announces:
        posts.result(session, prediction, is_direct=member_id is not None, along_with=told.get("with"), now=now)
    if outcome.word in (YES, NO, ANNULLED):
        annul_dependents(session, prediction, now=now, announces=announces)


def settle_new(
    session: Session,
    prediction: Prediction,
    outcome: Outcome,
    *,
    kind: EventKind,
    now: datetime,
    words: str,
    data: dict[str, Any],
) -> None:
    """Give a prediction its result in the transaction that created it: nobody knows of it yet, so nothing needs to end."""
    to = State.ANNULLED if outcome.word == ANNULLED else State.RESOLVED
    assert may_move(prediction.state, to), f"prediction {prediction.id}: {prediction.state} -> {to}"
    told = {"outcome": outcome.word, "value": outcome.value} | data
    note(session, prediction, kind=kind, now=now, words=words, data=told, to=to)
    prediction.state, prediction.outcome, prediction.outcome_value = to, outcome.word, outcome.value
    prediction.next_step_at = None


def annul_dependents(session: Session, prediction: Prediction, *, now: datetime, announces: bool = True) -> None:
    """Annul the predictions whose condition this one was, now that it has failed, and those that depend on them in turn. Most
    count only if it comes true, some only if it doesn't; none if it's annulled."""
    for child in _children(session, prediction):
        is_failed = prediction.outcome == ANNULLED or (prediction.outcome == YES) is child.is_negated
        if child.relation is Relation.CONDITIONAL and child.state not in ENDED and is_failed:
            words = f"It only counted if #{prediction.code} came true, and that didn't happen."
            if child.is_negated:
                was = "was annulled" if prediction.outcome == ANNULLED else "did"
                words = f"It only counted if #{prediction.code} didn't come true, and it {was}."
            data, void = {"with": prediction.id}, Outcome(ANNULLED)
            settle(session, child, void, kind=EventKind.ANNULLED, now=now, words=words, data=data, announces=announces)


def end_votes(session: Session, prediction: Prediction, *, now: datetime, keeps_proposals: bool = False) -> None:
    """Close whatever is still running on a prediction: its vote, the wait for objections, and its proposals.

    With `keeps_proposals` they stay, as answers in the vote that follows.
    """
    going_on = select(Vote).where(Vote.prediction_id == prediction.id, Vote.ended_at.is_(None))
    for vote in session.scalars(going_on.with_for_update()).all():
        vote.ended_at = now
        if vote.state is not VoteState.DECIDED:
            vote.state = VoteState.CANCELLED
        outbox.queue_vote_refresh(
            session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now
        )
    session.flush()
    if keeps_proposals:
        return
    standing = (Proposal.prediction_id == prediction.id, Proposal.closed_at.is_(None))
    session.execute(update(Proposal).where(*standing).values(closed_at=now))


def is_early(prediction: Prediction, now: datetime) -> bool:
    """Whether a prediction's date is still to come, or unknown."""
    return prediction.resolves_at is None or prediction.resolves_at > now


def ask_again(
    session: Session, prediction: Prediction, *, new_date: date | None, now: datetime, data: dict[str, Any]
) -> None:
    """It was too early to say: the vote comes again on the day that the ballots named, or 30 days on. Forecasting stays closed."""
    if prediction.resolves_at is not None and prediction.resolves_at > now:  # a vote of version 0.1, before its date
        return return_to_forecasting(session, prediction, kind=EventKind.TOO_EARLY, now=now, data=data)
    again_at = over_at(new_date) if new_date is not None and over_at(new_date) > now else now + TOO_EARLY_DAYS
    prediction.resolves_at, data = again_at, data | {"resolves_at": again_at.isoformat()}
    move(session, prediction, State.CLOSED, kind=EventKind.TOO_EARLY, now=now, data=data)
    steps.follow_date(session, prediction, now=now)


def return_to_forecasting(
    session: Session, prediction: Prediction, *, kind: EventKind, now: datetime, data: dict[str, Any]
) -> None:
    """Nothing was decided before the date: the prediction takes forecasts again if there's time, else it waits closed."""
    is_over = prediction.closes_at is not None and prediction.closes_at <= now
    move(session, prediction, State.CLOSED if is_over else State.OPEN, kind=kind, now=now, data=data)
    prediction.closed_at = prediction.closes_at if is_over else None
    steps.follow_date(session, prediction, now=now)


def unsettle(
    session: Session,
    prediction: Prediction,
    *,
    member_id: int | None,
    words: str,
    now: datetime,
    kind: EventKind = EventKind.REOPENED,
    data: dict[str, Any] | None = None,
) -> None:
    """Withdraw a result and its scores. What was annulled because of it comes back too; its announcement is marked superseded."""
    was = {"outcome": prediction.outcome, "value": prediction.outcome_value} | (data or {})
    move(session, prediction, State.REOPENED, kind=kind, now=now, member_id=member_id, words=words, data=was)
    prediction.outcome = prediction.outcome_value = prediction.resolved_at = prediction.happened_at = None
    scores.clear(session, prediction)
    if prediction.result_message_id is not None or member_id is not None:
        outbox.queue(
            session,
            outbox.MessageKind.SUPERSEDED,
            guild_id=prediction.guild_id,
            payload={"prediction_id": prediction.id},
            due_at=now,
        )
    ladder.set_out(session, prediction, now=now)
    for child in _children(session, prediction):
        if child.state is State.ANNULLED and _was_annulled_with(session, child, prediction):
            unsettle(session, child, member_id=member_id, words=f"#{prediction.code} was reopened", now=now)
            is_over = child.closes_at is not None and child.closes_at <= now
            if not is_over:
                move(session, child, State.OPEN, kind=EventKind.RESTORED, now=now)
                child.closed_at = None
                steps.follow_date(session, child, now=now)


def withdraw_result(
    session: Session, prediction: Prediction, *, member_id: int | None, words: str, now: datetime, data: dict[str, Any]
) -> None:
    """Withdraw a result; forecasting goes on if there's time, else a new vote opens."""
    unsettle(session, prediction, member_id=member_id, words=words, now=now, data=data)
    if prediction.closes_at is None or prediction.closes_at > now:
        move(session, prediction, State.OPEN, kind=EventKind.FORECASTING_AGAIN, now=now)
        prediction.closed_at = None
        steps.follow_date(session, prediction, now=now)


def _children(session: Session, prediction: Prediction) -> list[Prediction]:
    hanging = select(Prediction).where(Prediction.parent_id == prediction.id, Prediction.guild_id == prediction.guild_id)
    return list(session.scalars(hanging.order_by(Prediction.id).with_for_update()))


def _was_annulled_with(session: Session, child: Prediction, parent: Prediction) -> bool:
    last = select(Event.data).where(Event.prediction_id == child.id, Event.to_state == State.ANNULLED)
    data = session.scalar(last.order_by(Event.id.desc()).limit(1)) or {}
    return data.get("with") == parent.id
