"""Taking, repeating, withdrawing and undoing members' forecasts; their history; what to forecast next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.evidence import checked_words
from bot.domain.times import ago
from bot.domain.types import Actor, Kind, State, Values
from bot.services import outbox
from bot.services.members import guilds
from bot.services.predictions import crowds
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, is_open, prediction_view, prediction_views
from db import queries
from db.base import AnyRow
from db.models import Forecast, Prediction, Reason, Skip

CLIP = 0.001
"""Scores count a probability below this, or above 1 minus this, as this much."""


@dataclass(frozen=True, slots=True)
class PlacedForecast:
    """A forecast that was taken. `previous` is what it replaced."""

    view: PredictionView
    forecast_id: int
    values: Values
    previous: Values | None
    reason: str | None
    is_clipped: bool


@dataclass(frozen=True, slots=True)
class WithdrawnForecast:
    """A forecast that was taken back, and the prediction as it now looks to the member."""

    view: PredictionView
    values: Values


@dataclass(frozen=True, slots=True)
class PastForecast:
    """One line of a member's own history."""

    id: int
    values: Values
    created_at: datetime
    ended_at: datetime | None
    reason: str | None
    is_posted: bool


@dataclass(frozen=True, slots=True)
class NextPrediction:
    """The prediction to forecast next, and how many are left; None when there is none. `skipped` counts those passed over."""

    view: PredictionView | None
    left: int
    skipped: int


_HOLD = (
    update(Prediction)
    .values(forecasters=Prediction.forecasters)
    .returning(Prediction.id, Prediction.kind, Prediction.code)
    .execution_options(synchronize_session=False)
)


def place(
    session: Session, actor: Actor, *, code: int, values: Values, reason: str | None = None, now: datetime
) -> PlacedForecast:
    """Record a member's forecast; their earlier one ends at `now`. What is stored is what was said.

    Raises NotFound, or Refused when the prediction takes no forecasts or the values do not fit its kind.
    """
    held = _hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    _check_values(held.kind, values, len(queries.option_names(session, held.id)))
    reason = checked_words(reason)
    previous = _end_standing(session, prediction_id=held.id, member_id=member_id, now=now)
    forecast_id = _record(
        session, prediction_id=held.id, member_id=member_id, values=values, reason=reason, is_first=previous is None, now=now
    )
    session.execute(delete(Skip).where(Skip.member_id == member_id, Skip.prediction_id == held.id))
    crowds.note_change(session, prediction_id=held.id, kind=held.kind, now=now)
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=held.id, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    is_clipped = held.kind.is_distribution and any(not CLIP <= value <= 1 - CLIP for value in values)
    return PlacedForecast(
        view, forecast_id, values, None if previous is None else tuple(previous.numbers), reason, is_clipped
    )


def reaffirm(session: Session, actor: Actor, *, code: int, now: datetime) -> PlacedForecast:
    """Say again what one already thinks: a new forecast with the same values, which counts as fresh."""
    own = prediction_view(
        session, guild_id=actor.guild_id, code=code, member_id=guilds.known_member(session, actor), now=now
    ).own
    if own is None:
        raise Refused(f"You have no forecast on #{code} to reaffirm. /forecast #{code} makes one.")
    return place(session, actor, code=code, values=own.values, now=now)


def withdraw(session: Session, actor: Actor, *, code: int, now: datetime) -> WithdrawnForecast:
    """Take one's forecast back; the history keeps it. Raises Refused when there is none or the prediction has closed."""
    held = _hold_open(session, guild_id=actor.guild_id, code=code, now=now)
    member_id = guilds.member_of(session, actor, now=now)
    previous = _end_standing(session, prediction_id=held.id, member_id=member_id, now=now)
    if previous is None:
        raise Refused(f"You have no forecast on #{code} to withdraw.")
    session.execute(update(Prediction).where(Prediction.id == held.id).values(forecasters=Prediction.forecasters - 1))
    crowds.note_change(session, prediction_id=held.id, kind=held.kind, now=now)
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=held.id, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    return WithdrawnForecast(view, tuple(previous.numbers))


