"""How long a vote's steps last. A step's time begins when its message has been delivered, and stands still while the bot is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.domain.voting import VoteRule, all_agree
from bot.services.voting import papers
from db import queries
from db.models import Heartbeat, Vote, VoteState

QUARTER = 15
"""Clocks run from a full quarter of an hour (in minutes), so that what is posted in the morning ends before the next morning's post."""

AWAY = timedelta(minutes=10)
"""A shorter pause of the bot costs nobody a vote."""


def begin_step(vote: Vote, *, now: datetime) -> None:
    """Begin a vote's next step, whose time runs once members were shown it. Until then `closes_at` is a plan."""
    vote.clock_started_at, vote.closes_at = None, now + _length(vote)


def started(session: Session, vote_ids: Sequence[int], *, place: dict[str, int] | None, now: datetime) -> None:
    """Members were shown these votes: the time of the step that each is at begins, unless it did before.

    They stand in the message at `place` (channel_id, message_id); without one, somebody was only told of them.
    """
    for vote in session.scalars(select(Vote).where(Vote.id.in_(vote_ids)).order_by(Vote.id).with_for_update()):
        if place is not None:
            vote.channel_id, vote.message_id = place["channel_id"], place["message_id"]
        if vote.ended_at is None and vote.clock_started_at is None:
            vote.clock_started_at = _full_quarter(now)
            pace(session, vote)


def pace(session: Session, vote: Vote) -> None:
    """When a locked vote's step ends: after its time, or after a day if the quorum is reached and all agree."""
    if vote.clock_started_at is not None:
        vote.closes_at = _end(session, vote, vote.clock_started_at)


def end_if_shown(session: Session, vote: Vote, *, now: datetime) -> datetime:
    """When the step of a vote ends that is being shown now: its message says so before it arrives."""
    return vote.closes_at if vote.clock_started_at is not None else _end(session, vote, _full_quarter(now))


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
    last = away_since or session.scalar(select(Heartbeat.at).where(Heartbeat.id == 1))
    beat(session, now=now)
    if last is None or now - last < AWAY:
        return timedelta()
    away = now - last
    running = select(Vote).where(Vote.ended_at.is_(None), Vote.clock_started_at.is_not(None), Vote.closes_at > last)
    for vote in session.scalars(running.with_for_update()):
        assert vote.clock_started_at is not None
        vote.clock_started_at, vote.closes_at = vote.clock_started_at + away, vote.closes_at + away
    return away


def _full_quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute - moment.minute % QUARTER, second=0, microsecond=0)


def _end(session: Session, vote: Vote, started_at: datetime) -> datetime:
    end = started_at + _length(vote)
    quick_hours = vote.rule.get("quick_hours")
    if vote.state is not VoteState.OPEN or quick_hours is None:
        return end
    session.flush()
    if all_agree(papers.of(session, vote), VoteRule(vote.rule["quorum"], vote.rule["majority"])):
        return min(end, started_at + timedelta(hours=quick_hours))
    return end


def _length(vote: Vote) -> timedelta:
    match vote.state:
        case VoteState.OPEN:
            return timedelta(hours=vote.rule["hours"])
        case VoteState.DECIDED:
            return timedelta(hours=vote.rule["objection_hours"])
        case _:
            return timedelta(days=vote.rule["undecided_days"])
