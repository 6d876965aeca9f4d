"""A channel where Almanac may not post: managers hear of it once, nothing is lost, and it goes on when it is mended."""

from __future__ import annotations

from typing import Any

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from db.models import ChannelTrouble, OutboxMessage
from tests.behaviour.conftest import Seen, World, confirm, forge, shown, slash
from tests.behaviour.test_delivery import add, use_channel

SEND = discord.Permissions(send_messages=True).value


def lock(world: World, channel: Any = None, *, closed: bool = True) -> None:
    """Take the right to write in a channel from everybody, the bot included, or give it back."""
    deny = SEND if closed else 0
    world.env.backend.set_overwrite((channel or world.channel).id, Overwrite(world.guild.id, OverwriteType.ROLE, 0, deny))


def letters(world: World, member: Any = None) -> list[str]:
    """The direct messages that a member has got."""
    return [shown(message) for message in dm_of(member or world.manager).history()]


def dm_of(member: Any) -> Any:
    """A member's channel for direct messages."""
    return getattr(member, "user", member).dm_channel


async def test_managers_are_told_once_and_everything_is_posted_when_it_is_mended(world: World) -> None:
    await use_channel(world)
    lock(world)
    await add(world, "The first")
    await add(world, "The second")
    for _ in range(30):
        await world.advance(3600)
    (told,) = letters(world)
    assert f"I can't post in <#{world.channel.id}>" in told
    assert "Forecasters" in told
    assert "I need Send Messages there" in told
    assert world.posts() == []
    lock(world, closed=False)
    await world.env.settle()
    assert sorted(post.splitlines()[0] for post in world.posts()) == ["### #1 · The first", "### #2 · The second"]
    assert world.rows(select(ChannelTrouble.channel_id)) == []
    seen = await slash(world.manager, world, "settings guild")
    assert "could not be posted" not in seen.text


async def test_the_settings_show_what_is_stuck_and_a_button_tries_again(world: World) -> None:
    await use_channel(world)
    lock(world)
    await add(world)
    seen = await slash(world.manager, world, "settings guild")
    stuck = await seen.click("See what's stuck")
    assert f"<#{world.channel.id}> I need Send Messages there" in stuck.text
    assert "the card of **#1**" in stuck.text
    assert "next try" in stuck.text
    world.env.backend.channels[world.channel.id].overwrites.clear()  # nobody tells the bot
    await stuck.click("Try again now")
    assert len(world.posts()) == 1
    assert "Nothing is stuck" in (await stuck.click("Refresh")).text


async def test_what_was_given_up_can_be_sent_again(world: World) -> None:
    await use_channel(world)
    lock(world)
    await add(world)
    for _ in range(10):
        await world.advance(20 * 3600)
    seen = await (await slash(world.manager, world, "settings guild")).click("See what's stuck")
    assert "not trying again" in seen.text
    world.env.backend.channels[world.channel.id].overwrites.clear()
    tried = await seen.click("Try again now")
    assert "Trying 1 message again" in tried.text
    assert len(world.posts()) == 1


async def test_who_is_no_manager_neither_sees_nor_retries(world: World) -> None:
    await use_channel(world)
    lock(world)
    await add(world)
    seen = await slash(world.ada, world, "settings guild")
    assert "could not be posted" not in seen.text
    shown_help = await slash(world.ada, world, "help")
    for name in ("trouble.show", "trouble.retry"):
        refused = await forge(world.ada, shown_help.message, name)
        assert "Only managers can" in refused.text
        assert refused.is_private


async def test_another_channel_gets_what_waited_for_a_deleted_one(world: World) -> None:
    await use_channel(world)
    elsewhere = world.guild.create_text_channel("elsewhere")
    world.env.backend.delete_channel(world.channel.id)
    given = {"statement": "GPT-6 is released", "by": "31 Dec 2027"}
    await confirm(Seen(world.ada, await world.ada.slash(elsewhere, "prediction add", **given)))
    assert "the channel was deleted" in letters(world)[0]
    await world.manager.slash(elsewhere, "settings guild", channel=elsewhere)
    await world.env.settle()
    assert any("GPT-6 is released" in post for post in world.posts(elsewhere))


async def test_a_second_closed_channel_is_told_of_as_well(world: World) -> None:
    await use_channel(world)
    elsewhere = world.guild.create_text_channel("elsewhere")
    lock(world)
    await add(world)
    await world.manager.slash(elsewhere, "settings guild", channel=elsewhere)
    lock(world, elsewhere)
    given = {"statement": "Another", "by": "31 Dec 2027"}
    await confirm(Seen(world.ada, await world.ada.slash(elsewhere, "prediction add", **given)))
    await world.env.settle()
    assert len(letters(world)) == 2


async def test_where_the_manager_takes_no_messages_the_owner_gets_it_and_the_settings_say_it(world: World) -> None:
    await use_channel(world)
    lock(world)
    dm = world.manager.user.dm_channel
    world.env.inject_error("POST", f"/channels/{dm.id}/messages", status=403, code=50007, message="No", times=None)
    await add(world)
    await world.advance(60)
    kinds = {row.kind: row for row in world.rows(select(OutboxMessage.kind, OutboxMessage.sent_at, OutboxMessage.buried_at))}
    assert kinds["trouble"].sent_at is not None
    assert len(letters(world, world.guild.owner)) == 1
    assert "Some messages couldn't be posted" in (await slash(world.manager, world, "settings guild")).text
