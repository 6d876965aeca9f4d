"""Placing, reaffirming, withdrawing and undoing members' forecasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.types import Actor, Values
from bot.services import waking
from bot.services.forecasting import placing
from bot.services.forecasting.placing import PlacedForecast, WithdrawnForecast
from bot.services.forecasting.second_thoughts import second_thoughts
from bot.services.members import guilds


@waking.tells_when
def place(
    session: Session,
    actor: Actor,
    *,
    code: int,
    values: Values | str,
    reason: str | None = None,
    now: datetime,
    locale: str | None = None,
    asks: bool = False,
) -> PlacedForecast:
    """Record a member's forecast exactly as they said it, in numbers or in typed words; their earlier one ends at `now`.

    Raises NotFound, or Refused when the prediction is closed to forecasts or the values don't fit its kind. `locale` and
    `asks` as in `place_held`.
    """
    held = placing.hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    placed = placing.place_held(
        session, actor, held, values=values, reason=reason, member_id=member_id, now=now, locale=locale, asks=asks
    )
    thoughts = second_thoughts(
        session,
        placed.view,
        values=placed.values,
        previous=placed.previous,
        previous_at=placed.previous_at,
        member_id=member_id,
        now=now,
    )
    return replace(placed, thoughts=thoughts) if thoughts else placed


@waking.tells_when
def reaffirm(session: Session, actor: Actor, *, code: int, now: datetime) -> PlacedForecast:
    """Repeat a member's standing forecast: a new one with the same values, which counts as fresh."""
    held = placing.hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    values = placing.standing_values(session, prediction_id=held.id, member_id=member_id)
    if values is None:
        raise Refused(f"You have no forecast on #{code} to reaffirm. Make one with /forecast #{code}.")
    return placing.place_held(session, actor, held, values=values, reason=None, member_id=member_id, now=now)


@waking.tells_when
def withdraw(session: Session, actor: Actor, *, code: int, now: datetime) -> WithdrawnForecast:
    """Withdraw a member's forecast; the history keeps it. Raises Refused if there's none or the prediction has closed."""
    held = placing.hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    return placing.withdraw_held(session, actor, held, member_id=member_id, now=now)


@waking.tells_when
def undo(session: Session, actor: Actor, *, forecast_id: int, now: datetime) -> PlacedForecast | WithdrawnForecast:
    """Undo a member's latest forecast: the one before it, if any, stands again from now on. The slip stays in the history."""
    member_id = guilds.member_of(session, actor, now=now)
    return placing.undo_held(session, actor, forecast_id=forecast_id, member_id=member_id, now=now)
