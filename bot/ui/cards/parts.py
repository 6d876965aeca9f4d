"""What several cards share."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.seasons import ALL_TIME, Season
from bot.domain.types import Kind, Relation, State
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.items import CardView, button

COLOURS = {
    State.DRAFT: palette.GREY,
    State.OPEN: palette.GREEN,
    State.CLOSED: palette.GREY,
    State.VOTING: palette.AMBER,
    State.PROVISIONAL: palette.AMBER,
    State.RESOLVED: palette.BLUE,
    State.ANNULLED: palette.DARK_GREY,
    State.REOPENED: palette.AMBER,
}
_PARENT_WORDS = {
    Relation.CONDITIONAL: "Only counts if",
    Relation.REQUIRES: "Needs",
    Relation.INSTANCE: "A case of",
    Relation.CONSEQUENCE: "Would follow from",
}
MIDDLE_HALF_FROM = 5
"""With fewer forecasts, where their middle half lies says little."""
MAX_OPTIONS = 25
"""The most options a select can have."""
IN_A_ROW = 5
"""The most buttons a row can have."""
BAR = 10
MAX_TEXT = 4000
"""The most characters Discord takes in all the texts of a message."""

NO_CHANNEL = "⚠️ Nothing will be posted until you choose a channel with `/settings guild channel:`."
"""For managers whose server has no channel for posts."""


def layout(*children: ui.Item[Any], colour: int | None = palette.BLUE) -> ui.LayoutView:
    """One framed message made of these parts. If the texts are longer than Discord takes, the longest is cut."""
    view = CardView()
    view.add_item(ui.Container(*children, accent_colour=colour))
    _cut([item for item in view.walk_children() if isinstance(item, ui.TextDisplay)], MAX_TEXT)
    return view


def _cut(texts: Sequence[ui.TextDisplay[Any]], room: int) -> None:
    """Cut the longest of these texts until all of them fit."""
    while (excess := sum(len(display.content) for display in texts) - room) > 0:
        longest = max(texts, key=lambda display: len(display.content))
        longest.content = text.cut(longest.content, max(1, len(longest.content) - excess))


def add_call(card: ui.LayoutView, *, user_ids: Sequence[int], role_id: int | None) -> None:
    """Say under a card whom it mentions; what's too long together is cut at the longest text."""
    named = [*([] if role_id is None else [f"<@&{role_id}>"]), *(f"<@{user_id}>" for user_id in user_ids)]
    if not named:
        return
    line = ui.TextDisplay[ui.LayoutView](f"-# 🔔 For {', '.join(named)}")
    _cut([item for item in card.walk_children() if isinstance(item, ui.TextDisplay)], MAX_TEXT - len(line.content))
    card.add_item(line)


def joined(cards: Sequence[ui.LayoutView]) -> ui.LayoutView:
    """Several cards in one message, each in its own frame; what's too long together is cut at the longest text."""
    view = CardView()
    texts = [item for card in cards for item in card.walk_children() if isinstance(item, ui.TextDisplay)]
    _cut(texts, MAX_TEXT)
    for card in cards:
        for child in card.children:
            view.add_item(child)
    return view


def text_length(section: ui.Item[Any]) -> int:
    """How many characters a section's texts have."""
    assert isinstance(section, ui.Section)
    return sum(len(item.content) for item in section.walk_children() if isinstance(item, ui.TextDisplay))


def text_file(words: str, name: str) -> discord.File:
    """A file for words too long for a card. The card shows it with `attached`."""
    return discord.File(io.BytesIO(words.encode()), filename=name)


def attached(file: discord.File | None) -> list[ui.Item[Any]]:
    """Where a card shows its file; nothing without one."""
    if file is None:
        return []
    shown: ui.File[Any] = ui.File(file)
    return [shown]


def row(*items: ui.Item[Any] | None) -> ui.ActionRow[Any]:
    """A row of up to five buttons, or one select; None is left out."""
    return ui.ActionRow(*(item for item in items if item is not None))


def rows(*buttons: ui.Item[Any] | None) -> list[ui.ActionRow[Any]]:
    """As many rows as these buttons need, five in each; None is left out."""
    there = [one for one in buttons if one is not None]
    return [row(*there[start : start + IN_A_ROW]) for start in range(0, len(there), IN_A_ROW)]


def turns(action: str, number: int, pages: int, argument: Callable[[int], object], *, here: str) -> list[ui.Item[Any]]:
    """Buttons to the pages before and after; none if there's one page. `argument`: what a button to that page carries; `here`:
    the action of the one between, which does nothing."""
    if pages == 1:
        return []
    return [
        button("◂ Back", action, argument(max(number - 1, 0)), off=number == 0),
        button(f"Page {number + 1} of {pages}", here, off=True),
        button("More ▸", action, argument(number + 1), off=number == pages - 1),
    ]


def beside(words: str, item: ui.Item[Any]) -> ui.Section[Any]:
    """Words with a button at their right."""
    return ui.Section[Any](ui.TextDisplay(words), accessory=item)


def heading(view: PredictionView) -> str:
    """The prediction's code and statement."""
    return f"### #{view.code} · {text.plain(view.statement)}"


def status_line(view: PredictionView) -> str:
    """State, kind and dates, in small print."""
    parts = [text.STATE_NAMES[view.state]]
    if view.kind is not Kind.BINARY:
        parts.append(text.KIND_NAMES[view.kind])
    parts.append(text.by_date(view.resolves_at))
    if view.is_open and view.closes_at and view.closes_at != view.resolves_at:
        parts.append(f"forecasts close {text.moment(view.closes_at)}")
    return "-# " + " · ".join(parts)


