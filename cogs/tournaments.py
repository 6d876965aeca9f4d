"""/tournament, and its buttons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.leaderboard import Ranking
from bot.domain.tournaments import LEAST, MOST_LEAST, TournamentStage
from bot.services.tournaments import choosing, finding, managing, showing
from bot.services.tournaments.choosing import EntryChoice
from bot.services.tournaments.managing import MAX_NAME, NewTournament, TournamentChanges
from bot.ui import palette, text
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.tournaments.changing import change_lines, create_lines, end_lines, entries_lines
from bot.ui.cards.tournaments.pages import (
    STAGE_NAMES,
    decode_page,
    entries_card,
    tournament_card,
    tournaments_card,
)
from bot.ui.items import action, chosen
from bot.ui.permissions import check_award, check_posts, require_may_award, require_may_post, why_not_award
from bot.ui.replies import note, reply
from cogs._params import (
    Choices,
    Interaction,
    RankingParam,
    actor_of,
    asks,
    complete_pack,
    complete_tag,
    day_over_at,
    first_day,
)

if TYPE_CHECKING:
    from bot.client import Almanac

NameParam = app_commands.Range[str, 1, MAX_NAME]
LeastParam = app_commands.Range[int, 1, MOST_LEAST]
_ENTRIES = {
    "tournament": "The tournament's name",
    "tag": "Those with this tag",
    "pack": "Those from this pack",
    "codes": "These: 3, 5, 10-14",
}
"""What the options say that choose predictions to add or to take out."""


async def complete_tournament(interaction: Interaction, value: str) -> Choices:
    """The server's tournaments by name."""
    assert interaction.guild_id is not None
    bot = interaction.client
    found = await bot.database.read(finding.names_of, guild_id=interaction.guild_id, words=value, now=bot.now())
    return [app_commands.Choice(name=f"{name} ({STAGE_NAMES[stage]})", value=name) for name, stage in found]


