"""The buttons under a question about what a member typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.ui.items import action
from cogs._params import Interaction

if TYPE_CHECKING:
    from bot.client import Almanac


class QuestionsCog(commands.Cog):
    """Questions about what was typed."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("reading.take")
    async def take(self, interaction: Interaction, argument: str) -> None:
        """Go on with a reading."""
        await self.bot.questions.answer(interaction, argument)
