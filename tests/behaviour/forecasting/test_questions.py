"""What members type in their own notation, and the questions they're asked where it could mean two things or be a slip."""

from __future__ import annotations

from typing import Any

import pytest
from simcord import actors
from sqlalchemy import select

from bot.domain.types import Kind
from bot.services.forecasting import forecasts
from bot.ui import questions
from db.models import Prediction, Reminder
from tests.behaviour.conftest import Seen, World, confirm, custom_id, forge, slash

VALUES = ("low_in_usd", "best_guess_in_usd", "high_in_usd")


def typed(*values: str) -> dict[str, str]:
    """The three fields of a number's form."""
    return dict(zip(VALUES, values, strict=True))


def speak(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    """Let everyone's Discord be in this language; the simulated one speaks American."""
    plain = actors._interactions.base_payload

    def payload(*args: Any, **given: Any) -> Any:
        record, made = plain(*args, **given)
        return record, made | {"locale": locale}

    monkeypatch.setattr(actors._interactions, "base_payload", payload)


def add_number(world: World, **given: Any) -> None:
    world.create_prediction("How many?", kind=Kind.NUMERIC, unit="USD", **given)


@pytest.mark.parametrize(
    ("label", "stored"), [("1; 1.2; 1.5", (1.0, 1.2, 1.5)), ("1,000; 1,200; 1,500", (1e3, 1.2e3, 1.5e3))]
)
async def test_a_command_goes_on_with_the_reading_that_was_tapped(
    world: World, label: str, stored: tuple[float, ...]
) -> None:
    add_number(world)
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="1.000; 1.200; 1.500", reason="Because")
    assert asked.is_private
    assert "“1.000; 1.200; 1.500” could be 1; 1.2; 1.5 or 1,000; 1,200; 1,500." in asked.text
    assert asked.buttons == ["1; 1.2; 1.5", "1,000; 1,200; 1,500"]
    assert world.forecasts_of(world.ada) == []
    placed = await asked.click(label)
    assert "You said" in placed.text
    assert "> Because" in placed.text
    assert world.forecasts_of(world.ada) == [stored]


async def test_a_number_is_read_in_the_members_notation(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    add_number(world)
    speak(monkeypatch, "de")
    await slash(world.ada, world, "forecast", prediction="1", probability="1.000; 1.200; 1.500,5 USD")
    panel = await slash(world.bob, world, "forecast", prediction="1")
    form = await panel.click("Set low and high…")
    await form.fill_in(**typed("1.000", "1.200", "1.500"))
    assert world.forecasts_of(world.ada) == [(1000.0, 1200.0, 1500.5)]
    assert world.forecasts_of(world.bob) == [(1000.0, 1200.0, 1500.0)]


async def test_a_form_goes_on_with_the_reading_that_was_tapped_and_keeps_the_rest(world: World) -> None:
    add_number(world)
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Set low and high…")
    asked = await form.fill_in(**typed("1.000", "1.200", "1.500"), reason="Because")
    assert "**You wrote**" in asked.text
    placed = await asked.click("1,000; 1,200; 1,500")
    assert "> Because" in placed.text
    assert world.forecasts_of(world.ada) == [(1000.0, 1200.0, 1500.0)]


async def test_a_single_field_is_asked_about_too(world: World) -> None:
    world.create_prediction()
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Exact…")
    asked = await form.fill_in(probability="1.0")
    assert asked.buttons == ["1%", "100%"]
    await asked.click("1%")
    assert world.forecasts_of(world.ada) == [(0.01,)]


async def test_one_of_several_options_is_asked_about_under_its_name(world: World) -> None:
    world.create_prediction("Who?", kind=Kind.MULTIPLE_CHOICE, options=("OpenAI", "Google"))
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="OpenAI: 1.0; Google: 0")
    assert asked.buttons == ["OpenAI: 1%", "OpenAI: 100%"]
    await asked.click("OpenAI: 100%")
    assert world.forecasts_of(world.ada) == [(1.0, 0.0)]


