"""The settings of homes: what's missing shows at once, and each choice can be taken back."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.services.homes import places
from bot.services.members import guilds
from tests.behaviour.conftest import Seen, World, custom_id, forge, slash
from tests.behaviour.homes.forums import choose_forum, deny, document, make_homes, titles


def settings(world: World) -> guilds.GuildSettings:
    return world.database.read_here(guilds.settings_of, world.guild.id)


async def pick(seen: Seen, *channels: Any) -> Seen:
    key = custom_id(seen.message, "Homes: choose…")
    return Seen(seen.member, await seen.member.select(seen.message, list(channels), custom_id=key))


async def test_a_forum_is_chosen_in_the_panel_and_undone(world: World) -> None:
    forum = world.guild.create_forum_channel("forecasts")
    await slash(world.manager, world, "settings guild", channel=world.channel)
    seen = await (await slash(world.manager, world, "settings guild")).click("Homes")
    seen = await pick(seen, forum)
    assert f"**Homes** is now a post each in <#{forum.id}>" in seen.text
    assert (settings(world).home_channel_id, settings(world).home_is_forum) == (forum.id, True)
    seen = await seen.click("Undo")
    assert "not chosen" in seen.text
    assert (settings(world).home_channel_id, settings(world).home_is_forum) == (None, False)


async def test_the_command_does_the_same_and_turns_threads_on(world: World) -> None:
    seen = await slash(world.manager, world, "settings homes", channel=world.channel, threads=True)
    assert "2 settings changed" in seen.text
    assert (settings(world).home_channel_id, settings(world).home_threads) == (world.channel.id, True)
    seen = await (await slash(world.manager, world, "settings homes")).click("Turn off")
    assert not settings(world).home_threads


@pytest.mark.parametrize("how", ["panel", "command"])
async def test_a_channel_without_the_rights_is_refused_with_their_names(world: World, how: str) -> None:
    forum = world.guild.create_forum_channel("forecasts")
    deny(world, forum, discord.Permissions(send_messages=True, send_messages_in_threads=True).value)
    if how == "panel":
        seen = await pick(await slash(world.manager, world, "settings homes"), forum)
    else:
        seen = await slash(world.manager, world, "settings homes", channel=forum)
    assert "I need Create Posts and Send Messages in Threads there" in seen.text
    assert settings(world).home_channel_id is None


async def test_the_page_says_what_was_lost_since_and_which_tags_are_missing(world: World) -> None:
    forum = choose_forum(world, posts=False)
    seen = await slash(world.manager, world, "settings homes")
    assert "Votes, results and reminders need a text channel" in seen.text
    deny(world, forum, discord.Permissions(manage_channels=True, send_messages=True).value)
    seen = await slash(world.manager, world, "settings homes")
    assert f"<#{forum.id}>: I need Create Posts there" in seen.text
    assert "I need Manage Channels" in seen.text
    assert "Open, Closing soon, Closed, Voting, Resolved, Annulled" in seen.text
    assert "I need" not in (await slash(world.ada, world, "settings homes")).text
    world.env.backend.delete_channel(forum.id)
    await world.env.settle()
    assert "was deleted, or I can't see it" in (await slash(world.manager, world, "settings homes")).text


async def test_a_forum_full_of_tags_says_which_it_has_no_room_for(world: World) -> None:
    forum = choose_forum(world)
    own = [
        {"name": f"own {n}", "id": str(9000 + n), "moderated": False, "emoji_id": None, "emoji_name": None}
        for n in range(18)
    ]
    world.env.backend.edit_channel(forum.id, {"available_tags": own})
    await world.env.settle()
    seen = await slash(world.manager, world, "settings homes")
    assert "is full of tags: Discord allows 20" in seen.text
    assert "Posts go without: Closed, Voting, Resolved, Annulled" in seen.text


async def test_how_far_the_homes_are_is_shown(world: World) -> None:
    choose_forum(world)
    world.load(document(5))
    await world.wake()
    await make_homes(world, 1)
    assert "2 of 5 homes made" in (await slash(world.ada, world, "settings homes")).text


async def test_a_tag_gets_a_channel_of_its_own_and_loses_it_again(world: World) -> None:
    choose_forum(world)
    medicine = world.guild.create_forum_channel("medicine")
    seen = await slash(world.manager, world, "settings homes", channel=medicine, tag="Medicine")
    assert f"Tag **medicine** now goes to <#{medicine.id}>" in seen.text
    await slash(world.ada, world, "prediction add", statement="It rains", by="31 Dec 2027", tags="medicine")
    assert titles(medicine) == ["#1 · It rains"]
    page = await slash(world.manager, world, "settings homes")
    assert "Tag **medicine**" in page.text
    removed = await page.click("Remove")
    assert "no longer has a channel of its own" in removed.text
    assert world.database.read_here(places.own_places, world.guild.id) == []
    again = await forge(world.manager, removed.message, "place.remove:1")
    assert "removed already" in again.text


async def test_what_is_refused(world: World) -> None:
    forum = world.guild.create_forum_channel("forecasts")
    for given, words in (
        ({"channel": forum, "pack": "none"}, "There's no pack “none”"),
        ({"channel": forum, "pack": "a", "tag": "b"}, "Choose a pack or a tag, one of the two"),
        ({"tag": "ai"}, "Choose the channel, too"),
    ):
        assert words in (await slash(world.manager, world, "settings homes", **given)).text
    for given in ({"channel": forum}, {"threads": True}, {"channel": forum, "tag": "ai"}):
        assert "Only managers can" in (await slash(world.ada, world, "settings homes", **given)).text
    await slash(world.manager, world, "settings homes", channel=forum, tag="ai")
    page = await slash(world.ada, world, "settings homes")
    (place,) = world.database.read_here(places.own_places, world.guild.id)
    assert "Only managers can" in (await forge(world.ada, page.message, f"place.remove:{place.id}")).text
    assert settings(world) == guilds.GuildSettings()
