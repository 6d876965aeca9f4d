"""The buttons that confirm, cancel, or open a form again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.ui.items import action
from bot.ui.replies import note, reply
from cogs._params import Interaction

if TYPE_CHECKING:
    from bot.client import Almanac


class WaitingCog(commands.Cog):
    """What waits for one more click."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("waiting.take")
    async def take(self, interaction: Interaction, argument: str) -> None:
        """Do it."""
        await self.bot.waiting.take(interaction, argument)

    @action("waiting.cancel")
    async def cancel(self, interaction: Interaction, _argument: str) -> None:
        """Don't do it."""
        await reply(interaction, note("Cancelled. Nothing was changed."))
