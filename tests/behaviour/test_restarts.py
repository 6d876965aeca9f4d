"""Messages outlive the process that made them: their buttons and selects work after a restart."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from db.models import Vote, VoteState
from tests import factories
from tests.behaviour.conftest import World, click, complete, slash


async def test_a_card_from_before_the_restart_works(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    (card,) = world.messages()
    await world.restart()
    panel = await click(world.ada, card, "Forecast")
    assert "You said **70%**" in (await panel.choose("How likely is it?", "0.7")).text
    assert "**1 forecast**" in world.posts()[0]
    assert "**Criteria**" in (await click(world.bob, card, "Details")).text


async def test_a_panel_from_before_the_restart_works(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    await world.restart()
    form = await panel.click("Exact…")
    placed = await form.fill_in(probability="7:3")
    assert "You said **70%**" in placed.text
    await world.restart()
    assert "You no longer have a forecast" in (await placed.click("Undo")).text


async def test_a_select_from_before_the_restart_works(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    await world.restart()
    assert "You said **70%**" in (await panel.choose("How likely is it?", "0.7")).text


async def test_a_list_from_before_the_restart_turns_its_pages_and_opens_its_predictions(world: World) -> None:
    for number in range(1, 20):
        world.create_prediction(f"Statement {number}", tags=("agi",))
    listed = await slash(world.ada, world, "prediction list", tag="agi", order="newest")
    await world.restart()
    listed = await listed.click("More ▸")
    assert "Page 2 of 3" in listed.text
    assert "tag agi · newest first" in listed.text
    assert "#11 · Statement 11" in (await listed.choose("Open one…", "11")).text
    assert "Your forecasts" in (await listed.choose("Show other predictions…", "mine")).text


async def test_a_walk_goes_on_after_the_restart(world: World) -> None:
    for number in range(1, 4):
        world.create_prediction(f"Statement {number}")
    walk = await slash(world.ada, world, "next")
    await world.restart()
    walk = await walk.choose("How likely is it?", "0.7")
    walk = await walk.click("Next · 2 left ▸")
    assert "2 of 3" in walk.text
    await world.restart()
    walk = await walk.click("Skip")
    assert "3 of 3" in walk.text


async def test_packs_help_and_announcements_from_before_the_restart_work(world: World) -> None:
    world.load(factories.create_document({"statement": "It rains"}), slug="rain", adopted=False)
    helped = await slash(world.ada, world, "help")
    listed = await slash(world.manager, world, "pack list")
    await world.restart()
    assert "is adopted" in (await listed.click("Adopt")).text
    assert "It rains" in (await helped.click("See all")).text


async def test_commands_and_completion_work_after_the_restart(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    await world.restart()
    assert await complete(world.ada, world, "forecast", "prediction", "gpt") == {"1": "#1 GPT-6 is released"}
    assert "You said **70%**" in (await slash(world.ada, world, "forecast", prediction="1", probability="70")).text


async def test_what_closed_while_the_bot_was_away_is_closed_when_it_returns(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="It rains", by="2 Jan 2026")
    world.env.backend.advance_clock(3 * 86400)
    await world.restart()
    assert "Closed" in world.posts()[0]


async def test_a_vote_goes_on_after_three_weeks_away_as_if_they_had_not_been(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    await slash(world.manager, world, "prediction add", statement="It rains", by="2 Jan 2026")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(2 * 86400 + 3600)
    (before,) = world.rows(select(Vote.closes_at))
    world.env.backend.advance_clock(21 * 86400)
    await world.restart()
    ((state, extended_at, after),) = world.rows(select(Vote.state, Vote.extended_at, Vote.closes_at))
    assert (state, extended_at) == (VoteState.OPEN, None)
    assert timedelta(days=21) - timedelta(minutes=1) <= after - before.closes_at <= timedelta(days=21, minutes=5)
    assert "votes needed" in world.posts()[-1]


async def test_no_screen_is_kept_in_memory_until_it_is_too_old(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="70%")
    await slash(world.ada, world, "next")
    await slash(world.manager, world, "settings guild")
    assert "#1" in (await slash(world.ada, world, "prediction show", prediction="1")).text
    assert [task for task in asyncio.all_tasks() if "__timeout_task_impl" in repr(task)] == []
