"""The demo: the real bot on SQLite, in a simulated Discord shown in a browser page. Nothing leaves this computer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import time
import webbrowser
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import simcord
import simcord.preview._actions as preview_actions
from discord import ui
from discord.ext import commands

from bot.client import Almanac
from bot.demo.commands import ClockCog
from bot.demo.page import end_quotes, name_the_page, offer_message_menu
from bot.demo.people import DemoServer, settle_in
from bot.demo.places import let_people_move
from bot.demo.simulation import Simulation
from bot.demo.tour import SAID, tour_card
from bot.scheduler import SAFETY_NET
from bot.ui.cards import parts
from db.database import Database
from db.migrate import upgrade

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds a click may take before the page says it failed."""
FAILED = "⚠️ That click failed or took too long. The terminal shows what went wrong. You can carry on here."


async def run_demo(
    *,
    port: int,
    opens_browser: bool,
    starts_at: datetime,
    cogs: Sequence[type[commands.Cog]] = (),
    patience: float = PATIENCE,
) -> None:
    """Serve the demo until it's interrupted or its page is ended. `cogs` are added to the bot's own and the demo's."""
    with tempfile.TemporaryDirectory(prefix="almanac-demo-") as folder:
        database = Database(f"sqlite:///{Path(folder, 'almanac.db')}")
        try:
            async with demo_world(database, port=port, starts_at=starts_at, cogs=cogs, patience=patience) as preview:
                print(_terminal_tour(preview.url), flush=True)
                if opens_browser:
                    await asyncio.to_thread(webbrowser.open, preview.url)
                with contextlib.suppress(asyncio.CancelledError):
                    await preview.wait_closed()
        finally:
            database.dispose()


@contextlib.asynccontextmanager
async def demo_world(
    database: Database,
    *,
    port: int,
    starts_at: datetime,
    cogs: Sequence[type[commands.Cog]] = (),
    patience: float = PATIENCE,
    clock_runs: bool = True,
) -> AsyncGenerator[simcord.preview.Preview]:
    """The guild with its people and predictions, and the page that shows it. Without `clock_runs`, time passes only by `/clock`."""
    upgrade(database)
    # It's given the clock, since a job of the scheduler runs outside the simulation, and no timers: the simulation would wait
    # for them at every click, and they'd run on the computer's clock. `_let_time_pass` wakes it instead.
    bot = DemoBot(database, now=lambda: env.now(), every=None, cogs=[ClockCog, *cogs])
    env = Simulation(bot, settle_timeout=patience)
    people = DemoServer(env)  # they've been here since the simulation's first day
    env.backend.advance_clock((starts_at - env.now()).total_seconds())
    env.backend.bot_user.name = "Almanac"
    bot.env = env
    await env.start()
    del bot.tree.on_error  # the simulation put its own there, to which a refusal is a crash
    settle_in(env, database, people)
    await env.settle()
    await bot.catch_up()
    await people.others[0].send(people.channel, SAID)
    await bot.post(people.channel.id, tour_card())  # last, so that the page opens on it
    await env.settle()
    viewers = [people.you, people.manager, *people.others]
    name_the_page()
    end_quotes()
    try:
        async with env.preview(people.channel, viewers=viewers, layout="channel", port=port) as preview:
            turns = asyncio.Lock()
            offer_message_menu(preview)
            let_people_move(preview)
            _follow_answers(preview)
            _take_clicks_of_a_moment_ago()
            _take_clicks_in_turn(preview, turns, bot)
            beside = [asyncio.create_task(bot.drawing.warm())]
            if clock_runs:
                beside.append(asyncio.create_task(_let_time_pass(bot, preview, turns)))
            try:
                yield preview
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
    finally:
        bot.scheduler.stop()
        bot.drawing.close()
        await env.shutdown()


