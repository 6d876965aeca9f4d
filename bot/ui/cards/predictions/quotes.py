"""Messages quoted as evidence: a few on the ballot paper and in the details, all of them in a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.predictions.quotes import QuoteView
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button

BESIDE = 3
"""How many stand on a ballot paper."""
WORDS, ALL_WORDS = 120, 300
"""How many characters of each are shown there, and in the list."""


def evidence_block(code: int, guild_id: int, quotes: Sequence[QuoteView]) -> list[ui.Item[Any]]:
    """The newest quotes, with a button that opens all; nothing if there are none."""
    if not quotes:
        return []
    lines = [quote_line(guild_id, quote, limit=WORDS) for quote in quotes[:BESIDE]]
    if len(quotes) > BESIDE:
        lines.append(f"-# and {len(quotes) - BESIDE} more")
    return [parts.beside("\n".join(["**Evidence**", *lines]), button("See evidence", "quote.list", code))]


def quote_line(guild_id: int, quote: QuoteView, *, limit: int) -> str:
    """The message, its author, its first words and who quoted it."""
    address = f"https://discord.com/channels/{guild_id}/{quote.channel_id}/{quote.message_id}"
    words = f": “{text.plain_line(quote.words, limit)}”" if quote.words else ", without words"
    by = "" if quote.quoted_by in (None, quote.author_id) else f" · quoted by <@{quote.quoted_by}>"
    return f"📎 [Message]({address}) from <@{quote.author_id}>{words}{by}"


def quote_option(quote: QuoteView) -> discord.SelectOption:
    """A quote in a select."""
    label = " ".join((quote.words or "A message without words").split())
    return discord.SelectOption(label=text.cut(label, 100), value=str(quote.id))
