"""Whether the bot is well, for whoever watches it: /healthz, /readyz and /metrics over HTTP, off unless a port is set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.services import health
from bot.services.health import QueueState
from bot.ui.items import Interaction
from db.database import Database

if TYPE_CHECKING:
    from bot.client import Almanac

STUCK_AFTER = timedelta(minutes=5)
"""The scheduler runs every 30 s; one that hasn't for this long won't by itself."""
PATIENCE_SECONDS = 5
_BEGAN = "began"
_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 15.0)


class Monitor:
    """Counts what the bots of this process do, one after another. It never knows who did it."""

    def __init__(self) -> None:
        self.bot: Almanac | None = None
        """The one that is at work; none while it's connecting, or waits as a spare."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._commands = Counter(
            "almanac_commands", "Commands, buttons and forms, by outcome.", ("command", "outcome"), registry=self.registry
        )
        self._seconds = Histogram(
            "almanac_command_seconds", "How long they took.", ("command",), buckets=_BUCKETS, registry=self.registry
        )
        self._waiting = self._gauge("outbox_waiting", "Messages that wait, until they're due or can be posted.")
        self._overdue = self._gauge("outbox_overdue", "Messages that are due and not sent.")
        self._oldest = self._gauge("outbox_oldest_seconds", "How long the oldest of these has been due.")
        self._given_up = self._gauge("outbox_given_up", "Messages given up in the last seven days.")
        self._late = self._gauge("scheduler_late_seconds", "How late the scheduler's last run began.")
        self._idle = self._gauge("scheduler_idle_seconds", "How long ago the scheduler last finished a run.")
        self._connected = self._gauge("gateway_connected", "1 while Discord can reach the bot.")
        self._latency = self._gauge("gateway_latency_seconds", "How long Discord took to answer the last heartbeat.")
        self._servers = self._gauge("servers", "Servers that the bot is on.")

    def began(self, interaction: Interaction) -> None:
        """A member did something."""
        interaction.extras[_BEGAN] = time.perf_counter()

    def ended(self, interaction: Interaction, command: str, outcome: str) -> None:
        """It was answered, refused, or failed."""
        self._commands.labels(command, outcome).inc()
        if (began := interaction.extras.get(_BEGAN)) is not None:
            self._seconds.labels(command).observe(time.perf_counter() - began)

    @property
    def is_connected(self) -> bool:
        """Whether Discord can reach the bot."""
        return self.bot is not None and self.bot.is_connected

    def idle(self, now: datetime) -> timedelta:
        """How long ago the scheduler last finished a run; none while there's nothing for it to do."""
        ran_at = None if self.bot is None else self.bot.scheduler.ran_at
        return timedelta(0) if ran_at is None else now - ran_at

    def text(self, queue: QueueState, now: datetime) -> bytes:
        """Everything, as Prometheus reads it."""
        self._waiting.set(queue.waiting)
        self._overdue.set(queue.overdue)
        self._given_up.set(queue.given_up)
        self._oldest.set(0 if queue.oldest_due_at is None else (now - queue.oldest_due_at).total_seconds())
        self._idle.set(self.idle(now).total_seconds())
        self._connected.set(self.is_connected)
        self._late.set(0 if self.bot is None else self.bot.scheduler.late_by.total_seconds())
        self._latency.set(0 if self.bot is None else self.bot.latency)
        self._servers.set(0 if self.bot is None else len(self.bot.guilds))
        return generate_latest(self.registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(f"almanac_{name}", what, registry=self.registry)


@asynccontextmanager
async def serving(
    monitor: Monitor, database: Database, *, now: Callable[[], datetime], host: str, port: int | None
) -> AsyncGenerator[None]:
    """Answer on this port for as long as the block; do nothing without one."""
    if port is None:
        yield
        return

    async def is_alive(_request: web.Request) -> web.Response:
        idle = monitor.idle(now())
        return _answer(None if idle < STUCK_AFTER else f"nothing has been done for {idle.total_seconds():.0f} seconds")

    async def is_ready(_request: web.Request) -> web.Response:
        if not monitor.is_connected:
            return _answer("not connected to Discord")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await database.read(health.queue_state, now=now())
        except Exception as error:  # whatever it is, the database doesn't answer
            return _answer(f"the database doesn't answer: {type(error).__name__}")
        return _answer(None)

    async def metrics(_request: web.Request) -> web.Response:
        queue = await database.read(health.queue_state, now=now())
        return web.Response(body=monitor.text(queue, now()), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/healthz", is_alive), web.get("/readyz", is_ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _answer(problem: str | None) -> web.Response:
    return web.Response(text=f"{problem or 'ok'}\n", status=200 if problem is None else 503)
