"""The simple values of a prediction file, strict where pydantic would guess.

What can't be stored is left out of words; `reading` refuses it, with its line, before they get here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.domain.texts import clean_line, clean_text, web_address
from bot.domain.times import FIRST_YEAR, LAST_YEAR

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")


def _day(value: object) -> object:
    """Only a written-out day: pydantic would take 0 and "86400" for moments since 1970."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        if FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
            return value
        raise ValueError(f"is {value}; it must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    if isinstance(value, dt.date):
        return value
    raise ValueError(f"is {value!r:.60}; it must be a day like 2026-12-31")


def _moment(value: object) -> object:
    """Only a moment with its offset, in UTC: a time without one means a different moment to every reader."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"is {value}; that moment doesn't exist") from None
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        # Before converting to UTC: Python's first and last moments have no UTC counterpart.
        if not FIRST_YEAR <= value.year <= LAST_YEAR or (value := value.astimezone(dt.UTC)).year < FIRST_YEAR:
            raise ValueError(f"is {value:%Y-%m-%d}; it must be in the years {FIRST_YEAR} to {LAST_YEAR}")
        return value
    raise ValueError(f"is {value!r:.60}; it must be a moment with its offset, like 2026-02-14T09:30:00Z")


def _value(value: object) -> object:
    """A number of a forecast, or a day if the forecast is for a date."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
        return float(value)
    if isinstance(value, str | dt.date) and not isinstance(value, dt.datetime):
        return dt.date.fromisoformat(day) if isinstance(day := _day(value), str) else day
    raise ValueError(f"is {value!r:.60}; it must be a number, or a day like 2026-12-31 if the kind is date")


def _small(value: object) -> object:
    return clean_line(value.lower(), refuse=False) if isinstance(value, str) else value


def _text(value: object) -> object:
    return clean_text(value, refuse=False) if isinstance(value, str) else value


def _line(value: object) -> object:
    return clean_line(value, refuse=False) if isinstance(value, str) else value


def _address(value: str) -> str:
    """Nothing that could end a link early, so that it can't hide a second one."""
    if (address := web_address(value)) is None:
        raise ValueError(f"is {value!r:.60}; it must be an address that begins with http:// or https://")
    return address


AS_TEXT, AS_LINE = BeforeValidator(_text), BeforeValidator(_line)
"""Clean words, with and without their lines; they stand last, so that the length of clean words counts."""
Text = Annotated[str, StringConstraints(min_length=1), AS_TEXT]
Line = Annotated[str, StringConstraints(min_length=1), AS_LINE]
Said = Annotated[bool | str | float | None, AS_LINE]
Day = Annotated[dt.date, BeforeValidator(_day)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]
Value = Annotated[float | dt.date, BeforeValidator(_value)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
Quantity = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$"), AfterValidator(_address)]
Tag = Annotated[str, StringConstraints(pattern=r"^[\w][\w .+-]{0,39}$"), BeforeValidator(_small)]


class Model(BaseModel):
    """A part of a prediction file: refuses unknown keys. The text under a field is its description in the schema."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
