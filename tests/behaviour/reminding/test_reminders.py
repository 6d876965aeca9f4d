"""Members have themselves reminded: what was understood is shown first, it comes once, by direct message or at the card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import insert, select

from bot.ui.cards.reminding.reminders import OFFERED
from db.models import Reminder
from tests.behaviour.conftest import Seen, World, click, custom_id, forge, raw, shown, slash, walk
from tests.factories import create_document
from tests.rows import everything

DATE = datetime(2026, 3, 1, tzinfo=UTC)
"""The simulated world begins on 1 January 2026, at midnight UTC."""


def letters(member: Any) -> list[discord.Message]:
    """The direct messages that a member has got."""
    return list(member.user.dm_channel.history())


def stored(world: World) -> list[Any]:
    """The reminders, oldest first."""
    columns = (Reminder.due_at, Reminder.before_days, Reminder.at_home, Reminder.closed_at)
    return world.rows(select(*columns).order_by(Reminder.id))


async def remind(world: World, when: str, member: Any = None, **options: Any) -> Seen:
    """Ask to be reminded, and confirm what was understood."""
    understood = await slash(member or world.ada, world, "remind", prediction="1", when=when, **options)
    return await understood.click("Set reminder")


async def press(member: Any, message: discord.Message, label: str) -> Seen:
    """Press a button under a direct message."""
    return Seen(member, await member.user.click(message, custom_id=custom_id(message, label)))


async def test_what_was_understood_is_shown_before_anything_is_stored(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    before = everything(world.database)
    understood = await slash(world.ada, world, "remind", prediction="1", when="3 Feb 9am")
    assert understood.is_private
    assert "Remind you on Tuesday, 3 Feb 2026 at 09:00?" in understood.text
    assert "UTC, the server's time zone (set yours with `/settings me`)" in understood.text
    assert everything(world.database) == before
    kept = await understood.click("Set reminder")
    assert "I'll remind you of **#1** <t:1770109200:R>" in kept.text
    assert stored(world) == [(datetime(2026, 2, 3, 9, tzinfo=UTC), None, False, None)]


async def test_remind_me_on_the_card_sets_a_reminder_in_two_clicks(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    card = await slash(world.ada, world, "prediction show", prediction="1")
    asked = await card.click("Remind me")
    assert asked.is_private
    kept = await asked.choose("When?", "3 days before")
    assert "I'll remind you of **#1**" in kept.text
    assert stored(world) == [(datetime(2026, 2, 25, 9, tzinfo=UTC), 3.625, False, None)]  # its last day is the 28th
    assert "Reminder cancelled" in (await kept.click("Cancel reminder")).text


async def test_another_time_is_typed_and_every_offered_one_can_be_read(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    for when in OFFERED:
        asked = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Remind me")
        assert "I'll remind you of **#1**" in (await asked.choose("When?", when)).text
    asked = await (await slash(world.bob, world, "prediction show", prediction="1")).click("Remind me")
    form = await asked.choose("When?", "another")
    assert "I can't read “someday”" in (await form.fill_in(when="someday")).text
    form = await (await (await slash(world.bob, world, "prediction show", prediction="1")).click("Remind me")).choose(
        "When?", "another"
    )
    assert "I'll remind you of **#1** <t:1770109200:R>" in (await form.fill_in(when="3 Feb 9am")).text


async def test_a_prediction_without_a_date_offers_no_days_before_it(world: World) -> None:
    world.create_prediction(resolves_at=None)
    asked = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Remind me")
    assert not any("before" in value for value in asked.options("When?"))


async def test_times_are_read_in_the_members_own_zone(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await slash(world.ada, world, "settings me", zone="America/New_York")
    understood = await slash(world.ada, world, "remind", prediction="1", when="3 Feb 9am")
    assert "America/New_York, your time zone" in understood.text
    await understood.click("Set reminder")
    assert stored(world)[0].due_at == datetime(2026, 2, 3, 14, tzinfo=UTC)


async def test_it_comes_once_by_direct_message_with_what_the_member_said(world: World) -> None:
    world.create_prediction("It rains", resolves_at=DATE)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await remind(world, "in 2 hours")
    await world.advance(7000)
    assert letters(world.ada) == []
    await world.advance(300)
    await world.advance(86400)
    (letter,) = letters(world.ada)
    assert "⏰ #1 · It rains" in shown(letter)
    assert "**You** 70%" in shown(letter)
    assert "You asked for this" in shown(letter)
    assert "late" not in shown(letter)
    assert world.posts() == []


async def test_snoozed_it_comes_again_and_done_it_does_not(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world, "in 2 hours")
    await world.advance(7200)
    snoozed = await press(world.ada, letters(world.ada)[0], "+1 day")
    assert "I'll remind you again" in snoozed.text
    await world.advance(86000)
    assert len(letters(world.ada)) == 1
    await world.advance(500)
    assert len(letters(world.ada)) == 2
    done = await press(world.ada, letters(world.ada)[1], "Done")
    assert "Done" in done.text
    await world.advance(30 * 86400)
    assert len(letters(world.ada)) == 2


async def test_days_before_move_with_the_date(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    understood = await slash(world.ada, world, "remind", prediction="1", when="3 days before")
    assert "3 days before the prediction's date. It moves along if the date changes." in understood.text
    await understood.click("Set reminder")
    await slash(world.manager, world, "prediction edit", prediction="1", by="31 Mar 2026")
    await world.advance((DATE - timedelta(days=2) - world.now).total_seconds())
    assert letters(world.ada) == []
    await world.advance((datetime(2026, 3, 28, 8, 59, tzinfo=UTC) - world.now).total_seconds())
    assert letters(world.ada) == []
    await world.advance(60)
    assert len(letters(world.ada)) == 1


async def test_where_direct_messages_are_closed_it_mentions_the_member_at_home_and_nobody_else(world: World) -> None:
    world.may_mention = {world.ada.id}
    await slash(world.manager, world, "prediction add", statement="It rains", by="28 Feb 2026")
    world.env.inject_error(
        "POST", f"/channels/{world.ada.user.dm_channel.id}/messages", status=403, code=50007, message="No", times=None
    )
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await remind(world, "in 2 hours")
    await world.advance(7200)
    (post,) = [message for message in world.messages() if "⏰" in shown(message)]
    assert f"⏰ <@{world.ada.id}> **#1** It rains" in shown(post)
    assert "70%" not in shown(post)
    assert post.reference is not None
    assert [user.id for user in post.mentions] == [world.ada.id]
    refused = await click(world.bob, post, "+1 hour")
    assert "isn't your reminder" in refused.text
    snoozed = await click(world.ada, post, "+1 hour")
    assert snoozed.is_private
    listed = await slash(world.ada, world, "reminders")
    assert "My last direct message didn't reach you" in listed.text


async def test_it_can_be_asked_for_at_home(world: World) -> None:
    world.may_mention = {world.ada.id}
    await slash(world.manager, world, "prediction add", statement="It rains", by="28 Feb 2026")
    await remind(world, "in 2 hours", where="at the prediction's card")
    await world.advance(7200)
    assert letters(world.ada) == []
    assert f"<@{world.ada.id}>" in world.posts()[-1]


async def test_the_list_shows_what_is_open_soonest_first_and_cancels(world: World) -> None:
    world.create_prediction("The first", resolves_at=DATE)
    for when in ("in 3 weeks", "in 2 days", "2 days before"):
        await remind(world, when)
    listed = await slash(world.ada, world, "reminders")
    assert listed.is_private
    assert "Your reminders · 3" in listed.text
    offered = listed.options("Cancel one…")
    assert list(offered) == ["2", "1", "3"]
    after = await listed.choose("Cancel one…", "2")
    assert "Your reminders · 2" in after.text
    await world.advance(3 * 86400)
    assert letters(world.ada) == []


async def test_many_reminders_have_pages(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    for days in range(1, 13):
        await remind(world, f"in {days} days")
    listed = await slash(world.ada, world, "reminders")
    assert "Page 1 of 2" in listed.text
    second = await listed.click("More ▸")
    assert list(second.options("Cancel one…")) == ["11", "12"]


async def test_without_reminders_the_list_says_how_to_set_one(world: World) -> None:
    assert "Set one with `/remind`" in (await slash(world.ada, world, "reminders")).text


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("when pigs fly", "I can't read “when pigs fly” as a time. Try “in 2 weeks”"),
        ("yesterday", "is over"),
        ("2 months before", "is over"),
        ("in 400 years", "more than ten years away"),
        ("3/4/2026", "could be two days"),
        ("@everyone", "I can't read “everyone”"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_privately_and_nothing_is_stored(
    world: World, when: str, sentence: str
) -> None:
    world.create_prediction(resolves_at=DATE)
    before = everything(world.database)
    seen = await slash(world.ada, world, "remind", prediction="1", when=when)
    assert sentence in seen.text
    assert seen.is_private
    assert everything(world.database) == before


async def test_fifty_are_enough(world: World) -> None:
    view = world.create_prediction(resolves_at=DATE)
    await remind(world, "in 2 days")
    ((member_id,),) = world.rows(select(Reminder.member_id))
    with world.database.engine.begin() as connection:
        row = {"prediction_id": view.id, "member_id": member_id, "at_home": False, "created_at": world.now}
        connection.execute(insert(Reminder), [row | {"due_at": world.now + timedelta(hours=hour)} for hour in range(1, 50)])
    refused = await remind(world, "in 3 weeks")
    assert "You already have 50 reminders waiting" in refused.text
    assert "/reminders" in refused.text
    assert len(stored(world)) == 50
    await remind(world, "in 3 weeks", world.bob)
    assert len(stored(world)) == 51


async def test_the_same_reminder_twice_is_one(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    understood = await slash(world.ada, world, "remind", prediction="1", when="3 Feb 9am")
    again = await slash(world.ada, world, "remind", prediction="1", when="3 Feb 9am")
    await understood.click("Set reminder")
    await again.click("Set reminder")
    assert len(stored(world)) == 1


async def test_a_reminder_is_not_set_when_its_moment_has_passed_meanwhile(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    understood = await slash(world.ada, world, "remind", prediction="1", when="in 5 minutes")
    await world.advance(400)
    late = await understood.click("Set reminder")
    assert "That moment is already over" in late.text
    assert stored(world) == []


async def test_forged_buttons_store_nothing(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    help_ = await slash(world.ada, world, "help")
    for argument in (
        "1:99999999999999:dm",
        "1:99999999999999::dm",
        "1:1::dm",
        "1:1770109200:nan:dm",
        "1:1770109200:-3:dm",
        "1:1770109200:1e300:dm",
        "7:1770109200::dm",
        "x:1770109200::dm",
        "",
    ):
        seen = await forge(world.ada, help_.message, f"reminder.set:{argument}")
        assert "⚠️" in seen.text, argument
    assert stored(world) == []


async def test_somebody_elses_reminder_is_left_alone(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world, "in 2 days")
    help_ = await slash(world.bob, world, "help")
    for name in (
        "reminder.cancel:1",
        "reminder.done:1",
        "reminder.snooze:1:1h",
        "reminder.snooze:1:9y",
        "reminder.done:999",
    ):
        assert "⚠️" in (await forge(world.bob, help_.message, name)).text
    listed = await slash(world.bob, world, "prediction list")
    assert "no longer open" in (await forge(world.bob, listed.message, "reminder.pick:0", "1")).text
    assert stored(world)[0].closed_at is None


async def test_what_has_ended_is_not_reminded_of(world: World) -> None:
    world.load(create_document({"window": {"end": "2026-02-28"}}, {"window": {"end": "2026-02-28"}}))
    understood = await slash(world.ada, world, "remind", prediction="1", when="in 2 days")
    await understood.click("Set reminder")
    world.load(create_document({"id": "p2", "window": {"end": "2026-02-28"}}))
    await world.advance(3 * 86400)
    assert letters(world.ada) == []
    assert "Your reminders · 0" in (await slash(world.ada, world, "reminders")).text
    refused = await slash(world.ada, world, "remind", prediction="1", when="in 2 days")
    assert "#1 is annulled, so there's nothing left to remind you of" in refused.text


async def test_a_reminder_after_an_outage_says_how_late_it_is(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world, "in 2 days")
    world.env.backend.advance_clock(5 * 86400)
    await world.restart()
    (letter,) = letters(world.ada)
    assert "It's 2 days late." in shown(letter)  # a day without an hour is due at nine


async def test_a_button_of_a_server_does_nothing_in_a_direct_message(world: World) -> None:
    world.create_prediction(resolves_at=DATE)
    await remind(world, "in 2 hours")
    await world.advance(7200)
    letter = letters(world.ada)[0]
    channel = world.env.backend.get_message(letter.channel.id, letter.id)
    next(found for found in walk(channel.components) if found.get("label") == "Done")["custom_id"] = "card.show:1"
    seen = await press(world.ada, letters(world.ada)[0], "Done")
    assert "This only works on the server it belongs to." in seen.text
    assert raw(letter)
