"""Gentle questions about a forecast that doesn't go with what the member said before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.texts import listed
from bot.domain.types import Relation
from bot.services.forecasting.second_thoughts import AboveParent, Falls, Jumped, NoRoom, SecondThought
from bot.ui import text

NAMED = 3


def thought_lines(thoughts: Sequence[SecondThought]) -> list[str]:
    """A question each; Undo is below."""
    return [f"🤔 {_asked(thought)} Meant it? *Undo* takes it back." for thought in thoughts]


def _asked(thought: SecondThought) -> str:
    match thought:
        case Jumped():
            points, where = round(abs(thought.by) * 100), "above" if thought.by > 0 else "below"
            return f"That's {points} points {where} what you said {text.moment(thought.since)}."
        case NoRoom():
            shown = [f"“{text.plain_line(name, 40)}”" for name in thought.options[:NAMED]]
            more = [f"{len(thought.options) - NAMED} more"] if len(thought.options) > NAMED else []
            return f"You left no room for {listed([*shown, *more])}."
        case AboveParent():
            needs = "is a case of" if thought.relation is Relation.INSTANCE else "can't happen without"
            child, parent = (text.percent(one) for one in (thought.child_probability, thought.parent_probability))
            return f"#{thought.child} {needs} #{thought.parent}, and you say {child} to the one and {parent} to the other."
        case Falls():
            earlier, later = (text.plain_line(one, 40) for one in (thought.earlier, thought.later))
            before, after = (text.percent(one) for one in (thought.earlier_probability, thought.later_probability))
            return f"{later} includes {earlier}, and you say {after} to it and {before} to {earlier}."
