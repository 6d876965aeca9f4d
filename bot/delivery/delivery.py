"""From the outbox to Discord: claim in a short transaction, send with none open, mark in another. After a crash in between, the
lease runs out, and the nonce keeps Discord from showing the message twice."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.delivery.posting import MessagePoster, NotReady, Unreachable
from bot.delivery.speaking import Draw
from bot.services import outbox, posts
from bot.services.outbox import DueMessage
from bot.services.turns import Turn, turns
from db.database import Database

log = logging.getLogger(__name__)

MOST_AT_ONCE, MOST_OF_A_GUILD = 32, 16
SEND_WITHIN = timedelta(seconds=20)
"""Well inside a lease and inside the minutes for which Discord knows a nonce, so that another try can't post a second time."""
FIRST_RETRY, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
PASSING = (NotReady, discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)


class Delivery:
    """Delivers what's due: many messages at once, but those of a channel or a person one after another, so that a channel which
    hangs or fails holds up nobody else. Any number of these can run on one database; only one claims each message."""

    def __init__(
        self,
        client: discord.Client,
        database: Database,
        *,
        now: Callable[[], datetime],
        wake: Callable[[datetime], None] = lambda _: None,
        draw: Draw | None = None,
    ) -> None:
        self._database, self._now, self._wake = database, now, wake
        self._posting = MessagePoster(client, database, now=now, draw=draw)
        self._looking = asyncio.Lock()
        self._line: list[Turn] = []
        """What was due when we last looked, in turn."""
        self._under_way: dict[int, Turn] = {}
        """By lane."""
        self._resting: dict[int, datetime] = {}
        """Lanes that failed, and until when we leave them alone."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_stopped = False

    async def start_due(self) -> datetime | None:
        """Start to deliver whatever has its turn, and wait for none of it. Returns when more will be due."""
        now = self._now()
        async with self._looking:
            self._line = list(await self._database.read(turns, now=now))
            self._start_next()
        return await self._database.read(outbox.next_due_at, after=now)

    async def deliver_due(self) -> datetime | None:
        """Deliver until nothing is due; returns when the next message will be."""
        while True:
            coming = await self.start_due()
            if not self._tasks:
                return coming
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, *, within: timedelta) -> None:
        """Start nothing more, and give what is under way this long to end. What doesn't is sent again later."""
        self._has_stopped = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within.total_seconds())

    def _start_next(self) -> bool:
        """Start as many as there is room for; whether that was any."""
        under_way = len(self._under_way)
        while len(self._under_way) < MOST_AT_ONCE and (turn := self._next()) is not None:
            self._line.remove(turn)
            self._under_way[turn.lane] = turn
            task = asyncio.create_task(self._take(turn))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(self._under_way) > under_way

    def _next(self) -> Turn | None:
        """Whoever is next: of the guilds with the fewest messages under way, the first in line."""
        if self._has_stopped:
            return None
        now, busy = self._now(), Counter(turn.guild_id for turn in self._under_way.values())
        free = (
            turn
            for turn in self._line
            if turn.lane not in self._under_way
            and busy[turn.guild_id] < MOST_OF_A_GUILD
            and not self._resting.get(turn.lane, now) > now
        )
        return min(free, key=lambda turn: busy[turn.guild_id], default=None)

    async def _take(self, turn: Turn) -> None:
        """Deliver one message, then whatever is next."""
        try:
            message = await self._database.run(outbox.claim, turn.message_id, now=self._now())
            if message is not None and message.kind in posts.GATHERED:
                message = await self._database.run(posts.gather, message, now=self._now())
            if message is not None:
                await self._deliver(message, turn.lane)
        except Exception:
            log.exception("outbox %s couldn't be claimed or marked; its lease will end", turn.message_id)
        finally:
            del self._under_way[turn.lane]
        if not self._start_next():
            self._wake(self._now())  # something may be due that wasn't when we last looked

    async def _deliver(self, message: DueMessage, lane: int) -> None:
        try:
            async with asyncio.timeout(SEND_WITHIN.total_seconds()):
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
            if isinstance(error, discord.HTTPException) and 400 <= error.status < 500 and error.status not in (401, 429):
                await self._bury(message, error)  # Discord would refuse the same thing again
            else:
                await self._retry(message, error, lane)
        except Exception as error:  # a bug of ours must not stop the messages behind it
            await self._bury(message, error)
        else:
            self._resting.pop(lane, None)
            for one in _all(message):
                place = {"channel_id": sent.channel_id, "discord_id": sent.message_id}
                await self._database.run(outbox.mark_sent, one.id, now=self._now(), **place)

    async def _bury(self, message: DueMessage, error: Exception) -> None:
        log.error("outbox %s (%s) could not be rendered and was given up", message.id, message.kind, exc_info=error)
        for one in _all(message):
            await self._database.run(outbox.mark_failed, one.id, reason=str(error), retry_at=None, now=self._now())

    async def _retry(self, message: DueMessage, error: Exception, lane: int) -> None:
        if isinstance(error, discord.RateLimited):
            wait = timedelta(seconds=error.retry_after)
        else:
            wait = min(FIRST_RETRY * 2 ** min(message.attempts - 1, 16), LONGEST_WAIT)
        reason = str(error) or "Discord didn't answer in time"
        retry_at = self._retry_at(message, wait)
        if retry_at is not None and not isinstance(error, NotReady):
            self._resting[lane] = retry_at
        level = logging.INFO if isinstance(error, NotReady) else logging.WARNING
        log.log(level, "outbox %s (%s) failed, next try at %s: %s", message.id, message.kind, retry_at or "never", reason)
        for one in _all(message):
            await self._database.run(outbox.mark_failed, one.id, reason=reason, retry_at=retry_at, now=self._now())

    def _retry_at(self, message: DueMessage, wait: timedelta) -> datetime | None:
        """After about this wait; None once the message has been tried for long enough."""
        if self._now() >= message.created_at + outbox.GIVE_UP_AFTER:
            return None
        return self._now() + wait * random.uniform(0.8, 1.2)  # noqa: S311  (jitter, no secret)


def _all(message: DueMessage) -> tuple[DueMessage, ...]:
    """A message, and those that share its post."""
    return (message, *message.along)
