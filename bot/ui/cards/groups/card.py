"""The card of a group: a row for each prediction, and one form to forecast on all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.outcomes import Outcome
from bot.domain.texts import listed
from bot.domain.times import last_day_before
from bot.domain.types import Kind, State
from bot.services.forecasting.walk import NextPrediction
from bot.services.groups.views import GroupRow, GroupView
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import outcome_text
from bot.ui.items import button, select

SHORT_CRITERIA = 300
LABEL = 60
"""How many characters of a label are shown, escapes included."""
PER_FORM = 5
"""As many fields as Discord's forms have."""
_STATES = {
    State.DRAFT: "waits for approval",
    State.CLOSED: "closed, waiting for its vote",
    State.VOTING: "🗳️ vote open",
    State.PROVISIONAL: "provisional result",
    State.REOPENED: "reopened",
}


def group_card(
    group: GroupView, *, private: bool, walk: NextPrediction | None = None, said: str | None = None, is_preview: bool = False
) -> ui.LayoutView:
    """The card. Public: what everyone may see. Private: also the reader's own forecasts, and the crowd where they may see it.
    In a walk, it also says how far they've come; `said` comes above. A preview has no buttons."""
    head = [said] if said else []
    head += [f"### {text.plain(group.title)}", _size_line(group)]
    shared = {row.view.criteria for row in group.rows}
    if len(shared) == 1 and (criteria := next(iter(shared))):
        head.append(text.plain_cut(criteria, SHORT_CRITERIA))
    rows = [_row_lines(row, private=private) for row in group.rows]
    body: list[ui.Item[Any]] = [
        ui.TextDisplay("\n".join(head)),
        ui.Separator(),
        ui.TextDisplay("\n".join(rows)),
    ]
    if small := [line for line in (counts_line([row.view for row in group.rows]), _hidden_line(group)) if line]:
        body.append(ui.TextDisplay("\n".join(small)))
    if not is_preview:
        body += _controls(group, private=private, walk=walk)
    if walk is not None:
        progress = walk.progress
        body.append(ui.TextDisplay(f"-# {progress.open - progress.left + 1} of {progress.open}"))
    return parts.layout(*body, colour=_colour(group))


def ended_group_card() -> ui.LayoutView:
    """What stays of the card of a group that was taken apart, or that nobody may see."""
    said = "This group was taken apart. Its predictions go on by themselves."
    return parts.layout(ui.TextDisplay(said), parts.row(button("See what's open", "list.all")), colour=palette.DARK_GREY)


def form_pages(group: GroupView) -> list[tuple[GroupRow, ...]]:
    """The open predictions, split evenly over as few forms as hold them."""
    rows = group.open_rows
    pages = -(-len(rows) // PER_FORM)
    return [rows[len(rows) * at // pages : len(rows) * (at + 1) // pages] for at in range(pages)]


def value_of(view: PredictionView, values: tuple[float, ...]) -> str:
    """A forecast in one short phrase."""
    return text.value_text(view.kind, values, options=view.options, unit=view.unit, limit=2)


def counts_line(views: Sequence[PredictionView]) -> str | None:
    """How many forecasts the crowds that are shown are made of; beside each, that would break its line on a phone."""
    counts = sorted(view.forecasters for view in views if view.crowd is not None)
    if not counts:
        return None
    number = "" if counts[0] == counts[-1] else f"{counts[0]} to "
    return f"-# {number}{text.count(counts[-1], 'forecast')} in {'each' if len(counts) > 1 else 'the'} crowd"


def _size_line(group: GroupView) -> str:
    open_ones = len(group.open_rows)
    said = ["Group", text.count(len(group.rows), "prediction")]
    if open_ones < len(group.rows):
        said.append(f"{open_ones or 'none'} open")
    return "-# " + " · ".join(said)


def _row_lines(row: GroupRow, *, private: bool) -> str:
    view = row.view
    lines = [f"**{text.plain_line(row.label, LABEL)}** · {_state_text(view)} · #{view.code}", _crowd_text(view)]
    if private and view.own is not None:
        own = f"**You** {value_of(view, view.own.values)}"
        lines.append(f"{parts.bar(view.own.values[0])} {own}" if view.kind is Kind.BINARY else own)
    return "\n".join(lines)


def _state_text(view: PredictionView) -> str:
    if view.outcome is not None and view.state in (State.RESOLVED, State.ANNULLED):
        return f"**{outcome_text(view, Outcome(view.outcome, view.outcome_value))}**"
    if view.is_open:
        return "no date yet" if view.resolves_at is None else f"by {text.day(last_day_before(view.resolves_at))}"
    return _STATES.get(view.state, text.STATE_NAMES[view.state].lower())


def _crowd_text(view: PredictionView) -> str:
    how_many = text.count(view.forecasters, "forecast")
    if view.crowd is None:
        return f"-# {how_many}" if view.forecasters else "-# No forecasts yet" if view.is_open else "-# No forecasts"
    said = f"**Crowd** {value_of(view, view.crowd.values)}"
    return f"{parts.bar(view.crowd.values[0])} {said}" if view.kind is Kind.BINARY else said


def _hidden_line(group: GroupView) -> str | None:
    hidden = [text.plain_line(row.label, LABEL) for row in group.rows if row.view.crowd_is_hidden]
    if not hidden:
        return None
    if not any(row.view.crowd for row in group.rows):
        return "-# The crowd of each is hidden until you make your forecast on it."
    return f"-# The crowd on {listed(hidden)} is hidden until you make your forecast."


def _controls(group: GroupView, *, private: bool, walk: NextPrediction | None) -> list[ui.Item[Any]]:
    has_own = any(row.view.own for row in group.open_rows)
    pages = form_pages(group)
    forms: list[ui.Item[Any] | None] = [
        button(
            form_label(group, at, has_own=private and has_own),
            "group.form",
            f"{group.id}:{at}",
            style="primary",
            emoji="🎯",
        )
        for at in range(len(pages))
    ]
    found: list[ui.Item[Any]] = []
    row: list[ui.Item[Any] | None] = [
        *forms,
        button("Skip", "group.skip", group.id) if walk is not None else None,
        button("Post here", "group.post", group.id) if private and walk is None else None,
    ]
    if any(row):
        found.append(parts.row(*row))
    options = [_option(one, private=private) for one in group.rows]
    found.append(parts.row(select("card.pick", f"g{group.id}", options, placeholder="Open one…")))
    return found


def form_label(group: GroupView, at: int, *, has_own: bool) -> str:
    """What the button for this page of the form says."""
    pages = form_pages(group)
    if len(pages) == 1:
        return "Change forecasts" if has_own else "Forecast all" if len(group.open_rows) > 1 else "Forecast"
    before = sum(len(page) for page in pages[:at])
    return f"Forecast {before + 1}–{before + len(pages[at])}"


def _option(row: GroupRow, *, private: bool) -> discord.SelectOption:
    view = row.view
    is_said = private and view.own is not None
    said = f"you: {_own_words(view)}" if is_said else text.cut(" ".join(view.statement.split()), 100)
    return discord.SelectOption(
        label=text.cut(f"{row.label} · #{view.code}", 100), value=str(view.code), description=text.cut(said, 100)
    )


def _own_words(view: PredictionView) -> str:
    assert view.own is not None
    return text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit, limit=1, is_markdown=False)


def _colour(group: GroupView) -> int:
    states = {row.view.state for row in group.rows}
    first = (State.OPEN, State.VOTING, State.PROVISIONAL, State.REOPENED, State.CLOSED, State.RESOLVED)
    return parts.COLOURS[next((state for state in first if state in states), State.ANNULLED)]
