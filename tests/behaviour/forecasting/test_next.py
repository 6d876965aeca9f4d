"""/next walks a member through what they have not forecast yet."""

from __future__ import annotations

from tests import factories
from tests.behaviour.conftest import Seen, World, slash

DAY = 86400.0
PROBABILITY = "How likely is it?"


def arrange(world: World) -> None:
    """Three predictions, of which the third closes first."""
    ends = ("2026-06-30", None, "2026-03-31")
    items = [{"statement": f"Statement {code}", "window": {"end": end}} for code, end in enumerate(ends, 1)]
    world.load(factories.create_document(*items))


def asked(seen: Seen) -> str:
    """The statement that is asked about."""
    return next(line for line in seen.text.splitlines() if line.startswith("### #")).split(" · ", 1)[1]


async def test_what_closes_soonest_comes_first_and_what_has_no_date_last(world: World) -> None:
    arrange(world)
    seen = await slash(world.ada, world, "next")
    order = [asked(seen)]
    for _ in range(2):
        seen = await seen.choose(PROBABILITY, "0.7")
        order.append(asked(seen))
    assert order == ["Statement 3", "Statement 1", "Statement 2"]


async def test_it_is_private_and_says_how_many_are_left(world: World) -> None:
    arrange(world)
    seen = await slash(world.ada, world, "next")
    assert seen.is_private
    assert "3 predictions to go" in seen.text
    seen = await seen.click("Skip")
    assert "2 predictions to go" in seen.text
    seen = await seen.click("Skip")
    assert "1 prediction to go" in seen.text


async def test_an_answer_is_repeated_and_the_next_one_follows_in_its_place(world: World) -> None:
    arrange(world)
    first = await slash(world.ada, world, "next")
    second = await first.choose(PROBABILITY, "0.7")
    assert "You said **70%** on **#3**" in second.text
    assert asked(second) == "Statement 1"
    assert second.message.id == first.message.id
    assert world.standing_of(world.ada, 3) == (0.7,)


async def test_an_exact_answer_goes_on_too_and_one_with_a_reason_offers_next(world: World) -> None:
    arrange(world)
    seen = await (await (await slash(world.ada, world, "next")).click("Exact…")).fill_in(probability="7:3")
    assert asked(seen) == "Statement 1"
    placed = await (await seen.click("Exact…")).fill_in(probability="40", reason="Because")
    assert "Post my reason" in placed.buttons
    assert asked(await placed.click("Next ▸")) == "Statement 2"


async def test_what_was_skipped_does_not_come_again(world: World) -> None:
    arrange(world)
    seen = await slash(world.ada, world, "next")
    seen = await seen.click("Skip")
    assert asked(seen) == "Statement 1"
    assert asked(await slash(world.ada, world, "next")) == "Statement 1"
    assert asked(await slash(world.bob, world, "next")) == "Statement 3"


async def test_undo_last_takes_the_last_answer_back_and_the_walk_can_go_on(world: World) -> None:
    arrange(world)
    seen = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    undone = await seen.click("Undo last")
    assert "You no longer have a forecast on **#3**. It was 70%" in undone.text
    assert world.standing_of(world.ada, 3) is None
    assert asked(await undone.click("Next ▸")) == "Statement 3"


async def test_the_end_says_so_and_brings_back_what_was_skipped(world: World) -> None:
    arrange(world)
    seen = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    seen = await seen.click("Skip")
    end = await seen.click("Skip")
    assert "You skipped 2 predictions" in end.text
    again = await end.click("Go through the skipped ones")
    assert asked(again) == "Statement 1"
    again = await again.choose(PROBABILITY, "0.7")
    end = await again.choose(PROBABILITY, "0.7")
    assert "All done" in end.text
    assert "Undo last" in end.buttons
    assert "Go through the skipped ones" not in end.buttons
    mine = await end.click("My forecasts")
    assert all(f"Statement {code}" in mine.text for code in (1, 2, 3))


async def test_with_nothing_open_it_says_what_to_do(world: World) -> None:
    end = await slash(world.ada, world, "next")
    assert "/prediction add" in end.text
    assert "You have answered everything" not in end.text


async def test_a_forecast_on_a_skipped_one_unskips_it(world: World) -> None:
    arrange(world)
    await (await slash(world.ada, world, "next")).click("Skip")
    placed = await slash(world.ada, world, "forecast", prediction="3", probability="70")
    await placed.click("Undo")
    assert asked(await slash(world.ada, world, "next")) == "Statement 3"


async def test_what_closes_meanwhile_is_passed_over(world: World) -> None:
    arrange(world)
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    await slash(world.bob, world, "forecast", prediction="3", probability="70")
    seen = await slash(world.ada, world, "next")
    await world.advance(100 * DAY)
    assert asked(await slash(world.ada, world, "next")) == "Statement 1"
    refused = await seen.choose(PROBABILITY, "0.7")
    assert "#3 closed" in refused.text
    assert "and the vote on what happened is open: /vote #3" in refused.text
