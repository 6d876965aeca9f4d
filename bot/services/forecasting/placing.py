"""The steps for placing, reaffirming, withdrawing and undoing forecasts. Each is part of a use case, never one itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, delete, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.answers import read_answer
from bot.domain.errors import NotFound, Refused
from bot.domain.evidence import checked_words
from bot.domain.plausibility import Range, question_about
from bot.domain.probabilities import may_scale
from bot.domain.times import ago
from bot.domain.types import Actor, Kind, State, Values
from bot.services import outbox
from bot.services.forecasting.moving import note_move
from bot.services.forecasting.progress import Progress, progress_of
from bot.services.forecasting.second_thoughts import SecondThought
from bot.services.members import left_out
from bot.services.predictions import crowds
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, is_open, prediction_view
from db import queries
from db.base import AnyRow
from db.models import Forecast, Prediction, Reason, Skip
from db.queries import NOW

CLIP = 0.001
"""Scores count a probability below this as this, and one above 1 minus this as that."""
EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class PlacedForecast:
    """A forecast that was placed. `previous` is the one it replaced; `progress` is how far the member has come through the
    open predictions."""

    view: PredictionView
    forecast_id: int
    values: Values
    previous: Values | None
    reason: str | None
    is_clipped: bool
    progress: Progress
    is_posted: bool = False
    """Whether everyone can read the reason."""
    thoughts: tuple[SecondThought, ...] = ()
    """What to ask about it, in the light of what the member said before."""
    previous_at: datetime | None = None
    typed_total: float = 1.0
    """What the options' probabilities added up to before they were scaled to 1."""


@dataclass(frozen=True, slots=True)
class WithdrawnForecast:
    """A forecast that was withdrawn or undone, and the prediction as the member sees it now."""

    view: PredictionView
    values: Values


_HOLD = (
    update(Prediction)
    .values(forecasters=Prediction.forecasters)
    .where(Prediction.guild_id == bindparam("in_guild"), Prediction.code == bindparam("with_code"), *open_now(NOW))
    .returning(Prediction.id, Prediction.kind, Prediction.code, Prediction.unit, Prediction.range_low, Prediction.range_high)
    .execution_options(synchronize_session=False)
)
_FIRST = (
    update(Prediction)
    .where(Prediction.id == bindparam("held_id"))
    .values(forecasters=Prediction.forecasters + 1)
    .execution_options(synchronize_session=False)
)
_STANDING = (
    Forecast.prediction_id == bindparam("of_prediction"),
    Forecast.member_id == bindparam("of_member"),
    Forecast.ended_at.is_(None),
)
_OWN = select(Forecast.values.label("numbers")).where(*_STANDING)
_END = (
    update(Forecast)
    .where(*_STANDING)
    # If this process's clock is a little behind another's, the forecast must not end before it began.
    .values(ended_at=case((Forecast.created_at > NOW, Forecast.created_at), else_=NOW))
    .returning(Forecast.id, Forecast.values.label("numbers"), Forecast.created_at)
    .execution_options(synchronize_session=False)
)
_FORGET_SKIP = (
    delete(Skip)
    .where(Skip.member_id == bindparam("of_member"), Skip.prediction_id == bindparam("of_prediction"))
    .execution_options(synchronize_session=False)
)
_RECORD = insert(cast("Table[Any]", Forecast.__table__)).returning(Forecast.id)


def hold_open(session: Session, *, guild_id: int, code: int, now: datetime) -> AnyRow:
    """Lock the prediction against other writers if it takes forecasts. The database decides that, not an earlier look."""
    held = queries.run(session, _HOLD, {"in_guild": guild_id, "with_code": code, "now": now}).first()
    if held is not None:
        return held
    row = session.execute(
        select(Prediction.state, Prediction.opens_at, Prediction.closes_at).where(
            Prediction.guild_id == guild_id, Prediction.code == code
        )
    ).first()
    if row is None or row.state is State.DRAFT:
        raise NotFound(f"#{code}")
    if (row.state is State.OPEN and not is_open(row.state, row.opens_at, row.closes_at, now)) or row.state is State.CLOSED:
        when = f" {ago(now - row.closes_at)}" if row.closes_at and row.closes_at <= now else ""
        raise Refused(
            f"#{code} closed{when}, so you can't forecast on it any more. See where it stands with /prediction show #{code}."
        )
    if row.state is State.VOTING:
        when = f" {ago(now - row.closes_at)}" if row.closes_at and row.closes_at <= now else ""
        raise Refused(f"#{code} closed{when}, and the vote on what happened is open: /vote #{code}.")
    raise Refused(
        f"#{code} is {row.state.value}, so you can't forecast on it any more. See where it stands with /prediction show #{code}."
    )


