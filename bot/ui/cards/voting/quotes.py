"""Choosing the vote in which a message is evidence, and the list of all evidence on a prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.services.voting.quotes import Evidence, QuotedMessage, VoteToQuoteIn
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.quotes import ALL_WORDS, quote_line, quote_option
from bot.ui.items import Interaction, button, select
from bot.ui.waiting import Step, cancel_button, step_select


def choose_vote_card(
    interaction: Interaction, message: QuotedMessage, votes: Sequence[VoteToQuoteIn], step: Step
) -> ui.LayoutView:
    """What would be quoted, with a select of the open votes."""
    words = f"> {text.plain_line(message.words, ALL_WORDS)}" if message.words.strip() else "> A message without words"
    lines = [
        "### In which vote is this evidence?",
        words,
        "-# Everyone who opens the vote sees these words, a link to the message, and that you quoted it.",
    ]
    options = [
        discord.SelectOption(label=text.cut(f"#{vote.code} {' '.join(vote.statement.split())}", 100), value=str(vote.code))
        for vote in votes
    ]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(step_select(interaction, options, step, placeholder="Choose the vote…")),
        parts.row(cancel_button()),
        colour=palette.AMBER,
    )


def evidence_card(evidence: Evidence, *, done: str | None = None) -> ui.LayoutView:
    """Everything quoted on a prediction, with a select to remove what the reader may remove."""
    heading = f"### Evidence · #{evidence.code} {text.plain_line(evidence.statement, 200)}"
    lines = [quote_line(evidence.guild_id, quote, limit=ALL_WORDS) for quote in evidence.quotes]
    nothing = "Nothing is quoted here. Right-click a message → Apps → Quote as evidence, while a vote is open."
    body: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join([*([f"✅ {done}"] if done else []), heading])),
        ui.TextDisplay("\n".join(lines) or nothing),
    ]
    if own := [quote_option(quote) for quote in evidence.quotes if quote.id in evidence.own]:
        body.append(parts.row(select("quote.remove", evidence.code, own, placeholder="Remove one…")))
    body.append(
        parts.row(
            button("Vote", "vote.open", evidence.code, style="primary", emoji="🗳️") if evidence.has_vote else None,
            button("Open the card", "card.show", evidence.code),
        )
    )
    return parts.layout(*body, colour=palette.GREEN if done else palette.AMBER)
