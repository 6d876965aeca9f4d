"""Who leads: rankings from the scores of single predictions. SCORING's "Rankings" has the definitions.

Brier is averaged over the time in which a forecaster was active, so for a ranking it is weighed by that time: while a prediction
was open and the forecaster had no forecast on it, they count as having given every outcome the same probability. A late forecast
that only repeats the news then moves little, as it does in the other two rankings, where time without a forecast counts 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.types import Kind, Role

LEAST_COVERAGE = 30
"""By so much coverage, at least, a sum of peer scores is divided. Metaculus, `scoring/utils.py`."""
LEAST_PREDICTIONS = 5
PRIOR_PREDICTIONS = 10
TIE_DIGITS = 9


class Ranking(StrEnum):
    """What a leaderboard is sorted by."""

    PEER = "peer"
    BASELINE = "baseline"
    BRIER = "brier"


@dataclass(frozen=True, slots=True)
class ForecasterResult:
    """What one forecaster got on one prediction: scores over time, None where there is none.

    `presence` is the share of the time in which the prediction was open, (a - o), that they had a forecast; `coverage` is that
    of the planned time, (S - o). `absent_brier` is the Brier score of who gives every outcome the same probability.
    """

    forecaster: str
    role: Role
    coverage: float
    presence: float
    peer: float | None
    baseline: float | None
    brier: float | None
    absent_brier: float


@dataclass(frozen=True, slots=True)
class RankedForecaster:
    """A line of a leaderboard. `rank` is None for the crowd and for authors, who take no rank from members."""

    rank: int | None
    forecaster: str
    role: Role
    score: float
    predictions: int
    coverage: float


def absent_brier(kind: Kind, options: int) -> float:
    """The Brier score of the uniform forecast: 1/4 for binary, 1 - 1/K for K options."""
    return 0.25 if kind is Kind.BINARY else 1 - 1 / options if options else 0.0


def ranking(by: Ranking, results: Iterable[ForecasterResult]) -> tuple[RankedForecaster, ...]:
    """The leaderboard of these results, best first; in any order of the results the same, to the bit.

    Peer: sum of scores / max(30, sum of coverage), higher is better. Baseline: sum of scores, higher. Brier, lower: for those
    with 5 predictions or more, the mean shrunk to the mean of all members' scores with the weight of 10 predictions.
    Equal scores share a rank (1, 2, 2, 4) and stand in the order of `forecaster_order`.
    """
    match by:
        case Ranking.PEER:
            scored = _gathered(results, lambda result: result.peer)
            lines = [
                _standing(who, rows, math.fsum(_scores(rows)) / max(LEAST_COVERAGE, _coverage(rows))) for who, rows in scored
            ]
        case Ranking.BASELINE:
            scored = _gathered(results, lambda result: result.baseline)
            lines = [_standing(who, rows, math.fsum(_scores(rows))) for who, rows in scored]
        case Ranking.BRIER:
            scored = _gathered(results, _weighed_brier)
            of_members = [score for who, rows in scored if who[1] is Role.MEMBER for score in _scores(rows)]
            mean = math.fsum(of_members) / len(of_members) if of_members else 0.0
            lines = [
                _standing(who, rows, (math.fsum(_scores(rows)) + PRIOR_PREDICTIONS * mean) / (len(rows) + PRIOR_PREDICTIONS))
                for who, rows in scored
                if len(rows) >= LEAST_PREDICTIONS
            ]
    return _ranked(lines, is_lower_better=by is Ranking.BRIER)


def forecaster_order(forecaster: str) -> tuple[int, int, str]:
    """The order of forecasters where nothing else decides: whole numbers by size, then names by their letters."""
    is_number = forecaster.isascii() and forecaster.isdecimal() and (forecaster == "0" or forecaster[0] != "0")
    return (0, len(forecaster), forecaster) if is_number else (1, 0, forecaster)


_Who = tuple[str, Role]
_Rows = list[tuple[ForecasterResult, float]]


def _scores(rows: _Rows) -> list[float]:
    """The scores of a forecaster's rows."""
    return [score for _, score in rows]


def _coverage(rows: _Rows) -> float:
    """The sum of the rows' coverage."""
    return math.fsum(result.coverage for result, _ in rows)


def _weighed_brier(result: ForecasterResult) -> float | None:
    if result.brier is None:
        return None
    return result.presence * result.brier + (1 - result.presence) * result.absent_brier


def _gathered(
    results: Iterable[ForecasterResult], score: Callable[[ForecasterResult], float | None]
) -> list[tuple[_Who, _Rows]]:
    found: dict[_Who, _Rows] = {}
    for result in results:
        value = score(result)
        if value is not None:
            found.setdefault((result.forecaster, result.role), []).append((result, value))
    return list(found.items())


def _standing(who: _Who, rows: _Rows, score: float) -> RankedForecaster:
    return RankedForecaster(None, *who, score, len(rows), _coverage(rows))


def _ranked(lines: list[RankedForecaster], *, is_lower_better: bool) -> tuple[RankedForecaster, ...]:
    sign = 1 if is_lower_better else -1

    # Rounded, so that what only rounding has made different is a tie.
    def place(line: RankedForecaster) -> float:
        return sign * round(line.score, TIE_DIGITS)

    lines = sorted(lines, key=lambda line: (place(line), line.role, forecaster_order(line.forecaster)))
    ranked: list[RankedForecaster] = []
    members, rank, last = 0, 0, math.nan
    for line in lines:
        if line.role is not Role.MEMBER:
            ranked.append(line)
            continue
        members += 1
        if place(line) != last:
            rank, last = members, place(line)
        ranked.append(RankedForecaster(rank, line.forecaster, line.role, line.score, line.predictions, line.coverage))
    return tuple(ranked)
