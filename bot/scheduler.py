"""Decides when to run what is due. Memory only knows when to wake; what's due is in the database."""

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
    """Runs `work` every 30 s, and earlier when it asks to or when woken. Nothing more is needed after a restart.

    `now` is the bot's clock, which in a simulation isn't the computer's, so APScheduler gets the time to wait. Without `every`
    nothing waits on the computer's clock at all: whoever moves the simulated clock calls `wake` when `woken_for` has come.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[datetime | None]],
        *,
        now: Callable[[], datetime],
        every: timedelta | None = SAFETY_NET,
    ) -> None:
        self._work, self._now, self._every = work, now, every
        # Late runs still happen, once: by default it would drop those more than a second late.
        defaults = {"coalesce": True, "max_instances": 2, "misfire_grace_time": None}
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self.woken_for: datetime | None = None
        """When the work is wanted next, as far as we know."""
        self.ran_at: datetime | None = None
        """When the work was last done."""
        self.late_by = timedelta(0)
        """How much later than wanted it last began."""
        self._is_working = self._works_again = False
        self._clock_check: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start, with a first run right away."""
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
        """Make sure the work runs at `at`, or now if that's past. A later wish never delays an earlier one."""
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
        """Stop; what's due stays in the database."""
        if self._clock_check is not None:
            self._clock_check.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _check_clock(self, every: timedelta) -> None:
        """APScheduler goes by the computer's clock: if that was set back, it would wait until the old time comes round again."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + every:
                job.modify(next_run_time=now)
        self._clock_check = asyncio.get_running_loop().call_later(every.total_seconds(), self._check_clock, every)

    async def _run(self) -> None:
        wanted_at, self.woken_for = self.woken_for, None
        self._works_again = True
        if self._is_working:
            return
        now = self._now()
        self.late_by = timedelta(0) if wanted_at is None else max(now - wanted_at, timedelta(0))
        self._is_working = True
        try:
            with contextlib.suppress(asyncio.CancelledError):  # `stop` may come in the middle, and that isn't a failure
                while self._works_again:
                    self._works_again = False
                    if (at := await self._work()) is not None:
                        self.wake(at)
                    self.ran_at = self._now()
        finally:
            self._is_working = False
