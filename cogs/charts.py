"""The charts of a prediction, behind their buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.forecasting import histories
from bot.services.forecasting.histories import PredictionHistory
from bot.services.limits import Limited
from bot.ui.cards.charts import CHARTS, chart_card, is_empty
from bot.ui.items import action
from bot.ui.permissions import require_may_post
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class ChartsCog(commands.Cog):
    """Charts."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("chart.history")
    async def show_history(self, interaction: Interaction, argument: str) -> None:
        """How the numbers moved, as far as whoever clicked may see."""
        await self._show(interaction, "history", code_of(argument))

    @action("chart.spread")
    async def show_spread(self, interaction: Interaction, argument: str) -> None:
        """Where the current forecasts lie, within the same limits."""
        await self._show(interaction, "spread", code_of(argument))

    @action("chart.post")
    async def post(self, interaction: Interaction, argument: str) -> None:
        """One of the two, for everyone in the channel."""
        code, _, what = argument.partition(":")
        if what not in CHARTS:
            raise Refused("This button is from another version of the bot. Use /prediction show to get the chart.")
        require_may_post(interaction, with_file=True)
        found = await self.bot.database.read(
            histories.show_public_history, guild_id=actor_of(interaction).guild_id, code=code_of(code), now=self.bot.now()
        )
        await self._answer(interaction, what, found, private=False)

    async def _show(self, interaction: Interaction, what: str, code: int) -> None:
        found = await self.bot.database.read(histories.show_history, actor_of(interaction), code=code, now=self.bot.now())
        await self._answer(interaction, what, found, private=True)

    async def _answer(self, interaction: Interaction, what: str, found: PredictionHistory, *, private: bool) -> None:
        self.bot.recent_work.take(actor_of(interaction), Limited.CHARTS, now=self.bot.now())
        chart = CHARTS[what](found, now=self.bot.now())
        picture = None if is_empty(chart) else await self.bot.drawing.draw(chart)
        card, file = chart_card(found, what, chart, picture, private=private)
        await reply(interaction, card, public=not private, file=file)
