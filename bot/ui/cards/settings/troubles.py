"""What couldn't be posted, for managers."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.services.outbox import MessageKind
from bot.services.settings.troubles import Stuck, TroubleNews, Troubles
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button

WHAT = {
    MessageKind.POST_CARD: "the card",
    MessageKind.REFRESH_CARD: "an update of the card",
    MessageKind.POST_GROUP: "the card of a group",
    MessageKind.REFRESH_GROUP: "an update of a group's card",
    MessageKind.CLARIFICATION: "a clarification",
    MessageKind.REASON: "a member's reason",
    MessageKind.PACK_ADOPTED: "the announcement of a pack",
    MessageKind.VOTE: "a vote's card",
    MessageKind.MOVED: "the news of another date",
    MessageKind.REFRESH_VOTE: "an update of a vote's card",
    MessageKind.VOTE_NEWS: "a message to the managers about a vote",
    MessageKind.RESULT: "a result",
    MessageKind.MOVE: "a big move",
    MessageKind.SUPERSEDED: "the note that a result was withdrawn",
    MessageKind.LADDER: "a reminder of upcoming dates",
    MessageKind.REMINDER: "a member's own reminder",
    MessageKind.DIGEST: "a member's digest",
    MessageKind.WELCOME: "the message to whoever invited me",
    MessageKind.TROUBLE: "a message to a manager",
    MessageKind.REFRESH_REASON: "an update of a member's reason",
    MessageKind.LEFT_OUT: "a message to a member",
    MessageKind.REFRESH_COPY: "an update of a prediction's card",
    MessageKind.REDACT: "taking hidden words out of a message",
    MessageKind.TOURNAMENT: "how a tournament ended",
    MessageKind.DRAFTS: "a message to a manager about what waits for approval",
    MessageKind.DRAFT_ANSWER: "a message to a member",
}
TO_FIX = "Give me View Channel, Send Messages and Read Message History there"


def troubles_card(troubles: Troubles, *, tried: int | None = None) -> ui.LayoutView:
    """Channels closed to the bot and messages waiting for them, with a button to try again right away."""
    lines = ["### What couldn't be posted"]
    if tried is not None:
        lines.append(f"Trying {text.count(tried, 'message')} again. Check back in a moment.")
    if not troubles.channels and not troubles.messages and not troubles.untold:
        lines.append("Nothing is stuck.")
    if troubles.untold:
        lines.append(
            f"⚖️ {text.count(troubles.untold, 'vote')} for managers to decide, and I couldn't reach any. `/vote` shows them."
        )
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
    return parts.layout(*body, colour=palette.RED if is_mendable else palette.GREEN)


def news_card(news: TroubleNews, *, guild_name: str) -> ui.LayoutView:
    """Tells a manager, once, that a channel is closed to the bot."""
    trouble = news.trouble
    lines = [
        f"### ⚠️ I can't post in <#{trouble.channel_id}>",
        f"On **{text.plain_line(guild_name, 100)}**: {trouble.reason}. {text.count(news.waiting, 'message')} "
        f"{'is' if news.waiting == 1 else 'are'} waiting; nothing is lost.",
        f"{_remedy(news)}. I'll post as soon as I can, and I try again every hour on my own.",
        "-# You'll get this message only once. `/settings guild` shows where things stand.",
    ]
    return parts.layout(ui.TextDisplay("\n".join(lines)), colour=palette.RED)


def _remedy(news: TroubleNews) -> str:
    if news.is_for_posts:
        return f"{TO_FIX}, or choose another channel with `/settings guild channel:`"
    if news.is_for_homes:
        return "Change that in its settings, or choose another channel or forum with `/settings homes`"
    return TO_FIX


def _line(stuck: Stuck) -> str:
    of = f" of **#{stuck.code}**" if stuck.code is not None else ""
    then = f"next try {text.moment(stuck.retry_at)}" if stuck.retry_at else "not trying again"
    return f"- {WHAT[stuck.kind]}{of} · {text.moment(stuck.since, 'f')} · {then}\n-# {text.plain_line(stuck.reason, 200)}"
