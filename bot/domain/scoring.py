"""How well forecasts did on one resolved prediction: at an instant, over time and at the close. SCORING has the definitions.

Sources: Metaculus for baseline and peer (`scoring/score_math.py`, public repository, 2026-08); Brier 1950; Bracher et al. 2021,
"Evaluating epidemic forecasts in an interval format", for the weighted interval score (WIS). The peer score of quantiles is
`linear_wis`.

Signs: Brier and WIS are better when lower, all others when higher.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from bot.domain.aggregation import CrowdHistory, crowd_history
from bot.domain.instants import Instants, instant_scores
from bot.domain.peers import Peers, PeersOf, comparisons
from bot.domain.timelines import Floats, Forecasts, ForecastWindow, Timeline, timeline_of
from bot.domain.types import Kind


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of some forecasters, each (forecasters,); NaN where there is none. A forecaster without coverage has none at all.

    Over time: `brier` is the mean over the time in which the forecaster was active; the others are integrals over that time,
    divided by S - o, so that time without a forecast counts 0. `coverage` is the share of S - o that they were active, in [0, 1].
    At the close: the scores of the forecasts that stood then, whose coverage is 1. `peer` is the linear WIS where forecasts
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
    (forecasters, values), NaN without any.

    `relative_brier` (forecasters,) is over time as well: at each moment the mean Brier score of the active members minus the own
    one, integrated like the other scores. Higher is better, unlike Brier itself; NaN without coverage and for quantiles.
    """

    over_time: Scores
    spot: Scores
    mean_values: Floats
    relative_brier: Floats


@dataclass(frozen=True, slots=True)
class PredictionScores:
    """The scores of one prediction: the members in the order of their numbers, the crowd as the only one, the authors."""

    members: Scored
    crowd: Scored
    authors: Scored
    history: CrowdHistory


def score_prediction(
    kind: Kind,
    *,
    outcome: float,
    window: ForecastWindow,
    members: Forecasts,
    member_count: int,
    authors: Forecasts | None = None,
    author_count: int = 0,
    last_day: float | None = None,
) -> PredictionScores:
    """Score everyone on one prediction that was resolved, and not annulled.

    outcome: 1 or 0 (binary), the option's position (multiple choice), the value or day (numeric and date). `members` and
    `authors` may come in any order and reach beyond the window; their numbers run from 0 to their count, in an order
    that does not depend on how the rows were loaded. Only members make the crowd and what peer scores compare with.
    `last_day`, of a date: each later day counts as this one, in forecasts and as the outcome.
    """
    timeline = timeline_of(members, opens_at=window.opens_at, closed_at=window.closed_at)
    history = crowd_history(kind, timeline)
    ceiling = np.inf if last_day is None else last_day
    crowd, stated = _as_forecasts(history, timeline), None
    if authors is not None and author_count:
        stated = timeline_of(authors, opens_at=window.opens_at, closed_at=window.closed_at).forecasts

    def score(forecasts: Forecasts, count: int, peers: PeersOf) -> Scored:
        found = instant_scores(kind, _capped(forecasts.values, ceiling), min(outcome, ceiling))
        return _score(window, forecasts, count, found, peers(forecasts, found))

    among, against = comparisons(kind, timeline, _capped(timeline.forecasts.values, ceiling), min(outcome, ceiling))
    return PredictionScores(
        members=score(timeline.forecasts, member_count, among),
        crowd=score(crowd, 1, against),
        authors=_nobody(members.values.shape[1]) if stated is None else score(stated, author_count, against),
        history=history,
    )


def score_outsider(
    kind: Kind,
    *,
    outcome: float,
    window: ForecastWindow,
    members: Forecasts,
    forecasts: Forecasts,
    last_day: float | None = None,
) -> Scored:
    """Score someone who is no member, such as another crowd, as the crowd is scored: by the members, without moving their scores."""
    timeline = timeline_of(members, opens_at=window.opens_at, closed_at=window.closed_at)
    ceiling = np.inf if last_day is None else last_day
    stated = timeline_of(forecasts, opens_at=window.opens_at, closed_at=window.closed_at).forecasts
    _, against = comparisons(kind, timeline, _capped(timeline.forecasts.values, ceiling), min(outcome, ceiling))
    found = instant_scores(kind, _capped(stated.values, ceiling), min(outcome, ceiling))
    return _score(window, stated, 1, found, against(stated, found))


def _capped(values: Floats, ceiling: float) -> Floats:
    return np.minimum(values, ceiling) if np.isfinite(ceiling) else values


def _score(window: ForecastWindow, forecasts: Forecasts, count: int, instants: Instants, peers: Peers) -> Scored:
    who, lengths = forecasts.who, forecasts.ends - forecasts.starts
    active = _sums(who, lengths, count)
    has = active > 0
    active = np.where(has, active, np.nan)
    planned = window.planned if has.any() else np.nan

    def per_time(integrals: Floats) -> Floats:
        return _where(has, _sums(who, integrals, count) / planned)

    over_time = Scores(
        coverage=np.where(has, np.minimum(active / planned, 1.0), 0.0),
        brier=_sums(who, instants.brier * lengths, count) / active,
        log=per_time(instants.log * lengths),
        baseline=per_time(instants.baseline * lengths),
        peer=per_time(peers.over_time),
        wis=per_time(instants.wis * lengths),
    )
    at_close = np.flatnonzero(forecasts.ends == window.closed_at)

    def spot(scores: Floats) -> Floats:
        found = np.full(count, np.nan)
        found[who[at_close]] = scores[at_close]
        return found

    stood = np.zeros(count)
    stood[who[at_close]] = 1.0
    spots = (instants.brier, instants.log, instants.baseline, peers.at_close, instants.wis)
    means = _means(forecasts, lengths, active, count)
    return Scored(over_time, Scores(stood, *map(spot, spots)), means, per_time(peers.relative_brier))


def _sums(who: np.ndarray, numbers: Floats, count: int) -> Floats:
    """Sums by forecaster, taken in the order of time, (count,)."""
    return np.bincount(who, numbers, minlength=count).astype(np.float64)


def _where(has: np.ndarray, numbers: Floats) -> Floats:
    return np.where(has, numbers, np.nan)


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
    return Scored(none, none, np.empty((0, size)), np.empty(0))
