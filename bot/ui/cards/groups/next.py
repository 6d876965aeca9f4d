"""What /next shows: a prediction, a group, or the end."""

from __future__ import annotations

from discord import ui

from bot.services.forecasting.walk import NextPrediction
from bot.ui.cards.forecasting.panel import panel, walk_end_card
from bot.ui.cards.groups.card import group_card


def next_card(upcoming: NextPrediction) -> ui.LayoutView:
    """The panel of the next prediction; where more of its group wait, that group, once."""
    if upcoming.view is None:
        return walk_end_card(upcoming)
    if upcoming.group is not None:
        return group_card(upcoming.group, private=True, walk=upcoming)
    return panel(upcoming.view, walk=upcoming)
