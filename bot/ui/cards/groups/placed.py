"""The answer to forecasts on a group: each beside the crowd, row by row."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.domain.texts import listed
from bot.domain.types import Kind
from bot.services.forecasting.placing import CLIP, PlacedForecast
from bot.services.forecasting.together import PlacedTogether, UndoneTogether
from bot.services.groups.views import GroupView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.forecasting.thoughts import thought_lines
from bot.ui.cards.groups.card import counts_line, form_label, form_pages, group_card, value_of
from bot.ui.items import button


def placed_group_card(done: PlacedTogether, *, page: int) -> ui.LayoutView:
    """What was understood, beside the crowd now that the member may see it, and what they can do next. `page`: of the form."""
    group, progress = done.group, done.progress
    head = f"✅ You forecast **{len(done.placed)}** of “{text.plain(group.title)}”"
    labels = {row.view.code: row.label for row in group.rows}
    rows = "\n".join(_row_lines(labels[one.view.code], one) for one in done.placed)
    asked = thought_lines([*done.thoughts, *(thought for one in done.placed for thought in one.thoughts)][:3])
    tail = "\n".join(
        [*asked, *_crowd_lines(done), *_clip_lines(done), f"-# {progress.forecast} of {progress.open} forecast"]
    )
    further = _further(group, page)
    go_on = f"Next · {progress.left} left ▸" if progress.left else "Finish ▸"
    return parts.layout(
        ui.TextDisplay(head),
        ui.Separator(),
        ui.TextDisplay(rows),
        ui.Separator(),
        ui.TextDisplay(tail),
        parts.row(
            further,
            button(go_on, "next.go", style="secondary" if further else "primary"),
            button("Change", "group.form", f"{group.id}:{page}"),
            button("Undo", "group.undo", f"{group.id}:{'.'.join(str(one.forecast_id) for one in done.placed)}"),
            button("Show card", "group.show", group.id),
        ),
        colour=palette.GREEN,
    )


def undone_group_card(undone: UndoneTogether) -> ui.LayoutView:
    """The group, with what the member says on it now."""
    said = f"↩️ Took {text.count(undone.number, 'forecast')} back. Here's where you stand."
    return group_card(undone.group, private=True, said=said)


def _further(group: GroupView, page: int) -> ui.Item[Any] | None:
    """The next page of the form, where something on it waits for a forecast."""
    pages = form_pages(group)
    if page + 1 >= len(pages) or all(row.view.own for row in pages[page + 1]):
        return None
    return button(form_label(group, page + 1, has_own=False), "group.form", f"{group.id}:{page + 1}", style="primary")


def _row_lines(label: str, one: PlacedForecast) -> str:
    view = one.view
    was = f" (was {value_of(view, one.previous)})" if one.previous not in (None, one.values) and one.previous else ""
    own = f"**You** {value_of(view, one.values)}{was}"
    lines = [f"**{text.plain_line(label, 60)}** · #{view.code}"]
    if view.kind is Kind.BINARY:
        own = f"{parts.bar(one.values[0])} {own}"
    lines.append(own)
    if view.crowd is not None and view.crowd.members > 1:
        crowd = f"**Crowd** {value_of(view, view.crowd.values)}"
        lines.append(f"{parts.bar(view.crowd.values[0])} {crowd}" if view.kind is Kind.BINARY else crowd)
    return "\n".join(lines)


def _crowd_lines(done: PlacedTogether) -> list[str]:
    """How many forecasts the crowds are made of, and where the member is the first."""
    placed = {one.view.code for one in done.placed}
    shown = [row for row in done.group.rows if row.view.code in placed]
    alone = [row.label for row in shown if row.view.crowd is not None and row.view.crowd.members == 1]
    counts = counts_line([row.view for row in shown if row.label not in alone])
    lines = [counts] if counts else []
    if len(alone) == len(shown):
        return ["-# You're the first, so the crowd is just you for now."]
    if alone:
        lines.append(f"-# You're the first on {listed([text.plain_line(label, 60) for label in alone])}.")
    return lines


def _clip_lines(done: PlacedTogether) -> list[str]:
    if not any(one.is_clipped for one in done.placed):
        return []
    return [f"-# Saved as you said it; scores count nothing below {text.percent(CLIP)} or above {text.percent(1 - CLIP)}."]
