"""What Discord lets somebody do in a channel, and the names of what's missing, as Discord's settings have them."""

from __future__ import annotations

from typing import Any

import discord

from bot.domain.errors import Refused
from bot.domain.texts import listed
from bot.ui.items import Interaction

_NAMES = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "manage_channels": "Manage Channels",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
_TO_POST = ("view_channel", "send_messages", "read_message_history")

_POWERS = discord.Permissions.elevated() | discord.Permissions(
    mention_everyone=True,
    view_audit_log=True,
    manage_nicknames=True,
    manage_events=True,
    move_members=True,
    mute_members=True,
)
"""What no role has that members can take themselves."""


def missing(
    permissions: discord.Permissions, *, in_thread: bool, with_file: bool = False, as_answer: bool = False
) -> list[str]:
    """The names of the permissions that posting here would need; none if all are there."""
    needed = ["view_channel", "send_messages_in_threads" if in_thread else "send_messages"]
    needed += ["attach_files"] if with_file else []
    needed += ["read_message_history"] if as_answer else []
    return [_NAMES[name] for name in needed if not getattr(permissions, name)]


def missing_in(guild: discord.Guild | None, channel_id: int, *, with_file: bool, as_answer: bool) -> list[str]:
    """The names of what the bot needs to post in a channel and hasn't got; none if it doesn't know the channel."""
    channel = guild.get_channel_or_thread(channel_id) if guild is not None else None
    if guild is None or channel is None:
        return []
    try:
        permissions = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose channel it doesn't see
        return []
    return missing(permissions, in_thread=isinstance(channel, discord.Thread), with_file=with_file, as_answer=as_answer)


def require_may_give(guild: discord.Guild | None, role_id: int) -> discord.Role:
    """The role that members may give themselves through the bot. Refuses one that was deleted, lets its members do more than talk,
    or is out of the bot's reach."""
    role = None if guild is None else guild.get_role(role_id)
    if guild is None or role is None:
        raise Refused("The role for pings isn't on this server any more. A manager can choose another with /settings guild.")
    if role.is_default() or role.managed:
        raise Refused("Nobody can take that role by themselves. Choose another one for pings.")
    if role.permissions.value & _POWERS.value:
        raise Refused(
            f"{role.mention} lets its members manage things, so not everyone can have it. Choose another for pings."
        )
    if (why_not := _out_of_reach(guild, role)) is not None:
        raise Refused(why_not)
    return role


def check_award(role: discord.Role) -> None:
    """Refuses a role that nobody should win: everyone's, an app's, or one that lets its members do more than talk."""
    if role.is_default() or role.managed:
        raise Refused("Nobody can win that role: Discord or an app gives it. Choose another one.")
    if role.permissions.value & _POWERS.value:
        raise Refused(f"{role.mention} lets its members manage things, so nobody should win it. Choose another one.")


def require_may_award(interaction: Interaction, role: discord.Role) -> None:
    """Refuses a role that the member couldn't give anyone by hand: whoever can't must not have the bot give it for them."""
    member = interaction.user
    # Those of the server, not of the channel: there, the same permission means something else.
    may = member.guild_permissions if isinstance(member, discord.Member) else discord.Permissions.none()
    if not may.manage_roles:
        raise Refused("To have winners get a role, you need Manage Roles on this server yourself.")
    if not may.administrator and isinstance(member, discord.Member) and role >= member.top_role:
        raise Refused("That role isn't below your own highest role, so you can't have winners get it. Choose another one.")


def why_not_award(guild: discord.Guild, role_id: int) -> str | None:
    """Why the bot can't give winners this role now, in words for a manager; None if it can, as far as one can tell."""
    role = guild.get_role(role_id)
    if role is None:
        return "The winner's role isn't on this server any more."
    try:
        check_award(role)
    except Refused as refusal:
        return str(refusal)
    is_there = guild.me is not None  # pyright: ignore[reportUnnecessaryComparison]  (it isn't, in a guild that was fetched)
    return _out_of_reach(guild, role) if is_there else None


def _out_of_reach(guild: discord.Guild, role: discord.Role) -> str | None:
    if not guild.me.guild_permissions.manage_roles:
        return f"To give members {role.mention} I need Manage Roles on this server."
    if role >= guild.me.top_role:
        return f"{role.mention} is above my own role, so I can't give it. Move mine above it in the server's settings."
    return None


def missing_for_homes(channel: Any, *, with_threads: bool = False) -> list[str]:
    """The names of what the bot needs to make homes in a channel or forum and hasn't got."""
    if not isinstance(channel, discord.abc.GuildChannel):
        return []
    is_forum = isinstance(channel, discord.ForumChannel)
    lacking = ["view_channel", "send_messages", "read_message_history"]
    lacking += ["send_messages_in_threads"] if is_forum or with_threads else []
    lacking += ["create_public_threads"] if with_threads and not is_forum else []
    permissions = channel.permissions_for(channel.guild.me)
    names = _NAMES | ({"send_messages": "Create Posts"} if is_forum else {})
    return [names[name] for name in lacking if not getattr(permissions, name)]


def check_posts(channel: discord.TextChannel) -> None:
    """Refuses a channel in which the bot can't post, and names what it lacks."""
    permissions = channel.permissions_for(channel.guild.me)
    if lacking := [_NAMES[name] for name in _TO_POST if not getattr(permissions, name)]:
        raise Refused(
            f"I can't post in {channel.mention}: I need {', '.join(lacking)} there. Grant that, or choose another channel."
        )


def check_home(channel: Any) -> None:
    """Refuses a channel in which the bot couldn't make homes, and names what it lacks."""
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise Refused("That channel isn't on this server any more, or can't hold homes. Choose another one.")
    if lacking := missing_for_homes(channel):
        raise Refused(
            f"I can't use {channel.mention} yet: {needed(lacking)}. Grant that in the channel's settings, or choose another channel."
        )


def needed(names: list[str]) -> str:
    """What the bot lacks, in words for a manager; empty if it's nothing."""
    return f"I need {listed(names)} there" if names else ""


def may_post(interaction: Interaction) -> bool:
    """Whether the member may write where they are: whoever can't must not have the bot write for them."""
    return not missing(interaction.permissions, in_thread=_is_in_thread(interaction))


def require_may_post(interaction: Interaction, *, with_file: bool = False) -> None:
    """Refuses a post for everyone where the member can't write, or where the bot lacks a permission, which is named."""
    in_thread = _is_in_thread(interaction)
    if lacking := missing(interaction.permissions, in_thread=in_thread):
        raise Refused(f"You can't write in this channel, so I can't post here for you. You'd need {listed(lacking)}.")
    if lacking := missing(interaction.app_permissions, in_thread=in_thread, with_file=with_file):
        raise Refused(f"I need {listed(lacking)} here. Someone who can edit this channel can give me that.")


def _is_in_thread(interaction: Interaction) -> bool:
    channel: Any = interaction.channel
    return isinstance(channel, discord.Thread)