class DemoBot(Almanac):
    """The bot, with commands that only its simulated world has."""

    env: simcord.Env

    def __init__(self, database: Database, *, cogs: Sequence[type[commands.Cog]], **options: Any) -> None:
        super().__init__(database, **options)
        self._more_cogs = cogs

    async def setup_hook(self) -> None:
        """Add what only the demo has, then do what the bot always does."""
        for cog in self._more_cogs:
            await self.add_cog(cog(self))
        await super().setup_hook()

    async def post(self, channel_id: int, card: ui.LayoutView) -> None:
        """Say something in the channel."""
        await self.get_partial_messageable(channel_id).send(view=card)


def _follow_answers(preview: Any) -> None:
    """Make the page scroll to the bot's latest answer and show times as of then. On its own, it stays where it was."""
    publish = preview._publish

    def publish_at_newest(page: Any, *, reason: str = "action") -> None:
        preview._advance_presentation_time()
        if reason in ("action", "refresh"):
            page.target_id = preview._initial_target(page.viewer, page.channel_id)
        publish(page, reason=reason)

    preview._publish = publish_at_newest


def _take_clicks_of_a_moment_ago() -> None:
    """Let clicks count even if something was posted since, and windows be resized. On its own, the page refuses what was done on
    an old page."""
    specs = preview_actions.ACTION_SPECS
    preview_actions.ACTION_SPECS = {kind: replace(spec, revision_bound=False) for kind, spec in specs.items()}


def _take_clicks_in_turn(preview: Any, turns: asyncio.Lock, bot: DemoBot) -> None:
    """Make a click wait for its turn, and say so in the channel if it failed.

    On its own, the page refuses a click while another one, or a refresh, is under way, and says of a failed one only that
    its outcome is uncertain.
    """
    act = preview._action

    async def act_in_turn(*arguments: Any) -> Any:
        async with turns:
            result = await act(*arguments)
            if result.get("settlement") in ("failed", "timeout"):
                await bot.post(preview.channel.id, parts.layout(ui.TextDisplay(FAILED)))
            return result

    preview._action = act_in_turn


async def _let_time_pass(bot: DemoBot, preview: Any, turns: asyncio.Lock) -> None:
    """Keep the simulated clock in step with the real one, let the bot do what's due, and show what it did on its own.

    Whatever fails here is logged, and time moves on. Otherwise nothing in the demo would ever be due again.
    """
    env = bot.env
    before, woken, shown = time.monotonic(), time.monotonic(), _posts(preview)
    while True:
        await asyncio.sleep(1)
        if (
            turns.locked()
        ):  # the clock stands during a click: however busy the computer is, the bot answers within Discord's 3 s
            continue
        now = time.monotonic()
        try:
            env.backend.advance_clock(now - before)
            before = now
            due_at = bot.scheduler.woken_for
            if (due_at is not None and due_at <= env.now()) or now - woken > SAFETY_NET.total_seconds():
                bot.scheduler.wake(env.now())
                woken = now
            # No more often than necessary: a click on a page that was renewed a moment ago is refused as stale.
            if (posts := _posts(preview)) != shown:
                async with turns:
                    await preview.refresh()
                shown = posts
        except Exception:
            log.exception("couldn't update the demo's page; trying again")


def _posts(preview: Any) -> int:
    """What was done so far in the channels that somebody sees."""
    seen = tuple(f"/channels/{page.channel_id}" for page in preview._pages.values())
    return sum(request.path.startswith(seen) and request.method != "GET" for request in preview.env.http_requests)


def _terminal_tour(url: str) -> str:
    return f"""
  Almanac is running, with a pretend Discord, at

      {url}

  There are five people in it. Act as any of them with "Viewing as". Mona is a manager.

    1. Press "Start forecasting" and answer a few predictions.
    2. Press "Vote on #92" and say what happened.
    3. Type /prediction add, or point at a message and press "Make a prediction".
    4. As Mona: /pack list, /settings guild
    5. /clock winds time forward. /inbox shows your direct messages.

  Nothing leaves this computer, and every start is fresh. Ctrl+C ends it.
"""
