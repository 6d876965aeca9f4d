"""The dates of a guild's predictions, for a calendar. The only forecast in them is the reader's own: the crowd's and the
author's aren't even read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.types import Actor, Kind, State, Values
from bot.services.homes import card_homes
from bot.services.homes.card_homes import CardHome
from bot.services.members import guilds
from bot.services.predictions import listing
from bot.services.predictions.listing import ListFilters, ListShow
from bot.services.predictions.views import is_open, options_and_tags
from db.base import AnyRow
from db.models import Forecast, Prediction, Reminder

MAX_PREDICTIONS = 3000
"""How many predictions one calendar holds, and how many reminders."""


class CalendarScope(StrEnum):
    """Whose dates: all predictions', or those the member has forecast, with the member's reminders."""

    SERVER = "server"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class DatedPrediction:
    """A prediction with a date that isn't settled yet. `own` is the member's standing forecast, in their own calendar only."""

    code: int
    kind: Kind
    state: State
    statement: str
    criteria: str | None
    unit: str | None
    options: tuple[str, ...]
    tags: tuple[str, ...]
    closes_at: datetime | None
    resolves_at: datetime | None
    home: CardHome | None
    own: Values | None


@dataclass(frozen=True, slots=True)
class OpenReminder:
    """A reminder the member has set, and when."""

    id: int
    due_at: datetime
    code: int
    statement: str
    home: CardHome | None


@dataclass(frozen=True, slots=True)
class CalendarDates:
    """What a calendar holds, soonest first. `is_cut` if there was more."""

    guild_id: int
    predictions: tuple[DatedPrediction, ...]
    reminders: tuple[OpenReminder, ...]
    is_cut: bool


_COLUMNS: tuple[Any, ...] = (
    Prediction.id,
    Prediction.code,
    Prediction.kind,
    Prediction.state,
    Prediction.statement,
    Prediction.criteria,
    Prediction.unit,
    Prediction.opens_at,
    Prediction.closes_at,
    Prediction.resolves_at,
)
_HAS_A_DATE = or_(Prediction.resolves_at.is_not(None), Prediction.closes_at.is_not(None))
_ENDED = (State.RESOLVED, State.ANNULLED)


def list_dates(
    session: Session, actor: Actor, *, whose: CalendarScope, tag: str | None = None, pack: str | None = None, now: datetime
) -> CalendarDates:
    """The guild's dates, or the member's own, of a tag and a pack if given. At most seven statements, however many dates."""
    member_id = guilds.known_member(session, actor)
    filters = ListFilters(show=ListShow.MINE if whose is CalendarScope.MINE else ListShow.ALL, tag=tag, pack=pack)
    found = listing.matching(filters, guild_id=actor.guild_id, member_id=member_id, now=now)
    found = found.with_only_columns(*_COLUMNS).where(Prediction.state.not_in(_ENDED), _HAS_A_DATE)
    rows = session.execute(found.limit(MAX_PREDICTIONS + 1)).all()
    reminders: Sequence[AnyRow] = []
    own: dict[int, Values] = {}
    ids = [row.id for row in rows[:MAX_PREDICTIONS]]
    if whose is CalendarScope.MINE and member_id is not None:
        reminders = _open_reminders(session, actor.guild_id, member_id, filters, now)
        own = _standing_values(session, member_id, ids)
    options, tags = options_and_tags(session, ids)
    homes = card_homes.homes_of(session, [*ids, *(row.prediction_id for row in reminders)])
    return CalendarDates(
        guild_id=actor.guild_id,
        predictions=tuple(
            DatedPrediction(
                code=row.code,
                kind=row.kind,
                state=_state_at(row, now),
                statement=row.statement,
                criteria=row.criteria,
                unit=row.unit,
                options=tuple(options[row.id]),
                tags=tuple(sorted(tags[row.id])),
                closes_at=row.closes_at,
                resolves_at=row.resolves_at,
                home=homes.get(row.id),
                own=own.get(row.id),
            )
            for row in rows[:MAX_PREDICTIONS]
        ),
        reminders=tuple(
            OpenReminder(row.id, row.due_at, row.code, row.statement, homes.get(row.prediction_id))
            for row in reminders[:MAX_PREDICTIONS]
        ),
        is_cut=max(len(rows), len(reminders)) > MAX_PREDICTIONS,
    )


def _open_reminders(
    session: Session, guild_id: int, member_id: int, filters: ListFilters, now: datetime
) -> Sequence[AnyRow]:
    about = ListFilters(show=ListShow.ALL, tag=filters.tag, pack=filters.pack)
    wanted = listing.matching(about, guild_id=guild_id, member_id=member_id, now=now).order_by(None)
    theirs = (
        select(Reminder.id, Reminder.due_at, Reminder.prediction_id, Prediction.code, Prediction.statement)
        .join(Prediction, Prediction.id == Reminder.prediction_id)
        .where(Reminder.member_id == member_id, Reminder.closed_at.is_(None), Prediction.id.in_(wanted))
        .order_by(Reminder.due_at, Reminder.id)
    )
    return session.execute(theirs.limit(MAX_PREDICTIONS + 1)).all()


def _standing_values(session: Session, member_id: int, ids: Sequence[int]) -> dict[int, Values]:
    standing = select(Forecast.prediction_id, Forecast.values.label("numbers")).where(
        Forecast.member_id == member_id, Forecast.ended_at.is_(None), Forecast.prediction_id.in_(ids)
    )
    return {row.prediction_id: tuple(row.numbers) for row in session.execute(standing)}


def _state_at(row: AnyRow, now: datetime) -> State:
    is_over = row.state is State.OPEN and not is_open(row.state, row.opens_at, row.closes_at, now)
    return State.CLOSED if is_over else row.state
