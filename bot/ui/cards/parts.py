"""What several cards share."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.domain.types import Kind, State
from bot.services.views import PredictionView
from bot.ui import text

COLOURS = {
    State.DRAFT: 0x747F8D,
    State.OPEN: 0x3BA55D,
    State.CLOSED: 0x747F8D,
    State.VOTING: 0xFAA61A,
    State.PROVISIONAL: 0xFAA61A,
    State.RESOLVED: 0x5865F2,
    State.ANNULLED: 0x4F545C,
    State.REOPENED: 0xFAA61A,
}
BLUE = 0x5865F2


def layout(*children: ui.Item[Any], colour: int | None = BLUE) -> ui.LayoutView:
    """One framed message of these parts."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*children, accent_colour=colour))
    return view


def row(*items: ui.Item[Any] | None) -> ui.ActionRow[Any]:
    """A row of up to five buttons, or one select; None is left out."""
    return ui.ActionRow(*(item for item in items if item is not None))


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


def crowd_line(view: PredictionView) -> str:
    """How many have forecast and, where it may be seen, what the crowd says."""
    how_many = text.count(view.forecasters, "forecast")
    if view.crowd is not None:
        shown = text.value_text(view.kind, view.crowd.values, options=view.options, unit=view.unit)
        if view.kind is Kind.BINARY and view.crowd.members > 2:
            shown += f" (half of them between {text.percent(view.crowd.lower[0])} and {text.percent(view.crowd.upper[0])})"
        return f"**Crowd** {shown} · {how_many}"
    if view.crowd_is_hidden:
        return f"**{how_many}** · the crowd's number shows once you have made yours"
    return "**No forecasts yet**" + (" · be the first" if view.is_open else "")


def author_line(view: PredictionView) -> str | None:
    """What the document's author stated: a number where there is one, the words otherwise, or the range claimed."""
    if view.source_title is None:
        return None
    name = (
        text.plain_line(view.details["forecaster"], 60)
        if "forecaster" in view.details
        else text.authors_text(view.source_authors)
    )
    name = "The document" if name == "unknown author" else name
    if view.author_values is not None:
        qualifier = view.details.get("qualifier", "")
        return (
            f"**{name}** {qualifier}{text.value_text(view.kind, view.author_values, options=view.options, unit=view.unit)}"
        )
    if view.author_is_hidden:
        return f"**{name}** gave a probability; it shows once you have made your forecast"
    said = f"says “{text.plain_line(view.details['verbal'], 60)}”" if "verbal" in view.details else "gives no probability"
    claim = text.claim_text(view.details["numeric"]) if "numeric" in view.details else None
    return f"**{name}** {said}" + (f", {claim}" if claim and view.kind is Kind.NUMERIC else "")


def own_line(view: PredictionView) -> str | None:
    """The reader's own standing forecast."""
    if view.own is None:
        return None
    shown = text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit)
    return f"**You** {shown} · {text.moment(view.own.created_at)}"


def source_line(view: PredictionView) -> str | None:
    """Where the prediction comes from."""
    if view.source_title is None:
        by = f"added by <@{view.added_by}>" if view.added_by else None
        link = f"[the message]({view.link})" if view.link else None
        parts = [part for part in (by, f"from {link}" if link else None) if part]
        return "-# " + " ".join(parts) if parts else None
    title = text.plain_line(view.source_title, 80)
    if view.source_url:
        title = f"[{title}]({view.source_url})"
    return "-# From " + " · ".join(
        part for part in (title, text.authors_text(view.source_authors), text.written_text(view.source_written)) if part
    )
