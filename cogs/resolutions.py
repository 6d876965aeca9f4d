"""/resolution: what happened, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.domain.types import Kind
from bot.services.predictions import editing
from bot.services.voting import objections, proposals, resolutions, views
from bot.services.voting.views import ResolutionStatus
from bot.ui import palette, text
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.voting.deciding import decide_label, decide_lines, reopen_lines
from bot.ui.cards.voting.log import log_card
from bot.ui.cards.voting.outcomes import outcome_text
from bot.ui.cards.voting.votes import status_card
from bot.ui.items import action, chosen
from bot.ui.modals import ProposalForm, ReasonForm
from bot.ui.replies import note, open_form, reply
from cogs._params import Choices, Interaction, PredictionParam, actor_of, asks, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


async def complete_outcome(interaction: Interaction, value: str) -> Choices:
    """The possible outcomes of the chosen prediction."""
    typed = str(getattr(interaction.namespace, "prediction", "")).lstrip("# ")
    if not typed.isdecimal() or len(typed) > 9:
        return []
    bot = interaction.client
    view = await bot.database.read(editing.show, actor_of(interaction), code=int(typed), now=bot.now())
    offered = {Kind.BINARY: ("yes", "no"), Kind.MULTIPLE_CHOICE: view.options}.get(view.kind, ())
    return [
        app_commands.Choice(name=text.cut(name, 100), value=text.cut(name, 100))
        for name in offered
        if name.casefold().startswith(value.casefold())
    ][:25]


class ResolutionsCog(
    commands.GroupCog,
    group_name="resolution",
    group_description="Propose what happened, object, or see how it was decided.",
):
    """Results."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.autocomplete(outcome=complete_outcome)
    @app_commands.describe(
        prediction="Its code, or words from it",
        outcome="What happened: yes, no, an option, a number or a date",
        happened="When it became publicly known, like “2 hours ago” or “24 Dec 2026 15:00”",
        link="A page that shows it",
        words="Anything others should know",
    )
    @asks
    async def propose(
        self,
        interaction: Interaction,
        prediction: PredictionParam,
        outcome: str,
        happened: str | None = None,
        link: str | None = None,
        words: str | None = None,
    ) -> None:
        """Say what happened, before the date. The vote opens once another member seconds it."""
        await self._propose(interaction, prediction, outcome, happened, link, words)

    @action("vote.propose")
    async def open_proposal(self, interaction: Interaction, argument: str) -> None:
        """The form for a proposal."""
        view = await self.bot.database.read(
            proposals.check_may_propose, actor_of(interaction), code=code_of(argument), now=self.bot.now()
        )

        async def submit(submitted: Interaction, outcome: str, happened: str, link: str, words: str) -> None:
            await self._propose(submitted, view.code, outcome, happened, link, words)

        await open_form(interaction, ProposalForm(view, submit))

    @action("vote.second")
    async def second(self, interaction: Interaction, argument: str) -> None:
        """Second a proposal."""
        await self._second(interaction, code_of(argument))

    @action("vote.endorse")
    async def second_chosen(self, interaction: Interaction, _argument: str) -> None:
        """Second the proposal that was chosen among several."""
        await self._second(interaction, code_of(chosen(interaction)))

    @action("vote.retract")
    async def withdraw_proposal(self, interaction: Interaction, argument: str) -> None:
        """Withdraw the member's own proposal."""
        status = await self.bot.write(
            proposals.withdraw, actor_of(interaction), proposal_id=code_of(argument), now=self.bot.now()
        )
        await self._reply_status(interaction, status, in_place=True)

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it")
    async def status(self, interaction: Interaction, prediction: PredictionParam) -> None:
        """See where a prediction stands on its way to a result."""
        await self._status(interaction, prediction)

    @action("vote.status")
    async def show_status(self, interaction: Interaction, argument: str) -> None:
        """Where a prediction stands."""
        await self._status(interaction, code_of(argument))

    @app_commands.command(name="object")
    @app_commands.describe(
        prediction="Its code, or words from it", reason="What's wrong with the result. Everyone can read it"
    )
    async def object_(self, interaction: Interaction, prediction: PredictionParam, reason: str) -> None:
        """Object to a provisional result. Two objections start a second round."""
        given: dict[str, Any] = {"code": prediction, "words": reason}
        count = await self.bot.rehearse(objections.object_to, actor_of(interaction), **given, now=self.bot.now())

        async def go_on(click: Interaction) -> None:
            await self._object(click, prediction, reason)

        lines = [
            f"Object to the result of **#{prediction}**? {_after_objection(count)} You can't take it back.",
            f"Everyone will see this:\n> {text.plain_line(reason, 300)}",
        ]
        await reply(interaction, confirm_card(interaction, lines, "Object", go_on))

    @action("vote.object")
    async def open_objection(self, interaction: Interaction, argument: str) -> None:
        """The form for an objection."""
        code = code_of(argument)
        await self.bot.database.read(objections.check_may_object, actor_of(interaction), code=code, now=self.bot.now())

        async def submit(submitted: Interaction, words: str) -> None:
            await self._object(submitted, code, words)

        await open_form(interaction, ReasonForm(f"Object to the result of #{code}", "What's wrong with it?", submit))

    @app_commands.command()
    @app_commands.autocomplete(outcome=complete_outcome)
    @app_commands.describe(
        prediction="Its code, or words from it",
        outcome="What happened: yes, no, an option, a number, a date, or annulled",
        reason="Why. Everyone can read it",
        happened="When it became publicly known; forecasts made from then on won't count. Leave it out for its date",
    )
    @asks
    async def override(
        self,
        interaction: Interaction,
        prediction: PredictionParam,
        outcome: str,
        reason: str,
        happened: str | None = None,
    ) -> None:
        """Decide a result, and say why (managers)."""
        given: dict[str, Any] = {"code": prediction, "outcome": outcome, "words": reason, "happened_at": happened}
        planned = await self.bot.rehearse(resolutions.override, actor_of(interaction), **given, now=self.bot.now())
        assert planned.outcome is not None
        label = decide_label(planned.status.view, planned.outcome)

        async def decide(click: Interaction) -> None:
            decision = await self.bot.write(resolutions.override, actor_of(click), **given, now=self.bot.now())
            view = decision.status.view
            shown = outcome_text(view, decision.outcome) if decision.outcome else ""
            done = f"**#{view.code}** is decided: **{shown}**. Your reason is posted."
            await reply(click, note(done, colour=palette.GREEN))

        await reply(interaction, confirm_card(interaction, decide_lines(planned, reason), label, decide))

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it", reason="Why. Everyone can read it")
    async def reopen(self, interaction: Interaction, prediction: PredictionParam, reason: str) -> None:
        """Withdraw a result, and say why (managers)."""
        given: dict[str, Any] = {"code": prediction, "words": reason}
        planned = await self.bot.rehearse(resolutions.reopen, actor_of(interaction), **given, now=self.bot.now())

        async def withdraw(click: Interaction) -> None:
            decision = await self.bot.write(resolutions.reopen, actor_of(click), **given, now=self.bot.now())
            await self._reply_status(click, decision.status)

        await reply(interaction, confirm_card(interaction, reopen_lines(planned, reason), "Withdraw the result", withdraw))

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it")
    async def log(self, interaction: Interaction, prediction: PredictionParam) -> None:
        """See every step of a prediction: who, when and why."""
        await self._log(interaction, prediction)

    @action("vote.log")
    async def show_log(self, interaction: Interaction, argument: str) -> None:
        """How its result was decided."""
        await self._log(interaction, code_of(argument))

    async def _propose(
        self,
        interaction: Interaction,
        code: int,
        outcome: str,
        happened: str | None,
        link: str | None,
        words: str | None,
    ) -> None:
        proposed = await self.bot.write(
            proposals.propose,
            actor_of(interaction),
            code=code,
            outcome=outcome,
            happened_at=(happened or "").strip() or None,
            link=link,
            words=words,
            now=self.bot.now(),
        )
        await self._reply_status(interaction, proposed.status, public=not proposed.is_open)

    async def _second(self, interaction: Interaction, proposal_id: int) -> None:
        proposed = await self.bot.write(proposals.second, actor_of(interaction), proposal_id=proposal_id, now=self.bot.now())
        await self._reply_status(interaction, proposed.status, in_place=True)

    async def _object(self, interaction: Interaction, code: int, words: str) -> None:
        count = await self.bot.write(objections.object_to, actor_of(interaction), code=code, words=words, now=self.bot.now())
        await reply(interaction, note(f"✋ You objected to the result of **#{code}**. {_after_objection(count)}"))

    async def _status(self, interaction: Interaction, code: int) -> None:
        status = await self.bot.database.read(views.show_status, actor_of(interaction), code=code, now=self.bot.now())
        await self._reply_status(interaction, status)

    async def _reply_status(
        self, interaction: Interaction, status: ResolutionStatus, *, public: bool = False, in_place: bool = False
    ) -> None:
        await reply(interaction, status_card(status), public=public, in_place=in_place)

    async def _log(self, interaction: Interaction, code: int) -> None:
        view, log = await self.bot.database.read(resolutions.show_log, actor_of(interaction), code=code, now=self.bot.now())
        card, file = log_card(view, log)
        await reply(interaction, card, file=file)


def _after_objection(count: int) -> str:
    return "A second round starts." if count >= objections.OBJECTIONS_NEEDED else "One more starts a second round."
