"""Who leads: rankings from the scores of single predictions. SCORING's "Rankings" has the definitions.

Every ranking compares with others or wants many predictions, and none counts what only its creator and friends know of: see
`counts_in_rankings`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.types import Kind, Role

LEAST_COVERAGE = 30
"""The least coverage that a sum of peer scores is divided by. Metaculus, `scoring/utils.py`."""
LEAST_PREDICTIONS = 5
"""Who has fewer predictions has no place by peer score or Brier."""
LEAST_OTHERS = 2
"""How many members other than its creator have to forecast on a prediction before it counts in rankings."""
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

    `coverage` is the share of the planned time, (S - o), in which they had a forecast, `presence` that of the open time, (a - o);
    `absent_brier` is the Brier score of somebody who gives every outcome the same probability. Neither of these two moves a ranking.
    `predictions` is how many predictions the numbers are summed over, where someone has summed them already.
    """

    forecaster: str
    role: Role
    coverage: float
    presence: float
    peer: float | None
    baseline: float | None
    brier: float | None
    absent_brier: float
    relative_brier: float | None = None
    predictions: int = 1


@dataclass(frozen=True, slots=True)
class RankedForecaster:
    """A line of a leaderboard, higher scores being better. `rank` is None for the crowd and for authors, who take no rank from
    members. `absolute_brier`, lower is better, stands beside the relative one in the ranking by Brier: the mean of the
    predictions' scores."""

    rank: int | None
    forecaster: str
    role: Role
    score: float
    predictions: int
    coverage: float
    absolute_brier: float | None = None


def counts_in_rankings(*, is_approved: bool, creator: str | None, forecasters: Iterable[str]) -> bool:
    """Whether a prediction counts in rankings, for its creator too.

    is_approved: it came from a pack or a manager, or a manager approved it, also later. forecasters: the members who had a forecast
    while it was open. So nobody leads by predictions that they or their second accounts made for themselves.
    """
    return is_approved and len(set(forecasters) - {creator}) >= LEAST_OTHERS


def absent_brier(kind: Kind, options: int) -> float:
    """The Brier score of the uniform forecast: 1/4 for binary, 1 - 1/K for K options."""
    return 0.25 if kind is Kind.BINARY else 1 - 1 / options if options else 0.0


def ranking(by: Ranking, results: Iterable[ForecasterResult], *, least: int | None = None) -> tuple[RankedForecaster, ...]:
    """The leaderboard of these results, best first; in any order of the results the same, to the bit.

    Peer, for those with 5 predictions or more: sum of scores / max(30, sum of coverage). Baseline: sum of scores. Brier, for those
    with 5 or more: sum of relative scores / (predictions + 10). Higher is better. Equal scores share a rank (1, 2, 2, 4) and
    stand in the order of `forecaster_order`. `least`: another number of predictions than these 5, or than one by baseline.
    """
    match by:
        case Ranking.PEER:
            scored = _gathered(results, lambda result: result.peer)
            lines = [_standing(who, rows, _sum(rows) / max(LEAST_COVERAGE, _coverage(rows))) for who, rows in scored]
        case Ranking.BASELINE:
            scored = _gathered(results, lambda result: result.baseline)
            lines = [_standing(who, rows, _sum(rows)) for who, rows in scored]
        case Ranking.BRIER:
            scored = _gathered(results, lambda result: result.relative_brier)
            lines = [
                _standing(who, rows, _sum(rows) / (_count(rows) + PRIOR_PREDICTIONS), absolute_brier=_mean_brier(rows))
                for who, rows in scored
            ]
    needed = least_predictions(by) if least is None else least
    return _ranked([line for line in lines if line.predictions >= needed])


def least_predictions(by: Ranking) -> int:
    """How many predictions a ranking asks of whoever is in it."""
    return 1 if by is Ranking.BASELINE else LEAST_PREDICTIONS


def forecaster_order(forecaster: str) -> tuple[int, int, str]:
    """The order of forecasters where nothing else decides: whole numbers by size, then names by their letters."""
    is_number = forecaster.isascii() and forecaster.isdecimal() and (forecaster == "0" or forecaster[0] != "0")
    return (0, len(forecaster), forecaster) if is_number else (1, 0, forecaster)


_Who = tuple[str, Role]
_Rows = list[tuple[ForecasterResult, float]]


def _sum(rows: _Rows) -> float:
    return math.fsum(score for _, score in rows)


def _count(rows: _Rows) -> int:
    return sum(result.predictions for result, _ in rows)


def _coverage(rows: _Rows) -> float:
    """The sum of the rows' coverage."""
    return math.fsum(result.coverage for result, _ in rows)


def _mean_brier(rows: _Rows) -> float | None:
    known = [result.brier for result, _ in rows if result.brier is not None]
    return math.fsum(known) / len(known) if known else None


def _gathered(
    results: Iterable[ForecasterResult], score: Callable[[ForecasterResult], float | None]
) -> list[tuple[_Who, _Rows]]:
    found: dict[_Who, _Rows] = {}
    for result in results:
        value = score(result)
        if value is not None:
            found.setdefault((result.forecaster, result.role), []).append((result, value))
    return list(found.items())


def _standing(who: _Who, rows: _Rows, score: float, *, absolute_brier: float | None = None) -> RankedForecaster:
    return RankedForecaster(None, *who, score, _count(rows), _coverage(rows), absolute_brier)


def _ranked(lines: list[RankedForecaster]) -> tuple[RankedForecaster, ...]:
    # Rounded, so that what only rounding has made different is a tie.
    def place(line: RankedForecaster) -> float:
        return -round(line.score, TIE_DIGITS)

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
        ranked.append(replace(line, rank=rank))
    return tuple(ranked)
