"""Reads documents in a process of its own, with limits on its time and memory, so that a file can't hold up the bot.

Each server has one file in work or in line at a time; the others wait behind it. So servers take turns.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from bot.domain.errors import Refused

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

MOST_CPU_SECONDS = 30.0
MOST_SECONDS = 300.0
"""On a busy machine a file may take long; Discord takes an answer for fifteen minutes."""
MOST_MEMORY = 2 * 1024**3
MOST_WAITING = 4
"""Files of one server that are being read or wait for it."""
_TOO_MUCH = (
    "I couldn't read that file: it takes too long, or too much memory. Split it, or keep only the part with the predictions."
)


class DocumentReader:
    """The process that reads. It starts with the first document."""

    def __init__(
        self, *, seconds: float = MOST_SECONDS, cpu_seconds: float = MOST_CPU_SECONDS, memory: int = MOST_MEMORY
    ) -> None:
        self._seconds, self._cpu_seconds, self._memory = seconds, cpu_seconds, memory
        self._pool: ProcessPoolExecutor | None = None
        self._one_at_a_time = asyncio.Semaphore(1)
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: defaultdict[int, int] = defaultdict(int)

    async def read(self, guild_id: int, read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `read` makes of its arguments, in a server's turn. Raises Refused if it takes too much, or too many wait."""
        if self._waiting[guild_id] >= MOST_WAITING:
            raise Refused("I'm still reading other files of this server. Try again in a minute.")
        self._waiting[guild_id] += 1
        try:
            async with self._turns[guild_id], self._one_at_a_time:
                return await self._read(read, *args, **kwargs)
        finally:
            self._waiting[guild_id] -= 1
            if not self._waiting[guild_id]:
                del self._waiting[guild_id], self._turns[guild_id]

    async def _read(self, read: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=_limit, initargs=(self._memory,)
            )
        work = asyncio.get_running_loop().run_in_executor(
            self._pool, _timed, self._cpu_seconds, partial(read, *args, **kwargs)
        )
        work.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # it may end after we've given up on it
        try:
            done, _ = await asyncio.wait([work], timeout=self._seconds)
            if not done:
                raise TimeoutError
            return work.result()
        except (TimeoutError, MemoryError, BrokenProcessPool) as error:
            log.warning("reading a document was stopped: %s", type(error).__name__)
            self.close()
            raise Refused(_TOO_MUCH) from error

    def close(self) -> None:
        """Stop reading, whatever is in work. The next document starts a new process."""
        pool, self._pool = self._pool, None
        if pool is not None:
            end(pool)


def end(pool: ProcessPoolExecutor) -> None:
    """End a pool's processes, whatever is in work."""
    processes = list((pool._processes or {}).values())  # it has no other way to end a process that is busy
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()


def _timed(cpu_seconds: float, work: Callable[[], R]) -> R:
    """Do it within this much of the processor's time; beyond that, the system ends the process. Windows has no such clock."""
    if not hasattr(signal, "setitimer"):
        return work()
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limit(memory: int) -> None:
    """At the start of the process: give way to the bot, and take no more memory than this."""
    with suppress(OSError, AttributeError):
        os.nice(5)
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
