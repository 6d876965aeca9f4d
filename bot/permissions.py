"""What the bot may do on a server."""

from __future__ import annotations

import discord

NEEDED_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""What it can't do without."""
PERMISSIONS = NEEDED_PERMISSIONS | discord.Permissions(create_public_threads=True, pin_messages=True, mention_everyone=True)
"""What it asks for when you invite it; the README's link asks for the same. The last three are for threads, pinned cards, and telling
the managers' role."""
