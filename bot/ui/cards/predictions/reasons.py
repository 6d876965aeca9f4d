"""The reasons members posted: the newest on the card, and all of them page by page."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.services.predictions.discussion import ReasonsPage
from bot.services.predictions.posted_reasons import PostedReason
from bot.services.predictions.views import PredictionView
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button

ON_CARD = 140
"""How many characters of each reason a card shows."""
ON_PAGE = 600
"""The same for the list. Its file has all."""


def newest_reasons(view: PredictionView) -> list[ui.Item[Any]]:
    """The newest reasons, with a button that opens all of them; nothing if there are none."""
    if not view.reasons:
        return []
    lines = "\n".join(reason_line(view, reason) for reason in view.reasons)
    return [parts.beside(lines, button("All reasons", "reason.list", view.code))]


def reason_line(view: PredictionView, reason: PostedReason) -> str:
    """A reason on one line, with its forecast if the reader may see it."""
    said = said_text(view, reason, limit=1)
    replies = f" ({text.count(reason.replies, 'reply', 'replies')})" if reason.replies else ""
    words = text.plain_line(reason.words, ON_CARD)
    return f"💬 <@{reason.user_id}>" + (f" **{said}**" if said else "") + f"{replies} “{words}”"


def reasons_card(page: ReasonsPage) -> tuple[ui.LayoutView, discord.File | None]:
    """A page of all reasons; with a file if some are too long for it."""
    view = page.view
    heading = (
        f"### Reasons · #{view.code} {text.plain_line(view.statement, 200)}\n-# {text.count(view.reason_count, 'reason')}"
    )
    if not view.shows_crowd:
        heading += " · without numbers until you make your own forecast"
    elif page.reasons:
        heading += ", newest first"
    entries = [_entry(view, reason) for reason in page.reasons]
    is_cut = any(len(text.plain(reason.words)) > ON_PAGE for reason in page.reasons)
    file = parts.text_file(_whole(page), f"reasons-{view.code}-{page.number + 1}.txt") if is_cut else None
    turns: list[ui.Item[Any]] = []
    if page.pages > 1:
        turns = [
            button("◂ Back", "reason.list", f"{view.code}:{max(page.number - 1, 0)}", off=page.number == 0),
            button(f"Page {page.number + 1} of {page.pages}", "reason.here", off=True),
            button("More ▸", "reason.list", f"{view.code}:{page.number + 1}", off=page.number == page.pages - 1),
        ]
    nothing = "Nobody has posted a reason. Add one to your own forecast, then post it."
    card = parts.layout(
        ui.TextDisplay(heading),
        ui.Separator(),
        ui.TextDisplay("\n".join(entries) or nothing),
        *parts.attached(file),
        parts.row(*turns, button("Open the card", "card.show", view.code)),
    )
    return card, file


def said_text(view: PredictionView, reason: PostedReason, *, limit: int = 4) -> str | None:
    """The forecast that a reason belongs to: 40% → 70%, or 70% if it was the first; None while its reader may not see it."""
    if reason.values is None:
        return None
    told = [
        text.value_text(view.kind, values, options=view.options, unit=view.unit, limit=limit)
        for values in (reason.before, reason.values)
        if values is not None
    ]
    return " → ".join(told if len(told) == 1 or told[0] != told[1] else told[1:])


def _entry(view: PredictionView, reason: PostedReason) -> str:
    said = said_text(view, reason)
    facts = [f"<@{reason.user_id}>" + (f" **{said}**" if said else ""), text.moment(reason.posted_at, "f")]
    if reason.replies:
        facts.append(text.count(reason.replies, "reply", "replies"))
    if reason.channel_id is not None and reason.message_id is not None:
        address = f"https://discord.com/channels/{view.guild_id}/{reason.channel_id}/{reason.message_id}"
        facts.append(f"[Open]({address})")
    words = "\n".join(f"> {line}" for line in text.plain_cut(reason.words, ON_PAGE).splitlines() if line.strip())
    return f"{' · '.join(facts)}\n{words}"


def _whole(page: ReasonsPage) -> str:
    """The reasons of a page with all of their words; who wrote them stands on the card."""
    told = [f"{reason.posted_at:%Y-%m-%d %H:%M} UTC\n{reason.words}" for reason in page.reasons]
    return "\n\n".join([f"#{page.view.code} {page.view.statement}", *told]) + "\n"
