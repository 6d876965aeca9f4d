"""The crowd: one aggregate of the members' standing forecasts, now or at every step of a prediction's life. Recency-weighted
median, as Metaculus computes it (`utils/the_math/aggregations.py`, public repository, 2026-08); SCORING has the definitions.

Weights × reducer: `recency_weights` says how much each of the standing forecasts counts, and `weighted_quantiles` reduces them,
for all steps at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.domain.timelines import Floats, Integers, Timeline
from bot.domain.types import Kind, Values

FLOOR = 0.001
"""What every option keeps when the medians of several options are made to sum to 1."""
QUARTILES = (0.5, 0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The aggregate of `members` forecasts: `values` in the form that forecasts have, quartiles of the same shape."""

    members: int
    values: Values
    lower: Values
    upper: Values


@dataclass(frozen=True, slots=True)
class CrowdHistory:
    """The crowd from each of `times` (steps,) until the next, the last one until the close. Unix seconds.

    `members` (steps,) counts who stands behind it. `values` and the quartiles `lower` and `upper` (steps, values) have the form
    of forecasts; where nobody stands they are NaN.
    """

    times: Floats
    members: Integers
    values: Floats
    lower: Floats
    upper: Floats

    @property
    def last(self) -> Crowd | None:
        """The crowd of the last step; None where nobody stands any more."""
        if len(self.times) == 0 or self.members[-1] == 0:
            return None
        return Crowd(int(self.members[-1]), _values(self.values[-1]), _values(self.lower[-1]), _values(self.upper[-1]))


def recency_weights(count: int) -> Floats:
    """Weights of `count` forecasts sorted by time, oldest first: exp(sqrt(n) - sqrt(N)); equal for two or fewer. Shape (count,)."""
    return _recency_weights(np.array([count]), count)[0]


def weighted_quantile(values: Floats, weights: Floats, quantile: float) -> Floats:
    """The weighted quantile of each column.

    values: shape (forecasts, columns); weights: shape (forecasts,); returns shape (columns,): the mean of the first value
    whose cumulative share is at least `quantile` and the first whose share is above it.
    """
    everybody = np.arange(len(values))[None, :]
    return weighted_quantiles(values, everybody, weights[None, :], (quantile,))[0, 0]


def weighted_quantiles(values: Floats, standing: Integers, weights: Floats, quantiles: tuple[float, ...]) -> Floats:
    """`weighted_quantile` for many sets of forecasts at once, each of one or more.

    values: (forecasts, columns); standing: (sets, most), a row holding positions in `values`, then len(values) where the set is
    smaller; weights: (sets, most), 0 where the row is filled up. Returns (quantiles, sets, columns).
    """
    sets, most = len(standing), int(standing.shape[1])
    found = np.empty((len(quantiles), sets, int(values.shape[1])))
    # A value's rank and its column in `weights` make one whole number, so that a plain sort of numbers orders both.
    bits = most.bit_length()
    number = np.int32 if (len(values) + 1) << bits < 2**31 else np.int64
    columns, rows = np.arange(most, dtype=number), np.arange(sets)
    for column in range(values.shape[1]):
        order = np.argsort(values[:, column], kind="stable")
        ranks = np.full(len(values) + 1, len(values), dtype=number)
        ranks[order] = np.arange(len(values))
        keys = (ranks[standing] << bits) | columns
        keys.sort(axis=1)
        cumulative = np.cumsum(np.take_along_axis(weights, keys & ((1 << bits) - 1), axis=1), axis=1)
        share = cumulative / cumulative[:, -1:]
        ordered = values[order, column]
        for at, quantile in enumerate(quantiles):
            at_least = keys[rows, np.count_nonzero(share < quantile, axis=1)] >> bits
            above = keys[rows, np.minimum(np.count_nonzero(share <= quantile, axis=1), most - 1)] >> bits
            found[at, :, column] = (ordered[at_least] + ordered[above]) / 2
    return found


