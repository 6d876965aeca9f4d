"""/leaderboard, and its buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.leaderboard import Ranking
from bot.domain.seasons import read_season
from bot.services.scoring import counting, leaderboards, said
from bot.services.scoring.leaderboards import LeaderboardChoice
from bot.ui.cards.scoring.leaderboard import counted_card, decode, decode_page, leaderboard_card
from bot.ui.cards.scoring.said import said_card
from bot.ui.items import action, chosen
from bot.ui.permissions import require_may_post
from bot.ui.replies import reply
from cogs._params import Interaction, RankingParam, actor_of, code_of, complete_pack, complete_season, complete_tag

if TYPE_CHECKING:
    from bot.client import Almanac


class LeaderboardCog(commands.Cog):
    """Who forecasts best."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.autocomplete(season=complete_season, tag=complete_tag, pack=complete_pack)
    @app_commands.describe(
        by="Which score",
        season="Only results from a year or quarter: 2026, 2026 Q3, or all time",
        tag="Only predictions with this tag",
        pack="Only predictions from this pack",
    )
    async def leaderboard(
        self,
        interaction: Interaction,
        by: RankingParam = Ranking.PEER,
        season: str | None = None,
        tag: str | None = None,
        pack: str | None = None,
    ) -> None:
        """See who forecasts best."""
        await self._show(interaction, LeaderboardChoice(by, read_season(season or ""), tag, pack))

    @action("board.by")
    async def choose_score(self, interaction: Interaction, argument: str) -> None:
        """The same leaderboard, by another score."""
        by = next((by for by in Ranking if by == chosen(interaction)), None)
        if by is None:
            raise Refused("There's no such score. Use /leaderboard to get a new leaderboard.")
        await self._show(interaction, replace(decode(argument), by=by))

    @action("board.season")
    async def choose_season(self, interaction: Interaction, argument: str) -> None:
        """The same leaderboard, for another season."""
        await self._show(interaction, replace(decode(argument), season=read_season(chosen(interaction))))

    @action("board.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """Another page."""
        number, board = decode_page(argument)
        await self._show(interaction, board, number)

    @action("board.used")
    async def show_counted(self, interaction: Interaction, argument: str) -> None:
        """Which predictions the leaderboard counts, in a message of its own if it was posted for everyone."""
        number, board = decode_page(argument)
        shown = await self.bot.database.read(counting.show_counted, actor_of(interaction), page=number, **_asked(board))
        await reply(interaction, counted_card(shown))

    @action("board.post")
    async def post(self, interaction: Interaction, argument: str) -> None:
        """The page, for everyone in the channel."""
        number, board = decode_page(argument)
        require_may_post(interaction)
        await self._show(interaction, board, number, public=True)

    @action("said.show")
    async def show_said(self, interaction: Interaction, argument: str) -> None:
        """Who said what of a resolved prediction: `code`, or `code:page`."""
        code, _, number = argument.partition(":")
        shown = await self.bot.database.read(
            said.show_said, actor_of(interaction), code=code_of(code), page=code_of(number or "0"), now=self.bot.now()
        )
        await reply(interaction, said_card(shown), fresh=not number)

    async def _show(
        self, interaction: Interaction, board: LeaderboardChoice, number: int = 0, *, public: bool = False
    ) -> None:
        shown = await self.bot.database.read(
            leaderboards.show_leaderboard, actor_of(interaction), page=number, is_public=public, **_asked(board)
        )
        await reply(interaction, leaderboard_card(shown, private=not public), public=public)


def _asked(board: LeaderboardChoice) -> dict[str, Any]:
    """What a leaderboard's button asks for."""
    return {"by": board.by, "season": board.season, "tag": board.tag, "pack": board.pack}
