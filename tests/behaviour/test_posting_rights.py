"""Nobody has the bot post where they can't write, and a missing permission is named."""

from __future__ import annotations

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.behaviour.conftest import World, forge, slash

SILENCED = "You can't write in this channel"


async def deny(world: World, user_id: int, *names: str) -> None:
    """Take permissions from somebody in the channel."""
    denied = discord.Permissions(**dict.fromkeys(names, True)).value
    world.env.backend.set_overwrite(world.channel.id, Overwrite(user_id, OverwriteType.MEMBER, 0, denied))
    await world.env.settle()


async def test_whoever_cannot_write_posts_nothing(world: World) -> None:
    world.create_prediction()
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    await deny(world, world.ada.id, "send_messages")
    before = len(world.messages())
    refused = [
        await slash(world.ada, world, "prediction show", prediction="1", public=True),
        await slash(world.ada, world, "export data", post="yes"),
        *[
            await forge(world.ada, card.message, name)
            for name in ("card.post:1", "chart.post:1:history", "chart.post:1:spread", "board.post:0|peer|all time||")
        ],
    ]
    for seen in refused:
        assert SILENCED in seen.text
        assert "Send Messages" in seen.text
        assert seen.is_private
    assert len(world.messages()) == before
    assert "#1" in (await slash(world.ada, world, "prediction show", prediction="1")).text


async def test_what_happens_by_the_way_stays_private_there(world: World) -> None:
    world.create_prediction()
    await deny(world, world.ada.id, "send_messages")
    before = len(world.messages())
    added = await slash(world.ada, world, "prediction add", statement="It rains", by="31 Dec 2027")
    assert added.is_private
    await world.advance(60)
    assert len(world.messages()) == before


@pytest.mark.parametrize(
    ("denied", "name", "asks"),
    [
        (("attach_files",), "chart.post:1:history", "I need Attach Files here"),
        (("send_messages",), "card.post:1", "I need Send Messages here"),
        (
            ("send_messages", "attach_files"),
            "chart.post:1:spread",
            "I need Send Messages and Attach Files here",
        ),
    ],
)
async def test_what_the_bot_lacks_is_named(world: World, denied: tuple[str, ...], name: str, asks: str) -> None:
    world.create_prediction()
    world.create_forecasts(1, (0.7,), (0.6,))
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    assert world.bot.user is not None
    await deny(world, world.bot.user.id, *denied)
    assert asks in (await forge(world.ada, card.message, name)).text
