"""What all tables share: constraint names, aware UTC times, portable column types."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias, cast

from sqlalchemy import BigInteger, ColumnElement, DateTime, Enum, Integer, MetaData, Row, String, literal_column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import JSON, TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of whatever columns the statement names."""


class Base(DeclarativeBase):
    """The declarative base; the migrations must produce its metadata."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC. A naive one raises ValueError at the column."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every stored time needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Snowflake = BigInteger
"""An id from Discord."""

SerialId = BigInteger().with_variant(Integer, "sqlite")
"""An id from the database; SQLite only numbers INTEGER keys by itself."""

Word = String(40).with_variant(String(40, collation="C"), "postgresql")
"""A folded word, ordered by code point on both databases, so that a prefix is a range of the index."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class _Words(Enum):
    """Words that stand in a comparison as they are, and not as a parameter.

    A parameter that might fulfil the condition of a partial index makes SQLite plan the whole statement again each time.
    """

    cache_ok = True

    class Comparator(Enum.Comparator):  # pyright: ignore[reportMissingTypeArgument]
        """Writes the words of an enumeration into the statement."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            return super().operate(op, *map(_as_it_is, other), **kwargs)

    comparator_factory = Comparator  # pyright: ignore[reportAssignmentType, reportIncompatibleVariableOverride]


def _as_it_is(compared: Any) -> Any:
    if isinstance(compared, StrEnum):
        return literal_column(f"'{compared.value}'", String)
    if isinstance(compared, list | tuple | set | frozenset):
        return [_as_it_is(one) for one in cast("Iterable[Any]", compared)]
    return compared


def one_of(values: type[StrEnum], name: str | None = None) -> Enum:
    """A text column that allows only these words, checked by the database. A table's second column of the type needs a name."""

    def words(members: Any) -> list[str]:
        return [member.value for member in members]

    return _Words(
        values,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=words,
        name=name or values.__name__.lower(),
    )
