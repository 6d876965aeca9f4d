"""What comes again and again: every Monday at 9, every 2 weeks, the first of each month. By the clock of a zone."""

from __future__ import annotations

import calendar
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.moments.calendar_words import OUR_DAYS, OUR_MONTHS
from bot.domain.moments.words import DAY, MONTH, WEEK, YEAR
from bot.domain.texts import listed

_NAMES = {DAY: "day", WEEK: "week", MONTH: "month", YEAR: "year"}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule; its text is read back as the same rule."""

    every: int
    unit: int
    """DAY, WEEK, MONTH or YEAR of `moment_words`."""
    at_minute: int
    """Of the day, by the zone's clock."""
    zone: str
    begins: date
    """Counting starts here: every 2 weeks are the second, fourth, … from this one's week."""
    weekdays: tuple[int, ...] = ()
    """Of a week; with `nth`, of a month. Monday is 0."""
    month_day: int | None = None
    """Of a month or year; shorter months have their last day."""
    month: int | None = None
    nth: int | None = None
    until: date | None = None
    """The last day on which it may come."""

    def first_after(self, moment: datetime) -> datetime | None:
        """When it comes next, later than `moment`, UTC; None when it never does again."""
        zone = ZoneInfo(self.zone)
        day = max(moment.astimezone(zone).date(), self.begins)
        for _ in range(1000):
            found = self._day_from(day)
            if found is None or (self.until is not None and found > self.until):
                return None
            local = datetime.combine(found, time(self.at_minute // 60, self.at_minute % 60), zone)
            if (at := local.astimezone(UTC)) > moment:
                return at
            day = found + timedelta(days=1)
        return None

    def __str__(self) -> str:
        unit = _NAMES[self.unit]
        names = listed([OUR_DAYS[weekday] for weekday in self.weekdays])
        if self.nth is not None:
            shown = f"every {'last' if self.nth < 0 else _ordinal(self.nth)} {names} of the month"
        elif self.unit == WEEK and self.every == 1:
            shown = f"every {names}"
        else:
            shown = f"every {unit}" if self.every == 1 else f"every {self.every} {unit}s"
            if self.unit == WEEK:
                shown += f" on {names}"
            elif self.unit == MONTH:
                shown += f" on the {_ordinal(self.month_day or 1)}"
            elif self.unit == YEAR:
                shown += f" on {self.month_day} {OUR_MONTHS[(self.month or 1) - 1]}"
        shown += f" at {self.at_minute // 60:02}:{self.at_minute % 60:02}"
        if self.until is None:
            return shown
        return f"{shown} until {self.until.day} {OUR_MONTHS[self.until.month - 1]} {self.until.year}"

    def to_json(self) -> str:
        """For a column; `from_json` makes the same rule of it."""
        return json.dumps(asdict(self), default=str, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Recurrence:
        """The rule that `to_json` wrote."""
        fields = json.loads(text)
        begins, until = date.fromisoformat(fields["begins"]), fields["until"]
        fields |= {"begins": begins, "weekdays": tuple(fields["weekdays"])}
        return cls(**fields | {"until": None if until is None else date.fromisoformat(until)})

    def to_code(self) -> str:
        """At most 75 characters without a colon, for a button's custom_id; `from_code` makes the same rule of it."""
        until = None if self.until is None else self.until.toordinal()
        facts = (self.every, self.unit, self.at_minute, self.begins.toordinal(), self.month_day, self.month, self.nth, until)
        shown = ["" if fact is None else str(fact) for fact in facts]
        return "~".join((*shown, "".join(map(str, self.weekdays)), self.zone))

    @classmethod
    def from_code(cls, code: str) -> Recurrence:
        """The rule that `to_code` wrote. Raises ValueError for anything that it never writes."""
        *given, weekdays, zone = code.split("~")
        every, unit, at_minute, begins, month_day, month, nth, until = (int(part) if part else None for part in given)
        days = tuple(map(int, weekdays))
        if every is None or unit is None or at_minute is None or begins is None or zone not in available_timezones():
            raise ValueError(code)
        fits = (
            1 <= every <= 1000 and unit in _NAMES and 0 <= at_minute < 1440 and all(day < 7 for day in days),
            1 <= (month_day or 1) <= 31 and 1 <= (month or 1) <= 12 and (nth or 1) in (-1, 1, 2, 3, 4, 5),
            bool(days) if unit == WEEK or nth is not None else True,
        )
        if not all(fits):
            raise ValueError(code)
        last = None if until is None else date.fromordinal(until)
        return cls(every, unit, at_minute, zone, date.fromordinal(begins), days, month_day, month, nth, last)

    def _day_from(self, day: date) -> date | None:
        """The first day of the rule that is not before `day`."""
        if self.unit == DAY:
            passed = (day - self.begins).days
            return _plus(day, -passed % self.every)
        if self.unit == WEEK:
            return self._week_from(day)
        step = self.every * (12 if self.unit == YEAR else 1)
        start = self.begins.year * 12 + (self.month or self.begins.month) - 1
        index = day.year * 12 + day.month - 1
        index += (start - index) % step
        for _ in range(3):
            if index >= 12 * date.max.year:
                return None
            found = self._in_month(index // 12, index % 12 + 1)
            if found is not None and found >= day:
                return found
            index += step
        return self._late(index, step, day)

    def _late(self, index: int, step: int, day: date) -> date | None:
        """A fifth Monday is rare: it is looked for over twenty years."""
        for later in range(index, min(index + 240, 12 * date.max.year), step):
            found = self._in_month(later // 12, later % 12 + 1)
            if found is not None and found >= day:
                return found
        return None

    def _week_from(self, day: date) -> date | None:
        monday = self.begins - timedelta(days=self.begins.weekday())
        weeks = (day - monday).days // 7
        if weeks % self.every == 0:
            later = [weekday for weekday in self.weekdays if weekday >= day.weekday()]
            if later:
                return _plus(day, min(later) - day.weekday())
            weeks += 1
        weeks += -weeks % self.every
        return _plus(monday, 7 * weeks + min(self.weekdays))

    def _in_month(self, year: int, month: int) -> date | None:
        first_weekday, length = calendar.monthrange(year, month)
        if self.nth is None:
            return date(year, month, min(self.month_day or 1, length))
        days = sorted(day for weekday in self.weekdays for day in range(1 + (weekday - first_weekday) % 7, length + 1, 7))
        if self.nth < 0:
            return date(year, month, days[-1])
        fitting = [day for day in days if (day - 1) // 7 == self.nth - 1]
        return date(year, month, fitting[0]) if fitting else None


def _plus(day: date, days: int) -> date | None:
    return day + timedelta(days=days) if (date.max - day).days >= days else None


def _ordinal(number: int) -> str:
    suffix = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
