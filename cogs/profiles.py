"""/profile and /calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.seasons import Season, read_season
from bot.services.scoring import calibrations, profiles
from bot.services.scoring.calibrations import CalibrationSubject, ForecasterKind
from bot.ui.cards.charts import calibration_chart, profile_chart
from bot.ui.cards.scoring.profile import calibration_card, decode, profile_card, standing_card
from bot.ui.items import action, chosen
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, code_of, complete_forecaster, complete_season, complete_tag

if TYPE_CHECKING:
    from bot.client import Almanac


class RecordsCog(commands.Cog):
    """Records."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(member="Whose record (default: yours)")
    async def profile(self, interaction: Interaction, member: discord.User | None = None) -> None:
        """See how well you or another member forecasts."""
        await self._profile(interaction, member)

    @app_commands.command()
    @app_commands.rename(forecaster="of")
    @app_commands.autocomplete(forecaster=complete_forecaster, tag=complete_tag, season=complete_season)
    @app_commands.describe(
        member="Whose calibration (default: yours)",
        forecaster="The crowd's, or a document author's",
        tag="Only predictions with this tag",
        season="Only results from a year or quarter: 2026, 2026 Q3, or all time",
    )
    async def calibration(
        self,
        interaction: Interaction,
        member: discord.User | None = None,
        forecaster: str | None = None,
        tag: str | None = None,
        season: str | None = None,
    ) -> None:
        """See whether things called 70% happen 70% of the time."""
        if member is not None and forecaster is not None:
            raise Refused("That's two at once. Choose a member, or pick the crowd or an author under `of`.")
        of = forecaster or CalibrationSubject(ForecasterKind.MEMBER, interaction.user.id)
        await self._calibration(interaction, of, read_season(season or ""), tag, member=member)

    @action("profile.show")
    async def show_own(self, interaction: Interaction, _argument: str) -> None:
        """The profile of whoever clicked."""
        await self._profile(interaction, None)

    @action("profile.standing")
    async def show_standing(self, interaction: Interaction, argument: str) -> None:
        """A page of the current forecasts of whoever clicked."""
        page = await self.bot.database.read(
            profiles.standing_page, actor_of(interaction), number=code_of(argument), now=self.bot.now()
        )
        await reply(interaction, standing_card(page))

    @action("calibration.show")
    async def show_calibration(self, interaction: Interaction, argument: str) -> None:
        """The calibration a button names."""
        of, season, tag = decode(argument, user_id=interaction.user.id)
        await self._calibration(interaction, of, season, tag)

    @action("calibration.season")
    async def choose_season(self, interaction: Interaction, argument: str) -> None:
        """The same calibration, for another season."""
        of, _season, tag = decode(argument, user_id=interaction.user.id)
        await self._calibration(interaction, of, read_season(chosen(interaction)), tag)

    async def _profile(self, interaction: Interaction, member: discord.User | None) -> None:
        user = member or interaction.user
        found = await self.bot.database.read(
            profiles.show_profile,
            actor_of(interaction),
            user_id=user.id,
            name=user.display_name,
            is_bot=user.bot,
            now=self.bot.now(),
        )
        chart = profile_chart(found)
        picture = await self.bot.drawing.draw(chart) if found.resolved else None
        card, file = profile_card(found, chart, picture)
        await reply(interaction, card, file=file)

    async def _calibration(
        self,
        interaction: Interaction,
        of: CalibrationSubject | str,
        season: Season,
        tag: str | None,
        *,
        member: discord.User | None = None,
    ) -> None:
        found = await self.bot.database.read(
            calibrations.show_calibration,
            actor_of(interaction),
            of=of if member is None else CalibrationSubject(ForecasterKind.MEMBER, member.id),
            name=None if member is None else member.display_name,
            is_bot=member is not None and member.bot,
            tag=tag,
            season=season,
        )
        chart = calibration_chart(found)
        picture = await self.bot.drawing.draw(chart) if found.calibration else None
        card, file = calibration_card(found, chart, picture)
        await reply(interaction, card, file=file)
