"""The experienced crowd of a guild: what it says on a prediction, for whoever may see its crowd, and how it did on those that have
their result. docs/scoring.md says what it is.

What a guild's results teach is computed from stored scores and the forecasts that stood at each close, and its own scores from what
it taught. Both are kept in memory until another result comes or goes: nobody's secret and no state, so a restart only computes
them again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain.audit import forecaster_results
from bot.domain.cases import EXPERIENCED_ID, Experienced
from bot.domain.experience import (
    LEAST_RESOLVED,
    Experience,
    Lesson,
    experience_from,
    experienced_crowd,
    score_experienced,
)
from bot.domain.experience import steps_of as steps_said
from bot.domain.leaderboard import ForecasterResult
from bot.domain.timelines import ForecastWindow
from bot.domain.types import Actor, Role, State, Values
from bot.services.members import guilds
from bot.services.predictions.discussion import with_discussion
from bot.services.predictions.views import ExperiencedCrowd, PredictionView, prediction_view
from bot.services.scoring.cases import case_of, cases_of
from db.models import Forecast, Prediction, Score


@dataclass(frozen=True, slots=True)
class _Result:
    """How it did on a prediction: None where it said nothing. `scored_at` is of the members' scores, `closed_at` Unix seconds."""

    scored_at: datetime | None
    closed_at: float
    result: ForecasterResult | None


@dataclass(slots=True)
class _Remembered:
    """A guild's experience, what it was made from, by prediction when it was scored and what it teaches, and how the experienced
    crowd did."""

    made_from: tuple[Any, ...]
    experience: Experience
    lessons: dict[int, tuple[datetime | None, Lesson]]
    results: dict[int, _Result] = field(default_factory=dict[int, _Result])


_REMEMBERED: WeakKeyDictionary[Any, dict[int, _Remembered]] = WeakKeyDictionary()
"""By database, then guild."""


