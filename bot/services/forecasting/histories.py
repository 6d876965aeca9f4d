"""The history behind a prediction's numbers, for charts: the crowd over time, members' current forecasts, the reader's own.

`views` decides whether the reader may see the crowd. If not, the others' forecasts aren't even read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.aggregation import Crowd, CrowdHistory, crowd_history
from bot.domain.errors import Refused
from bot.domain.timelines import Forecasts, timeline_of
from bot.domain.types import Actor, Values
from bot.services.members import guilds, people
from bot.services.predictions.views import PredictionView, prediction_view
from bot.services.scoring import experienced
from db.base import AnyRow
from db.models import Forecast

CrowdSteps: TypeAlias = tuple[tuple[datetime, Crowd | None], ...]
"""The crowd from each moment until the next, oldest first; None while nobody had a forecast."""
OwnSteps: TypeAlias = tuple[tuple[datetime, Values | None], ...]
"""One member's forecasts, in the same form; None after a withdrawal."""


@dataclass(frozen=True, slots=True)
class PredictionHistory:
    """A prediction and its history, as one reader may see it. `crowd` and `forecasts` (the members' standing ones, in an
    order that gives nobody away) are None while hidden. `experienced` is what the experienced crowd said, in the form of
    `own`, as far as there is one. `zone` is the time zone for the reader's dates."""

    view: PredictionView
    crowd: CrowdSteps | None
    forecasts: tuple[Values, ...] | None
    own: OwnSteps
    zone: ZoneInfo
    experienced: OwnSteps = ()


def show_history(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionHistory:
    """A prediction's history as this member may see it. Raises NotFound."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    zone = people.zone_of(session, user_id=actor.user_id, guild_id=actor.guild_id)
    return _history(session, view, member_id=member_id, zone=zone, now=now)


def show_public_history(session: Session, *, guild_id: int, code: int, now: datetime) -> PredictionHistory:
    """A prediction's history as everyone may see it. Raises NotFound, or Refused if there's nothing to show everyone."""
    view = prediction_view(session, guild_id=guild_id, code=code, member_id=None, now=now)
    if not view.shows_crowd:
        raise Refused(
            f"Members who haven't forecast on #{code} can't see its crowd yet, so you can't post its chart for everyone. "
            "The one you have open is visible only to you."
        )
    zone = ZoneInfo(guilds.settings_of(session, guild_id).zone)
    found = _history(session, view, member_id=None, zone=zone, now=now)
    if not found.crowd:
        raise Refused(f"Nobody has forecast on #{code} yet, so there's nothing to chart.")
    return found


_ROWS = (
    select(Forecast.member_id, Forecast.values.label("numbers"), Forecast.created_at, Forecast.ended_at)
    .where(Forecast.member_id.is_not(None))
    .order_by(Forecast.created_at, Forecast.id)
)


def _history(
    session: Session, view: PredictionView, *, member_id: int | None, zone: ZoneInfo, now: datetime
) -> PredictionHistory:
    found = _ROWS.where(Forecast.prediction_id == view.id)
    if not view.shows_crowd:
        found = found.where(Forecast.member_id == (member_id or 0))
    rows = session.execute(found).all()
    own = _own_steps([row for row in rows if member_id is not None and row.member_id == member_id])
    if not view.shows_crowd:
        return PredictionHistory(view, None, None, own, zone)
    standing = sorted(tuple(row.numbers) for row in rows if row.ended_at is None)
    by_experience = experienced.steps_of(session, view, now=now)
    return PredictionHistory(view, _crowd_steps(view, rows), tuple(standing), own, zone, by_experience)


def _own_steps(rows: Sequence[AnyRow]) -> OwnSteps:
    steps: list[tuple[datetime, Values | None]] = []
    for row in rows:
        if row.ended_at is not None and row.ended_at <= row.created_at:
            continue
        if steps and steps[-1][1] is None and steps[-1][0] >= row.created_at:
            steps.pop()  # replaced, not withdrawn
        steps.append((row.created_at, tuple(row.numbers)))
        if row.ended_at is not None:
            steps.append((row.ended_at, None))
    return tuple(steps)


def _crowd_steps(view: PredictionView, rows: Sequence[AnyRow]) -> CrowdSteps:
    if not rows:
        return ()
    ends = [at.timestamp() for at in (view.closes_at, view.resolved_at) if at is not None]
    forecasts = Forecasts(
        who=np.array([row.member_id for row in rows], dtype=np.int64),
        starts=np.array([row.created_at.timestamp() for row in rows]),
        ends=np.array([np.inf if row.ended_at is None else row.ended_at.timestamp() for row in rows]),
        values=np.array([row.numbers for row in rows], dtype=np.float64),
    )
    timeline = timeline_of(forecasts, opens_at=view.opens_at.timestamp(), closed_at=min(ends, default=np.inf))
    found = crowd_history(view.kind, timeline)
    moments = [datetime.fromtimestamp(at, UTC) for at in found.times.tolist()]
    return tuple((moment, _crowd(found, step)) for step, moment in enumerate(moments))


def _crowd(found: CrowdHistory, step: int) -> Crowd | None:
    members = int(found.members[step])
    if not members:
        return None
    values, lower, upper = (tuple(part[step].tolist()) for part in (found.values, found.lower, found.upper))
    return Crowd(members, values, lower, upper)
