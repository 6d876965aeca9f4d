"""What must be said later is said: once, through failures and restarts, and one bad message holds up no other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.services import outbox, turns
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from db.models import OutboxMessage, PostedCard
from tests.behaviour.conftest import Seen, World, confirm, slash

MESSAGES = "/channels/*/messages"
A_MESSAGE = "/channels/*/messages/*"


async def use_channel(world: World) -> None:
    """Posts go to the guild's channel."""
    await slash(world.manager, world, "settings guild", channel=world.channel)


async def add(world: World, statement: str = "GPT-6 is released") -> None:
    """Add a prediction; its card is queued for the channel."""
    await slash(world.ada, world, "prediction add", statement=statement, by="31 Dec 2027")


def queue_only(world: World, statement: str = "GPT-6 is released") -> None:
    """The same, written to the database by another process: this bot is not woken."""
    new = NewPrediction(statement, editing.datetime(2027, 1, 1, tzinfo=world.now.tzinfo))
    world.database.run_here(editing.add, world.actor(world.ada), new=new, now=world.now)


def rows(world: World) -> list[Any]:
    """The outbox, oldest first."""
    columns = (
        OutboxMessage.kind,
        OutboxMessage.attempts,
        OutboxMessage.sent_at,
        OutboxMessage.buried_at,
        OutboxMessage.failed_reason,
    )
    return world.rows(select(*columns).order_by(OutboxMessage.id))


async def test_a_send_that_fails_is_tried_again_with_the_same_nonce(world: World) -> None:
    await use_channel(world)
    world.env.inject_error("POST", MESSAGES, status=500)
    await add(world)
    assert world.posts() == []
    await world.advance(10)
    assert len(world.posts()) == 1
    first, second = world.requests("POST", "/messages")
    assert first.json is not None
    assert second.json is not None
    assert first.json["nonce"] == second.json["nonce"]
    (row,) = rows(world)
    assert (row.attempts, row.sent_at, row.buried_at) == (2, world.now, None)


async def test_the_waits_between_tries_grow(world: World) -> None:
    await use_channel(world)
    world.env.inject_error("POST", MESSAGES, status=502, times=3)
    await add(world)
    for least, most in ((4, 6), (8, 12), (16, 24)):
        assert world.posts() == []
        ((due_at,),) = world.rows(select(OutboxMessage.due_at))
        wait = (due_at - world.now).total_seconds()
        assert least <= wait <= most
        await world.advance(wait)
    assert len(world.posts()) == 1


async def test_a_channel_that_fails_keeps_its_order_and_holds_up_no_other_channel(world: World) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    await confirm(
        Seen(world.manager, await world.manager.slash(elsewhere, "prediction add", statement="It rains", by="31 Dec 2027"))
    )
    await use_channel(world)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=500)
    await add(world, "The first")
    await add(world, "The second")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(1)
    assert world.posts() == []
    assert "**1 forecast**" in world.posts(elsewhere)[0]
    await world.advance(10)
    assert [post.splitlines()[0] for post in world.posts()] == ["### #2 · The first", "### #3 · The second"]


async def test_a_message_that_keeps_failing_lets_those_behind_it_pass_in_the_end(world: World) -> None:
    await use_channel(world)
    world.env.inject_error("POST", MESSAGES, status=500, times=turns.HOLDS_UP_FOR)
    await add(world, "The first")
    await add(world, "The second")
    for _ in range(turns.HOLDS_UP_FOR):
        assert world.posts() == []
        await world.advance(100)
    assert world.posts()[0].startswith("### #2 · The second")


async def test_a_card_that_is_still_on_its_way_is_brought_up_to_date_once_it_is_there(world: World) -> None:
    await use_channel(world)
    queue_only(world)
    assert len(world.database.run_here(outbox.claim_due, now=world.now)) == 1  # by a process that dies
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(20)
    post, refresh = rows(world)
    assert (post.sent_at, refresh.sent_at) == (None, None)
    await world.advance(41)
    await world.advance(60)
    assert "**1 forecast**" in world.posts()[0]
    assert (len(world.requests("POST", "/messages")), len(world.requests("PATCH", "/messages"))) == (1, 1)


async def test_what_discord_refuses_for_its_form_is_buried_with_its_reason_and_the_others_go_out(world: World) -> None:
    await use_channel(world)
    world.env.inject_error("POST", MESSAGES, status=400, code=50035, message="Invalid Form Body")
    await add(world, "The first")
    await add(world, "The second")
    await world.advance(600)
    assert [post.splitlines()[0] for post in world.posts()] == ["### #2 · The second"]
    first, second = rows(world)
    assert first.buried_at is not None
    assert "Invalid Form Body" in first.failed_reason
    assert (first.attempts, first.sent_at, second.buried_at) == (1, None, None)
    assert [record.name for record in world.errors.records] == ["bot.delivery.delivery"]
    world.errors.records.clear()


async def test_an_outage_of_days_loses_nothing(world: World) -> None:
    await use_channel(world)
    world.env.inject_error("POST", MESSAGES, status=500, times=None)
    await add(world)
    for _ in range(15):
        await world.advance(4 * 3600)
    world.env.backend.faults.clear()
    await world.advance(4400)
    assert len(world.posts()) == 1


