"""The reasons that members posted for everyone to read, each with the forecast it belongs to.

What is public of a reason is decided here alone: its words from the moment it's posted; the numbers beside them only for
whoever may see the crowd, and never of a member who keeps their record private.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, aliased

from bot.domain.types import Values
from db.base import AnyRow
from db.models import Forecast, Member, Prediction, Reason, User

NEWEST = 3
"""How many a card shows."""


@dataclass(frozen=True, slots=True)
class PostedReason:
    """A posted reason. `values` is the forecast it belongs to and `before` the one that forecast replaced; both are None where
    the reader may not see them. `channel_id` and `message_id` say where it was posted, if that's known."""

    forecast_id: int
    user_id: int
    words: str
    posted_at: datetime
    values: Values | None
    before: Values | None
    replies: int
    channel_id: int | None
    message_id: int | None


def is_public() -> ColumnElement[bool]:
    """The condition for a reason that everyone may read."""
    return Reason.posted_at.is_not(None)


_Before = aliased(Forecast)
_BEFORE = (
    select(_Before.values)
    .where(
        _Before.prediction_id == Forecast.prediction_id,
        _Before.member_id == Forecast.member_id,
        _Before.id < Forecast.id,
        _Before.ended_at >= Forecast.created_at,
    )
    .order_by(_Before.id.desc())
    .limit(1)
    .correlate(Forecast)
    .scalar_subquery()
)
_POSTED = (
    select(
        Reason.forecast_id,
        Reason.words,
        Reason.posted_at,
        Reason.replies,
        Reason.channel_id,
        Reason.message_id,
        Member.user_id,
        Forecast.values.label("numbers"),
        _BEFORE.label("before"),
        func.coalesce(User.shows_calibration, True).label("shows_record"),
    )
    .join(Forecast, Forecast.id == Reason.forecast_id)
    .join(Member, Member.id == Forecast.member_id)
    .outerjoin(User, User.id == Member.user_id)
    .where(is_public(), Member.user_id.is_not(None))
)


def newest(
    session: Session, prediction_id: int, *, shows_numbers: bool, limit: int = NEWEST, offset: int = 0
) -> tuple[PostedReason, ...]:
    """The posted reasons of a prediction, newest first."""
    found = _POSTED.where(Forecast.prediction_id == prediction_id)
    found = found.order_by(Reason.posted_at.desc(), Reason.forecast_id.desc()).limit(limit).offset(offset)
    return _read(session, found, shows_numbers=shows_numbers)


def of_movers(session: Session, prediction_id: int, *, since: datetime, until: datetime) -> tuple[PostedReason, ...]:
    """The newest posted reasons for forecasts of a while in which everyone may see the crowd."""
    found = _POSTED.where(
        Forecast.prediction_id == prediction_id, Forecast.created_at >= since, Forecast.created_at <= until
    )
    found = found.order_by(Reason.posted_at.desc(), Reason.forecast_id.desc()).limit(NEWEST)
    return _read(session, found, shows_numbers=True)


def of_forecast(session: Session, forecast_id: int, *, shows_numbers: bool) -> PostedReason | None:
    """The posted reason of a forecast; None if it has none, or if its member is gone."""
    return next(iter(_read(session, _POSTED.where(Reason.forecast_id == forecast_id), shows_numbers=shows_numbers)), None)


def count(session: Session, prediction_id: int) -> int:
    """How many reasons were posted on a prediction."""
    posted = select(func.count()).select_from(Reason).join(Forecast, Forecast.id == Reason.forecast_id)
    posted = posted.join(Member, Member.id == Forecast.member_id).where(is_public(), Member.user_id.is_not(None))
    return session.scalar(posted.where(Forecast.prediction_id == prediction_id)) or 0


def note_reply(session: Session, *, guild_id: int, message_id: int) -> None:
    """Count a reply to a message of ours in a guild, if it's a posted reason."""
    here = (
        select(Forecast.id).join(Prediction, Prediction.id == Forecast.prediction_id).where(Prediction.guild_id == guild_id)
    )
    replied = update(Reason).where(Reason.message_id == message_id, Reason.forecast_id.in_(here))
    session.execute(replied.values(replies=Reason.replies + 1).execution_options(synchronize_session=False))


def _read(session: Session, found: Select[*tuple[Any, ...]], *, shows_numbers: bool) -> tuple[PostedReason, ...]:
    return tuple(_posted(row, shows_numbers=shows_numbers and row.shows_record) for row in session.execute(found))


def _posted(row: AnyRow, *, shows_numbers: bool) -> PostedReason:
    before = None if row.before is None or not shows_numbers else tuple(row.before)
    return PostedReason(
        forecast_id=row.forecast_id,
        user_id=row.user_id,
        words=row.words,
        posted_at=row.posted_at,
        values=tuple(row.numbers) if shows_numbers else None,
        before=before,
        replies=row.replies,
        channel_id=row.channel_id,
        message_id=row.message_id,
    )
