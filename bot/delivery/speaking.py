"""Speaking on Discord: at a prediction's card, in a channel, by direct message; and changing what was said."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias, TypeVar

import discord
from discord import ui

from bot.services.following.calls import CALLING, Call, call_of
from bot.services.homes import card_homes
from bot.services.homes.card_homes import CardHome
from bot.services.members import guilds, people
from bot.services.outbox import DueMessage
from bot.ui.cards import parts
from bot.ui.charts.data import Chart, Picture
from bot.ui.permissions import missing_for_homes, missing_in, needed
from db.database import Database

log = logging.getLogger(__name__)

R = TypeVar("R")

Draw: TypeAlias = Callable[[Chart], Awaitable[Picture | None]]
"""Draws a picture, or gives none."""

UNKNOWN_CHANNEL, THREAD_IS_ARCHIVED, THREAD_IS_LOCKED = 10003, 50083, 160005
NOBODY = discord.AllowedMentions.none()
LOCKED = "its post is locked: unlock it, or give me Manage Threads"
NONCE_IS_KNOWN_FOR = timedelta(seconds=90)
"""At the least: Discord says “a few minutes”."""
LOOKED_THROUGH = 1000
"""How many of a channel's messages we look through for one whose answer was lost, from the newest on."""
FIRST_MARK, MARKS = 2_000_000_001, 147_000_000
"""The ids of components by which we know our messages again: above all others of ours, below 2^31."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What happened to a message: where it was posted, or nothing if there was nothing to say."""

    channel_id: int | None = None
    message_id: int | None = None


@dataclass(eq=False)
class Unreachable(Exception):
    """We can't post in this channel until someone fixes it."""

    channel_id: int
    reason: str

    def __str__(self) -> str:
        return self.reason


class NotReady(Exception):
    """The gateway hasn't said yet which guilds the bot is in; messages that depend on it wait a little."""


