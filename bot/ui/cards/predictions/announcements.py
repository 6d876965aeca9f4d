"""What gets posted at a prediction's home."""

from __future__ import annotations

import discord
from discord import ui

from bot.services.announcements import Clarification, MovedDate, ReasonPost
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.reasons import said_text
from bot.ui.items import button

HAS_FORECAST = "-# They'd forecast on it themselves."


def clarification_card(news: Clarification) -> tuple[ui.LayoutView, discord.File | None]:
    """What changed, so that members can check their forecasts; with a file if the words are too long."""
    view = news.view
    by = f" by <@{news.changed_by}>" if news.changed_by else ""
    lines = [f"### ✏️ #{view.code} was clarified{by}", *([HAS_FORECAST] if news.is_interested else [])]
    if news.old_statement != view.statement:
        lines += [f"**Before** {text.plain(news.old_statement)}", f"**Now** {text.plain(view.statement)}"]
    file = None
    if news.old_criteria != view.criteria:
        old, new = news.old_criteria or "none", view.criteria or "none"
        room = (parts.MAX_TEXT - sum(map(len, lines)) - 120) // 2
        lines += [f"**Criteria before** {text.plain_cut(old, room)}", f"**Criteria now** {text.plain_cut(new, room)}"]
        if max(len(text.plain(old)), len(text.plain(new))) > room:
            words = f"Criteria before\n\n{old}\n\n\nCriteria now\n\n{new}\n"
            file = parts.text_file(words, f"clarification-{view.code}.txt")
    lines.append("-# Does your forecast still fit?")
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        *parts.attached(file),
        _buttons(view.code, is_open=view.is_open),
        colour=palette.AMBER,
    ), file


def moved_card(news: MovedDate) -> ui.LayoutView:
    """A date that was moved after members had forecast: the old one and the new one."""
    view = news.view
    by = f" by <@{news.user_id}>" if news.user_id else ""
    lines = [
        f"### 📅 #{view.code} has a new date{by}",
        *([HAS_FORECAST] if news.is_interested else []),
        text.plain_line(view.statement, 200),
        f"**Before** {text.by_date(news.old)}",
        f"**Now** {text.by_date(view.resolves_at)}",
        "-# Does your forecast still fit?",
    ]
    return parts.layout(ui.TextDisplay("\n".join(lines)), _buttons(view.code, is_open=view.is_open), colour=palette.AMBER)


def reason_card(posted: ReasonPost) -> ui.LayoutView:
    """A member's reason, with their forecast once everyone may see the crowd."""
    view, reason = posted.view, posted.reason
    said = said_text(view, reason)
    words = "\n".join(f"> {line}" for line in text.plain(reason.words).splitlines() if line.strip())
    says = f" says **{said}**" if said else ""
    lines = [f"💬 <@{reason.user_id}>{says} on **#{view.code}** {text.plain_line(view.statement, 160)}", words]
    return parts.layout(ui.TextDisplay("\n".join(lines)), _buttons(view.code, is_open=view.is_open))


def _buttons(code: int, *, is_open: bool) -> ui.ActionRow[ui.LayoutView]:
    return parts.row(
        button("Forecast", "forecast.open", code, style="primary", emoji="🎯") if is_open else None,
        button("Details", "card.details", code),
    )
