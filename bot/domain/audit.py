"""Everything that follows from a record of predictions and forecasts: every score, the crowd, calibration, rankings. The same
functions score the database and an export, so that anyone can compute a leaderboard again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.aggregation import CrowdHistory, crowd_history
from bot.domain.calibration import Calibration, calibration_of
from bot.domain.leaderboard import (
    ForecasterResult,
    RankedForecaster,
    Ranking,
    absent_brier,
    counts_in_rankings,
    forecaster_order,
    ranking,
)
from bot.domain.scoring import PredictionScores, Scored, score_prediction
from bot.domain.timelines import Floats, Forecasts, ForecastWindow, Integers, timeline_of
from bot.domain.types import Kind, Role

CROWD_ID = "crowd"


@dataclass(frozen=True, slots=True)
class Case:
    """One prediction as it is scored. `member_ids` and `author_ids` are sorted by `forecaster_order`, and the numbers in
    `members.who` and `authors.who` are positions in them.

    `creator_id` is the member who made it, and `is_approved` says whether it may count in rankings; None where that is not
    known, as in files that do not say so: there everything counts. `last_day`, of a date: later days count as this one.
    `window` is None while no close is known. `outcome` is None where it is unresolved or annulled: there are no scores then,
    and it counts in no coverage. Otherwise see `score_prediction`. `options` is how many outcomes a distribution has.
    """

    id: str
    kind: Kind
    options: int
    opens_at: float
    window: ForecastWindow | None
    outcome: float | None
    member_ids: tuple[str, ...]
    members: Forecasts
    author_ids: tuple[str, ...]
    authors: Forecasts
    creator_id: str | None = None
    is_approved: bool | None = None
    last_day: float | None = None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one prediction: the crowd in any case, scores where it was resolved."""

    case: Case
    crowd: CrowdHistory
    scores: PredictionScores | None

    @property
    def counts(self) -> bool:
        """Whether it counts in rankings."""
        if self.scores is None or self.case.is_approved is None:
            return self.scores is not None
        coverage = self.scores.members.over_time.coverage.tolist()
        active = [name for name, share in zip(self.case.member_ids, coverage, strict=True) if share > 0]
        return counts_in_rankings(is_approved=self.case.is_approved, creator=self.case.creator_id, forecasters=active)

    def groups(self) -> Iterator[tuple[Role, tuple[str, ...], Scored]]:
        """Whose scores there are: members, the crowd and authors, each with their ids."""
        if self.scores is not None:
            yield Role.MEMBER, self.case.member_ids, self.scores.members
            yield Role.CROWD, (CROWD_ID,), self.scores.crowd
            yield Role.AUTHOR, self.case.author_ids, self.scores.authors


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


def numbered(forecasters: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    """The different ones in the order that does not depend on how rows were loaded, and each row's position in it, (rows,)."""
    ids = tuple(sorted(set(forecasters), key=forecaster_order))
    positions = {forecaster: position for position, forecaster in enumerate(ids)}
    return ids, np.array([positions[forecaster] for forecaster in forecasters], dtype=np.int64)


def audit(cases: Iterable[Case], *, on_step: Callable[[int], None] = lambda count: None) -> Audit:
    """Score all these predictions; `on_step` hears of each."""
    results: list[CaseResult] = []
    for case in cases:
        results.append(score_case(case))
        on_step(1)
    return Audit(tuple(results), {by: ranking_of(by, results) for by in Ranking}, calibrations_of(results))


def score_case(case: Case) -> CaseResult:
    """The crowd of a prediction and, where it was resolved, everyone's scores."""
    if case.outcome is None or case.window is None:
        closed_at = np.inf if case.window is None else case.window.closed_at
        timeline = timeline_of(case.members, opens_at=case.opens_at, closed_at=closed_at)
        return CaseResult(case, crowd_history(case.kind, timeline), None)
    found = score_prediction(
        case.kind,
        outcome=case.outcome,
        window=case.window,
        members=case.members,
        member_count=len(case.member_ids),
        authors=case.authors,
        author_count=len(case.author_ids),
        last_day=case.last_day,
    )
    return CaseResult(case, found.history, found)


def results_of(result: CaseResult) -> Iterator[ForecasterResult]:
    """What leaderboards are made of: one for each forecaster who was active on this prediction."""
    case = result.case
    absent = absent_brier(case.kind, case.options)
    open_share = case.window.open_share if case.window is not None else 0.0
    for role, ids, scored in result.groups():
        over_time = scored.over_time
        columns = (over_time.coverage, over_time.peer, over_time.baseline, over_time.brier, scored.relative_brier)
        rows = zip(ids, *(column.tolist() for column in columns), strict=True)
        for name, coverage, *scores in rows:
            if coverage > 0:
                peer, baseline, brier, relative = (None if score != score else score for score in scores)
                presence = min(coverage / open_share, 1.0)
                yield ForecasterResult(name, role, coverage, presence, peer, baseline, brier, absent, relative)


def ranking_of(by: Ranking, results: Iterable[CaseResult]) -> tuple[RankedForecaster, ...]:
    """The leaderboard of some of the predictions, as far as they count."""
    return ranking(by, [row for result in results if result.counts for row in results_of(result)])


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
