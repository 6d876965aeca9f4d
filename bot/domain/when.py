"""Reading when somebody wants to be reminded, in their own zone: "in 2 weeks", "1 Dec 9am", "3 days before"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

FORMS = "in 2 weeks, next Friday 6pm, 1 Dec 9am, or 3 days before"
MORNING = time(9)
"""When somebody names a day and no time."""
FURTHEST = timedelta(days=3660)

_AMOUNTS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "half a": 0.5, "half an": 0.5}
_UNITS = {
    "minute": 1 / 1440,
    "min": 1 / 1440,
    "hour": 1 / 24,
    "h": 1 / 24,
    "day": 1.0,
    "d": 1.0,
    "week": 7.0,
    "w": 7.0,
    "month": 30.0,
}
_SPAN = r"(?P<amount>\d+(?:[.,]\d+)?|half an?|an?|one|two|three)\s*(?P<unit>minute|min|hour|h|day|d|week|w|month)s?"
_BEFORE = re.compile(rf"{_SPAN}\s+(?:before|earlier|ahead)(?:\s+(?:it|the|that|its)\b.*)?", re.IGNORECASE)
_AT_DATE = re.compile(r"(?:on|at)\s+(?:the|its)\s+(?:date|day|end|close)|when it (?:closes|resolves|ends)", re.IGNORECASE)
_IN_HALF = re.compile(r"in half an hour", re.IGNORECASE)
_MIDNIGHT = re.compile(r"\b(?:0?0:00|midnight|12\s*am)\b", re.IGNORECASE)
_AMBIGUOUS = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/\d{2,4})?\b")


@dataclass(frozen=True, slots=True)
class ReminderTime:
    """A moment; `before_days` is set when it was said relative to the prediction's date, and then moves with it."""

    at: datetime
    before_days: float | None = None


def read_when(text: str, *, now: datetime, zone: ZoneInfo, resolves_at: datetime | None) -> ReminderTime:
    """The moment that was typed. Raises Refused when it cannot be read for certain, is past, or more than ten years away."""
    given = " ".join(text.split())
    if found := _BEFORE.fullmatch(given):
        return _before(given, _days(found), resolves_at, now)
    if _AT_DATE.fullmatch(given):
        return _before(given, 0.0, resolves_at, now)
    for first, second in _AMBIGUOUS.findall(given):
        if int(first) <= 12 and int(second) <= 12 and first != second:
            raise Refused(f"“{given[:60]}” could be two days. Write the month by name: 3 Apr 9am.")
    at = _parsed(given, now, zone)
    if at is None:
        raise Refused(f"“{given[:60]}” is not a time that can be read for certain. Write it like this: {FORMS}.")
    return ReminderTime(_checked(given, at, now))


def _parsed(given: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    import dateparser  # takes a while; nobody waits for it who is not reminded

    # At midnight to the microsecond, "in 2 days" could not be told from a day without a time.
    local = now.astimezone(zone).replace(tzinfo=None, microsecond=now.microsecond or 1)
    settings: Any = {
        "RELATIVE_BASE": local,
        "PREFER_DATES_FROM": "future",
        "DATE_ORDER": "DMY",
        "PREFER_DAY_OF_MONTH": "first",
    }
    parsed = dateparser.parse(_IN_HALF.sub("in 30 minutes", given), languages=["en"], settings=settings)
    if parsed is None:
        return None
    if parsed.tzinfo is None:
        if parsed.time() == time() and not _MIDNIGHT.search(given):
            parsed = datetime.combine(parsed.date(), MORNING)
        parsed = parsed.replace(tzinfo=zone)
    return parsed.astimezone(UTC)


def _before(given: str, days: float, resolves_at: datetime | None, now: datetime) -> ReminderTime:
    if resolves_at is None:
        raise Refused("This prediction has no date yet, so there is no “before”. Name a day instead.")
    return ReminderTime(_checked(given, resolves_at - timedelta(days=days), now), days)


def _days(found: re.Match[str]) -> float:
    amount = found["amount"].lower()
    return (
        _AMOUNTS.get(amount, 0.0) * _UNITS[found["unit"].lower()]
        or float(amount.replace(",", ".")) * _UNITS[found["unit"].lower()]
    )


def _checked(given: str, at: datetime, now: datetime) -> datetime:
    if at <= now:
        raise Refused(f"“{given[:60]}” is {at:%d %b %Y %H:%M} UTC, which is over. Name a moment that is still to come.")
    if at > now + FURTHEST:
        raise Refused(f"“{given[:60]}” is more than ten years away. Name an earlier moment.")
    return at
