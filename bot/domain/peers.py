"""How forecasts are compared with those of others: peer scores and relative Brier scores, each integrated over time.

Of probabilities, 100 N/(N-1) (ln p_r - the mean of all ln p_r), as Metaculus has it; of quantiles, `linear_wis`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.domain.instants import Instants, instant_scores
from bot.domain.linear_wis import (
    LinearScales,
    linear_scales,
    member_integrals,
    member_scores_at_close,
    outside_integrals,
    outside_scores,
)
from bot.domain.order_statistics import running_sums
from bot.domain.timelines import Floats, Forecasts, Timeline
from bot.domain.types import Kind


@dataclass(frozen=True, slots=True)
class _Base:
    """What scores are compared with: integrals up to each edge of the steps of `factor` and of `factor` × the members' mean, and
    both at the close. All numbers are minus `shift`, so that those who agree differ by nothing, not by what rounding leaves."""

    edges: Floats
    factor: Floats
    weighted_mean: Floats
    factor_at_close: float
    mean_at_close: float
    shift: float

    def integrals(self, forecasts: Forecasts, numbers: Floats) -> Floats:
        """Of factor × (own number - mean), over the time in which each forecast is active."""
        own = (numbers - self.shift) * _between(self.edges, self.factor, forecasts)
        return own - _between(self.edges, self.weighted_mean, forecasts)

    def at_close(self, numbers: Floats) -> Floats:
        """factor × (own number - mean) at the close."""
        return self.factor_at_close * (numbers - self.shift - self.mean_at_close)


@dataclass(frozen=True, slots=True)
class Peers:
    """The peer scores of some forecasts, in seconds × score over their time, and at the close, where they stood then; and
    relative Brier scores over their time. Each (forecasts,)."""

    over_time: Floats
    at_close: Floats
    relative_brier: Floats


PeersOf = Callable[[Forecasts, Instants], Peers]
"""Scores forecasts, of which the scores at an instant are given."""


def comparisons(kind: Kind, timeline: Timeline, values: Floats, outcome: float) -> tuple[PeersOf, PeersOf]:
    """How members are compared with each other, and how the crowd and authors are with them."""
    instants = instant_scores(kind, values, outcome)
    if not kind.is_distribution:
        scales = linear_scales(timeline, instants.wis, values)
        return _members_by_wis(scales), _others_by_wis(scales)
    active = timeline.active
    log = _base(timeline, np.where(active > 1, active / np.maximum(active - 1, 1), 0.0), instants.log)
    brier = _base(timeline, (active > 0).astype(np.float64), instants.brier)

    def peers(forecasts: Forecasts, found: Instants) -> Peers:
        over_time, at_close = log.integrals(forecasts, found.log), log.at_close(found.log)
        return Peers(100 * over_time, 100 * at_close, -brier.integrals(forecasts, found.brier))

    return peers, peers  # who is no member takes N and the mean from the members, as Metaculus does


def _members_by_wis(scales: LinearScales) -> PeersOf:
    def peers(forecasts: Forecasts, found: Instants) -> Peers:
        none = np.full(len(found.wis), np.nan)
        at_close = none.copy()
        rows = np.flatnonzero(forecasts.ends == scales.timeline.closed_at)
        at_close[rows] = member_scores_at_close(scales, rows)
        return Peers(member_integrals(scales), at_close, none)

    return peers


def _others_by_wis(scales: LinearScales) -> PeersOf:
    def peers(forecasts: Forecasts, found: Instants) -> Peers:
        none = np.full(len(found.wis), np.nan)
        at_close = outside_scores(scales, -1, found.wis) if len(scales.timeline.times) else np.zeros(len(found.wis))
        return Peers(outside_integrals(scales, forecasts, found.wis), at_close, none)

    return peers


def _base(timeline: Timeline, factor: Floats, numbers: Floats) -> _Base:
    shift = float(numbers[0]) if len(numbers) else 0.0
    sums = running_sums(numbers - shift, timeline.first, timeline.last, len(timeline.times))
    means = sums / np.maximum(timeline.active, 1)
    lengths = np.diff(timeline.edges)
    closing = (float(factor[-1]), float(means[-1])) if len(factor) else (0.0, 0.0)
    return _Base(timeline.edges, _integral(factor * lengths), _integral(factor * means * lengths), *closing, shift)


def _integral(steps: Floats) -> Floats:
    return np.concatenate((np.zeros(1), np.cumsum(steps)))


def _between(edges: Floats, integral: Floats, forecasts: Forecasts) -> Floats:
    """How much an integral over the steps grows while each forecast is active; before the first step there is nothing."""
    return np.interp(forecasts.ends, edges, integral) - np.interp(forecasts.starts, edges, integral)
