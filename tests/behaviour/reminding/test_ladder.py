"""The channel is reminded before a prediction's date: once a step, all of a day in one post, on time, in the guild's own hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from db.models import LadderStep, OutboxMessage, Prediction
from tests.behaviour.conftest import World, click, custom_id, raw, shown, slash, walk
from tests.factories import create_document

DATE = datetime(2026, 3, 1, tzinfo=UTC)
"""The simulated world begins on 1 January 2026."""


async def set_up(world: World, **settings: Any) -> None:
    """Posts go to the guild's channel, at any hour unless told otherwise."""
    await slash(world.manager, world, "settings guild", **{"channel": world.channel, "quiet": "off"} | settings)


async def until(world: World, moment: datetime) -> None:
    """Let time pass up to a moment."""
    await world.advance((moment - world.now).total_seconds())


def reminders(world: World, channel: Any = None) -> list[str]:
    """The first line of each reminder in the channel."""
    return [post.splitlines()[0] for post in world.posts(channel) if post.startswith("### ⏰")]


def create(world: World, number: int = 1, *, date: datetime = DATE) -> None:
    """Predictions that end on a date."""
    for count in range(number):
        view = world.create_prediction(f"Statement {count + 1}", resolves_at=date)
        world.create_forecasts(view.code, (0.5,))


def load(world: World, number: int) -> None:
    """Put a pack of so many predictions of one date into the server; a member has forecast on each."""
    world.load(create_document(*({"window": {"end": "2026-02-28"}} for _ in range(number))))
    world.change(update(Prediction).values(forecasters=1))


async def test_each_step_is_posted_once_and_at_its_time(world: World) -> None:
    await set_up(world)
    create(world, 2)
    for days in (30, 7, 1, 0):
        step = DATE - timedelta(days=days)
        before = len(reminders(world))
        await until(world, step - timedelta(minutes=1))
        assert len(reminders(world)) == before
        await until(world, step)
        assert len(reminders(world)) == before + (days > 0)  # of the date itself the vote tells
        await world.advance(3600)
        assert len(reminders(world)) == before + (days > 0)
    assert reminders(world) == [
        "### ⏰ 30 days left: 2 predictions end by 28 Feb 2026",
        "### ⏰ 1 week left: 2 predictions end by 28 Feb 2026",
        "### ⏰ Last day: 2 predictions end by 28 Feb 2026 (<t:1772323200:R>)",
    ]


async def test_sixty_predictions_of_one_date_are_one_post_a_step(world: World) -> None:
    await set_up(world)
    load(world, 60)
    for days in (30, 7, 1, 0):
        await until(world, DATE - timedelta(days=days))
    assert [line.split(":")[0] for line in reminders(world)] == [
        "### ⏰ 30 days left",
        "### ⏰ 1 week left",
        "### ⏰ Last day",
    ]
    post = next(message for message in world.messages() if "30 days left" in shown(message))
    assert "60 predictions end by 28 Feb 2026" in shown(post)
    assert "and 54 more" in shown(post)
    (select_,) = [found for found in walk(raw(post)) if found.get("placeholder") == "Open one…"]
    assert len(select_["options"]) == 25


async def test_a_post_opens_each_card_and_the_whole_list_privately(world: World) -> None:
    await set_up(world)
    create(world, 30)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await until(world, DATE - timedelta(days=7))
    post = world.messages()[-1]
    picked = await world.ada.select(post, ["3"], custom_id=custom_id(post, "Open one…"))
    assert "Statement 3" in shown(picked.response)
    assert picked.response.ephemeral
    everything = await click(world.ada, post, "See all 30")
    assert everything.is_private
    assert "30 predictions" in everything.text
    assert "Page 1 of 4" in everything.text
    last = await (await (await everything.click("More ▸")).click("More ▸")).click("More ▸")
    assert "Statement 30" in last.text
    mine = await click(world.ada, post, "See those without my forecast")
    assert mine.is_private
    assert "29 predictions" in mine.text
    assert "**#1** " not in mine.text
    assert "**#3** Statement 3" in mine.text
    only = await mine.choose("Show other predictions…", "mine")
    assert "1 prediction\n" in only.text


async def test_a_post_shows_no_number_of_the_crowd(world: World) -> None:
    await set_up(world)
    create(world)
    world.create_forecasts(1, (0.437,), (0.437,))
    await until(world, DATE - timedelta(days=7))
    assert "Statement 1" in world.posts()[-1]
    assert "43.7" not in world.sent_since(0)


