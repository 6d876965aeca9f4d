"""What the buttons of predictions that wait for approval do; `/prediction queue` opens them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.predictions import drafts
from bot.services.predictions.drafts import DraftView
from bot.ui.cards.predictions.drafts import draft_card, queue_card
from bot.ui.items import action, chosen
from bot.ui.modals import ReasonForm
from bot.ui.replies import open_form, reply
from cogs._params import Interaction, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class DraftsCog(commands.Cog):
    """Approving, asking for changes, declining."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("draft.list")
    async def list_drafts(self, interaction: Interaction, _argument: str) -> None:
        """What waits for approval."""
        queue = await self.bot.database.read(drafts.show_queue, actor_of(interaction), now=self.bot.now())
        await reply(interaction, queue_card(queue))

    @action("draft.open")
    async def open_draft(self, interaction: Interaction, _argument: str) -> None:
        """The draft that was chosen."""
        await self._open(interaction, code_of(chosen(interaction)))

    @action("draft.show")
    async def open_again(self, interaction: Interaction, argument: str) -> None:
        """A draft that was answered."""
        await self._open(interaction, code_of(argument))

    @action("draft.accept")
    async def accept(self, interaction: Interaction, argument: str) -> None:
        """A manager approves it."""
        done = await self.bot.write(drafts.accept, actor_of(interaction), code=code_of(argument), now=self.bot.now())
        told = f"Approved: **#{done.code}** is open, and everyone sees it."
        await reply(interaction, queue_card(done.queue, done=told))

    @action("draft.change")
    async def ask_for_changes(self, interaction: Interaction, argument: str) -> None:
        """A manager says what should change."""
        told = "**#{code}** stays here. Whoever added it is asked for changes."
        await self._answer_in_words(
            interaction, argument, "Changes to #{code}", "What should change?", drafts.send_back, told
        )

    @action("draft.decline")
    async def decline(self, interaction: Interaction, argument: str) -> None:
        """A manager declines it, and says why."""
        told = "Declined: **#{code}**. Whoever added it is told why."
        await self._answer_in_words(interaction, argument, "Decline #{code}", "Why?", drafts.decline, told)

    @action("draft.withdraw")
    async def withdraw(self, interaction: Interaction, argument: str) -> None:
        """Whoever added it takes it back."""
        done = await self.bot.write(drafts.withdraw, actor_of(interaction), code=code_of(argument), now=self.bot.now())
        await reply(interaction, queue_card(done.queue, done=f"Withdrawn: **#{done.code}**."))

    async def _answer_in_words(
        self,
        interaction: Interaction,
        argument: str,
        title: str,
        question: str,
        use_case: Callable[..., drafts.AnsweredDraft],
        told: str,
    ) -> None:
        """Ask a manager for the words that go with an answer, and give it. `{code}` stands for the draft's in `title` and `told`."""
        code = (await self._show(interaction, argument)).view.code

        async def submit(submitted: Interaction, words: str) -> None:
            done = await self.bot.write(use_case, actor_of(submitted), code=code, words=words, now=self.bot.now())
            await reply(submitted, queue_card(done.queue, done=told.format(code=done.code), answered=done.code))

        await open_form(
            interaction, ReasonForm(title.format(code=code), question, submit, hint="Whoever added it reads this.")
        )

    async def _open(self, interaction: Interaction, code: int) -> None:
        opened = await self.bot.database.read(drafts.show_draft, actor_of(interaction), code=code, now=self.bot.now())
        await reply(interaction, draft_card(opened))

    async def _show(self, interaction: Interaction, argument: str) -> DraftView:
        return await self.bot.database.read(
            drafts.show_for_answer, actor_of(interaction), code=code_of(argument), now=self.bot.now()
        )