@pytest.mark.parametrize("locale", ["en-US", "de"])
async def test_a_form_sent_as_it_was_filled_in_is_never_asked_about(
    world: World, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    add_number(world)
    own = (1.2301, 1.2345678, 2.345)
    world.database.run_here(forecasts.place, world.actor(world.ada), code=1, values=own, now=world.now)
    speak(monkeypatch, locale)
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Set low and high…")
    placed = await form.fill_in()
    assert "You said" in placed.text
    assert world.forecasts_of(world.ada) == [own, own]


async def test_a_date_in_a_command_is_asked_in_the_order_of_the_members_language(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    american = await slash(world.manager, world, "prediction add", statement="It rains", by="3/4/2027", criteria="Wet")
    assert american.is_private
    assert american.buttons == ["4 Mar 2027", "3 Apr 2027"]
    speak(monkeypatch, "de")
    german = await slash(world.manager, world, "prediction add", statement="It snows", by="3/4/2027", criteria="White")
    assert german.buttons == ["3 Apr 2027", "4 Mar 2027"]
    await confirm(await german.click("4 Mar 2027"))
    (post,) = world.posts()
    assert "It snows" in post
    assert "by 4 Mar 2027" in post


async def test_a_reminder_is_asked_about_and_goes_on(world: World) -> None:
    world.create_prediction()
    asked = await slash(world.ada, world, "remind", prediction="1", when="3/4/2026 at 9", where="at the prediction's card")
    understood = await asked.click("Fri 3 Apr 2026 09:00")
    assert "Remind you on Friday, 3 Apr 2026 at 09:00?" in understood.text
    assert "I'll mention you at the prediction's card" in understood.text
    await understood.click("Set reminder")
    assert [row.at_home for row in world.rows(select(Reminder.at_home))] == [True]


async def test_the_form_of_a_new_prediction_goes_on_too(world: World) -> None:
    said = await world.bob.send(world.channel, "It rains")
    form = Seen(world.ada, await world.ada.context_menu(world.channel, "Make a prediction", said))
    asked = await form.fill_in(by_when="3/4/2027", criteria="Wet")
    await confirm(await asked.click("3 Apr 2027"))
    assert "by 3 Apr 2027" in world.posts()[-1]
    assert "Wet" in world.posts()[-1]


async def test_a_slip_is_asked_about_before_it_is_stored(world: World) -> None:
    add_number(world)
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    assert "Did you mean 12,000? 12 is at least 10 times away from your other values." in asked.text
    assert asked.buttons == ["Yes, 12,000", "Keep 12"]
    assert world.forecasts_of(world.ada) == []
    await asked.click("Yes, 12,000")
    assert world.forecasts_of(world.ada) == [(12e3, 13e3, 14e3)]


async def test_what_looks_like_a_slip_is_kept_if_it_is_meant(world: World) -> None:
    add_number(world)
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Set low and high…")
    asked = await form.fill_in(**typed("12", "13,000", "14,000"), reason="Because")
    placed = await asked.click("Keep 12")
    assert "> Because" in placed.text
    assert world.forecasts_of(world.ada) == [(12.0, 13e3, 14e3)]


async def test_walking_goes_on_after_a_question(world: World) -> None:
    add_number(world)
    world.create_prediction("It rains")
    form = await (await slash(world.ada, world, "next")).click("Set low and high…")
    asked = await form.fill_in(**typed("12", "13,000", "14,000"))
    placed = await asked.click("Yes, 12,000")
    assert "It rains" in (await placed.click("Next · 1 left ▸")).text
    assert world.forecasts_of(world.ada) == [(12e3, 13e3, 14e3)]


async def test_two_questions_follow_each_other(world: World) -> None:
    add_number(world)
    first = await slash(world.ada, world, "forecast", prediction="1", probability="1.000; 1.200; 90.000")
    second = await first.click("1,000; 1,200; 90,000")
    assert second.buttons == ["Yes, 9,000", "Keep 90,000"]
    await second.click("Yes, 9,000")
    assert world.forecasts_of(world.ada) == [(1e3, 1.2e3, 9e3)]


async def test_a_creators_range_is_shown_and_what_lies_outside_is_asked_about(world: World) -> None:
    card = await slash(
        *(world.manager, world, "prediction add"),
        statement="How many?",
        by="2027",
        kind="numeric",
        unit="people",
        range="50 to 5,000",
    )
    assert "**Expected** 50 to 5,000 people" in card.text
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="1; 2; 3")
    assert "Did you mean 1,000, 2,000 and 3,000? 1, 2 and 3 are outside the range that this prediction states." in asked.text
    await asked.click("Yes, 1,000, 2,000 and 3,000")
    inside = await slash(world.bob, world, "forecast", prediction="1", probability="60; 70; 80")
    assert "You said" in inside.text
    assert world.forecasts_of(world.ada) == [(1e3, 2e3, 3e3)]


async def test_a_range_settles_what_a_number_means(world: World) -> None:
    add_number(world, expected="500 to 5000")
    await slash(world.ada, world, "forecast", prediction="1", probability="1.000; 1.200; 1.500")
    assert world.forecasts_of(world.ada) == [(1e3, 1.2e3, 1.5e3)]


async def test_a_range_can_be_changed_and_taken_away_in_the_form(world: World) -> None:
    add_number(world, expected="0 to 100")
    form = await slash(world.manager, world, "prediction edit", prediction="1")
    assert form.form["Expected range"] == "0 to 100"
    changed = await form.fill_in(expected_range="at least 10")
    assert "Changed on **#1**: range." in changed.text
    assert world.rows(select(Prediction.range_low, Prediction.range_high)) == [(10.0, None)]
    gone = await slash(world.manager, world, "prediction edit", prediction="1", range="none")
    assert "Changed on **#1**: range." in gone.text
    assert world.rows(select(Prediction.range_low, Prediction.range_high)) == [(None, None)]
    same = await (await slash(world.manager, world, "prediction edit", prediction="1")).fill_in()
    assert "That wouldn't change anything." in same.text


async def test_a_range_with_two_readings_is_asked_about(world: World) -> None:
    given = {"statement": "How many?", "by": "2027", "kind": "numeric", "unit": "people", "range": "1.000 to 3000"}
    asked = await slash(world.manager, world, "prediction add", **given)
    assert asked.buttons == ["1 to 3000", "1,000 to 3000"]
    await confirm(await asked.click("1,000 to 3000"))
    assert world.rows(select(Prediction.range_low, Prediction.range_high)) == [(1000.0, 3000.0)]


async def test_only_numbers_and_dates_take_a_range(world: World) -> None:
    refused = await slash(world.manager, world, "prediction add", statement="It rains", by="2027", range="0 to 100")
    assert "Only a number or a date takes a range." in refused.text


async def test_a_question_is_answered_once_by_the_member_it_was_put_to(world: World) -> None:
    add_number(world)
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    name = custom_id(asked.message, "Keep 12")
    other = await slash(world.bob, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    stolen = await forge(world.bob, other.message, name)
    assert "That question is no longer open. Please type it again." in stolen.text
    await asked.click("Keep 12")
    again = await forge(world.ada, asked.message, name)
    assert "no longer open" in again.text
    assert world.forecasts_of(world.ada) == [(12.0, 13e3, 14e3)]
    assert world.forecasts_of(world.bob) == []


async def test_a_restart_forgets_questions_and_says_so(world: World) -> None:
    add_number(world)
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    await world.restart()
    gone = await asked.click("Keep 12")
    assert "That question is no longer open. Please type it again." in gone.text
    assert world.forecasts_of(world.ada) == []


async def test_an_answer_that_was_never_offered_is_refused(world: World) -> None:
    add_number(world)
    asked = await slash(world.ada, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    name = custom_id(asked.message, "Keep 12").rpartition(":")[0]
    for forged in (f"{name}:2", f"{name}:-1", f"{name}:x", f"{name}:", "reading.take:", "reading.take"):
        refused = await forge(world.ada, asked.message, forged)
        assert "Please type it again." in refused.text
    assert world.forecasts_of(world.ada) == []


async def test_only_so_many_questions_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST", 1)
    add_number(world)
    first = await slash(world.ada, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    second = await slash(world.bob, world, "forecast", prediction="1", probability="12; 13,000; 14,000")
    assert "no longer open" in (await first.click("Keep 12")).text
    assert "You said" in (await second.click("Keep 12")).text


async def test_a_zone_with_several_places_is_asked_about(world: World) -> None:
    asked = await slash(world.ada, world, "settings me", zone="IST")
    assert len(asked.buttons) > 1
    chosen = await asked.click(asked.buttons[0])
    assert "Asia" in chosen.text or "Europe" in chosen.text


@pytest.mark.parametrize(
    ("command", "options", "shown"),
    [
        ("prediction add", {"statement": "It rains", "by": "31 Dec 2027", "closes": "3/4/2027"}, "#2"),
        ("prediction edit", {"prediction": "1", "by": "3/4/2027"}, "by 4 Mar 2027"),
        ("prediction edit", {"prediction": "1", "by": "31 Dec 2027", "closes": "3/4/2026"}, "Changed on **#1**"),
        ("settings guild", {"reveal_date": "3/4/2027"}, "after 4 Mar 2027"),
        ("settings guild", {"zone": "IST"}, "Asia/"),
        (
            "resolution override",
            {"prediction": "1", "outcome": "yes", "reason": "I saw it", "happened": "3/2/2026"},
            "“2 Mar 2026” is still",
        ),
    ],
    ids=["add closes", "edit by", "edit closes", "reveal date", "server's zone", "override"],
)
async def test_every_command_that_reads_what_is_typed_asks_and_goes_on(
    world: World, command: str, options: dict[str, str], shown: str
) -> None:
    world.create_prediction("Does it rain?")
    asked = await slash(world.manager, world, command, **options)
    assert asked.is_private
    assert len(asked.buttons) > 1
    done = await asked.click(asked.buttons[0])
    assert shown in done.text or any(shown in post for post in world.posts())
