"""The outbox to Discord: claim in a short transaction, send with none open, mark in another. A crash between them lets the
lease run out, and the nonce keeps Discord from showing the second sending."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.services import announcements, guilds, outbox
from bot.services.outbox import DueMessage, Message
from bot.ui.cards.announcements import clarification_card, reason_card
from bot.ui.cards.packs import announcement_card
from bot.ui.cards.prediction import prediction_card
from db.database import Database

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=5)
GONE = (discord.Forbidden, discord.NotFound)
PASSING = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


class HomeIsGone(Exception):
    """The channel of a prediction's home was deleted; what was to be said there goes to the guild's channel instead."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came of a message: where it stands, or nothing when there was nothing to say."""

    channel_id: int | None = None
    message_id: int | None = None


class Delivery:
    """Delivers what is due. Any number of these may run on one database; each message is claimed by one."""

    def __init__(self, client: discord.Client, database: Database, *, now: Callable[[], datetime]) -> None:
        self._client, self._database, self._now = client, database, now
        self._one_at_a_time = asyncio.Lock()

    async def deliver_due(self) -> datetime | None:
        """Deliver until nothing is due; returns when the next message is."""
        async with self._one_at_a_time:
            while due := await self._database.run(outbox.claim_due, now=self._now()):
                for message in due:
                    await self._deliver(message)
            return await self._database.read(outbox.next_due_at)

    async def _deliver(self, message: DueMessage) -> None:
        try:
            sent = await self._send(message)
        except GONE as error:
            await self._bury(message, error)
        except (HomeIsGone, *PASSING) as error:
            await self._retry(message, error)
        except Exception as error:  # a fault of ours must not stop the messages behind it
            log.exception("outbox %s (%s) could not be made", message.id, message.kind)
            await self._bury(message, error)
        else:
            await self._database.run(
                outbox.mark_sent, message.id, now=self._now(), channel_id=sent.channel_id, discord_id=sent.message_id
            )

    async def _bury(self, message: DueMessage, error: Exception) -> None:
        log.warning("outbox %s (%s) buried: %s", message.id, message.kind, error)
        await self._database.run(outbox.mark_failed, message.id, reason=str(error), retry_at=None, now=self._now())

    async def _retry(self, message: DueMessage, error: Exception) -> None:
        if message.attempts >= outbox.MAX_ATTEMPTS:
            await self._bury(message, error)
            return
        wait = FIRST_RETRY * 2 ** (message.attempts - 1) * random.uniform(0.8, 1.2)  # noqa: S311  (jitter, no secret)
        log.info("outbox %s (%s) tried again in %d s: %s", message.id, message.kind, wait.total_seconds(), error)
        await self._database.run(
            outbox.mark_failed, message.id, reason=str(error), retry_at=self._now() + wait, now=self._now()
        )

    async def _send(self, message: DueMessage) -> _Sent:
        assert message.guild_id is not None
        match message.kind:
            case Message.POST_CARD:
                return await self._post_card(message)
            case Message.REFRESH_CARD:
                return await self._refresh_card(message)
            case Message.CLARIFICATION:
                news = await self._database.read(announcements.clarification, **_ids(message, "number"), now=self._now())
                return await self._say_at_home(message, *clarification_card(news)) if news is not None else _Sent()
            case Message.REASON:
                posted = await self._database.read(
                    announcements.posted_reason, **_ids(message, "forecast_id"), now=self._now()
                )
                return await self._say_at_home(message, reason_card(posted)) if posted is not None else _Sent()
            case Message.PACK_ADOPTED:
                pack = await self._database.read(announcements.adopted_pack, **_ids(message, "pack"), now=self._now())
                return await self._say_in_channel(message, announcement_card(pack)) if pack is not None else _Sent()

    async def _post_card(self, message: DueMessage) -> _Sent:
        view = await self._database.read(announcements.public_view, **_ids(message, "prediction_id"), now=self._now())
        if view is None:
            return _Sent()
        sent = await self._say_in_channel(message, prediction_card(view, private=False))
        if sent.channel_id is not None and sent.message_id is not None:
            await self._database.run(
                outbox.note_card,
                prediction_id=view.id,
                channel_id=sent.channel_id,
                message_id=sent.message_id,
                now=self._now(),
            )
        return sent

    async def _refresh_card(self, message: DueMessage) -> _Sent:
        view = await self._database.read(announcements.public_view, **_ids(message, "prediction_id"), now=self._now())
        home = await self._database.read(outbox.home_of, message.payload["prediction_id"])
        if view is None or home is None:
            return _Sent()
        channel = self._client.get_partial_messageable(home.channel_id, guild_id=message.guild_id)
        try:
            # An edit does not inherit the bot's allowed mentions as sending does.
            await channel.get_partial_message(home.message_id).edit(
                view=prediction_card(view, private=False), allowed_mentions=discord.AllowedMentions.none()
            )
        except GONE:
            await self._database.run(outbox.note_card_lost, home.card_id, now=self._now())
            raise
        await self._database.run(outbox.note_card_edited, home.card_id, now=self._now())
        return _Sent(home.channel_id, home.message_id)

    async def _say_at_home(self, message: DueMessage, card: ui.LayoutView, file: discord.File | None = None) -> _Sent:
        home = await self._database.read(outbox.home_of, message.payload["prediction_id"])
        if home is None:
            return await self._say_in_channel(message, card, file)
        channel = self._client.get_partial_messageable(home.channel_id, guild_id=message.guild_id)
        answered = discord.MessageReference(
            message_id=home.message_id, channel_id=home.channel_id, guild_id=message.guild_id, fail_if_not_exists=False
        )
        try:
            sent = await channel.send(view=card, files=_files(file), nonce=str(message.id), reference=answered)
        except discord.NotFound as error:
            await self._database.run(outbox.note_card_lost, home.card_id, now=self._now())
            raise HomeIsGone(str(error)) from error
        return _Sent(home.channel_id, sent.id)

    async def _say_in_channel(self, message: DueMessage, card: ui.LayoutView, file: discord.File | None = None) -> _Sent:
        assert message.guild_id is not None
        settings = await self._database.read(guilds.settings_of, message.guild_id)
        if settings.post_channel_id is None:
            return _Sent()
        channel = self._client.get_partial_messageable(settings.post_channel_id, guild_id=message.guild_id)
        # Drops a message with a nonce that it has seen in the last minutes, so that sending again after a crash is safe.
        sent = await channel.send(view=card, files=_files(file), nonce=str(message.id))
        return _Sent(settings.post_channel_id, sent.id)


def _files(file: discord.File | None) -> list[discord.File]:
    return [file] if file else []


def _ids(message: DueMessage, name: str) -> dict[str, Any]:
    payload = {key: message.payload[key] for key in ("prediction_id", name) if key in message.payload}
    return {"guild_id": message.guild_id} | payload
