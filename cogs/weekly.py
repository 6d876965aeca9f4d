"""The button under a weekly digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.reminding import week
from bot.ui.cards.reminding.week import whole_week_card
from bot.ui.items import action, whole_number
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of

if TYPE_CHECKING:
    from bot.client import Almanac


class WeeklyCog(commands.Cog):
    """Weekly digests."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("weekly.all")
    async def show_all(self, interaction: Interaction, argument: str) -> None:
        """Everything of the week, as a file for whoever clicked."""
        try:
            until = whole_number(argument, digits=11)
        except ValueError:
            raise Refused("This button is from another version of the bot. See what's open with /prediction list.") from None
        found = await self.bot.database.read(week.whole_week, actor_of(interaction), until_second=until, now=self.bot.now())
        card, file = whole_week_card(found)
        await reply(interaction, card, file=file)
