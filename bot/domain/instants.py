"""Scores of forecasts at an instant. SCORING has the definitions, `scoring` integrates them over time.

Sources: Metaculus for baseline (`scoring/score_math.py`, public repository, 2026-08); Brier 1950; Bracher et al. 2021, "Evaluating
epidemic forecasts in an interval format", for the weighted interval score (WIS).

Signs: Brier and WIS are better when lower, log and baseline when higher.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.domain.timelines import Floats
from bot.domain.types import Kind

LEAST, MOST = 0.001, 0.999
"""Probabilities are clipped to these for logarithms, and only for them."""
ALPHA = 0.2
"""The 10 % and 90 % quantiles bound an interval of 1 - ALPHA."""


@dataclass(frozen=True, slots=True)
class Instants:
    """Scores of forecasts at an instant, each (forecasts,); NaN where the kind of prediction has no such score."""

    brier: Floats
    log: Floats
    baseline: Floats
    wis: Floats


def instant_scores(kind: Kind, values: Floats, outcome: float) -> Instants:
    """Scores at an instant of forecasts (forecasts, values)."""
    none = np.full(len(values), np.nan)
    if kind.is_distribution:
        log = log_scores(kind, values, outcome)
        count = 2 if kind is Kind.BINARY else values.shape[1]
        return Instants(brier_scores(kind, values, outcome), log, baseline_scores(log, count), none)
    return Instants(none, none, none, interval_scores(values, outcome))


def brier_scores(kind: Kind, values: Floats, outcome: float) -> Floats:
    """Binary: (p - outcome)^2, 0 to 1. Multiple choice: sum over the options of squares, 0 to 2. Lower is better. (forecasts,)"""
    if kind is Kind.BINARY:
        return np.square(values[:, 0] - outcome)
    happened = np.zeros(values.shape[1])
    happened[int(outcome)] = 1.0
    return np.square(values - happened).sum(axis=1)


def log_scores(kind: Kind, values: Floats, outcome: float) -> Floats:
    """ln of the probability given to what happened, clipped to [0.001, 0.999]; at most -0.001, higher is better. (forecasts,)"""
    given = values[:, int(outcome)] if kind is Kind.MULTIPLE_CHOICE else values[:, 0] if outcome else 1 - values[:, 0]
    return np.log(np.clip(given, LEAST, MOST))


def baseline_scores(log: Floats, options: int) -> Floats:
    """100 ln(p_r K) / ln K: 0 for the uniform forecast over `options`, 100 for certainty. Higher is better. Metaculus."""
    return 100 * (log + np.log(options)) / np.log(options)


def interval_scores(values: Floats, outcome: float) -> Floats:
    """WIS of three quantiles (forecasts, 3): (|y - m| / 2 + (a / 2) IS_a) / 1.5, a = 0.2, in the value's unit. Lower is better."""
    low, middle, high = values.T
    interval = (high - low) + 2 / ALPHA * (np.maximum(low - outcome, 0) + np.maximum(outcome - high, 0))
    return (np.abs(outcome - middle) / 2 + ALPHA / 2 * interval) / 1.5
