"""/remind and /reminders, and the buttons under a reminder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.moments.recurrence import Recurrence
from bot.domain.when import FURTHEST, ReminderTime
from bot.services.predictions.editing import show
from bot.services.reminding import reminders
from bot.ui.cards.reminding.reminders import (
    AGAIN,
    ANOTHER_TIME,
    AT_HOME,
    asked_card,
    kept_card,
    reminders_card,
    snoozed_note,
    understood_card,
)
from bot.ui.items import action, chosen
from bot.ui.modals import ReminderForm
from bot.ui.replies import note, open_form, reply
from cogs._params import Interaction, PredictionParam, actor_of, asks, code_of

if TYPE_CHECKING:
    from bot.client import Almanac

Where = Literal["direct message", "at the prediction's card"]


class RemindersCog(commands.Cog):
    """Personal reminders."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        prediction="Its code, or words from it",
        when="In your time zone: in 2 weeks, 3 days before, 1 Dec 9am, every Monday",
        where="Where to remind you (default: direct message)",
    )
    @asks
    async def remind(
        self,
        interaction: Interaction,
        prediction: PredictionParam,
        when: app_commands.Range[str, 1, 100],
        where: Where = "direct message",
    ) -> None:
        """Set a reminder for a prediction."""
        understood = await self.bot.database.read(
            reminders.understand,
            actor_of(interaction),
            code=prediction,
            text=when,
            now=self.bot.now(),
            locale=str(interaction.locale),
        )
        await reply(interaction, understood_card(understood, at_home=where != "direct message", now=self.bot.now()))

    @app_commands.command(name="reminders")
    async def my_reminders(self, interaction: Interaction) -> None:
        """See your reminders, and cancel the ones you no longer need."""
        await self._list(interaction, 0)

    @action("reminder.ask")
    async def ask(self, interaction: Interaction, argument: str) -> None:
        """Ask when to remind of the card's prediction."""
        actor, now = actor_of(interaction), self.bot.now()
        await reply(interaction, asked_card(await self.bot.database.read(show, actor, code=code_of(argument), now=now)))

    @action("reminder.when")
    async def choose(self, interaction: Interaction, argument: str) -> None:
        """Set the reminder that was chosen, or open a form for another time."""
        code, when = code_of(argument), chosen(interaction)
        if when != ANOTHER_TIME:
            await self._keep(interaction, code, when)
            return

        async def submit(submitted: Interaction, typed: str) -> None:
            await self._keep(submitted, code, typed)

        await open_form(interaction, ReminderForm(code, submit))

    async def _keep(self, interaction: Interaction, code: int, typed: str) -> None:
        actor, now, locale = actor_of(interaction), self.bot.now(), str(interaction.locale)
        understood = await self.bot.database.read(reminders.understand, actor, code=code, text=typed, now=now, locale=locale)
        kept = await self.bot.write(reminders.keep, actor, code=code, when=understood.when, at_home=False, now=now)
        await reply(interaction, kept_card(kept))

    @action("reminder.set")
    async def set(self, interaction: Interaction, argument: str) -> None:
        """Store what was understood."""
        code, when, place = _decode(argument)
        kept = await self.bot.write(
            reminders.keep, actor_of(interaction), code=code, when=when, at_home=place == AT_HOME, now=self.bot.now()
        )
        await reply(interaction, kept_card(kept))

    @action("reminder.drop")
    async def drop(self, interaction: Interaction, _argument: str) -> None:
        """Store nothing."""
        await reply(interaction, note("No reminder set. You can set one any time with `/remind`."))

    @action("reminder.cancel")
    async def cancel(self, interaction: Interaction, argument: str) -> None:
        """Cancel the reminder that was just set."""
        await self.bot.write(reminders.cancel, actor_of(interaction), reminder_id=code_of(argument), now=self.bot.now())
        await reply(interaction, note("Reminder cancelled."))

    @action("reminder.pick")
    async def cancel_chosen(self, interaction: Interaction, argument: str) -> None:
        """Cancel one of the list."""
        left = await self.bot.write(
            reminders.cancel, actor_of(interaction), reminder_id=code_of(chosen(interaction)), now=self.bot.now()
        )
        await reply(interaction, reminders_card(left.reminders, code_of(argument), unreachable_at=left.unreachable_at))

    @action("reminder.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """Another page of the member's reminders."""
        await self._list(interaction, code_of(argument))

    @action("reminder.snooze", anywhere=True)
    async def snooze(self, interaction: Interaction, argument: str) -> None:
        """Bring it up again later."""
        reminder_id, _, span = argument.partition(":")
        due_at = await self.bot.write(
            reminders.snooze, user_id=interaction.user.id, reminder_id=code_of(reminder_id), span=span, now=self.bot.now()
        )
        await reply(interaction, note(snoozed_note(due_at)))

    @action("reminder.done", anywhere=True)
    async def finish(self, interaction: Interaction, argument: str) -> None:
        """Be done with it."""
        await self.bot.write(
            reminders.finish, user_id=interaction.user.id, reminder_id=code_of(argument), now=self.bot.now()
        )
        await reply(interaction, note("✅ Done. Use `/remind` on the server to set another one."))

    @action("reminder.stop", anywhere=True)
    async def stop(self, interaction: Interaction, argument: str) -> None:
        """End one that repeats."""
        await self.bot.write(reminders.stop, user_id=interaction.user.id, reminder_id=code_of(argument), now=self.bot.now())
        await reply(interaction, note("Stopped. It won't come again. Use `/remind` on the server to set another one."))

    async def _list(self, interaction: Interaction, number: int) -> None:
        own = await self.bot.database.read(reminders.list_reminders, actor_of(interaction), now=self.bot.now())
        await reply(interaction, reminders_card(own.reminders, number, unreachable_at=own.unreachable_at))


def _decode(argument: str) -> tuple[int, ReminderTime | Recurrence, str]:
    """Code, moment and place from a button's argument. Refuses anything our buttons never carry."""
    try:
        code, second, days, place = argument.split(":")
        if days == AGAIN:
            return code_of(code), Recurrence.from_code(second), place
        before_days = float(days) if days else None
        if before_days is not None and not 0 <= before_days <= FURTHEST.days:
            raise ValueError(days)
        return code_of(code), ReminderTime(datetime.fromtimestamp(int(second), UTC), before_days), place
    except (ValueError, OverflowError, OSError):
        raise Refused("This button is from another version of the bot. Use /remind to set a reminder.") from None
