"""/export: files for members to download."""

from __future__ import annotations

import asyncio
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.services.exporting.calendar import CalendarScope, list_dates
from bot.services.exporting.guild_export import export
from bot.services.exporting.own_forecasts import own_document
from bot.services.limits import Limited
from bot.services.scoring import scores
from bot.ui import text
from bot.ui.archive import LARGEST_FILE, Gathering, pack
from bot.ui.calendar import calendar_file
from bot.ui.cards.exporting.files import calendar_card, data_card, fatebook_card, seal_card
from bot.ui.permissions import require_may_post
from bot.ui.replies import reply
from cogs._params import Interaction, WhoseParam, actor_of, complete_pack, complete_tag

if TYPE_CHECKING:
    from bot.client import Almanac

PAUSE = timedelta(minutes=1)


class ExportCog(commands.GroupCog, group_name="export", group_description="Download what's here as a file."):
    """Exports."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot
        self._asked_at: dict[tuple[int, int], datetime] = {}
        self._one_at_a_time = asyncio.Lock()  # an export holds a database thread while it runs, and others want to read

    @app_commands.command()
    @app_commands.autocomplete(tag=complete_tag, pack=complete_pack)
    @app_commands.describe(whose="Whose dates", tag="Only with this tag", pack="Only from this pack")
    async def calendar(
        self,
        interaction: Interaction,
        whose: WhoseParam = CalendarScope.SERVER,
        tag: str | None = None,
        pack: str | None = None,
    ) -> None:
        """Get the dates as a file for your calendar app."""
        now = self.bot.now()
        dates = await self.bot.database.read(list_dates, actor_of(interaction), whose=whose, tag=tag, pack=pack, now=now)
        guild_name = interaction.guild.name if interaction.guild else "Almanac"
        made = await asyncio.to_thread(calendar_file, dates, guild_name=guild_name, now=now)
        card, file = calendar_card(made, whose=whose, is_narrowed=bool(tag or pack))
        await reply(interaction, card, file=file)

    @app_commands.command()
    @app_commands.describe(
        what="Everything public, or your own forecasts in Fatebook's format",
        post="Also post the file's seal here, so everyone can check a copy later (default: no)",
    )
    async def data(
        self,
        interaction: Interaction,
        what: Literal["everything public", "my forecasts, for Fatebook"] = "everything public",
        post: Literal["yes", "no"] = "no",
    ) -> None:
        """Get everything public on this server, or your own forecasts, as a file."""
        actor, now = actor_of(interaction), self.bot.now()
        if what != "everything public":
            document = await self.bot.database.read(own_document, actor)
            card, file = fatebook_card(document, written_at=now)
            await reply(interaction, card, file=file)
            return
        if post == "yes":
            require_may_post(interaction)
        self._require_a_pause(actor, now)
        self.bot.recent_work.take(actor, Limited.EXPORTS, now=now)
        async with self._one_at_a_time:
            if await self.bot.database.read(scores.has_missing):
                while await self.bot.database.run(scores.record_missing, now=now):
                    pass
            with Gathering() as gathering:
                found = await self.bot.database.read(export, guild_id=actor.guild_id, now=now, put=gathering.put)
                packed, has_tables = await asyncio.to_thread(pack, gathering, limit=LARGEST_FILE, at=now)
        card, file = data_card(found, packed, has_tables=has_tables, limit=LARGEST_FILE, guild_id=actor.guild_id)
        await reply(interaction, card, file=file)
        if post == "yes" and found.predictions:
            await reply(interaction, seal_card(found, exported_at=now), public=True)

    def _require_a_pause(self, actor: Actor, now: datetime) -> None:
        """Refuses a member's second export within a minute."""
        self._asked_at = {who: at for who, at in self._asked_at.items() if now - at < PAUSE}
        who = (actor.guild_id, actor.user_id)
        if before := self._asked_at.get(who):
            left = math.ceil((before + PAUSE - now).total_seconds())
            raise Refused(
                f"You just asked for an export, and it's the same for everyone. Try again in {text.count(left, 'second')}."
            )
        self._asked_at[who] = now
