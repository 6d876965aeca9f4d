"""The crowd: one aggregate of the members' standing forecasts. Recency-weighted median, as Metaculus computes it
(`utils/the_math/aggregations.py`, public repository, 2026-08); SCORING has the definitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.domain.types import Kind, Values

Floats = npt.NDArray[np.float64]

FLOOR = 0.001
"""What every option keeps when the medians of several options are made to sum to 1."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The aggregate of `members` forecasts: `values` in the form that forecasts have, quartiles of the same shape."""

    members: int
    values: Values
    lower: Values
    upper: Values


def recency_weights(count: int) -> Floats:
    """Weights of `count` forecasts sorted by time, oldest first: exp(sqrt(n) - sqrt(N)); equal for two or fewer. Shape (count,)."""
    if count <= 2:
        return np.ones(count)
    ranks = np.arange(1, count + 1, dtype=np.float64)
    return np.exp(np.sqrt(ranks) - np.sqrt(count))


def weighted_quantile(values: Floats, weights: Floats, quantile: float) -> Floats:
    """The weighted quantile of each column.

    values: shape (forecasts, columns); weights: shape (forecasts,); returns shape (columns,): the mean of the first value
    whose cumulative share is at least `quantile` and the first whose share is above it.
    """
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    cumulative = np.cumsum(weights[order], axis=0)
    share = cumulative / cumulative[-1]
    last = len(values) - 1
    at_least = np.minimum(np.argmax(share >= quantile, axis=0), last)
    has_above = (share > quantile).any(axis=0)
    above = np.where(has_above, np.argmax(share > quantile, axis=0), last)
    columns = list(range(values.shape[1]))
    return (ordered[at_least, columns] + ordered[above, columns]) / 2


def crowd_of(kind: Kind, forecasts: Floats) -> Crowd | None:
    """The crowd of standing forecasts, sorted by time, oldest first; shape (members, values). None for no forecasts."""
    if len(forecasts) == 0:
        return None
    weights = recency_weights(len(forecasts))
    middle, lower, upper = (weighted_quantile(forecasts, weights, quantile) for quantile in (0.5, 0.25, 0.75))
    if kind is Kind.MULTIPLE_CHOICE:
        middle = summing_to_one(middle)
    return Crowd(len(forecasts), _values(middle), _values(lower), _values(upper))


def summing_to_one(medians: Floats) -> Floats:
    """Medians of K options made to sum to 1, each at least 0.001. Shape (K,)."""
    above = np.maximum(medians - FLOOR, 0.0)
    total = above.sum()
    count = len(medians)
    if total == 0:
        return np.full(count, 1 / count)
    return above / total * (1 - FLOOR * count) + FLOOR


def _values(array: Floats) -> Values:
    return tuple(float(value) for value in array)
