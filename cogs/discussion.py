"""What members say about predictions: the reasons they posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.predictions import discussion
from bot.ui.cards.predictions.reasons import reasons_card
from bot.ui.items import action, whole_number
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class DiscussionCog(commands.Cog):
    """The discussion of predictions."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("reason.list")
    async def list_reasons(self, interaction: Interaction, argument: str) -> None:
        """All reasons on a prediction, page by page."""
        code, _, page = argument.partition(":")
        try:
            number = whole_number(page or "0", digits=6)
        except ValueError:
            raise Refused("This button is from another version of the bot. Open the card again for the reasons.") from None
        shown = await self.bot.database.read(
            discussion.show_reasons, actor_of(interaction), code=code_of(code), page=number, now=self.bot.now()
        )
        card, file = reasons_card(shown)
        await reply(interaction, card, file=file)
