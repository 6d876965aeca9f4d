"""How the crowd moved in a day: a line on the card, and the announcement of a big move."""

from __future__ import annotations

from discord import ui

from bot.services.announcements import BigMove
from bot.services.predictions.moves import CrowdMove
from bot.services.predictions.views import PredictionView
from bot.ui import palette, text
from bot.ui.cards import parts
from bot.ui.cards.predictions.reasons import reason_line
from bot.ui.items import button


def move_card(moved: BigMove) -> ui.LayoutView:
    """A big move, and why those who moved it did."""
    view = moved.view
    lines = [
        f"### 📈 {moved_text(view, moved.move)} · #{view.code} {text.plain_line(view.statement, 200)}",
        f"-# The crowd moved within 24 hours · {text.count(view.forecasters, 'forecast')} now",
        *(reason_line(view, reason) for reason in moved.reasons),
    ]
    return parts.layout(
        ui.TextDisplay("\n".join(lines)),
        parts.row(
            button("Forecast", "forecast.open", view.code, style="primary", emoji="🎯") if view.is_open else None,
            button("Details", "card.details", view.code),
            button("All reasons", "reason.list", view.code) if view.reasons else None,
        ),
        colour=palette.AMBER,
    )


def moved_text(view: PredictionView, move: CrowdMove) -> str:
    """40% → 58%; of several options, the one that moved most: Google 20% → 38%."""
    at = _most(move)
    whose = f"{text.plain_line(view.options[at], 40)} " if view.options else ""
    return f"{whose}{text.percent(move.before[at])} → {text.percent(move.after[at])}"


def move_line(view: PredictionView) -> str | None:
    """For the card: up from 42% 5 hours ago. It stays true however long the card stands."""
    move = view.move
    if move is None:
        return None
    at = _most(move)
    whose = f"{text.plain_line(view.options[at], 40)} " if view.options else ""
    sign, way = ("📈", "up") if move.after[at] > move.before[at] else ("📉", "down")
    return f"-# {sign} {whose}{way} from {text.percent(move.before[at])} {text.moment(move.since)}"


def _most(move: CrowdMove) -> int:
    """The position that moved most."""
    gaps = [abs(after - before) for before, after in zip(move.before, move.after, strict=True)]
    return gaps.index(max(gaps))
