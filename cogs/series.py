"""/series: one prediction for each month, quarter or year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.domain.types import Kind
from bot.services.predictions import series
from bot.services.predictions.series import NewSeries
from bot.ui import palette, text
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.predictions.series import series_added, series_lines
from bot.ui.replies import note, reply
from cogs._params import Interaction, KindParam, actor_of, asks, day_over_at, first_day, options_of

if TYPE_CHECKING:
    from bot.client import Almanac


class SeriesCog(commands.Cog):
    """Series of predictions."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.rename(expected="range")
    @app_commands.describe(
        statement="What you predict for each, such as: It rains by the end of {month}",
        first="The first one: Jan 2027, Q1 2027 or 2027",
        last="The last one: Dec 2027, Q4 2027 or 2028",
        criteria="How will we know? It can have the same placeholders",
        kind="Kind of answer (default: yes or no)",
        options="For multiple choice: the options, separated by commas or semicolons, also with placeholders",
        unit="For a number: its unit",
        expected="For a number or a date: where you expect it, like 0 to 100",
        tags="Topics, separated by commas",
    )
    @asks
    async def series(
        self,
        interaction: Interaction,
        statement: str,
        first: str,
        last: str,
        criteria: str | None = None,
        kind: KindParam = Kind.BINARY,
        options: str | None = None,
        unit: str | None = None,
        expected: app_commands.Range[str, 1, 120] | None = None,
        tags: str | None = None,
    ) -> None:
        """Add one prediction for each {month}, {quarter} or {year}. You see them all first."""
        new = NewSeries(
            statement=statement,
            first=await first_day(interaction, first),
            last=(await day_over_at(interaction, last)) - timedelta(days=1),
            criteria=criteria or "",
            kind=kind,
            options=options_of(options),
            unit=unit,
            expected=expected,
            tags=tuple((tags or "").split(",")),
        )
        given: dict[str, Any] = {"new": new, "locale": str(interaction.locale)}
        planned = await self.bot.rehearse(series.add, actor_of(interaction), **given, now=self.bot.now())

        async def post(click: Interaction) -> None:
            added = await self.bot.write(series.add, actor_of(click), **given, now=self.bot.now())
            await reply(click, note(series_added(added), colour=palette.GREEN))

        label = f"Add {text.count(len(planned.added), 'prediction')}"
        await reply(interaction, confirm_card(interaction, series_lines(planned), label, post, style="primary"))