def undo(session: Session, actor: Actor, *, forecast_id: int, now: datetime) -> PlacedForecast | WithdrawnForecast:
    """Undo one's latest forecast: what it replaced stands again from now on, or nothing does. The slip stays in the history."""
    member_id = guilds.member_of(session, actor, now=now)
    mine = select(Forecast.id, Forecast.prediction_id, Forecast.created_at, Forecast.ended_at, Prediction.code).join(
        Prediction, Prediction.id == Forecast.prediction_id
    )
    slip = session.execute(
        mine.where(Forecast.id == forecast_id, Forecast.member_id == member_id, Prediction.guild_id == actor.guild_id)
    ).first()
    if slip is None:
        raise Refused("That is not a forecast of yours, so there is nothing to undo.")
    if slip.ended_at is not None:
        raise Refused(f"That forecast is no longer your latest on #{slip.code}. /forecasts shows your history.")
    before = select(Forecast.values.label("numbers")).where(
        Forecast.prediction_id == slip.prediction_id,
        Forecast.member_id == member_id,
        Forecast.ended_at == slip.created_at,
        Forecast.id < slip.id,
    )
    restored = session.execute(before.order_by(Forecast.id.desc()).limit(1)).first()
    if restored is None:
        return withdraw(session, actor, code=slip.code, now=now)
    return place(session, actor, code=slip.code, values=tuple(restored.numbers), now=now)


def history(session: Session, actor: Actor, *, code: int, now: datetime) -> tuple[PredictionView, list[PastForecast]]:
    """A member's own forecasts on one prediction, newest first, with their reasons."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    own = (
        select(
            Forecast.id,
            Forecast.values.label("numbers"),
            Forecast.created_at,
            Forecast.ended_at,
            Reason.words,
            Reason.posted_at,
        )
        .outerjoin(Reason, Reason.forecast_id == Forecast.id)
        .where(Forecast.prediction_id == view.id, Forecast.member_id == (member_id or 0))
        .order_by(Forecast.created_at.desc(), Forecast.id.desc())
        .limit(50)
    )
    lines = [
        PastForecast(row.id, tuple(row.numbers), row.created_at, row.ended_at, row.words, row.posted_at is not None)
        for row in session.execute(own)
    ]
    return view, lines


def next_unanswered(session: Session, actor: Actor, *, now: datetime) -> NextPrediction:
    """The open prediction, soonest first, that the member has neither forecast nor skipped."""
    member_id = guilds.known_member(session, actor) or 0
    standing = select(Forecast.prediction_id).where(Forecast.member_id == member_id, Forecast.ended_at.is_(None))
    unanswered = (Prediction.guild_id == actor.guild_id, *open_now(now), Prediction.id.not_in(standing))
    skips = select(Skip.prediction_id).where(Skip.member_id == member_id)
    waiting = select(Prediction.id).where(*unanswered, Prediction.id.not_in(skips))
    first = session.scalar(waiting.order_by(Prediction.closes_at.is_(None), Prediction.closes_at, Prediction.code).limit(1))
    left = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    skipped = (
        session.scalar(
            select(func.count()).select_from(select(Prediction.id).where(*unanswered, Prediction.id.in_(skips)).subquery())
        )
        or 0
    )
    if first is None:
        return NextPrediction(None, 0, skipped)
    return NextPrediction(
        prediction_views(session, guild_id=actor.guild_id, prediction_ids=[first], member_id=member_id, now=now)[0],
        left,
        skipped,
    )


def skip(session: Session, actor: Actor, *, code: int, now: datetime) -> NextPrediction:
    """Pass over a prediction in `/next`, and give the one after it."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    member_id = guilds.member_of(session, actor, now=now)
    queries.insert_unless_there(session, Skip, [{"member_id": member_id, "prediction_id": prediction_id, "skipped_at": now}])
    return next_unanswered(session, actor, now=now)


def clear_skips(session: Session, actor: Actor, *, now: datetime) -> NextPrediction:
    """Bring back what the member skipped."""
    member_id = guilds.member_of(session, actor, now=now)
    session.execute(delete(Skip).where(Skip.member_id == member_id))
    return next_unanswered(session, actor, now=now)


