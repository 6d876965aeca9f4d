"""The first steps of a server: choose a channel, adopt a pack, done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord.ext import commands

from bot.domain.errors import Refused
from bot.services.packs import library
from bot.services.settings import changing, first_steps
from bot.ui.cards.settings.first_steps import channel_card, done_card, packs_step
from bot.ui.items import action, chosen, whole_number
from bot.ui.permissions import check_home, check_posts, missing_for_homes
from bot.ui.replies import reply
from cogs._params import Interaction, actor_of, text_channel_of

if TYPE_CHECKING:
    from bot.client import Almanac

Channel: TypeAlias = discord.TextChannel | discord.ForumChannel


class FirstStepsCog(commands.Cog):
    """The steps that `/settings guild` leads through while nothing is set up."""

    def __init__(self, bot: Almanac) -> None:
        self.bot = bot

    @action("setup.channel")
    async def choose_channel(self, interaction: Interaction, _argument: str) -> None:
        """Where to post: a text channel does for everything, a forum for the homes."""
        await self._choose(interaction, _chosen, is_first=True)

    @action("setup.posts")
    async def choose_posts(self, interaction: Interaction, _argument: str) -> None:
        """Beside a forum, where votes and results go."""
        await self._choose(interaction, _chosen, is_first=False)

    @action("setup.here")
    async def choose_this(self, interaction: Interaction, _argument: str) -> None:
        """The text channel that the manager is in, for whatever is still to be chosen."""
        steps = await self._steps(interaction)
        await self._choose(interaction, _here, is_first=steps.needs_channel)

    @action("setup.adopt")
    async def adopt(self, interaction: Interaction, argument: str) -> None:
        """Begin with a pack."""
        actor = actor_of(interaction)
        report = await self.bot.write(library.adopt, actor, slug=argument, now=self.bot.now())
        steps = await self.bot.database.read(first_steps.first_steps, actor.guild_id)
        await reply(interaction, done_card(steps, report))

    @action("setup.done")
    async def finish(self, interaction: Interaction, _argument: str) -> None:
        """Begin without one."""
        await reply(interaction, done_card(await self._steps(interaction)))

    async def _choose(self, interaction: Interaction, find: Callable[[Interaction], Channel], *, is_first: bool) -> None:
        try:
            changes = _changes(find(interaction), is_first=is_first)
            await self.bot.write(changing.change_guild_settings, actor_of(interaction), changes=changes, now=self.bot.now())
        except Refused as refused:
            await self._show(interaction, refusal=str(refused))
        else:
            await self._show(interaction)

    async def _show(self, interaction: Interaction, *, refusal: str | None = None) -> None:
        steps = await self._steps(interaction)
        if refusal is not None or steps.needs_channel or steps.needs_text_channel:
            name = interaction.guild.name if interaction.guild is not None else ""
            await reply(interaction, channel_card(steps, name=name, here=text_channel_of(interaction), refusal=refusal))
            return
        packs = await self.bot.database.read(library.list_packs, guild_id=actor_of(interaction).guild_id, now=self.bot.now())
        await reply(interaction, packs_step(steps, packs))

    async def _steps(self, interaction: Interaction) -> first_steps.FirstSteps:
        return await self.bot.database.read(first_steps.first_steps, actor_of(interaction).guild_id)


def _chosen(interaction: Interaction) -> Channel:
    try:
        channel_id = whole_number(chosen(interaction), digits=20)
    except ValueError:
        raise Refused("Choose a channel first.") from None
    channel = interaction.guild.get_channel(channel_id) if interaction.guild is not None else None
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise Refused("I can't see that channel, or can't post in its kind. Choose another one.")
    return channel


def _here(interaction: Interaction) -> Channel:
    channel = text_channel_of(interaction)
    if channel is None:
        raise Refused("I can't post here. Choose a channel.")
    return channel


def _changes(channel: Channel, *, is_first: bool) -> dict[str, Any]:
    """What choosing this channel sets. Cards in a text channel get threads, where the bot may open them."""
    if isinstance(channel, discord.ForumChannel):
        if not is_first:
            raise Refused("A forum can't show votes and results to everyone. Choose a text channel.")
        check_home(channel)
        return {"home_channel_id": channel.id, "home_is_forum": True}
    check_posts(channel)
    if not is_first:
        return {"post_channel_id": channel.id}
    threads = not missing_for_homes(channel, with_threads=True)
    return {"post_channel_id": channel.id, "home_channel_id": channel.id, "home_is_forum": False, "home_threads": threads}
