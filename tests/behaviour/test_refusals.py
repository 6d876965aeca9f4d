"""Bad input gets a private sentence that says what is wrong and what would work, and nothing is stored."""

from __future__ import annotations

import re

from sqlalchemy import func, select, text

from bot.domain.types import Actor, Kind, State
from bot.services.forecasting import forecasts
from db.models import Forecast, Skip
from tests import factories
from tests.behaviour.conftest import Seen, World, click, forge, slash

DAY = 86400.0


def is_refused(seen: Seen, *words: str) -> None:
    """It is a private sentence with these words, and no fault of the bot."""
    assert seen.is_private
    assert seen.text.startswith("⚠️ ")
    assert "Something went wrong" not in seen.text
    for word in words:
        assert word in seen.text


def forecasts_in(world: World) -> int:
    """How many forecasts the database holds."""
    return world.rows(select(func.count()).select_from(Forecast))[0][0]


async def test_a_probability_that_cannot_be_one_is_refused(world: World) -> None:
    world.create_prediction()
    typed = {
        "120": "isn't between 0% and 100%. Try 70",
        "-3": "isn't between 0% and 100%. Try 70",
        "nan": "I can't read “nan” as a probability. Try 70, 70%, 0.7, 7/10 or 7:3",
        "inf": "as a probability. Try",
        "7/0": "“7/0” divides by zero. Write 70",
        "0:0": "divides by zero",
        "8/7": "isn't between 0% and 100%",
        "likely": "I can't read “likely” as a probability",
        "1e400": "as a probability. Try",
        "٪": "as a probability. Try",
        "7" * 3000: "isn't between 0% and 100%",
        "x" * 6000: "as a probability. Try",
    }
    for words, said in typed.items():
        is_refused(await slash(world.ada, world, "forecast", prediction="1", probability=words), said)
    assert forecasts_in(world) == 0


async def test_the_form_refuses_the_same_and_shows_what_was_typed(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    for typed in ("120", "-3", "nan", "7/0", "likely"):
        form = await panel.click("Exact…")
        refused = await form.fill_in(probability=typed, reason="A long thought")
        is_refused(refused, "You wrote", f"Probability: {typed}", "Reason: A long thought")
    assert forecasts_in(world) == 0


async def test_an_unknown_code_is_refused_everywhere(world: World) -> None:
    world.create_prediction()
    for name in ("forecast", "forecasts", "prediction show", "prediction edit"):
        is_refused(await slash(world.manager, world, name, prediction="99"), "There's no prediction #99 on this server.")
    refused = await slash(world.ada, world, "forecast", prediction="99", probability="70")
    is_refused(refused, "Search by words with /prediction search")
    for typed in ("0", "#0", "999999999", "99999999999999999999", "-1"):
        is_refused(await slash(world.ada, world, "forecast", prediction=typed, probability="70"), "There's no prediction")
    assert forecasts_in(world) == 0


async def test_another_guilds_code_is_unknown_here(world: World) -> None:
    theirs = factories.create_prediction(world.database, now=world.now, statement="A secret of theirs")
    assert theirs.code == 1
    refused = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    is_refused(refused, "There's no prediction #1 on this server.")
    is_refused(await slash(world.ada, world, "prediction show", prediction="secret"), "There's no prediction like “secret”")
    assert "secret" not in (await slash(world.ada, world, "prediction list")).text
    assert forecasts_in(world) == 0


async def test_a_closed_prediction_takes_no_forecasts_by_any_door(world: World) -> None:
    card = await slash(world.manager, world, "prediction add", statement="It rains tomorrow", by="2 Jan 2026")
    await world.advance(2 * DAY - 600)
    panel = await slash(world.bob, world, "forecast", prediction="1")
    form = await panel.click("Exact…")
    world.env.backend.advance_clock(1200)  # nobody has told the bot yet: the card still has its button
    is_refused(await click(world.ada, card.message, "Forecast"), "Forecasting on #1 is closed", "/prediction show #1")
    is_refused(await slash(world.ada, world, "forecast", prediction="1"), "Forecasting on #1 is closed")
    by_command = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    is_refused(
        by_command,
        "#1 closed 10 minutes ago, so you can't forecast on it any more. See where it stands with /prediction show #1",
    )
    is_refused(await panel.choose("How likely is it?", "0.7"), "#1 closed")
    is_refused(await form.fill_in(probability="70", reason="I was late"), "#1 closed", "I was late")
    assert forecasts_in(world) == 0


async def test_a_closed_prediction_is_left_as_it_was(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="It rains tomorrow", by="2 Jan 2026")
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    panel = await slash(world.ada, world, "forecast", prediction="1")
    await world.advance(2 * DAY + 3 * 3600)
    is_refused(await placed.click("Undo"), "#1 closed 3 hours ago")
    is_refused(await panel.click("Reaffirm"), "#1 closed 3 hours ago")
    is_refused(await panel.click("Withdraw"), "#1 closed 3 hours ago")
    assert world.standing_of(world.ada) == (0.7,)


async def test_a_card_brought_up_to_date_after_closing_has_no_forecast_button(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="It rains tomorrow", by="2 Jan 2026")
    await world.advance(2 * DAY)
    assert "Closed" in world.posts()[0]
    assert "[Forecast]" not in world.posts()[0]
    shown = await slash(world.ada, world, "prediction show", prediction="1")
    assert "Forecast" not in shown.buttons


async def test_an_annulled_prediction_takes_no_forecasts(world: World) -> None:
    world.load(factories.create_document({"statement": "It rains"}))
    await slash(world.manager, world, "pack drop", pack="pack")
    refused = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    is_refused(refused, "#1 is annulled, so you can't forecast on it any more")
    assert world.view(1).state is State.ANNULLED


async def test_a_button_of_another_version_is_refused_with_a_next_step(world: World) -> None:
    card = await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    for name in ("forecast.fly:1", "unknown.action"):
        is_refused(await forge(world.ada, card.message, name), "from another version of the bot", "/help")
    for name in ("forecast.open:one", "forecast.open:", "forecast.open", "card.show:-1", "card.post:1e3", "vote.cast:1:yes"):
        is_refused(await forge(world.ada, card.message, name), "from another version of the bot")
    for name in ("list.page:x|o|s||||", "list.page:0|o", "list.page:", "list.page:0|?|s||||", "list.page:0||||||"):
        is_refused(
            await forge(world.ada, card.message, name), "This list is from another version of the bot", "/prediction list"
        )
    is_refused(await forge(world.ada, card.message, "forecast.open:99"), "There's no prediction #99")
    is_refused(await forge(world.ada, card.message, "forecast.open:9999999999"), "from another version")
    assert forecasts_in(world) == 0


async def test_a_choice_that_the_select_does_not_have_is_refused(world: World) -> None:
    world.create_prediction()
    world.create_prediction("Who?", kind=Kind.MULTIPLE_CHOICE)
    world.create_prediction("How much?", kind=Kind.NUMERIC)
    panel = await slash(world.ada, world, "forecast", prediction="1")
    for value in ("certainly", "nan", "inf", "-1", "1e400", ""):
        is_refused(await forge(world.ada, panel.message, "forecast.pick:1", value))
    for code in (2, 3):
        is_refused(await forge(world.ada, panel.message, f"forecast.pick:{code}", "0.7"))
    listed = await slash(world.ada, world, "prediction list")
    for value in ("one", "-1", "99"):
        is_refused(await forge(world.ada, listed.message, "card.pick", value))
    is_refused(await forge(world.ada, listed.message, "list.show:o|s||||", "yours"), "another version")
    is_refused(await forge(world.manager, listed.message, "pack.adopt", "no-such-pack"), "There's no pack")
    assert forecasts_in(world) == 0


async def test_what_is_somebody_elses_is_left_alone(world: World) -> None:
    world.create_prediction()
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="Mine")
    own = world.view(1, world.ada).own
    assert own is not None
    card = await slash(world.bob, world, "prediction show", prediction="1", public=True)
    is_refused(await forge(world.bob, card.message, f"forecast.undo:{own.id}"), "That isn't your forecast")
    is_refused(await forge(world.bob, card.message, f"forecast.post:{own.id}"), "That isn't your forecast")
    is_refused(await forge(world.bob, card.message, "forecast.reaffirm:1"), "You have no forecast on #1 to reaffirm")
    is_refused(await forge(world.bob, card.message, "forecast.withdraw:1"), "You have no forecast on #1 to withdraw")
    assert world.standing_of(world.ada) == (0.7,)
    assert placed.is_private