def post_reason(session: Session, actor: Actor, *, forecast_id: int, now: datetime) -> PredictionView:
    """Make the reason of one's forecast public, at the prediction's home together with the forecast. Once.

    Raises Refused where nobody would see it: without a card and without a channel for posts.
    """
    member_id = guilds.member_of(session, actor, now=now)
    mine = select(Forecast.prediction_id, Prediction.code).join(Prediction, Prediction.id == Forecast.prediction_id)
    row = session.execute(
        mine.where(Forecast.id == forecast_id, Forecast.member_id == member_id, Prediction.guild_id == actor.guild_id)
    ).first()
    posted = update(Reason).where(Reason.forecast_id == forecast_id, Reason.posted_at.is_(None)).values(posted_at=now)
    if row is None:
        raise Refused("That is not a forecast of yours, so its reason cannot be posted.")
    if session.execute(posted.returning(Reason.forecast_id)).first() is None:
        raise Refused("There is no reason to post, or it is posted already.")
    has_home = outbox.home_of(session, row.prediction_id) is not None
    if not has_home and guilds.settings_of(session, actor.guild_id).post_channel_id is None:
        raise Refused(
            f"#{row.code} has no public card yet, so there is nowhere to post your reason. "
            "Press Show card, then Post here. After that, My history has Post my reason."
        )
    payload = {"prediction_id": row.prediction_id, "forecast_id": forecast_id}
    outbox.queue(session, outbox.MessageKind.REASON, guild_id=actor.guild_id, payload=payload, due_at=now)
    return prediction_view(session, guild_id=actor.guild_id, code=row.code, member_id=member_id, now=now)


def _hold_open(session: Session, *, guild_id: int, code: int, now: datetime) -> AnyRow:
    """Hold the prediction against other writers, if it takes forecasts: the database says so, not an earlier look."""
    held = session.execute(_HOLD.where(Prediction.guild_id == guild_id, Prediction.code == code, *open_now(now))).first()
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
        raise Refused(f"#{code} closed{when} and takes no more forecasts. /prediction show #{code} shows where it stands.")
    if row.state is State.VOTING:
        when = f" {ago(now - row.closes_at)}" if row.closes_at and row.closes_at <= now else ""
        raise Refused(f"#{code} closed{when}; its vote is open: /vote #{code}.")
    raise Refused(
        f"#{code} is {row.state.value} and takes no more forecasts. /prediction show #{code} shows where it stands."
    )


def _end_standing(session: Session, *, prediction_id: int, member_id: int, now: datetime) -> AnyRow | None:
    # A clock that stands a little behind another process's must not end a forecast before it began.
    ends_at = case((Forecast.created_at > now, Forecast.created_at), else_=now)
    ended = (
        update(Forecast)
        .where(Forecast.prediction_id == prediction_id, Forecast.member_id == member_id, Forecast.ended_at.is_(None))
        .values(ended_at=ends_at)
        .returning(Forecast.id, Forecast.values.label("numbers"))
        .execution_options(synchronize_session=False)
    )
    return session.execute(ended).first()


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
    forecast = Forecast(prediction_id=prediction_id, member_id=member_id, values=list(values), created_at=now)
    session.add(forecast)
    session.flush()
    if reason:
        session.add(Reason(forecast_id=forecast.id, words=reason))
    if is_first:
        session.execute(
            update(Prediction).where(Prediction.id == prediction_id).values(forecasters=Prediction.forecasters + 1)
        )
    return forecast.id


def _check_values(kind: Kind, values: Values, options: int) -> None:
    """What reading the member's words should have assured already; a wrong length here is a forged or stale click."""
    wanted = {Kind.BINARY: 1, Kind.MULTIPLE_CHOICE: options, Kind.NUMERIC: 3, Kind.DATE: 3}[kind]
    if len(values) != wanted or not all(math.isfinite(value) for value in values):
        raise Refused(
            f"This prediction takes {wanted} number{'s' if wanted > 1 else ''}. Open its card anew and forecast from there."
        )
    if kind.is_distribution and not all(0 <= value <= 1 for value in values):
        raise Refused("A probability must be from 0 to 100 %.")
    if kind is Kind.MULTIPLE_CHOICE and abs(math.fsum(values) - 1) > 1e-6:
        raise Refused(f"The probabilities sum to {100 * math.fsum(values):.4g} %. They must sum to 100 %.")
    if not kind.is_distribution and not values[0] <= values[1] <= values[2]:
        raise Refused("The 10 %, 50 % and 90 % values must rise.")