async def test_a_channel_has_its_own_post_for_the_cards_that_are_there(world: World) -> None:
    await set_up(world)
    elsewhere = world.guild.create_text_channel("elsewhere")
    create(world, 2)
    await world.ada.slash(elsewhere, "prediction show", prediction="2", public=True)
    await until(world, DATE - timedelta(days=7))
    assert reminders(world) == ["### ⏰ 1 week left: 1 prediction ends by 28 Feb 2026"]
    assert "Statement 2" in world.posts(elsewhere)[-1]
    assert "Statement 1" not in world.posts(elsewhere)[-1]


async def test_a_new_date_brings_new_reminders_and_takes_the_old_ones_back(world: World) -> None:
    await set_up(world)
    create(world)
    await until(world, DATE - timedelta(days=10))
    assert len(reminders(world)) == 1
    await slash(world.manager, world, "prediction edit", prediction="1", by="31 May 2026")
    await until(world, DATE + timedelta(days=5))
    assert len(reminders(world)) == 1
    for days in (30, 7, 1, 0):
        await until(world, datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=days))
    assert len(reminders(world)) == 4


async def test_in_quiet_hours_reminders_wait_and_one_post_has_them_all(world: World) -> None:
    await set_up(world, quiet="22:00-08:00", zone="Europe/Berlin")
    create(world, 2)
    await until(world, DATE - timedelta(days=7))
    assert reminders(world) == []
    await until(world, datetime(2026, 2, 22, 6, 59, tzinfo=UTC))
    assert reminders(world) == []
    await until(world, datetime(2026, 2, 22, 7, 0, tzinfo=UTC))
    assert len(reminders(world)) == 1
    assert "late" not in world.posts()[-1]


async def test_quiet_hours_follow_daylight_saving(world: World) -> None:
    await set_up(world, quiet="22:00-08:00", zone="Europe/Berlin", reminders="7, 1")
    create(world, date=datetime(2026, 4, 1, tzinfo=UTC))
    await until(world, datetime(2026, 3, 25, 7, 0, tzinfo=UTC))
    assert len(reminders(world)) == 1
    await until(world, datetime(2026, 3, 31, 6, 0, tzinfo=UTC))
    assert len(reminders(world)) == 2


async def test_what_was_missed_in_an_outage_comes_late_if_it_still_matters(world: World) -> None:
    await set_up(world)
    create(world)
    await until(world, DATE - timedelta(days=40))
    world.env.backend.advance_clock(timedelta(days=33, hours=22).total_seconds())
    await world.restart()
    assert reminders(world) == ["### ⏰ 6 days left: 1 prediction ends by 28 Feb 2026"]
    assert "This reminder is 22 hours late." in world.posts()[-1]
    dropped = world.rows(select(LadderStep.days, LadderStep.dropped).where(LadderStep.dropped.is_not(None)))
    assert dropped == [(30, "the 7-day step is due as well")]


