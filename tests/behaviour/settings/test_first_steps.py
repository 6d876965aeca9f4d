"""From a bot that has just joined to a server where it works: by somebody who has read nothing but what's on the screen."""

from __future__ import annotations

import re
from typing import Any

import discord
from sqlalchemy import select

from bot.services.members import guilds
from db.models import OutboxMessage
from tests import factories
from tests.behaviour.conftest import Seen, World, ask, forge, raw, slash, walk
from tests.behaviour.homes.forums import deny, make_homes, titles
from tests.behaviour.settings.test_troubles import letters


async def join(world: World) -> None:
    """The bot is invited to the server."""
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    with world.env._bot_scope():  # so that what this starts is waited for
        await world.bot.on_guild_join(guild)
    await world.env.settle()


async def pick(seen: Seen, channel: Any) -> Seen:
    """Choose a channel in the only select for channels that's on the screen."""
    (select_,) = [part for part in walk(raw(seen.message)) if part["type"] == 8]
    kinds = select_["channel_types"]
    assert channel._channel.type in kinds
    return Seen(seen.member, await seen.member.select(seen.message, [channel], custom_id=select_["custom_id"]))


async def a_select(world: World) -> Any:
    """A message of the bot with a select that Ada sees."""
    world.create_prediction()
    return (await slash(world.ada, world, "forecast", prediction="1")).message


async def begin(world: World) -> Seen:
    """What the message says to use, used."""
    (letter,) = letters(world, world.guild.owner)
    (command,) = re.findall(r"`/([a-z ]+)`", letter)
    return await ask(world.manager, world, command)


async def test_three_clicks_lead_from_the_invitation_to_a_working_server(world: World) -> None:
    world.load(
        factories.create_document({"statement": "It rains"}, {"statement": "It snows"}), slug="weather", adopted=False
    )
    await join(world)
    seen = await begin(world)
    assert "1 of 3 · Where should I post?" in seen.text
    seen = await pick(seen, world.channel)
    assert f"Posts go to <#{world.channel.id}>" in seen.text
    assert "2 of 3 · What should you start with?" in seen.text
    seen = await seen.click("Adopt")
    assert "Almanac is ready" in seen.text
    assert "2 predictions" in seen.text
    assert any("New predictions" in post for post in world.posts())
    seen = await seen.click("Start forecasting ▸")
    assert "How likely is it?" in seen.text


async def test_the_channel_in_which_a_manager_is_takes_one_click(world: World) -> None:
    seen = await (await ask(world.manager, world, "settings guild")).click("Post here")
    assert f"Posts go to <#{world.channel.id}>" in seen.text
    assert "2 of 3" in seen.text
    assert world.database.read_here(guilds.settings_of, world.guild.id).home_channel_id == world.channel.id


async def test_after_a_forum_the_channel_in_which_a_manager_is_takes_votes_and_results(world: World) -> None:
    forum = world.guild.create_forum_channel("forecasts")
    seen = await (await pick(await ask(world.manager, world, "settings guild"), forum)).click("Post here")
    assert f"a post in <#{forum.id}>; votes and results go to <#{world.channel.id}>" in seen.text
    assert world.database.read_here(guilds.settings_of, world.guild.id).home_channel_id == forum.id


async def test_this_channel_is_refused_like_any_other_and_not_offered_in_a_thread(world: World) -> None:
    message = await world.manager.send(world.channel, "Let's talk")
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Talk", message=discord.Object(message.id))
    asked = await ask(world.manager, world, "settings guild")
    deny(world, world.channel, discord.Permissions(send_messages=True).value)
    assert "I need Send Messages there" in (await asked.click("Post here")).text
    forum = world.guild.create_forum_channel("talk")
    there = next(one for one in world.channel.threads if one.id == thread.id)
    looked = Seen(world.manager, await world.manager.slash(there, "settings guild"))
    assert "1 of 3" in looked.text
    assert "Post here" not in looked.buttons
    assert forum.threads == []


