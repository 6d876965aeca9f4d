"""Days, windows and zones. A window's end day is included: "by 31 December 2026" is over at 2027-01-01T00:00Z."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import Refused

EPOCH = date(1970, 1, 1)
FIRST_YEAR, LAST_YEAR = 1970, 2200
DATE_FORMS = "31 Dec 2026, 2026-12-31, Dec 2026, Q4 2026 or 2026"

_MONTHS = {
    name.lower(): number for names in (calendar.month_name, calendar.month_abbr) for number, name in enumerate(names) if name
}
_MONTHS["sept"] = 9
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DAY_FORMS = [
    re.compile(rf"{_YEAR}[-/.](?P<number>\d{{1,2}})[-/.]{_DAY}(?:[t ]00:00.*)?"),
    re.compile(rf"{_DAY}\s*\.?\s*(?:of\s+)?{_MONTH},?\s+{_YEAR}"),
    re.compile(rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}"),
    re.compile(rf"{_DAY}\.(?P<number>\d{{1,2}})\.{_YEAR}"),
]
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}")
_PERIOD_FORMS = [
    (re.compile(_YEAR), 12),
    (re.compile(rf"{_YEAR}-(?P<number>\d{{1,2}})"), 1),
    (re.compile(rf"{_MONTH},?\s+{_YEAR}"), 1),
    (re.compile(rf"q(?P<number>[1-4])[\s/-]*{_YEAR}"), 3),
    (re.compile(rf"{_YEAR}[\s/-]*q(?P<number>[1-4])"), 3),
    (re.compile(rf"h(?P<number>[12])[\s/-]*{_YEAR}"), 6),
    (re.compile(rf"{_YEAR}[\s/-]*h(?P<number>[12])"), 6),
]
"""Forms of a period, each with how many months its number counts."""
_LEAD = re.compile(r"^(?:(?:(?:by|until|till|before|at)\s+)?(?:the\s+)?end\s+of|by|until|till|eoy)\s+", re.IGNORECASE)


def over_at(last_day: date) -> datetime:
    """The moment at which `last_day` is over, UTC."""
    return datetime.combine(last_day + timedelta(days=1), time(), UTC)


def last_day_before(moment: datetime) -> date:
    """The last day that is wholly or partly before `moment`, UTC: the inverse of `over_at`."""
    return (moment.astimezone(UTC) - timedelta(microseconds=1)).date()


def read_last_day(text: str) -> date:
    """The last day of what somebody typed: a day, a month, a quarter, a half or a year. Raises Refused."""
    given = " ".join(text.split())
    bare = _LEAD.sub("", given).lower().rstrip(".")
    for form in _DAY_FORMS:
        if found := form.fullmatch(bare):
            parts = found.groupdict()
            month = int(parts["number"]) if "number" in parts else _MONTHS[parts["month"]]
            return _day(given, int(parts["year"]), month, int(parts["day"]))
    if found := _SLASHED.fullmatch(bare):
        first, second = int(found["first"]), int(found["second"])
        if first <= 12 and second <= 12 and first != second:
            raise Refused(f"“{given[:60]}” could be two days. Write the month by name, as in 3 Apr 2026, or 2026-04-03.")
        day, month = (first, second) if second <= 12 else (second, first)
        return _day(given, int(found["year"]), month, day)
    for form, months in _PERIOD_FORMS:
        if found := form.fullmatch(bare):
            parts = found.groupdict()
            month = _MONTHS[parts["month"]] if "month" in parts else months * int(parts.get("number", 1))
            year = int(parts["year"])
            if not 1 <= month <= 12 or not FIRST_YEAR <= year <= LAST_YEAR:
                break
            return date(year, month, calendar.monthrange(year, month)[1])
    raise Refused(f"“{given[:60]}” is not a date that can be read for certain. Write {DATE_FORMS}.")


def day_number(day: date) -> float:
    """Days since 1970-01-01: how dates are stored as quantiles and outcomes."""
    return float((day - EPOCH).days)


def day_of(number: float) -> date:
    """The day of a stored day number, rounded down. The inverse of `day_number`."""
    return EPOCH + timedelta(days=int(number // 1))


def read_zone(name: str) -> ZoneInfo:
    """A zone by its IANA name, whatever the case: "Europe/Berlin", "utc". Raises Refused."""
    wanted = name.strip().replace(" ", "_").casefold()
    for known in available_timezones() - {"localtime", "Factory"}:  # these two mean another thing on every machine
        if known.casefold() == wanted:
            return ZoneInfo(known)
    raise Refused(f"“{name.strip()[:60]}” is not a time zone. Write one like Europe/Berlin, America/New_York or UTC.")


def span(length: timedelta) -> str:
    """2 days, 22 hours, 5 minutes: whole ones of the largest unit that there are two of, or of minutes."""
    seconds = int(length.total_seconds())
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
        raise Refused(f"“{given[:60]}” is no day of the calendar. Write {DATE_FORMS}.") from None
