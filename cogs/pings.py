"""The buttons with which members take and leave the role for pings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.settings import pings
from bot.ui.cards.settings.pings import offer_card, taken_card
from bot.ui.items import action
from bot.ui.permissions import require_may_give, require_may_post
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of

if TYPE_CHECKING:
    from bot.client import Almanac


class PingsCog(commands.Cog):
    """The role for pings."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("ping.take")
    async def take(self, interaction: Interaction, _argument: str) -> None:
        """Give the member the role."""
        await self._change(interaction, takes=True)

    @action("ping.leave")
    async def leave(self, interaction: Interaction, _argument: str) -> None:
        """Take it away from them."""
        await self._change(interaction, takes=False)

    @action("ping.post")
    async def post(self, interaction: Interaction, _argument: str) -> None:
        """Post the card with both buttons, for everyone in the channel."""
        role_id = await self.bot.database.read(pings.role_to_offer, actor_of(interaction))
        require_may_give(interaction.guild, role_id)
        require_may_post(interaction)
        await reply(interaction, offer_card(role_id), public=True)

    async def _change(self, interaction: Interaction, *, takes: bool) -> None:
        role_id = await self.bot.database.read(pings.role_to_take, actor_of(interaction))
        role, member = require_may_give(interaction.guild, role_id), interaction.user
        assert isinstance(member, discord.Member)
        change = member.add_roles if takes else member.remove_roles
        try:
            await change(role, reason="They asked for it with a button")
        except (discord.Forbidden, discord.NotFound):
            raise Refused("Discord didn't let me change your roles. A manager can check my permissions.") from None
        await reply(interaction, taken_card(role_id, takes=takes))
