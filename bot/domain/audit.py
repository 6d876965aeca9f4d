"""Everything that follows from a record of predictions and forecasts: every score, the crowd, calibration, rankings. The same
functions score the database and an export, so that anyone can compute a leaderboard again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from bot.domain.calibration import Calibration, calibration_of
from bot.domain.cases import Case, CaseResult, score_case
from bot.domain.experience import experience_of, with_experienced
from bot.domain.leaderboard import ForecasterResult, RankedForecaster, Ranking, absent_brier, forecaster_order, ranking
from bot.domain.scoring import Scored
from bot.domain.timelines import Floats
from bot.domain.types import Kind, Role


@dataclass(frozen=True, slots=True)
class CalibrationOf:
    """A calibration: of all members together (`forecaster` None), of one, of the crowd, of an author."""

    role: Role
    forecaster: str | None
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything that a record says, in its own order of predictions."""

    cases: tuple[CaseResult, ...]
    rankings: dict[Ranking, tuple[RankedForecaster, ...]]
    calibrations: tuple[CalibrationOf, ...]


def audit(cases: Iterable[Case], *, on_step: Callable[[int], None] = lambda count: None) -> Audit:
    """Score all these predictions; `on_step` hears of each. The experienced crowd comes last, for it looks back on all scores."""
    scored: list[CaseResult] = []
    for case in cases:
        scored.append(score_case(case))
        on_step(1)
    experience = experience_of(scored)
    results = [with_experienced(result, experience) for result in scored]
    return Audit(tuple(results), {by: ranking_of(by, results) for by in Ranking}, calibrations_of(results))


def results_of(result: CaseResult) -> Iterator[ForecasterResult]:
    """What leaderboards are made of: one for each forecaster who was active on this prediction."""
    for role, ids, scored in result.groups():
        yield from forecaster_results(result.case, role, ids, scored)


def forecaster_results(case: Case, role: Role, ids: tuple[str, ...], scored: Scored) -> Iterator[ForecasterResult]:
    """The same of those with these scores."""
    absent = absent_brier(case.kind, case.options)
    open_share = case.window.open_share if case.window is not None else 0.0
    over_time = scored.over_time
    columns = (over_time.coverage, over_time.peer, over_time.baseline, over_time.brier, scored.relative_brier)
    for name, coverage, *scores in zip(ids, *(column.tolist() for column in columns), strict=True):
        if coverage > 0:
            peer, baseline, brier, relative = (None if score != score else score for score in scores)
            presence = min(coverage / open_share, 1.0)
            yield ForecasterResult(name, role, coverage, presence, peer, baseline, brier, absent, relative)


def ranking_of(by: Ranking, results: Iterable[CaseResult]) -> tuple[RankedForecaster, ...]:
    """The leaderboard of some of the predictions, as far as they count."""
    counted = ((result.case.left_out, row) for result in results if result.counts for row in results_of(result))
    return ranking(by, [row for left_out, row in counted if row.role is not Role.MEMBER or row.forecaster not in left_out])


def calibrations_of(results: Iterable[CaseResult]) -> tuple[CalibrationOf, ...]:
    """Calibrations: all members together, the crowd, then members and authors one by one, in their order."""
    events: dict[tuple[Role, str | None], list[tuple[Floats, Floats]]] = {}
    for result in results:
        for role, ids, scored in result.groups():
            for name, probabilities, happened in _events(result.case, ids, scored):
                pair = (probabilities, happened)
                events.setdefault((role, name), []).append(pair)
                if role is Role.MEMBER:
                    events.setdefault((role, None), []).append(pair)
    order = sorted(events, key=lambda key: (key[1] is not None, list(Role).index(key[0]), forecaster_order(key[1] or "")))
    made: list[CalibrationOf] = []
    for role, name in order:
        probabilities, happened = (np.concatenate(column) for column in zip(*events[role, name], strict=True))
        calibration = calibration_of(probabilities, happened)
        if calibration is not None:
            made.append(CalibrationOf(role, name, calibration))
    return tuple(made)


def _events(case: Case, ids: tuple[str, ...], scored: Scored) -> Iterator[tuple[str, Floats, Floats]]:
    """Each forecaster's probabilities of the events of one prediction, and whether these happened."""
    if not case.kind.is_distribution or case.outcome is None:
        return
    happened = (
        np.array([case.outcome]) if case.kind is Kind.BINARY else (np.arange(case.options) == case.outcome).astype(float)
    )
    for number in np.flatnonzero(scored.over_time.coverage > 0).tolist():
        yield ids[number], scored.mean_values[number], happened
