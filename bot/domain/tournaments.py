"""What a tournament is at a moment, which predictions fit into it, and which of them count. docs/tournaments.md says why."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.lifecycle import ENDED
from bot.domain.types import State

WAITS_FOR = timedelta(days=14)
"""So long after its end a tournament waits for results: a vote takes days, and may be asked twice."""
LEAST, MOST_LEAST = 3, 50
"""How many predictions a rank needs if nobody says otherwise, and at most."""
PODIUM = 3
"""Down to which rank a tournament keeps who came there."""


class TournamentStage(StrEnum):
    """Where a tournament stands."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    WAITING = "waiting"
    """It's past its end, and some of its predictions still wait for their results."""
    OVER = "over"
    CALLED_OFF = "called off"


class NotTaken(StrEnum):
    """Why a prediction can't be added to a tournament, or taken out."""

    UNKNOWN = "unknown"
    THERE_ALREADY = "there already"
    NOT_THERE = "not there"
    ENDED = "ended"
    CLOSED = "closed"
    CLOSES_LATER = "closes later"
    NOT_APPROVED = "not approved"
    HAS_FORECASTS = "has forecasts"


class EntryStatus(StrEnum):
    """What a prediction of a tournament does for its standings."""

    COUNTS = "counts"
    OPEN = "open"
    WAITING = "waiting"
    CLOSES_LATER = "closes later"
    TOO_EARLY = "too early"
    TOO_LATE = "too late"
    ANNULLED = "annulled"
    TOO_FEW = "too few"


def stage_of(*, starts_at: datetime, ends_at: datetime, closed_at: datetime | None, now: datetime) -> TournamentStage:
    """Where a tournament stands now; one that was ended before it began was called off."""
    if closed_at is not None:
        return TournamentStage.OVER if closed_at > starts_at else TournamentStage.CALLED_OFF
    return (
        TournamentStage.UPCOMING
        if now < starts_at
        else TournamentStage.RUNNING
        if now < ends_at
        else TournamentStage.WAITING
    )


def why_not_taken(
    *, state: State, closes_at: datetime | None, is_approved: bool, has_forecasts: bool, ends_at: datetime, has_begun: bool
) -> NotTaken | None:
    """Why a prediction can't be added; None if it can.

    It has to close by the tournament's end: one that counted only if it came true early would reward whoever says yes. Once a
    tournament has begun, nobody may have forecast on it, so that nobody knows whom it helps.
    """
    if state in ENDED:
        return NotTaken.ENDED
    if state is not State.OPEN:
        return NotTaken.CLOSED
    if closes_at is None or closes_at > ends_at:
        return NotTaken.CLOSES_LATER
    if not is_approved:
        return NotTaken.NOT_APPROVED
    return NotTaken.HAS_FORECASTS if has_begun and has_forecasts else None


def status_of(
    *,
    state: State,
    closes_at: datetime | None,
    resolved_at: datetime | None,
    starts_at: datetime,
    ends_at: datetime,
    closed_at: datetime | None,
    is_counted: bool,
) -> EntryStatus:
    """What a prediction does for the standings. `is_counted`: rankings count it, and somebody has a score of this kind on it."""
    if state is State.ANNULLED:
        return EntryStatus.ANNULLED
    if closes_at is None or closes_at > ends_at:
        return EntryStatus.CLOSES_LATER
    if state is not State.RESOLVED or resolved_at is None:
        is_over = closed_at is not None
        return EntryStatus.TOO_LATE if is_over else EntryStatus.OPEN if state is State.OPEN else EntryStatus.WAITING
    if resolved_at < starts_at:
        return EntryStatus.TOO_EARLY
    if closed_at is not None and resolved_at > closed_at:
        return EntryStatus.TOO_LATE
    return EntryStatus.COUNTS if is_counted else EntryStatus.TOO_FEW
