"""What became of an uploaded file: refused, without predictions, loaded, undone or discarded; and what was left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.documents.models import LeftOut, PredictionFile
from bot.services.packs.importing import ImportedPack, UndoneImport
from bot.services.packs.library import PackChange
from bot.services.predictions.listing import ListFilters, ListShow
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.lists import encode
from bot.ui.items import button

_LISTED = 3400


def left_out_card(import_id: int, file: str, document: PredictionFile) -> tuple[ui.LayoutView, discord.File | None]:
    """What looks like a prediction in a document but was left out, with the reasons."""
    heading = f"### Left out of {text.plain_line(file, 80)}\nThese look like predictions, but I left them out."
    listed, whole = _left_out(document.left_out)
    back = parts.row(button("Back to the list", "import.back", f"{import_id}:1"))
    view = parts.layout(ui.TextDisplay(f"{heading}\n{listed}"), *([ui.File[Any](whole)] if whole else []), back)
    return view, whole


def problems_card(file: str, problems: Sequence[str]) -> tuple[ui.LayoutView, discord.File | None]:
    """What's wrong with an uploaded file. Nothing was stored."""
    lines = [f"{'- ' if len(problems) > 1 else ''}{text.plain_cut(problem, 500)}" for problem in problems]
    shown = text.fitting(lines, _LISTED)
    whole = (
        parts.text_file("\n".join(problems) + "\n", "problems.txt") if _is_short_of(shown, lines, problems, 500) else None
    )
    heading = f"⚠️ {text.plain_line(file, 80)} wasn't imported. Nothing was stored."
    return _card([heading, *shown], len(lines) - len(shown), whole), whole


def nothing_found_card(
    file: str, document: PredictionFile, warnings: Sequence[str]
) -> tuple[ui.LayoutView, discord.File | None]:
    """A document without predictions: what was left out, and why."""
    lines = [f"⚠️ I found no predictions in {text.plain_line(file, 80)}. Nothing was stored."]
    lines += [f"-# {text.plain_line(warning, 200)}" for warning in warnings if warning != "no predictions were found"]
    whole = None
    if document.left_out:
        listed, whole = _left_out(document.left_out)
        lines += ["These look like predictions, but I left them out:", listed]
    else:
        lines.append(
            "The importer looks for statements with a probability, lists under a “Predictions” heading, and table columns of "
            "predictions. To add one by hand, use /prediction add."
        )
    return _card(lines, 0, whole), whole


def imported_card(imported: ImportedPack) -> ui.LayoutView:
    """What was loaded, with Undo."""
    report = imported.report
    codes = [line.code for line in report.lines if line.change is PackChange.CREATED and line.code is not None]
    changes = [
        f"{text.count(report.count(change), 'prediction')} {words}"
        for change, words in (
            (PackChange.CREATED, f"new: {_codes_text(codes)}"),
            (PackChange.UPDATED, "changed"),
            (PackChange.UNCHANGED, "unchanged"),
            (PackChange.WITHDRAWN, "removed"),
        )
        if report.count(change)
    ]
    lines = [
        f"### {text.plain_line(report.title, 120)} is {'up to date' if imported.is_update else 'loaded'}",
        "; ".join(changes) + ".",
        *(f"-# #{line.code}: {text.plain_line(line.note, 160)}" for line in report.lines[:10] if line.note),
        "-# You can undo this until a member forecasts or votes on one of them.",
    ]
    filters = encode(ListFilters(show=ListShow.ALL, pack=report.pack))
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("See them", "list.page", f"0|{filters}", style="primary"),
            button("Forecast them ▸", "next.go"),
            button("Undo", "import.undo", imported.import_id, style="danger"),
        ),
        colour=palette.GREEN,
    )


def undone_card(undone: UndoneImport) -> ui.LayoutView:
    """What Undo did."""
    title = text.plain_line(undone.title, 120)
    if undone.is_update:
        what = "it" if undone.taken_back == 1 else "they"
        told = (
            f"{text.count(undone.taken_back, 'prediction')} {_were(undone.taken_back)} restored to what {what} said before."
        )
    else:
        told = (
            f"{text.count(undone.taken_back, 'prediction')} {_were(undone.taken_back)} annulled. "
            "Import the file again to bring them back under the same codes."
        )
    return parts.layout(ui.TextDisplay(f"### Undid the import of {title}\n{told}"))


def discarded_card(file: str) -> ui.LayoutView:
    """The draft is gone."""
    return parts.layout(ui.TextDisplay(f"Discarded {text.plain_line(file, 80)}. Nothing was loaded."), colour=None)


def _left_out(items: tuple[LeftOut, ...]) -> tuple[str, discord.File | None]:
    whole = [f"line {item.line}: {item.what}\n    {item.reason}" for item in items]
    lines = [
        f"- {f'line {item.line}: ' if item.line else ''}{text.plain_line(item.what, 120)}\n"
        f"-# {text.plain_line(item.reason, 160)}"
        for item in items
    ]
    shown = text.fitting(lines, 2800)
    is_cut = len(shown) < len(lines) or any(len(text.plain(item.what)) > 120 or len(item.reason) > 160 for item in items)
    file = parts.text_file("\n".join(whole) + "\n", "left-out.txt") if is_cut else None
    more = f"\n-# and {len(lines) - len(shown)} more, in the file" if len(shown) < len(lines) else ""
    return "\n".join(shown) + more, file


def _is_short_of(shown: list[str], lines: list[str], whole: Sequence[str], limit: int) -> bool:
    return len(shown) < len(lines) or any(len(text.plain(words)) > limit for words in whole)


def _card(lines: list[str], more: int, whole: discord.File | None) -> ui.LayoutView:
    body = [*lines, f"-# and {more} more, in the file"] if more else lines
    return parts.layout(ui.TextDisplay("\n".join(body)), *([ui.File[Any](whole)] if whole else []), colour=palette.RED)


def _codes_text(codes: list[int]) -> str:
    if not codes:
        return ""
    return f"#{codes[0]}" if len(codes) == 1 else f"#{min(codes)} to #{max(codes)}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