def show(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction as this member may see it, with the experienced crowd and what members say. Raises NotFound."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    return with_discussion(session, with_experienced(session, view, now=now), now=now)


def show_publicly(session: Session, *, guild_id: int, code: int, now: datetime) -> PredictionView:
    """One prediction as everyone may see it, with the experienced crowd and what members say: what a posted card shows. Raises
    NotFound."""
    view = prediction_view(session, guild_id=guild_id, code=code, member_id=None, now=now)
    return with_discussion(session, with_experienced(session, view, now=now), now=now)


def with_experienced(session: Session, view: PredictionView, *, now: datetime) -> PredictionView:
    """The view with the experienced crowd, if its reader may see the crowd and there is one."""
    known = _shown(session, view)
    if known is None:
        return view
    if view.state is State.RESOLVED:
        case = case_of(session, session.get_one(Prediction, view.id))
    else:
        # An earlier forecast doesn't matter to what is said now.
        case = next(cases_of(session, Forecast.prediction_id == view.id, Forecast.ended_at.is_(None)), None)
    if case is None:
        return view
    said = experienced_crowd(case, known.experience, closed_at=_until(case.window, now))
    if not len(said):
        return view
    found = ExperiencedCrowd(tuple(said.values[-1].tolist()))
    if (scored := score_experienced(case, said)) is not None:
        peer, baseline = (float(scores[0]) for scores in (scored.over_time.peer, scored.over_time.baseline))
        found = replace(found, peer=peer, baseline=baseline)
    return replace(view, experienced=found)


def steps_of(session: Session, view: PredictionView, *, now: datetime) -> tuple[tuple[datetime, Values | None], ...]:
    """What it said over time, oldest first, None while nobody had a forecast; empty where its reader may not see it."""
    known = _shown(session, view)
    if known is None:
        return ()
    case = case_of(session, session.get_one(Prediction, view.id))
    until = _until(case.window, now)
    said = experienced_crowd(case, known.experience, closed_at=until)
    return tuple(
        (datetime.fromtimestamp(at, UTC), None if values is None else tuple(values))
        for at, values in steps_said(said, closed_at=until)
    )


def said_on(session: Session, guild_id: int, closes: Mapping[int, float]) -> dict[int, Experienced]:
    """What it said on these predictions of the guild, by their ids, up to the close of each (Unix seconds, infinite where it has
    none), and its scores; without those on which it said nothing. For whoever may see their crowds."""
    known = _remembered(session, guild_id)
    if known is None:
        return {}
    found: dict[int, Experienced] = {}
    for case in cases_of(session, Forecast.prediction_id.in_(closes), Forecast.member_id.is_not(None)):
        said = experienced_crowd(case, known.experience, closed_at=closes[int(case.id)])
        if len(said):
            found[int(case.id)] = Experienced(said, score_experienced(case, said))
    return found


def results_of(session: Session, guild_id: int) -> Mapping[int, ForecasterResult]:
    """How it did on the guild's resolved predictions, by their ids, where it said something."""
    known = _remembered(session, guild_id)
    if known is None:
        return {}
    # Before there were enough results it said nothing, and no prediction closes after its own.
    began = datetime.fromtimestamp(float(known.experience.since[LEAST_RESOLVED - 1]), UTC)
    asked = (*_resolved(guild_id), Prediction.resolved_at > began)
    scored = {row.id: row.scored_at for row in session.execute(select(Prediction.id, Prediction.scored_at).where(*asked))}
    missing = [key for key, at in scored.items() if key not in known.results or known.results[key].scored_at != at]
    if missing:
        known.results |= {key: _Result(scored[key], np.inf, None) for key in missing}
        these = asked if len(missing) == len(scored) else (*asked, Prediction.id.in_(missing))
        for case in cases_of(session, Forecast.member_id.is_not(None), *these):
            closed_at = np.inf if case.window is None else case.window.closed_at
            said = experienced_crowd(case, known.experience, closed_at=closed_at)
            found = score_experienced(case, said) if len(said) else None
            rows = () if found is None else forecaster_results(case, Role.EXPERIENCED, (EXPERIENCED_ID,), found)
            known.results[int(case.id)] = _Result(scored[int(case.id)], closed_at, next(iter(rows), None))
    return {key: one.result for key, one in known.results.items() if key in scored and one.result is not None}


def _until(window: ForecastWindow | None, now: datetime) -> float:
    # Whatever was forecast this very moment counts.
    closed_at = float(np.nextafter(now.timestamp(), np.inf))
    return closed_at if window is None else min(closed_at, window.closed_at)


def _shown(session: Session, view: PredictionView) -> _Remembered | None:
    """What the guild's results teach; None where they are too few, or nothing may be shown."""
    return None if view.crowd is None or not view.kind.is_distribution else _remembered(session, view.guild_id)


def _resolved(guild_id: int) -> tuple[Any, ...]:
    return (Prediction.guild_id == guild_id, Prediction.state == State.RESOLVED, Prediction.scored_at.is_not(None))


def _remembered(session: Session, guild_id: int) -> _Remembered | None:
    """What the guild's results teach; None where they are too few."""
    facts = (func.count(), func.max(Prediction.scored_at), func.max(Prediction.resolved_at))
    resolutions, *since = session.execute(select(*facts).where(*_resolved(guild_id))).one()
    if resolutions < LEAST_RESOLVED:
        return None
    made_from = (resolutions, *since)
    kept = _REMEMBERED.setdefault(session.get_bind(), {})
    remembered = kept.get(guild_id)
    if remembered is None or remembered.made_from != made_from:
        before = {} if remembered is None else remembered.lessons
        lessons = _lessons(session, guild_id, before)
        experience = experience_from(lesson for _, lesson in lessons.values())
        results = {} if remembered is None else dict(_unmoved(remembered.results, before, lessons))
        remembered = kept[guild_id] = _Remembered(made_from, experience, lessons, results)
    return remembered if len(remembered.experience.since) >= LEAST_RESOLVED else None


def _unmoved(
    results: Mapping[int, _Result],
    before: Mapping[int, tuple[datetime | None, Lesson]],
    after: Mapping[int, tuple[datetime | None, Lesson]],
) -> Iterator[tuple[int, _Result]]:
    """Those that closed before anything else was taught, which is nearly all of them unless a result was taken back."""
    changed = [one for one in before.keys() | after.keys() if before.get(one, (None,))[0] != after.get(one, (None,))[0]]
    moments = [lessons[one][1].moment for one in changed for lessons in (before, after) if one in lessons]
    first = min(moments, default=np.inf)
    return ((key, one) for key, one in results.items() if one.closed_at <= first)


def _lessons(
    session: Session, guild_id: int, kept: Mapping[int, tuple[datetime | None, Lesson]]
) -> dict[int, tuple[datetime | None, Lesson]]:
    """What each resolved prediction teaches; read only where it was scored since."""
    resolved = _resolved(guild_id)
    found = session.execute(select(Prediction.id, Prediction.scored_at, Prediction.resolved_at).where(*resolved)).all()
    lessons = {row.id: kept[row.id] for row in found if row.id in kept and kept[row.id][0] == row.scored_at}
    fresh = {row.id: row for row in found if row.id not in lessons and row.resolved_at is not None}
    these = (*resolved, Prediction.id.in_(fresh)) if lessons else resolved
    peers: dict[int, list[tuple[str, float, float]]] = defaultdict(list)
    scored = select(Score.prediction_id, Score.member_id, Score.peer, Score.coverage)
    scored = scored.join(Prediction, Prediction.id == Score.prediction_id).where(*these)
    for row in session.execute(
        scored.where(Score.member_id.is_not(None), Score.peer.is_not(None)).order_by(Score.member_id)
    ):
        peers[row.prediction_id].append((str(row.member_id), row.peer, row.coverage))
    ends = (Prediction.happened_at, Prediction.closed_at, Prediction.closes_at)
    stood = or_(Forecast.ended_at.is_(None), *(Forecast.ended_at >= end for end in ends))
    cases = {int(case.id): case for case in cases_of(session, Forecast.member_id.is_not(None), stood, *these)}
    for key, row in fresh.items():
        if key in peers:
            lesson = Lesson(row.resolved_at.timestamp(), str(key), peers[key], cases.get(key))
            lessons[key] = (row.scored_at, lesson)
    return lessons
