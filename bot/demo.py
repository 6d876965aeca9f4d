"""The demo: the real bot on SQLite, on a simulated Discord that shows in a browser page. Nothing leaves this computer."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
import webbrowser
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import discord
import simcord
from discord import app_commands, ui
from discord.ext import commands
from simcord.backend.errors import SetupError as Busy

from bot.client import Almanac
from bot.domain.documents.reading import read_prediction_file
from bot.domain.errors import Refused
from bot.domain.types import Actor, Kind
from bot.services import forecasts, guilds, packs, predictions
from bot.services.predictions import NewPrediction
from bot.ui import text
from bot.ui.cards import parts
from bot.ui.items import Interaction
from bot.ui.replies import note, reply
from cogs._params import DateParam
from db.database import Database
from db.migrate import upgrade

SEEDS = Path(__file__).parent.parent / "seeds"
LOADED_BEFORE = timedelta(days=21)
STEPS = {
    "1 hour": timedelta(hours=1),
    "1 day": timedelta(days=1),
    "1 week": timedelta(weeks=1),
    "1 month": timedelta(days=30),
}

MOST_STOPS = 5000

TOUR = """### 👋 Welcome to Almanac
You are in a pretend Discord on your own computer. Switch people with **Viewing as** at the top; Mona is a manager.
**1** Type `/next` and answer a few predictions. Undo is one click away.
**2** Press **Forecast** under a card below. The crowd's number shows once you have given yours.
**3** `/prediction list` has all of them; `/prediction search` forgives typing errors.
**4** Add your own with `/prediction add`, or as Mona look at `/pack list` and `/settings guild`.
**5** `/clock to:` 31 Dec winds time forward: reminders are posted on the way. `/remind` sets one for you; what comes to you \
privately shows with `/inbox`. `/clock` and `/inbox` only exist here."""


async def run_demo(*, port: int, opens_browser: bool, starts_at: datetime) -> None:
    """Serve the demo until it is interrupted or its page is ended."""
    with tempfile.TemporaryDirectory(prefix="almanac-demo-") as folder:
        database = Database(f"sqlite:///{Path(folder, 'almanac.db')}")
        try:
            async with demo_world(database, port=port, starts_at=starts_at) as preview:
                print(_terminal_tour(preview.url), flush=True)
                if opens_browser:
                    await asyncio.to_thread(webbrowser.open, preview.url)
                with contextlib.suppress(asyncio.CancelledError):
                    await preview.wait_closed()
        finally:
            database.dispose()


@contextlib.asynccontextmanager
async def demo_world(database: Database, *, port: int, starts_at: datetime) -> AsyncIterator[simcord.preview.Preview]:
    """The guild with its people and predictions, and the page that shows it."""
    upgrade(database)
    bot = DemoBot(database, now=lambda: env.now())  # told the clock: a job of the scheduler runs outside of the simulation
    env = simcord.Env(bot)
    env.backend.advance_clock((starts_at - env.now()).total_seconds())
    env.backend.bot_user.name = "Almanac"
    bot.env = env
    await env.start()
    del bot.tree.on_error  # the simulation put its own there, to which a refusal is a crash
    people = _build(env, database)
    await env.settle()
    await bot.work()
    await bot.post_tour(people.channel.id)  # last, so that the page opens on it
    await env.settle()
    viewers = [people.you, people.manager, *people.others]
    try:
        async with env.preview(people.channel, viewers=viewers, layout="channel", port=port) as preview:
            _follow_answers(preview, people.channel.id)
            pump = asyncio.create_task(_let_time_pass(env, preview))
            try:
                yield preview
            finally:
                pump.cancel()
                await asyncio.gather(pump, return_exceptions=True)
    finally:
        bot.scheduler.stop()
        await env.shutdown()


class DemoBot(Almanac):
    """The bot with a command that winds its simulated world's clock."""

    env: simcord.Env

    async def setup_hook(self) -> None:
        """As ever, with /clock."""
        await self.add_cog(ClockCog(self))
        await super().setup_hook()

    async def post_tour(self, channel_id: int) -> None:
        """Say what there is to try, and pin it."""
        channel = self.get_partial_messageable(channel_id)
        posted = await channel.send(view=parts.layout(ui.TextDisplay(TOUR)))
        await posted.pin()


