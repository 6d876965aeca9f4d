"""Threads in the simulated Discord as they are in the real one: their makers may edit them, and some are put away or locked."""

from __future__ import annotations

from typing import Any

from simcord.backend.errors import BackendError

ARCHIVED, LOCKED = 50083, 160005


def model_threads(backend: Any) -> None:
    """simcord asks for Manage Channels where the maker of a thread may edit it, and takes no notice of what is put away."""
    require, edit, commit = backend.require_permissions, backend.edit_message, backend.commit_message

    def require_permissions(guild_id: int | None, user_id: int, channel_id: int | None, *names: str) -> None:
        channel = backend.channels.get(channel_id)
        if names == ("manage_channels",) and channel is not None and channel.is_thread:
            is_theirs = channel.owner_id == user_id and not channel.thread_metadata.locked
            names = () if is_theirs else ("manage_threads",)
        require(guild_id, user_id, channel_id, *names)

    def edit_message(channel_id: int, message_id: int, fields: dict[str, Any]) -> Any:
        metadata = backend.get_channel(channel_id).thread_metadata
        if metadata is not None and metadata.archived:
            raise BackendError(400, ARCHIVED, "Thread is archived")
        return edit(channel_id, message_id, fields)

    def commit_message(message: Any, **how: Any) -> Any:
        channel = backend.get_channel(message.channel_id)
        metadata = channel.thread_metadata
        if metadata is not None and metadata.locked and backend.messages[channel.id]:
            try:
                require(channel.guild_id, message.author_id, channel.id, "manage_threads")
            except BackendError:
                raise BackendError(403, LOCKED, "Thread is locked") from None
        if metadata is not None and metadata.archived:
            backend.edit_channel(channel.id, {}, thread_metadata={"archived": False})
        return commit(message, **how)

    backend.require_permissions = require_permissions
    backend.edit_message = edit_message
    backend.commit_message = commit_message
