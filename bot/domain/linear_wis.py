"""The peer score of numbers and dates: linear WIS, which honest quantiles maximise. SCORING has the definition.

    100 c (mean over the others of min(WIS, 1.5 s) - min(own WIS, 6 s)) / s

Nothing but your own WIS depends on your own forecast: `s`, the upper median of the others' 80 % widths, leaves yours out. So for
each moment there are two of them: for those who are wider than the middle of all, and for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.domain.order_statistics import Questions, keys_at, sums_below
from bot.domain.timelines import Floats, Forecasts, Integers, Timeline

SPREAD = 1.7
"""c: with it, the spread among honest forecasters is near that of the peer score of yes-or-no predictions."""
OTHERS_CAP, OWN_CAP = 1.5, 6.0
"""How many times the scale a WIS counts at most: those you're compared with, and your own."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """One of the scales at each step, (steps,): its position among all widths (from the least), itself, how many are compared with,
    and the sum of all active members' capped WIS. The scale is 0 where there is nothing to compare with."""

    rank: Integers
    scale: Floats
    compared: Floats
    capped: Floats


@dataclass(frozen=True, slots=True)
class LinearScales:
    """What linear WIS is measured by on one prediction, at each step: for members wider than the middle of all, for the other
    members, and for somebody who is no member and is compared with all."""

    timeline: Timeline
    wis: Floats
    ranks: Integers
    widths: Floats
    wider: _Scale
    narrower: _Scale
    outside: _Scale


def linear_scales(timeline: Timeline, wis: Floats, values: Floats) -> LinearScales:
    """The scales of a prediction. wis: (forecasts,) of the timeline's forecasts, whose quantiles are `values`."""
    widths = values[:, -1] - values[:, 0]
    order = np.argsort(widths, kind="stable")
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    changes = _Changes.of(timeline)
    sorted_widths, active = widths[order], timeline.active
    of_others, of_all = (active - 1) // 2, active // 2
    by_wis = np.argsort(wis, kind="stable")

    def scale(place: Integers, compared: Integers) -> _Scale:
        is_there = (compared >= 2) & (place < active)
        rank = np.where(is_there, changes.keys_at(ranks, np.where(is_there, place, 0)), 0)
        width = np.where(is_there, sorted_widths[rank] if len(order) else 0.0, 0.0)
        capped = changes.capped_sums(wis, by_wis, OTHERS_CAP * width)
        return _Scale(rank, width, np.maximum(compared, 1).astype(np.float64), capped)

    others = active - 1
    return LinearScales(
        timeline, wis, ranks, sorted_widths, scale(of_others, others), scale(of_others + 1, others), scale(of_all, active)
    )


def member_integrals(scales: LinearScales) -> Floats:
    """The integral of each of the timeline's forecasts over the time in which it is active, in seconds × score."""
    timeline, count = scales.timeline, len(scales.ranks)
    asked = Questions(timeline.first, timeline.last)
    lengths = np.diff(timeline.edges)
    top = np.full(count, count + 1)
    first_wider = count - scales.ranks + 1
    wider = _integrals(scales, scales.wider, lengths, asked, first_wider, top)
    return wider + _integrals(scales, scales.narrower, lengths, asked, np.zeros(count, dtype=np.int64), count - scales.ranks)


def member_scores_at_close(scales: LinearScales, rows: Integers) -> Floats:
    """The scores of these forecasts, which stand at the last step."""
    if len(rows) == 0:
        return np.empty(0)
    is_wider = scales.ranks[rows] > scales.wider.rank[-1]
    own = scales.wis[rows]
    return np.where(is_wider, _score(scales.wider, -1, own, own), _score(scales.narrower, -1, own, own))


def outside_integrals(scales: LinearScales, forecasts: Forecasts, wis: Floats) -> Floats:
    """The same for forecasts of somebody who is no member, each of which may begin and end between the steps."""
    edges = scales.timeline.edges
    if len(edges) < 2:
        return np.zeros(len(wis))
    begun = np.maximum(np.searchsorted(edges, forecasts.starts, side="right") - 1, 0)
    over = np.minimum(np.searchsorted(edges, forecasts.ends), len(edges) - 1)
    counts = np.maximum(over - begun, 0)
    rows = np.repeat(np.arange(len(wis)), counts)
    steps = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts - begun, counts)
    inside = np.minimum(edges[steps + 1], forecasts.ends[rows]) - np.maximum(edges[steps], forecasts.starts[rows])
    scores = _score(scales.outside, steps, wis[rows])
    return np.bincount(rows, scores * np.maximum(inside, 0), minlength=len(wis)).astype(np.float64)


