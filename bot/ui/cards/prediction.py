"""The card of a prediction: the public one, the reader's own, and the one with everything there is to know."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.times import last_day_before
from bot.domain.types import Kind, Relation
from bot.services.views import PredictionView, Reference
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button, select

SHORT_CRITERIA = 300
LONG_CRITERIA = 1400
NOTES = 500

BESIDE = "beside"
"""Second part of an argument: the details open beside the message, which stays as it is."""

_PARENT_WORDS = {
    Relation.CONDITIONAL: "Only counts if",
    Relation.REQUIRES: "Needs",
    Relation.INSTANCE: "A case of",
    Relation.CONSEQUENCE: "Would follow from",
}


def prediction_card(view: PredictionView, *, private: bool) -> ui.LayoutView:
    """The card. Public: what everybody may see. Private: also the reader's own forecast, and the crowd if they may see it."""
    body = [parts.heading(view), parts.status_line(view)]
    if view.criteria:
        body.append(text.plain(text.cut(view.criteria, SHORT_CRITERIA)))
    if view.kind is Kind.MULTIPLE_CHOICE:
        body.append("**Options** " + " · ".join(text.plain_line(name, 40) for name in view.options))
    body.append("\n".join(line for line in (_reading_line(view), _parent_line(view.parent)) if line))
    numbers = [parts.crowd_line(view), parts.author_line(view), parts.own_line(view) if private else None]
    return parts.layout(
        ui.TextDisplay("\n".join(line for line in body if line)),
        ui.Separator(),
        ui.TextDisplay("\n".join(line for line in (*numbers, parts.source_line(view)) if line)),
        _buttons(view, private=private),
        colour=parts.COLOURS[view.state],
    )


def details_card(view: PredictionView, *, has_file: bool = False) -> ui.LayoutView:
    """Everything about a prediction that its reader may see, for reading."""
    body = [parts.heading(view), parts.status_line(view)]
    facts = [
        f"**Criteria** {text.plain(text.cut(view.criteria, LONG_CRITERIA))}"
        if view.criteria
        else "**Criteria** none were given",
        f"**Unit** {text.plain(view.unit)}" if view.unit else None,
        _claim_line(view),
        f"**Window** {_window_text(view)}",
        _reading_line(view),
        _parent_line(view.parent),
        f"-# {text.plain_line(view.details['relation_note'], 200)}" if "relation_note" in view.details else None,
        _children_line(view.children),
        f"**Section** {text.plain_line(view.details['section'], 120)}" if "section" in view.details else None,
        f"**Tags** {', '.join(text.plain(tag) for tag in view.tags)}" if view.tags else None,
        f"**Notes** {text.plain_line(view.details['notes'], NOTES)}" if "notes" in view.details else None,
        f"-# Its words were changed {text.count(view.revision - 1, 'time')}." if view.revision > 1 else None,
    ]
    numbers = [parts.crowd_line(view), parts.author_line(view), parts.own_line(view), parts.source_line(view)]
    made = parts.layout(
        ui.TextDisplay("\n".join(body)),
        ui.TextDisplay(text.cut("\n".join(line for line in facts if line), 3000)),
        ui.Separator(),
        ui.TextDisplay("\n".join(line for line in numbers if line)),
        colour=parts.COLOURS[view.state],
    )
    container = made.children[0]
    assert isinstance(container, ui.Container)
    if has_file:
        container.add_item(ui.File(f"attachment://prediction-{view.code}.txt"))
    if view.children:
        options = [_option(child) for child in view.children[:25]]
        container.add_item(parts.row(select("card.pick", "", options, placeholder="Open one that hangs on this…")))
    container.add_item(parts.row(*_private_buttons(view), button("Back to the card", "card.show", view.code)))
    return made


def whole_text(view: PredictionView) -> str:
    """All of the words, for a file, when they are longer than a card."""
    return f"#{view.code}\n\n{view.statement}\n\nCriteria\n\n{view.criteria or 'none'}\n\nNotes\n\n{view.details.get('notes', 'none')}\n"


def is_longer_than_a_card(view: PredictionView) -> bool:
    """Whether the details card cuts something."""
    return len(view.criteria or "") > LONG_CRITERIA or len(view.details.get("notes", "")) > NOTES


def prediction_option(view: PredictionView, *, with_answer: bool = True) -> discord.SelectOption:
    """A prediction in a select, with what its reader has forecast on it."""
    own = text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit, limit=1) if view.own else None
    said = (
        f"you: {own}"
        if own and with_answer
        else "not forecast yet"
        if view.is_open
        else text.STATE_NAMES[view.state].lower()
    )
    label = text.cut(f"#{view.code} {' '.join(view.statement.split())}", 100)
    return discord.SelectOption(label=label, value=str(view.code), description=text.cut(said, 100))


def _option(child: Reference) -> discord.SelectOption:
    return discord.SelectOption(label=text.cut(f"#{child.code} {child.statement}", 100), value=str(child.code))


def _buttons(view: PredictionView, *, private: bool) -> ui.ActionRow[Any]:
    if not private:
        return parts.row(
            button("Forecast", "forecast.open", view.code, style="primary", emoji="🎯") if view.is_open else None,
            button("Details", "card.details", view.code),
        )
    return parts.row(*_private_buttons(view), button("Details", "card.details", view.code))


def _private_buttons(view: PredictionView) -> list[ui.Item[Any] | None]:
    label = "Change forecast" if view.own else "Forecast"
    return [
        button(label, "forecast.open", view.code, style="primary", emoji="🎯") if view.is_open else None,
        button("My history", "forecast.history", view.code) if view.own else None,
        button("Post here", "card.post", view.code),
    ]


def _reading_line(view: PredictionView) -> str | None:
    if view.strict_resolves_at is None or view.resolves_at is None:
        return None
    raw = view.details.get("window", {}).get("raw")
    words = f"“{text.plain_line(raw, 60)}”" if raw else "The date"
    strict, lenient = text.day(last_day_before(view.strict_resolves_at)), text.day(last_day_before(view.resolves_at))
    return f"-# {words} has two readings: by {strict} or by {lenient}. The later one rules here."


def _parent_line(parent: Reference | None) -> str | None:
    if parent is None:
        return None
    return f"-# {_PARENT_WORDS[parent.relation]} #{parent.code}: {text.plain_line(parent.statement, 120)}"


def _children_line(children: tuple[Reference, ...]) -> str | None:
    if not children:
        return None
    hang = "prediction hangs" if len(children) == 1 else "predictions hang"
    return f"**{len(children)} {hang} on this:** " + ", ".join(f"#{child.code}" for child in children)


def _claim_line(view: PredictionView) -> str | None:
    claim = text.claim_text(view.details["numeric"]) if "numeric" in view.details else None
    return f"**Quantity claimed** {claim}" if claim else None


def _window_text(view: PredictionView) -> str:
    window = view.details.get("window", {})
    said = [f"“{text.plain_line(window['raw'], 80)}”" if "raw" in window else None, text.by_date(view.resolves_at)]
    shown = " · ".join(part for part in said if part)
    return shown + (f" · {text.plain_line(window['basis'], 200)}" if "basis" in window else "")
