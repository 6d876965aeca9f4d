"""Moves of a crowd: by 15 points or more within a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.types import Values

WITHIN = timedelta(hours=24)
LEAST = 0.15
"""A smaller move isn't worth telling."""
LEAST_MEMBERS = 3
"""Of fewer, one member's forecast moves the crowd."""
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class CrowdStand:
    """What the crowd said from a moment on, and how many members it was: a probability, or one for each option."""

    at: datetime
    members: int
    values: Values


@dataclass(frozen=True, slots=True)
class ProbabilityMove:
    """How far a probability went, from 0 to 1 each, by `at`. `option` is its place where there are several."""

    at: datetime
    option: int
    before: float
    after: float

    @property
    def size(self) -> float:
        """How far that is, whichever way."""
        return abs(self.after - self.before)


def biggest_move(stands: Sequence[CrowdStand], *, since: datetime, until: datetime) -> ProbabilityMove | None:
    """The biggest move that ended from `since` on and before `until`, the latest of equal ones; None if none is big enough.

    `stands` are in order, and begin with the last one that's a day older than `since`.
    """
    biggest: ProbabilityMove | None = None
    for index, stand in enumerate(stands):
        if not since <= stand.at < until or stand.members < LEAST_MEMBERS:
            continue
        for move in _moves_to(stand, stands[:index]):
            if move.size >= LEAST - ROUNDING and (biggest is None or move.size >= biggest.size - ROUNDING):
                biggest = move
    return biggest


def _moves_to(stand: CrowdStand, earlier: Sequence[CrowdStand]) -> list[ProbabilityMove]:
    """From each of what the crowd said within the day before."""
    moves: list[ProbabilityMove] = []
    for before in reversed(earlier):
        if before.members >= LEAST_MEMBERS and len(before.values) == len(stand.values):
            pairs = zip(before.values, stand.values, strict=True)
            moves += [ProbabilityMove(stand.at, option, old, new) for option, (old, new) in enumerate(pairs)]
        if before.at <= stand.at - WITHIN:
            break  # this one stood when the day began
    return moves
