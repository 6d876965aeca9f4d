"""Dates as an iCalendar file (RFC 5545), which calendar apps read. Importing a newer file updates the same events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vText
from icalendar.enums import TRANSP

from bot.domain.times import last_day_before
from bot.services.exporting.calendar import CalendarDates, DatedPrediction, OpenReminder
from bot.ui import text

MAX_BYTES = 8 * 1024 * 1024
"""Discord takes 10 MiB in any server."""

_END = b"END:VCALENDAR\r\n"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The file, how many dates it holds, and whether there were more."""

    content: bytes
    dates: int
    is_cut: bool


def calendar_file(dates: CalendarDates, *, guild_name: str, now: datetime) -> CalendarFile:
    """Make the file. It takes 0.3 ms per date, up to two seconds in all, so call it on a thread."""
    empty = _calendar(dates.guild_id, guild_name).to_ical()
    written = [empty.removesuffix(_END)]
    room = MAX_BYTES - len(empty)
    for event in _events(dates, now):
        lines = event.to_ical()
        room -= len(lines)
        if room < 0:
            break
        written.append(lines)
    return CalendarFile(b"".join([*written, _END]), len(written) - 1, dates.is_cut or room < 0)


def _calendar(guild_id: int, guild_name: str) -> Calendar:
    calendar = Calendar.new(prodid="-//Almanac//Predictions//EN", uid=f"calendar-{guild_id}@almanac")
    for name in ("NAME", "X-WR-CALNAME"):
        # Its own `name` is written without escapes; `add` takes values of any type.
        calendar.add(name, vText(_line(guild_name)))  # pyright: ignore[reportUnknownMemberType]
    return calendar


def _events(dates: CalendarDates, now: datetime) -> Iterator[Event]:
    for reminder in dates.reminders:
        yield _reminder_event(reminder, guild_id=dates.guild_id, now=now)
    for prediction in dates.predictions:
        closes_at = prediction.closes_at
        if closes_at is not None and closes_at != prediction.resolves_at:
            yield _day_event(prediction, closes_at, guild_id=dates.guild_id, now=now, closes=True)
        if prediction.resolves_at is not None:
            yield _day_event(prediction, prediction.resolves_at, guild_id=dates.guild_id, now=now)


def _day_event(
    prediction: DatedPrediction, over_at: datetime, *, guild_id: int, now: datetime, closes: bool = False
) -> Event:
    """An event for all of the last day before `over_at`: the prediction's, or the last one for forecasts."""
    last_day = last_day_before(over_at)
    heading = f"#{prediction.code} forecasts close:" if closes else f"#{prediction.code}"
    return Event.new(
        uid=f"prediction-{guild_id}-{prediction.code}{'-closes' if closes else ''}@almanac",
        stamp=now,
        start=last_day,
        end=last_day + timedelta(days=1),
        summary=f"{heading} {_line(prediction.statement)}",
        description=_description(prediction, now),
        categories=[_line(tag) for tag in prediction.tags],
        url=text.message_link(guild_id, prediction.home),
        transparency=TRANSP.TRANSPARENT,
    )


def _reminder_event(reminder: OpenReminder, *, guild_id: int, now: datetime) -> Event:
    summary = f"Reminder: #{reminder.code} {_line(reminder.statement)}"
    event = Event.new(
        uid=f"reminder-{reminder.id}@almanac",
        stamp=now,
        start=reminder.due_at,
        summary=summary,
        url=text.message_link(guild_id, reminder.home),
        transparency=TRANSP.TRANSPARENT,
    )
    event.add_component(Alarm.new_display(summary, timedelta(0)))
    return event


def _description(prediction: DatedPrediction, now: datetime) -> str:
    facts = [f"On {text.day(now)}: {text.STATE_NAMES[prediction.state]}"]
    if prediction.own is not None:
        said = text.value_text(
            prediction.kind, prediction.own, options=prediction.options, unit=prediction.unit, is_markdown=False
        )
        facts.append(f"You said: {_line(said)}")
    return _safe("\n\n".join([*([prediction.criteria] if prediction.criteria else []), "\n".join(facts)]))


def _line(words: str) -> str:
    return " ".join(_safe(words).split())


def _safe(words: str) -> str:
    """People's words as the format can carry them: no control characters, and only the line break that gets escaped."""
    shown = _CONTROL.sub("", "\n".join(words.splitlines()))
    return shown.replace("\\N", "\\\u2060N")  # icalendar would write a line break for these two letters
