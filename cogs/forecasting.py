"""/forecast, /forecasts and /next, and the panel behind the Forecast button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.types import Values
from bot.services.forecasting import forecasts, reasons, walk
from bot.services.forecasting.own_history import own_history
from bot.services.forecasting.placing import PlacedForecast, WithdrawnForecast
from bot.services.forecasting.walk import NextPrediction
from bot.services.predictions import editing, listing
from bot.services.predictions.listing import ListFilters, ListShow
from bot.services.predictions.views import PredictionView
from bot.ui import palette
from bot.ui.cards.forecasting.panel import WALKING, history_card, panel, placed_card, walk_end_card, withdrawn_card
from bot.ui.cards.predictions.lists import list_card
from bot.ui.items import action, chosen
from bot.ui.modals import ForecastForm
from bot.ui.questions import chosen_values
from bot.ui.replies import note, open_form, reply
from cogs._params import Interaction, PredictionParam, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class ForecastingCog(commands.Cog):
    """Forecasts."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        prediction="Its code, or words from it",
        probability="70, 70%, 0.7, 7/10, 7:3 · options: 50; 30; 20 · numbers and dates: low; middle; high",
        reason="Why you think so. Only you see it until you post it",
    )
    async def forecast(
        self,
        interaction: Interaction,
        prediction: PredictionParam,
        probability: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Say how likely you think a prediction is."""
        if probability is None:
            await self._open(interaction, prediction)
        else:
            await self._place(interaction, prediction, probability, reason)

    @app_commands.command(name="forecasts")
    @app_commands.describe(prediction="See only your history on this one")
    async def my_forecasts(self, interaction: Interaction, prediction: PredictionParam | None = None) -> None:
        """See your own forecasts."""
        if prediction is not None:
            await self._history(interaction, prediction)
            return
        filters = ListFilters(show=ListShow.MINE)
        page = await self.bot.database.read(
            listing.list_page, actor_of(interaction), filters=filters, number=0, now=self.bot.now()
        )
        await reply(interaction, list_card(page))

    @app_commands.command(name="next")
    async def next_(self, interaction: Interaction) -> None:
        """Go through the predictions you haven't forecast yet."""
        await self._walk(interaction)

    @action("forecast.open")
    async def open_panel(self, interaction: Interaction, argument: str) -> None:
        """The panel, for whoever clicked."""
        await self._open(interaction, code_of(argument))

    @action("forecast.pick")
    async def pick(self, interaction: Interaction, argument: str) -> None:
        """A probability picked from the select."""
        code, _, mode = argument.partition(":")
        await self._place(interaction, code_of(code), chosen(interaction), None, is_walking=mode == WALKING)

    @action("forecast.exact")
    async def open_form(self, interaction: Interaction, argument: str) -> None:
        """The form for exact numbers and a reason."""
        code, _, mode = argument.partition(":")
        view = await self._open_view(interaction, code_of(code))

        async def submit(submitted: Interaction, values: Values, reason: str | None) -> None:
            await self._place(submitted, view.code, values, reason, is_walking=mode == WALKING)

        await open_form(interaction, ForecastForm(view, submit))

    @action("forecast.reaffirm")
    async def reaffirm(self, interaction: Interaction, argument: str) -> None:
        """The same forecast again, as of now."""
        placed = await self.bot.write(forecasts.reaffirm, actor_of(interaction), code=code_of(argument), now=self.bot.now())
        await reply(interaction, placed_card(placed))

    @action("forecast.withdraw")
    async def withdraw(self, interaction: Interaction, argument: str) -> None:
        """Withdraw a forecast."""
        withdrawn = await self.bot.write(
            forecasts.withdraw, actor_of(interaction), code=code_of(argument), now=self.bot.now()
        )
        await reply(interaction, withdrawn_card(withdrawn))

    @action("forecast.undo")
    async def undo(self, interaction: Interaction, argument: str) -> None:
        """Undo the latest forecast."""
        undone = await self.bot.write(
            forecasts.undo, actor_of(interaction), forecast_id=code_of(argument), now=self.bot.now()
        )
        await reply(interaction, withdrawn_card(undone) if isinstance(undone, WithdrawnForecast) else placed_card(undone))

    @action("forecast.post")
    async def post_reason(self, interaction: Interaction, argument: str) -> None:
        """Make a reason public."""
        view = await self.bot.write(
            reasons.post_reason, actor_of(interaction), forecast_id=code_of(argument), now=self.bot.now()
        )
        await reply(
            interaction, note(f"Your reason on **#{view.code}** is posted. Everyone can read it now.", colour=palette.GREEN)
        )

    @action("forecast.history")
    async def show_history(self, interaction: Interaction, argument: str) -> None:
        """The member's own forecasts on a prediction."""
        await self._history(interaction, code_of(argument))

    @action("next.go")
    async def go_on(self, interaction: Interaction, _argument: str) -> None:
        """The next prediction to forecast."""
        await self._walk(interaction)

    @action("next.skip")
    async def skip(self, interaction: Interaction, argument: str) -> None:
        """Skip this one."""
        await self._show_next(
            interaction,
            await self.bot.write(walk.skip, actor_of(interaction), code=code_of(argument), now=self.bot.now()),
        )

    @action("next.again")
    async def bring_back(self, interaction: Interaction, _argument: str) -> None:
        """Bring back what was skipped."""
        await self._show_next(interaction, await self.bot.write(walk.clear_skips, actor_of(interaction), now=self.bot.now()))

    async def _view(self, interaction: Interaction, code: int) -> PredictionView:
        return await self.bot.database.read(editing.show, actor_of(interaction), code=code, now=self.bot.now())

    async def _open_view(self, interaction: Interaction, code: int) -> PredictionView:
        view = await self._view(interaction, code)
        if not view.is_open:
            raise Refused(
                f"Forecasting on #{view.code} is closed. Use /prediction show #{view.code} to see where it stands."
            )
        return view

    async def _open(self, interaction: Interaction, code: int) -> None:
        await reply(interaction, panel(await self._open_view(interaction, code)))

    async def _place(
        self, interaction: Interaction, code: int, values: Values | str, reason: str | None, *, is_walking: bool = False
    ) -> None:
        actor, now = actor_of(interaction), self.bot.now()
        chosen = chosen_values(interaction)  # by a member who was asked whether they meant it
        values = values if chosen is None else chosen
        locale, asks = str(interaction.locale), chosen is None
        if is_walking and reason is None:
            done, upcoming = await self.bot.write(
                walk.place_and_walk_on, actor, code=code, values=values, now=now, locale=locale, asks=asks
            )
            await self._show_next(interaction, upcoming, done)
        else:
            placed = await self.bot.write(
                forecasts.place, actor, code=code, values=values, reason=reason, now=now, locale=locale, asks=asks
            )
            await reply(interaction, placed_card(placed))

    async def _history(self, interaction: Interaction, code: int) -> None:
        view, lines = await self.bot.database.read(own_history, actor_of(interaction), code=code, now=self.bot.now())
        card, file = history_card(view, lines)
        await reply(interaction, card, file=file)

    async def _walk(self, interaction: Interaction) -> None:
        upcoming = await self.bot.database.read(walk.show_next, actor_of(interaction), now=self.bot.now())
        await self._show_next(interaction, upcoming)

    async def _show_next(
        self, interaction: Interaction, upcoming: NextPrediction, done: PlacedForecast | None = None
    ) -> None:
        if upcoming.view is None:
            await reply(interaction, walk_end_card(upcoming, done))
        else:
            await reply(interaction, panel(upcoming.view, walk=upcoming, done=done))
