"""What the fields of an export are made of: moments, days, numbers and ids, and how each is read."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from bot.domain.times import day_number

LARGEST = 1e100
"""No time and no value is larger, so that what is computed from them stays finite."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_moment(value: object) -> float:
    """Unix seconds of a number, or of an ISO 8601 time with its offset. Raises ValueError."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(
                f"is {value!r:.60}; allowed is a time like 2026-12-31T23:00:00+00:00, or Unix seconds"
            ) from None
        if moment.tzinfo is None:
            raise ValueError(f"is {value!r:.60}; a time needs its offset, as in 2026-12-31T23:00:00+00:00")
        return moment.timestamp()
    return read_number(value, "a time like 2026-12-31T23:00:00+00:00, or Unix seconds")


def read_number(value: object, allowed: str = "a number") -> float:
    """A finite number. Raises ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return float(value)
    shown = str(value) if isinstance(value, float) else f"{value!r:.60}"
    raise ValueError(f"is {shown}; allowed is {allowed}")


def read_day(value: object) -> float:
    """Days since 1970-01-01 of a number, or of an ISO day. Raises ValueError."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return day_number(date.fromisoformat(value))
        except ValueError:
            raise ValueError(f"is {value}; there is no such day in the calendar") from None
    return read_number(value, "a day like 2026-12-31, or days since 1970-01-01")


def _named(value: object) -> object:
    """An id may be written as a whole number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_MOMENT: dict[str, Any] = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}]}
_IDENTIFIER: dict[str, Any] = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}

Moment = Annotated[float, BeforeValidator(read_moment), WithJsonSchema(_MOMENT)]
"""A time: ISO 8601 with its offset, or Unix seconds."""
Identifier = Annotated[str, StringConstraints(min_length=1), BeforeValidator(_named), WithJsonSchema(_IDENTIFIER)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Row = list[Number | None]


class ExportModel(BaseModel):
    """A block of fields; what it does not know is kept, and noted."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)
