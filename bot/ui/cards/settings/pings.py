"""The role for pings: a card on which members take and leave it."""

from __future__ import annotations

from discord import ui

from bot.ui import palette
from bot.ui.cards import parts
from bot.ui.items import button


def offer_card(role_id: int) -> ui.LayoutView:
    """For everyone: what the role is for, with a button for each way."""
    words = f"### 🔔 Want to be pinged?\nTake <@&{role_id}> and you're pinged when votes open, results are in, or dates come near."
    return parts.layout(
        ui.TextDisplay(words),
        parts.row(button("Get pinged", "ping.take", style="primary"), button("Stop pings", "ping.leave")),
    )


def taken_card(role_id: int, *, takes: bool) -> ui.LayoutView:
    """What has changed for the member, with the way back."""
    told = f"🔔 You have <@&{role_id}> now." if takes else f"🔕 You don't have <@&{role_id}> any more."
    back = button("Stop pings", "ping.leave") if takes else button("Get pinged", "ping.take")
    return parts.layout(ui.TextDisplay(told), parts.row(back), colour=palette.GREEN)
