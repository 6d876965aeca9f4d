"""Posts that get lost: deleted, dropped, refused. What they showed is shown again, and every vote ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.domain.lifecycle import ENDED
from bot.domain.types import Actor
from bot.services.settings import changing
from db.models import ChannelTrouble, PostedCard, Prediction
from tests.behaviour.conftest import World, shown, slash
from tests.behaviour.voting.test_posts import DATE, set_up, until

MORNING, HOUR = timedelta(hours=9), timedelta(hours=1)
NUMBER = 6
"""One more than there are places for votes."""


async def posts_deleted(world: World) -> None:
    """A moderator deletes the post of the votes."""
    await until(world, DATE + MORNING)
    (post,) = [message for message in world.messages() if "🗳️" in shown(message)]
    world.env.backend.delete_message(world.channel.id, post.id)


async def channel_deleted(world: World) -> None:
    """The channel goes, and a manager chooses another."""
    await until(world, DATE + MORNING)
    other = world.guild.create_text_channel("new")
    world.env.backend.delete_channel(world.channel.id)
    choose_channel(world, other.id)


async def nowhere_to_post(world: World) -> None:
    """The channel is unset when the votes are to be posted, and chosen again an hour later."""
    world.change(update(PostedCard).values(lost_at=world.now))
    await until(world, DATE + HOUR)
    choose_channel(world, None)
    await until(world, DATE + MORNING)
    choose_channel(world, world.channel.id)


async def post_refused(world: World) -> None:
    """Discord refuses the post, once."""
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, message="Invalid Form Body")
    await until(world, DATE + MORNING)
    world.errors.records.clear()


async def edit_refused(world: World) -> None:
    """Discord refuses an edit of the post, once."""
    await until(world, DATE + MORNING)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50035, message="Invalid Form Body")
    await until(world, DATE + timedelta(days=4) + MORNING)
    world.errors.records.clear()


def choose_channel(world: World, channel_id: int | None) -> None:
    manager = Actor(world.guild.id, world.manager.id, "mona", can_manage_guild=True)
    world.database.run_here(changing.change_guild_settings, manager, changes={"post_channel_id": channel_id}, now=world.now)


RARER = (channel_deleted, nowhere_to_post, edit_refused)


@pytest.mark.parametrize(
    "lose",
    [posts_deleted, post_refused, *(pytest.param(lose, marks=pytest.mark.soak) for lose in RARER)],
    ids=lambda lose: lose.__name__,
)
async def test_every_vote_ends_whatever_becomes_of_its_post(world: World, lose: Callable[[World], Awaitable[None]]) -> None:
    await set_up(world, NUMBER)
    await lose(world)
    for days in range(1, 75):
        await until(world, DATE + timedelta(days=days) + MORNING)
        await world.advance(60)
        world.errors.records.clear()
    assert {state for (state,) in world.rows(select(Prediction.state))} <= ENDED


async def test_a_short_slip_of_permissions_closes_no_channel_for_good(world: World) -> None:
    await set_up(world, 1)
    await slash(world.ada, world, "prediction show", prediction="1", public=True)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=403, code=50013, message="Missing Permissions")
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await world.advance(60)
    assert world.rows(select(ChannelTrouble.channel_id)) == [(world.channel.id,)]
    await world.advance(2 * 3600)
    assert world.rows(select(ChannelTrouble.channel_id)) == []
