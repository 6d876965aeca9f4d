"""Taking along what is here: the dates, for a calendar app."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar, Event
from sqlalchemy import insert, select

from bot.domain.times import over_at
from bot.domain.types import Kind
from db.models import Member, Reminder
from tests import factories
from tests.behaviour.conftest import Seen, World, complete, raw, slash, walk

DAY = 86400.0
NUMBER = "63.7"
NEW_YEARS_EVE = date(2026, 12, 31)


async def calendar(seen: Seen) -> Calendar:
    """The calendar that came along, as an app reads it."""
    read = Calendar.from_ical(await seen.file())
    assert isinstance(read, Calendar)
    assert read.errors == []
    return read


async def events(seen: Seen) -> dict[str, Event]:
    """The events of the calendar that came along, by what they are called."""
    found = (await calendar(seen)).events
    assert len({event.uid for event in found}) == len({event.summary for event in found}) == len(found)
    return {str(event.summary): event for event in found}


def create_reminder(world: World, member: Any, code: int, due_at: datetime) -> None:
    """What the member asked to be reminded of. They have done something here before."""
    (found,) = world.rows(select(Member.id).where(Member.user_id == member.id))
    row = {"member_id": found.id, "prediction_id": world.view(code).id, "due_at": due_at, "created_at": world.now}
    with world.database.engine.begin() as connection:
        connection.execute(insert(Reminder).values(row | {"at_home": False}))


async def test_the_servers_dates_come_privately_as_a_file(world: World) -> None:
    world.create_prediction(
        "GPT-6 is released", resolves_at=over_at(NEW_YEARS_EVE), criteria="The blog says so", tags=("ai",)
    )
    world.create_prediction("Earlier", resolves_at=over_at(date(2026, 6, 30)), closes_at=over_at(date(2026, 5, 31)))
    seen = await slash(world.ada, world, "export calendar")
    assert seen.is_private
    assert "**3 dates**: when this server's predictions end." in seen.text
    assert "Open it in your calendar app. Importing a newer file updates the same events." in seen.text
    assert "one file takes" not in seen.text
    (file,) = [part for part in walk(raw(seen.message)) if part["type"] == 13]
    assert [file["name"]] == [attachment.filename for attachment in seen.message.attachments] == ["predictions.ics"]
    found = await events(seen)
    assert {name: (event.start, event.end) for name, event in found.items()} == {
        "#1 GPT-6 is released": (NEW_YEARS_EVE, date(2027, 1, 1)),
        "#2 forecasts close: Earlier": (date(2026, 5, 31), date(2026, 6, 1)),
        "#2 Earlier": (date(2026, 6, 30), date(2026, 7, 1)),
    }
    event = found["#1 GPT-6 is released"]
    assert event.uid == f"prediction-{world.guild.id}-1@almanac"
    assert event.description == "The blog says so\n\nOn 1 Jan 2026: Open"
    assert event.categories == ["ai"]
    assert (await calendar(seen)).calendar_name == "Forecasters"


async def test_an_event_links_to_the_card(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await slash(world.ada, world, "prediction add", statement="Posted", by="31 Dec 2026")
    await world.advance(60)
    (card,) = world.messages()
    (event,) = (await events(await slash(world.ada, world, "export calendar"))).values()
    assert event.url == f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{card.id}"


async def test_a_newer_file_updates_the_same_events(world: World) -> None:
    world.create_prediction("GPT-6 is released", resolves_at=over_at(NEW_YEARS_EVE))
    (first,) = (await events(await slash(world.ada, world, "export calendar"))).values()
    await world.advance(DAY)
    await slash(world.manager, world, "prediction edit", prediction="1", statement="GPT-7 is released", by="30 Jun 2027")
    (second,) = (await events(await slash(world.ada, world, "export calendar"))).values()
    assert first.uid == second.uid
    assert (second.summary, second.start) == ("#1 GPT-7 is released", date(2027, 6, 30))
    assert first.stamp is not None
    assert second.stamp is not None
    assert first.stamp < second.stamp


async def test_what_is_settled_or_elsewhere_is_left_out(world: World) -> None:
    factories.create_prediction(world.database, now=world.now, statement="Theirs")
    world.load(factories.create_document({"statement": "Annulled", "window": {"end": "2026-12-31"}}))
    world.create_prediction("Ours")
    await slash(world.manager, world, "pack drop", pack="pack")
    assert list(await events(await slash(world.ada, world, "export calendar"))) == ["#2 Ours"]


async def test_dates_can_be_narrowed_by_tag_and_pack(world: World) -> None:
    world.create_prediction("One", tags=("openai",))
    world.load(factories.create_document({"statement": "Two", "tags": ["openai"], "window": {"end": "2026-12-31"}}))
    assert "openai" in await complete(world.ada, world, "export calendar", "tag", "op")
    assert "pack" in await complete(world.ada, world, "export calendar", "pack", "")
    for given, found in (
        ({"tag": "OpenAI"}, ["#1 One", "#2 Two"]),
        ({"pack": "pack"}, ["#2 Two"]),
        ({"tag": "openai", "pack": "pack"}, ["#2 Two"]),
    ):
        assert list(await events(await slash(world.ada, world, "export calendar", **given))) == found, given


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "No prediction here has an upcoming date. Adopt a pack with `/pack list`"),
        ({"whose": "mine"}, "You haven't forecast on anything with an upcoming date. `/next`"),
        ({"tag": "unknown"}, "No dates match."),
        ({"pack": "unknown"}, "No dates match."),
        ({"whose": "mine", "tag": "x" * 3000}, "No dates match."),
        ({"pack": "'; DROP TABLE packs; -- @everyone"}, "No dates match."),
    ],
)
async def test_where_there_is_nothing_it_says_what_to_do(world: World, given: dict[str, str], words: str) -> None:
    seen = await slash(world.ada, world, "export calendar", **given)
    assert seen.is_private
    assert words in seen.text
    assert seen.message.attachments == []
    assert len(seen.text) < 200


# One's own.


async def test_ones_own_dates_are_what_one_forecast_with_what_one_said(world: World) -> None:
    world.create_prediction("Forecast by Ada", resolves_at=over_at(NEW_YEARS_EVE))
    world.create_prediction("Who leads?", kind=Kind.MULTIPLE_CHOICE, resolves_at=over_at(NEW_YEARS_EVE))
    world.create_prediction("Withdrawn by Ada")
    world.create_prediction("Forecast by Bob")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.ada, world, "forecast", prediction="2", probability="50; 30; 20")
    await (await slash(world.ada, world, "forecast", prediction="3", probability="10")).click("Undo")
    await slash(world.bob, world, "forecast", prediction="4", probability="20")
    seen = await slash(world.ada, world, "export calendar", whose="mine")
    assert seen.is_private
    assert "**2 dates**: when the predictions you forecast end, and your reminders." in seen.text
    found = await events(seen)
    assert list(found) == ["#1 Forecast by Ada", "#2 Who leads?"]
    assert found["#1 Forecast by Ada"].description == "On 1 Jan 2026: Open\nYou said: 70%"
    assert str(found["#2 Who leads?"].description).endswith("You said: OpenAI 50%, Google 30%, Anthropic 20%")


async def test_ones_reminders_ring_at_their_moment_and_only_for_oneself(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    await slash(world.ada, world, "prediction add", statement="Ada's", by="31 Dec 2026")
    await slash(world.bob, world, "prediction add", statement="Bob's", by="31 Dec 2026")
    due_at = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
    create_reminder(world, world.ada, 1, due_at)
    seen = await slash(world.ada, world, "export calendar", whose="mine")
    assert "**1 date**" in seen.text
    (event,) = (await events(seen)).values()
    assert (event.summary, event.start) == ("Reminder: #1 GPT-6 is released", due_at)
    assert [alarm.trigger for alarm in event.alarms.times] == [due_at]
    assert "You haven't forecast" in (await slash(world.bob, world, "export calendar", whose="mine")).text
    assert "Reminder" not in await (await slash(world.ada, world, "export calendar")).file()


# Numbers and words that may not come out.


async def test_no_number_of_the_crowd_or_the_author_is_in_it(world: World) -> None:
    await slash(world.manager, world, "settings guild", hide_author=True)
    document = factories.create_document(
        {
            "statement": "It rains",
            "probability": 0.637,
            "notes": f"The post says {NUMBER} %",
            "verbal": f"about {NUMBER} in a hundred",
            "window": {"end": "2026-12-31", "raw": f"with {NUMBER}"},
        },
        {
            "statement": "How much?",
            "kind": "numeric",
            "numeric": {"low": 63.7, "high": 99, "unit": "mm"},
            "window": {"end": "2026-12-31"},
        },
    )
    world.load(document)
    world.create_forecasts(1, (0.637,), (0.637,))
    world.create_forecasts(2, (1.0, 63.7, 90.0), (1.0, 63.7, 90.0))
    create = {"1": "10", "2": "1; 2; 3"}
    for forecasts_first in (False, True):
        for code, typed in create.items() if forecasts_first else ():
            await slash(world.bob, world, "forecast", prediction=code, probability=typed, reason="My secret reason")
        for whose in ("server", "mine"):
            mark = world.mark
            seen = await slash(world.bob, world, "export calendar", whose=whose)
            told = world.sent_since(mark)
            if seen.message.attachments:
                whole = (await seen.file()).replace("\r\n ", "")
                assert len((await calendar(seen)).events) == 2
                assert ("You said" in whole) is (whose == "mine")
                told += whole
            for secret in (NUMBER, "0.637", "My secret reason"):
                assert secret not in told
    await slash(world.ada, world, "forecast", prediction="1", probability=NUMBER)
    assert NUMBER in await (await slash(world.ada, world, "export calendar", whose="mine")).file()


async def test_hostile_words_add_nothing_to_the_calendar(world: World) -> None:
    hostile = 'x, y; z: \\n "q" 🔥👩‍👩‍👧\nEND:VEVENT\r\nEND:VCALENDAR\rBEGIN:VEVENT\u2028SUMMARY:Free money'
    statement = " ".join(hostile.split())
    world.create_prediction(hostile, criteria=hostile * 10, tags=(hostile[:20],), resolves_at=over_at(NEW_YEARS_EVE))
    seen = await slash(world.ada, world, "export calendar")
    assert "**1 date**" in seen.text
    (event,) = (await events(seen)).values()
    assert event.summary == f"#1 {statement}"
    assert str(event.description).startswith("\n".join((hostile * 10).splitlines()) + "\n\nOn 1 Jan 2026: Open")
    assert event.categories == [" ".join(hostile[:20].split())]
    lines = (await seen.file()).removesuffix("\r\n").split("\r\n")
    assert max(len(line.encode()) for line in lines) == 75
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
