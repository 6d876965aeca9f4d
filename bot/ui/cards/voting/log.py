"""A prediction's log: every step with who, when and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import discord
from discord import ui

from bot.domain.events import EventKind
from bot.domain.outcomes import Outcome
from bot.domain.voting import Answer, Choice
from bot.services.predictions.views import PredictionView
from bot.services.voting.resolutions import LogStep
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.cards.voting.outcomes import answer_text, outcome_text
from bot.ui.items import button

WORDS: dict[str, str] = {
    EventKind.ADDED: "Added",
    EventKind.LOADED: "Loaded with its pack",
    EventKind.REWORDED: "Reworded",
    EventKind.CLARIFIED: "Clarified",
    EventKind.RESCHEDULED: "Date changed",
    EventKind.CLOSED: "Closed for forecasts",
    EventKind.WITHDRAWN: "Withdrawn with its pack",
    EventKind.RESTORED: "Restored",
    EventKind.PROPOSED: "Result proposed",
    EventKind.SECONDED: "Proposal seconded",
    EventKind.VOTE_OPENED: "Vote opened",
    EventKind.VOTE_EXTENDED: "Vote extended: not decided yet",
    EventKind.HANDED_OVER: "Handed to the managers",
    EventKind.PROVISIONAL: "Provisional result",
    EventKind.OBJECTED: "Objected",
    EventKind.SECOND_ROUND: "Second round opened",
    EventKind.TAKEN_BACK: "Proposal withdrawn",
    EventKind.TOO_EARLY: "Too early: the vote comes again later",
    EventKind.UNDECIDED: "Vote came to nothing: forecasting continues",
    EventKind.CALLED_OFF: "Vote called off: the date changed",
    EventKind.REJECTED: "Proposal rejected",
    EventKind.RESOLVED: "Resolved",
    EventKind.ANNULLED: "Annulled",
    EventKind.OVERRIDDEN: "Decided",
    EventKind.GRADED: "Result taken from its document",
    EventKind.UNGRADED: "Result withdrawn: its document says otherwise now",
    EventKind.RESTATED: "The document's forecasts restated",
    EventKind.REOPENED: "Result withdrawn",
    EventKind.FORECASTING_AGAIN: "Forecasting reopened",
    EventKind.RESCORED: "Scores recomputed",
    EventKind.APPROVED: "Approved for rankings",
    EventKind.HIDDEN: "Text hidden",
    EventKind.SHOWN_AGAIN: "Text shown again",
    EventKind.LEFT_OUT: "Member left out",
    EventKind.TAKEN_IN: "Member taken back in",
    EventKind.ACCEPTED: "Approved",
    EventKind.SENT_BACK: "Changes asked for",
    EventKind.DECLINED: "Declined",
    EventKind.LAPSED: "Not approved in time",
}
_BY_MANAGERS = (
    EventKind.OVERRIDDEN,
    EventKind.REOPENED,
    EventKind.HIDDEN,
    EventKind.SHOWN_AGAIN,
    EventKind.LEFT_OUT,
    EventKind.TAKEN_IN,
    EventKind.ACCEPTED,
    EventKind.SENT_BACK,
    EventKind.DECLINED,
)
"""Steps that only managers can take."""
_HIDDEN: dict[object, str] = {
    "reason": "a reason",
    "proposal": "what a proposal says",
    "objection": "an objection",
    "ballot": "what came with a vote",
    "statement": "its words",
}
REASON = 200


def log_card(view: PredictionView, log: tuple[LogStep, ...]) -> tuple[ui.LayoutView, discord.File | None]:
    """The latest steps, newest last; with a file of all of them if they're too long."""
    entries = [_entry(view, step) for step in log]
    heading = f"{parts.heading(view)}\n**Log**"
    shown = text.fitting(entries[::-1], parts.MAX_TEXT - len(heading) - 60)[::-1]
    left = len(entries) - len(shown)
    is_cut = left > 0 or any(len(text.plain(step.words or "")) > REASON for step in log)
    file = parts.text_file(_whole(view, log), f"log-{view.code}.txt") if is_cut else None
    lines = [heading, *([f"-# {text.count(left, 'earlier step')} in the file"] if left else []), *shown]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        *parts.attached(file),
        parts.row(button("See status", "vote.status", view.code), button("Show card", "card.show", view.code)),
    ), file


def _entry(view: PredictionView, step: LogStep) -> str:
    by = f" by <@{step.user_id}>" if step.user_id else ""
    if by and step.kind in _BY_MANAGERS:
        by += " (manager)"
    words = f"\n> {text.plain_line(step.words, REASON)}" if step.words else ""
    return f"- {text.moment(step.at, 'f')} **{WORDS.get(step.kind, step.kind)}**{by}{_facts(view, step)}{words}"


def _facts(view: PredictionView, step: LogStep) -> str:
    """Which outcome it is about, since when it's known, how many voted, and what a manager has at stake."""
    outcome, value = step.data.get("outcome"), step.data.get("value")
    told = ""
    if isinstance(outcome, str):
        told = f": {outcome_text(view, Outcome(outcome, float(value) if isinstance(value, int | float) else None))}"
    if isinstance(moment := step.data.get("happened_at"), str):
        told += f", known since {text.moment(datetime.fromisoformat(moment), 'f')}"
    if counts := cast("list[dict[str, Any]] | None", step.data.get("counts")):
        told += f" ({text.count(int(str(step.data.get('total', 0))), 'vote')}{_tallied(view, counts)})"
    if (what := step.data.get("what")) in _HIDDEN:
        told += f": {_HIDDEN[what]}"
    if step.of_user_id is not None:
        told += f": <@{step.of_user_id}>"
    if step.data.get("is_interested"):
        told += " · forecast on it themselves"
    return told


def _tallied(view: PredictionView, counts: list[dict[str, Any]]) -> str:
    answers = [(Answer(Choice(one["choice"]), one["position"], one.get("value")), one["count"]) for one in counts[:5]]
    named = [f"{answer_text(view, answer)} {count}" for answer, count in answers]
    return ": " + ", ".join(named) if named else ""


def _whole(view: PredictionView, log: tuple[LogStep, ...]) -> str:
    lines = [f"#{view.code} {view.statement}"]
    for step in log:
        moved = f"{step.from_state or ''} -> {step.to_state}" if step.to_state else ""
        facts = f"{step.at:%Y-%m-%d %H:%M} UTC  {WORDS.get(step.kind, step.kind)}  {moved}".strip()
        lines.append("\n".join(part for part in (facts, step.words) if part))
    return "\n\n".join(lines) + "\n"
