"""Asking before something that others see, or that can't be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.ui import palette
from bot.ui.cards import parts
from bot.ui.items import Interaction
from bot.ui.waiting import Step, cancel_button, step_button


def confirm_card(
    interaction: Interaction, lines: Sequence[str | None], label: str, step: Step, *, style: str = "danger"
) -> ui.LayoutView:
    """What is about to happen, in these lines, with a button of this label that does it and one that doesn't."""
    return parts.layout(
        ui.TextDisplay("\n".join(line for line in lines if line)),
        parts.row(step_button(interaction, label, step, style=style), cancel_button()),
        colour=palette.AMBER,
    )
