"""The recency-weighted quantiles of those who stand, at every step of a prediction's life, however many there are.

Every change moves the weights of all who came before it, for these go by the rank in the order of time. But within a block of a few
dozen changes they move little, and smoothly. So for each block, bounds say between which values the quantile stays. What is
certainly below is a sum for each stretch of ranks that move together, interpolated in how far they have moved; what lies between is
added up one by one, at every step. The quantile is then a value that someone gave, found exactly; and where rounding could have
chosen its neighbour, all weights are added up as the definition has it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bot.domain.quantiles import recency_weights, weighted_quantiles, weights_of_sets
from bot.domain.standing import CHANGES, Block, blocks_of, standing_matrix
from bot.domain.timelines import Floats, Integers, Timeline

Flags = npt.NDArray[np.bool_]

SMALL = 1024
"""Up to this many, all weights are added up at every step."""
MARGIN = 1e-8
"""So near to a step of the cumulative share, all are added up as well. What is left out and what interpolation misses is less."""
MISSED = 1e-10
"""What interpolation may miss, as a share of all weight."""
MOST_NODES = 10


def quantiles_at_steps(timeline: Timeline, quantiles: tuple[float, ...]) -> Floats:
    """The weighted quantiles at each step: (quantiles, steps, values), NaN where nobody stands."""
    values = timeline.forecasts.values
    found = np.full((len(quantiles), len(timeline.times), values.shape[1]), np.nan)
    weights = _Weights()
    ranks: Integers | None = None
    for block in blocks_of(timeline):
        steps = slice(block.start, block.stop)
        moves = _Moves.of(timeline, block) if int(timeline.active[steps].min()) > SMALL else None
        nodes = None if moves is None else _nodes(moves)
        if moves is None or nodes is None:
            _add_up(timeline, block, quantiles, found)
            continue
        if ranks is None:
            ranks = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable")
        weights.reach(moves.lowest, int(moves.counts.max()) + CHANGES)
        for column in range(values.shape[1]):
            search = _Search(moves, weights, nodes, ranks[block.standing, column])
            places, is_sure = search.places(quantiles)
            found[:, steps, column] = values[block.standing[places], column]
            for at, step in np.argwhere(~is_sure).tolist():
                found[at, block.start + step, column] = _exact(timeline, block.start + step, quantiles[at], column)
    return found


def _add_up(timeline: Timeline, block: Block, quantiles: tuple[float, ...], found: Floats) -> None:
    """All weights at every step of a block."""
    active = timeline.active[block.start : block.stop]
    steps = np.flatnonzero(active > 0)
    if len(steps):
        standing = standing_matrix(timeline, block)[steps]
        weights = weights_of_sets(active[steps], standing.shape[1])
        found[:, block.start + steps] = weighted_quantiles(timeline.forecasts.values, standing, weights, quantiles)


def _exact(timeline: Timeline, step: int, quantile: float, column: int) -> float:
    standing = np.flatnonzero((timeline.first <= step) & (step < timeline.last))
    values = timeline.forecasts.values[standing, column : column + 1]
    everyone = np.arange(len(standing))[None, :]
    return float(weighted_quantiles(values, everyone, recency_weights(len(standing))[None, :], (quantile,))[0, 0, 0])


@dataclass(slots=True)
class _Weights:
    """exp(sqrt(rank) - sqrt(highest)) of the ranks from `lowest` on, and their running sums; made again when ranks leave them."""

    lowest: int = 1
    of: Floats = field(default_factory=lambda: np.empty(0))
    sums: Floats = field(default_factory=lambda: np.empty(0))

    def reach(self, lowest: int, highest: int) -> None:
        """Hold these ranks."""
        lowest = max(lowest, 1)
        if not self.lowest <= lowest <= highest < self.lowest + len(self.of) or len(self.of) > 2 * (highest - lowest) + 2048:
            room = 16 * CHANGES
            self.lowest = max(lowest - room, 1)
            roots = np.sqrt(np.arange(self.lowest, highest + room + 1, dtype=np.float64))
            self.of = np.exp(roots - roots[-1])
            self.sums = np.cumsum(self.of)

    def at(self, ranks: Integers) -> Floats:
        """The weights of ranks; of those below the lowest, who stand no more, some weight."""
        return self.of[np.maximum(ranks - self.lowest, 0)]

    def up_to(self, counts: Integers) -> Floats:
        """The weight of all when this many stand."""
        return self.sums[counts - self.lowest]


@dataclass(frozen=True, slots=True)
class _Moves:
    """How ranks move in a block. `counts` (steps,) says how many stand. Most of the block's forecasts are steady, that is, stand in
    all of it; the others, `passing`, cut them into stretches, and a steady one's stretch is how many of these are older.

    The rank of a forecast is ranks[its stretch, step] - newer[it]; a passing one's stretch counts itself.
    """

    is_steady: Flags
    passing: Integers
    stands: Flags
    stretch: Integers
    newer: Integers
    counts: Integers
    ranks: Integers
    least: Integers
    most: Integers

    @classmethod
    def of(cls, timeline: Timeline, block: Block) -> _Moves:
        first, last = timeline.first[block.standing], timeline.last[block.standing]
        is_steady = (first <= block.start) & (last >= block.stop)
        passing = np.flatnonzero(~is_steady)
        steps = np.arange(block.start, block.stop)
        stands = (first[passing, None] <= steps) & (steps < last[passing, None])
        standing_later = np.zeros((len(passing) + 1, len(steps)), dtype=np.int64)
        standing_later[:-1] = np.cumsum(stands[::-1], axis=0)[::-1]
        counts = timeline.active[block.start : block.stop]
        ranks = counts - standing_later
        so_far = np.cumsum(is_steady)
        newer = (so_far[-1] if len(so_far) else 0) - so_far
        stretch = np.arange(1, len(is_steady) + 1) - so_far
        return cls(is_steady, passing, stands, stretch, newer, counts, ranks, ranks.min(axis=1), ranks.max(axis=1))

    @property
    def lowest(self) -> int:
        """The lowest rank of any."""
        return int(self.least.min() - self.newer.max(initial=0))


def _nodes(moves: _Moves) -> tuple[Integers, Floats] | None:
    """How far ranks are moved where sums are taken, and the polynomial of each of these at each distance, (nodes, distances);
    None where too many would be needed."""
    furthest = int((moves.most - moves.least).max())
    steepness = furthest / (8 * math.sqrt(int(moves.counts.min())))
    count = next((k for k in range(1, MOST_NODES + 1) if 2 * steepness**k / math.factorial(k) < MISSED), None)
    if count is None:
        return None
    if count > furthest:
        nodes = np.arange(furthest + 1)
    else:
        angles = (np.arange(count) + 0.5) * math.pi / count
        nodes = np.unique(np.rint(furthest / 2 * (1 - np.cos(angles))).astype(np.int64))
    distances = np.arange(furthest + 1)
    lagrange = [
        np.prod(
            [(distances - other) / (node - other) for other in nodes if other != node] or [np.ones(len(distances))], axis=0
        )
        for node in nodes
    ]
    return nodes, np.array(lagrange, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for quantiles of one column of values in a block; `values` are their ranks, no two alike."""

    moves: _Moves
    weights: _Weights
    nodes: tuple[Integers, Floats]
    values: Integers

    def places(self, quantiles: tuple[float, ...]) -> tuple[Integers, Flags]:
        """Which of the block's forecasts is the quantile at each step, and whether that is sure; both (quantiles, steps)."""
        moves = self.moves
        order = np.argsort(self.values)
        everything = self.weights.up_to(moves.counts)
        slack = MARGIN * float(everything.max())
        passing = self._weights_of(moves.passing) * moves.stands
        least, most = self._bounds(passing)
        surely, possibly = np.cumsum(least[order]), np.cumsum(most[order]) + slack
        found = np.empty((len(quantiles), len(moves.counts)), dtype=np.int64)
        is_sure = np.empty(found.shape, dtype=bool)
        steps = np.arange(len(moves.counts))
        sums, done = np.zeros(len(steps)), 0
        for at in sorted(range(len(quantiles)), key=quantiles.__getitem__):
            wanted = quantiles[at] * everything
            below = int(np.searchsorted(possibly, float(wanted.min())))
            within = int(np.searchsorted(surely, float(wanted.max()) + slack)) + 1
            sums, done = sums + self._sums_of(order[done:below], passing), below
            rows = order[done:within]
            running = np.empty((len(rows) + 1, len(steps)))
            running[0], running[1:] = sums, self._standing_weights_of(rows, passing)
            np.cumsum(running, axis=0, out=running)
            place = np.minimum((running[1:] < wanted).sum(axis=0), len(rows) - 1)
            before: Floats = wanted - running[place, steps]
            after: Floats = running[place + 1, steps] - wanted
            found[at] = rows[place]
            is_sure[at] = np.minimum(before, after) > MARGIN * everything
        return found, is_sure

    def _bounds(self, passing: Floats) -> tuple[Floats, Floats]:
        """The least and the greatest weight that each forecast has in the block."""
        moves = self.moves
        least, most = (self.weights.at(ranks[moves.stretch] - moves.newer) for ranks in (moves.least, moves.most))
        least[moves.passing], most[moves.passing] = 0.0, passing.max(axis=1)
        return least, most

    def _standing_weights_of(self, rows: Integers, passing: Floats) -> Floats:
        """(rows, steps), 0 where a passing one does not stand."""
        found = self._weights_of(rows)
        are_passing = np.flatnonzero(~self.moves.is_steady[rows])
        found[are_passing] = passing[np.searchsorted(self.moves.passing, rows[are_passing])]
        return found

    def _weights_of(self, rows: Integers) -> Floats:
        """(rows, steps)"""
        return self.weights.at(self.moves.ranks[self.moves.stretch[rows]] - self.moves.newer[rows, None])

    def _sums_of(self, rows: Integers, passing: Floats) -> Floats:
        """The weight at each step of some forecasts together."""
        moves, (nodes, polynomials) = self.moves, self.nodes
        is_steady = moves.is_steady[rows]
        steady, others = rows[is_steady], rows[~is_steady]
        stretch = moves.stretch[steady]
        lowest = moves.least[stretch] - moves.newer[steady]
        moved = moves.ranks - moves.least[:, None]
        sums: Floats = passing[np.searchsorted(moves.passing, others)].sum(axis=0)
        for node, polynomial in zip(nodes.tolist(), polynomials, strict=True):
            at_node = np.bincount(stretch, self.weights.at(lowest + node), minlength=len(moves.least))
            sums = sums + at_node @ polynomial[moved]
        return sums
