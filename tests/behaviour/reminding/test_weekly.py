"""A channel gets one post about its week, on the morning of the day that managers chose."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from db.models import ChannelTrouble, Guild, OutboxMessage
from tests.behaviour.conftest import World, click, forge, raw, shown, slash, walk

DAY, HOUR = 86400.0, 3600.0
WORLD_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
"""The simulated world begins on Thursday, 1 January 2026, at midnight UTC."""


async def arrange(world: World, **settings: Any) -> None:
    """A channel that gets its digest on Saturdays."""
    given: dict[str, Any] = {"channel": world.channel, "weekly": "Saturday", "reminders": "off"}
    await slash(world.manager, world, "settings guild", **(given | settings))


def digests(world: World) -> list[str]:
    return [post for post in world.posts() if "This week in Forecasters" in post]


async def to_saturday(world: World) -> None:
    """Up to Saturday, a few minutes after eight."""
    await world.advance(2 * DAY + 8 * HOUR + 60 - (world.now - WORLD_BEGINS).total_seconds())


async def test_the_week_comes_once_on_its_morning(world: World) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=5))
    world.create_prediction("It snows", resolves_at=world.now + timedelta(days=90))
    world.create_forecasts(1, (0.5,), (0.6,))
    world.create_forecasts(2, (0.9,), (0.8,))
    await world.advance(HOUR)
    await slash(world.manager, world, "resolution override", prediction="2", outcome="yes", reason="I saw it.")
    await world.advance(2 * DAY + 6.9 * HOUR)
    assert digests(world) == []
    await world.advance(0.2 * HOUR)
    (post,) = digests(world)
    assert "**Results**\n**#2** It snows · **Yes**" in post
    assert "the crowd 8" in post
    assert "**Closing soon**\n**#1** It rains · closes" in post
    assert "**New** · 2" in post
    await world.advance(5 * DAY)
    assert len(digests(world)) == 1


async def test_where_nothing_happened_nothing_is_posted(world: World) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=13))
    await world.advance(60)
    before = len(world.posts())
    await to_saturday(world)
    assert len(digests(world)) == 1  # it's new
    await world.advance(7 * DAY)
    assert len(digests(world)) == 1  # it closes soon, and nobody has forecast
    assert world.rows(select(Guild.next_weekly_at)) == [(WORLD_BEGINS + timedelta(days=16, hours=8),)]
    assert len(world.posts()) == before + 1


async def test_it_is_off_until_managers_choose_a_day(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=5))
    world.create_forecasts(1, (0.5,))
    page = await (await slash(world.manager, world, "settings guild")).click("Digest and pings")
    assert "**Weekly digest** off" in page.text
    await world.advance(8 * DAY)
    assert digests(world) == []
    page = await page.choose("Weekly digest: change…", "sunday")
    assert "**Weekly digest** is now Sunday mornings." in page.text
    page = await page.click("Undo")
    assert "**Weekly digest** is now off." in page.text
    assert world.rows(select(Guild.next_weekly_at)) == [(None,)]


async def test_it_waits_for_the_end_of_quiet_hours_in_the_guilds_zone(world: World) -> None:
    await arrange(world, zone="America/New_York", quiet="22:00-10:00")
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    world.create_forecasts(1, (0.5,))
    await world.advance(2 * DAY + 14.9 * HOUR)
    assert digests(world) == []
    await world.advance(0.2 * HOUR)
    assert len(digests(world)) == 1


async def test_a_restart_neither_loses_nor_repeats_it(world: World) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    await world.restart()
    await to_saturday(world)
    await world.restart()
    await world.advance(HOUR)
    assert len(digests(world)) == 1


async def test_after_a_day_away_it_still_comes_and_after_three_it_is_dropped(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    await world.advance(3.5 * DAY)
    assert len(digests(world)) == 1
    world.create_prediction("It snows", resolves_at=world.now + timedelta(days=90))
    with caplog.at_level(logging.INFO):
        await world.advance(9 * DAY)
    assert len(digests(world)) == 1
    assert "dropped the weekly digest of guild" in caplog.text


async def test_a_channel_that_is_closed_to_the_bot_is_told_of_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    path = f"/channels/{world.channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50013, message="No", times=None)
    await to_saturday(world)
    assert [row.channel_id for row in world.rows(select(ChannelTrouble.channel_id))] == [world.channel.id]
    world.env.backend.faults.clear()
    with caplog.at_level(logging.INFO):
        await world.advance(3 * DAY)
    assert digests(world) == []
    assert "dropped the weekly digest of guild" in caplog.text


async def test_what_is_due_soon_comes_in_the_same_post(world: World) -> None:
    await arrange(world, reminders="7, 1")
    world.create_prediction("It rains", resolves_at=WORLD_BEGINS + timedelta(days=9))
    world.create_forecasts(1, (0.5,), (0.6,))
    await world.advance(60)
    before = len(world.posts())
    await to_saturday(world)
    assert len(world.posts()) == before + 1
    (post,) = digests(world)
    assert "1 week left" in post
    assert post.index("This week") < post.index("1 week left")
    assert world.rows(select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None))) == []


async def test_a_week_of_thousands_is_cut_with_counts_and_a_button_for_the_rest(world: World) -> None:
    await arrange(world)
    for number in range(60):
        world.create_prediction(f"Town {number}: " + "it rains a lot " * 15, resolves_at=world.now + timedelta(days=5))
        world.create_forecasts(number + 1, (0.5,))
    await to_saturday(world)
    (post,) = digests(world)
    assert len(post) < 4000
    assert "**Closing soon** · 60" in post
    assert "more" in post
    message = next(message for message in world.messages() if "This week in" in shown(message))
    everything = await click(world.bob, message, "See everything")
    assert everything.is_private
    told = await everything.file()
    assert "Closing soon: 60" in told
    assert told.count("Town ") >= 120


async def test_the_button_refuses_what_it_never_carried(world: World) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    await to_saturday(world)
    message = next(message for message in world.messages() if "This week in" in shown(message))
    for argument in ("", "x", "99999999999", "1", "²"):
        seen = await forge(world.bob, message, f"weekly.all:{argument}")
        assert seen.text.startswith("⚠️"), argument


async def test_the_biggest_move_has_its_picture_once_everyone_may_see_it(world: World) -> None:
    await arrange(world, blind=False)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    world.create_forecasts(1, (0.3,), (0.3,), (0.3,))
    await world.advance(HOUR)
    world.create_forecasts(1, *[(0.8,)] * 5)
    await to_saturday(world)
    (post,) = digests(world)
    assert "**Biggest moves**\n**#1** It rains · the crowd moved from 30% to" in post
    message = next(message for message in world.messages() if "This week in" in shown(message))
    assert [part["type"] for part in walk(raw(message)) if part["type"] == 12] == [12]
    assert len(message.attachments) == 1


async def test_a_hidden_crowds_move_is_not_told(world: World) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    world.create_forecasts(1, (0.3,), (0.3,), (0.3,))
    await world.advance(HOUR)
    world.create_forecasts(1, *[(0.8,)] * 5)
    await to_saturday(world)
    (post,) = digests(world)
    assert "moved" not in post
    assert "Biggest" not in post


async def test_members_are_named_for_their_calls_only_if_they_let_it(world: World) -> None:
    await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=90))
    await slash(world.ada, world, "forecast", prediction="1", probability="95")
    await slash(world.bob, world, "forecast", prediction="1", probability="5")
    await slash(world.ada, world, "settings me", weekly=True)
    await world.advance(HOUR)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="I saw it.")
    await to_saturday(world)
    (post,) = digests(world)
    results = post.split("**Results**")[1].split("**New**")[0]
    assert f"best call: <@{world.ada.id}> 95%" in results
    assert "worst: the crowd" in results
    assert str(world.bob.id) not in results.split("**Leading")[0]
    message = next(message for message in world.messages() if "This week in" in shown(message))
    assert world.env.backend.get_message(world.channel.id, message.id).ping_user_ids in ([], (), set())
