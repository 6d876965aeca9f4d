"""/next walks a member through what they have not forecast yet."""

from __future__ import annotations

from tests import factories
from tests.behaviour.conftest import Seen, World, click, slash

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
    for left in (2, 1):
        placed = await seen.choose(PROBABILITY, "0.7")
        seen = await placed.click(f"Next · {left} left ▸")
        order.append(asked(seen))
    assert order == ["Statement 3", "Statement 1", "Statement 2"]


async def test_it_is_private_and_says_how_far_one_has_come(world: World) -> None:
    arrange(world)
    seen = await slash(world.ada, world, "next")
    assert seen.is_private
    assert "-# 1 of 3" in seen.text
    seen = await seen.click("Skip")
    assert "-# 2 of 3" in seen.text
    placed = await seen.choose(PROBABILITY, "0.7")
    assert "-# 1 of 3 forecast" in placed.text
    assert "-# 3 of 3" in (await placed.click("Next · 1 left ▸")).text


async def test_an_answer_gets_the_crowd_and_how_far_it_is_in_the_same_message(world: World) -> None:
    arrange(world)
    world.create_forecasts(3, (0.4,), (0.6,), (0.6,))
    first = await slash(world.ada, world, "next")
    assert "the crowd is hidden until you make yours" in first.text
    placed = await first.choose(PROBABILITY, "0.9")
    assert placed.message.id == first.message.id
    assert "You said **90%** on **#3**" in placed.text
    assert "▰▰▰▰▰▰▰▰▰▱ **You** 90%" in placed.text
    assert "**Crowd** 60% · 4 forecasts" in placed.text
    assert "You're 30 points above the crowd." in placed.text
    assert "gives no probability" not in placed.text
    assert placed.buttons == ["Next · 2 left ▸", "Add a reason…", "Change", "Undo", "Show card"]
    assert world.standing_of(world.ada, 3) == (0.9,)


async def test_the_first_one_is_told_that_the_crowd_is_only_them(world: World) -> None:
    arrange(world)
    placed = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    assert "You're the first, so the crowd is just you for now." in placed.text


async def test_the_authors_number_stands_beside_the_crowds(world: World) -> None:
    world.load(factories.create_document({"probability": 0.2}, authors=["Mia Marten"]))
    placed = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    assert "**Mia Marten** 20%" in placed.text


async def test_an_exact_answer_goes_on_too_and_so_does_one_with_a_posted_reason(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    arrange(world)
    placed = await (await (await slash(world.ada, world, "next")).click("Exact…")).fill_in(probability="7:3")
    seen = await placed.click("Next · 2 left ▸")
    assert asked(seen) == "Statement 1"
    placed = await (await seen.click("Exact…")).fill_in(probability="40", reason="Because")
    posted = await placed.click("Post my reason")
    assert "Your reason on **#1** is posted. Everyone can read it now." in posted.text
    assert "Post my reason" not in posted.buttons
    assert asked(await posted.click("Next · 1 left ▸")) == "Statement 2"


async def test_a_reason_can_be_added_after_the_forecast_and_corrected_until_it_is_posted(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    arrange(world)
    placed = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    with_reason = await (await placed.click("Add a reason…")).fill_in(why_do_you_think_so="A rumour")
    assert "> A rumour\n-# Only you can see this reason until you post it." in with_reason.text
    assert world.forecasts_of(world.ada, 3) == [(0.7,)]
    old = await click(world.ada, with_reason.message, "Post my reason")
    assert "> A rumour\n-# Everyone can read this reason." in old.text
    assert any("A rumour" in post for post in world.posts())


async def test_a_condition_stands_in_the_panel_and_criteria_end_with_a_whole_word(world: World) -> None:
    long = " ".join(["Extraordinarily"] * 30)
    items = [
        {"id": "base", "statement": "The talks begin", "window": {"end": "2026-03-31"}},
        {"statement": "They end well", "window": {"end": "2026-06-30"}, "criteria": long}
        | {"parent": "base", "relation": "conditional"},
    ]
    world.load(factories.create_document(*items))
    first = await (await slash(world.ada, world, "next")).click("Skip")
    assert "**Only counts if #1: The talks begin**" in first.text
    (criteria,) = [line for line in first.text.splitlines() if line.startswith("Extraordinarily")]
    assert criteria.endswith("Extraordinarily…")


async def test_what_was_skipped_does_not_come_again(world: World) -> None:
    arrange(world)
    seen = await slash(world.ada, world, "next")
    seen = await seen.click("Skip")
    assert asked(seen) == "Statement 1"
    assert asked(await slash(world.ada, world, "next")) == "Statement 1"
    assert asked(await slash(world.bob, world, "next")) == "Statement 3"


async def test_undo_takes_the_answer_back_and_the_walk_can_go_on(world: World) -> None:
    arrange(world)
    placed = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    undone = await placed.click("Undo")
    assert "You no longer have a forecast on **#3**. It was 70%" in undone.text
    assert world.standing_of(world.ada, 3) is None
    assert asked(await undone.click("Next ▸")) == "Statement 3"


async def test_the_end_says_so_and_brings_back_what_was_skipped(world: World) -> None:
    arrange(world)
    placed = await (await slash(world.ada, world, "next")).choose(PROBABILITY, "0.7")
    seen = await (await placed.click("Next · 2 left ▸")).click("Skip")
    end = await seen.click("Skip")
    assert "You skipped 2 predictions" in end.text
    again = await end.click("Go through the skipped ones")
    assert asked(again) == "Statement 1"
    again = await (await again.choose(PROBABILITY, "0.7")).click("Next · 1 left ▸")
    end = await (await again.choose(PROBABILITY, "0.7")).click("Finish ▸")
    assert "That's all 3" in end.text
    assert "Go through the skipped ones" not in end.buttons
    mine = await end.click("My forecasts")
    assert all(f"Statement {code}" in mine.text for code in (1, 2, 3))


async def test_the_end_names_where_one_differs_most_from_the_crowd_and_what_closes_soon(world: World) -> None:
    items = [{"statement": f"Statement {code}", "window": {"end": "2026-01-15"}} for code in range(1, 6)]
    world.load(factories.create_document(*items))
    for code, crowd in enumerate((0.4, 0.7, 0.1, 0.69, 0.95), 1):
        world.create_forecasts(code, (crowd,), (crowd,), (crowd,))
    seen = await slash(world.ada, world, "next")
    for left in (4, 3, 2, 1):
        seen = await (await seen.choose(PROBABILITY, "0.7")).click(f"Next · {left} left ▸")
    end = await (await seen.choose(PROBABILITY, "0.7")).click("Finish ▸")
    assert "You differ most from the crowd on" in end.text
    named = [line[: line.index(",")] for line in end.text.splitlines() if line.startswith("- #")]
    assert named == [f"- #{code} Statement {code} · you 70%" for code in (3, 1, 5)]
    assert "5 of your forecasts close within 30 days." in end.text
    assert "Statement 3" in (await end.choose("Open one…", "3")).text


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
