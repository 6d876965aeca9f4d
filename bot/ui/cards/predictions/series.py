"""A series of predictions, before and after it's added."""

from __future__ import annotations

from bot.domain.times import last_day_before
from bot.services.predictions.series import AddedSeries
from bot.ui import text
from bot.ui.cards import parts

ROOM = 3000
"""For all statements."""


def series_lines(planned: AddedSeries) -> list[str | None]:
    """Every statement with its date, and where they go."""
    number, shown = len(planned.added), len(planned.added) + len(planned.there)
    first = planned.added[0]
    each = max(60, ROOM // shown - 40)
    statements = [
        f"- {text.plain_line(one.view.statement, each)} · by {text.day(last_day_before(one.view.resolves_at))}"
        for one in planned.added
        if one.view.resolves_at is not None
    ]
    criteria = [f"**Criteria of the first** {text.plain_line(first.view.criteria, 400)}"] if first.view.criteria else []
    there = [f"- {text.plain_line(words, each)} · left out: #{code} says the same" for words, code in planned.there]
    return [f"### Add {text.count(number, 'prediction')}?", _where(planned), *criteria, *statements, *there]


def series_added(done: AddedSeries) -> str:
    """What was added, by its codes."""
    codes = [one.view.code for one in done.added]
    named = f"#{codes[0]}" if len(codes) == 1 else f"#{codes[0]} to #{codes[-1]}"
    return f"Added: **{named}**, {text.count(len(codes), 'prediction')}. {_where(done)}"


def _where(series: AddedSeries) -> str:
    first = series.added[0]
    if first.is_draft:
        return "Everyone sees each of them once a manager approves it."
    if first.post_channel_id is None:
        return f"They're in `/prediction list`. {parts.NO_CHANNEL}"
    if len(series.added) == 1:
        return f"Its card goes to <#{first.post_channel_id}>."
    return (
        f"The card of the first goes to <#{first.post_channel_id}>. The others follow one by one if predictions have homes here, and "
        "are in `/prediction list` at once."
    )
