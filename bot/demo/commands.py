"""The commands only the demo has: time, and the direct messages its page doesn't show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from discord import app_commands, ui
from discord.ext import commands

from bot.domain.errors import Refused
from bot.ui import text
from bot.ui.items import Interaction
from bot.ui.replies import note, reply
from cogs._params import asks, day_over_at

if TYPE_CHECKING:
    from bot.demo.world import DemoBot

STEPS = {
    "1 hour": timedelta(hours=1),
    "1 day": timedelta(days=1),
    "1 week": timedelta(weeks=1),
    "1 month": timedelta(days=30),
}

MOST_STOPS = 5000


class ClockCog(commands.Cog):
    """Time, for the demo."""

    def __init__(self, bot: DemoBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(forward="How far to wind forward", to="Wind forward to noon on this day: 31 Dec 2026")
    @asks
    async def clock(
        self,
        interaction: Interaction,
        forward: Literal["1 hour", "1 day", "1 week", "1 month"] | None = None,
        to: str | None = None,
    ) -> None:
        """Wind time forward (only in this demo)."""
        now = self.bot.now()
        target = now + STEPS[forward] if forward else now
        if to is not None:
            target = await day_over_at(interaction, to) - timedelta(hours=12)
        if target < now:
            raise Refused(f"It's already {text.day(now.date())}, and time only goes forward here. Choose a later day.")
        hint = "" if target > now else " Use `/clock forward:` or `to:` to wind it forward."
        await reply(interaction, note(f"🕰️ It's {target:%A, %d %B %Y, %H:%M} UTC.{hint}"))
        await self._wind(target)  # after the answer, which is due within 3 s

    @app_commands.command()
    async def inbox(self, interaction: Interaction) -> None:
        """See the latest direct message Almanac sent you (only in this demo)."""
        channel = await interaction.user.create_dm()
        async for message in channel.history(limit=1):
            await reply(interaction, ui.LayoutView.from_message(message, timeout=None))
            return
        await reply(
            interaction, note("📭 Nothing yet. Set a reminder with `/remind`, then wind forward to it with `/clock`.")
        )

    async def _wind(self, target: datetime) -> None:
        """Let time pass from one due moment to the next, as if someone had waited."""
        for _ in range(MOST_STOPS):
            coming = await self.bot.catch_up()
            now = self.bot.now()
            if now >= target:
                return
            stop = target if coming is None else min(max(coming, now + timedelta(seconds=1)), target)
            self.bot.env.backend.advance_clock((stop - now).total_seconds())
