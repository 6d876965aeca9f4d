"""Statements that more than one use case needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from db.models import Forecast, Guild, Prediction, PredictionOption


def insert_unless_there(session: Session, model: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, skipping those whose key is taken."""
    if not rows:
        return
    table = cast("Table[Any]", model.__table__)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def insert_or_update(session: Session, model: type[DeclarativeBase], key: dict[str, Any], values: dict[str, Any]) -> None:
    """Insert a row with this primary key, or update the existing one with these values."""
    table = cast("Table[Any]", model.__table__)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = dialect.insert(table).values(key | values)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def guild_row(session: Session, guild_id: int) -> Guild | None:
    """A guild with its settings."""
    return session.get(Guild, guild_id)


_BY_CODE = select(Prediction.id)


def prediction_id_of(session: Session, *, guild_id: int, code: int) -> int | None:
    """The prediction with this code in this guild."""
    return session.scalar(_BY_CODE.where(Prediction.guild_id == guild_id, Prediction.code == code))


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
    .where(Forecast.ended_at.is_(None), Forecast.member_id.is_not(None))
    .order_by(Forecast.created_at, Forecast.member_id)
)


def standing_values(session: Session, prediction_id: int) -> Sequence[list[float]]:
    """The members' standing forecasts on a prediction, oldest first; within one moment by member, as scoring sorts them."""
    return session.scalars(_STANDING.where(Forecast.prediction_id == prediction_id)).all()
