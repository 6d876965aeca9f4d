"""Days, windows and zones. A window's end day is included: "by 31 December 2026" is over at 2027-01-01T00:00Z."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import zones
from bot.domain.errors import NotUnderstood, Reading, Refused, TwoReadings
from bot.domain.moments.calendar_words import MONTHS, OUR_MONTHS
from bot.domain.numbers.notation import OURS, DateOrder, Notation, notation_of
from bot.domain.numbers.tokens import plain_letters

EPOCH = date(1970, 1, 1)
FIRST_YEAR, LAST_YEAR = 1970, 2200
_WHAT = "a date"
DATE_FORMS = "31 Dec 2026, 2026-12-31, Dec 2026, Q4 2026 or 2026"

_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[ºª])?"
_OF = r"(?:\s+(?:of|de|del))?"
_MIDNIGHT = r"(?:[t ]00:00(?::00(?:\.0+)?)?\s*(?:z|utc|[+-]00:?00)?)?"
_DAY_FORMS = [
    re.compile(rf"{_YEAR}([-/.])(?P<number>\d{{1,2}})\2{_DAY}{_MIDNIGHT}"),
    re.compile(rf"{_DAY}\s*\.?{_OF}\s*{_MONTH},?{_OF}\s+{_YEAR}"),
    re.compile(rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}"),
    re.compile(rf"{_YEAR}\s+{_MONTH}\s+{_DAY}"),
    re.compile(rf"{_DAY}\.\s?(?P<number>\d{{1,2}})\.\s?{_YEAR}"),
    re.compile(rf"{_YEAR}\s*年\s*(?P<number>\d{{1,2}})\s*月\s*{_DAY}\s*日"),
]
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})([-/])(?P<second>\d{{1,2}})\2{_YEAR}")
_PERIOD_FORMS = [
    (re.compile(rf"{_YEAR}年?"), 12),
    (re.compile(rf"{_YEAR}-(?P<number>\d{{1,2}})"), 1),
    (re.compile(rf"{_YEAR}\s*年\s*(?P<number>\d{{1,2}})\s*月"), 1),
    (re.compile(rf"{_MONTH},?{_OF}\s+{_YEAR}"), 1),
    (re.compile(rf"q(?P<number>[1-4])[\s/-]*{_YEAR}"), 3),
    (re.compile(rf"{_YEAR}[\s/-]*q(?P<number>[1-4])"), 3),
    (re.compile(rf"h(?P<number>[12])[\s/-]*{_YEAR}"), 6),
    (re.compile(rf"{_YEAR}[\s/-]*h(?P<number>[12])"), 6),
]
"""Forms of a period, each with how many months its number counts."""
_LEAD = re.compile(
    r"^(?:(?:(?:by|until|till|before|at)\s+)?(?:the\s+)?end\s+of|by|until|till|eoy"
    r"|(?:bis\s+)?ende|bis(?:\s+zum)?|hasta(?:\s+el)?|(?:a\s+)?fin(?:ales)?\s+de|ate(?:\s+o)?|(?:ate\s+o\s+)?fim\s+de|jusqu'au|fin)\s+"
)
LONGEST = 100
"""A longer text is no date."""
TWO_DAYS = "could be two days. Write the month by name, as in 3 Apr 2026, or 2026-04-03."


def over_at(last_day: date) -> datetime:
    """The moment at which `last_day` is over, UTC."""
    return datetime.combine(last_day + timedelta(days=1), time(), UTC)


def last_day_before(moment: datetime) -> date:
    """The last day that is wholly or partly before `moment`, UTC: the inverse of `over_at`."""
    return (moment.astimezone(UTC) - timedelta(microseconds=1)).date()


def read_last_day(text: str, *, locale: str | None = None) -> date:
    """The last day of what somebody typed: a day, a month, a quarter, a half or a year.

    Raises Refused, and TwoReadings for a date such as 3/4/2026, with the order of the member's `locale` first.
    """
    days = day_readings(text, locale=locale)
    if len(days) > 1:
        shown = tuple(Reading(day_text(day), day_text(day)) for day in days)
        raise TwoReadings(" ".join(text.split()), shown, TWO_DAYS)
    return next(iter(days))


def read_first_day(text: str) -> date | None:
    """The first day of a month, a quarter, a half or a year that somebody typed; None for anything else."""
    bare = _LEAD.sub("", plain_letters(" ".join(text.split()))[:LONGEST]).rstrip(".")
    found = _period(bare)
    return None if found is None else found[0]


def day_readings(text: str, *, locale: str | None = None) -> tuple[date, ...]:
    """The last days that a text can mean, the likeliest first. Raises Refused when there is none."""
    given = " ".join(text.split())
    if len(given) <= LONGEST:
        if found := _days_of(given, notation_of(locale)):
            return found
        words = given.split()
        for at in range(len(words) - 1, 0, -1):  # quote what stands too much, before or behind
            for kept, stray in ((words[:at], words[at:]), (words[-at:], words[:-at])):
                with suppress(Refused):
                    if _days_of(" ".join(kept), OURS):
                        raise NotUnderstood(given, " ".join(stray), _WHAT, DATE_FORMS)
    raise NotUnderstood(given, "", _WHAT, DATE_FORMS)


def day_text(day: date) -> str:
    """31 Dec 2026, which is read back as this day in every language."""
    return f"{day.day} {OUR_MONTHS[day.month - 1]} {day.year}"


def _days_of(given: str, notation: Notation) -> tuple[date, ...]:
    bare = _LEAD.sub("", plain_letters(given)).rstrip(".")
    for form in _DAY_FORMS:
        if found := form.fullmatch(bare):
            parts = found.groupdict()
            month = int(parts["number"]) if "number" in parts else MONTHS[parts["month"]]
            return (_day(given, int(parts["year"]), month, int(parts["day"])),)
    if found := _SLASHED.fullmatch(bare):
        first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
        if first <= 12 and second <= 12 and first != second:
            by_day, by_month = _day(given, year, second, first), _day(given, year, first, second)
            return (by_day, by_month) if notation.order is DateOrder.DMY else (by_month, by_day)
        day, month = (first, second) if second <= 12 else (second, first)
        return (_day(given, year, month, day),)
    period = _period(bare)
    return () if period is None else (period[1],)


def _period(bare: str) -> tuple[date, date] | None:
    """The first and the last day of a month, a quarter, a half or a year."""
    for form, months in _PERIOD_FORMS:
        if found := form.fullmatch(bare):
            parts = found.groupdict()
            month = MONTHS[parts["month"]] if "month" in parts else months * int(parts.get("number", 1))
            year = int(parts["year"])
            if not 1 <= month <= 12 or not FIRST_YEAR <= year <= LAST_YEAR:
                break
            return date(year, month - months + 1, 1), date(year, month, calendar.monthrange(year, month)[1])
    return None


def day_number(day: date) -> float:
    """Days since 1970-01-01: how dates are stored as quantiles and outcomes."""
    return float((day - EPOCH).days)


def day_of(number: float) -> date:
    """The day of a stored day number, rounded down. The inverse of `day_number`."""
    return EPOCH + timedelta(days=int(number // 1))


def read_zone(name: str) -> ZoneInfo:
    """A zone by its name, abbreviation, city or country. Raises Refused, and TwoReadings where several places are meant."""
    return zones.read_zone(name)


MONTH = timedelta(days=365.25) / 12


def span(length: timedelta) -> str:
    """13 months, 2 days, 22 hours, 5 minutes: in the largest unit that fits at least twice, months from a year on."""
    seconds = int(length.total_seconds())
    if length >= timedelta(days=365):
        return _counted(round(length / MONTH), "month")
    for unit, size in (("day", 86400), ("hour", 3600)):
        if seconds >= 2 * size or seconds == size:
            return _counted(seconds // size, unit)
    return _counted(max(1, seconds // 60), "minute")


def ago(length: timedelta) -> str:
    """22 hours ago, just now."""
    return f"{span(length)} ago" if length >= timedelta(minutes=1) else "just now"


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def _day(given: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"“{given[:60]}” is outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(f"“{given[:60]}” isn't a day on the calendar. Write {DATE_FORMS}.") from None


def days_before(moment: datetime, days: float) -> datetime:
    """This many days before, to the minute: a part of a day that was written down in decimals is a little off."""
    at = moment - timedelta(days=days) + timedelta(seconds=30)
    return at.replace(second=0, microsecond=0)
