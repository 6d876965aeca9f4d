"""/privacy: what's stored about a member, and forgetting it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.privacy import collecting, forgetting
from bot.ui.cards.privacy.data import EVERYWHERE, confirm_card, export_card, forgotten_note, written
from bot.ui.items import action
from bot.ui.replies import note, reply
from cogs._params import Interaction, actor_of

if TYPE_CHECKING:
    from bot.client import Almanac


class PrivacyCog(commands.GroupCog, group_name="privacy", group_description="See or delete what's stored about you."):
    """A member's own data."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command(name="export")
    async def export_own(self, interaction: Interaction) -> None:
        """Get everything that's stored about you on this server, as a file."""
        data = await self.bot.database.read(collecting.collect, actor_of(interaction), now=self.bot.now())
        card, file = export_card(data, *await asyncio.to_thread(written, data))
        await reply(interaction, card, file=file)

    @app_commands.command()
    async def forget(self, interaction: Interaction) -> None:
        """Be forgotten: your account, name and words are deleted. Asks before it does."""
        would = await self.bot.database.read(forgetting.preview, actor_of(interaction))
        await reply(interaction, confirm_card(would))

    @action("privacy.forget")
    async def forget_now(self, interaction: Interaction, argument: str) -> None:
        """Forget whoever clicks."""
        servers = await self.bot.write(
            forgetting.forget, actor_of(interaction), everywhere=argument == EVERYWHERE, now=self.bot.now()
        )
        await reply(interaction, forgotten_note(servers))

    @action("privacy.keep")
    async def keep(self, interaction: Interaction, _argument: str) -> None:
        """Change nothing."""
        await reply(interaction, note("Nothing was deleted."))
