"""When something happened: reading the moment that a proposal, a ballot or a manager's decision carries."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Reading, Refused, TwoReadings, shortened
from bot.domain.times import read_last_day

FORMS = "“today”, “yesterday 3pm”, “2 hours ago”, “24 Dec 2026” or “24 Dec 2026 15:00”"
FARTHEST_BACK = timedelta(days=7)
"""How long before a member's proposal the moment may lie; a manager's may lie further back."""

_AGO = re.compile(r"(?:an?|(\d{1,4})) (minute|hour|day|week)s? ago", re.IGNORECASE)
_CLOCK = re.compile(r"(?:^|[ ,T]|\bat\b)\s*(\d{1,2})(?::(\d\d)\s*(am|pm)?|\s*(am|pm))$", re.IGNORECASE)


def read_moment(text: str, *, now: datetime, zone: ZoneInfo, locale: str | None = None) -> datetime:
    """A past moment as UTC; a day without an hour is its beginning in `zone`. Raises Refused, TwoReadings, and for what's to come."""
    given = " ".join(text.split())
    if not given:
        raise Refused(f"Say when it happened: {FORMS}.")
    if given.casefold() == "now":
        return now
    if (ago := _AGO.fullmatch(given)) is not None:
        unit = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}[ago[2].casefold()]
        return now - timedelta(seconds=unit * int(ago[1] or 1))
    clock = _CLOCK.search(given)
    hour = time() if clock is None else _time(given, clock)
    words = (given if clock is None else given[: clock.start()]).strip(" ,")
    try:
        day = _day(words, now.astimezone(zone).date(), locale)
    except TwoReadings as asked:
        after = "" if clock is None else f" {clock[0].strip(' ,')}"
        raise TwoReadings(
            given, tuple(Reading(one.shown + after, one.text + after) for one in asked.readings), asked.said
        ) from None
    moment = datetime.combine(day, hour, zone).astimezone(UTC)
    if moment > now:
        raise Refused(f"“{shortened(given)}” is still to come. Say when it happened: {FORMS}.")
    return moment


def check_moment(moment: datetime, *, opens_at: datetime, now: datetime, farthest_back: timedelta | None = None) -> datetime:
    """The moment, if it lies between a prediction's opening and now. Raises Refused."""
    if moment > now:
        raise Refused("That's still to come. Say when it happened, or wait until it does.")
    if moment < opens_at:
        raise Refused(f"That was before this prediction opened ({opens_at:%-d %b %Y %H:%M} UTC). Check the moment.")
    if farthest_back is not None and moment < now - farthest_back:
        raise Refused(
            f"That's more than {farthest_back.days} days ago. Ask a manager to propose it, or give the moment it became widely known."
        )
    return moment


def _day(words: str, today: date, locale: str | None) -> date:
    if words.casefold() in ("", "today"):
        return today
    if words.casefold() == "yesterday":
        return today - timedelta(days=1)
    try:
        return read_last_day(words, locale=locale)
    except Refused as refusal:
        if type(refusal) is Refused or "Try" not in str(refusal):
            raise
        raise Refused(f"I can't read “{shortened(words)}” as a moment. Try {FORMS}.") from None


def _time(given: str, clock: re.Match[str]) -> time:
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or clock[4] or "").casefold()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 99
    if hour > 23 or minute > 59:
        raise Refused(f"“{shortened(given)}” has no such time of day. Try {FORMS}.")
    return time(hour, minute)