class ClockCog(commands.Cog):
    """Time, for the demo."""

    def __init__(self, bot: DemoBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(forward="Wind on by so much", to="Wind on to noon of this day: 31 Dec 2026")
    async def clock(
        self,
        interaction: Interaction,
        forward: Literal["1 hour", "1 day", "1 week", "1 month"] | None = None,
        to: DateParam | None = None,
    ) -> None:
        """Wind time forward (only in this demo)."""
        now = self.bot.now()
        target = to - timedelta(hours=12) if to is not None else now + STEPS[forward] if forward else now
        if target < now:
            raise Refused(f"It is {text.day(now.date())} already, and time only goes forward here. Choose a later day.")
        hint = "" if target > now else " `/clock forward:` or `to:` winds it on."
        await reply(interaction, note(f"🕰️ It is {target:%A, %d %B %Y, %H:%M} UTC.{hint}"))
        await self._wind(target)  # after the answer, which is due within 3 s

    @app_commands.command()
    async def inbox(self, interaction: Interaction) -> None:
        """Show the latest direct message that Almanac sent you (only in this demo)."""
        channel = await interaction.user.create_dm()
        async for message in channel.history(limit=1):
            await reply(interaction, ui.LayoutView.from_message(message, timeout=None))
            return
        await reply(interaction, note("📭 Nothing yet. `/remind` sets a reminder, and `/clock` winds on to it."))

    async def _wind(self, target: datetime) -> None:
        """Let time pass from one due moment to the next, as if somebody had waited."""
        for _ in range(MOST_STOPS):
            coming = await self.bot.work()
            now = self.bot.now()
            if now >= target:
                return
            stop = target if coming is None else min(max(coming, now + timedelta(seconds=1)), target)
            self.bot.env.backend.advance_clock((stop - now).total_seconds())


def _follow_answers(preview: Any, channel_id: int) -> None:
    """Have the page scroll to what the bot has just answered, and tell times from then; by itself it stays where it was."""
    publish = preview._publish

    def publish_at_newest(page: Any, *, reason: str = "action") -> None:
        preview._advance_presentation_time()
        if reason in ("action", "refresh"):
            page.target_id = preview._initial_target(page.viewer, channel_id)
        publish(page, reason=reason)

    preview._publish = publish_at_newest


async def _let_time_pass(env: simcord.Env, preview: Any) -> None:
    """Keep the simulated clock in step with the wall's, and show what the bot did by itself meanwhile."""
    before, shown = time.monotonic(), _posts(env)
    while True:
        await asyncio.sleep(1)
        now = time.monotonic()
        env.backend.advance_clock(now - before)
        before = now
        # Not more often than needed: a click on a page that was renewed a moment ago is refused as stale.
        if (posts := _posts(env)) != shown:
            shown = posts
            with contextlib.suppress(Busy):  # somebody is clicking, and the page will be fresh after that
                await preview.refresh()


def _posts(env: simcord.Env) -> int:
    return sum(request.path.startswith("/channels/") and request.method != "GET" for request in env.http_requests)


class _People:
    def __init__(self, env: simcord.Env) -> None:
        self.guild = env.create_guild("The Forecasters")
        self.channel = self.guild.create_text_channel("predictions")
        mods = self.guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        names = (("you", "You"), ("mona", "Mona (manager)"), ("ada", "Ada"), ("bob", "Bob"), ("cleo", "Cleo"))
        users = [env.create_user(name, global_name=shown) for name, shown in names]
        self.you, self.manager, *self.others = (
            self.guild.add_member(user, roles=[mods] if user.name == "mona" else []) for user in users
        )

    def actor(self, member: Any, *, manager: bool = False) -> Actor:
        """A member as the services know them."""
        return Actor(self.guild.id, member.id, member.name, can_manage_guild=manager)


def _build(env: simcord.Env, database: Database) -> _People:
    """Packs adopted three weeks ago, some forecasts since, and three predictions of the members' own."""
    people = _People(env)
    loaded_at = env.now() - LOADED_BEFORE
    documents = [
        (reading.slug, reading.document)
        for path in sorted(SEEDS.glob("*.yaml"))
        if (reading := read_prediction_file(path.read_bytes(), file=path.name, today=loaded_at.date())).document is not None
    ]
    database.run_here(packs.load, documents=documents, guild_id=people.guild.id, now=loaded_at)
    manager = people.actor(people.manager, manager=True)
    changes = {"post_channel_id": people.channel.id, "zone": "Europe/London"}
    database.run_here(guilds.change_settings, manager, changes=changes, now=loaded_at)
    _forecast(database, people, loaded_at)
    _add_own(database, people, env.now())
    return people


def _forecast(database: Database, people: _People, loaded_at: datetime) -> None:
    """Ada, Bob and Cleo have been here before you. The same numbers at every start."""
    for position, member in enumerate([*people.others, people.manager]):
        actor = people.actor(member)
        number = 0
        while number < 24:
            upcoming = database.read_here(forecasts.next_unanswered, actor, now=loaded_at)
            if upcoming.view is None:
                break
            number += 1
            at = loaded_at + timedelta(hours=7 * number + 3 * position)
            if upcoming.view.kind is not Kind.BINARY or (number + position) % 3 == 0:
                database.run_here(forecasts.skip, actor, code=upcoming.view.code, now=at)
                continue
            stated = upcoming.view.author_values[0] if upcoming.view.author_values else 0.5
            chance = round(min(0.97, max(0.03, stated + ((37 * number + 53 * position) % 60 - 30) / 100)), 2)
            database.run_here(forecasts.place, actor, code=upcoming.view.code, values=(chance,), now=at)


def _add_own(database: Database, people: _People, now: datetime) -> None:
    ada, bob, _ = (people.actor(member) for member in people.others)
    in_a_year = datetime(now.year + 2, 1, 1, tzinfo=UTC)
    lead = NewPrediction(
        statement=f"Which lab's model leads the LMArena text leaderboard at the end of {now.year + 1}?",
        kind=Kind.MULTIPLE_CHOICE,
        options=("OpenAI", "Google", "Anthropic", "xAI", "DeepSeek", "Another lab"),
        resolves_at=in_a_year,
        criteria="The lab of the model with the highest score, style control off, on the last day of the year at 24:00 UTC. "
        "With a tie, the one whose score has the narrower interval.",
        tags=("benchmarks",),
    )
    first_ipo = NewPrediction(
        statement="On which day do shares of OpenAI or Anthropic first trade on a public exchange?",
        kind=Kind.DATE,
        resolves_at=datetime(now.year + 5, 1, 1, tzinfo=UTC),
        closes_at=in_a_year,
        criteria="The first day of trading of either company's shares, as the exchange reports it.",
        tags=("business",),
    )
    price = NewPrediction(
        statement=f"What does the cheapest model with a GPT-5-level score cost at the end of {now.year + 1}?",
        kind=Kind.NUMERIC,
        unit="USD per 1M output tokens",
        resolves_at=in_a_year,
        criteria="List price of the cheapest model that is at or above GPT-5's score in the Artificial Analysis Intelligence Index.",
        tags=("pricing",),
    )
    codes = [
        database.run_here(predictions.add, by, new=new, now=now).view.code
        for by, new in ((ada, lead), (bob, first_ipo), (ada, price))
    ]
    database.run_here(forecasts.place, ada, code=codes[0], values=(0.3, 0.3, 0.2, 0.1, 0.05, 0.05), now=now)
    database.run_here(forecasts.place, bob, code=codes[2], values=(0.5, 2.0, 6.0), now=now)


def _terminal_tour(url: str) -> str:
    return f"""
  Almanac is running, with a pretend Discord, at

      {url}

  It has five people in it: act as any of them with "Viewing as". Mona is a manager.

    1. Type /next and answer a few predictions.
    2. Press Forecast under a card. The crowd shows once you have answered.
    3. /prediction list, /prediction search, /prediction add
    4. As Mona: /pack list, /settings guild
    5. /clock winds time forward; /inbox shows your direct messages.

  Nothing leaves this computer, and every start is fresh. Ctrl+C ends it.
"""
