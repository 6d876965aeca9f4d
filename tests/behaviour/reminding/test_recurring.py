"""Reminders that come again and again: understood, sent, armed anew, listed, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.moments.recurrence import Recurrence
from db.models import Prediction, Reminder
from tests.behaviour.conftest import Seen, World, custom_id, forge, shown, slash

DATE = datetime(2027, 3, 1, tzinfo=UTC)
DAY = 86400.0
"""The simulated world begins on Thursday, 1 January 2026, at midnight UTC."""


def letters(member: Any) -> list[Any]:
    return list(member.user.dm_channel.history())


def stored(world: World) -> list[tuple[datetime, datetime | None]]:
    return [tuple(row) for row in world.rows(select(Reminder.due_at, Reminder.closed_at).order_by(Reminder.id))]


def january(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


async def remind(world: World, when: str = "every Monday at 9", **options: Any) -> Seen:
    understood = await slash(world.ada, world, "remind", prediction="1", when=when, **options)
    return await understood.click("Set reminder")


async def press(member: Any, message: Any, label: str) -> Seen:
    return Seen(member, await member.user.click(message, custom_id=custom_id(message, label)))


async def test_what_was_understood_is_shown_first(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    understood = await slash(world.ada, world, "remind", prediction="1", when="every monday at 9")
    assert "Remind you every Monday at 09:00?" in understood.text
    assert f"First <t:{int(january(5).timestamp())}:R> · UTC, the server's time zone" in understood.text
    assert stored(world) == []
    kept = await understood.click("Set reminder")
    assert "Then again every Monday at 09:00, until it has a result or you cancel." in kept.text
    assert stored(world) == [(january(5), None)]


async def test_it_comes_again_at_each_of_its_moments(world: World) -> None:
    world.create_prediction("It rains", resolves_at=DATE)
    await remind(world)
    await world.advance(4 * DAY + 9 * 3600)
    (letter,) = letters(world.ada)
    assert "⏰ #1 · It rains" in shown(letter)
    assert f"You asked for this every Monday at 09:00. It comes again <t:{int(january(12).timestamp())}:R>." in shown(letter)
    assert stored(world) == [(january(12), None)]
    await world.advance(6.9 * DAY)
    assert len(letters(world.ada)) == 1
    await world.advance(0.1 * DAY)
    assert len(letters(world.ada)) == 2
    assert stored(world) == [(january(19), None)]


async def test_it_follows_the_clock_of_its_zone(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await slash(world.ada, world, "settings me", zone="Europe/Berlin")
    await remind(world, "every day at 9")
    await world.advance(100 * DAY)
    assert stored(world)[0][0] == datetime(2026, 4, 11, 7, tzinfo=UTC)


async def test_what_an_outage_missed_comes_once_and_says_how_late_it_is(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    await world.advance(20 * DAY)
    (letter,) = letters(world.ada)
    assert "It's 15 days late." in shown(letter)
    assert stored(world) == [(january(26), None)]


async def test_the_list_names_its_rule_and_cancels_it(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    listed = await slash(world.ada, world, "reminders")
    assert "every Monday at 09:00" in listed.text
    (number,) = listed.options("Cancel one…")
    left = await listed.choose("Cancel one…", number)
    assert "Your reminders · 0" in left.text
    await world.advance(10 * DAY)
    assert letters(world.ada) == []


async def test_done_waits_for_the_next_one(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    await world.advance(5 * DAY)
    (letter,) = letters(world.ada)
    assert "Done" in (await press(world.ada, letter, "Done")).text
    assert stored(world) == [(january(12), None)]


async def test_snoozed_it_comes_later_and_then_by_its_rule_again(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    await world.advance(5 * DAY)
    (letter,) = letters(world.ada)
    await press(world.ada, letter, "+1 hour")
    assert stored(world) == [(january(6, 1), None)]
    await world.advance(3600)
    assert len(letters(world.ada)) == 2
    assert stored(world) == [(january(12), None)]


async def test_stop_ends_it(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    await world.advance(5 * DAY)
    (letter,) = letters(world.ada)
    assert "It won't come again." in (await press(world.ada, letter, "Stop")).text
    await world.advance(30 * DAY)
    assert len(letters(world.ada)) == 1


async def test_the_last_one_says_so(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world, "every Monday at 9 until 6 January 2026")
    await world.advance(5 * DAY)
    (letter,) = letters(world.ada)
    assert "This was the last one." in shown(letter)
    assert "Stop" not in shown(letter)
    assert stored(world)[0][1] is not None


async def test_it_ends_with_the_prediction(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    await slash(world.manager, world, "prediction annul", prediction="1", reason="Mistake")
    await world.advance(10 * DAY)
    assert letters(world.ada) == []
    assert stored(world)[0][1] is not None


async def test_a_single_reminder_for_the_same_moment_leaves_the_rule(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world)
    await remind(world, "5 Jan 2026 9:00")
    await world.advance(5 * DAY)
    assert stored(world) == [(january(12), None)]


async def test_a_rule_that_no_button_of_ours_carries_is_refused(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    understood = await slash(world.ada, world, "remind", prediction="1", when="every Monday at 9")
    name = custom_id(understood.message, "Set reminder")
    assert name == "reminder.set:1:1~4~540~739617~~~~~0~UTC:again:dm"
    forged = ["0~4~540~739617~~~~~0~UTC", "1~9~540~739617~~~~~0~UTC", "1~4~1440~739617~~~~~0~UTC", "1~4~540~739617~~~~~~UTC"]
    forged += ["1~4~540~0~~~~~0~UTC", "1~4~540~739617~~~~~7~UTC", "1~4~540~739617~~~~~0~Atlantis", "x", "", "~~~~~~~~~"]
    for rule in forged:
        refused = await forge(world.ada, understood.message, f"reminder.set:1:{rule}:again:dm")
        assert "from another version of the bot" in refused.text, rule
    assert stored(world) == []


@pytest.mark.parametrize(
    "when", ["every day", "every 2 weeks on friday at 17:30", "every month on the 31st", "every first monday of the month"]
)
async def test_every_kind_of_rule_fits_a_button(world: World, when: str) -> None:
    world.create_prediction(resolves_at=DATE)
    await slash(world.ada, world, "settings me", zone="America/Argentina/ComodRivadavia")
    world.change(update(Prediction).values(code=999_999_999))
    understood = await slash(world.ada, world, "remind", prediction="999999999", when=when, where="at the prediction's card")
    question = understood.text
    await understood.click("Set reminder")
    (row,) = world.rows(select(Reminder.rule, Reminder.due_at))
    rule = Recurrence.from_json(row.rule)
    assert f"Remind you {rule}?" in question
    assert row.due_at == rule.first_after(world.now)
    assert row.due_at - world.now < timedelta(days=32)
