"""/settings: the server's settings, and each member's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.reminders import read_ladder, read_quiet_hours
from bot.services.members import guilds, people
from bot.services.members.people import Nudge
from bot.services.settings import changing, troubles
from bot.ui.cards.settings.guild import settings_card, vote_settings_card
from bot.ui.cards.settings.person import person_card
from bot.ui.cards.settings.troubles import troubles_card
from bot.ui.items import action
from bot.ui.replies import reply
from cogs._params import THE_SERVERS, DateParam, Interaction, actor_of, complete_own_zone, complete_zone

if TYPE_CHECKING:
    from bot.client import Almanac


Clear = Literal["channel for posts", "manager role", "voter role", "reveal at a count or date"]
Adders = Literal["all members", "managers"]

_CLEARED: dict[Clear, tuple[str, ...]] = {
    "channel for posts": ("post_channel_id",),
    "manager role": ("manager_role_id",),
    "voter role": ("voter_role_id",),
    "reveal at a count or date": ("reveal_at_count", "reveal_at"),
}
_NEEDED = ("view_channel", "send_messages", "read_message_history")


class SettingsCog(commands.GroupCog, group_name="settings", group_description="Set up Almanac."):
    """Settings."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.autocomplete(zone=complete_zone)
    @app_commands.describe(
        channel="Where to post new cards and announcements",
        manager_role="Members with this role are managers too",
        voter_role="Only members with this role can vote on what happened",
        zone="The server's time zone, for quiet hours and reminders",
        reminders="Days before a date to remind the channel: 30, 7, 1, 0 (0 is the date itself), or off",
        quiet="Hours without reminders: 22:00-08:00, or off",
        add="Who can add predictions",
        blind="Hide the crowd's number from members until they forecast",
        hide_author="Hide the document author's number until then, too",
        reveal_count="Reveal the crowd to everyone once this many members have forecast",
        reveal_date="Reveal the crowd to everyone after this day",
        clear="Clear a setting",
    )
    async def guild(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        manager_role: discord.Role | None = None,
        voter_role: discord.Role | None = None,
        zone: str | None = None,
        reminders: str | None = None,
        quiet: str | None = None,
        add: Adders | None = None,
        blind: bool | None = None,
        hide_author: bool | None = None,
        reveal_count: int | None = None,
        reveal_date: DateParam | None = None,
        clear: Clear | None = None,
    ) -> None:
        """See or change this server's settings."""
        if channel is not None:
            _check_channel(channel)
        given: dict[str, Any] = {
            "post_channel_id": channel.id if channel else None,
            "manager_role_id": manager_role.id if manager_role else None,
            "voter_role_id": voter_role.id if voter_role else None,
            "zone": zone,
            "reminder_days": None if reminders is None else read_ladder(reminders),
            "members_may_add": None if add is None else add == "all members",
            "is_blind": blind,
            "hides_author": hide_author,
            "reveal_at_count": reveal_count,
            "reveal_at": reveal_date,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        if quiet is not None:
            changes["quiet_from_minute"], changes["quiet_to_minute"] = read_quiet_hours(quiet)
        changes |= dict.fromkeys(_CLEARED[clear] if clear else ())
        actor = actor_of(interaction)
        if changes:
            settings = await self.bot.write(changing.change_guild_settings, actor, changes=changes, now=self.bot.now())
        else:
            settings = await self.bot.database.read(guilds.settings_of, actor.guild_id)
        stuck = await self.bot.database.read(troubles.count_troubles, actor)
        await reply(interaction, settings_card(settings, changed=bool(changes), stuck=stuck))

    @app_commands.command()
    @app_commands.describe(
        open_at_once="Maximum number of votes open at once. Votes on one date share a post and count as one",
        hours="How many hours a vote runs",
        needed_least="Smallest quorum, in ballots",
        needed_percent="Quorum, in percent of the members who forecast",
        needed_most="Largest quorum, in ballots",
        majority_percent="Majority needed to decide a vote, in percent of the ballots",
        hidden_ballots="Hide the count until the vote ends",
        objection_hours="How many hours members have to object to a result",
        member_hours="Hours a member must have been on the server before a vote opens in order to vote in it",
        account_days="Days since a member's Discord account was made before they can vote",
        manager_days="Days managers have to decide an undecided prediction before it ends by itself",
        interested_managers="Let managers decide and change predictions they forecast on themselves",
    )
    async def votes(
        self,
        interaction: Interaction,
        open_at_once: int | None = None,
        hours: int | None = None,
        needed_least: int | None = None,
        needed_percent: float | None = None,
        needed_most: int | None = None,
        majority_percent: float | None = None,
        hidden_ballots: bool | None = None,
        objection_hours: int | None = None,
        member_hours: int | None = None,
        account_days: int | None = None,
        manager_days: int | None = None,
        interested_managers: bool | None = None,
    ) -> None:
        """See or change how votes work here. Open votes keep their rules."""
        given: dict[str, Any] = {
            "open_votes_limit": open_at_once,
            "vote_hours": hours,
            "quorum_least": needed_least,
            "quorum_share": None if needed_percent is None else needed_percent / 100,
            "quorum_most": needed_most,
            "majority_share": None if majority_percent is None else _share(majority_percent),
            "ballots_are_secret": hidden_ballots,
            "objection_hours": objection_hours,
            "voter_hours": member_hours,
            "voter_account_days": account_days,
            "undecided_days": manager_days,
            "interested_override": interested_managers,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        actor = actor_of(interaction)
        if changes:
            settings = await self.bot.write(changing.change_guild_settings, actor, changes=changes, now=self.bot.now())
        else:
            settings = await self.bot.database.read(guilds.settings_of, actor.guild_id)
        await reply(interaction, vote_settings_card(settings, changed=bool(changes)))

    @action("trouble.show")
    async def show_troubles(self, interaction: Interaction, _argument: str) -> None:
        """What couldn't be posted."""
        await reply(interaction, troubles_card(await self.bot.database.read(troubles.troubles_of, actor_of(interaction))))

    @action("trouble.retry")
    async def retry(self, interaction: Interaction, _argument: str) -> None:
        """Try all of it again."""
        tried, left = await self.bot.write(troubles.retry, actor_of(interaction), now=self.bot.now())
        await reply(interaction, troubles_card(left, tried=tried))

    @app_commands.command()
    @app_commands.autocomplete(zone=complete_own_zone)
    @app_commands.describe(
        zone="Your time zone. “the server's” (the default) follows the server",
        stale="Message me about my forecasts untouched for 30 days",
        closing="Message me about predictions I haven't forecast that close within a week",
        votes="Message me about votes waiting for me",
        results="Message me about results, with my scores",
        record="Let others see my profile and calibration",
    )
    async def me(
        self,
        interaction: Interaction,
        zone: str | None = None,
        stale: bool | None = None,
        closing: bool | None = None,
        votes: bool | None = None,
        results: bool | None = None,
        record: bool | None = None,
    ) -> None:
        """See or change your own settings: time zone, direct messages, who can see your record."""
        given: dict[str, Any] = {
            "zone": zone,
            "shows_record": record,
            Nudge.STALE: stale,
            Nudge.CLOSING: closing,
            Nudge.VOTES: votes,
            Nudge.RESULTS: results,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        if zone is not None and zone.strip().casefold() in (THE_SERVERS, "server"):
            changes["zone"] = None
        actor = actor_of(interaction)
        if changes:
            settings = await self.bot.write(changing.change_own_settings, actor, changes=changes, now=self.bot.now())
        else:
            settings = await self.bot.database.read(people.settings_of_person, actor.user_id, guild_id=actor.guild_id)
        await reply(interaction, person_card(settings, changed=bool(changes)))


def _share(percent: float) -> float:
    """66.7 and 67 both mean two thirds, which is what people mean by them."""
    return 2 / 3 if 66 <= percent <= 67 else percent / 100


def _check_channel(channel: discord.TextChannel) -> None:
    permissions = channel.permissions_for(channel.guild.me)
    if missing := [name.replace("_", " ").title() for name in _NEEDED if not getattr(permissions, name)]:
        raise Refused(
            f"I can't post in {channel.mention}: I need {', '.join(missing)} there. Grant that, or choose another channel."
        )
