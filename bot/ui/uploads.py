"""Fetching the file a member uploads with a command."""

from __future__ import annotations

import asyncio

import discord

from bot.domain.documents.uploads import MAX_UPLOAD, too_large
from bot.domain.errors import Refused
from bot.domain.texts import clean_line

FETCH_SECONDS = 30
_MAX_NAME = 200


async def fetch(attachment: discord.Attachment) -> bytes:
    """The bytes of an uploaded file. Refuses a large one before fetching it, and one that Discord doesn't deliver."""
    if attachment.size > MAX_UPLOAD:
        raise Refused(too_large(attachment.size))
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return await attachment.read()
    except (TimeoutError, discord.HTTPException):
        raise Refused("I couldn't get the file from Discord. Please upload it again.") from None


def name_of(attachment: discord.Attachment) -> str:
    """The file's name on one line, at a readable length. Its ending stays."""
    name = clean_line(attachment.filename, refuse=False) or "file"
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - 12] + "…" + name[-11:]
