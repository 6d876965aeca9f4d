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
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}

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
    if not guild.me.guild_permissions.manage_roles:
        raise Refused(f"To give members {role.mention} I need Manage Roles on this server.")
    if role >= guild.me.top_role:
        raise Refused(
            f"{role.mention} is above my own role, so I can't give it. Move mine above it in the server's settings."
        )
    return role


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
