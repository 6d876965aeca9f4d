"""What couldn't be posted, for managers."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.services.outbox import Message
from bot.services.settings.troubles import Stuck, TroubleNews, Troubles
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button

RED, GREEN = 0xED4245, 0x3BA55D
WHAT = {
    Message.POST_CARD: "the card",
    Message.REFRESH_CARD: "an update of the card",
    Message.CLARIFICATION: "a clarification",
    Message.REASON: "a member's reason",
    Message.PACK_ADOPTED: "the announcement of a pack",
    Message.VOTE: "a vote's card",
    Message.REFRESH_VOTE: "an update of a vote's card",
    Message.VOTE_NEWS: "an announcement about a vote",
    Message.RESULT: "a result",
    Message.SUPERSEDED: "the note that a result was withdrawn",
    Message.LADDER: "a reminder of upcoming dates",
    Message.REMINDER: "a member's own reminder",
    Message.DIGEST: "a member's digest",
    Message.TROUBLE: "a message to a manager",
}
TO_FIX = "Give me View Channel, Send Messages and Read Message History there"


def troubles_card(troubles: Troubles, *, tried: int | None = None) -> ui.LayoutView:
    """Channels closed to the bot and messages waiting for them, with a button to try again right away."""
    lines = ["### What couldn't be posted"]
    if tried is not None:
        lines.append(f"Trying {text.count(tried, 'message')} again. Check back in a moment.")
    if not troubles.channels and not troubles.messages:
        lines.append("Nothing is stuck.")
    lines += [
        f"⚠️ <#{trouble.channel_id}> {trouble.reason}, since {text.moment(trouble.since, 'f')}."
        for trouble in troubles.channels
    ]
    if troubles.channels:
        lines.append(f"-# {TO_FIX}, or choose another channel with `/settings guild channel:`.")
    lines += [_line(stuck) for stuck in troubles.messages]
    if (left := troubles.total - len(troubles.messages)) > 0:
        lines.append(f"-# and {left} more")
    is_mendable = bool(troubles.channels or troubles.messages)
    body: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if is_mendable:
        body.append(
            parts.row(
                button("Try again now", "trouble.retry", style="primary"),
                button("Refresh", "trouble.show"),
            )
        )
    return parts.layout(*body, colour=RED if is_mendable else GREEN)


def news_card(news: TroubleNews, *, guild_name: str) -> ui.LayoutView:
    """Tells a manager, once, that a channel is closed to the bot."""
    trouble = news.trouble
    lines = [
        f"### ⚠️ I can't post in <#{trouble.channel_id}>",
        f"On **{text.plain_line(guild_name, 100)}**: {trouble.reason}. {text.count(news.waiting, 'message')} "
        f"{'is' if news.waiting == 1 else 'are'} waiting; nothing is lost.",
        f"{TO_FIX}{', or choose another channel with `/settings guild channel:`' if news.is_for_posts else ''}. "
        "I'll post as soon as I can, and I try again every hour on my own.",
        "-# You'll get this message only once. `/settings guild` shows where things stand.",
    ]
    return parts.layout(ui.TextDisplay("\n".join(lines)), colour=RED)


def _line(stuck: Stuck) -> str:
    of = f" of **#{stuck.code}**" if stuck.code is not None else ""
    then = f"next try {text.moment(stuck.retry_at)}" if stuck.retry_at else "not trying again"
    return f"- {WHAT[stuck.kind]}{of} · {text.moment(stuck.since, 'f')} · {then}\n-# {text.plain_line(stuck.reason, 200)}"
