"""What is offered while somebody types an option."""

from __future__ import annotations

from tests import factories
from tests.behaviour.conftest import World, complete, slash

OPTIONS = ("forecast", "forecasts", "prediction show", "prediction edit")


async def test_predictions_complete_by_code_words_in_any_order_and_small_errors(world: World) -> None:
    world.create_prediction("OpenAI releases a telescope")
    world.create_prediction("Google releases a microscope")
    for command in OPTIONS:
        for typed, found in (
            ("2", ["2"]),
            ("#2", ["2"]),
            ("telescope openai", ["1"]),
            ("micro", ["2"]),
            ("telescpoe", ["1"]),
            ("releases", ["1", "2"]),
            ("nothing like it", []),
        ):
            assert sorted(await complete(world.ada, world, command, "prediction", typed)) == found, (command, typed)


async def test_before_anything_is_typed_the_newest_open_ones_are_offered(world: World) -> None:
    for number in range(1, 31):
        world.create_prediction(f"Statement {number}")
    offered = await complete(world.ada, world, "forecast", "prediction", "")
    assert list(offered) == [str(code) for code in range(30, 5, -1)]


async def test_a_code_comes_before_words_that_hold_the_same_figures(world: World) -> None:
    for number in range(1, 13):
        world.create_prediction(f"Statement with 12 in it, version {number}")
    assert next(iter(await complete(world.ada, world, "forecast", "prediction", "12"))) == "12"


async def test_what_is_offered_keeps_discords_limits_however_long_the_statements(world: World) -> None:
    for number in range(30):
        world.create_prediction(f"{'Wörter und 模型 🎯 ' * 30}"[:290] + f" {number}")
    for typed in ("", "wörter", "worter", "模型", "x" * 100):
        offered = await world.ada.autocomplete(world.channel, "forecast", "prediction", typed)
        assert len(offered) <= 25
        assert all(1 <= len(choice["name"]) <= 100 for choice in offered)
        assert all(1 <= len(choice["value"]) <= 100 for choice in offered)
    assert len(await complete(world.ada, world, "forecast", "prediction", "worter")) == 25


async def test_a_closed_one_says_so_and_comes_last(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="Rain " + "again " * 40, by="2 Jan 2026")
    world.create_prediction("Rain falls")
    await world.advance(3 * 86400)
    offered = await complete(world.ada, world, "prediction show", "prediction", "rain")
    assert list(offered) == ["2", "1"]
    assert offered["1"].endswith("(closed)")
    assert len(offered["1"]) <= 100


async def test_what_was_completed_is_understood(world: World) -> None:
    world.create_prediction("OpenAI releases a telescope")
    (value,) = await complete(world.ada, world, "forecast", "prediction", "telescope")
    assert (
        "You said **70%** on **#1**" in (await slash(world.ada, world, "forecast", prediction=value, probability="70")).text
    )


async def test_another_guilds_predictions_tags_and_packs_are_not_offered(world: World) -> None:
    factories.create_prediction(world.database, now=world.now, statement="Their secret", tags=("secret",))
    for option, command in (("prediction", "forecast"), ("tag", "prediction list")):
        assert await complete(world.ada, world, command, option, "") == {}
        assert await complete(world.ada, world, command, option, "secret") == {}


async def test_tags_complete_the_most_used_first(world: World) -> None:
    world.create_prediction("One", tags=("openai", "prices"))
    world.create_prediction("Two", tags=("openai",))
    assert list(await complete(world.ada, world, "prediction list", "tag", "")) == ["openai", "prices"]
    assert list(await complete(world.ada, world, "prediction list", "tag", "Pr")) == ["prices"]


async def test_packs_complete_by_title_and_say_which_are_adopted(world: World) -> None:
    document = factories.create_document({"statement": "One"}, title="Trends of 2026")
    world.load(document, slug="trends", adopted=False)
    world.load(factories.create_document({"statement": "Two"}, title="Releases"), slug="releases")
    assert await complete(world.ada, world, "pack adopt", "pack", "2026") == {"trends": "Trends of 2026"}
    assert await complete(world.ada, world, "pack drop", "pack", "rel") == {"releases": "Releases (adopted)"}
    assert set(await complete(world.ada, world, "prediction list", "pack", "")) == {"trends", "releases"}


async def test_zones_complete(world: World) -> None:
    assert "Europe/Berlin" in await complete(world.manager, world, "settings guild", "zone", "berlin")
    assert "America/New_York" in await complete(world.manager, world, "settings guild", "zone", "new york")
    assert "Asia/Tokyo" in await complete(world.manager, world, "settings guild", "zone", "japan")
    assert "Asia/Kolkata" in await complete(world.manager, world, "settings guild", "zone", "gmt+5:30")
    assert "UTC" in await complete(world.manager, world, "settings guild", "zone", "")
    for typed in ("x", "/", "europe", "zzzzzzzz"):
        assert len(await complete(world.manager, world, "settings guild", "zone", typed)) <= 25
