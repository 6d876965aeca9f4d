"""The help."""

from __future__ import annotations

from collections.abc import Mapping

from discord import ui

from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import button


def help_card(*, is_manager: bool, command_ids: Mapping[str, int]) -> ui.LayoutView:
    """How it works, in one screen. A command whose id is known can be clicked."""
    lines = [
        "### Almanac",
        "Say how likely you think things are, see what others think, and find out who was right.",
        "",
        "**Forecast** `/next` walks you through what you haven't forecast. `/forecast` takes one: `70`, `70%`, `0.7`, `7/10` or `7:3`.",
        "**Look around** `/prediction list`, `/prediction search`, `/prediction show`. Each prediction has a code such as `#42`.",
        "**What happened?** `/vote` shows the open votes. Use `/resolution propose` if the answer is already known.",
        "**Who was right?** `/leaderboard` ranks everyone by score.",
        "**Your own** `/forecasts` shows what you said, and when.",
        "**How good?** `/profile` shows a member's record. `/calibration` shows whether their 70% happens 70% of the time.",
        "**Get reminded** `/remind` for one date, `/settings me` for a daily digest, `/export calendar` for your calendar app.",
        "**Your data** `/privacy export` has everything that's stored about you. `/privacy forget` deletes it.",
        "**Add one** `/prediction add`, `/group add` for several on one card, or right-click a message → Apps → Make a prediction.",
        "",
        "You see the crowd's number once you've given yours, so everyone thinks for themselves first. "
        "Your own forecast is private: others only see how many people have forecast, and the crowd as a whole.",
    ]
    if is_manager:
        lines += [
            "",
            "**For managers** `/settings guild` sets the channel for posts, reminders, quiet hours, roles and whether the crowd is hidden. "
            "`/pack list` has documents full of predictions to adopt, and `/prediction import` loads one of your own. "
            "`/moderation hide` hides what members wrote, `/moderation member` leaves one out of the crowd, and `/prediction queue` has "
            "what waits for approval.",
        ]
    return parts.layout(
        ui.TextDisplay(text.with_commands("\n".join(lines), command_ids)),
        parts.row(
            button("Start forecasting ▸", "next.go", style="primary"),
            button("See all", "list.all"),
            button("Packs", "pack.list"),
        ),
    )