def place_held(
    session: Session,
    actor: Actor,
    held: AnyRow,
    *,
    values: Values | str,
    reason: str | None,
    member_id: int,
    now: datetime,
    locale: str | None = None,
    asks: bool = False,
) -> PlacedForecast:
    """Record a forecast on a locked prediction; the member's earlier one ends at `now`.

    Words are read according to its kind, in the notation of the member's `locale`: TwoReadings where they could mean two
    things. With `asks`, what looks like a slip raises Doubted, and nothing is stored.
    """
    left_out.require_counted(session, member_id)
    options = tuple(queries.option_names(session, held.id)) if held.kind is Kind.MULTIPLE_CHOICE else ()
    stated = Range(held.range_low, held.range_high)
    if isinstance(values, str):
        last = () if held.kind.is_distribution else standing_values(session, prediction_id=held.id, member_id=member_id)
        near = (*(last or ()), *stated.ends)
        values = read_answer(values, kind=held.kind, options=options, unit=held.unit, locale=locale, near=near, scales=False)
    typed_total = math.fsum(values) if held.kind is Kind.MULTIPLE_CHOICE else 1.0
    if may_scale(typed_total) and abs(typed_total - 1) > EXACT:  # what adds up is stored as it was said, to the bit
        values = tuple(value / typed_total for value in values)
    _check_values(held.kind, values, len(options))
    if asks and (question := question_about(values, kind=held.kind, stated=stated)) is not None:
        raise question
    reason = checked_words(reason)
    previous = _end_standing(session, prediction_id=held.id, member_id=member_id, now=now)
    forecast_id = _record(
        session, prediction_id=held.id, member_id=member_id, values=values, reason=reason, is_first=previous is None, now=now
    )
    queries.run(session, _FORGET_SKIP, {"of_member": member_id, "of_prediction": held.id})
    view = _changed_view(session, actor, held, member_id=member_id, now=now)
    progress = progress_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)
    before = None if previous is None else tuple(previous.numbers)
    clipped = is_clipped(held.kind, values)
    since = None if previous is None else previous.created_at
    return PlacedForecast(
        view, forecast_id, values, before, reason, clipped, progress, previous_at=since, typed_total=typed_total
    )


def said_before(
    session: Session, actor: Actor, said: AnyRow, *, reason: str | None, is_posted: bool, member_id: int, now: datetime
) -> PlacedForecast:
    """A member's forecast (its id, code, kind and numbers) as it was placed, with what has become of its reason."""
    values = tuple(said.numbers)
    view = prediction_view(session, guild_id=actor.guild_id, code=said.code, member_id=member_id, now=now)
    progress = progress_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)
    return PlacedForecast(view, said.id, values, None, reason, is_clipped(said.kind, values), progress, is_posted)


def is_clipped(kind: Kind, values: Values) -> bool:
    """Whether scores count it as less sure than it is."""
    return kind.is_distribution and any(not CLIP <= value <= 1 - CLIP for value in values)


def withdraw_held(session: Session, actor: Actor, held: AnyRow, *, member_id: int, now: datetime) -> WithdrawnForecast:
    """End the member's forecast on a locked prediction; the history keeps it. Raises Refused if there's none."""
    previous = _end_standing(session, prediction_id=held.id, member_id=member_id, now=now)
    if previous is None:
        raise Refused(f"You have no forecast on #{held.code} to withdraw.")
    session.execute(update(Prediction).where(Prediction.id == held.id).values(forecasters=Prediction.forecasters - 1))
    view = _changed_view(session, actor, held, member_id=member_id, now=now)
    return WithdrawnForecast(view, tuple(previous.numbers))


