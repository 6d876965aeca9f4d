"""/help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.members import guilds
from bot.ui.cards.settings.help import help_card
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of

if TYPE_CHECKING:
    from bot.client import Almanac


class HelpCog(commands.Cog):
    """Help."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command(name="help")
    async def help_(self, interaction: Interaction) -> None:
        """See how Almanac works."""
        is_manager = await self.bot.database.read(guilds.is_manager, actor_of(interaction))
        await reply(interaction, help_card(is_manager=is_manager, command_ids=self.bot.command_ids))
