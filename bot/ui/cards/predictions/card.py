"""The card of a prediction: the public one, the reader's own, and the one with everything there is to know."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.domain.times import last_day_before
from bot.domain.types import MAX_OPTIONS, Kind, State
from bot.services.predictions.views import PredictionView, RelatedPrediction
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.predictions.moves import move_line
from bot.ui.cards.predictions.quotes import evidence_block
from bot.ui.cards.predictions.reasons import newest_reasons
from bot.ui.items import button, select

SHORT_CRITERIA = 300
MIN_CRITERIA = 300
OPTION, RELATION, SECTION, TAGS, NOTES, RAW, BASIS = 40, 200, 120, 200, 500, 80, 200
"""How many characters of each the details show. The file that comes with them has all."""

BESIDE = "beside"
"""Second part of an argument: the details open in a new message, and the one clicked stays as it is."""


def prediction_card(view: PredictionView, *, private: bool, is_preview: bool = False) -> ui.LayoutView:
    """The card. Public: what everyone may see. Private: also the reader's own forecast, and the crowd if they may see it.
    A preview has no buttons: there's nothing yet to press them for."""
    body = [parts.heading(view), parts.status_line(view), parts.group_line(view), parts.document_line(view)]
    if view.criteria:
        body.append(text.plain_cut(view.criteria, SHORT_CRITERIA))
    if view.kind is Kind.MULTIPLE_CHOICE:
        body.append("**Options** " + " · ".join(text.plain_line(name, 40) for name in view.options))
    body.append("\n".join(line for line in (_range_line(view), _reading_line(view), _parent_line(view)) if line))
    numbers = [parts.crowd_line(view), move_line(view), parts.experienced_line(view), parts.author_line(view)]
    if private:
        numbers += [parts.own_line(view), parts.own_score_line(view)]
    return parts.layout(
        ui.TextDisplay("\n".join(line for line in body if line)),
        ui.Separator(),
        ui.TextDisplay("\n".join(line for line in (*numbers, parts.source_line(view)) if line)),
        *newest_reasons(view),
        *([] if is_preview else _buttons(view, private=private)),
        colour=parts.COLOURS[view.state],
    )


def details_card(view: PredictionView) -> tuple[ui.LayoutView, discord.File | None]:
    """Everything its reader may see about a prediction, and a file with all of its words if the card cuts some."""
    heading = "\n".join(line for line in (parts.heading(view), parts.status_line(view), parts.document_line(view)) if line)
    numbers = [
        parts.crowd_line(view, limit=MAX_OPTIONS),
        parts.experienced_line(view, limit=MAX_OPTIONS),
        parts.author_line(view),
        parts.own_line(view),
        parts.own_score_line(view),
        parts.source_line(view, authors=8),
    ]
    shown = "\n".join(line for line in numbers if line)
    facts = "\n".join(line for line in _facts(view) if line)
    evidence = evidence_block(view.code, view.guild_id, view.quotes)
    taken = len(heading) + len(shown) + len(facts) + sum(parts.text_length(block) for block in evidence)
    room = max(MIN_CRITERIA, parts.MAX_TEXT - taken - 40)
    criteria = f"**Criteria** {text.plain_cut(view.criteria, room)}" if view.criteria else "**Criteria** none given"
    file = parts.text_file(_whole_text(view), f"prediction-{view.code}.txt") if _is_cut(view, room) else None
    children = [_option(child) for child in view.children[:25]]
    made = parts.layout(
        ui.TextDisplay(heading),
        ui.TextDisplay(f"{criteria}\n{facts}"),
        ui.Separator(),
        ui.TextDisplay(shown),
        *evidence,
        *parts.attached(file),
        *([parts.row(select("card.pick", "", children, placeholder="Open one that depends on this…"))] if children else []),
        *parts.rows(
            _forecast_button(view, private=True),
            *_readers_buttons(view),
            _said_button(view),
            button("Back to the card", "card.show", view.code),
        ),
        *_follow_rows(view),
        *([] if view.is_approved else [parts.row(button("Approve for rankings", "card.approve", view.code))]),
        colour=parts.COLOURS[view.state],
    )
    return made, file


def _facts(view: PredictionView) -> list[str | None]:
    details = view.details
    return [
        "**Options** " + " · ".join(text.plain_line(name, OPTION) for name in view.options) if view.options else None,
        f"**Unit** {text.plain_line(view.unit, 80)}" if view.unit else None,
        _claim_line(view),
        _range_line(view),
        f"**Window** {_window_text(view)}",
        _reading_line(view),
        _parent_line(view),
        f"-# {text.plain_line(details['relation_note'], RELATION)}" if "relation_note" in details else None,
        _children_line(view.children),
        f"**Section** {text.plain_line(details['section'], SECTION)}" if "section" in details else None,
        f"**Tags** {text.plain_line(', '.join(view.tags), TAGS)}" if view.tags else None,
        f"**Notes** {text.plain_line(details['notes'], NOTES)}" if "notes" in details else None,
        f"-# Reworded {text.count(view.revision - 1, 'time')}." if view.revision > 1 else None,
        None if view.is_approved else "-# A member added this. It counts in the rankings once a manager approves it.",
    ]


def _is_cut(view: PredictionView, room: int) -> bool:
    """Whether the details card leaves out some of the words."""
    details, window = view.details, view.details.get("window", {})
    limits = [
        (view.criteria, room),
        (details.get("relation_note"), RELATION),
        (details.get("section"), SECTION),
        (details.get("notes"), NOTES),
        (details.get("verbal"), 60),
        (window.get("raw"), RAW),
        (window.get("basis"), BASIS),
        (", ".join(view.tags), TAGS),
        (view.source_title, 80),
        *((name, OPTION) for name in view.options),
    ]
    return any(len(text.plain(words)) > limit for words, limit in limits if words)