async def test_another_guilds_forecast_cannot_be_undone_from_here(world: World) -> None:
    theirs = factories.create_prediction(world.database, now=world.now)
    ada_there = Actor(guild_id=factories.GUILD, user_id=world.ada.id, name="ada")
    placed = world.database.run_here(forecasts.place, ada_there, code=theirs.code, values=(0.7,), now=world.now)
    world.create_prediction()
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    is_refused(await forge(world.ada, card.message, f"forecast.undo:{placed.forecast_id}"), "That isn't your forecast")
    assert forecasts_in(world) == 1


async def test_an_overlong_reason_is_refused_with_its_length(world: World) -> None:
    world.create_prediction()
    refused = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="because " * 200)
    is_refused(refused, "The reason has 1,599 characters; at most 1,000 fit")
    assert forecasts_in(world) == 0


async def test_the_same_button_pressed_twice_does_no_harm(world: World) -> None:
    world.create_prediction()
    world.create_prediction("Another")
    first = await slash(world.ada, world, "next")
    await forge(world.ada, first.message, "next.skip:1")
    await forge(world.ada, first.message, "next.skip:1")
    assert world.rows(select(func.count()).select_from(Skip))[0][0] == 1


async def test_a_fault_of_ours_is_told_with_a_reference_that_the_log_has(world: World) -> None:
    world.create_prediction()
    walk = await slash(world.ada, world, "next")
    with world.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE skips"))
    told = await walk.click("Skip")
    assert told.is_private
    reference = re.search(r"Something went wrong \(ref ([0-9a-f]{4})\)", told.text)
    assert reference is not None
    assert "give a manager this reference" in told.text
    assert "skips" not in told.text
    (record,) = world.errors.records
    assert record.getMessage() == f"interaction failed (ref {reference[1]})"
    assert vars(record)["ref"] == reference[1], "in JSON, a field of its own"
    assert record.exc_info is not None
    world.errors.records.clear()
