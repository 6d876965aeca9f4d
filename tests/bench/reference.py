"""The scores in plain Python, one forecast and one step at a time: SCORING's definitions read out, with no thought of speed.
The vectorised code is compared with it, for what it computes and for how long it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.types import Kind

Values = Sequence[float]


@dataclass(frozen=True)
class Plain:
    """A forecast: who, from when, until when (infinite while nothing has ended it), and what."""

    who: int
    start: float
    end: float
    values: Values


@dataclass(frozen=True)
class PlainPrediction:
    """A resolved prediction, times in Unix seconds."""

    kind: Kind
    outcome: float
    opens_at: float
    closed_at: float
    scheduled_close: float
    forecasts: Sequence[Plain]
    last_day: float | None = None


Row = dict[str, float]


def plain_scores(prediction: PlainPrediction) -> dict[int | str, Row]:
    """Scores over time and, with `spot_` before their names, at the close, of each member and of the crowd."""
    forecasts = active_forecasts(prediction)
    times = sorted({time for forecast in forecasts for time in (forecast.start, forecast.end)} | {prediction.closed_at})
    crowd: list[Plain] = []
    integrals: dict[int | str, Row] = {}
    spots: dict[int | str, Row] = {}
    for begins, ends in pairwise(times):
        standing = [forecast for forecast in forecasts if forecast.start <= begins < forecast.end]
        if not standing:
            continue
        crowd = [Plain(-1, begins, ends, plain_crowd(prediction.kind, [one.values for one in standing]))]
        instants = [_instant(prediction, one.values) for one in standing]
        for at, one in enumerate([*standing, *crowd]):
            who: int | str = "crowd" if one.who == -1 else one.who
            instant = _instant(prediction, one.values)
            if prediction.kind.is_distribution:
                count, mean = len(standing), math.fsum(other["log"] for other in instants) / len(standing)
                instant["peer"] = 100 * count / (count - 1) * (instant["log"] - mean) if count > 1 else 0.0
                relative = math.fsum(other["brier"] for other in instants) / count - instant["brier"]
            else:
                others = [other for position, other in enumerate(standing) if position != at]
                instant["peer"], relative = plain_linear_wis(prediction, one, others), math.nan
            row = integrals.setdefault(who, {"time": 0.0})
            row["time"] += ends - begins
            for name, score in instant.items():
                row[name] = row.get(name, 0.0) + score * (ends - begins)
            row["relative_brier"] = row.get("relative_brier", 0.0) + relative * (ends - begins)
            if ends == prediction.closed_at:
                spots[who] = {f"spot_{name}": score for name, score in instant.items()}
    planned = prediction.scheduled_close - prediction.opens_at
    found: dict[int | str, Row] = {}
    for who, row in integrals.items():
        time = row.pop("time")
        found[who] = {name: total / (time if name == "brier" else planned) for name, total in row.items()}
        found[who] |= {"coverage": time / planned} | spots.get(who, {})
    return found


def active_forecasts(prediction: PlainPrediction) -> list[Plain]:
    """The forecasts in the order in which they were made, each ending where its maker's next one begins, cut to the open time."""
    ordered = sorted(prediction.forecasts, key=lambda one: (one.start, one.who))
    cut: list[Plain] = []
    for position, one in enumerate(ordered):
        later = [other.start for other in ordered[position + 1 :] if other.who == one.who]
        start, end = max(one.start, prediction.opens_at), min([one.end, prediction.closed_at, *later[:1]])
        if end > start:
            cut.append(Plain(one.who, start, end, one.values))
    return cut


def plain_crowd(kind: Kind, forecasts: Sequence[Values]) -> list[float]:
    """The recency-weighted median of forecasts, oldest first."""
    count = len(forecasts)
    weights = [math.exp(math.sqrt(n) - math.sqrt(count)) if count > 2 else 1.0 for n in range(1, count + 1)]
    medians = [_weighted_median([values[at] for values in forecasts], weights) for at in range(len(forecasts[0]))]
    if kind is not Kind.MULTIPLE_CHOICE:
        return medians
    total = sum(median - 0.001 for median in medians)
    return [(median - 0.001) / total * (1 - 0.001 * len(medians)) + 0.001 for median in medians]


def _weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    total, cumulative = sum(weights), 0.0
    at_least: float | None = None
    for value, weight in sorted(zip(values, weights, strict=True), key=lambda pair: pair[0]):
        cumulative += weight
        if at_least is None and cumulative / total >= 0.5:
            at_least = value
        if at_least is not None and cumulative / total > 0.5:
            return (at_least + value) / 2
    raise AssertionError("some value is the first above the half")


def plain_linear_wis(prediction: PlainPrediction, own: Plain, others: Sequence[Plain]) -> float:
    """Linear WIS of one forecast among others."""
    if len(others) < 2:
        return 0.0
    last = math.inf if prediction.last_day is None else prediction.last_day
    scale = sorted(min(other.values[2], last) - min(other.values[0], last) for other in others)[len(others) // 2]
    if scale == 0:
        return 0.0
    mean = math.fsum(min(_instant(prediction, other.values)["wis"], 1.5 * scale) for other in others) / len(others)
    return 170 * (mean - min(_instant(prediction, own.values)["wis"], 6 * scale)) / scale


def _instant(prediction: PlainPrediction, values: Values) -> Row:
    kind, outcome = prediction.kind, prediction.outcome
    if kind is Kind.DATE and prediction.last_day is not None:
        outcome, values = min(outcome, prediction.last_day), [min(value, prediction.last_day) for value in values]
    if not kind.is_distribution:
        low, middle, high = values
        interval = high - low + 10 * max(low - outcome, 0) + 10 * max(outcome - high, 0)
        wis = (abs(outcome - middle) / 2 + 0.1 * interval) / 1.5
        return {"wis": wis}
    if kind is Kind.BINARY:
        given, brier, options = (values[0] if outcome else 1 - values[0]), (values[0] - outcome) ** 2, 2
    else:
        given, options = values[int(outcome)], len(values)
        brier = sum((value - (at == outcome)) ** 2 for at, value in enumerate(values))
    log = math.log(min(max(given, 0.001), 0.999))
    return {"brier": brier, "log": log, "baseline": 100 * (log + math.log(options)) / math.log(options)}
