"""The connection to Discord: within its limits, patient with its outages, and for one process at a time."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.domain.errors import SetupError
from db.alone import Alone

log = logging.getLogger(__name__)

REQUESTS_A_SECOND, MOST_AT_A_STROKE = 45, 5
"""Discord allows 50 a second in all; answers to members don't count."""
LONGEST_PAUSE = 10.0
"""Told to wait for longer than these seconds, a request fails at once, so that whoever made it can wait."""
LONGEST_REQUEST = 60.0
LOOKS_EVERY = 2.0
"""Seconds after which a spare process looks whether it's needed, and the other one whether it still is."""
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
UNREACHABLE = (
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.RateLimited,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
)
REJECTED = "Discord rejected DISCORD_TOKEN. Reset the token in the developer portal, under Bot, and set DISCORD_TOKEN to the new one."
REJECTED_BY_GATEWAY = 4004
LOST = ("Attempting a reconnect", "Failed to connect for shard_id")
"""How discord.py begins to say that a connection was lost; the first names when it tries again."""


class Pace:
    """Spreads requests out to a number a second. After a pause, a few may start together."""

    def __init__(self, a_second: float, at_a_stroke: int) -> None:
        self._gap, self._slack = 1 / a_second, at_a_stroke / a_second
        self._free_at = 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now - self._slack) + self._gap
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)


def keep_limits(http: Any) -> None:
    """Keep discord.py's requests within Discord's limits, and none of them waiting for long."""
    send, pace = http.request, Pace(REQUESTS_A_SECOND, MOST_AT_A_STROKE)
    http.max_ratelimit_timeout = LONGEST_PAUSE

    async def request(route: Any, **options: Any) -> Any:
        await pace.turn()
        try:
            async with asyncio.timeout(LONGEST_REQUEST):
                return await send(route, **options)
        except (TimeoutError, asyncio.CancelledError):
            # If this was the one that paused for a limit of the whole bot, nobody else would end the pause.
            http._global_over.set()
            raise

    http.request = request


async def stay_online(new_bot: Callable[[], Awaitable[discord.Client]], token: str, alone: Alone) -> None:
    """Be on Discord until stopped: as a spare while another process is, and again when the connection or the network was lost."""
    for name in ("discord.client", "discord.shard"):
        logging.getLogger(name).addFilter(_in_a_sentence)
    try:
        while True:
            await _wait_until_alone(alone)
            await _be_online(new_bot, token, alone)
    finally:
        await asyncio.to_thread(alone.give_back)


async def _wait_until_alone(alone: Alone) -> None:
    is_told = False
    while not await asyncio.to_thread(alone.take):
        if not is_told:
            log.warning("another process has this token and database; waiting as a spare, to take over when it ends")
            is_told = True
        await asyncio.sleep(LOOKS_EVERY)
    if is_told:
        log.warning("the other process has ended; taking over")


async def _be_online(new_bot: Callable[[], Awaitable[discord.Client]], token: str, alone: Alone) -> None:
    """Connect, as often as needed. Returns if another process took our place."""
    for number in itertools.count():
        try:
            bot = await new_bot()
        except UNREACHABLE as error:
            why = _why(error)
        else:
            why = await _connect(bot, token, alone)
            if why is None:
                return
        wait = min(FIRST_WAIT * 2 ** min(number, 10), LONGEST_WAIT)
        log.warning("can't reach Discord (%s); trying again in %.0f s", why, wait)
        await asyncio.sleep(wait)


async def _connect(bot: discord.Client, token: str, alone: Alone) -> str | None:
    """Connect, and stay connected. Returns why that ended, or None if another process took our place."""
    async with bot:
        keep_limits(bot.http)
        online, replaced = asyncio.create_task(bot.start(token)), asyncio.create_task(_is_replaced(alone))
        try:
            await asyncio.wait((online, replaced), return_when=asyncio.FIRST_COMPLETED)
            if not online.done():
                log.warning("another process took over; from here on this one is the spare")
                return None
            await online
            return "it closed the connection"
        except discord.LoginFailure:
            raise SetupError(REJECTED) from None
        except discord.ConnectionClosed as error:
            if error.code == REJECTED_BY_GATEWAY:
                raise SetupError(REJECTED) from None
            raise SetupError(f"Discord's gateway refuses this bot (code {error.code}).") from None
        except AttributeError:
            if bot.ws is not None:  # pyright: ignore[reportUnnecessaryComparison]  (it's None before the first connection)
                raise
            return "its gateway doesn't answer"  # discord.py trips over that the first time
        except UNREACHABLE as error:
            if is_refusal(error):
                remedy = "Look it up in the developer portal, and check that this machine may use Discord."
                raise SetupError(f"Discord refuses this bot: {_why(error)}. {remedy}") from None
            return _why(error)
        finally:
            for task in (online, replaced):
                task.cancel()
            await asyncio.gather(online, replaced, return_exceptions=True)


async def recommended_shards(token: str) -> int:
    """Into how many shards Discord wants this bot's servers split: 1 until they are thousands. Raises one of `UNREACHABLE`."""
    asked = aiohttp.ClientSession(headers={"Authorization": f"Bot {token}"}, timeout=aiohttp.ClientTimeout(LONGEST_REQUEST))
    async with asked, asked.get(f"{Route.BASE}/gateway/bot") as answer:
        if answer.status >= 500 or answer.status == 429:
            answer.raise_for_status()
        return max(1, int((await answer.json())["shards"])) if answer.status == 200 else 1  # login will say what's wrong


async def _is_replaced(alone: Alone) -> None:
    """Returns when another process has taken our place."""
    while True:
        if not await asyncio.to_thread(alone.keep):
            return
        await asyncio.sleep(LOOKS_EVERY)


def is_refusal(error: BaseException) -> bool:
    """Whether Discord would say the same if asked again."""
    return isinstance(error, discord.HTTPException) and error.status < 500 and error.status != 429


def _why(error: BaseException) -> str:
    if isinstance(error, discord.HTTPException):
        return f"it answers {error.status} {error.response.reason}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"it answers {error.status} {error.message}"
    return str(error).partition("\n")[0] or "it doesn't answer in time"


def _in_a_sentence(record: logging.LogRecord) -> bool:
    """discord.py logs each lost connection with its traceback; one line says it."""
    if record.exc_info and record.exc_info[1] is not None and str(record.msg).startswith(LOST):
        wait = record.args[-1] if isinstance(record.args, tuple) and str(record.msg).startswith(LOST[0]) else 5.0
        record.msg, record.args = (
            "lost the connection to Discord (%s); trying again in %.0f s",
            (_why(record.exc_info[1]), wait),
        )
        record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
    return True
