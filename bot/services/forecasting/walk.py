"""/next: the predictions a member hasn't forecast yet, one after another, and a look back at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.differences import difference
from bot.domain.errors import NotFound
from bot.domain.types import Actor
from bot.services import waking
from bot.services.forecasting.progress import Progress, progress_of
from bot.services.groups.views import GroupView, group_view
from bot.services.members import guilds
from bot.services.predictions import crowds
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, prediction_views
from db import queries
from db.models import CrowdPoint, Forecast, GroupedPrediction, Prediction, Skip

MOST_DIFFERENT = 3
"""How many predictions the look back names."""
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LookBack:
    """What the end of `/next` says: where the member differs most from the crowd, and how many of theirs close soon."""

    most_different: tuple[PredictionView, ...]
    closing_soon: int


@dataclass(frozen=True, slots=True)
class NextPrediction:
    """The prediction to forecast next, and how far the member has come. Where more of its group wait, too, `group` has all of
    them. `look_back` comes once none is left."""

    view: PredictionView | None
    progress: Progress
    look_back: LookBack | None = None
    group: GroupView | None = None


def show_next(session: Session, actor: Actor, *, now: datetime) -> NextPrediction:
    """The open prediction, soonest first, that the member has neither forecast nor skipped."""
    return _next_of(session, guild_id=actor.guild_id, member_id=guilds.known_member(session, actor) or 0, now=now)


@waking.tells_when
def skip(session: Session, actor: Actor, *, code: int, now: datetime) -> NextPrediction:
    """Skip a prediction in `/next`, and return the one after it."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    member_id = guilds.member_of(session, actor, now=now)
    queries.insert_unless_there(session, Skip, [{"member_id": member_id, "prediction_id": prediction_id, "skipped_at": now}])
    return _next_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)


@waking.tells_when
def skip_group(session: Session, actor: Actor, *, group_id: int, now: datetime) -> NextPrediction:
    """Skip all of a group in `/next`, and return what comes after it."""
    member_id = guilds.member_of(session, actor, now=now)
    found = group_view(session, guild_id=actor.guild_id, group_id=group_id, member_id=member_id, now=now)
    waiting = [row.view.id for row in found.open_rows if row.view.own is None] if found is not None else []
    rows = [{"member_id": member_id, "prediction_id": one, "skipped_at": now} for one in waiting]
    queries.insert_unless_there(session, Skip, rows)
    return _next_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)


@waking.tells_when
def clear_skips(session: Session, actor: Actor, *, now: datetime) -> NextPrediction:
    """Bring back what the member skipped."""
    member_id = guilds.member_of(session, actor, now=now)
    session.execute(delete(Skip).where(Skip.member_id == member_id))
    return _next_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)


def _next_of(session: Session, *, guild_id: int, member_id: int, now: datetime) -> NextPrediction:
    standing = select(Forecast.prediction_id).where(Forecast.member_id == member_id, Forecast.ended_at.is_(None))
    skips = select(Skip.prediction_id).where(Skip.member_id == member_id)
    waiting = select(Prediction.id).where(
        Prediction.guild_id == guild_id, *open_now(now), Prediction.id.not_in(standing), Prediction.id.not_in(skips)
    )
    first = session.scalar(waiting.order_by(Prediction.closes_at.is_(None), Prediction.closes_at, Prediction.code).limit(1))
    progress = progress_of(session, guild_id=guild_id, member_id=member_id, now=now)
    if first is None:
        return NextPrediction(None, progress, _look_back(session, guild_id=guild_id, member_id=member_id, now=now))
    view = prediction_views(session, guild_id=guild_id, prediction_ids=[first], member_id=member_id, now=now)[0]
    group = None
    if view.group is not None:
        its = select(GroupedPrediction.prediction_id).where(GroupedPrediction.group_id == view.group.id)
        if len(session.scalars(waiting.where(Prediction.id.in_(its)).limit(2)).all()) > 1:
            group = group_view(session, guild_id=guild_id, group_id=view.group.id, member_id=member_id, now=now)
    return NextPrediction(view, progress, group=group)


def _look_back(session: Session, *, guild_id: int, member_id: int, now: datetime) -> LookBack:
    """Whoever has forecast may see the crowd. The views decide that once more."""
    own = (
        select(
            Prediction.id,
            Prediction.kind,
            Prediction.closes_at,
            Forecast.values.label("own"),
            CrowdPoint.values.label("crowd"),
            CrowdPoint.members,
        )
        .join(Forecast, Forecast.prediction_id == Prediction.id)
        .join(CrowdPoint, crowds.is_latest())
        .where(Prediction.guild_id == guild_id, *open_now(now), Forecast.member_id == member_id, Forecast.ended_at.is_(None))
        .order_by(Prediction.code)
    )
    rows = session.execute(own).all()
    apart = [(difference(row.kind, row.own, row.crowd), row.id) for row in rows if row.members > 1]
    ranked = sorted((pair for pair in apart if pair[0] > 0), key=lambda pair: -pair[0])
    ids = [prediction_id for _, prediction_id in ranked[:MOST_DIFFERENT]]
    views = prediction_views(session, guild_id=guild_id, prediction_ids=ids, member_id=member_id, now=now)
    closing_soon = sum(row.closes_at is not None and row.closes_at <= now + SOON for row in rows)
    return LookBack(tuple(view for view in views if view.crowd is not None), closing_soon)
