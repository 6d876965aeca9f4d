"""One prediction of an uploaded file under review: everything that was read, with the words it was read from."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.documents.models import FilePrediction
from bot.domain.types import Kind, Sureness
from bot.services.packs.reviewing import ReviewItem
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.items import button

SURENESS = {Sureness.HIGH: "clear", Sureness.MEDIUM: "please check", Sureness.LOW: "unsure"}
_CRITERIA, _RAW, _BASIS, _NOTES = 900, 120, 200, 400
"""How many characters of each are shown. The file that comes with the card has all."""


def item_card(item: ReviewItem) -> tuple[ui.LayoutView, discord.File | None]:
    """Everything that was read of one prediction, with the words it was read from; and a file if the card cuts some."""
    shown, happened = item.prediction, item.prediction.result_words
    state = "dropped" if item.is_dropped else "corrected" if item.is_corrected else "kept"
    lines = [
        f"### {item.number} of {item.of} · {state}",
        f"**{text.plain(shown.statement)}**",
        *(f"⚠️ {text.plain_line(doubt, 120)}" for doubt in item.doubts),
        f"**Probability** {_probability_text(shown)}",
        f"**Date** {_date_text(shown)}",
        _two_readings(shown),
        f"**What happened** {'' if item.is_corrected else 'the document says: '}{text.plain_line(happened, 80)}"
        if happened
        else None,
        f"**Kind** {text.KIND_NAMES[shown.kind]}" if shown.kind is not Kind.BINARY else None,
        "**Options** " + ", ".join(text.plain_line(option.name, 40) for option in shown.options) if shown.options else None,
        _quantity_text(shown),
        f"**Criteria** {text.plain_cut(shown.criteria, _CRITERIA)}" if shown.criteria else "**Criteria** none",
        f"**Depends on {item.parent[0]}** {text.plain_line(item.parent[1], 120)}" if item.parent else None,
        _children_text(item.children),
        f"**Section** {text.plain_line(shown.section, 120)}" if shown.section else None,
        f"-# {_found_text(item)}",
        f"-# {text.plain_line(shown.notes, _NOTES)}" if shown.notes else None,
    ]
    file = parts.text_file(_whole_text(item), f"prediction-{item.number}.txt") if _is_cut(shown) else None
    place = f"{item.import_id}:{item.number}"
    toggle = (
        button("Keep", "import.keep", place, style="success")
        if item.is_dropped
        else button("Drop", "import.drop", place, style="danger")
    )
    view = parts.layout(
        ui.TextDisplay("\n".join(line for line in lines if line)),
        *([ui.File[Any](file)] if file else []),
        parts.row(
            button("Correct…", "import.correct", place, style="primary"),
            toggle,
            button("◂ Previous", "import.item", f"{item.import_id}:{item.number - 1}", off=item.number == 1),
            button("Next ▸", "import.item", f"{item.import_id}:{item.number + 1}", off=item.number == item.of),
            button("Back to the list", "import.back", place),
        ),
        colour=palette.AMBER if item.doubts and not item.is_dropped else palette.BLUE,
    )
    return view, file


def _probability_text(item: FilePrediction) -> str:
    if (values := item.stated_values) is not None:
        names = tuple(option.name for option in item.options)
        unit = item.numeric.unit if item.numeric is not None else None
        shown = f"{item.qualifier or ''}{text.value_text(item.kind, values, options=names, unit=unit)}"
        return shown + (f", from “{text.plain_line(item.probability_raw, _RAW)}”" if item.probability_raw else "")
    if item.forecasters:
        return text.forecasters_text([one.model_dump() for one in item.forecasters])
    said = item.verbal or item.probability_raw
    return f"none; the document says “{text.plain_line(said, _RAW)}”" if said else "none stated"


def _date_text(item: FilePrediction) -> str:
    window = item.window
    shown = f"by {text.day(window.end)}" if window.end else "none"
    if window.start and window.end:
        shown = text.day_range(window.start, window.end)
    if window.relative:
        shown += f" ({text.plain_line(window.relative, 60)})"
    if window.raw:
        shown += f" (read from “{text.plain_line(window.raw, _RAW)}”)"
    repeats_raw = bool(window.raw and window.basis and f"“{window.raw}”" in window.basis)
    return shown + (f": {text.plain_line(window.basis, _BASIS)}" if window.basis and not repeats_raw else "")


def _children_text(children: int) -> str | None:
    if not children:
        return None
    if children == 1:
        return "1 other prediction depends on this one. If you drop it, that one stays as an independent prediction."
    return f"{children:,} other predictions depend on this one. If you drop it, they stay as independent predictions."


def _two_readings(item: FilePrediction) -> str | None:
    window = item.window
    if window.end_strict is None or window.end is None or window.end_strict == window.end:
        return None
    return f"-# It can mean by {text.day(window.end_strict)} or by {text.day(window.end)}. The later one counts."


def _quantity_text(item: FilePrediction) -> str | None:
    claim = text.claim_text(item.numeric.model_dump()) if item.numeric is not None else None
    return f"**Claimed** {claim}" if claim else None


def _found_text(item: ReviewItem) -> str:
    read = item.as_read
    facts = [
        f"line {read.line}" if read.line else "",
        f"“{text.plain_line(read.anchor, 120)}”" if read.anchor else "",
        SURENESS[read.sureness] if read.sureness else "",
    ]
    found = " · ".join(fact for fact in facts if fact)
    return f"Found at {found}" if found else f"Id in the file: {text.plain_line(read.id, 64)}"


def _is_cut(item: FilePrediction) -> bool:
    window = item.window
    limits = [
        (item.criteria, _CRITERIA),
        (item.notes, _NOTES),
        (window.raw, _RAW),
        (window.basis, _BASIS),
        (item.section, 120),
        (item.verbal, _RAW),
        (item.probability_raw, _RAW),
        *((option.name, 40) for option in item.options),
    ]
    return any(len(text.plain(words)) > limit for words, limit in limits if words) or len(item.options) > 4


def _whole_text(item: ReviewItem) -> str:
    """All words of an item, corrections included."""
    shown = item.prediction
    chapters = {
        "Criteria": shown.criteria,
        "Options": "\n".join(option.name for option in shown.options),
        "Probability, in the document's words": shown.probability_raw or shown.verbal,
        "Window": "\n".join(words for words in (shown.window.raw, shown.window.basis) if words),
        "Section": shown.section,
        "Notes": shown.notes,
    }
    told = [f"{title}\n\n{words}" for title, words in chapters.items() if words]
    return "\n\n\n".join([f"{item.number} of {item.of}\n\n{shown.statement}", *told]) + "\n"
