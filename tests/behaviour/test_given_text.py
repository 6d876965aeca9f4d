"""Whatever way words come in, what is invisible or turns the direction is gone, and what can't be stored is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from bot.domain.types import Kind
from db.models import Forecast, Prediction, PredictionOption, Reason
from tests import factories
from tests.behaviour.conftest import World, complete, forge, slash

BROKEN = "broken character"
DIRECTIONS = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\ufeff\x1b"


def holds_none(text: str) -> bool:
    return not any(sign in text for sign in DIRECTIONS)


async def test_words_in_options_are_clean(world: World) -> None:
    added = await slash(
        world.manager,
        world,
        "prediction add",
        statement="Who\u202e is\u200b first?",
        by="31 Dec 2027",
        kind="multiple_choice",
        options="Open\u202eAI; Goo\u200bgle\x1b[2J",
        criteria="See\u2066 it\u3164\n\n\n\nhere",
        tags="A\u200bI",
    )
    ((statement, criteria),) = world.rows(select(Prediction.statement, Prediction.criteria))
    assert (statement, criteria) == ("Who is first?", "See it\n\nhere")
    assert [name for (name,) in world.rows(select(PredictionOption.name))] == ["OpenAI", "Google[2J"]
    assert holds_none(added.text)


@pytest.mark.parametrize("nothing", ["\u200b" * 3, "\u3164", "\u2800\u2800", "\u202e\u202c", "\ufe0f"])
async def test_a_statement_that_shows_nothing_is_refused(world: World, nothing: str) -> None:
    refused = await slash(world.manager, world, "prediction add", statement=nothing, by="31 Dec 2027")
    assert "The statement is empty" in refused.text
    assert world.rows(select(func.count()).select_from(Prediction))[0][0] == 0


@pytest.mark.parametrize("broken", ["a\x00b", "a\ud800b"])
async def test_what_cannot_be_stored_is_refused_in_every_option(world: World, broken: str) -> None:
    world.create_prediction()
    for command, options in {
        "prediction add": {"statement": broken, "by": "31 Dec 2027"},
        "prediction search": {"words": broken},
        "prediction list": {"tag": broken},
        "forecast": {"prediction": "1", "probability": "70", "reason": broken},
        "leaderboard": {"pack": broken},
    }.items():
        refused = await slash(world.ada, world, command, **options)
        assert BROKEN in refused.text
        assert refused.is_private
    assert world.rows(select(func.count()).select_from(Forecast))[0][0] == 0
    assert await complete(world.ada, world, "forecast", "prediction", broken) == {}


async def test_words_in_forms_are_clean_and_what_was_typed_comes_back(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    refused = await (await panel.click("Exact…")).fill_in(probability="70", reason="be\x00cause\u202e")
    assert BROKEN in refused.text
    assert "because" in refused.text
    await (await panel.click("Exact…")).fill_in(probability="70", reason="be\u200bcause\u202e it\u2028rains")
    assert [words for (words,) in world.rows(select(Reason.words))] == ["because it\nrains"]


async def test_a_forged_argument_that_cannot_be_stored_is_refused(world: World) -> None:
    world.create_prediction()
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    for argument in ("a\x00b", "0:all:soonest:::\ud800"):
        assert BROKEN in (await forge(world.ada, card.message, f"list.page:{argument}")).text


async def test_a_document_cannot_hide_a_second_link(world: World) -> None:
    url = "https://good.example/)[free](https://evil.example"
    world.load(factories.create_document({"statement": "It rains"}, title="Tit\u202ele", url=url, authors=["A\u200bda"]))
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "[Title](https://good.example/%29%5Bfree%5D%28https://evil.example) · Ada" in card.text
    assert card.text.count("](") == 1


async def test_words_from_right_to_left_leave_the_numbers_beside_them_alone(world: World) -> None:
    world.create_prediction("Who?", kind=Kind.MULTIPLE_CHOICE, options=("שלום", "סתיו"))
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="60; 40")
    assert "\u2068שלום\u2069 60%" in placed.text


async def test_old_rows_show_nothing_hidden_either(world: World) -> None:
    world.create_prediction()
    world.change(update(Prediction).values(statement="turned \u202eround\u200b"))
    for shown in (
        await slash(world.ada, world, "prediction show", prediction="1"),
        await slash(world.ada, world, "prediction list"),
    ):
        assert "\u202e" not in "".join(line for line in shown.text.splitlines() if not line.startswith(("  ", "<", "[")))