class TournamentsCog(
    commands.GroupCog, group_name="tournament", group_description="Seasons of your own, with chosen predictions and winners."
):
    """Tournaments."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """List this server's tournaments."""
        actor = actor_of(interaction)
        found = await self.bot.database.read(finding.list_tournaments, actor, now=self.bot.now())
        is_manager = await self.bot.database.read(finding.may_manage, actor)
        await reply(interaction, tournaments_card(found, is_manager=is_manager))

    @app_commands.command()
    @app_commands.autocomplete(tournament=complete_tournament)
    @app_commands.describe(tournament="The tournament's name")
    async def show(self, interaction: Interaction, tournament: NameParam) -> None:
        """Show a tournament's standings, and your own place."""
        await self._show(interaction, name=tournament)

    @app_commands.command()
    @app_commands.autocomplete(tag=complete_tag, pack=complete_pack)
    @app_commands.rename(ends="last_day", starts="first_day")
    @app_commands.describe(
        name="What it's called",
        ends="Its last day: 31 Dec 2026, Q4 2026 or in 2 weeks",
        starts="Its first day (default: it begins at once)",
        by="Which score ranks (default: peer score)",
        least="How many scored predictions a rank needs (default: 3)",
        role="A role for whoever wins",
        channel="Where its end is posted (default: where posts go)",
        tag="Take the predictions with this tag",
        pack="Take the predictions from this pack",
        codes="Take these predictions: 3, 5, 10-14",
    )
    @asks
    async def create(
        self,
        interaction: Interaction,
        name: NameParam,
        ends: str,
        starts: str | None = None,
        by: RankingParam = Ranking.PEER,
        least: LeastParam = LEAST,
        role: discord.Role | None = None,
        channel: discord.TextChannel | None = None,
        tag: str | None = None,
        pack: str | None = None,
        codes: str | None = None,
    ) -> None:
        """Create a tournament; you see it before everyone does (managers)."""
        warning = _check_places(interaction, role, channel)
        choice = EntryChoice(tag, pack, codes)
        new = NewTournament(
            name=name,
            ends_at=await day_over_at(interaction, ends),
            starts_at=await _first_moment(interaction, starts),
            ranking=by,
            least=least,
            role_id=None if role is None else role.id,
            channel_id=None if channel is None else channel.id,
            choice=None if choice == EntryChoice() else choice,
        )
        planned = await self.bot.rehearse(managing.create, actor_of(interaction), new=new, now=self.bot.now())

        async def create(click: Interaction) -> None:
            _check_places(click, role, channel)
            made = await self.bot.write(managing.create, actor_of(click), new=new, now=self.bot.now())
            await self._show(click, tournament_id=made.tournament.id)

        await reply(
            interaction,
            confirm_card(interaction, create_lines(planned, warning=warning), "Create it", create, style="primary"),
        )

    @app_commands.command()
    @app_commands.autocomplete(tournament=complete_tournament)
    @app_commands.rename(ends="last_day", starts="first_day", drops_role="no_role", drops_channel="no_channel")
    @app_commands.describe(
        tournament="The tournament's name",
        name="The new name",
        starts="New first day, until it begins",
        ends="New last day, until it begins",
        by="Which score ranks, until it begins",
        least="How many scored predictions a rank needs, until it begins",
        role="A role for whoever wins",
        channel="Where its end is posted",
        drops_role="Take the role for whoever wins away",
        drops_channel="Post its end where posts go",
    )
    @asks
    async def edit(
        self,
        interaction: Interaction,
        tournament: NameParam,
        name: NameParam | None = None,
        starts: str | None = None,
        ends: str | None = None,
        by: RankingParam | None = None,
        least: LeastParam | None = None,
        role: discord.Role | None = None,
        channel: discord.TextChannel | None = None,
        drops_role: bool = False,
        drops_channel: bool = False,
    ) -> None:
        """Change a tournament (managers)."""
        warning = _check_places(interaction, role, channel)
        changes = TournamentChanges(
            name=name,
            starts_at=await _first_moment(interaction, starts),
            ends_at=None if ends is None else await day_over_at(interaction, ends),
            ranking=by,
            least=least,
            role_id=None if role is None else role.id,
            channel_id=None if channel is None else channel.id,
            drops_role=drops_role,
            drops_channel=drops_channel,
        )
        given: dict[str, Any] = {"name": tournament, "changes": changes}
        planned = await self.bot.rehearse(managing.change, actor_of(interaction), **given, now=self.bot.now())

        async def change(click: Interaction) -> None:
            _check_places(click, role, channel)
            done = await self.bot.write(managing.change, actor_of(click), **given, now=self.bot.now())
            await self._show(click, tournament_id=done.after.id)

        await reply(
            interaction,
            confirm_card(interaction, change_lines(planned, warning=warning), "Change it", change, style="primary"),
        )

    @app_commands.command()
    @app_commands.autocomplete(tournament=complete_tournament, tag=complete_tag, pack=complete_pack)
    @app_commands.describe(**_ENTRIES)
    async def add(
        self,
        interaction: Interaction,
        tournament: NameParam,
        tag: str | None = None,
        pack: str | None = None,
        codes: str | None = None,
    ) -> None:
        """Add predictions to a tournament (managers)."""
        await self._change_entries(interaction, tournament, EntryChoice(tag, pack, codes), adds=True)

    @app_commands.command()
    @app_commands.autocomplete(tournament=complete_tournament, tag=complete_tag, pack=complete_pack)
    @app_commands.describe(**_ENTRIES)
    async def remove(
        self,
        interaction: Interaction,
        tournament: NameParam,
        tag: str | None = None,
        pack: str | None = None,
        codes: str | None = None,
    ) -> None:
        """Take predictions out of a tournament (managers)."""
        await self._change_entries(interaction, tournament, EntryChoice(tag, pack, codes), adds=False)

    @app_commands.command()
    @app_commands.autocomplete(tournament=complete_tournament)
    @app_commands.describe(tournament="The tournament's name")
    async def end(self, interaction: Interaction, tournament: NameParam) -> None:
        """End a tournament now, or call it off before it begins (managers)."""
        actor, now = actor_of(interaction), self.bot.now()
        await self.bot.rehearse(managing.end, actor, name=tournament, now=now)
        standing = (await self.bot.database.read(showing.show, actor, name=tournament, now=now)).tournament

        async def end(click: Interaction) -> None:
            done = await self.bot.write(managing.end, actor_of(click), name=tournament, now=self.bot.now())
            what = "called off" if done.stage is TournamentStage.CALLED_OFF else "over"
            await reply(click, note(f"“{text.plain_line(done.name, 60)}” is {what}.", colour=palette.GREEN))

        label = "Call it off" if standing.stage is TournamentStage.UPCOMING else "End it now"
        await reply(interaction, confirm_card(interaction, end_lines(standing), label, end))

    @action("tournament.pick")
    async def pick(self, interaction: Interaction, _argument: str) -> None:
        """The tournament that was chosen in a list."""
        await self._show(interaction, tournament_id=decode_page(chosen(interaction))[0])

    @action("tournament.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """A page of a tournament's standings: `id:page`."""
        tournament_id, page = decode_page(argument)
        await self._show(interaction, tournament_id=tournament_id, page=page)

    @action("tournament.used")
    async def show_used(self, interaction: Interaction, argument: str) -> None:
        """A page of a tournament's predictions: `id:page`."""
        await self._show_entries(interaction, *decode_page(argument))

    @action("tournament.post")
    async def post(self, interaction: Interaction, argument: str) -> None:
        """The page, for everyone in the channel."""
        tournament_id, page = decode_page(argument)
        require_may_post(interaction)
        await self._show(interaction, tournament_id=tournament_id, page=page, is_public=True)

    async def _change_entries(self, interaction: Interaction, name: str, choice: EntryChoice, *, adds: bool) -> None:
        """Ask whether to add these predictions, or to take them out."""
        use_case = choosing.add if adds else choosing.remove
        planned = await self.bot.rehearse(use_case, actor_of(interaction), name=name, choice=choice, now=self.bot.now())

        async def change(click: Interaction) -> None:
            done = await self.bot.write(use_case, actor_of(click), name=name, choice=choice, now=self.bot.now())
            await self._show_entries(click, done.tournament.id)

        label, style = ("Add them", "primary") if adds else ("Take them out", "danger")
        await reply(interaction, confirm_card(interaction, entries_lines(planned, adds=adds), label, change, style=style))

    async def _show(self, interaction: Interaction, *, is_public: bool = False, **which: Any) -> None:
        page = await self.bot.database.read(
            showing.show, actor_of(interaction), is_public=is_public, **which, now=self.bot.now()
        )
        await reply(interaction, tournament_card(page, private=not is_public), public=is_public)

    async def _show_entries(self, interaction: Interaction, tournament_id: int, page: int = 0) -> None:
        which = {"tournament_id": tournament_id, "page": page}
        found = await self.bot.database.read(showing.show_entries, actor_of(interaction), **which, now=self.bot.now())
        await reply(interaction, entries_card(found))


async def _first_moment(interaction: Interaction, typed: str | None) -> datetime | None:
    """The first moment of the day, month, quarter or year that was typed, in UTC like the days of predictions."""
    return None if typed is None else await first_day(interaction, typed)


def _check_places(interaction: Interaction, role: discord.Role | None, channel: discord.TextChannel | None) -> str | None:
    """Refuses a role that nobody should win or that the member couldn't give, and a channel in which the bot can't post; what
    else is in the way of the role is returned, in words for the manager."""
    if channel is not None:
        check_posts(channel)
    if role is None:
        return None
    check_award(role)
    require_may_award(interaction, role)
    return None if interaction.guild is None else why_not_award(interaction.guild, role.id)
