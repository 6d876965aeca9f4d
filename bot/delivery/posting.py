"""What each outbox message becomes on Discord: what it says now, and where it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import discord
from discord import ui

from bot.domain.events import VoteNews
from bot.services import announcements, outbox
from bot.services.members import guilds, people
from bot.services.outbox import DueMessage, MessageKind
from bot.services.reminding import digests, reminders
from bot.services.settings import troubles
from bot.services.voting import views
from bot.ui import text
from bot.ui.cards.packs.library import announcement_card
from bot.ui.cards.predictions.announcements import clarification_card, reason_card
from bot.ui.cards.predictions.card import prediction_card
from bot.ui.cards.reminding.digest import digest_card
from bot.ui.cards.reminding.ladder import ladder_card
from bot.ui.cards.reminding.reminders import due_card, public_due_card
from bot.ui.cards.settings.troubles import news_card
from bot.ui.cards.voting.results import news_of_vote, news_of_votes, result_card
from bot.ui.cards.voting.votes import vote_card
from db.database import Database

log = logging.getLogger(__name__)

R = TypeVar("R")

UNKNOWN_CHANNEL = 10003


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


class MessagePoster:
    """Sends one message of the outbox. No transaction is open while Discord is awaited."""

    def __init__(self, client: discord.Client, database: Database, *, now: Callable[[], datetime]) -> None:
        self._client, self._database, self._now = client, database, now

    async def send(self, message: DueMessage) -> SentMessage:
        """Send it, or find that there's nothing left to say. Raises Unreachable, NotReady, and what discord.py raises."""
        match message.kind:
            case MessageKind.POST_CARD:
                return await self._post_card(message)
            case MessageKind.REFRESH_CARD:
                return await self._refresh_card(message)
            case MessageKind.CLARIFICATION:
                news = await self._read(announcements.clarification, message, "prediction_id", "number")
                return await self._say_at_home(message, news.view.id, *clarification_card(news)) if news else SentMessage()
            case MessageKind.REASON:
                posted = await self._read(announcements.posted_reason, message, "prediction_id", "forecast_id")
                return await self._say_at_home(message, posted.view.id, reason_card(posted)) if posted else SentMessage()
            case MessageKind.PACK_ADOPTED:
                pack = await self._read(announcements.adopted_pack, message, "pack")
                return await self._say_to_guild(message, announcement_card(pack)) if pack else SentMessage()
            case MessageKind.VOTE:
                return await self._post_vote(message)
            case MessageKind.REFRESH_VOTE:
                vote = await self._read(views.vote_view, message, "vote_id")
                place = await self._database.read(views.place_of_vote, message.payload["vote_id"])
                if vote is not None and place is not None:
                    await self._edit(message, *place, vote_card(vote))
                return SentMessage()
            case MessageKind.VOTE_NEWS:
                return await self._tell_news_of_votes(message)
            case MessageKind.RESULT:
                return await self._post_result(message)
            case MessageKind.SUPERSEDED:
                result = await self._read(views.result_of, message, "prediction_id")
                place = await self._database.read(views.place_of_result, message.payload["prediction_id"])
                if result is not None and place is not None:
                    await self._edit(message, *place, result_card(replace(result, is_superseded=True)))
                return SentMessage()
            case MessageKind.LADDER:
                return await self._remind_channel(message)
            case MessageKind.REMINDER:
                return await self._remind_member(message)
            case MessageKind.DIGEST:
                return await self._send_digest(message)
            case MessageKind.TROUBLE:
                return await self._tell_manager(message)

    async def _tell_news_of_votes(self, message: DueMessage) -> SentMessage:
        assert message.guild_id is not None
        found = [
            await self._database.read(views.vote_view, guild_id=message.guild_id, vote_id=vote_id, now=self._now())
            for vote_id in message.payload["vote_ids"]
        ]
        votes, what = [vote for vote in found if vote is not None], VoteNews(message.payload["what"])
        if len(votes) > 1:
            return await self._say_to_guild(message, news_of_votes(votes, what))
        return await self._say_at_home(message, votes[0].view.id, news_of_vote(votes[0], what)) if votes else SentMessage()

    async def _post_card(self, message: DueMessage) -> SentMessage:
        view = await self._read(announcements.public_view, message, "prediction_id")
        if view is None:
            return SentMessage()
        sent = await self._say_to_guild(message, prediction_card(view, private=False))
        if sent.channel_id is not None and sent.message_id is not None:
            place = {"channel_id": sent.channel_id, "message_id": sent.message_id}
            await self._database.run(outbox.note_card, prediction_id=view.id, now=self._now(), **place)
        return sent

    async def _refresh_card(self, message: DueMessage) -> SentMessage:
        view = await self._read(announcements.public_view, message, "prediction_id")
        home = await self._database.read(outbox.home_of, message.payload["prediction_id"])
        if view is None or home is None:
            return SentMessage()
        is_there = await self._edit(message, home.channel_id, home.message_id, prediction_card(view, private=False))
        noted = outbox.note_card_edited if is_there else outbox.note_card_lost
        await self._database.run(noted, home.card_id, now=self._now())
        return SentMessage()

    async def _post_vote(self, message: DueMessage) -> SentMessage:
        vote = await self._read(views.vote_view, message, "vote_id")
        if vote is None or not vote.is_open:
            return SentMessage()
        sent = await self._say_at_home(message, vote.view.id, vote_card(vote))
        if sent.channel_id is not None and sent.message_id is not None:
            place = {"channel_id": sent.channel_id, "message_id": sent.message_id}
            await self._database.run(views.note_vote_posted, vote.id, **place)
        return sent

    async def _post_result(self, message: DueMessage) -> SentMessage:
        result = await self._read(views.result_of, message, "prediction_id")
        if result is None or result.is_superseded:
            return SentMessage()
        sent = await self._say_at_home(message, result.view.id, result_card(result))
        if sent.channel_id is not None and sent.message_id is not None:
            place = {"channel_id": sent.channel_id, "message_id": sent.message_id}
            await self._database.run(views.note_result_posted, result.view.id, **place)
        return sent

    async def _edit(self, message: DueMessage, channel_id: int, message_id: int, card: ui.LayoutView) -> bool:
        """Update a message; False if it's gone."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=message.guild_id)
        try:
            # Unlike sending, an edit doesn't inherit the bot's allowed mentions.
            await channel.get_partial_message(message_id).edit(view=card, allowed_mentions=discord.AllowedMentions.none())
        except discord.NotFound as error:
            if error.code == UNKNOWN_CHANNEL:
                await self._database.run(outbox.note_channel_gone, channel_id, now=self._now())
            return False
        except discord.Forbidden as error:
            raise Unreachable(channel_id, _reason(error)) from error
        return True

    async def _remind_channel(self, message: DueMessage) -> SentMessage:
        assert message.guild_id is not None
        post = await self._database.run(
            announcements.ladder_post, guild_id=message.guild_id, outbox_id=message.id, now=self._now()
        )
        if post is None:
            return SentMessage()
        return await self._say_in(message, message.payload["channel_id"], ladder_card(post, now=self._now()))

    async def _remind_member(self, message: DueMessage) -> SentMessage:
        due = await self._read(reminders.due_reminder, message, "reminder_id", "was_due_at")
        if due is None:
            log.info("dropped reminder %s: its prediction has ended", message.payload["reminder_id"])
            return SentMessage()
        if not due.at_home:
            link = text.message_link(due.view.guild_id, due.home)
            sent = await self._say_privately(message, due.user_id, due_card(due, link=link))
            if sent is not None:
                return sent
        return await self._say_at_home(message, due.view.id, public_due_card(due), mentioning=due.user_id)

    async def _send_digest(self, message: DueMessage) -> SentMessage:
        payload = message.payload
        since = datetime.fromisoformat(payload["since"]) if payload["since"] else None
        until = datetime.fromisoformat(payload["until"])
        digest = await self._database.read(
            digests.digest_of, user_id=payload["user_id"], since=since, until=until, now=self._now()
        )
        if digest is None:
            return SentMessage()
        known = ((part.guild_id, self._guild(part.guild_id)) for part in digest.guilds)
        names = {guild_id: guild.name for guild_id, guild in known if guild is not None}
        sent = await self._say_privately(message, digest.user_id, digest_card(digest, guild_names=names))
        if sent is None:
            log.info("dropped digest %s: its member has direct messages turned off", message.id)
        return sent or SentMessage()

    async def _tell_manager(self, message: DueMessage) -> SentMessage:
        assert message.guild_id is not None
        news = await self._database.read(
            troubles.news_of_trouble, guild_id=message.guild_id, channel_id=message.payload["channel_id"]
        )
        if news is None or (guild := self._guild(message.guild_id)) is None:
            return SentMessage()
        for user_id in dict.fromkeys((news.contact_id, guild.owner_id)):
            if user_id is None:
                continue
            sent = await self._say_privately(message, user_id, news_card(news, guild_name=guild.name))
            if sent is not None:
                return sent
        log.warning(
            "could not tell any manager of guild %s that we can't post in channel %s", guild.id, news.trouble.channel_id
        )
        return SentMessage()

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
        home = await self._database.read(outbox.home_of, prediction_id)
        if home is None:
            return await self._say_to_guild(message, card, file, mentioning=mentioning)
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
    ) -> SentMessage:
        """Post in a channel; if it was deleted, in the guild's channel for posts."""
        channel = self._client.get_partial_messageable(channel_id, guild_id=message.guild_id)
        options: dict[str, Any] = {"reference": reference} if reference else {}
        if mentioning is not None:
            options["allowed_mentions"] = discord.AllowedMentions(
                everyone=False, roles=False, users=[discord.Object(mentioning)]
            )
        try:
            # For some minutes Discord returns the first message instead of posting a second with the same nonce, so it's
            # safe to send again after a crash.
            sent = await channel.send(view=card, files=[file] if file else [], nonce=message.nonce, **options)
        except discord.NotFound as error:
            await self._database.run(outbox.note_channel_gone, channel_id, now=self._now())
            elsewhere = await self._post_channel(message)
            if elsewhere in (None, channel_id):
                raise Unreachable(channel_id, _reason(error)) from error
            return await self._say_in(message, elsewhere, card, file, mentioning=mentioning)
        except discord.Forbidden as error:
            raise Unreachable(channel_id, _reason(error)) from error
        return SentMessage(channel_id, sent.id)

    async def _say_privately(self, message: DueMessage, user_id: int, card: ui.LayoutView) -> SentMessage | None:
        """Send a direct message; None if its reader doesn't accept any."""
        try:
            channel = await self._client.create_dm(discord.Object(user_id))
            sent = await channel.send(view=card, nonce=message.nonce)
        except (discord.Forbidden, discord.NotFound):
            await self._database.run(people.note_unreachable, user_id=user_id, now=self._now())
            return None
        await self._database.run(people.note_reached, user_id=user_id)
        return SentMessage(channel.id, sent.id)

    def _guild(self, guild_id: int) -> discord.Guild | None:
        """The guild; None if the bot isn't in it. Raises NotReady."""
        guild = self._client.get_guild(guild_id)
        if guild is None and not self._client.is_ready():
            raise NotReady("the bot doesn't know its guilds yet")
        return guild

    async def _post_channel(self, message: DueMessage) -> int | None:
        assert message.guild_id is not None
        return (await self._database.read(guilds.settings_of, message.guild_id)).post_channel_id

    async def _read(self, use_case: Callable[..., R], message: DueMessage, *names: str) -> R:
        """What a message says now, read by the facts in its payload."""
        facts = {name: message.payload[name] for name in names if name in message.payload}
        return await self._database.read(use_case, guild_id=message.guild_id, now=self._now(), **facts)


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
