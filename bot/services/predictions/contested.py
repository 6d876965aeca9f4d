"""Predictions on which members disagree most, for one reader. Where the crowd is hidden from them, it's as if nobody knew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session, aliased

from bot.domain.differences import spread
from bot.domain.visibility import BlindRule, Sight
from bot.services.members import guilds
from bot.services.predictions import crowds
from bot.services.predictions.views import is_open
from db.base import AnyRow
from db.models import CrowdPoint, Forecast, Prediction

LEAST_MEMBERS = 2
"""One member agrees with themselves."""

_Own = aliased(Forecast)


def by_spread(session: Session, found: Select[int], *, guild_id: int, member_id: int | None, now: datetime) -> list[int]:
    """The ids that were found, the most contested first; then, in their own order, those of which the reader can't know that."""
    rule = guilds.settings_of(session, guild_id).blind_rule
    own = and_(_Own.prediction_id == Prediction.id, _Own.member_id == (member_id or 0), _Own.ended_at.is_(None))
    known = (
        found.add_columns(
            Prediction.kind,
            Prediction.state,
            Prediction.opens_at,
            Prediction.closes_at,
            _Own.id.label("own_id"),
            CrowdPoint.members,
            CrowdPoint.lower,
            CrowdPoint.upper,
        )
        .outerjoin(_Own, own)
        .outerjoin(CrowdPoint, crowds.is_latest())
    )
    rows = session.execute(known).all()
    return [row.id for row in sorted(rows, key=lambda row: -(_spread(row, rule, now) or 0.0))]


def _spread(row: AnyRow, rule: BlindRule, now: datetime) -> float | None:
    """How contested it is, as far as the reader may know."""
    members = row.members or 0
    is_taking = is_open(row.state, row.opens_at, row.closes_at, now)
    sight = Sight(is_open=is_taking, has_forecast=row.own_id is not None, forecasters=members, now=now)
    if members < LEAST_MEMBERS or not rule.shows_crowd(sight):
        return None
    return spread(row.kind, row.lower, row.upper)