async def test_what_fails_for_a_week_is_buried_in_the_end(world: World) -> None:
    await use_channel(world)
    world.env.inject_error("POST", MESSAGES, status=500, times=None)
    await add(world)
    for _ in range(20):
        await world.advance(12 * 3600)
    (row,) = rows(world)
    assert row.buried_at is not None
    assert row.buried_at - world.now < -outbox.GIVE_UP_AFTER / 4
    assert "500" in row.failed_reason


async def test_a_deleted_card_is_noticed_once_and_nothing_breaks(world: World) -> None:
    await add(world)
    (card,) = world.messages()
    world.env.backend.delete_message(world.channel.id, card.id)
    for _ in range(3):
        placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
        assert "You said **70%**" in placed.text
        await world.advance(60)
    assert len(world.requests("PATCH", "/channels/")) == 1
    ((lost_at,),) = world.rows(select(PostedCard.lost_at))
    assert lost_at is not None


async def test_after_a_deleted_card_the_next_one_posted_is_the_home(world: World) -> None:
    await add(world)
    world.env.backend.delete_message(world.channel.id, world.messages()[0].id)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.ada, world, "prediction show", prediction="1", public=True)
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    assert "**2 forecasts**" in world.posts()[-1]


async def test_a_card_that_may_not_be_edited_is_brought_up_to_date_once_it_may(world: World) -> None:
    await add(world)
    world.env.inject_error("PATCH", A_MESSAGE, status=403, code=50001, message="Missing Access")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(60)
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    assert len(world.requests("PATCH", "/channels/")) == 1
    await world.advance(4400)
    assert "**2 forecasts**" in world.posts()[0]


async def test_an_edit_that_fails_is_tried_again_and_stays_one_edit(world: World) -> None:
    await add(world)
    world.env.inject_error("PATCH", A_MESSAGE, status=500)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    assert "No forecasts yet" in world.posts()[0]
    await world.advance(10)
    await world.advance(15)
    assert "**2 forecasts**" in world.posts()[0]
    assert len(world.requests("PATCH", "/channels/")) == 2


async def test_a_home_whose_channel_is_gone_gives_way_to_the_guilds_channel(world: World) -> None:
    elsewhere = world.guild.create_text_channel("short-lived")
    given = {"statement": "GPT-6 is released", "by": "31 Dec 2027"}
    await confirm(Seen(world.manager, await world.manager.slash(elsewhere, "prediction add", **given)))
    await use_channel(world)
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="A leak said so")
    await world.advance(60)
    world.env.backend.delete_channel(elsewhere.id)
    await placed.click("Post my reason")
    await world.advance(60)
    assert "> A leak said so" in world.posts()[-1]


async def test_nothing_is_lost_between_queueing_and_sending_by_a_restart(world: World) -> None:
    await use_channel(world)
    queue_only(world)
    assert world.posts() == []
    await world.restart()
    assert len(world.posts()) == 1
    await world.restart()
    await world.advance(120)
    assert len(world.posts()) == 1


async def test_what_another_process_queued_goes_out_within_the_safety_net(world: World) -> None:
    await use_channel(world)
    queue_only(world)
    await world.advance(31)
    assert len(world.posts()) == 1


async def test_what_was_claimed_by_a_process_that_died_goes_out_when_its_lease_ends(world: World) -> None:
    await use_channel(world)
    queue_only(world)
    assert len(world.database.run_here(outbox.claim_due, now=world.now)) == 1
    await world.restart()
    await world.advance(40)
    assert world.posts() == []
    await world.advance(21)
    assert len(world.posts()) == 1


async def test_a_message_that_cannot_be_made_is_buried_and_holds_up_no_other(world: World) -> None:
    await use_channel(world)
    world.database.run_here(outbox.queue, outbox.MessageKind.REASON, guild_id=world.guild.id, payload={}, due_at=world.now)
    await add(world)
    assert len(world.posts()) == 1
    bad, good = rows(world)
    assert bad.buried_at is not None
    assert good.sent_at is not None
    assert [record.name for record in world.errors.records] == ["bot.delivery.delivery"]
    world.errors.records.clear()


async def test_a_message_of_a_newer_version_is_left_alone_and_holds_up_no_other(world: World) -> None:
    await use_channel(world)
    await add(world, "The first")
    with world.database.engine.begin() as connection:
        connection.execute(update(OutboxMessage).values(kind="from_the_future", sent_at=None, due_at=world.now))
    await add(world, "The second")
    await world.advance(60)
    future, second = rows(world)
    assert (future.sent_at, future.buried_at) == (None, None)
    assert second.sent_at is not None


async def test_nothing_to_say_is_no_failure(world: World) -> None:
    await use_channel(world)
    queue_only(world)
    await slash(world.manager, world, "settings guild", clear="channel for posts")
    await world.advance(31)
    assert world.posts() == []
    (row,) = rows(world)
    assert row.sent_at is not None


async def test_predictions_close_by_themselves_and_their_cards_say_so(world: World) -> None:
    await slash(world.ada, world, "prediction add", statement="It rains", by="2 Jan 2026")
    await world.advance(2 * 86400 - 10)
    assert "Open" in world.posts()[0]
    await world.advance(20)
    assert "Closed" in world.posts()[0]
    assert "[Forecast]" not in world.posts()[0]