async def test_with_a_forum_the_text_channel_is_asked_for_too(world: World) -> None:
    forum = world.guild.create_forum_channel("forecasts")
    world.load(
        factories.create_document({"statement": "It rains"}, {"statement": "It snows"}), slug="weather", adopted=False
    )
    await join(world)
    seen = await pick(await begin(world), forum)
    assert "where do votes and results go?" in seen.text
    seen = await pick(seen, world.channel)
    seen = await seen.click("Adopt")
    assert "`/pack list` shows how far they are" in seen.text
    await make_homes(world, 3)
    assert titles(forum) == ["#1 · It rains", "#2 · It snows"]


async def test_a_channel_where_the_bot_may_not_post_is_refused_on_the_same_screen_with_what_it_needs(world: World) -> None:
    forum = world.guild.create_forum_channel("forecasts")
    deny(world, forum, discord.Permissions(send_messages=True, send_messages_in_threads=True).value)
    deny(world, world.channel, discord.Permissions(send_messages=True).value)
    seen = await pick(await ask(world.manager, world, "settings guild"), forum)
    assert "I need Create Posts and Send Messages in Threads there" in seen.text
    seen = await pick(seen, world.channel)
    assert "I need Send Messages there" in seen.text
    deny(world, world.channel, 0, allow=True)
    assert "2 of 3" in (await pick(seen, world.channel)).text


async def test_members_are_not_led_and_cannot_choose(world: World) -> None:
    looked = await ask(world.ada, world, "settings guild")
    assert "1 of 3" not in looked.text
    for name in ("setup.channel", "setup.posts", "setup.here"):
        refused = await forge(world.ada, await a_select(world), name, str(world.channel.id))
        assert "Only managers can" in refused.text
    world.load(factories.create_document({"statement": "It rains"}), slug="weather", adopted=False)
    helped = await ask(world.ada, world, "help")
    assert "Only managers can" in (await forge(world.ada, helped.message, "setup.adopt:weather")).text
    assert world.database.read_here(guilds.settings_of, world.guild.id).post_channel_id is None


async def test_the_rest_of_the_settings_is_one_click_away(world: World) -> None:
    seen = await ask(world.manager, world, "settings guild")
    assert "**Time zone** UTC" in (await seen.click("Posts")).text
    assert "on: the crowd is hidden" in (await seen.click("Crowd")).text


async def test_whoever_invited_the_bot_is_written_to_once(world: World) -> None:
    world.env.backend.record_audit_log(
        world.guild.id,
        discord.AuditLogAction.bot_add.value,
        target_id=world.env.backend.bot_user.id,
        user_id=world.manager.id,
    )
    await join(world)
    await join(world)
    (letter,) = letters(world)
    assert "Thanks for adding Almanac to Forecasters!" in letter
    assert letters(world, world.guild.owner) == []


async def test_a_server_that_comes_back_set_up_is_not_greeted_again(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    world.database.run_here(guilds.say_goodbye, world.guild.id, now=world.now)
    await join(world)
    assert world.rows(select(OutboxMessage.id).where(OutboxMessage.kind == "welcome")) == []


async def test_two_managers_who_set_up_at_once_both_see_what_holds(world: World) -> None:
    other = world.guild.create_text_channel("other")
    second = world.guild.add_member(
        world.env.create_user("max"),
        roles=[world.guild.create_role("M2", permissions=discord.Permissions(manage_guild=True))],
    )
    one, two = await ask(world.manager, world, "settings guild"), await ask(second, world, "settings guild")
    one = await pick(one, world.channel)
    assert f"Posts go to <#{world.channel.id}>" in one.text
    two = await pick(two, other)
    assert f"Posts go to <#{other.id}>" in two.text
    one = await one.click("Start without a pack")
    assert f"Posts go to <#{other.id}>" in one.text
