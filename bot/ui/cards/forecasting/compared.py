"""A member's forecast beside the crowd's: what a forecast is rewarded with."""

from __future__ import annotations

from bot.domain.times import day_of
from bot.domain.types import Kind
from bot.services.predictions.views import PredictionView
from bot.ui import text
from bot.ui.cards import parts


def compared_lines(view: PredictionView) -> list[str]:
    """The reader's forecast, the crowd's, how far they are apart, and the author's."""
    if view.own is None:
        return [line for line in (parts.crowd_line(view), _author_line(view)) if line]
    crowd = parts.crowd_line(view)
    lines = [f"**You** {text.value_text(view.kind, view.own.values, options=view.options, unit=view.unit)}", crowd]
    if view.kind is Kind.BINARY and view.crowd is not None:
        lines = [f"{parts.bar(view.own.values[0])} {lines[0]}", f"{parts.bar(view.crowd.values[0])} {crowd}"]
    elif view.kind is Kind.MULTIPLE_CHOICE:
        lines = [*_option_lines(view), text.count(view.forecasters, "forecast")]
    return [line for line in (*lines, gap_text(view), _author_line(view)) if line]


def gap_text(view: PredictionView) -> str | None:
    """You're 15 points above the crowd."""
    if view.own is None or view.crowd is None:
        return None
    if view.crowd.members == 1:
        return "You're the first, so the crowd is just you for now."
    own, crowd = view.own.values, view.crowd.values
    match view.kind:
        case Kind.BINARY:
            gap = _points(own[0] - crowd[0])
            return f"You're {gap} the crowd." if gap else "You and the crowd agree."
        case Kind.MULTIPLE_CHOICE:
            at = max(range(len(own)), key=lambda at: abs(own[at] - crowd[at]))
            gap = _points(own[at] - crowd[at])
            name = text.plain_line(view.options[at], 40)
            return f"You differ most on {name}: {gap} the crowd." if gap else "You and the crowd agree."
        case Kind.NUMERIC:
            apart = own[1] - crowd[1]
            shown = text.quantity(abs(apart)) + (f" {text.plain_line(view.unit, 40)}" if view.unit else "")
            side = "above" if apart > 0 else "below"
            return f"Your best guess is {shown} {side} the crowd's." if apart else "Your best guess is the crowd's."
        case Kind.DATE:
            days = (day_of(own[1]) - day_of(crowd[1])).days
            side = "later" if days > 0 else "earlier"
            shown = f"{text.count(abs(days), 'day')} {side} than"
            return f"Your best guess is {shown} the crowd's." if days else "Your best guess is the crowd's."


def _author_line(view: PredictionView) -> str | None:
    """What the author said, if they said anything to compare with."""
    said = view.author_values is not None or not {"verbal", "numeric"}.isdisjoint(view.details)
    return parts.author_line(view) if said else None


def _option_lines(view: PredictionView) -> list[str]:
    """Every option in the prediction's order."""
    assert view.own is not None
    crowd = [None] * len(view.options) if view.crowd is None else view.crowd.values
    limit = 80 if len(view.options) <= 10 else 40
    return [
        f"- {text.plain_line(name, limit)} **{text.percent(own)}**"
        + (f" · crowd {text.percent(other)}" if other is not None else "")
        for name, own, other in zip(view.options, view.own.values, crowd, strict=True)
    ]


def _points(apart: float) -> str:
    """15 points above; empty for less than half a point."""
    points = abs(100 * apart)
    if points < 0.5:
        return ""
    shown = f"{points:.0f}"
    return f"{shown} point{'' if shown == '1' else 's'} {'above' if apart > 0 else 'below'}"
