"""Statements that more than one use case needs.

What every click needs is built once, when the module is loaded: building a statement takes longer than running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Executable, Insert, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from bot.domain.types import State
from db.base import UtcDateTime
from db.models import Forecast, Guild, Prediction, PredictionOption

NOW = bindparam("now", type_=UtcDateTime)
"""The present moment, in statements that are built once."""
PRESENT = select(Guild.id).where(Guild.left_at.is_(None))
"""The guilds that the bot is in."""


def run(session: Session, statement: Executable, given: dict[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement about columns in the session's transaction, in half the time that the session itself takes for it."""
    session.flush()
    return session.connection().execute(statement, given)


def insert_unless_there(session: Session, model: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, skipping those whose key is taken."""
    if rows:
        session.flush()
        session.connection().execute(_skipping(model, session.get_bind().dialect.name), list(rows))


def insert_or_update(session: Session, model: type[DeclarativeBase], key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert a row with this primary key, or update the existing one with these values."""
    statement = _replacing(model, session.get_bind().dialect.name, tuple(key), tuple(values))
    run(session, statement, key | values)


@cache
def _skipping(model: type[DeclarativeBase], dialect: str) -> Insert:
    return _insert(model, dialect).on_conflict_do_nothing()


@cache
def _replacing(model: type[DeclarativeBase], dialect: str, key: tuple[str, ...], values: tuple[str, ...]) -> Insert:
    row = _insert(model, dialect)
    return row.on_conflict_do_update(index_elements=list(key), set_={name: row.excluded[name] for name in values})


def _insert(model: type[DeclarativeBase], dialect: str) -> sqlite.Insert | postgresql.Insert:
    table = cast("Table[Any]", model.__table__)
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def guild_row(session: Session, guild_id: int) -> Guild | None:
    """A guild with its settings."""
    return session.get(Guild, guild_id)


_BY_CODE = select(Prediction.id).where(
    Prediction.guild_id == bindparam("guild_id"), Prediction.code == bindparam("code"), Prediction.state != State.DRAFT
)


def prediction_id_of(session: Session, *, guild_id: int, code: int) -> int | None:
    """The prediction with this code in this guild, unless it's still a draft."""
    return run(session, _BY_CODE, {"guild_id": guild_id, "code": code}).scalar()


def option_names(session: Session, prediction_id: int) -> list[str]:
    """The options of a multiple-choice prediction, in order."""
    names = (
        select(PredictionOption.name)
        .where(PredictionOption.prediction_id == prediction_id)
        .order_by(PredictionOption.position)
    )
    return list(session.scalars(names))


def option_counts(session: Session, *which: ColumnElement[bool]) -> dict[int, int]:
    """How many options each of these predictions has, by their ids; only multiple choice has any."""
    counted = select(PredictionOption.prediction_id, func.count()).join(
        Prediction, Prediction.id == PredictionOption.prediction_id
    )
    return {row[0]: row[1] for row in session.execute(counted.where(*which).group_by(PredictionOption.prediction_id))}


_STANDING = (
    select(Forecast.values.label("numbers"))
    .where(
        Forecast.prediction_id == bindparam("prediction_id"), Forecast.ended_at.is_(None), Forecast.member_id.is_not(None)
    )
    .order_by(Forecast.created_at, Forecast.member_id)
)


def standing_values(session: Session, prediction_id: int) -> Sequence[list[float]]:
    """The members' standing forecasts on a prediction, oldest first; within one moment by member, as scoring sorts them."""
    return run(session, _STANDING, {"prediction_id": prediction_id}).scalars().all()
