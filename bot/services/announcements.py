"""What the outbox's messages say. Read when they're sent, so that they say what's true then."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.differences import difference
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.reminders import LATE_AFTER, judge, steps_due
from bot.services.members import guilds
from bot.services.packs import library
from bot.services.predictions import ladder, posted_reasons
from bot.services.predictions.discussion import with_discussion
from bot.services.predictions.moves import CrowdMove
from bot.services.predictions.posted_reasons import PostedReason
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import experienced
from db.base import AnyRow
from db.models import Event, LadderStep, Member, Prediction, PredictionRevision

log = logging.getLogger(__name__)

LADDER_VIEWS = 25
"""How many predictions a reminder post offers at once: as many as a select holds."""


@dataclass(frozen=True, slots=True)
class Clarification:
    """Words that changed after members had forecast on them."""

    view: PredictionView
    old_statement: str
    old_criteria: str | None
    changed_by: int | None
    is_interested: bool
    """Whether they had forecast on it."""


@dataclass(frozen=True, slots=True)
class ReasonPost:
    """A reason that its member made public, as everyone may see it."""

    view: PredictionView
    reason: PostedReason


@dataclass(frozen=True, slots=True)
class BigMove:
    """How the crowd of a prediction moved in a day, and the public reasons of those who moved it."""

    view: PredictionView
    move: CrowdMove
    reasons: tuple[PostedReason, ...]


@dataclass(frozen=True, slots=True)
class LadderGroup:
    """`days` are left for `total` predictions, of which `views` are the first. `late_by` is set if that comes late."""

    days: int
    total: int
    views: tuple[PredictionView, ...]
    late_by: timedelta | None


@dataclass(frozen=True, slots=True)
class LadderPost:
    """What a reminder post says: the steps of a morning, the soonest date first."""

    outbox_id: int
    total: int
    groups: tuple[LadderGroup, ...]


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A date that was moved after members had forecast."""

    view: PredictionView
    old: datetime | None
    user_id: int | None
    is_interested: bool


def public_view(session: Session, *, guild_id: int, prediction_id: int, now: datetime) -> PredictionView | None:
    """The prediction as everyone may see it; None if it's gone."""
    views = prediction_views(session, guild_id=guild_id, prediction_ids=[prediction_id], member_id=None, now=now)
    if not views:
        return None
    return with_discussion(session, experienced.with_experienced(session, views[0], now=now), now=now)


def clarification(
    session: Session, *, guild_id: int, prediction_id: int, number: int, now: datetime
) -> Clarification | None:
    """What a revision replaced."""
    view = public_view(session, guild_id=guild_id, prediction_id=prediction_id, now=now)
    revision = select(PredictionRevision.statement, PredictionRevision.criteria, Member.user_id).outerjoin(
        Member, Member.id == PredictionRevision.replaced_by
    )
    row = session.execute(
        revision.where(PredictionRevision.prediction_id == prediction_id, PredictionRevision.number == number)
    ).first()
    if view is None or row is None:
        return None
    change = select(Event.data).where(Event.prediction_id == prediction_id, Event.kind == EventKind.CLARIFIED)
    is_interested = any(
        data.get("number") == number and data.get("is_interested", False) for data in session.scalars(change)
    )
    return Clarification(view, row.statement, row.criteria, row.user_id, is_interested)


def posted_reason(
    session: Session, *, guild_id: int, prediction_id: int, forecast_id: int, now: datetime
) -> ReasonPost | None:
    """A posted reason; None if it, or its member, is gone."""
    view = public_view(session, guild_id=guild_id, prediction_id=prediction_id, now=now)
    if view is None:
        return None
    found = posted_reasons.of_forecast(session, forecast_id, shows_numbers=view.shows_crowd)
    return None if found is None else ReasonPost(view, found)


