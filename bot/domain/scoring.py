"""How well forecasts did on one resolved prediction: at an instant, over time and at the close. SCORING has the definitions.

Sources: Metaculus for baseline and peer (`scoring/score_math.py`, public repository, 2026-08); Brier 1950; Bracher et al. 2021,
"Evaluating epidemic forecasts in an interval format", for the weighted interval score (WIS); Cramer et al. 2022 for ratios of it.

Signs: Brier and WIS are better when lower, all others when higher.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from bot.domain.aggregation import CrowdHistory, crowds_at
from bot.domain.timelines import Floats, Forecasts, ForecastWindow, Timeline, timeline_of
from bot.domain.types import Kind

LEAST, MOST = 0.001, 0.999
"""Probabilities are clipped to these for logarithms, and only for them."""
ALPHA = 0.2
"""The 10 % and 90 % quantiles bound an interval of 1 - ALPHA."""
WIS_FLOOR = 1e-9
"""The least WIS that a ratio is taken of, as a share of the range seen."""


@dataclass(frozen=True, slots=True)
class Instants:
    """Scores of forecasts at an instant, each (forecasts,); NaN where the kind of prediction has no such score.

    `comparable` is what peer scores compare: ln p_r of probabilities, -ln WIS of quantiles. Higher is better.
    """

    brier: Floats
    log: Floats
    baseline: Floats
    wis: Floats
    comparable: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of some forecasters, each (forecasters,); NaN where there is none. A forecaster without coverage has none at all.

    Over time: `brier` is the mean over the time in which the forecaster was active; the others are integrals over that time,
    divided by S - o, so that time without a forecast counts 0. `coverage` is the share of S - o that they were active, in [0, 1].
    At the close: the scores of the forecasts that stood then, whose coverage is 1. `peer` is the relative WIS where forecasts
    are quantiles.
    """

    coverage: Floats
    brier: Floats
    log: Floats
    baseline: Floats
    peer: Floats
    wis: Floats


@dataclass(frozen=True, slots=True)
class Scored:
    """What some forecasters got: over time, at the close (`spot`), and their values averaged over the time they were active,
    (forecasters, values), NaN without any."""

    over_time: Scores
    spot: Scores
    mean_values: Floats


@dataclass(frozen=True, slots=True)
class PredictionScores:
    """The scores of one prediction: the members in the order of their numbers, the crowd as the only one, the authors."""

    members: Scored
    crowd: Scored
    authors: Scored
    history: CrowdHistory


@dataclass(frozen=True, slots=True)
class _Base:
    """What peer scores are taken against: integrals up to each edge of the steps of `factor` and of `factor` × the members' mean,
    and both at the close. The factor is N/(N-1) for those whom the mean includes and 0 for N < 2."""

    edges: Floats
    factor: Floats
    weighted_mean: Floats
    factor_at_close: float
    mean_at_close: float


def score_prediction(
    kind: Kind,
    *,
    outcome: float,
    window: ForecastWindow,
    members: Forecasts,
    member_count: int,
    authors: Forecasts | None = None,
    author_count: int = 0,
) -> PredictionScores:
    """Score everybody on one prediction that was resolved, and not annulled.

    outcome: 1 or 0 (binary), the option's position (multiple choice), the value or day (numeric and date). `members` and
    `authors` may come in any order and reach beyond the window; their numbers run from 0 to their count, in an order
    that does not depend on how the rows were loaded. Only members make the crowd and the base of peer scores.
    """
    timeline = timeline_of(members, opens_at=window.opens_at, closed_at=window.closed_at)
    floor = _wis_floor(kind, timeline.forecasts.values, outcome)
    instants = instant_scores(kind, timeline.forecasts.values, outcome, floor=floor)
    means = np.zeros(len(timeline.times))
    crowds = np.empty((3, len(timeline.times), members.values.shape[1]))
    # Compared to the first forecast, so that those who agree differ by nothing, not by what rounding leaves.
    shift = float(instants.comparable[0]) if len(timeline.forecasts) else 0.0
    shifted = np.append(instants.comparable - shift, 0.0)
    for rows, standing in timeline.standing():
        active = timeline.active[rows]
        crowds[:, rows] = crowds_at(kind, timeline.forecasts.values, standing, active)
        means[rows] = shifted[standing].sum(axis=1) / np.maximum(active, 1)
    history = CrowdHistory(timeline.times, timeline.active, *crowds)

    included = np.where(timeline.active > 1, timeline.active / np.maximum(timeline.active - 1, 1), 0.0)
    among = _base(timeline, included, means)
    # Of quantiles, who is no member is compared with all members; of probabilities, as Metaculus does, by the members' formula.
    against = among if kind.is_distribution else _base(timeline, (timeline.active > 0).astype(np.float64), means)

    def score(forecasts: Forecasts, count: int, found: Instants, base: _Base) -> Scored:
        return _score(kind, window, forecasts, count, found, base, shift)

    crowd = _as_forecasts(history, timeline)
    others = _nobody(members.values.shape[1])
    if authors is not None and author_count:
        stated = timeline_of(authors, opens_at=window.opens_at, closed_at=window.closed_at).forecasts
        others = score(stated, author_count, instant_scores(kind, stated.values, outcome, floor=floor), against)
    return PredictionScores(
        members=score(timeline.forecasts, member_count, instants, among),
        crowd=score(crowd, 1, instant_scores(kind, crowd.values, outcome, floor=floor), against),
        authors=others,
        history=history,
    )


