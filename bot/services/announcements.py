"""What the outbox's messages say: read when they are sent, so that they say what is true then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.types import Values
from bot.services import packs
from bot.services.views import PredictionView, prediction_views
from db.models import Forecast, Member, PredictionRevision, Reason


@dataclass(frozen=True, slots=True)
class Clarification:
    """Words that were changed after members had forecast on them."""

    view: PredictionView
    old_statement: str
    old_criteria: str | None
    changed_by: int | None


@dataclass(frozen=True, slots=True)
class PostedReason:
    """A reason that its member made public, with the forecast that it belongs to."""

    view: PredictionView
    user_id: int
    values: Values
    words: str
    created_at: datetime


def public_view(session: Session, *, guild_id: int, prediction_id: int, now: datetime) -> PredictionView | None:
    """The prediction as everybody may see it; None when it is gone."""
    views = prediction_views(session, guild_id=guild_id, prediction_ids=[prediction_id], member_id=None, now=now)
    return views[0] if views else None


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
    return None if view is None or row is None else Clarification(view, row.statement, row.criteria, row.user_id)


def posted_reason(
    session: Session, *, guild_id: int, prediction_id: int, forecast_id: int, now: datetime
) -> PostedReason | None:
    """A posted reason; None when it, or its member, is gone."""
    view = public_view(session, guild_id=guild_id, prediction_id=prediction_id, now=now)
    reason = (
        select(Member.user_id, Forecast.values.label("numbers"), Forecast.created_at, Reason.words)
        .join(Forecast, Forecast.id == Reason.forecast_id)
        .join(Member, Member.id == Forecast.member_id)
        .where(Reason.forecast_id == forecast_id, Reason.posted_at.is_not(None))
    )
    row = session.execute(reason).first()
    if view is None or row is None or row.user_id is None:
        return None
    return PostedReason(view, row.user_id, tuple(row.numbers), row.words, row.created_at)


def adopted_pack(session: Session, *, guild_id: int, pack: str, now: datetime) -> packs.PackSummary | None:
    """The pack, if the guild still has it."""
    found = [summary for summary in packs.list_packs(session, guild_id=guild_id, now=now) if summary.slug == pack]
    return found[0] if found and found[0].is_adopted else None
