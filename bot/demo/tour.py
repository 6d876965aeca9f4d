"""The demo's first message: three things to try, each a click away."""

from __future__ import annotations

from discord import ui

from bot.ui.cards import parts
from bot.ui.items import button

VOTE = 92
"""The one vote that is open when the demo starts."""
SAID = "I bet the council approves the new footbridge within three weeks."
"""What Ada said before you came: something to make a prediction of."""


def tour_card() -> ui.LayoutView:
    """Where you are, what to try, and where to go from there."""
    return parts.layout(
        ui.TextDisplay(
            "### 👋 Welcome to Almanac\n"
            "You're in a pretend Discord on your own computer, and nothing leaves it. Three things to try:"
        ),
        parts.beside(
            "**1 · Make a forecast**\nSay how likely a few things are. You'll see what the others think once you've said it.",
            button("Start forecasting ▸", "next.go", style="primary"),
        ),
        parts.beside(
            f"**2 · Vote on what happened**\n#{VOTE} is over, and one vote is missing.",
            button(f"Vote on #{VOTE}", "vote.open", VOTE, style="primary"),
        ),
        parts.beside(
            "**3 · Make it yours**\nYour time zone, and what you'd like to get a message about.",
            button("My settings", "setting.page", "me", style="primary"),
        ),
        ui.Separator(),
        ui.TextDisplay(
            "**A prediction of your own:** type `/prediction add`. Or point at a message, such as Ada's above, and press "
            "*Make a prediction*.\n"
            "**Go elsewhere:** the list *In*, at the top, has the forum's posts, one for each prediction, and a server I've just joined.\n"
            "**Be somebody else:** choose in *Viewing as*, at the top. Mona is a manager: try `/settings guild` and `/pack list`.\n"
            "**Let time pass:** `/clock to: 31 Dec` winds time forward, and reminders come on the way. `/inbox` has your direct messages. "
            "Only this demo has these two.\n"
            "**Look around:** `/prediction list`, `/leaderboard`, `/profile member: Ada`, `/calibration member: Ada`, `/help`"
        ),
    )
