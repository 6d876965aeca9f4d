"""A role that members take and leave themselves, and that the day's posts mention."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import discord
import pytest

from tests.behaviour.conftest import World, click, forge, shown, slash

DAY = 86400.0


async def arrange(world: World) -> Any:
    """A role for pings, with a card on which members take it."""
    role = world.guild.create_role("Pings")
    await world.env.settle()
    await slash(world.manager, world, "settings guild", channel=world.channel, ping_role=role, quiet="off")
    return role


def roles_of(world: World, member: Any) -> list[int]:
    return world.env.backend.get_member(world.guild.id, member.id).role_ids


def role_pings(world: World, words: str) -> list[int]:
    """Which roles the last post with these words pinged."""
    post = [message for message in world.messages() if words in shown(message)][-1]
    return list(world.env.backend.get_message(world.channel.id, post.id).ping_role_ids)


async def test_members_take_and_leave_the_role_on_a_posted_card(world: World) -> None:
    role = await arrange(world)
    page = await (await slash(world.manager, world, "settings guild")).click("Digest and pings")
    assert f"**Role to ping** <@&{role.id}>" in page.text
    card = await page.click("Post the card here")
    assert not card.is_private
    assert "Want to be pinged?" in card.text
    taken = await click(world.ada, card.message, "Get pinged")
    assert taken.is_private
    assert f"You have <@&{role.id}> now." in taken.text
    assert roles_of(world, world.ada) == [role.id]
    await taken.click("Stop pings")
    assert roles_of(world, world.ada) == []


async def test_each_members_own_settings_have_a_switch(world: World) -> None:
    assert "Pings" not in (await slash(world.ada, world, "settings me")).text
    role = await arrange(world)
    panel = await slash(world.ada, world, "settings me")
    assert "**Pings** off" in panel.text
    await panel.click("Get pinged")
    assert roles_of(world, world.ada) == [role.id]
    assert "**Pings** on" in (await slash(world.ada, world, "settings me")).text


async def test_the_days_posts_mention_the_role_and_what_members_do_does_not(world: World) -> None:
    role = await arrange(world)
    world.may_mention.add(role.id)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=8))
    world.create_prediction("It snows", resolves_at=world.now + timedelta(days=90))
    for code in (1, 2):
        world.create_forecasts(code, (0.5,), (0.6,))
    await slash(world.manager, world, "resolution override", prediction="2", outcome="yes", reason="I saw it.")
    await world.advance(60)
    assert role_pings(world, "🏁") == []
    await world.advance(1.5 * DAY)
    assert role_pings(world, "⏰") == [role.id]
    assert f"🔔 For <@&{role.id}>" in world.posts()[-1]
    await world.advance(7 * DAY)
    await world.advance(DAY)
    assert role_pings(world, "It rains") == [role.id]


async def test_without_a_role_or_once_it_is_deleted_nobody_is_pinged(world: World) -> None:
    role = await arrange(world)
    world.create_prediction("It rains", resolves_at=world.now + timedelta(days=8))
    world.create_forecasts(1, (0.5,))
    world.env.backend.delete_role(world.guild.id, role.id)
    await world.env.settle()
    await world.advance(1.5 * DAY)
    assert role_pings(world, "⏰") == []
    assert "🔔" not in world.posts()[-1]
    panel = await slash(world.ada, world, "settings me")
    assert "isn't on this server any more" in (await panel.click("Get pinged")).text


async def test_a_role_that_the_bot_cannot_give_is_refused_with_what_helps(world: World) -> None:
    above, strong = (
        world.guild.create_role("Above", position=99),
        world.guild.create_role("Strong", permissions=discord.Permissions(manage_messages=True)),
    )
    await world.env.settle()
    for role, why in ((above, "above my own role"), (strong, "lets its members manage things")):
        seen = await slash(world.manager, world, "settings guild", ping_role=role)
        assert why in seen.text
    role = await arrange(world)
    panel = await slash(world.ada, world, "settings me")
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": discord.Permissions(ban_members=True).value})
    await world.env.settle()
    assert "lets its members manage things" in (await panel.click("Get pinged")).text
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": 0})
    mine = next(one for one in world.env.backend.get_guild(world.guild.id).roles.values() if one.managed)
    world.env.backend.edit_role(world.guild.id, mine.id, {"permissions": mine.permissions & ~(1 << 28)})
    await world.env.settle()
    assert "I need Manage Roles" in (await (await slash(world.ada, world, "settings me")).click("Get pinged")).text
    assert roles_of(world, world.ada) == []


@pytest.mark.parametrize("option", ["manager_role", "voter_role"])
async def test_a_role_that_decides_anything_is_never_one_to_take(world: World, option: str) -> None:
    role = await arrange(world)
    seen = await slash(world.manager, world, "settings guild", **{option: role})
    assert "Every member can take the role for pings" in seen.text
    other = world.guild.create_role("Other")
    await world.env.settle()
    await slash(world.manager, world, "settings guild", **{option: other})
    seen = await slash(world.manager, world, "settings guild", ping_role=other)
    assert "Every member can take the role for pings" in seen.text


async def test_only_managers_post_the_card(world: World) -> None:
    role = await arrange(world)
    panel = await slash(world.ada, world, "settings me")
    seen = await forge(world.ada, panel.message, "ping.post")
    assert "Only managers can post the card for pings" in seen.text
    assert f"<@&{role.id}>" not in "".join(world.posts())
