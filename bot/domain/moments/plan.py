"""What a typed moment is made of, before anybody looks at a clock: a day, a time, a span, each said once."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.zones import Place


@dataclass(slots=True)
class Span:
    """A length of time: months and days by the calendar, minutes as they pass. A year has twelve months, a week seven days."""

    months: float = 0
    days: float = 0
    minutes: float = 0

    def add(self, amount: float, unit: int) -> None:
        """Add an amount of a unit; the units are those of `moment_words`."""
        match unit:
            case 1 | 2:
                self.minutes += amount * (60 if unit == 2 else 1)
            case 3 | 4 | 8:
                self.days += amount * {3: 1, 4: 7, 8: 14}[unit]
            case _:
                self.months += amount * {5: 1, 6: 3, 7: 12}[unit]

    @property
    def has_hours(self) -> bool:
        """Whether it says hours or minutes, so that no time of day can be said besides."""
        return self.minutes != 0 or self.days % 1 != 0


@dataclass(slots=True)
class Plan:
    """The parts of a moment that were said, and where in the text each was."""

    instant: int | None = None
    day: int | None = None
    """Days from today."""
    weekday: int | None = None
    which: int | None = None
    """Of a weekday or a period: 1 for next, 0 for this, -1 for last."""
    date: tuple[int, int, int] | None = None
    """Year, month, day; 0 for a year that was not said."""
    month_day: int | None = None
    """A day of a month that was not said."""
    step: tuple[int, int] | None = None
    """Next month: how many, and the unit."""
    edge: tuple[bool, int, int, int] | None = None
    """The end (True) or beginning of a period: which one from now, its unit, and of what year or month (0: now's)."""
    clock: int | None = None
    """Seconds of the day."""
    is_pm: bool | None = None
    part: int | None = None
    span: Span | None = None
    side: int = 1
    """Whether the span lies behind (1) or before (-1) what it counts from."""
    anchor: Plan | None = None
    is_of_prediction: bool = False
    places: tuple[Place, ...] = ()
    every: tuple[int, int] | None = None
    weekdays: frozenset[int] = frozenset()
    nth: int | None = None
    """Which weekday of a month: 1 to 4, -1 for the last."""
    until: Plan | None = None
    said: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    @property
    def has_day(self) -> bool:
        """Whether a day was said, so that a number behind it can only be an hour."""
        days = (self.day, self.weekday, self.date, self.month_day, self.step, self.edge, self.every)
        return any(part is not None for part in days) or (self.span is not None and not self.span.has_hours)
