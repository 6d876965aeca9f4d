"""Who stands at the steps of a timeline, for some steps at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.domain.timelines import Integers, Timeline

CHANGES = 32
"""How many changes a block has after its first step, or more where few stand."""
FADED = 20.0
"""By the recency weights, who has less than exp(-FADED) of the newest one's weight has none to speak of: all of them together
have about that share of all weight."""


@dataclass(frozen=True, slots=True)
class Block:
    """Steps [start, stop), and the forecasts that stand in some of them, oldest first: all, or the newest that have weight."""

    start: int
    stop: int
    standing: Integers


def blocks_of(timeline: Timeline) -> Iterator[Block]:
    """The steps of a timeline, some at a time."""
    first, last, steps = timeline.first, timeline.last, len(timeline.times)
    at: Integers = np.bincount(first, minlength=steps) + np.bincount(last, minlength=steps + 1)[:steps]
    before = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(at)))
    begun = np.searchsorted(first, np.arange(steps), side="right")
    standing, seen, is_whole, start = np.empty(0, dtype=np.int64), 0, True, 0
    while start < steps:
        active = int(timeline.active[start])
        changes = max(CHANGES, min(4 * active, 1024 if active < 512 else 0))
        stop = max(int(np.searchsorted(before, int(before[start + 1]) + changes, side="right")) - 1, start + 1)
        until = int(begun[stop - 1])
        standing = np.concatenate((standing[last[standing] > start], np.arange(seen, until)))
        seen = until
        needed = min(active, math.ceil(2 * FADED * math.sqrt(active)) + 2 * changes)
        if not is_whole and np.count_nonzero(first[standing] <= start) < needed:
            standing, is_whole = np.flatnonzero(last[:until] > start), True
        if len(standing) > 1.5 * needed + 2 * changes:
            standing, is_whole = standing[-math.ceil(1.25 * needed + 2 * changes) :], False
        yield Block(start, stop, standing)
        start = stop


def standing_matrix(timeline: Timeline, block: Block) -> Integers:
    """The standing forecasts of each step of a block, (steps, most of them): positions, oldest first; what is left of a row is
    filled with their number."""
    steps = np.arange(block.start, block.stop)[:, None]
    row, which = np.nonzero((timeline.first[block.standing] <= steps) & (steps < timeline.last[block.standing]))
    counts = np.bincount(row, minlength=len(steps))
    ends = np.cumsum(counts)
    matrix = np.full((len(steps), max(1, int(counts.max()))), len(timeline.forecasts))
    matrix[row, np.arange(len(which)) - np.repeat(ends - counts, counts)] = block.standing[which]
    return matrix
