"""How far a member has come through the open predictions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from bot.services.predictions.listing import open_now
from db import queries
from db.base import SerialId
from db.models import Forecast, Prediction, Skip


@dataclass(frozen=True, slots=True)
class Progress:
    """How many predictions are open, and how many of them the member has forecast, or skipped in `/next`."""

    open: int
    forecast: int
    skipped: int

    @property
    def left(self) -> int:
        """How many `/next` still asks about."""
        return self.open - self.forecast - self.skipped


_MEMBER = bindparam("member_id", type_=SerialId)
_PROGRESS = (
    select(
        func.count(Prediction.id),
        func.count(Forecast.id),
        func.count(Skip.prediction_id).filter(Forecast.id.is_(None)),
    )
    .outerjoin(
        Forecast,
        and_(Forecast.prediction_id == Prediction.id, Forecast.member_id == _MEMBER, Forecast.ended_at.is_(None)),
    )
    .outerjoin(Skip, and_(Skip.prediction_id == Prediction.id, Skip.member_id == _MEMBER))
    .where(Prediction.guild_id == bindparam("guild_id"), *open_now(queries.NOW))
)


def progress_of(session: Session, *, guild_id: int, member_id: int, now: datetime) -> Progress:
    """The member's progress, in one statement."""
    return Progress(*queries.run(session, _PROGRESS, {"guild_id": guild_id, "member_id": member_id, "now": now}).one())
