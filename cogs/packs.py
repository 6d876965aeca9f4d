"""/pack: documents whose predictions a server can adopt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.members import guilds
from bot.services.packs import library
from bot.services.predictions.listing import ListFilters, ListShow, list_page
from bot.ui.cards.confirming import confirm_card
from bot.ui.cards.packs.library import adopted_card, drop_lines, dropped_card, packs_card
from bot.ui.cards.predictions.lists import list_card
from bot.ui.items import action, chosen
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, code_of, complete_pack

if TYPE_CHECKING:
    from bot.client import Almanac


class PacksCog(commands.GroupCog, group_name="pack", group_description="Documents full of predictions, ready to adopt."):
    """Packs."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command(name="list")
    async def list_(self, interaction: Interaction) -> None:
        """See the packs this server has or can adopt."""
        await self._list(interaction, 0)

    @app_commands.command()
    @app_commands.autocomplete(pack=complete_pack)
    @app_commands.describe(pack="Which pack", results="Use the results the document itself states (default: yes)")
    async def adopt(self, interaction: Interaction, pack: str, results: bool = True) -> None:
        """Add a pack's predictions to this server (managers)."""
        await self._adopt(interaction, pack, with_results=results)

    @app_commands.command()
    @app_commands.autocomplete(pack=complete_pack)
    @app_commands.describe(pack="Which pack")
    async def drop(self, interaction: Interaction, pack: str) -> None:
        """Drop a pack and annul what nobody has forecast (managers)."""
        await self._ask_to_drop(interaction, pack)

    @action("pack.list")
    async def show_list(self, interaction: Interaction, argument: str) -> None:
        """A page of the library."""
        await self._list(interaction, code_of(argument or "0"))

    @action("pack.adopt")
    async def adopt_chosen(self, interaction: Interaction, argument: str) -> None:
        """Adopt a pack of the library: a button's, or the one chosen in a list of before 0.2."""
        await self._adopt(interaction, argument or chosen(interaction))

    @action("pack.drop")
    async def drop_again(self, interaction: Interaction, argument: str) -> None:
        """Undo an adoption."""
        await self._ask_to_drop(interaction, argument)

    @action("pack.open")
    async def open_chosen(self, interaction: Interaction, argument: str) -> None:
        """The predictions of a pack."""
        filters = ListFilters(show=ListShow.ALL, pack=argument or chosen(interaction))
        page = await self.bot.database.read(list_page, actor_of(interaction), filters=filters, number=0, now=self.bot.now())
        await reply(interaction, list_card(page))

    async def _list(self, interaction: Interaction, number: int) -> None:
        actor, read = actor_of(interaction), self.bot.database.read
        found = await read(library.list_packs, guild_id=actor.guild_id, now=self.bot.now())
        await reply(interaction, packs_card(found, number, is_manager=await read(guilds.is_manager, actor)))

    async def _adopt(self, interaction: Interaction, slug: str, *, with_results: bool = True) -> None:
        report = await self.bot.write(
            library.adopt, actor_of(interaction), slug=slug, now=self.bot.now(), with_results=with_results
        )
        await reply(interaction, adopted_card(report))

    async def _ask_to_drop(self, interaction: Interaction, slug: str) -> None:
        async def drop(click: Interaction) -> None:
            dropped = await self.bot.write(library.drop, actor_of(click), slug=slug, now=self.bot.now())
            await reply(click, dropped_card(dropped))

        planned = await self.bot.rehearse(library.drop, actor_of(interaction), slug=slug, now=self.bot.now())
        await reply(interaction, confirm_card(interaction, drop_lines(planned), "Drop it", drop))