def group_line(view: PredictionView) -> str | None:
    """Its label, and the group that it's in."""
    if view.group is None:
        return None
    return f"-# {text.plain_line(view.group.label, 60)} in the group “{text.plain_line(view.group.title, 100)}”"


def bar(share: float) -> str:
    """A share in blocks, few enough to stand beside its number on a phone."""
    full = round(BAR * share)
    return "▰" * full + "▱" * (BAR - full)


def parent_text(view: PredictionView) -> str | None:
    """What it depends on: Only counts if #14: …"""
    parent = view.parent
    if parent is None:
        return None
    fails = " doesn't come true" if parent.is_negated else ""
    return f"{_PARENT_WORDS[parent.relation]} #{parent.code}{fails}: {text.plain_line(parent.statement, 120)}"


def crowd_line(view: PredictionView, *, limit: int = 4) -> str:
    """How many have forecast and, if the reader may see it, what the crowd says, with up to `limit` options."""
    how_many = text.count(view.forecasters, "forecast")
    if view.crowd is not None:
        shown = text.value_text(view.kind, view.crowd.values, options=view.options, unit=view.unit, limit=limit)
        if view.kind is Kind.BINARY and view.crowd.members >= MIDDLE_HALF_FROM:
            shown += f" · middle half {text.percent_range(view.crowd.lower[0], view.crowd.upper[0])}"
        return f"**Crowd** {shown} · {how_many}"
    if view.crowd_is_hidden:
        return f"**{how_many}** · the crowd is hidden until you make yours"
    return "**No forecasts yet** · be the first" if view.is_open else "**No forecasts**"


def experienced_line(view: PredictionView, *, limit: int = 4) -> str | None:
    """What the experienced crowd says, beside the crowd, and how it did once there's a result."""
    if view.experienced is None:
        return None
    shown = text.value_text(view.kind, view.experienced.values, options=view.options, unit=view.unit, limit=limit)
    told = scores_text(view.experienced.peer, view.experienced.baseline)
    return f"**Experienced crowd** {shown}" + (f" · {told}" if told else "")


def author_line(view: PredictionView) -> str | None:
    """What the document's author stated: a number if there is one, otherwise the words or the claimed range."""
    if view.source_title is None:
        return None
    name = (
        text.plain_line(view.details["forecaster"], 60)
        if "forecaster" in view.details
        else text.authors_text(view.source_authors)
    )
    if "forecaster" not in view.details and not view.source_authors:
        name = text.plain_line(view.source_title, 60)
    if view.author_values is not None:
        qualifier = view.details.get("qualifier", "")
        return (
            f"**{name}** {qualifier}{text.value_text(view.kind, view.author_values, options=view.options, unit=view.unit)}"
        )
    if "forecasters" in view.details:
        return text.forecasters_text(view.details["forecasters"])
    if view.author_is_hidden:
        return f"**{name}** gave a forecast, hidden until you make yours"
    are_several = "forecaster" not in view.details and len(view.source_authors) > 1
    say, give = ("say", "give") if are_several else ("says", "gives")
    said = f"{say} “{text.plain_line(view.details['verbal'], 60)}”" if "verbal" in view.details else f"{give} no probability"
    claim = text.claim_text(view.details["numeric"]) if "numeric" in view.details else None
    return f"**{name}** {said}" + (f", {claim}" if claim and view.kind is Kind.NUMERIC else "")


def own_line(view: PredictionView) -> str | None:
    """The reader's own current forecast."""
    if view.own is None:
        return None
    shown = text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit)
    return f"**You** {shown} · {text.moment(view.own.created_at)}"


def document_line(view: PredictionView) -> str | None:
    """What its document says happened: as the result, or as a claim for the members to decide on."""
    if "outcome" not in view.details:
        return None
    said = text.plain_line(str(view.details["outcome"]), 80)
    if view.is_graded:
        return f"**Result** {said} · as the document itself says; nobody here voted"
    return f"-# The document says: {said}. " + ("Members decided." if view.outcome is not None else "Members decide.")


def own_score_line(view: PredictionView) -> str | None:
    """The reader's scores on a resolved prediction."""
    score = view.own_score
    if score is None:
        return None
    told = scores_text(score.peer, score.baseline)
    return f"**Your score** {told} · {coverage_text(score.coverage)}"


def scores_text(peer: float | None, baseline: float | None) -> str:
    """peer +12.3 · baseline +45.6, leaving out what there's none of; higher is better."""
    scores = (("peer", peer), ("baseline", baseline))
    return " · ".join(f"{name} {text.signed(score)}" for name, score in scores if score is not None)


def coverage_text(coverage: float) -> str:
    """forecasting 60% of the time: for how much of the time there was a forecast."""
    return f"forecasting {text.whole_percent(coverage)} of the time"


def source_line(view: PredictionView, *, authors: int = 2) -> str:
    """Where the prediction comes from, with up to `authors` of them by name."""
    if view.source_title is None:
        by = f"<@{view.added_by}>" if view.added_by else "a former member"
        return f"-# Added by {by}" + (f" from {message}" if (message := text.link("a message", view.link)) else "")
    title = text.plain_line(view.source_title, 80)
    question = text.link("question", view.link)
    title = text.link(title, view.source_url) or title
    return "-# From " + " · ".join(
        part
        for part in (
            title,
            text.authors_text(view.source_authors, limit=authors) if view.source_authors else "",
            text.written_text(view.source_written),
            question,
        )
        if part
    )


def season_options(season: Season, seasons: Sequence[Season]) -> list[discord.SelectOption]:
    """All time and these seasons to choose from, as many as fit, always with the current one."""
    offered: list[Season] = [ALL_TIME, *seasons][:MAX_OPTIONS]
    if season not in offered:
        offered[-1] = season
    return [discord.SelectOption(label=str(one), value=str(one), default=one == season) for one in offered]
