"""A member's record: how well they have forecast, and, for themselves alone, what they think of open predictions.

Only resolved predictions count in a record, and everyone may see it, unless the member keeps it private.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.leaderboard import ForecasterResult, Ranking, ranking
from bot.domain.paging import page_within
from bot.domain.types import Actor, Role, State
from bot.services.members import guilds
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import calibrations, resolved
from bot.services.scoring.calibrations import CalibrationSubject, CalibrationView, ForecasterKind
from db.models import Forecast, Prediction, Score

FURTHEST = 3
PAGE_SIZE = 8


@dataclass(frozen=True, slots=True)
class ScoredCall:
    """A resolved prediction and the member's peer score on it."""

    code: int
    statement: str
    peer: float


@dataclass(frozen=True, slots=True)
class StandingForecast:
    """A forecast on an open prediction. `distance` from the crowd is in [0, 1], see `distance_of`; None without a crowd."""

    view: PredictionView
    distance: float | None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """One page of a member's own standing forecasts on open predictions, the furthest from the crowd first."""

    number: int
    pages: int
    total: int
    lines: tuple[StandingForecast, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A member's record. `peer` and `rank` come from the ranking by peer score, `baseline` is the sum; for both, higher is
    better. `brier` is the mean, lower is better. `coverage` is the mean share of the time they had a forecast.

    Only the member themselves gets `standing` and `furthest`.
    """

    user_id: int
    name: str
    is_own: bool
    resolved: int
    rank: int | None
    ranked: int
    peer: float | None
    baseline: float | None
    brier: float | None
    coverage: float | None
    best: ScoredCall | None
    worst: ScoredCall | None
    calibration: CalibrationView
    standing: int
    furthest: tuple[StandingForecast, ...]


def show_profile(
    session: Session, actor: Actor, *, user_id: int, name: str | None = None, is_bot: bool = False, now: datetime
) -> Profile:
    """A member's record, as the actor may see it. Raises Refused for bots, strangers, and members with a private record."""
    member_id, shown_as = calibrations.require_shown(session, actor, user_id=user_id, name=name, is_bot=is_bot)
    is_own = user_id == actor.user_id
    own = _standing(session, actor, member_id, now=now) if is_own and member_id is not None else []
    scores = _SCORES.where(Score.member_id == (member_id or 0), Prediction.guild_id == actor.guild_id)
    totals = session.execute(scores.with_only_columns(*_TOTALS)).one()
    rank, ranked, peer = _rank(session, actor.guild_id, member_id)
    calls = scores.where(Score.peer.is_not(None)).with_only_columns(Prediction.code, Prediction.statement, Score.peer)
    best = session.execute(calls.where(Score.peer > 0).order_by(Score.peer.desc(), Prediction.code).limit(1)).first()
    worst = session.execute(calls.where(Score.peer < 0).order_by(Score.peer, Prediction.code).limit(1)).first()
    return Profile(
        user_id=user_id,
        name=shown_as,
        is_own=is_own,
        resolved=totals.resolved,
        rank=rank,
        ranked=ranked,
        peer=peer,
        baseline=totals.baseline,
        brier=totals.brier,
        coverage=totals.coverage,
        best=None if best is None else ScoredCall(*best),
        worst=None if worst is None else ScoredCall(*worst),
        calibration=calibrations.of_forecaster(
            session, actor, CalibrationSubject(ForecasterKind.MEMBER, user_id), shown_as, member_id=member_id or 0
        ),
        standing=len(own),
        furthest=tuple(line for line in own[:FURTHEST] if line.distance),
    )


def standing_page(session: Session, actor: Actor, *, number: int, now: datetime) -> StandingPage:
    """A page of a member's standing forecasts on open predictions, for them alone. A number past the end gives the last page."""
    member_id = guilds.known_member(session, actor)
    found = _standing(session, actor, member_id, now=now) if member_id is not None else []
    number, pages = page_within(len(found), size=PAGE_SIZE, wanted=number)
    return StandingPage(number, pages, len(found), tuple(found[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]))


def distance_of(view: PredictionView) -> float | None:
    """How far the reader's forecast is from the crowd, in [0, 1]: for probabilities the greatest difference; for numbers and
    dates, between medians, as a share of the crowd's 80% interval. None if there's no crowd, or it's hidden."""
    if view.own is None or view.crowd is None or view.crowd.members < 2:
        return None
    pairs = list(zip(view.own.values, view.crowd.values, strict=True))
    if view.kind.is_distribution:
        return max(abs(own - crowd) for own, crowd in pairs)
    apart, room = abs(pairs[1][0] - pairs[1][1]), view.crowd.values[2] - view.crowd.values[0]
    return min(1.0, apart / room) if room > 0 else float(apart > 0)


_RESOLVED = Prediction.state == State.RESOLVED
_SCORES = select(Score.id).join(Prediction, Prediction.id == Score.prediction_id).where(_RESOLVED, Score.coverage > 0)
_TOTALS: tuple[Any, ...] = (
    func.count().label("resolved"),
    func.sum(Score.baseline).label("baseline"),
    func.avg(Score.brier).label("brier"),
    func.avg(Score.coverage).label("coverage"),
)


def _rank(session: Session, guild_id: int, member_id: int | None) -> tuple[int | None, int, float | None]:
    """The member's rank by peer score, how many are ranked, and their score in it."""
    sums = _SCORES.where(Prediction.guild_id == guild_id, Score.member_id.is_not(None), Score.peer.is_not(None))
    sums = sums.where(*resolved.in_rankings(), *resolved.not_left_out())
    sums = sums.with_only_columns(
        Score.member_id,
        func.count().label("predictions"),
        func.sum(Score.peer).label("peer"),
        func.sum(Score.coverage).label("coverage"),
    )
    # A sum of scores over a sum of coverage: all predictions together take the place of one.
    totals = [
        ForecasterResult(
            str(row.member_id), Role.MEMBER, row.coverage, 1.0, row.peer, None, None, 0.0, predictions=row.predictions
        )
        for row in session.execute(sums.group_by(Score.member_id))
    ]
    lines = ranking(Ranking.PEER, totals)
    line = next((line for line in lines if line.forecaster == str(member_id)), None)
    return (None, len(lines), None) if line is None else (line.rank, len(lines), line.score)


def _standing(session: Session, actor: Actor, member_id: int, *, now: datetime) -> list[StandingForecast]:
    """The member's own standing forecasts on open predictions: furthest from the crowd first, then soonest."""
    theirs = select(Forecast.prediction_id).where(Forecast.member_id == member_id, Forecast.ended_at.is_(None))
    ids = select(Prediction.id).where(Prediction.guild_id == actor.guild_id, *open_now(now), Prediction.id.in_(theirs))
    ids = ids.order_by(Prediction.resolves_at.is_(None), Prediction.resolves_at, Prediction.code)
    views = prediction_views(
        session, guild_id=actor.guild_id, prediction_ids=list(session.scalars(ids)), member_id=member_id, now=now
    )
    found = [StandingForecast(view, distance_of(view)) for view in views]
    return sorted(found, key=lambda line: -1.0 if line.distance is None else line.distance, reverse=True)
