"""The calendar file, read back as calendar apps read it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from discord import ui
from icalendar import Calendar, Event

from bot.domain.times import over_at
from bot.domain.types import Kind, State
from bot.services.exporting.calendar import CalendarDates, CalendarScope, DatedPrediction, OpenReminder
from bot.services.homes.card_homes import CardHome
from bot.ui.calendar import MAX_BYTES, CalendarFile, calendar_file
from bot.ui.cards.exporting.files import calendar_card

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NASTY = [
    "a, b; c: d \\ e \\, \\; \\n \\N \"f\" 'g' ^n ^' %0A",
    "over\nBEGIN:VEVENT\nSUMMARY:Free money\nEND:VEVENT",
    "over\r\nEND:VEVENT\r\nEND:VCALENDAR",
    "over\rEND:VEVENT\vEND:VEVENT\fEND:VEVENT\x1cEND:VEVENT\x85END:VEVENT\u2028END:VEVENT\u2029END:VEVENT",
    "\n END:VEVENT\n\tEND:VEVENT",
    "zero \0 bell \a escape \x1b[31m delete \x7f",
    "👩‍👩‍👧‍👦🔥" * 40,
    "ü" * 300,
    "日本" * 150,
    "\\" * 300,
    ";," * 150,
    "x" * 300,
]


def dated(**given: Any) -> DatedPrediction:
    values: dict[str, Any] = {
        "code": 42,
        "kind": Kind.BINARY,
        "state": State.OPEN,
        "statement": "GPT-6 is released",
        "criteria": None,
        "unit": None,
        "options": (),
        "tags": (),
        "closes_at": over_at(date(2026, 12, 31)),
        "resolves_at": over_at(date(2026, 12, 31)),
        "home": None,
        "own": None,
    }
    return DatedPrediction(**(values | given))


def reminder(**given: Any) -> OpenReminder:
    values = {"id": 7, "due_at": NOW, "code": 42, "statement": "GPT-6 is released", "home": None}
    return OpenReminder(**(values | given))


def write(
    *predictions: DatedPrediction, reminders: tuple[OpenReminder, ...] = (), guild_name: str = "Guild"
) -> CalendarFile:
    return calendar_file(CalendarDates(1001, predictions, reminders, is_cut=False), guild_name=guild_name, now=NOW)


def events(made: CalendarFile) -> list[Event]:
    """The events, after a look at what the format asks of every line."""
    assert made.content.endswith(b"\r\nEND:VCALENDAR\r\n")
    lines = made.content.decode().removesuffix("\r\n").split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any(character.isspace() and character not in " \t" for line in lines for character in line)
    assert all(ord(character) >= 32 and ord(character) != 127 for line in lines for character in line if character != "\t")
    calendar = Calendar.from_ical(made.content)
    assert isinstance(calendar, Calendar)
    assert calendar.errors == []
    found = calendar.events
    assert len(found) == made.dates == lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT")
    assert all(event.errors == [] for event in found)
    assert len({event.uid for event in found}) == len(found)
    return found


def test_a_prediction_is_all_of_its_last_day() -> None:
    (event,) = events(write(dated(state=State.VOTING, criteria="The blog says so", tags=("ai", "labs"))))
    assert (event.uid, event.summary) == ("prediction-1001-42@almanac", "#42 GPT-6 is released")
    assert (event.start, event.end, event.stamp) == (date(2026, 12, 31), date(2027, 1, 1), NOW)
    assert event.description == "The blog says so\n\nOn 1 Mar 2026: Voting"
    assert (event.categories, event.transparency, event.url) == (["ai", "labs"], "TRANSPARENT", "")


def test_a_last_day_that_ends_within_it_is_that_day() -> None:
    (event,) = events(write(dated(resolves_at=NOW, closes_at=NOW)))
    assert event.start == date(2026, 3, 1)


def test_an_earlier_close_of_the_forecasts_has_its_own_day() -> None:
    closes, resolves = events(write(dated(closes_at=over_at(date(2026, 6, 30)))))
    assert (closes.uid, closes.summary) == ("prediction-1001-42-closes@almanac", "#42 forecasts close: GPT-6 is released")
    assert (closes.start, resolves.start) == (date(2026, 6, 30), date(2026, 12, 31))
    (alone,) = events(write(dated(resolves_at=None)))
    assert alone.uid == closes.uid


def test_the_link_leads_to_the_card() -> None:
    home = CardHome(card_id=1, channel_id=2**63 - 1, message_id=2**62)
    found = events(write(dated(home=home), reminders=(reminder(home=home),)))
    assert {event.url for event in found} == {f"https://discord.com/channels/1001/{2**63 - 1}/{2**62}"}


def test_what_one_said_is_in_plain_words() -> None:
    options = ("Open_AI", "*Google*", "x" * 60)
    said = dated(kind=Kind.MULTIPLE_CHOICE, options=options, own=(0.5, 0.3, 0.2))
    (event,) = events(write(said))
    assert event.description is not None
    assert event.description.endswith(f"Open\nYou said: Open_AI 50%, *Google* 30%, {'x' * 39}… 20%")
    (event,) = events(write(dated(kind=Kind.NUMERIC, unit="USD; or, more", own=(8.0, 12.0, 20.0))))
    assert "You said: 12 USD; or, more (80% between 8 and 20)" in str(event.description)


def test_a_reminder_rings_at_its_moment() -> None:
    (event,) = events(write(reminders=(reminder(due_at=datetime(2026, 5, 1, 9, 30, tzinfo=UTC)),)))
    assert (event.uid, event.summary) == ("reminder-7@almanac", "Reminder: #42 GPT-6 is released")
    assert event.start == datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    (alarm,) = event.alarms.times
    assert alarm.trigger == event.start
    (part,) = event.walk("VALARM")
    assert (part["ACTION"], part["DESCRIPTION"]) == ("DISPLAY", event.summary)


@pytest.mark.parametrize("nasty", NASTY)
def test_no_words_break_out_and_all_arrive(nasty: str) -> None:
    hostile = dated(
        statement=nasty,
        criteria=nasty,
        kind=Kind.MULTIPLE_CHOICE,
        options=(nasty, "b"),
        own=(0.5, 0.5),
        tags=(nasty, "ai"),
        closes_at=NOW,
    )
    made = write(hostile, reminders=(reminder(statement=nasty),), guild_name=nasty)
    found = events(made)
    assert [event.uid for event in found] == [
        "reminder-7@almanac",
        "prediction-1001-42-closes@almanac",
        "prediction-1001-42@almanac",
    ]
    carried = re.sub(r"[\0\a\x1b\x7f]", "", "\n".join(nasty.splitlines()))
    line = " ".join(carried.split())
    for event in found:
        assert str(event.summary).replace("\u2060", "").endswith(line)
        assert [alarm["DESCRIPTION"] for alarm in event.walk("VALARM")] in ([], [event.summary])
    for event in found[1:]:
        assert str(event.description).replace("\u2060", "").startswith(f"{carried}\n\nOn 1 Mar 2026: Open\nYou said: ")
        assert [str(tag).replace("\u2060", "") for tag in event.categories] == [line, "ai"]
    unfolded = made.content.decode().replace("\r\n ", "")
    for name in ("NAME:", "X-WR-CALNAME:"):
        written = next(found for found in unfolded.split("\r\n") if found.startswith(name)).removeprefix(name)
        assert written.count("\\,") == line.count(",")
        assert written.count("\\;") == line.count(";")


def test_the_calendar_is_called_as_the_guild() -> None:
    lines = write(dated(), guild_name="Fore, casters 🔥").content.decode().split("\r\n")
    assert {"NAME:Fore\\, casters 🔥", "X-WR-CALNAME:Fore\\, casters 🔥", "VERSION:2.0"} <= set(lines)


def test_the_same_dates_make_the_same_file() -> None:
    assert write(dated(), reminders=(reminder(),)) == write(dated(), reminders=(reminder(),))


def test_a_file_holds_no_more_than_discord_takes() -> None:
    long = dated(criteria="🔥" * 2000, closes_at=NOW)
    many = [replace(long, code=code, resolves_at=over_at(NOW.date() + timedelta(days=code))) for code in range(1, 1201)]
    made = write(*many)
    assert made.is_cut
    assert MAX_BYTES * 0.99 < len(made.content) <= MAX_BYTES
    found = events(made)
    assert [event.uid for event in found] == [
        f"prediction-1001-{code // 2 + 1}{'' if code % 2 else '-closes'}@almanac" for code in range(len(found))
    ]
    assert not write(*many[:10]).is_cut


def test_no_dates_are_told_as_none() -> None:
    assert write().dates == 0


@pytest.mark.parametrize("is_cut", [True, False])
async def test_a_calendar_that_was_cut_says_so(is_cut: bool) -> None:
    card, file = calendar_card(CalendarFile(b"", 4000, is_cut), whose=CalendarScope.SERVER, is_narrowed=False)
    (words,) = [part.content for part in card.walk_children() if isinstance(part, ui.TextDisplay)]
    assert file is not None
    assert "**4,000 dates**" in words
    assert ("One file can't hold more, so these are the soonest. Use `tag` or `pack` to get the rest" in words) is is_cut
