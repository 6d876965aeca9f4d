"""/export: what a member takes along as a file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.calendar import Whose, list_dates
from bot.ui.calendar import calendar_file
from bot.ui.cards.export import calendar_card
from bot.ui.replies import reply
from cogs._params import Interaction, WhoseParam, actor_of, complete_pack, complete_tag

if TYPE_CHECKING:
    from bot.client import Almanac


class ExportCog(commands.GroupCog, group_name="export", group_description="Take along what is here, as a file."):
    """Exports."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.autocomplete(tag=complete_tag, pack=complete_pack)
    @app_commands.describe(whose="Whose dates", tag="Only with this tag", pack="Only of this pack")
    async def calendar(
        self,
        interaction: Interaction,
        whose: WhoseParam = Whose.SERVER,
        tag: str | None = None,
        pack: str | None = None,
    ) -> None:
        """Get the dates as a file for your calendar app."""
        now = self.bot.now()
        dates = await self.bot.database.read(list_dates, actor_of(interaction), whose=whose, tag=tag, pack=pack, now=now)
        guild_name = interaction.guild.name if interaction.guild else "Almanac"
        made = await asyncio.to_thread(calendar_file, dates, guild_name=guild_name, now=now)
        card, file = calendar_card(made, whose=whose, is_narrowed=bool(tag or pack))
        await reply(interaction, card, file=file)