def undo_held(
    session: Session, actor: Actor, *, forecast_id: int, member_id: int, now: datetime
) -> PlacedForecast | WithdrawnForecast:
    """The step that undoes a member's latest forecast: the one before it, if any, stands again. Raises Refused."""
    mine = select(Forecast.id, Forecast.prediction_id, Forecast.created_at, Forecast.ended_at, Prediction.code).join(
        Prediction, Prediction.id == Forecast.prediction_id
    )
    slip = session.execute(
        mine.where(Forecast.id == forecast_id, Forecast.member_id == member_id, Prediction.guild_id == actor.guild_id)
    ).first()
    if slip is None:
        raise Refused("That isn't your forecast, so there's nothing to undo.")
    if slip.ended_at is not None:
        raise Refused(f"You've made a newer forecast on #{slip.code} since. See your history with /forecasts.")
    held = hold_open(session, guild_id=actor.guild_id, code=slip.code, now=now)
    before = select(Forecast.values.label("numbers")).where(
        Forecast.prediction_id == slip.prediction_id,
        Forecast.member_id == member_id,
        Forecast.ended_at == slip.created_at,
        Forecast.id < slip.id,
    )
    restored = session.execute(before.order_by(Forecast.id.desc()).limit(1)).first()
    if restored is None:
        return withdraw_held(session, actor, held, member_id=member_id, now=now)
    values = tuple(restored.numbers)
    return place_held(session, actor, held, values=values, reason=None, member_id=member_id, now=now)


def standing_values(session: Session, *, prediction_id: int, member_id: int) -> Values | None:
    """What the member's forecast says right now; None if they have none."""
    row = queries.run(session, _OWN, {"of_prediction": prediction_id, "of_member": member_id}).first()
    return None if row is None else tuple(row.numbers)


def _changed_view(session: Session, actor: Actor, held: AnyRow, *, member_id: int, now: datetime) -> PredictionView:
    """Bring the crowd and the home card up to date, and return the prediction as the member sees it now."""
    crowds.note_change(session, prediction_id=held.id, kind=held.kind, now=now)
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=held.id, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=held.code, member_id=member_id, now=now)
    note_move(session, view, now=now)
    return view


def _end_standing(session: Session, *, prediction_id: int, member_id: int, now: datetime) -> AnyRow | None:
    return queries.run(session, _END, {"of_prediction": prediction_id, "of_member": member_id, "now": now}).first()


def _record(
    session: Session,
    *,
    prediction_id: int,
    member_id: int,
    values: Values,
    reason: str | None,
    is_first: bool,
    now: datetime,
) -> int:
    row = {"prediction_id": prediction_id, "member_id": member_id, "values": list(values), "created_at": now}
    forecast_id: int = queries.run(session, _RECORD, row).scalar_one()
    if reason:
        session.add(Reason(forecast_id=forecast_id, words=reason))
    if is_first:
        queries.run(session, _FIRST, {"held_id": prediction_id})
    return forecast_id


def _check_values(kind: Kind, values: Values, options: int) -> None:
    """Reading the member's words should have checked all this already; a wrong length means a forged or stale click."""
    wanted = {Kind.BINARY: 1, Kind.MULTIPLE_CHOICE: options, Kind.NUMERIC: 3, Kind.DATE: 3}[kind]
    if len(values) != wanted or not all(math.isfinite(value) for value in values):
        raise Refused(
            f"This prediction takes {wanted} number{'s' if wanted > 1 else ''}. Open its card again and forecast from there."
        )
    if kind.is_distribution and not all(0 <= value <= 1 for value in values):
        raise Refused("Give a probability from 0% to 100%.")
    if kind is Kind.MULTIPLE_CHOICE and abs(math.fsum(values) - 1) > 1e-6:
        raise Refused(f"The probabilities add up to {100 * math.fsum(values):.4g}%. They have to add up to 100%.")
    if not kind.is_distribution and not values[0] <= values[1] <= values[2]:
        raise Refused("Low must be below middle, and middle below high.")
