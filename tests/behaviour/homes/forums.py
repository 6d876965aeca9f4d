"""A guild whose homes are posts in a forum."""

from __future__ import annotations

from typing import Any

from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from bot.domain.documents.models import PredictionFile
from bot.domain.types import Actor
from bot.services.homes import places
from bot.services.homes.places import HomeChannel
from bot.services.settings import changing
from db.models import PostedCard, Prediction
from tests import factories
from tests.behaviour.conftest import World, shown


def choose_forum(world: World, name: str = "forecasts", *, posts: bool = True) -> Any:
    """Homes are made in a forum; votes and results go to the text channel."""
    forum = world.guild.create_forum_channel(name)
    where = {"home_channel_id": forum.id, "home_is_forum": True}
    choose(world, where | ({"post_channel_id": world.channel.id} if posts else {}))
    return forum


def choose(world: World, changes: dict[str, Any]) -> None:
    """A manager changes settings."""
    world.database.run_here(changing.change_guild_settings, manager_of(world), changes=changes, now=world.now)


def manager_of(world: World) -> Any:
    """Mona, as the services know her."""
    return Actor(guild_id=world.guild.id, user_id=world.manager.id, name="mona", can_manage_guild=True)


def choose_own_place(world: World, channel: Any, *, is_forum: bool, **subject: Any) -> None:
    """A pack or a tag gets a channel of its own."""
    which = {"pack": None, "tag": None} | subject
    channel = HomeChannel(channel.id, is_forum)
    world.database.run_here(places.choose_place, manager_of(world), channel=channel, now=world.now, **which)


def document(number: int, **facts: Any) -> PredictionFile:
    """Predictions whose dates come in the opposite order of their codes."""
    dates = (f"{2027 + (number - place) // 12}-{1 + (number - place) % 12:02}-01" for place in range(1, number + 1))
    items = [
        {"statement": f"Statement {place} is true", "window": {"end": day}} | facts for place, day in enumerate(dates, 1)
    ]
    return factories.create_document(*items)


def titles(forum: Any) -> list[str]:
    """The posts of a forum, in the order in which they were made."""
    return [thread.name for thread in forum.threads]


def tags_of(forum: Any, thread: Any) -> list[str]:
    """The tags of a post."""
    names = {int(tag["id"]): tag["name"] for tag in forum._channel.available_tags}
    return [names[tag] for tag in thread._channel.applied_tags]


def said_in(thread: Any) -> list[str]:
    """What stands in a post."""
    return [shown(message) for message in thread.history()]


def is_put_away(thread: Any) -> bool:
    return thread._channel.thread_metadata.archived


def deny(world: World, channel: Any, permissions: int, *, allow: bool = False) -> None:
    """Take permissions from everybody in a channel, the bot included, or give them back."""
    overwrite = Overwrite(world.guild.id, OverwriteType.ROLE, 0, 0 if allow else permissions)
    world.env.backend.set_overwrite(channel.id, overwrite)


def homes(world: World) -> list[int]:
    """The codes of the predictions that have a home."""
    there = select(Prediction.code).join(PostedCard, PostedCard.prediction_id == Prediction.id)
    here = there.where(PostedCard.is_home, PostedCard.lost_at.is_(None)).order_by(Prediction.code)
    return [row.code for row in world.rows(here)]


async def make_homes(world: World, number: int) -> None:
    """Wait until a number of further homes are made."""
    for _ in range(number):
        await world.advance(6)
