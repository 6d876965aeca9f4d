"""Weighted quantiles of some forecasts, and the weights by which the newest count most: exp(sqrt(n) - sqrt(N)), as Metaculus
computes them (`utils/the_math/aggregations.py`, public repository, 2026-08)."""

from __future__ import annotations

import numpy as np

from bot.domain.timelines import Floats, Integers


def recency_weights(count: int) -> Floats:
    """Weights of `count` forecasts sorted by time, oldest first: exp(sqrt(n) - sqrt(N)); equal for two or fewer. Shape (count,)."""
    return weights_of_sets(np.array([count]), count)[0]


def weighted_quantile(values: Floats, weights: Floats, quantile: float) -> Floats:
    """The weighted quantile of each column.

    values: shape (forecasts, columns); weights: shape (forecasts,); returns shape (columns,): the mean of the first value
    whose cumulative share is at least `quantile` and the first whose share is above it.
    """
    everyone = np.arange(len(values))[None, :]
    return weighted_quantiles(values, everyone, weights[None, :], (quantile,))[0, 0]


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


def weights_of_sets(active: Integers, most: int) -> Floats:
    """Shape (sets, most): the weights of `active` forecasts in each row, and 0 for the rest of it."""
    roots = np.sqrt(np.arange(1, most + 1, dtype=np.float64))
    weights = np.exp(roots - np.sqrt(active.astype(np.float64))[:, None])
    weights[active <= 2] = 1.0
    weights[np.arange(most) >= active[:, None]] = 0.0
    return weights
