"""Scores predictions with very many forecasts in a process of its own: members are answered meanwhile."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import datetime

from bot.reading import end
from bot.services.scoring import scores, waiting
from db.database import Database

log = logging.getLogger(__name__)


class Scoring:
    """The process that scores; there is one only while something waits. What waits is in the database."""

    def __init__(self, database: Database, *, now: Callable[[], datetime], wake: Callable[[datetime], None]) -> None:
        self._database, self._now, self._wake = database, now, wake
        self._pool: ProcessPoolExecutor | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Score whatever waits, unless that's being done."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._score())

    async def wait(self) -> None:
        """Wait until what was begun is done."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def close(self) -> None:
        """Stop; what isn't done is done after the next start."""
        if self._task is not None:
            self._task.cancel()
        self._end()

    async def _score(self) -> None:
        try:
            while (found := await self._database.read(waiting.next_waiting)) is not None:
                if self._pool is None:
                    context = multiprocessing.get_context("spawn")
                    self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_give_way)
                rows = await asyncio.get_running_loop().run_in_executor(self._pool, scores.rows_of, found.case)
                await self._database.run(waiting.store, found, rows, now=self._now())
                self._wake(self._now())  # its result can be posted now
        except Exception:
            log.exception("scoring failed; trying again")
        finally:
            self._end()

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            end(pool)


def _give_way() -> None:
    with suppress(OSError, AttributeError):
        os.nice(5)
