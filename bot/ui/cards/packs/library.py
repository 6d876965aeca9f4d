"""The library of packs, and what adopting or dropping one did."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.domain.paging import page_within
from bot.services.packs.library import DroppedPack, PackChange, PackReport, PackSummary
from bot.services.predictions.listing import ListFilters, ListShow
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.lists import encode
from bot.ui.items import button

PAGE_SIZE = 8
NAMED = 20
"""How many of the predictions that would be annulled are named."""


def packs_card(packs: list[PackSummary], number: int = 0, *, is_manager: bool = True) -> ui.LayoutView:
    """A page of the packs that a server has or can adopt, each with its button. A pack without predictions isn't offered."""
    packs = [pack for pack in packs if pack.predictions or pack.is_adopted]
    if not packs:
        return parts.layout(
            ui.TextDisplay("### Packs\nThe library is empty. Whoever runs this bot can fill it with `python -m bot load`.")
        )
    number, pages = page_within(len(packs), size=PAGE_SIZE, wanted=number)
    body: list[ui.Item[Any]] = [ui.TextDisplay("### Packs\nA pack is a document's predictions, ready to forecast on.")]
    if not is_manager:
        body.append(ui.TextDisplay("-# Managers can adopt more of them."))
    for pack in packs[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]:
        if pack.is_adopted:
            body.append(parts.beside(_line(pack), button("See them", "pack.open", pack.slug)))
        elif is_manager:
            body.append(parts.beside(_line(pack), button("Adopt", "pack.adopt", pack.slug, style="success")))
        else:
            body.append(ui.TextDisplay(_line(pack)))
    if pages > 1:
        body.append(
            parts.row(
                button("◂ Back", "pack.list", max(number - 1, 0), off=number == 0),
                button(f"Page {number + 1} of {pages}", "list.here", off=True),
                button("More ▸", "pack.list", number + 1, off=number == pages - 1),
            )
        )
    return parts.layout(*body)


def adopted_card(report: PackReport) -> ui.LayoutView:
    """What adopting did, for the manager."""
    created = report.count(PackChange.CREATED)
    is_back = bool(report.lines) and not created
    lines = [f"### {text.plain_line(report.title, 120)} is {'back' if is_back else 'adopted'}"]
    if created:
        codes = [line.code for line in report.lines if line.change is PackChange.CREATED and line.code is not None]
        lines.append(f"{text.count(created, 'prediction')}: #{min(codes)} to #{max(codes)}." if codes else "")
        if graded := sum(line.is_graded for line in report.lines):
            lines.append(f"{graded} of them came with the document's own result, so nobody here votes on those.")
    elif not report.lines:
        lines.append("It has no predictions" + (": its text breaks off before they start." if report.is_truncated else "."))
    else:
        lines.append(f"{text.count(len(report.lines), 'prediction')}, under the same codes as before.")
    if not report.has_channel:
        lines.append(parts.NO_CHANNEL)
    filters = encode(ListFilters(show=ListShow.ALL, pack=report.pack))
    buttons = parts.row(
        button("See them", "list.page", f"0|{filters}", style="primary"),
        button("Forecast them ▸", "next.go"),
        button("Undo…", "pack.drop", report.pack),
    )
    return parts.layout(ui.TextDisplay("\n".join(lines)), *([buttons] if report.lines else []), colour=palette.GREEN)


def announcement_card(pack: PackSummary) -> ui.LayoutView:
    """Says in the guild's channel that a pack was adopted."""
    by = f" by {text.authors_text(pack.authors)}" if pack.authors else ""
    written = f", written {text.written_text(pack.written)}" if pack.written else ""
    is_open = "all open" if pack.open == pack.predictions else f"{pack.open or 'none'} of them open"
    lines = [
        f"### 📚 New predictions: {text.plain_line(pack.title, 120)}",
        f"{text.count(pack.predictions, 'prediction')}{by}{written}, {is_open}.",
    ]
    if pack.open:
        lines.append("How likely is each one? Walk through them, or pick from the list.")
    filters = encode(ListFilters(show=ListShow.ALL, pack=pack.slug))
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("Forecast them ▸", "next.go", style="primary") if pack.open else None,
            button("See them", "list.page", f"0|{filters}"),
        ),
    )


def dropped_card(dropped: DroppedPack) -> ui.LayoutView:
    """What dropping did, for the manager."""
    lines = [f"### {text.plain_line(dropped.title, 120)} is dropped"]
    if dropped.annulled:
        lines.append(
            f"{text.count(dropped.annulled, 'prediction')} without forecasts {'was' if dropped.annulled == 1 else 'were'} annulled."
        )
    if dropped.kept:
        lines.append(
            f"{text.count(dropped.kept, 'prediction')} that members have forecast {'stays' if dropped.kept == 1 else 'stay'}."
        )
    return parts.layout(ui.TextDisplay("\n".join(lines)))


def drop_lines(dropped: DroppedPack) -> list[str]:
    """What dropping would do, before it's done."""
    lines = [f"### Drop {text.plain_line(dropped.title, 120)}?"]
    if dropped.annulled:
        named = ", ".join(f"#{code}" for code in dropped.codes[:NAMED])
        more = f" and {dropped.annulled - NAMED} more" if dropped.annulled > NAMED else ""
        verb = "is" if dropped.annulled == 1 else "are"
        lines.append(f"{text.count(dropped.annulled, 'prediction')} without forecasts {verb} annulled: {named}{more}.")
    if dropped.kept:
        stays = "stays" if dropped.kept == 1 else "stay"
        lines.append(
            f"{text.count(dropped.kept, 'prediction')} with {text.count(dropped.forecasts, 'forecast')} {stays}, on their own."
        )
    lines.append("-# You can bring it back with `/pack adopt`.")
    return lines


def _line(pack: PackSummary) -> str:
    mark = "✅" if pack.is_adopted else "📄"
    about = f"{text.authors_text(pack.authors)}" + (f", {text.written_text(pack.written)}" if pack.written else "")
    if not pack.predictions:
        state = "no predictions: its text breaks off before they start" if pack.is_truncated else "no predictions"
    elif pack.is_adopted:
        state = f"adopted · {pack.open} of {pack.predictions} open · {text.count(pack.forecasters, 'forecast')}"
        if pack.homes is not None and not pack.homes.is_done:
            state += f" · {pack.homes.made} of {pack.homes.wanted} homes made"
    else:
        state = text.count(pack.predictions, "prediction")
    return f"{mark} **{text.plain_line(pack.title, 120)}**\n-# {about} · {state}"