def instant_scores(kind: Kind, values: Floats, outcome: float, *, floor: float) -> Instants:
    """Scores at an instant of forecasts (forecasts, values). `floor`, above 0, is the least WIS that is compared, in the
    value's unit; probabilities need none."""
    none = np.full(len(values), np.nan)
    if kind.is_distribution:
        log = log_scores(kind, values, outcome)
        count = 2 if kind is Kind.BINARY else values.shape[1]
        return Instants(brier_scores(kind, values, outcome), log, baseline_scores(log, count), none, log)
    wis = interval_scores(values, outcome)
    return Instants(none, none, none, wis, -np.log(np.maximum(wis, floor)))


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


def _wis_floor(kind: Kind, values: Floats, outcome: float) -> float:
    """1e-9 of the range seen: from the least to the greatest of all members' quantiles and the outcome; of 1 where that is 0."""
    if kind.is_distribution:
        return 0.0
    span = max(float(values.max(initial=outcome)), outcome) - min(float(values.min(initial=outcome)), outcome)
    return WIS_FLOOR * (span or 1.0)


def _base(timeline: Timeline, factor: Floats, means: Floats) -> _Base:
    edges = timeline.edges
    lengths = np.diff(edges)
    closing = (float(factor[-1]), float(means[-1])) if len(factor) else (0.0, 0.0)
    return _Base(edges, _integral(factor * lengths), _integral(factor * means * lengths), *closing)


def _integral(steps: Floats) -> Floats:
    return np.concatenate((np.zeros(1), np.cumsum(steps)))


def _score(
    kind: Kind, window: ForecastWindow, forecasts: Forecasts, count: int, instants: Instants, base: _Base, shift: float
) -> Scored:
    who, lengths = forecasts.who, forecasts.ends - forecasts.starts
    active = _sums(who, lengths, count)
    has = active > 0
    active = np.where(has, active, np.nan)
    planned = window.planned if has.any() else np.nan
    comparable = instants.comparable - shift
    peer = comparable * _between(base.edges, base.factor, forecasts) - _between(base.edges, base.weighted_mean, forecasts)
    over_time = Scores(
        coverage=np.where(has, np.minimum(active / planned, 1.0), 0.0),
        brier=_sums(who, instants.brier * lengths, count) / active,
        log=_where(has, _sums(who, instants.log * lengths, count) / planned),
        baseline=_where(has, _sums(who, instants.baseline * lengths, count) / planned),
        peer=_where(has, 100 * _sums(who, peer, count) / planned),
        wis=_where(has, _sums(who, instants.wis * lengths, count) / planned),
    )
    at_close = np.flatnonzero(forecasts.ends == window.closed_at)

    def spot(scores: Floats) -> Floats:
        found = np.full(count, np.nan)
        found[who[at_close]] = scores[at_close]
        return found

    stood = np.zeros(count)
    stood[who[at_close]] = 1.0
    spot_peer = 100 * base.factor_at_close * (comparable - base.mean_at_close)
    spots = (instants.brier, instants.log, instants.baseline, spot_peer, instants.wis)
    return Scored(over_time, Scores(stood, *map(spot, spots)), _means(forecasts, lengths, active, count))


def _sums(who: np.ndarray, numbers: Floats, count: int) -> Floats:
    """Sums by forecaster, taken in the order of time, (count,)."""
    return np.bincount(who, numbers, minlength=count).astype(np.float64)


def _where(has: np.ndarray, numbers: Floats) -> Floats:
    return np.where(has, numbers, np.nan)


def _between(edges: Floats, integral: Floats, forecasts: Forecasts) -> Floats:
    """How much an integral over the steps grows while each forecast is active; before the first step there is nothing."""
    return np.interp(forecasts.ends, edges, integral) - np.interp(forecasts.starts, edges, integral)


def _means(forecasts: Forecasts, lengths: Floats, active: Floats, count: int) -> Floats:
    first = np.full((count, forecasts.values.shape[1]), np.nan)
    # Written backwards, so that the earliest stays: a mean that is taken from there keeps what never changed to the bit.
    first[forecasts.who[::-1]] = forecasts.values[::-1]
    moved = (forecasts.values - first[forecasts.who]) * lengths[:, None]
    return np.stack(
        [first[:, at] + _sums(forecasts.who, moved[:, at], count) / active for at in range(first.shape[1])], axis=1
    )


def _as_forecasts(history: CrowdHistory, timeline: Timeline) -> Forecasts:
    edges, is_made = timeline.edges, history.members > 0
    nobody = np.zeros(int(is_made.sum()), dtype=np.int64)
    return Forecasts(nobody, edges[:-1][is_made], edges[1:][is_made], history.values[is_made])


def _nobody(size: int) -> Scored:
    none = Scores(*(np.empty(0) for _ in fields(Scores)))
    return Scored(none, none, np.empty((0, size)))
