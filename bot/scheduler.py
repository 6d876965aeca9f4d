"""When the work of time is done. Memory only knows when to wake; what is due stands in the database."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]

SAFETY_NET = timedelta(seconds=30)
IMMEDIATELY = timedelta.resolution


class Scheduler:
    """Runs `work` every 30 s, which is also the whole story of a restart, and earlier when it says so, or when woken.

    `now` is the bot's clock, which in a simulation is not the computer's: APScheduler is told how long to wait. Without `every`
    nothing waits on the computer's clock at all: whoever moves the simulated one calls `wake` when `woken_for` has come.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[datetime | None]],
        *,
        now: Callable[[], datetime],
        every: timedelta | None = SAFETY_NET,
    ) -> None:
        self._work, self._now, self._every = work, now, every
        # Late runs still run, once: its default would drop what is more than a second late.
        defaults = {"coalesce": True, "max_instances": 2, "misfire_grace_time": None}
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self.woken_for: datetime | None = None
        """When the work is next wanted, as far as anybody has said."""
        self._is_working = self._works_again = False
        self._clock_check: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin, with a first run at once."""
        if self._every is None:
            self._scheduler.start()
            self.wake(self._now())
            return
        self._scheduler.add_job(
            self._run, "interval", seconds=self._every.total_seconds(), id="safety net", next_run_time=datetime.now(UTC)
        )
        self._scheduler.start()
        self._check_clock(self._every)

    def wake(self, at: datetime) -> None:
        """See to it that the work runs at `at`, or now if that is past. A later wish never delays an earlier one."""
        now = self._now()
        if self._is_working and at <= now:
            self._works_again = True
        elif self._scheduler.running and not (self.woken_for is not None and now < self.woken_for <= at):
            self.woken_for = max(at, now)
            wait = self.woken_for - now
            if wait < (self._every or IMMEDIATELY):
                self._scheduler.add_job(
                    self._run, "date", run_date=datetime.now(UTC) + wait, id="woken", replace_existing=True
                )

    def stop(self) -> None:
        """Run nothing more; what is due stays in the database."""
        if self._clock_check is not None:
            self._clock_check.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _check_clock(self, every: timedelta) -> None:
        """APScheduler goes by the computer's clock: when that was set back, it would wait until the old time comes again."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + every:
                job.modify(next_run_time=now)
        self._clock_check = asyncio.get_running_loop().call_later(every.total_seconds(), self._check_clock, every)

    async def _run(self) -> None:
        self.woken_for = None
        self._works_again = True
        if self._is_working:
            return
        self._is_working = True
        try:
            with contextlib.suppress(asyncio.CancelledError):  # `stop` may come in the middle, and is no failure
                while self._works_again:
                    self._works_again = False
                    if (at := await self._work()) is not None:
                        self.wake(at)
        finally:
            self._is_working = False
