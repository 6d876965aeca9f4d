"""Where people can be in the demo: text channels, the posts of a forum, and a server that Almanac has just joined."""

from __future__ import annotations

from typing import Any

from simcord.actors import MemberActor
from simcord.backend.access import can_access_channel
from simcord.backend.errors import SetupError
from simcord.builders import ChannelHandle, GuildHandle
from simcord.enums import ChannelType

MOST_POSTS = 100
"""How many posts of a forum are listed, the latest first."""


def let_people_move(preview: Any) -> None:
    """Let each page go to another channel. On its own, it shows the one it was opened on."""
    prepare, publish, open_page, people = preview._prepare_action, preview._publish, preview._open_page, preview._viewer
    home = preview.channel

    def viewer_here(viewer_id: Any) -> Any:
        return member_at(preview.env, preview.channel, people(viewer_id))

    def prepare_here(page: Any, kind: str, body: Any) -> Any:
        """The page's actions happen in `preview.channel`, one at a time: it's where this page is, or is going to."""
        preview.channel = channel_at(preview.env, page.channel_id)
        if kind != "viewer" or "channel_id" not in body:
            return prepare(page, kind, body)
        there = preview.channel = channel_at(preview.env, body["channel_id"])
        if not can_access_channel(preview.env, there.id, viewer_here(body.get("viewer_id")), history=True):
            raise SetupError("that channel is unavailable")
        run = prepare(page, kind, body)

        async def go(action: Any, cursor: int) -> Any:
            page.channel_id = there.id
            return await run(action, cursor)

        return go

    def publish_with_places(page: Any, **how: Any) -> None:
        publish(page, **how)
        page.snapshot["places"] = places_in(preview.env)
        channel = preview.env.backend.channels.get(page.channel_id)
        if channel is not None and channel.is_thread:
            page.snapshot["channel"]["topic"] = ", ".join(tags_of(preview.env, channel)) or None

    def open_at_home(*given: Any) -> Any:
        preview.channel = home
        return open_page(*given)

    preview._viewer, preview._prepare_action = viewer_here, prepare_here
    preview._publish, preview._open_page = publish_with_places, open_at_home


def tags_of(env: Any, post: Any) -> list[str]:
    """The names of a post's tags."""
    parent = env.backend.channels[post.parent_id]
    names = {int(tag["id"]): tag["name"] for tag in parent.available_tags or ()}
    return [names[tag] for tag in post.applied_tags or () if tag in names]


def channel_at(env: Any, channel_id: Any) -> ChannelHandle:
    """The text channel or post with this id. Raises SetupError or ValueError if there's none."""
    channel = env.backend.channels.get(int(channel_id))
    if channel is None or channel.guild_id is None:
        raise SetupError("that channel is unavailable")
    return ChannelHandle(env, GuildHandle(env, env.backend.guilds[channel.guild_id]), channel)


def member_at(env: Any, channel: ChannelHandle, person: MemberActor) -> MemberActor:
    """The same person, as a member of that channel's server."""
    guild = channel.guild
    return person if guild is None or guild.id == person.guild.id else MemberActor(env, guild, person.user)


def places_in(env: Any) -> list[dict[str, Any]]:
    """What the page's list of places offers: the channels of each server, then the posts of each forum."""
    places: list[dict[str, Any]] = []
    for guild in env.backend.guilds.values():
        channels = [channel for channel in env.backend.channels.values() if channel.guild_id == guild.id]
        texts = [
            {"id": str(channel.id), "name": f"# {channel.name}"} for channel in channels if channel.type == ChannelType.TEXT
        ]
        places.append({"name": guild.name, "channels": texts})
        for forum in (channel for channel in channels if channel.type == ChannelType.FORUM):
            posts = sorted((one for one in channels if one.parent_id == forum.id), key=lambda one: one.id, reverse=True)
            named = [{"id": str(post.id), "name": _title(env, post)} for post in posts[:MOST_POSTS]]
            places.append({"name": f"Posts in {forum.name}", "channels": named})
    return [place for place in places if place["channels"]]


def _title(env: Any, post: Any) -> str:
    tags = tags_of(env, post)
    return f"{post.name} · {', '.join(tags)}" if tags else str(post.name)
