"""How long a vote's steps last. A step's time begins when its message has been delivered, and stands still while the bot is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db import queries
from db.models import Ballot, Heartbeat, Vote, VoteState

QUARTER = 15
"""Clocks run from a full quarter of an hour (in minutes), so that what is posted in the morning ends before the next morning's post."""

HESITATION = timedelta(hours=1)
AWAY = timedelta(minutes=10)
"""A shorter pause of the bot costs nobody a vote."""


def begin_step(vote: Vote, *, now: datetime) -> None:
    """Begin a vote's next step, whose time runs once members were shown it. Until then `closes_at` is a plan."""
    vote.clock_started_at, vote.quick_at, vote.closes_at = None, None, now + _length(vote)


def started(session: Session, vote_ids: Sequence[int], *, place: dict[str, int] | None, now: datetime) -> None:
    """Members were shown these votes: the time of the step that each is at begins, unless it did before.

    They stand in the message at `place` (channel_id, message_id); without one, somebody only heard about them.
    """
    for vote in session.scalars(select(Vote).where(Vote.id.in_(vote_ids)).order_by(Vote.id).with_for_update()):
        if place is not None:
            vote.channel_id, vote.message_id = place["channel_id"], place["message_id"]
        if vote.ended_at is None and vote.clock_started_at is None:
            vote.closes_at = end_if_shown(vote, now=now)
            vote.clock_started_at = _full_quarter(now)
            if session.scalar(select(Ballot.vote_id).where(Ballot.vote_id == vote.id).limit(1)) is not None:
                note_change(vote, now=now)


def end_if_shown(vote: Vote, *, now: datetime) -> datetime:
    """When the step of a vote ends that is being shown now: its message says so before it arrives."""
    return vote.closes_at if vote.clock_started_at is not None else _full_quarter(now) + _length(vote)


def note_change(vote: Vote, *, now: datetime) -> None:
    """A ballot was cast or withdrawn: whether all agree is looked at a day after the start, and no sooner than in an hour.

    Whoever changes their mind has that hour. The end that members see stays: it would say how the secret ballots stand.
    """
    quick_hours = vote.rule.get("quick_hours")
    if vote.clock_started_at is not None and vote.state is VoteState.OPEN and quick_hours is not None:
        vote.quick_at = max(vote.clock_started_at + timedelta(hours=quick_hours), now + HESITATION)


def is_running(now: datetime) -> ColumnElement[bool]:
    """The condition that a vote's step has not ended; one that nobody was shown yet can't end."""
    return or_(Vote.clock_started_at.is_(None), Vote.closes_at > now)


def still_runs(vote: Vote, now: datetime) -> bool:
    """The same, of one vote."""
    return vote.clock_started_at is None or vote.closes_at > now


BEAT = timedelta(minutes=1)
"""How often the bot notes that it's at work."""


def beat(session: Session, *, now: datetime) -> None:
    """Note that the bot is at work."""
    queries.insert_or_update(session, Heartbeat, {"id": 1}, {"at": now})


def resume(session: Session, *, now: datetime, away_since: datetime | None = None) -> timedelta:
    """Put off everything that ran while the bot was away, since then or since its last sign of life. Returns for how long."""
    seen = session.scalar(select(Heartbeat.at).where(Heartbeat.id == 1))  # by another process, too
    last = max((at for at in (away_since, seen) if at is not None), default=None)
    beat(session, now=now)
    if last is None or now - last < AWAY:
        return timedelta()
    away = now - last
    running = select(Vote).where(Vote.ended_at.is_(None), Vote.clock_started_at.is_not(None), Vote.closes_at > last)
    for vote in session.scalars(running.with_for_update()):
        assert vote.clock_started_at is not None
        vote.clock_started_at, vote.closes_at = vote.clock_started_at + away, vote.closes_at + away
        vote.quick_at = None if vote.quick_at is None else vote.quick_at + away
    return away


def _full_quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute - moment.minute % QUARTER, second=0, microsecond=0)


def _length(vote: Vote) -> timedelta:
    match vote.state:
        case VoteState.OPEN:
            return timedelta(hours=vote.rule["hours"])
        case VoteState.DECIDED:
            return timedelta(hours=vote.rule["objection_hours"])
        case _:
            return timedelta(days=vote.rule["undecided_days"])