def big_move(session: Session, *, guild_id: int, payload: dict[str, Any], now: datetime) -> BigMove | None:
    """A big move, as it was noted; None if the prediction is gone, or its crowd hidden from anyone by now."""
    view = public_view(session, guild_id=guild_id, prediction_id=payload["prediction_id"], now=now)
    if view is None or not view.shows_crowd_to_all:
        return None
    since, at = (datetime.fromisoformat(payload[name]) for name in ("since", "at"))
    before, after = tuple(payload["before"]), tuple(payload["after"])
    if len(before) != len(after) or (view.options and len(after) != len(view.options)):
        return None
    move = CrowdMove(before, after, since, difference(view.kind, before, after))
    return BigMove(view, move, posted_reasons.of_movers(session, view.id, since=since, until=at))


def adopted_pack(session: Session, *, guild_id: int, pack: str, now: datetime) -> library.PackSummary | None:
    """The pack, if the guild still has it."""
    found = [summary for summary in library.list_packs(session, guild_id=guild_id, now=now) if summary.slug == pack]
    return found[0] if found and found[0].is_adopted else None


def ladder_post(session: Session, *, guild_id: int, outbox_id: int, now: datetime) -> LadderPost | None:
    """What a reminder post has to say now. Predictions that have a result or another date by now are dropped; None if all are."""
    steps = session.execute(
        select(LadderStep.prediction_id, LadderStep.days, LadderStep.due_at, LadderStep.resolves_at, Prediction.state)
        .add_columns(Prediction.resolves_at.label("present_date"))
        .join(Prediction, Prediction.id == LadderStep.prediction_id)
        .where(LadderStep.outbox_id == outbox_id, Prediction.guild_id == guild_id)
        .order_by(LadderStep.resolves_at, Prediction.code)
    ).all()
    days = guilds.settings_of(session, guild_id).reminder_days
    standing: list[AnyRow] = []
    for step in steps:
        if (why_not := _why_not(step, [*days, step.days], now)) is None:
            standing.append(step)
            continue
        log.info("prediction %s: dropped the %s-day step: %s", step.prediction_id, step.days, why_not)
        this = (LadderStep.prediction_id == step.prediction_id, LadderStep.outbox_id == outbox_id)
        session.execute(update(LadderStep).where(*this).values(outbox_id=None, dropped=why_not))
    if not standing:
        return None
    quiet = ladder.quiet_hours(session, guild_id)
    groups: list[LadderGroup] = []
    room = LADDER_VIEWS
    for days_left in sorted({step.days for step in standing}):
        of_step = [step for step in standing if step.days == days_left]
        ids = [step.prediction_id for step in of_step[:room]]
        room -= len(ids)
        views = prediction_views(session, guild_id=guild_id, prediction_ids=ids, member_id=None, now=now)
        late_by = now - min(quiet.first_moment_from(step.due_at) for step in of_step)
        groups.append(LadderGroup(days_left, len(of_step), tuple(views), late_by if late_by >= LATE_AFTER else None))
    return LadderPost(outbox_id, len(standing), tuple(groups))


def moved_date(
    session: Session,
    *,
    guild_id: int,
    prediction_id: int,
    old: str | None,
    user_id: int | None,
    is_interested: bool = False,
    now: datetime,
) -> MovedDate | None:
    """A new date; None if it's the old one again, or the prediction has ended meanwhile."""
    view = public_view(session, guild_id=guild_id, prediction_id=prediction_id, now=now)
    before = datetime.fromisoformat(old) if old else None
    if view is None or view.state in ENDED or view.resolves_at == before:
        return None
    return MovedDate(view, before, user_id, is_interested)


def _why_not(step: AnyRow, days: list[int], now: datetime) -> str | None:
    """Why a step is no longer worth posting; None if it is."""
    if step.present_date != step.resolves_at:
        return "its date has changed"
    if step.state not in ladder.REMINDED:
        return f"it is {step.state.value}"
    come = steps_due(days, resolves_at=step.resolves_at, dated_at=step.due_at, now=max(now, step.due_at))
    verdict = judge(come, resolves_at=step.resolves_at, now=now)
    return next((why for one, why in verdict.dropped if one.days == step.days), None)
