"""The crowd: one aggregate of the members' standing forecasts, now or at every step of a prediction's life. Recency-weighted
median, as Metaculus computes it (`utils/the_math/aggregations.py`, public repository, 2026-08); SCORING has the definitions.

`quantiles` says how much each of the standing forecasts counts, and reduces them; `crowd_quantiles` does so at every step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.domain.crowd_quantiles import quantiles_at_steps
from bot.domain.quantiles import recency_weights, weighted_quantiles
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


def crowd_of(kind: Kind, forecasts: Floats) -> Crowd | None:
    """The crowd of standing forecasts, sorted by time, oldest first; shape (members, values). None for no forecasts."""
    if len(forecasts) == 0:
        return None
    count = len(forecasts)
    weights = recency_weights(count)[None, :]
    found = weighted_quantiles(forecasts, np.arange(count)[None, :], weights, QUARTILES)
    if kind is Kind.MULTIPLE_CHOICE:
        found = with_medians_summing_to_one(found)
    middle, lower, upper = found
    return Crowd(count, _values(middle[0]), _values(lower[0]), _values(upper[0]))


def crowd_history(kind: Kind, timeline: Timeline) -> CrowdHistory:
    """The crowd at every change of the members' forecasts. The last step is, to the bit, the `crowd_of` those who stand then."""
    found = quantiles_at_steps(timeline, QUARTILES)
    if kind is Kind.MULTIPLE_CHOICE:
        is_made = timeline.active > 0
        found[:, is_made] = with_medians_summing_to_one(found[:, is_made])
    return CrowdHistory(timeline.times, timeline.active, *found)


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


def _values(array: npt.NDArray[np.float64]) -> Values:
    return tuple(array.tolist())
