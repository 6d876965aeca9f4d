"""The scheduler wakes on time, and when the computer's clock is set or the machine slept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.scheduler import Scheduler

EVERY = timedelta(seconds=0.2)


class Runs:
    """Counts runs, and waits for them."""

    def __init__(self) -> None:
        self.count = 0
        self._ran = asyncio.Condition()

    async def work(self, *, again_at: datetime | None = None) -> datetime | None:
        async with self._ran:
            self.count += 1
            self._ran.notify_all()
        return again_at

    async def more(self, number: int) -> None:
        """Wait for so many further runs."""
        wanted = self.count + number
        async with self._ran:
            await asyncio.wait_for(self._ran.wait_for(lambda: self.count >= wanted), 10)


@pytest.fixture
async def runs() -> AsyncIterator[Runs]:
    """A running scheduler's runs."""
    runs = Runs()
    scheduler = Scheduler(runs.work, now=lambda: datetime.now(UTC), every=EVERY)
    scheduler.start()
    yield runs
    scheduler.stop()


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(hours=-1), timedelta(hours=1), timedelta(days=1)])
async def test_a_clock_that_is_set_stops_nothing(runs: Runs, jump: timedelta) -> None:
    await runs.more(2)
    with time_machine.travel(datetime.now(UTC) + jump):
        await runs.more(5)
    await runs.more(5)


async def test_a_wish_to_wake_is_granted_before_the_safety_net() -> None:
    runs = Runs()
    scheduler = Scheduler(runs.work, now=lambda: datetime.now(UTC), every=timedelta(hours=1))
    scheduler.start()
    await runs.more(1)
    scheduler.wake(datetime.now(UTC) + timedelta(seconds=0.05))
    await runs.more(1)
    scheduler.wake(datetime.now(UTC) - timedelta(days=1))
    await runs.more(1)
    scheduler.stop()


async def test_work_says_itself_when_it_is_needed_next() -> None:
    runs = Runs()

    async def work() -> datetime | None:
        return await runs.work(again_at=datetime.now(UTC) + timedelta(seconds=0.05) if runs.count < 3 else None)

    scheduler = Scheduler(work, now=lambda: datetime.now(UTC), every=timedelta(hours=1))
    scheduler.start()
    await runs.more(4)
    scheduler.stop()


async def test_work_that_fails_is_done_again_at_the_next_wake(caplog: pytest.LogCaptureFixture) -> None:
    runs = Runs()

    async def fail() -> datetime | None:
        await runs.work()
        raise RuntimeError("the database is away")

    scheduler = Scheduler(fail, now=lambda: datetime.now(UTC), every=EVERY)
    scheduler.start()
    await runs.more(3)
    scheduler.stop()
    assert "the database is away" in caplog.text


async def test_stopping_in_the_middle_of_work_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def work() -> datetime | None:
        begun.set()
        await asyncio.Event().wait()
        return None

    scheduler = Scheduler(work, now=lambda: datetime.now(UTC), every=EVERY)
    scheduler.start()
    await asyncio.wait_for(begun.wait(), 300)
    scheduler.stop()
    while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(tasks, timeout=300)
    assert caplog.text == ""
