"""The end of a tournament: its winners get their role, and then everyone is told."""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.delivery.speaking import SentMessage, Speaker
from bot.services.outbox import DueMessage
from bot.services.tournaments import closing, finding
from bot.services.tournaments.closing import TournamentEnd
from bot.ui.cards.tournaments.pages import end_card
from bot.ui.permissions import why_not_award

log = logging.getLogger(__name__)

WHY = "Won a tournament"
FACTS = ("tournament_id", "unawaited")


class Tournaments(Speaker):
    """Tells how tournaments ended."""

    async def _end_tournament(self, message: DueMessage) -> SentMessage:
        """Give the role where that works, and post the end. Trying again gives nobody anything twice."""
        end = await self._read(closing.end_of, message, *FACTS)
        if end is None:
            return SentMessage()
        if end.tournament.role_id is not None:
            await self._award(message, end, end.tournament.role_id)
            end = await self._read(closing.end_of, message, *FACTS) or end
        channel_id = end.tournament.channel_id
        if channel_id is None:
            log.info("the end of tournament %s isn't posted: there's no channel for it", end.tournament.id)
            return SentMessage()
        return await self._say_in(message, channel_id, end_card(end))

    async def _award(self, message: DueMessage, end: TournamentEnd, role_id: int) -> None:
        """Give the first their role, and note who has it and why others don't."""
        assert message.guild_id is not None
        waiting = [winner for winner in end.winners if winner.rank == 1 and not winner.has_role]
        guild = await self._guild(message.guild_id)
        if guild is None or not waiting:
            return
        power = await self._database.read(finding.why_no_prize, message.guild_id, role_id)
        trouble, given = power or why_not_award(guild, role_id), list[int]()
        for winner in waiting if trouble is None else []:
            if winner.user_id is None:
                continue
            try:
                member = await guild.fetch_member(winner.user_id)
                await member.add_roles(discord.Object(role_id), reason=WHY)
            except discord.NotFound:
                trouble = f"<@{winner.user_id}> isn't on this server any more, so they don't have <@&{role_id}>."
            except discord.Forbidden:
                trouble = (
                    f"Discord didn't let me give <@{winner.user_id}> <@&{role_id}>. A manager can check my permissions."
                )
            else:
                given.append(winner.member_id)
        note: dict[str, Any] = {"tournament_id": end.tournament.id, "member_ids": given, "trouble": trouble}
        await self._database.run(closing.note_roles, **note, now=self._now())