class Speaker:
    """The ways to say something. No transaction is open while Discord is awaited."""

    def __init__(
        self, client: discord.Client, database: Database, *, now: Callable[[], datetime], draw: Draw | None = None
    ) -> None:
        self._client, self._database, self._now, self._draw = client, database, now, draw

    async def _edit(
        self, message: DueMessage, channel_id: int, message_id: int, card: ui.LayoutView, *, within: int | None = None
    ) -> bool:
        """Update a message; False if it's gone. `within`: the forum whose post the channel is."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=message.guild_id)
        # Unlike sending, an edit doesn't inherit the bot's allowed mentions.
        edit = partial(channel.get_partial_message(message_id).edit, view=card, allowed_mentions=NOBODY)
        try:
            await self._in_thread(channel_id, edit)
        except discord.NotFound as error:
            if error.code == UNKNOWN_CHANNEL:
                await self._database.run(card_homes.note_channel_gone, channel_id, now=self._now())
            return False
        except discord.Forbidden as error:
            lacking = self._missing(message, within, as_answer=False)
            raise Unreachable(within or channel_id, lacking or _reason(error)) from error
        return True

    async def _in_thread(self, thread_id: int, do: Callable[[], Awaitable[R]]) -> R:
        """Do something where Discord may have put a thread away, after bringing that back."""
        try:
            return await do()
        except discord.HTTPException as error:
            if error.code not in (THREAD_IS_ARCHIVED, THREAD_IS_LOCKED):
                raise
        thread = await self._channel(thread_id)
        assert isinstance(thread, discord.Thread)
        try:
            if thread.locked and not thread.permissions_for(thread.guild.me).manage_threads:
                raise Unreachable(thread_id, LOCKED)
            await thread.edit(archived=False)
            return await do()
        except discord.Forbidden as error:
            raise Unreachable(thread_id, LOCKED) from error
        except discord.HTTPException as error:
            if error.code in (THREAD_IS_ARCHIVED, THREAD_IS_LOCKED):
                raise Unreachable(thread_id, LOCKED) from error
            raise

    async def _channel(self, channel_id: int) -> Any:
        """A channel or thread, as Discord last described it."""
        return self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)

    def _missing(self, message: DueMessage, channel_id: int | None, *, as_answer: bool, with_file: bool = False) -> str:
        """What the bot lacks in a channel, in words for a manager; empty if we can't tell."""
        guild = self._client.get_guild(message.guild_id or 0)
        channel = None if guild is None or channel_id is None else guild.get_channel(channel_id)
        if isinstance(channel, discord.ForumChannel):
            return needed(missing_for_homes(channel))
        return "" if channel_id is None else needed(missing_in(guild, channel_id, with_file=with_file, as_answer=as_answer))

    async def _say_at_home(
        self,
        message: DueMessage,
        prediction_id: int,
        card: ui.LayoutView,
        file: discord.File | None = None,
        *,
        mentioning: int | None = None,
    ) -> SentMessage:
        """Post under a prediction's card; if it has none, in the guild's channel."""
        home = await self._database.read(card_homes.home_of, prediction_id)
        if home is None:
            return await self._say_to_guild(message, card, file, mentioning=mentioning)
        if home.thread_id is not None:
            above = home.forum_id or home.channel_id
            return await self._say_in(message, home.thread_id, card, file, mentioning=mentioning, within=above)
        return await self._say_under(message, home, card, file, mentioning=mentioning)

    async def _say_under(
        self,
        message: DueMessage,
        home: CardHome,
        card: ui.LayoutView,
        file: discord.File | None = None,
        *,
        mentioning: int | None = None,
    ) -> SentMessage:
        """Post in the channel of a card, as an answer to it."""
        answered = discord.MessageReference(
            message_id=home.message_id, channel_id=home.channel_id, guild_id=message.guild_id, fail_if_not_exists=False
        )
        return await self._say_in(message, home.channel_id, card, file, reference=answered, mentioning=mentioning)

    async def _say_to_guild(
        self, message: DueMessage, card: ui.LayoutView, file: discord.File | None = None, *, mentioning: int | None = None
    ) -> SentMessage:
        """Post in the guild's channel for posts; do nothing if it has none."""
        channel_id = await self._post_channel(message)
        if channel_id is None:
            log.info("dropped outbox %s (%s): the guild has no channel for posts", message.id, message.kind)
            return SentMessage()
        return await self._say_in(message, channel_id, card, file, mentioning=mentioning)

    async def _say_in(
        self,
        message: DueMessage,
        channel_id: int,
        card: ui.LayoutView,
        file: discord.File | None = None,
        *,
        reference: discord.MessageReference | None = None,
        mentioning: int | None = None,
        calling: int | None = None,
        within: int | None = None,
    ) -> SentMessage:
        """Post in a channel; if it was deleted, in the guild's channel for posts. Mentions a member, or a role, and whoever asked
        to be mentioned in such a post. `within`: the channel or forum whose thread it is."""
        call = await self._call(message)
        users = {one for one in (mentioning, *call.user_ids) if one is not None}
        roles = {one for one in (calling, call.role_id) if one is not None}
        options: dict[str, Any] = {"reference": reference} if reference else {}
        if users or roles:
            options["allowed_mentions"] = discord.AllowedMentions(
                everyone=False,
                roles=[discord.Object(one) for one in sorted(roles)],
                users=[discord.Object(one) for one in sorted(users)],
            )
        parts.add_call(card, user_ids=call.user_ids, role_id=call.role_id)
        return await self._post_in(message, channel_id, card, file, within=within, **options)

    async def _call(self, message: DueMessage) -> Call:
        """Whom the post mentions. A role that was deleted isn't mentioned any more."""
        if not any(one.kind in CALLING for one in (message, *message.along)):
            return Call()
        call = await self._database.read(call_of, message)
        if call.role_id is None:
            return call
        assert message.guild_id is not None
        guild = await self._guild(message.guild_id)
        return call if guild is not None and guild.get_role(call.role_id) is not None else replace(call, role_id=None)

    async def _post_in(
        self,
        message: DueMessage,
        channel_id: int,
        card: ui.LayoutView,
        file: discord.File | None,
        *,
        within: int | None = None,
        **options: Any,
    ) -> SentMessage:
        channel = self._client.get_partial_messageable(channel_id, guild_id=message.guild_id)
        try:
            send = partial(self._send, message, channel, card, files=[file] if file else [], **options)
            sent = await self._in_thread(channel_id, send)
        except discord.NotFound as error:
            await self._database.run(card_homes.note_channel_gone, channel_id, now=self._now())
            elsewhere = await self._post_channel(message)
            if elsewhere in (None, channel_id):
                raise Unreachable(channel_id, _reason(error)) from error
            options.pop("reference", None)
            return await self._post_in(message, elsewhere, card, file, **options)
        except discord.Forbidden as error:
            needs = {"with_file": file is not None, "as_answer": "reference" in options}
            lacking = self._missing(message, channel_id, **needs)
            raise Unreachable(within or channel_id, lacking or _reason(error)) from error
        return SentMessage(channel_id, sent.id)

    async def _send(
        self, message: DueMessage, channel: discord.abc.Messageable, card: ui.LayoutView, **options: Any
    ) -> discord.Message:
        """Send it, unless an earlier try did arrive. For some minutes Discord knows its nonce, and gives us the first message
        again instead of a second; later, we look for the mark that it bears."""
        card.children[0].id = mark = mark_of(message)
        if message.attempts > 1 and self._now() - message.created_at > NONCE_IS_KNOWN_FOR:
            with contextlib.suppress(discord.Forbidden):  # where we may not read, we can only say it again
                since = message.created_at - NONCE_IS_KNOWN_FOR
                async for earlier in channel.history(limit=LOOKED_THROUGH, after=since, oldest_first=False):
                    if any(getattr(part, "id", None) == mark for part in earlier.components):
                        return earlier
        return await channel.send(view=card, nonce=message.nonce, **options)

    async def _say_privately(self, message: DueMessage, user_id: int, card: ui.LayoutView) -> SentMessage | None:
        """Send a direct message; None if its reader doesn't accept any."""
        try:
            channel_id = await self._database.read(people.dm_channel_of, user_id)
            sent = None if channel_id is None else await self._say_in_known(channel_id, message, card)
            if channel_id is None or sent is None:
                channel = await self._client.create_dm(discord.Object(user_id))
                channel_id, sent = channel.id, await self._send(message, channel, card)
                await self._database.run(people.note_reached, user_id=user_id, channel_id=channel_id)
        except (discord.Forbidden, discord.NotFound):
            await self._database.run(people.note_unreachable, user_id=user_id, now=self._now())
            return None
        return SentMessage(channel_id, sent.id)

    async def _say_in_known(self, channel_id: int, message: DueMessage, card: ui.LayoutView) -> discord.Message | None:
        """Send a direct message in a channel that was opened before; None if Discord doesn't know it any more."""
        try:
            return await self._send(message, self._client.get_partial_messageable(channel_id), card)
        except discord.NotFound:
            return None

    async def _say_to_a_manager(
        self, message: DueMessage, card: ui.LayoutView, contact_id: int | None
    ) -> SentMessage | None:
        """A direct message to the manager who last changed the settings, else to the owner; None if neither accepts any."""
        assert message.guild_id is not None
        if (guild := await self._guild(message.guild_id)) is None:
            return None
        for user_id in dict.fromkeys((contact_id, guild.owner_id)):
            if user_id is not None and (sent := await self._say_privately(message, user_id, card)) is not None:
                return sent
        log.warning("could not reach any manager of guild %s with outbox %s (%s)", guild.id, message.id, message.kind)
        return None

    async def _guild(self, guild_id: int) -> discord.Guild | None:
        """The guild; None if the bot isn't in it. Raises NotReady."""
        guild = self._client.get_guild(guild_id)
        if guild is None and not self._client.is_ready():
            raise NotReady("the bot doesn't know its guilds yet")
        if guild is None and (self._client.shard_count or 1) > 1:  # it may be on a shard of another process
            with contextlib.suppress(discord.Forbidden, discord.NotFound):
                return await self._client.fetch_guild(guild_id)
        return guild

    async def _post_channel(self, message: DueMessage) -> int | None:
        assert message.guild_id is not None
        return (await self._database.read(guilds.settings_of, message.guild_id)).post_channel_id

    async def _read(self, use_case: Callable[..., R], message: DueMessage, *names: str) -> R:
        """What a message says now, read by the facts in its payload."""
        facts = {name: message.payload[name] for name in names if name in message.payload}
        return await self._database.read(use_case, guild_id=message.guild_id, now=self._now(), **facts)


def mark_of(message: DueMessage) -> int:
    """By which the post of this message is known again."""
    return FIRST_MARK + message.id % MARKS


def _reason(error: discord.HTTPException) -> str:
    """Why the bot can't post in a channel, in words for a manager."""
    match error.code:
        case 10003:
            return "the channel was deleted"
        case 50001:
            return "I can't see the channel"
        case 50013:
            return "I'm not allowed to post there"
        case _:
            return f"Discord says “{error.text}” ({error.code})"