async def test_what_no_longer_matters_after_an_outage_is_dropped(world: World) -> None:
    await set_up(world)
    create(world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await until(world, DATE - timedelta(days=40))
    world.env.backend.advance_clock(timedelta(days=60).total_seconds())
    await world.restart()
    assert reminders(world) == []
    assert len(world.rows(select(LadderStep.days).where(LadderStep.dropped.is_not(None)))) == 4


async def test_a_guild_sets_its_own_steps(world: World) -> None:
    await set_up(world, reminders="14, 2")
    create(world)
    for days in (30, 14, 7, 2, 1, 0):
        await until(world, DATE - timedelta(days=days))
    assert [line.split(":")[0] for line in reminders(world)] == ["### ⏰ 14 days left", "### ⏰ 2 days left"]


async def test_changed_steps_count_from_now_on(world: World) -> None:
    await set_up(world)
    create(world)
    await until(world, DATE - timedelta(days=30))
    await until(world, DATE - timedelta(days=10))
    await slash(world.manager, world, "settings guild", reminders="14, 3")
    await until(world, DATE - timedelta(days=7))
    await until(world, DATE - timedelta(days=3))
    await until(world, DATE)
    assert [line.split(":")[0] for line in reminders(world)] == ["### ⏰ 30 days left", "### ⏰ 3 days left"]
    await slash(world.manager, world, "settings guild", reminders="off")
    assert "**Reminders** off" in (await slash(world.manager, world, "settings guild")).text


async def test_what_was_withdrawn_is_not_reminded_of(world: World) -> None:
    await set_up(world)
    load(world, 2)
    await until(world, DATE - timedelta(days=8))
    world.load(create_document({"window": {"end": "2026-02-28"}}))
    await until(world, DATE - timedelta(days=7))
    assert reminders(world)[-1] == "### ⏰ 1 week left: 1 prediction ends by 28 Feb 2026"


async def test_what_was_withdrawn_in_quiet_hours_is_dropped_with_the_reason(world: World) -> None:
    await set_up(world, quiet="22:00-08:00")
    load(world, 2)
    await until(world, DATE - timedelta(days=30))
    world.load(create_document({"window": {"end": "2026-02-28"}}))
    await world.advance(8 * 3600)
    assert reminders(world) == ["### ⏰ 30 days left: 1 prediction ends by 28 Feb 2026"]
    assert world.rows(select(LadderStep.dropped).where(LadderStep.dropped.is_not(None))) == [("it is annulled",)]


async def test_a_server_without_a_channel_is_not_reminded_and_nothing_breaks(world: World) -> None:
    create(world)
    await until(world, DATE - timedelta(days=7))
    assert world.posts() == []
    assert world.rows(select(OutboxMessage.id)) == []
    dropped = dict(world.rows(select(LadderStep.days, LadderStep.dropped)))
    assert dropped == {7: "the server has no channel for posts", 30: "the 7-day step is due as well"}


async def test_a_failed_post_comes_later_and_says_so(world: World) -> None:
    await set_up(world)
    create(world)
    await until(world, DATE - timedelta(days=7) - timedelta(minutes=1))
    world.env.inject_error("POST", "/channels/*/messages", status=500, times=None)
    await world.advance(60)
    for _ in range(5):
        await world.advance(3600)
    world.env.backend.faults.clear()
    await world.advance(4400)
    assert reminders(world)[-1] == "### ⏰ 6 days left: 1 prediction ends by 28 Feb 2026"
    assert "This reminder is 6 hours late." in world.posts()[-1]


async def test_one_prediction_has_a_short_post(world: World) -> None:
    await set_up(world)
    create(world)
    await until(world, DATE - timedelta(days=1))
    post = world.posts()[-1]
    assert post.splitlines()[0] == "### ⏰ Last day: 1 prediction ends by 28 Feb 2026 (<t:1772323200:R>)"
    assert "See all" not in post


async def test_what_is_closed_is_not_asked_about(world: World) -> None:
    await set_up(world)
    create(world, 2)
    early = datetime(2026, 1, 10, tzinfo=UTC)
    world.change(update(Prediction).where(Prediction.code == 1).values(closes_at=early))
    await until(world, DATE - timedelta(days=30))
    both = world.posts()[-1]
    assert "Does your forecast still fit?" in both
    assert "**#1** Statement 1 · closed for forecasts\n**#2** Statement 2" in both
    world.change(update(Prediction).values(closes_at=early))
    await until(world, DATE - timedelta(days=7))
    closed = world.posts()[-1]
    assert "Forecasting is closed." in closed
    assert "still fit" not in closed
    assert "without my forecast" not in closed


async def test_all_steps_of_a_morning_are_one_post(world: World) -> None:
    await set_up(world, quiet="22:00-08:00")
    create(world, 2)
    create(world, date=DATE - timedelta(days=6))
    before = len(world.posts())
    await until(world, DATE - timedelta(days=7) + timedelta(hours=8))
    (post,) = world.posts()[before:][-1:]
    assert "Last day: 1 prediction ends by 22 Feb 2026" in post
    assert "1 week left: 2 predictions end by 28 Feb 2026" in post
    assert len([text for text in world.posts() if "Last day" in text or "1 week left: 2" in text]) == 1


async def test_a_second_post_of_a_day_waits_for_the_next_morning(world: World) -> None:
    await set_up(world)
    create(world)
    create(world, date=DATE + timedelta(hours=5))
    for hours in (0, 5):
        await until(world, DATE - timedelta(days=7) + timedelta(hours=hours))
        assert len(reminders(world)) == 1
    await until(world, DATE - timedelta(days=6) + timedelta(hours=8))
    assert len(reminders(world)) == 2
