"""From the outbox to Discord: claim in a short transaction, send with none open, mark in another. After a crash in between, the
lease runs out, and the nonce keeps Discord from showing the message twice."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.delivery.posting import MessagePoster, NotReady, Unreachable
from bot.services import outbox, posts
from bot.services.outbox import DueMessage
from db.database import Database

log = logging.getLogger(__name__)

FIRST_RETRY, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
PASSING = (NotReady, discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


class Delivery:
    """Delivers what's due. Any number of these can run on one database; only one claims each message."""

    def __init__(self, client: discord.Client, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self._posting = MessagePoster(client, database, now=now)
        self._one_at_a_time = asyncio.Lock()

    async def deliver_due(self) -> datetime | None:
        """Deliver until nothing is due; returns when the next message will be."""
        async with self._one_at_a_time:
            # One at a time: others claimed along with it would wait while it's slow, and for the lease to end after a crash.
            while due := await self._database.run(outbox.claim_due, now=self._now(), limit=1):
                for claimed in due:
                    message: DueMessage | None = claimed
                    if claimed.kind in posts.GATHERED:
                        message = await self._database.run(posts.gather, claimed, now=self._now())
                    if message is not None:
                        await self._deliver(message)
            return await self._database.read(outbox.next_due_at)

    async def _deliver(self, message: DueMessage) -> None:
        try:
            sent = await self._posting.send(message)
        except Unreachable as error:
            log.warning("outbox %s (%s) is waiting for channel %s: %s", message.id, message.kind, error.channel_id, error)
            for one in _all(message):
                await self._database.run(
                    outbox.mark_unreachable,
                    one.id,
                    channel_id=error.channel_id,
                    reason=error.reason,
                    retry_at=self._retry_at(message, LONGEST_WAIT),
                    now=self._now(),
                )
        except PASSING as error:
            if isinstance(error, discord.HTTPException) and 400 <= error.status < 500 and error.status != 429:
                await self._bury(message, error)  # Discord would refuse the same thing again
            else:
                await self._retry(message, error)
        except Exception as error:  # a bug of ours must not stop the messages behind it
            await self._bury(message, error)
        else:
            for one in _all(message):
                place = {"channel_id": sent.channel_id, "discord_id": sent.message_id}
                await self._database.run(outbox.mark_sent, one.id, now=self._now(), **place)

    async def _bury(self, message: DueMessage, error: Exception) -> None:
        log.error("outbox %s (%s) could not be rendered and was given up", message.id, message.kind, exc_info=error)
        for one in _all(message):
            await self._database.run(outbox.mark_failed, one.id, reason=str(error), retry_at=None, now=self._now())

    async def _retry(self, message: DueMessage, error: Exception) -> None:
        wait = min(FIRST_RETRY * 2 ** min(message.attempts - 1, 16), LONGEST_WAIT)
        retry_at = self._retry_at(message, wait)
        log.warning("outbox %s (%s) failed, next try at %s: %s", message.id, message.kind, retry_at or "never", error)
        for one in _all(message):
            await self._database.run(outbox.mark_failed, one.id, reason=str(error), retry_at=retry_at, now=self._now())

    def _retry_at(self, message: DueMessage, wait: timedelta) -> datetime | None:
        """After about this wait; None once the message has been tried for long enough."""
        if self._now() >= message.created_at + outbox.GIVE_UP_AFTER:
            return None
        return self._now() + wait * random.uniform(0.8, 1.2)  # noqa: S311  (jitter, no secret)


def _all(message: DueMessage) -> tuple[DueMessage, ...]:
    """A message, and those that share its post."""
    return (message, *message.along)
