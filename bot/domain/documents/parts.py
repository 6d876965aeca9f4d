"""The parts of one prediction in a prediction file: its window, quantity, options, and what its author thought when."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from bot.domain.documents.fields import AS_LINE, Day, Line, Model, Moment, Probability, Quantity, Text, Value
from bot.domain.plausibility import Range
from bot.domain.times import day_number
from bot.domain.types import MAX_OPTION, MAX_OPTIONS


class Window(Model):
    """When it should happen. The lenient reading counts; a stricter one is kept beside it."""

    start: Day | None = None
    """The first day that counts."""
    end: Day | None = None
    """The last day that counts. The prediction resolves when this day is over (UTC)."""
    end_strict: Day | None = None
    """The last day in the stricter reading, if the words have two ("By 2026": before 2026 begins)."""
    relative: Line | None = None
    """A period that starts with an event, as ISO 8601 duration and anchor: "P6M after launch"."""
    raw: Line | None = None
    """The document's own words."""
    basis: Text | None = None
    """How the words give these dates, in one line."""

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.start and self.end and self.start > self.end:
            raise ValueError(
                f"the window starts on {self.start} but ends before that, on {self.end}; swap or correct the dates"
            )
        if self.end_strict and self.end and self.end_strict > self.end:
            raise ValueError(
                f"end_strict {self.end_strict} is later than end {self.end}; the strict reading is the earlier one"
            )
        return self


class Numeric(Model):
    """A quantity: its unit, the range the document claims, and the author's quantiles if stated."""

    unit: Line
    """What it counts or measures, for example "USD per 1M tokens"."""
    low: Quantity | None = None
    """The lower end of the claim; if missing, it's open below."""
    high: Quantity | None = None
    """The upper end of the claim; if missing, it's open above."""
    p10: Quantity | None = None
    p50: Quantity | None = None
    p90: Quantity | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Numeric:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}; swap them")
        stated = [value for value in (self.p10, self.p50, self.p90) if value is not None]
        if stated != sorted(stated):
            raise ValueError("quantiles must rise: p10 at most p50, p50 at most p90")
        return self


class StatedRange(Model):
    """Where answers are expected: numbers, or days if the kind is date. A forecast outside it is asked about, never refused."""

    low: Value | None = None
    """The lowest that's expected; if missing, it's open below."""
    high: Value | None = None
    """The highest that's expected; if missing, it's open above."""

    @model_validator(mode="after")
    def _in_order(self) -> StatedRange:
        ends = [end for end in (self.low, self.high) if end is not None]
        if not ends:
            raise ValueError("a range needs low, high or both")
        if len({isinstance(end, dt.date) for end in ends}) > 1:
            raise ValueError("a range is of two numbers or of two days")
        low, high = (
            None if end is None else day_number(end) if isinstance(end, dt.date) else end for end in (self.low, self.high)
        )
        if low is not None and high is not None and low > high:
            raise ValueError(f"low {self.low} is above high {self.high}; swap them")
        return self

    @property
    def numbers(self) -> Range:
        """The range as stored: days are counted."""
        return Range(*(day_number(end) if isinstance(end, dt.date) else end for end in (self.low, self.high)))


class Option(Model):
    """One of several exclusive outcomes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=MAX_OPTION), AS_LINE]
    probability: Probability | None = None
    """The author's stated probability, from 0 to 1."""
    outcome: bool | None = None
    """Whether the document says this is what happened."""


class NamedForecast(Model):
    """What one of several people in the document said."""

    name: Annotated[str, AS_LINE, StringConstraints(max_length=100)]
    probability: Probability
    """From 0 to 1."""


class DatedForecast(Model):
    """What the author thought from one moment on, if the document gives more than one number."""

    at: Moment
    """When it was made, with the offset: 2026-02-14T09:30:00Z."""
    values: Annotated[tuple[Value, ...], Field(min_length=1, max_length=MAX_OPTIONS)]
    """One probability if the kind is binary, one per option in order, or the 10%, 50% and 90% quantiles."""
    ended: Moment | None = None
    """When it was withdrawn; if missing, it stands until the next one."""

    @model_validator(mode="after")
    def _in_order(self) -> DatedForecast:
        if self.ended is not None and self.ended < self.at:
            raise ValueError(f"it ended at {self.ended:%Y-%m-%d %H:%M}, before it was made; swap or correct the moments")
        return self
