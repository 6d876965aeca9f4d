"""When reminders are due: the ladder's steps before a prediction's date, a guild's quiet hours in its own zone, and the hour
of a person's digest in theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

MAX_STEPS = 8
FIRST_STEP = 365
"""The most days before the date that a ladder's first step can be."""

LATE_AFTER = timedelta(hours=1)
"""A reminder later than this says how late it is."""
DATE_MATTERS_FOR = timedelta(days=2)
"""How long after a prediction's date it's still worth saying that the date has come."""
WEEKLY_TIME = time(8)
"""When a guild's weekly digest comes, by its own clock; later if it sleeps longer."""
DIGEST_TIME = time(9)
"""When a person's digest comes, by their own clock."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Minutes of the guild's day, from and to, when nothing is posted. They may span midnight."""

    zone: ZoneInfo
    from_minute: int | None = None
    to_minute: int | None = None

    def first_moment_from(self, moment: datetime) -> datetime:
        """`moment`, or the end of the quiet hours it falls into; UTC. Follows the zone's daylight saving."""
        if self.from_minute is None or self.to_minute is None or self.from_minute == self.to_minute:
            return moment
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        spans_midnight = self.from_minute > self.to_minute
        is_quiet = (
            minute >= self.from_minute or minute < self.to_minute
            if spans_midnight
            else self.from_minute <= minute < self.to_minute
        )
        if not is_quiet:
            return moment
        day = local.date() + timedelta(days=1) if spans_midnight and minute >= self.from_minute else local.date()
        end = datetime.combine(day, time(self.to_minute // 60, self.to_minute % 60), self.zone)
        # In the hour that the clock repeats, the end can lie before the moment: then it's no longer quiet.
        return max(end.astimezone(UTC), moment)


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """A step of the ladder for one prediction: `days` before its date."""

    days: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LadderDecision:
    """What to do with the due steps: post one at most, drop the others with the reason."""

    post: ReminderStep | None
    dropped: tuple[tuple[ReminderStep, str], ...]


def steps_due(days: Iterable[int], *, resolves_at: datetime, dated_at: datetime, now: datetime) -> list[ReminderStep]:
    """Steps that became due since the prediction got this date, earliest first.

    A step that was already past when the date was set never comes: nobody wants a reminder of last week.
    """
    steps = [ReminderStep(count, resolves_at - timedelta(days=count)) for count in sorted(set(days), reverse=True)]
    return [step for step in steps if dated_at <= step.due_at <= now]


def next_step(days: Iterable[int], *, resolves_at: datetime | None, after: datetime) -> datetime | None:
    """When the next step is due; None if there's none, or no date."""
    if resolves_at is None:
        return None
    return min((at for count in days if (at := resolves_at - timedelta(days=count)) > after), default=None)


def judge(steps: Iterable[ReminderStep], *, resolves_at: datetime, now: datetime) -> LadderDecision:
    """If several steps are due (after an outage), post only the last, and only if it still matters."""
    *earlier, last = sorted(steps, key=lambda step: step.due_at)
    dropped = [(step, f"the {last.days}-day step is due as well") for step in earlier]
    if last.days > 0 and now >= resolves_at:
        return LadderDecision(None, (*dropped, (last, "the date has passed")))
    if now >= resolves_at + DATE_MATTERS_FOR:
        return LadderDecision(None, (*dropped, (last, f"the date passed {(now - resolves_at).days} days ago")))
    return LadderDecision(last, tuple(dropped))


def next_digest(zone: ZoneInfo, *, after: datetime) -> datetime:
    """The first 09:00 in this zone later than `after`, UTC. Follows the zone's daylight saving."""
    day = after.astimezone(zone).date()
    while (at := datetime.combine(day, DIGEST_TIME, zone).astimezone(UTC)) <= after:
        day += timedelta(days=1)
    return at


def next_weekly(zone: ZoneInfo, weekday: int, *, after: datetime) -> datetime:
    """The first 08:00 of this weekday (0 is Monday) in this zone later than `after`, UTC. Follows the zone's daylight saving."""
    day = after.astimezone(zone).date()
    while day.weekday() != weekday or (at := datetime.combine(day, WEEKLY_TIME, zone).astimezone(UTC)) <= after:
        day += timedelta(days=1)
    return at


def read_ladder(text: str) -> list[int]:
    """Days before the date, the most first, from "30, 7, 1, 0"; "off" means none. Raises Refused."""
    if text.strip().lower() in ("off", "none"):
        return []
    words = text.replace(",", " ").replace(";", " ").split()
    if not words or not all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words):
        raise Refused(
            f"I can't read “{text.strip()[:60]}” as a list of days. Give the days before the date, like 30, 7, 1, 0, or off."
        )
    days = sorted({int(word) for word in words}, reverse=True)
    if days[0] > FIRST_STEP or len(days) > MAX_STEPS:
        raise Refused(f"Give at most {MAX_STEPS} days, none more than {FIRST_STEP} before the date.")
    return days


_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_QUIET = re.compile(rf"{_CLOCK}\s*(?:-|–|to|until|till)\s*{_CLOCK}", re.IGNORECASE)


def read_quiet_hours(text: str) -> tuple[int | None, int | None]:
    """Minutes of the day, from and to, from "22:00-08:00" or "10pm to 8am"; None for "off". Raises Refused."""
    given = text.strip()
    if given.lower() in ("off", "none"):
        return None, None
    found = _QUIET.fullmatch(given)
    begin, end = (_minute(*found.groups()[:3]), _minute(*found.groups()[3:])) if found else (None, None)
    if begin is None or end is None or begin == end:
        raise Refused(f"I can't read “{given[:60]}” as quiet hours. Give them like 22:00-08:00, or off.")
    return begin, end


def _minute(hour: str, minute: str | None, half: str | None) -> int | None:
    """Minutes since midnight; None for a time that no clock shows."""
    hours, minutes = int(hour), int(minute or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return (hours * 60 + minutes) % 1440 if (hours, minutes) <= (24, 0) and minutes < 60 else None
