"""What stays where a prediction's card was before its home moved."""

from __future__ import annotations

from discord import ui

from bot.services.predictions.views import PredictionView
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button


def moved_home_card(view: PredictionView, thread_id: int) -> ui.LayoutView:
    """Says where the prediction is now."""
    said = f"**#{view.code} · {text.plain_line(view.statement, 200)}**\nThis prediction now has its own post: <#{thread_id}>"
    return parts.layout(ui.TextDisplay(said), parts.row(button("Show it", "card.show", view.code)))