def crowd_of(kind: Kind, forecasts: Floats) -> Crowd | None:
    """The crowd of standing forecasts, sorted by time, oldest first; shape (members, values). None for no forecasts."""
    if len(forecasts) == 0:
        return None
    count = len(forecasts)
    middle, lower, upper = crowds_at(kind, forecasts, np.arange(count)[None, :], np.array([count]))
    return Crowd(count, _values(middle[0]), _values(lower[0]), _values(upper[0]))


def crowd_history(kind: Kind, timeline: Timeline) -> CrowdHistory:
    """The crowd at every change of the members' forecasts. The last step is, to the bit, the `crowd_of` those who stand then."""
    shape = (3, len(timeline.times), timeline.forecasts.values.shape[1])
    crowds = np.empty(shape)
    for rows, standing in timeline.standing():
        crowds[:, rows] = crowds_at(kind, timeline.forecasts.values, standing, timeline.active[rows])
    return CrowdHistory(timeline.times, timeline.active, *crowds)


def crowds_at(kind: Kind, values: Floats, standing: Integers, active: Integers) -> Floats:
    """The crowds of some steps of a timeline: (median, lower and upper quartile) × steps × values; NaN where nobody stands.

    values: (forecasts, values); standing: (steps, most), see `Timeline.standing`; active: (steps,).
    """
    crowds = np.full((3, len(standing), values.shape[1]), np.nan)
    is_made = active > 0
    if not is_made.any():
        return crowds
    weights = _recency_weights(active[is_made], standing.shape[1])
    found = weighted_quantiles(values, standing[is_made], weights, QUARTILES)
    if kind is Kind.MULTIPLE_CHOICE:
        found = with_medians_summing_to_one(found)
    crowds[:, is_made] = found
    return crowds


def summing_to_one(medians: Floats) -> Floats:
    """Medians of K options made to sum to 1: minus 0.001, over their sum, times (1 - 0.001 K), plus 0.001. Shape (..., K).

    Medians that sum to 1 stay what they are. Where forecasts below 0.001 make this formula leave [0, 1], as it can when
    the medians are far from summing to 1, what would be negative is 0 and the rest keeps its proportions.
    """
    count = int(medians.shape[-1])
    above: Floats = medians - FLOOR
    total: Floats = above.sum(axis=-1, keepdims=True)
    sums: Floats = medians.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual: Floats = above / total * (1 - FLOOR * count) + FLOOR
        tiny: Floats = np.where(sums > 0, medians / sums, 1 / count)
    shares: Floats = np.where(total > 0, usual, tiny)
    floored: Floats = np.maximum(shares, 0.0)
    least: Floats = shares.min(axis=-1, keepdims=True)
    return np.where(least < 0, floored / floored.sum(axis=-1, keepdims=True), shares)


def with_medians_summing_to_one(found: Floats) -> Floats:
    """(median, lower and upper quartile) × ... × K options: the medians made to sum to 1, and each option's quartiles moved with
    its median, by the same factor. A quartile stays within [0, 1], and the median between the two.

    Where a median is 0 there is no factor: the quartiles stay as they are, but let the new median in.
    """
    raw, lower, upper = found
    medians = summing_to_one(raw)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(raw > 0, medians / raw, 1.0)
    return np.stack(
        (medians, np.minimum(lower * factor, medians), np.clip(upper * factor, medians, np.maximum(medians, 1.0)))
    )


def _recency_weights(active: Integers, most: int) -> Floats:
    """Shape (sets, most): the weights of `active` forecasts in each row, and 0 for the rest of it."""
    roots = np.sqrt(np.arange(1, most + 1, dtype=np.float64))
    weights = np.exp(roots - np.sqrt(active.astype(np.float64))[:, None])
    weights[active <= 2] = 1.0
    weights[np.arange(most) >= active[:, None]] = 0.0
    return weights


def _values(array: npt.NDArray[np.float64]) -> Values:
    return tuple(array.tolist())