def outside_scores(scales: LinearScales, step: int, wis: Floats) -> Floats:
    """The scores at a step of somebody who is no member."""
    return _score(scales.outside, step, wis)


@dataclass(frozen=True, slots=True)
class _Changes:
    """Comings and goings in the order of time: of which forecast, 1 or -1, and how many of them are over by each step."""

    which: Integers
    signs: Integers
    until: Integers

    @classmethod
    def of(cls, timeline: Timeline) -> _Changes:
        count, steps = len(timeline.forecasts), len(timeline.times)
        which = np.concatenate((np.arange(count), np.arange(count)))
        signs = np.repeat(np.array([1, -1], dtype=np.int64), count)
        at = np.concatenate((timeline.first, timeline.last))
        order = np.argsort(at, kind="stable")
        return cls(which[order], signs[order], np.searchsorted(at[order], np.arange(steps), side="right"))

    def keys_at(self, ranks: Integers, places: Integers) -> Integers:
        return keys_at(ranks[self.which], self.signs, self.until, places)

    def capped_sums(self, wis: Floats, by_wis: Integers, caps: Floats) -> Floats:
        """At each step the sum of min(WIS, cap) over the active forecasts."""
        ranks = np.empty(len(wis), dtype=np.int64)
        ranks[by_wis] = np.arange(len(wis))
        columns = np.stack((self.signs * wis[self.which], self.signs.astype(np.float64)))
        asked = Questions(np.zeros_like(self.until), self.until)
        below = np.searchsorted(wis[by_wis], caps)
        sums, counts = sums_below(ranks[self.which], columns, asked, below)
        standing = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(self.signs)))[self.until]
        return sums + caps * (standing - np.rint(counts))


def _integrals(
    scales: LinearScales, scale: _Scale, lengths: Floats, asked: Questions, low: Integers, high: Integers
) -> Floats:
    """The integrals over the steps whose key is in [low, high). Keys fall as the scale rises, so that the parts of a sum rise."""
    count = len(scales.ranks)
    keys = count - scale.rank
    is_there = scale.scale > 0
    safe = np.where(is_there, scale.scale, 1.0)
    weights = np.where(is_there, lengths, 0.0)
    ones, inverse = weights / scale.compared, weights / safe
    columns = np.stack((ones * scale.capped / safe, ones / safe, ones, inverse, weights))

    def below(bounds: Integers) -> Floats:
        return sums_below(keys, columns, asked, bounds)

    def up_to(cap: float) -> Integers:
        # The steps whose scale is above WIS / cap: there the WIS counts as it is, and beyond, as the cap.
        position = np.searchsorted(scales.widths, scales.wis / cap, side="right")
        return np.clip(count - position + 1, low, high)

    lowest, highest = below(low), below(high)
    shared, own = below(up_to(OTHERS_CAP)), below(up_to(OWN_CAP))
    as_one_of_all = scales.wis * (shared[1] - lowest[1]) + OTHERS_CAP * (highest[2] - shared[2])
    as_own = scales.wis * (own[3] - lowest[3]) + OWN_CAP * (highest[4] - own[4])
    return 100 * SPREAD * (highest[0] - lowest[0] - as_one_of_all - as_own)


def _score(scale: _Scale, step: int | Integers, own: Floats, among: Floats | None = None) -> Floats:
    """The score at some steps; `among` is the WIS that is to be left out of the sum of all."""
    width = scale.scale[step]
    is_there = width > 0
    safe = np.where(is_there, width, 1.0)
    others = scale.capped[step] - (0.0 if among is None else np.minimum(among, OTHERS_CAP * width))
    return np.where(is_there, 100 * SPREAD * (others / scale.compared[step] - np.minimum(own, OWN_CAP * width)) / safe, 0.0)
