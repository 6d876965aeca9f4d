"""/forecast, /forecasts and /next, and the panel behind the Forecast button."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.types import Values
from bot.services.forecasting import forecasts, reasons, walk
from bot.services.forecasting.own_history import own_history
from bot.services.forecasting.placing import WithdrawnForecast
from bot.services.forecasting.walk import NextPrediction
from bot.services.predictions import editing, listing
from bot.services.predictions.listing import ListFilters, ListShow
from bot.services.predictions.views import PredictionView
from bot.ui.cards.forecasting.panel import history_card, panel, placed_card, withdrawn_card
from bot.ui.cards.groups.next import next_card
from bot.ui.cards.predictions.lists import list_card
from bot.ui.items import action, chosen
from bot.ui.modals import ForecastForm, GuessForm, ReasonForm, Submit
from bot.ui.questions import chosen_values
from bot.ui.replies import open_form, reply
from bot.ui.waiting import offer_retry
from cogs._params import Interaction, PredictionParam, actor_of, asks, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class ForecastingCog(commands.Cog):
    """Forecasts."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        prediction="Its code, or words from it",
        probability="70, 70%, 0.7, 7/10, 7:3 · options: 50; 30; 20 · numbers and dates: 12 ± 3, or low; middle; high",
        reason="Why you think so. Only you see it until you post it",
    )
    @asks
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
            offer_retry(interaction, partial(self._open_typed, code=prediction, typed=probability, reason=reason))
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
        code, _, _ = argument.partition(":")  # in older messages "next" may follow
        await self._place(interaction, code_of(code), chosen(interaction), None)

    @action("forecast.exact")
    async def open_form(self, interaction: Interaction, argument: str) -> None:
        """The form for exact numbers and a reason."""
        code, _, _ = argument.partition(":")
        view = await self._open_view(interaction, code_of(code))
        await open_form(interaction, ForecastForm(view, self._submit(view)))

    @action("forecast.guess")
    async def open_guess(self, interaction: Interaction, argument: str) -> None:
        """The form for one guess of a number or a date."""
        view = await self._open_view(interaction, code_of(argument))
        if view.kind.is_distribution:
            raise Refused(f"#{view.code} takes probabilities. Forecast with /forecast #{view.code}.")
        await open_form(interaction, GuessForm(view, self._submit(view)))

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
        is_gone = isinstance(undone, WithdrawnForecast)
        await reply(interaction, withdrawn_card(undone) if is_gone else placed_card(undone, asks_why=False))

    @action("forecast.post")
    async def post_reason(self, interaction: Interaction, argument: str) -> None:
        """Make a reason public."""
        placed = await self.bot.write(
            reasons.post_reason, actor_of(interaction), forecast_id=code_of(argument), now=self.bot.now()
        )
        done = f"Your reason on **#{placed.view.code}** is posted. Everyone can read it now."
        await reply(interaction, placed_card(placed, done=done))

    @action("forecast.reason")
    async def open_reason(self, interaction: Interaction, argument: str) -> None:
        """The form for a reason."""
        forecast_id = code_of(argument)
        code, reason = await self.bot.database.read(reasons.show_reason, actor_of(interaction), forecast_id=forecast_id)

        async def submit(submitted: Interaction, words: str) -> None:
            placed = await self.bot.write(
                reasons.add_reason, actor_of(submitted), forecast_id=forecast_id, words=words, now=self.bot.now()
            )
            await reply(submitted, placed_card(placed))

        hint = "Optional. Only you see it until you post it."
        await open_form(
            interaction, ReasonForm(f"Your reason on #{code}", "Why do you think so?", submit, hint=hint, value=reason)
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

    def _submit(self, view: PredictionView) -> Submit:
        async def submit(submitted: Interaction, values: Values, reason: str | None) -> None:
            await self._place(submitted, view.code, values, reason)

        return submit

    async def _open_typed(self, interaction: Interaction, *, code: int, typed: str, reason: str | None) -> None:
        """The form, with what was typed where one field takes it."""
        view = await self._open_view(interaction, code)
        form = ForecastForm(view, self._submit(view))
        if form.takes_one_text:
            form.filled([typed])
        *_, (_, words) = form.fields
        words.default = reason
        await open_form(interaction, form)

    async def _place(self, interaction: Interaction, code: int, values: Values | str, reason: str | None) -> None:
        chosen = chosen_values(interaction)  # by a member who was asked whether they meant it
        placed = await self.bot.write(
            forecasts.place,
            actor_of(interaction),
            code=code,
            values=values if chosen is None else chosen,
            reason=reason,
            now=self.bot.now(),
            locale=str(interaction.locale),
            asks=chosen is None,
        )
        await reply(interaction, placed_card(placed))

    async def _history(self, interaction: Interaction, code: int) -> None:
        view, lines = await self.bot.database.read(own_history, actor_of(interaction), code=code, now=self.bot.now())
        card, file = history_card(view, lines)
        await reply(interaction, card, file=file)

    async def _walk(self, interaction: Interaction) -> None:
        upcoming = await self.bot.database.read(walk.show_next, actor_of(interaction), now=self.bot.now())
        await self._show_next(interaction, upcoming)

    async def _show_next(self, interaction: Interaction, upcoming: NextPrediction) -> None:
        await reply(interaction, next_card(upcoming))