def _whole_text(view: PredictionView) -> str:
    """All of a prediction's words, without anyone's number."""
    details, window = view.details, view.details.get("window", {})
    source = [view.source_title, ", ".join(view.source_authors), view.source_written, view.source_url]
    chapters = {
        "Criteria": view.criteria or "none given",
        "Options": "\n".join(view.options),
        "Unit": view.unit,
        "Window": "\n".join(words for words in (window.get("raw"), window.get("basis")) if words),
        "Relation": details.get("relation_note"),
        "Section": details.get("section"),
        "Tags": ", ".join(view.tags),
        "Notes": details.get("notes"),
        "The author's words": details.get("verbal"),
        "Source": "\n".join(words for words in source if words),
    }
    told = [f"{title}\n\n{words}" for title, words in chapters.items() if words]
    return "\n\n\n".join([f"#{view.code}\n\n{view.statement}", *told]) + "\n"


def prediction_option(view: PredictionView, *, with_answer: bool = True) -> discord.SelectOption:
    """A prediction in a select, with its reader's own forecast."""
    own = (
        text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit, limit=1, is_markdown=False)
        if view.own
        else None
    )
    said = (
        f"you: {own}"
        if own and with_answer
        else "not forecast yet"
        if view.is_open
        else text.STATE_NAMES[view.state].lower()
    )
    label = text.cut(f"#{view.code} {' '.join(view.statement.split())}", 100)
    return discord.SelectOption(label=label, value=str(view.code), description=text.cut(said, 100))


def _option(child: RelatedPrediction) -> discord.SelectOption:
    return discord.SelectOption(label=text.cut(f"#{child.code} {child.statement}", 100), value=str(child.code))


def _buttons(view: PredictionView, *, private: bool) -> list[ui.ActionRow[Any]]:
    first = parts.row(
        _forecast_button(view, private=private),
        _towards_result(view),
        button("Details", "card.details", view.code),
        _remind_button(view),
        _said_button(view),
    )
    return [first, parts.row(*_readers_buttons(view))] if private else [first]


def _towards_result(view: PredictionView) -> ui.Item[Any] | None:
    """What a member can do about the result."""
    match view.state:
        case State.OPEN | State.CLOSED | State.REOPENED:
            return button("Propose result", "vote.propose", view.code)
        case State.VOTING:
            return button("Vote", "vote.open", view.code, style="primary", emoji="🗳️")
        case _:
            return button("See status", "vote.status", view.code)


def _forecast_button(view: PredictionView, *, private: bool) -> ui.Item[Any] | None:
    label = "Change forecast" if private and view.own else "Forecast"
    return button(label, "forecast.open", view.code, style="primary", emoji="🎯") if view.is_open else None


def _remind_button(view: PredictionView) -> ui.Item[Any] | None:
    is_over = view.state in (State.DRAFT, State.RESOLVED, State.ANNULLED)
    return None if is_over else button("Remind me", "reminder.ask", view.code, emoji="⏰")


def _said_button(view: PredictionView) -> ui.Item[Any] | None:
    is_over = view.state is State.RESOLVED and view.forecasters > 0
    return button("Who said what", "said.show", view.code) if is_over else None


def _readers_buttons(view: PredictionView) -> list[ui.Item[Any] | None]:
    return [
        button("Chart", "chart.history", view.code, emoji="📈"),
        button("My history", "forecast.history", view.code) if view.own else None,
        button("Post here", "card.post", view.code),
        button("See its group", "group.show", view.group.id) if view.group else None,
    ]


def _follow_rows(view: PredictionView) -> list[ui.ActionRow[Any]]:
    """A switch for news of it; nothing where there's no more to come."""
    if view.is_followed is None or view.state in (State.DRAFT, State.RESOLVED, State.ANNULLED):
        return []
    if view.is_followed:
        return [parts.row(button("Following", "follow.off", f"p:{view.code}", style="success", emoji="🔔"))]
    return [parts.row(button("Follow", "follow.on", f"p:{view.code}", emoji="🔔"))]


def _reading_line(view: PredictionView) -> str | None:
    if view.strict_resolves_at is None or view.resolves_at is None:
        return None
    raw = view.details.get("window", {}).get("raw")
    words = f"“{text.plain_line(raw, 60)}”" if raw else "The date"
    strict, lenient = text.day(last_day_before(view.strict_resolves_at)), text.day(last_day_before(view.resolves_at))
    return f"-# {words} can mean by {strict} or by {lenient}. The later one counts here."


def _parent_line(view: PredictionView) -> str | None:
    depends = parts.parent_text(view)
    return f"-# {depends}" if depends else None


def _children_line(children: tuple[RelatedPrediction, ...]) -> str | None:
    if not children:
        return None
    depend = "prediction depends" if len(children) == 1 else "predictions depend"
    return f"**{len(children)} {depend} on this:** " + ", ".join(f"#{child.code}" for child in children)


def _range_line(view: PredictionView) -> str | None:
    if not view.stated_range:
        return None
    return f"**Expected** {text.range_text(view.kind, view.stated_range)} {text.plain_line(view.unit or '', 40)}".rstrip()


def _claim_line(view: PredictionView) -> str | None:
    claim = text.claim_text(view.details["numeric"]) if "numeric" in view.details else None
    return f"**Claimed** {claim}" if claim else None


def _window_text(view: PredictionView) -> str:
    window = view.details.get("window", {})
    said = [f"“{text.plain_line(window['raw'], RAW)}”" if "raw" in window else None, text.by_date(view.resolves_at)]
    shown = " · ".join(part for part in said if part)
    return shown + (f" · {text.plain_line(window['basis'], BASIS)}" if "basis" in window else "")
