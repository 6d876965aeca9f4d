"""One prediction as it is scored, and what comes of it. The database and an export give the same cases, so that the numbers agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.aggregation import CrowdHistory, crowd_history
from bot.domain.leaderboard import counts_in_rankings, forecaster_order
from bot.domain.scoring import PredictionScores, Scored, score_prediction
from bot.domain.timelines import Forecasts, ForecastWindow, Integers, timeline_of
from bot.domain.types import Kind, Role

CROWD_ID = "crowd"
EXPERIENCED_ID = "experienced"


@dataclass(frozen=True, slots=True)
class Case:
    """One prediction as it is scored. `member_ids` and `author_ids` are sorted by `forecaster_order`, and the numbers in
    `members.who` and `authors.who` are positions in them.

    `creator_id` is the member who made it, and `is_approved` says whether it may count in rankings; None where that is not
    known, as in files that do not say so: there everything counts. `last_day`, of a date: later days count as this one.
    `window` is None while no close is known. `outcome` is None where it is unresolved or annulled: there are no scores then,
    and it counts in no coverage. Otherwise see `score_prediction`. `options` is how many outcomes a distribution has.
    `resolved_at`, Unix seconds: since when everyone knows the result; None where it has none, or it isn't known.
    `left_out` are members whom no ranking lists.
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
    resolved_at: float | None = None
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Experienced:
    """What the experienced crowd said on one prediction, as forecasts of one forecaster, and its scores where it was resolved."""

    said: Forecasts
    scored: Scored | None


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of one prediction: the crowd in any case, scores where it was resolved, and the experienced crowd if it was there."""

    case: Case
    crowd: CrowdHistory
    scores: PredictionScores | None
    experienced: Experienced | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts in rankings."""
        if self.scores is None or self.case.is_approved is None:
            return self.scores is not None
        coverage = self.scores.members.over_time.coverage.tolist()
        active = [name for name, share in zip(self.case.member_ids, coverage, strict=True) if share > 0]
        return counts_in_rankings(is_approved=self.case.is_approved, creator=self.case.creator_id, forecasters=active)

    def groups(self) -> Iterator[tuple[Role, tuple[str, ...], Scored]]:
        """Whose scores there are: members, both crowds and authors, each with their ids."""
        if self.scores is not None:
            yield Role.MEMBER, self.case.member_ids, self.scores.members
            yield Role.CROWD, (CROWD_ID,), self.scores.crowd
            if self.experienced is not None and self.experienced.scored is not None:
                yield Role.EXPERIENCED, (EXPERIENCED_ID,), self.experienced.scored
            yield Role.AUTHOR, self.case.author_ids, self.scores.authors


def numbered(forecasters: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    """The different ones in the order that does not depend on how rows were loaded, and each row's position in it, (rows,)."""
    ids = tuple(sorted(set(forecasters), key=forecaster_order))
    positions = {forecaster: position for position, forecaster in enumerate(ids)}
    return ids, np.array([positions[forecaster] for forecaster in forecasters], dtype=np.int64)


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
