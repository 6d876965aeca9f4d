"""/vote, and the buttons of votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.outcomes import read_outcome
from bot.domain.times import read_last_day
from bot.domain.types import Kind
from bot.domain.voting import Answer, Choice
from bot.services.voting import ballots, clocks, views
from bot.ui import text
from bot.ui.cards.voting.outcomes import answer_text
from bot.ui.cards.voting.votes import ballot_panel, decode, votes_card
from bot.ui.items import action, chosen
from bot.ui.modals import BallotForm, ValueForm
from bot.ui.replies import open_form, reply
from cogs._params import Interaction, PredictionParam, actor_of, code_of

if TYPE_CHECKING:
    from bot.client import Almanac


class VotesCog(commands.Cog):
    """Votes on what happened."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(prediction="Its code, or words from it. Leave it empty to see all open votes")
    async def vote(self, interaction: Interaction, prediction: PredictionParam | None = None) -> None:
        """Vote on what happened."""
        if prediction is None:
            await self._list(interaction)
        else:
            await self._open(interaction, prediction)

    @action("vote.open")
    async def open_panel(self, interaction: Interaction, argument: str) -> None:
        """The ballot paper, for whoever clicked."""
        await self._open(interaction, code_of(argument))

    @action("vote.choose")
    async def choose(self, interaction: Interaction, _argument: str) -> None:
        """The ballot paper of the vote chosen in the list."""
        await self._open(interaction, code_of(chosen(interaction)))

    @action("vote.next")
    async def next_vote(self, interaction: Interaction, _argument: str) -> None:
        """The next vote waiting for the member's ballot."""
        await self._list(interaction)

    @action("vote.cast")
    async def cast(self, interaction: Interaction, argument: str) -> None:
        """A ballot, by a button."""
        place, _, said = argument.rpartition(":")
        await self._cast(interaction, place, said)

    @action("vote.value")
    async def open_value(self, interaction: Interaction, argument: str) -> None:
        """The form for a ballot's own number or day."""
        code, vote_id = _decode(argument)
        vote = await self.bot.database.read(
            ballots.open_vote, actor_of(interaction), code=code, vote_id=vote_id, now=self.bot.now()
        )
        view = vote.view

        async def submit(submitted: Interaction, typed: str, moment: str) -> None:
            outcome = read_outcome(typed, kind=view.kind, unit=view.unit, locale=str(submitted.locale))
            if outcome.value is None:
                raise Refused("Give a value, or choose “can't be decided” in the vote.")
            answer = Answer(Choice.VALUE, value=outcome.value)
            await self._take(submitted, code, vote_id, answer, happened_at=moment.strip() or None)

        await open_form(interaction, ValueForm(view, submit))

    @action("vote.pick")
    async def pick(self, interaction: Interaction, argument: str) -> None:
        """A ballot for an option."""
        await self._cast(interaction, argument, chosen(interaction))

    @action("vote.back")
    async def take_back(self, interaction: Interaction, argument: str) -> None:
        """Withdraw the member's ballot."""
        code, vote_id = _decode(argument)
        vote = await self.bot.write(ballots.withdraw, actor_of(interaction), code=code, vote_id=vote_id, now=self.bot.now())
        await reply(interaction, ballot_panel(vote, done="You withdrew your vote."))

    @action("vote.words")
    async def open_words(self, interaction: Interaction, argument: str) -> None:
        """The form for a link and a comment."""
        code, vote_id = _decode(argument)
        vote = await self.bot.database.read(
            ballots.open_vote, actor_of(interaction), code=code, vote_id=vote_id, now=self.bot.now()
        )
        own = vote.own
        if own is None:
            raise Refused("Vote first. Then you can add a link or a comment.")
        is_early = own.answer.choice is Choice.TOO_EARLY
        new_date = (text.day(own.new_date) if own.new_date else "") if is_early else None

        async def submit(submitted: Interaction, link: str, words: str, day: str, moment: str) -> None:
            taken = await self.bot.write(
                ballots.cast,
                actor_of(submitted),
                code=code,
                vote_id=vote_id,
                answer=own.answer,
                new_date=read_last_day(day, locale=str(submitted.locale)) if day.strip() else None,
                happened_at=moment.strip() or own.happened_at,
                link=link,
                words=words,
                now=self.bot.now(),
                locale=str(submitted.locale),
            )
            await reply(submitted, ballot_panel(taken.vote, done="Added to your vote."))

        form = BallotForm(
            f"Your vote on #{code}",
            submit,
            link=own.link or "",
            words=own.words or "",
            new_date=new_date,
            asks_moment=own.answer.choice.is_of_an_event and vote.view.kind is not Kind.DATE,
        )
        await open_form(interaction, form)

    async def _list(self, interaction: Interaction) -> None:
        found = await self.bot.database.read(views.list_open_votes, actor_of(interaction), now=self.bot.now())
        await reply(interaction, votes_card(found))
        if found.handed_over:  # whoever could be told nowhere else has seen it now
            ids = [vote.id for vote in found.handed_over]
            await self.bot.write(clocks.started, ids, place=None, now=self.bot.now())

    async def _open(self, interaction: Interaction, code: int) -> None:
        vote = await self.bot.database.read(ballots.open_vote, actor_of(interaction), code=code, now=self.bot.now())
        await reply(interaction, ballot_panel(vote))

    async def _cast(self, interaction: Interaction, place: str, said: str) -> None:
        code, vote_id = _decode(place)
        try:
            answer = decode(said)
        except ValueError:
            raise Refused("This button is from another version of the bot. Use /vote to see the open votes.") from None
        await self._take(interaction, code, vote_id, answer)

    async def _take(
        self, interaction: Interaction, code: int, vote_id: int, answer: Answer, *, happened_at: str | None = None
    ) -> None:
        taken = await self.bot.write(
            ballots.cast,
            actor_of(interaction),
            code=code,
            vote_id=vote_id,
            answer=answer,
            happened_at=happened_at,
            now=self.bot.now(),
            locale=str(interaction.locale),
        )
        view = taken.vote.view
        was = f" (was {answer_text(view, taken.previous)})" if taken.previous not in (None, taken.answer) else ""
        await reply(interaction, ballot_panel(taken.vote, done=f"You voted **{answer_text(view, taken.answer)}**{was}"))


def _decode(argument: str) -> tuple[int, int]:
    """The prediction's code and the vote's id out of a button's argument."""
    code, _, vote_id = argument.partition(":")
    return code_of(code), code_of(vote_id)
