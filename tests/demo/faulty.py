"""The demo with commands that go wrong: `python -m tests.demo.faulty`, a process of its own for a browser to click through."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from discord import app_commands, ui
from discord.ext import commands

from bot.client import Almanac
from bot.command_line.app import run_until_stopped
from bot.demo.world import run_demo
from bot.log import set_up_logging
from bot.ui.items import Interaction
from bot.ui.replies import note, reply


class FaultyCog(commands.Cog):
    """Everything that a command can do wrong."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    async def seconds(self, interaction: Interaction) -> None:
        """Say what time it is, to the second."""
        await reply(interaction, note(f"It is {self.bot.now():%H:%M:%S}."))

    @app_commands.command()
    async def slow(self, interaction: Interaction) -> None:
        """Answer after six seconds of work."""
        await asyncio.to_thread(time.sleep, 6)
        await reply(interaction, note("Here at last."))

    @app_commands.command()
    async def hang(self, interaction: Interaction) -> None:
        """Answer long after the page has lost patience."""
        await asyncio.to_thread(time.sleep, 60)
        await reply(interaction, note("Far too late."))

    @app_commands.command()
    async def broken(self, interaction: Interaction) -> None:
        """Build a card that raises."""
        card = ui.LayoutView(timeout=None)
        card.add_item(ui.TextDisplay[Any]("x" * int("not a number")))
        await reply(interaction, card)

    @app_commands.command()
    async def refused(self, interaction: Interaction) -> None:
        """Send a card that Discord doesn't take."""
        await reply(interaction, ui.LayoutView(timeout=None))


if __name__ == "__main__":
    set_up_logging("WARNING", "text")
    starts_at = datetime(2026, 11, 21, tzinfo=UTC)
    run_until_stopped(run_demo(port=0, opens_browser=False, starts_at=starts_at, cogs=[FaultyCog], patience=30.0))
