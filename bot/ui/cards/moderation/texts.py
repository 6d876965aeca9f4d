"""What managers see of the texts that members wrote, to hide one or show it again."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.types import State
from bot.services.moderation.hiding import MemberTexts
from bot.services.moderation.texts import MemberText, TextKind
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button, select

KIND_NAMES: dict[str, str] = {
    TextKind.REASON: "Reason",
    TextKind.PROPOSAL: "Proposal",
    TextKind.OBJECTION: "Objection",
    TextKind.BALLOT: "Vote",
    TextKind.STATEMENT: "Statement and criteria",
}
WORDS, LISTED = 120, 8


def texts_card(texts: MemberTexts, *, done: str | None = None) -> ui.LayoutView:
    """Everything that members wrote for everyone to read, with a select to hide one and another to show one again."""
    lines = [*([done] if done else []), parts.heading(texts.view)]
    if texts.shown:
        lines += ["**Everyone can read**", *_lines(texts.shown)]
    else:
        lines.append("Nobody has written anything here that everyone can read.")
    if texts.hidden:
        lines += ["**Hidden**", *_lines(texts.hidden)]
    lines.append(
        "-# What you hide goes from cards, lists, logs and exports. The log says that you hid something, not what it said. "
        + ("" if texts.view.state is State.ANNULLED else "To hide the statement itself, annul the prediction first.")
    )
    selects = [
        select("text.hide", texts.view.code, _options(texts.shown), placeholder="Hide one…") if texts.shown else None,
        select("text.show", texts.view.code, _options(texts.hidden), placeholder="Show one again…")
        if texts.hidden
        else None,
    ]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)), *(parts.row(one) for one in selects if one is not None), colour=palette.AMBER
    )


def hidden_note(texts: MemberTexts, hidden: MemberText) -> ui.LayoutView:
    """A reason was hidden from its own message: with the way back."""
    by = f" by <@{hidden.user_id}>" if hidden.user_id else ""
    lines = [
        f"Hidden: the reason{by} on **#{texts.view.code}**. Nobody can read it now, and the log says that you hid it.",
        "-# Members who already read it may remember it.",
    ]
    again = parts.row(
        button("Show it again", "text.again", hidden.key), button("Other texts…", "text.list", texts.view.code)
    )
    return parts.layout(ui.TextDisplay("\n".join(lines)), again, colour=palette.GREEN)


def hidden_reason_card(code: int) -> ui.LayoutView:
    """What stands where a hidden reason was posted."""
    words = f"💬 A reason on **#{code}** that a manager has hidden."
    return parts.layout(ui.TextDisplay(words), parts.row(button("Details", "card.details", code)), colour=palette.DARK_GREY)


def _lines(texts: Sequence[MemberText]) -> list[str]:
    shown = [f"- {_described(one, is_markdown=True)}" for one in texts[:LISTED]]
    left = len(texts) - len(shown)
    return [*shown, *([f"-# and {left} more in the list below"] if left else [])]


def _described(one: MemberText, *, is_markdown: bool) -> str:
    words = " ".join(part for part in (one.words, one.link) if part)
    if not is_markdown:
        return f"{KIND_NAMES[one.key.kind]}: {' '.join(words.split())}"
    by = f"<@{one.user_id}>" if one.user_id else "a former member"
    return f"{KIND_NAMES[one.key.kind]} by {by}: {text.plain_line(words, WORDS)}"


def _options(texts: Sequence[MemberText]) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=text.cut(_described(one, is_markdown=False), 100), value=str(one.key))
        for one in texts[: parts.MAX_OPTIONS]
    ]
