"""The experienced crowd of one prediction, for whoever may see its crowd. docs/scoring.md says what it is.

What a guild's results teach is computed from stored scores and the forecasts that stood at each close, and kept in memory until
another result comes or goes; it's nobody's secret and no state, so a restart only computes it again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain.audit import Case
from bot.domain.experience import LEAST_RESOLVED, Experience, Lesson, experience_from, experienced_crowd
from bot.domain.scoring import score_outsider
from bot.domain.timelines import Forecasts
from bot.domain.types import Actor, State, Values
from bot.services.members import guilds
from bot.services.predictions.views import ExperiencedCrowd, PredictionView, prediction_view
from bot.services.scoring.cases import case_of, cases_of
from db.models import Forecast, Prediction, Score


@dataclass(slots=True)
class _Remembered:
    """A guild's experience, what it was made from, and by prediction when it was scored and what it teaches."""

    made_from: tuple[Any, ...]
    experience: Experience
    lessons: dict[int, tuple[datetime | None, Lesson]]


_REMEMBERED: WeakKeyDictionary[Any, dict[int, _Remembered]] = WeakKeyDictionary()
"""By database, then guild."""


def show(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction as this member may see it, with the experienced crowd. Raises NotFound."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    return with_experienced(session, view, now=now)


def show_publicly(session: Session, *, guild_id: int, code: int, now: datetime) -> PredictionView:
    """One prediction as everyone may see it, with the experienced crowd: what a posted card shows. Raises NotFound."""
    view = prediction_view(session, guild_id=guild_id, code=code, member_id=None, now=now)
    return with_experienced(session, view, now=now)


def with_experienced(session: Session, view: PredictionView, *, now: datetime) -> PredictionView:
    """The view with the experienced crowd, if its reader may see the crowd and there is one."""
    experience = _experience(session, view)
    if experience is None:
        return view
    prediction = session.get_one(Prediction, view.id)
    is_scored = view.state is State.RESOLVED
    if is_scored:
        case = case_of(session, prediction)
    else:
        # An earlier forecast doesn't matter to what is said now.
        case = next(cases_of(session, Forecast.prediction_id == view.id, Forecast.ended_at.is_(None)), None)
    said = None if case is None else _said(case, experience, now)
    if case is None or said is None or not len(said.values):
        return view
    values: Values = tuple(said.values[-1].tolist())
    found = ExperiencedCrowd(values)
    if is_scored and case.outcome is not None and case.window is not None:
        scored = score_outsider(
            case.kind, outcome=case.outcome, window=case.window, members=case.members, forecasts=said, last_day=case.last_day
        )
        peer, baseline = (float(scores[0]) for scores in (scored.over_time.peer, scored.over_time.baseline))
        found = ExperiencedCrowd(values, peer, baseline)
    return replace(view, experienced=found)


def steps_of(session: Session, view: PredictionView, *, now: datetime) -> tuple[tuple[datetime, Values | None], ...]:
    """What it said over time, oldest first, None while nobody had a forecast; empty where its reader may not see it."""
    experience = _experience(session, view)
    if experience is None:
        return ()
    said = _said(case_of(session, session.get_one(Prediction, view.id)), experience, now)
    steps: list[tuple[datetime, Values | None]] = []
    end = -np.inf
    for start, stop, values in zip(said.starts.tolist(), said.ends.tolist(), said.values.tolist(), strict=True):
        if steps and start > end:
            steps.append((datetime.fromtimestamp(end, UTC), None))
        steps.append((datetime.fromtimestamp(start, UTC), tuple(values)))
        end = stop
    return tuple(steps)


def _said(case: Case, experience: Experience, now: datetime) -> Forecasts:
    # Whatever was forecast this very moment counts.
    closed_at = np.nextafter(now.timestamp(), np.inf)
    if case.window is not None:
        closed_at = min(closed_at, case.window.closed_at)
    return experienced_crowd(
        case.kind, case.members, case.member_ids, experience, opens_at=case.opens_at, closed_at=float(closed_at)
    )


def _experience(session: Session, view: PredictionView) -> Experience | None:
    """What the guild's results teach; None where they are too few, or nothing may be shown."""
    if view.crowd is None or not view.kind.is_distribution:
        return None
    resolved = (Prediction.guild_id == view.guild_id, Prediction.state == State.RESOLVED, Prediction.scored_at.is_not(None))
    facts = (func.count(), func.max(Prediction.scored_at), func.max(Prediction.resolved_at))
    resolutions, *since = session.execute(select(*facts).where(*resolved)).one()
    if resolutions < LEAST_RESOLVED:
        return None
    made_from = (resolutions, *since)
    kept = _REMEMBERED.setdefault(session.get_bind(), {})
    remembered = kept.get(view.guild_id)
    if remembered is None or remembered.made_from != made_from:
        lessons = _lessons(session, resolved, {} if remembered is None else remembered.lessons)
        experience = experience_from(lesson for _, lesson in lessons.values())
        remembered = kept[view.guild_id] = _Remembered(made_from, experience, lessons)
    return remembered.experience


def _lessons(
    session: Session, resolved: tuple[Any, ...], kept: dict[int, tuple[datetime | None, Lesson]]
) -> dict[int, tuple[datetime | None, Lesson]]:
    """What each resolved prediction teaches; read only where it was scored since."""
    found = session.execute(select(Prediction.id, Prediction.scored_at, Prediction.resolved_at).where(*resolved)).all()
    lessons = {row.id: kept[row.id] for row in found if row.id in kept and kept[row.id][0] == row.scored_at}
    fresh = {str(row.id): row for row in found if row.id not in lessons and row.resolved_at is not None}
    these = (*resolved, Prediction.id.in_([row.id for row in fresh.values()])) if lessons else resolved
    peers: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    scored = select(Score.prediction_id, Score.member_id, Score.peer, Score.coverage)
    scored = scored.join(Prediction, Prediction.id == Score.prediction_id).where(*these)
    for row in session.execute(
        scored.where(Score.member_id.is_not(None), Score.peer.is_not(None)).order_by(Score.member_id)
    ):
        peers[str(row.prediction_id)].append((str(row.member_id), row.peer, row.coverage))
    ends = (Prediction.happened_at, Prediction.closed_at, Prediction.closes_at)
    stood = or_(Forecast.ended_at.is_(None), *(Forecast.ended_at >= end for end in ends))
    for case in cases_of(session, Forecast.member_id.is_not(None), stood, *these):
        if case.id in fresh:
            row = fresh[case.id]
            lessons[row.id] = (row.scored_at, Lesson(row.resolved_at.timestamp(), case, peers[case.id]))
    return lessons
