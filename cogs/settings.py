"""/settings: the server's settings, and each member's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.errors import Refused
from bot.domain.reminders import read_ladder, read_quiet_hours
from bot.services.homes import overview, places
from bot.services.homes.places import HomeChannel
from bot.services.members import guilds, people
from bot.services.members.people import FollowNews, Nudge
from bot.services.settings import changing, first_steps, troubles
from bot.ui.cards.settings.first_steps import channel_card
from bot.ui.cards.settings.homes import homes_items, place_card
from bot.ui.cards.settings.panel import ANOTHER, Change, changed_card, guild_panel, own_panel
from bot.ui.cards.settings.server import HOMES
from bot.ui.cards.settings.table import GROUP_OF, GROUPS, OWN, setting_of, settings_changed
from bot.ui.cards.settings.troubles import troubles_card
from bot.ui.cards.settings.values import CHANNEL, HOME, NONE, ROLE, Given, Setting, share_of_votes
from bot.ui.items import action, chosen
from bot.ui.modals import SettingForm
from bot.ui.permissions import check_home, check_posts, require_may_give
from bot.ui.replies import open_form, reply
from cogs._params import (
    THE_SERVERS,
    Interaction,
    actor_of,
    asks,
    code_of,
    complete_own_zone,
    complete_pack,
    complete_tag,
    complete_zone,
    day_over_at,
    text_channel_of,
)

if TYPE_CHECKING:
    from bot.client import Almanac


Clear = Literal["channel for posts", "manager role", "voter role", "ping role", "reveal at a count or date"]
Adders = Literal["all members", "managers"]
Weekly = Literal["off", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
News = Literal["daily message", "mention", "off"]

_DAYS: tuple[Weekly, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEWS: dict[News, FollowNews] = {"daily message": FollowNews.DAILY, "mention": FollowNews.MENTION, "off": FollowNews.OFF}

_CLEARED: dict[Clear, tuple[str, ...]] = {
    "channel for posts": ("post_channel_id",),
    "manager role": ("manager_role_id",),
    "voter role": ("voter_role_id",),
    "ping role": ("ping_role_id",),
    "reveal at a count or date": ("reveal_at_count", "reveal_at"),
}


class HomeOption(app_commands.Transformer):
    """A text channel or a forum; discord.py would offer channels for media along with forums."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        return interaction.guild.get_channel(value.id) if interaction.guild is not None else None


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
        weekly="The day of a weekly digest in the channel, or off",
        ping_role="A role that members take themselves, mentioned in the day's posts",
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
    @asks
    async def guild(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        manager_role: discord.Role | None = None,
        voter_role: discord.Role | None = None,
        weekly: Weekly | None = None,
        ping_role: discord.Role | None = None,
        zone: str | None = None,
        reminders: str | None = None,
        quiet: str | None = None,
        add: Adders | None = None,
        blind: bool | None = None,
        hide_author: bool | None = None,
        reveal_count: int | None = None,
        reveal_date: str | None = None,
        clear: Clear | None = None,
    ) -> None:
        """See or change this server's settings."""
        if channel is not None:
            check_posts(channel)
        if ping_role is not None:
            require_may_give(interaction.guild, ping_role.id)
        given: dict[str, Any] = {
            "post_channel_id": channel.id if channel else None,
            "manager_role_id": manager_role.id if manager_role else None,
            "voter_role_id": voter_role.id if voter_role else None,
            "ping_role_id": ping_role.id if ping_role else None,
            "zone": zone,
            "reminder_days": None if reminders is None else read_ladder(reminders),
            "members_may_add": None if add is None else add == "all members",
            "is_blind": blind,
            "hides_author": hide_author,
            "reveal_at_count": reveal_count,
            "reveal_at": None if reveal_date is None else await day_over_at(interaction, reveal_date),
        }
        changes = {name: value for name, value in given.items() if value is not None}
        if quiet is not None:
            changes["quiet_from_minute"], changes["quiet_to_minute"] = read_quiet_hours(quiet)
        if weekly is not None:
            changes["weekly_day"] = None if weekly == "off" else _DAYS.index(weekly)
        changes |= dict.fromkeys(_CLEARED[clear] if clear else ())
        steps = None if changes else await self.bot.database.read(first_steps.due_for, actor_of(interaction))
        if steps is not None:
            name = interaction.guild.name if interaction.guild is not None else ""
            await reply(interaction, channel_card(steps, name=name, here=text_channel_of(interaction)))
            return
        await self._changed_by_command(interaction, "posts", changes)

    @app_commands.command()
    @app_commands.autocomplete(pack=complete_pack, tag=complete_tag)
    @app_commands.describe(
        channel="A forum, where each prediction gets its own post, or a text channel for their cards",
        threads="In a text channel: open a thread under each card",
        pack="Only this pack's predictions go to that channel",
        tag="Only predictions with this tag go to that channel",
    )
    async def homes(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[Any, HomeOption] | None = None,
        threads: bool | None = None,
        pack: str | None = None,
        tag: str | None = None,
    ) -> None:
        """See or choose where each prediction has its home."""
        if pack is not None or tag is not None:
            await self._choose_place(interaction, channel, pack, tag)
            return
        given = {} if threads is None else {"home_threads": threads}
        if channel is not None:
            check_home(channel)
            given |= {"home_channel_id": channel.id, "home_is_forum": isinstance(channel, discord.ForumChannel)}
        await self._changed_by_command(interaction, HOMES, given)

    async def _choose_place(
        self,
        interaction: Interaction,
        channel: Any,
        pack: str | None,
        tag: str | None,
    ) -> None:
        if channel is None:
            raise Refused("Choose the channel, too: `/settings homes` with a channel and a pack or a tag.")
        check_home(channel)
        place = HomeChannel(channel.id, isinstance(channel, discord.ForumChannel))
        chosen_place = await self.bot.write(
            places.choose_place, actor_of(interaction), pack=pack, tag=tag, channel=place, now=self.bot.now()
        )
        await reply(interaction, place_card(chosen_place, []))

    @action("place.remove")
    async def remove_place(self, interaction: Interaction, argument: str) -> None:
        """A pack or a tag goes where the others go."""
        place_id = code_of(argument)
        place = await self.bot.write(places.remove_place, actor_of(interaction), place_id=place_id, now=self.bot.now())
        await reply(interaction, place_card(place, [], is_removed=True))

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
            "majority_share": None if majority_percent is None else share_of_votes(majority_percent),
            "ballots_are_secret": hidden_ballots,
            "objection_hours": objection_hours,
            "voter_hours": member_hours,
            "voter_account_days": account_days,
            "undecided_days": manager_days,
            "interested_override": interested_managers,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        await self._changed_by_command(interaction, "votes", changes)

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
        calls="Let results name me when I saw them coming (default: no)",
        news="How I hear of what I follow",
        follow_own="Follow what I forecast by itself",
        weekly="Let the weekly digest name me for best and worst calls",
    )
    @asks
    async def me(
        self,
        interaction: Interaction,
        zone: str | None = None,
        stale: bool | None = None,
        closing: bool | None = None,
        votes: bool | None = None,
        results: bool | None = None,
        record: bool | None = None,
        calls: bool | None = None,
        news: News | None = None,
        follow_own: bool | None = None,
        weekly: bool | None = None,
    ) -> None:
        """See or change your own settings: time zone, direct messages, who can see your record."""
        given: dict[str, Any] = {
            "zone": zone,
            "shows_record": record,
            "shows_calls": calls,
            Nudge.STALE: stale,
            Nudge.CLOSING: closing,
            Nudge.VOTES: votes,
            Nudge.RESULTS: results,
            "follow_news": None if news is None else _NEWS[news],
            "follows_own": follow_own,
            "named_in_weekly": weekly,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        if zone is not None and zone.strip().casefold() in (THE_SERVERS, "server"):
            changes["zone"] = None
        await self._changed_by_command(interaction, OWN, changes)

    @action("setting.page")
    async def turn_page(self, interaction: Interaction, argument: str) -> None:
        """Another group of settings."""
        await self._show(interaction, argument if argument in GROUPS else "posts")

    @action("setting.choose")
    async def choose(self, interaction: Interaction, argument: str) -> None:
        """What was chosen in a setting's list, or a form for something else."""
        setting, typed = setting_of(argument.partition("|")[0]), chosen(interaction) or NONE
        if typed != ANOTHER:
            await self._change(interaction, setting, typed)
            return

        async def submit(submitted: Interaction, typed: str) -> None:
            changes = setting.read(Given(typed, self.bot.now(), str(submitted.locale)))
            await self._show(submitted, GROUP_OF[setting.key], await self._store(submitted, setting, changes))

        await open_form(interaction, SettingForm(setting.title, setting.hint, submit))

    @action("setting.set")
    async def set_(self, interaction: Interaction, argument: str) -> None:
        """Turn something on or off."""
        key, _, typed = argument.partition("|")
        await self._change(interaction, setting_of(key), typed)

    @action("setting.undo")
    async def undo(self, interaction: Interaction, argument: str) -> None:
        """Put a setting back to what it was, unless it has been changed again."""
        key, _, values = argument.partition("|")
        standing, _, before = values.partition("|")
        await self._change(interaction, setting_of(key), before, standing=standing)

    async def _change(self, interaction: Interaction, setting: Setting, typed: str, *, standing: str | None = None) -> None:
        """Change a setting to what a button or a list says. A refusal shows on the panel, beside what still holds."""
        try:
            now = self.bot.now()
            changes = setting.read(Given(typed, now))
            still = None if standing is None else setting.read(Given(standing, now))
            done = await self._store(interaction, setting, changes, standing=still)
        except Refused as refused:
            await self._show(interaction, GROUP_OF[setting.key], refusal=str(refused))
        else:
            await self._show(interaction, GROUP_OF[setting.key], done)

    async def _store(
        self, interaction: Interaction, setting: Setting, changes: dict[str, Any], *, standing: dict[str, Any] | None = None
    ) -> list[Change]:
        changes = _as_it_is(interaction, setting, changes)
        return await self._write(interaction, changes, own=GROUP_OF[setting.key] == OWN, standing=standing)

    async def _write(
        self, interaction: Interaction, changes: dict[str, Any], *, own: bool, standing: dict[str, Any] | None = None
    ) -> list[Change]:
        actor, now = actor_of(interaction), self.bot.now()
        if own:
            done = await self.bot.write(changing.change_own_settings, actor, changes=changes, standing=standing, now=now)
            before, after = done.before, done.settings.values
        else:
            made = await self.bot.write(changing.change_guild_settings, actor, changes=changes, standing=standing, now=now)
            before, after = made.before, made.settings.values
        return [Change(setting, after | before, after) for setting in settings_changed(changes, own=own)]

    async def _changed_by_command(self, interaction: Interaction, group: str, given: dict[str, Any]) -> None:
        """Change what a command's options say and answer with the panel, or with all that changed if it's more than one."""
        changes = await self._write(interaction, given, own=group == OWN) if given else []
        if len(changes) > 1:
            await reply(interaction, changed_card(changes, group=group))
        else:
            await self._show(interaction, GROUP_OF[changes[0].setting.key] if changes else group, changes)

    async def _show(
        self, interaction: Interaction, group: str, changes: list[Change] | None = None, *, refusal: str | None = None
    ) -> None:
        actor, now, read = actor_of(interaction), self.bot.now(), self.bot.database.read
        if group == OWN:
            own = await read(people.settings_of_person, actor.user_id, guild_id=actor.guild_id)
            has_role = own.ping_role_id in actor.role_ids
            card = own_panel(own, now=now, has_ping_role=has_role, changes=changes or (), refusal=refusal)
        else:
            settings, is_manager = await read(guilds.settings_of, actor.guild_id), await read(guilds.is_manager, actor)
            more: list[Any] = []
            if group == HOMES:
                homes = await read(overview.homes_of_guild, actor.guild_id)
                more = homes_items(settings.values, homes, interaction.guild, is_manager=is_manager)
            card = guild_panel(
                settings.values,
                group=group,
                now=now,
                is_manager=is_manager,
                more=more,
                changes=changes or (),
                refusal=refusal,
                stuck=await read(troubles.count_troubles, actor),
            )
        await reply(interaction, card)


def _as_it_is(interaction: Interaction, setting: Setting, changes: dict[str, Any]) -> dict[str, Any]:
    """Refuses a role or a channel that isn't of this server, and a channel we may not post in. Whether it's a forum, we see."""
    number, guild = changes[setting.names[0]], interaction.guild
    if number is None or guild is None or setting.sort not in (CHANNEL, HOME, ROLE):
        return changes
    if setting.sort is ROLE:
        if guild.get_role(number) is None:
            raise Refused("That role isn't on this server any more. Choose another one.")
        if setting.names == ("ping_role_id",):
            require_may_give(guild, number)
        return changes
    channel = guild.get_channel(number)
    if setting.sort is HOME:
        check_home(channel)
        return changes | {"home_is_forum": isinstance(channel, discord.ForumChannel)}
    if not isinstance(channel, discord.TextChannel):
        raise Refused("That channel isn't on this server any more, or isn't for text. Choose another one.")
    check_posts(channel)
    return changes
