"""The bot on Discord: loads the cogs, owns the database threads, the scheduler and the delivery, and explains every error."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.abc import GuildChannel
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from sqlalchemy.orm import Session
from yarl import URL

from bot.connection import LONGEST_WAIT, UNREACHABLE, is_refusal, recommended_shards, stay_online
from bot.delivery.delivery import Delivery
from bot.domain.errors import Refused, UserError
from bot.domain.texts import clean_line, clean_text
from bot.drawing import Drawing
from bot.monitoring import Monitor, serving
from bot.permissions import PERMISSIONS
from bot.reading import DocumentReader
from bot.scheduler import SAFETY_NET, Scheduler
from bot.scoring import Scoring
from bot.services import claims, outbox, registering, sweep, waking
from bot.services.homes import card_homes
from bot.services.limits import RecentWork
from bot.services.members import guilds
from bot.services.predictions import posted_reasons
from bot.services.scoring import scores
from bot.services.settings import first_steps
from bot.services.voting import clocks
from bot.settings import Settings
from bot.ui import replies
from bot.ui.items import ActionItem, Handler, Interaction
from bot.ui.questions import OpenQuestions
from bot.ui.waiting import WaitingSteps
from cogs.charts import ChartsCog
from cogs.discussion import DiscussionCog
from cogs.drafts import DraftsCog
from cogs.exporting import ExportCog
from cogs.first_steps import FirstStepsCog
from cogs.following import FollowingCog
from cogs.forecasting import ForecastingCog
from cogs.groups import GroupsCog
from cogs.help import HelpCog
from cogs.importing import ImportingCog
from cogs.leaderboard import LeaderboardCog
from cogs.moderation import ModerationCog
from cogs.packs import PacksCog
from cogs.pings import PingsCog
from cogs.predictions import PredictionsCog
from cogs.privacy import PrivacyCog
from cogs.profiles import RecordsCog
from cogs.questions import QuestionsCog
from cogs.reminding import RemindersCog
from cogs.resolutions import ResolutionsCog
from cogs.series import SeriesCog
from cogs.settings import SettingsCog
from cogs.tournaments import TournamentsCog
from cogs.voting import VotesCog
from cogs.waiting import WaitingCog
from cogs.weekly import WeeklyCog
from db.alone import Alone
from db.database import Database

log = logging.getLogger(__name__)

SYNC_AGAIN_AFTER = 30.0
SWEEP_AFTER = SAFETY_NET / 2
"""After so long we look for whatever is due, whenever we look at all: another process may have brought it about."""
GOODBYE, LAST_WRITES, LAST_WORK = 1.0, 5.0, timedelta(seconds=8)
"""How long we take to say goodbye to the gateway, until when something is stored (for then it must be answered too), and how long we
take to end what was begun: a service manager may wait for 10 s only."""
ANSWERING = ("CommandTree-invoker", "discord-ui-view-dispatch", "discord-ui-modal-dispatch", "discord-ui-dynamic-item")
"""How discord.py names the tasks in which it lets us answer."""

P = ParamSpec("P")
R = TypeVar("R")
AnyCommand: TypeAlias = "app_commands.Command[Any, ..., Any] | app_commands.ContextMenu"

COGS: tuple[type[commands.Cog], ...] = (
    PredictionsCog,
    SeriesCog,
    ForecastingCog,
    GroupsCog,
    DiscussionCog,
    FollowingCog,
    VotesCog,
    ResolutionsCog,
    LeaderboardCog,
    TournamentsCog,
    RemindersCog,
    WeeklyCog,
    ChartsCog,
    RecordsCog,
    PacksCog,
    ImportingCog,
    ExportCog,
    PrivacyCog,
    SettingsCog,
    FirstStepsCog,
    ModerationCog,
    DraftsCog,
    PingsCog,
    QuestionsCog,
    WaitingCog,
    HelpCog,
)


class AlmanacTree(app_commands.CommandTree[Any]):
    """Slash commands whose errors are explained to the member."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        if interaction.type is not discord.InteractionType.application_command:
            _clean_options(interaction.data, refuse=False)  # while it's being typed, nothing can be refused
            return True
        interaction.client.monitor.began(interaction)
        replies.expect_answer(interaction)
        try:
            _clean_options(interaction.data, refuse=True)
        except Refused as error:
            raise app_commands.CheckFailure from error
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        if interaction.command is not None:
            interaction.client.monitor.ended(interaction, interaction.command.qualified_name, _outcome_of(error))
        await replies.explain(interaction, error)


def _clean_options(data: Any, *, refuse: bool) -> None:
    """Clean what was typed into a command's options, before anything reads it."""
    for option in data.get("options", ()):
        _clean_options(option, refuse=refuse)
        if isinstance(option.get("value"), str):
            option["value"] = clean_text(option["value"], refuse=refuse)


class Almanac(commands.Bot):
    """The bot. `now` is its clock, and the only one: everything below gets the time as an argument. With `draws_ahead` it
    prepares for drawing once it's ready, which settles the memory of the whole process."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime] = discord.utils.utcnow,
        every: timedelta | None = SAFETY_NET,
        draws_ahead: bool = False,
        reader: DocumentReader | None = None,
        monitor: Monitor | None = None,
        **sharding: Any,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=AlmanacTree,
            intents=discord.Intents(guilds=True, guild_messages=True),
            max_messages=None,  # we look at a message when it's sent, and never again
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            **sharding,
        )
        self.database = database
        self.drawing = Drawing()
        self.reader = reader or DocumentReader()
        self._owns_reader = reader is None
        self.recent_work = RecentWork()
        self._draws_ahead = draws_ahead
        self.now = now
        self.scheduler = Scheduler(self.work, now=now, every=every)
        self.delivery = Delivery(self, database, now=now, wake=self.look_for_all, draw=self.drawing.draw)
        self.scoring = Scoring(database, now=now, wake=self.look_for_all)
        self.questions = OpenQuestions()
        self.monitor = monitor or Monitor()
        self.command_ids: dict[str, int] = {}
        """By which a message can name a command so that it can be clicked."""
        self.waiting = WaitingSteps()
        self._actions: dict[str, Handler] = {}
        self._swept_at = datetime.min.replace(tzinfo=UTC)
        """When the sweep last began."""
        self._sweep_at: datetime | None = None
        """When it has something to do next, as far as we know; None if not at all."""
        self._beat_at = datetime.min.replace(tzinfo=UTC)
        """When we last noted that we're at work."""
        self._syncing: asyncio.Task[None] | None = None
        self._ending_since: float | None = None
        """Of the computer's steady clock: since when the bot has been coming to its end."""
        self._away_since: datetime | None = None
        """Since when Discord can't reach us."""

    async def setup_hook(self) -> None:
        """Load the cogs, make old buttons work, and register the commands with Discord."""
        self.add_dynamic_items(ActionItem)
        await self.load_cogs()
        if not await self._sync():
            self._syncing = asyncio.create_task(self._sync_later())
        await self._back(None)
        self.scheduler.start()
        self.monitor.bot = self

    async def _sync(self) -> bool:
        """Register the commands with Discord, if they aren't; False if that is worth another try. Without it, those it knows go
        on working."""
        assert self.application_id is not None
        digest = hashlib.sha256(json.dumps([command.to_dict(self.tree) for command in self.tree.get_commands()]).encode())
        asked, taken = (self.application_id, digest.hexdigest()), None
        try:
            if await self.database.read(registering.is_registered, *asked):
                commands_there = await self.tree.fetch_commands()
                if {command.name for command in commands_there} == {command.name for command in self.tree.get_commands()}:
                    self.command_ids = {command.name: command.id for command in commands_there}
                    return True
            if not await self.database.run(registering.begin, self.application_id, now=self.now()):
                return False
            try:
                self.command_ids = {command.name: command.id for command in await self.tree.sync()}
                taken = asked[1]
            finally:
                await self.database.run(registering.end, self.application_id, taken)
        except UNREACHABLE as error:
            log.warning(
                "Discord didn't take the list of commands, so members see the old one (%s); %s",
                str(error).partition("\n")[0] or "no answer in time",
                "restart to try again" if is_refusal(error) else "trying again",
            )
            return is_refusal(error)
        return True

    async def _sync_later(self) -> None:
        wait = SYNC_AGAIN_AFTER
        await asyncio.sleep(wait)
        while not await self._sync():
            wait = min(2 * wait, LONGEST_WAIT)
            await asyncio.sleep(wait)

    async def load_cogs(self) -> None:
        """Load the commands, and what buttons do."""
        for cog in COGS:
            await self.add_cog(cog(self))

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:
        """Load a cog, and its methods marked with `@action`."""
        await super().add_cog(cog, **options)
        for name in dir(cog):
            method = getattr(cog, name)
            if (action := getattr(method, "__almanac_action__", None)) is not None:
                self._actions[action] = method

    async def write(self, use_case: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case that writes, once for each interaction, and deliver what it queued. Raises AlreadyDone."""
        asked = replies.ASKED.get()
        due_at: datetime | None = None

        def once(session: Session, *args: P.args, **kwargs: P.kwargs) -> R:
            nonlocal due_at
            if asked is not None and not asked.is_claimed:
                if self._ending_since is not None and time.monotonic() - self._ending_since > LAST_WRITES:
                    raise Refused("I'm being restarted, and nothing was stored. Please try again in a minute.")
                claims.claim(session, asked.interaction_id, now=self.now())
            result = use_case(session, *args, **kwargs)
            due_at = waking.noted(session)
            return result

        result = await self.database.run(once, *args, **kwargs)
        if asked is not None:
            asked.is_claimed = True
        if not waking.is_telling(use_case):
            self.look_for_all(self.now())
        elif due_at is not None:
            self.scheduler.wake(due_at)
        return result

    def look_for_all(self, at: datetime) -> None:
        """Look for whatever may be due then, and not only for messages."""
        self._sweep_at = at if self._sweep_at is None else min(at, self._sweep_at)
        self.scheduler.wake(at)

    async def rehearse(self, use_case: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case that writes, without storing anything: refusals come, and what it would do is returned."""
        return await self.database.rehearse(use_case, *args, **kwargs)

    async def work(self) -> datetime | None:
        """Do whatever is due: run the sweep, unless that's known to have nothing to do, and start deliveries without waiting for
        them. Returns when there's more to do."""
        if self._away_since is not None and self.now() - self._away_since >= clocks.AWAY:
            return None  # nobody could vote or object meanwhile, so nothing ends
        if self._away_since is None and self.now() - self._beat_at >= clocks.BEAT:
            await self._do(clocks.beat)
            self._beat_at = self.now()
        sweeps = self.now() - self._swept_at >= SWEEP_AFTER or (self._sweep_at is not None and self._sweep_at <= self.now())
        if sweeps and not await self._sweep():
            await self.delivery.start_due()
            return None  # what failed is still due; the safety net tries it again, rather than an endless loop now
        return _earliest(await self.delivery.start_due(), self._sweep_at)

    async def _sweep(self) -> bool:
        """Do what time brings about; False if some of it failed."""
        self._swept_at, self._sweep_at = self.now(), None
        are_done = [await self._do(part) for part in sweep.PARTS]
        if await self.database.read(scores.has_missing):
            self.scoring.start()
        coming = await self.database.read(sweep.next_due_at)
        self._sweep_at = _earliest(self._sweep_at, coming)  # somebody may have asked meanwhile
        return all(are_done)

    async def catch_up(self) -> datetime | None:
        """Do whatever is due and wait until all of it is on Discord. Returns when there's more to do."""
        self._sweep_at = self.now()
        await self.work()
        return _earliest(await self.delivery.deliver_due(), await self.database.read(sweep.next_due_at))

    async def _do(self, part: Callable[..., object]) -> bool:
        """Run one part of the work until it's done; False if it failed, which must not hold up the other parts."""
        try:
            while await self.database.run(part, now=self.now()) is True:
                pass
        except Exception:
            log.exception("%s.%s failed", part.__module__, part.__name__)
            return False
        return True

    async def dispatch_action(self, interaction: Interaction, name: str, argument: str) -> None:
        """Run what a button or select stands for."""
        self.monitor.began(interaction)
        replies.expect_answer(interaction)
        outcome = "answered"
        try:
            handler = self._actions.get(name)
            if handler is None:
                raise Refused("This button is from another version of the bot. See what I can do with /help.")
            if interaction.guild_id is None and not handler.__almanac_anywhere__:  # type: ignore[attr-defined]
                raise Refused("This only works on the server it belongs to.")
            await handler(interaction, clean_line(argument))
        except Exception as error:
            outcome = _outcome_of(error)
            await replies.explain(interaction, error)
        finally:
            self.monitor.ended(interaction, name if name in self._actions else "unknown", outcome)

    async def on_message(self, message: discord.Message, /) -> None:
        """Count a reply to a reason we posted. What it says isn't looked at, and without a privileged intent, Discord seldom tells."""
        answered = message.reference.resolved if message.reference is not None else None
        if not isinstance(answered, discord.Message) or message.guild is None or message.author.bot:
            return
        if self.user is not None and answered.author.id == self.user.id:
            await self.database.run(posted_reasons.note_reply, guild_id=message.guild.id, message_id=answered.id)

    async def on_app_command_completion(self, interaction: Interaction, command: AnyCommand) -> None:
        """Count a command that was answered."""
        self.monitor.ended(interaction, command.qualified_name, "answered")

    @property
    def is_connected(self) -> bool:
        """Whether Discord can reach us."""
        return self.is_ready() and self._away_since is None

    async def on_ready(self) -> None:
        """Register the guilds the bot is in, and note those it left meanwhile."""
        await self.on_resumed()
        for guild in self.guilds:
            await self.database.run(guilds.welcome, guild.id, now=self.now())
        for guild_id in await self.database.read(guilds.present_guilds):
            if self._is_ours(guild_id) and self.get_guild(guild_id) is None:
                await self.database.run(guilds.say_goodbye, guild_id, now=self.now())
                log.info("left guild %s while away", guild_id)
        log.info("ready as %s (%s); servers: %d", self.user, self.application_id, len(self.guilds))
        log.info("invite it to a server: %s", self.invite_link())
        if self._draws_ahead:
            await self.drawing.warm()

    async def on_disconnect(self) -> None:
        """Remember since when members can't reach us."""
        self._away_since = self._away_since or self.now()

    async def on_resumed(self) -> None:
        """Give members back the time they missed."""
        away_since, self._away_since = self._away_since, None
        if away_since is not None:
            await self._back(away_since)
            self.look_for_all(self.now())

    async def _back(self, away_since: datetime | None) -> None:
        away = await self.database.run(clocks.resume, now=self.now(), away_since=away_since)
        if away:
            log.info("away for %s: running votes are put off by that", away)

    def _is_ours(self, guild_id: int) -> bool:
        """Whether Discord tells this process about that guild, and not another one."""
        ours = getattr(self, "shard_ids", None) or (None if self.shard_id is None else [self.shard_id])
        return ours is None or (guild_id >> 22) % (self.shard_count or 1) in ours

    def invite_link(self) -> str:
        """The link for adding the bot to a server. Only known once the bot has connected."""
        assert self.application_id is not None
        return discord.utils.oauth_url(self.application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Register a new guild, and write to whoever invited the bot."""
        await self.write(first_steps.greet, guild.id, now=self.now())
        log.info("joined guild %s", guild.id)

    async def on_guild_channel_update(self, before: GuildChannel, after: GuildChannel) -> None:
        """Someone may have let the bot into a channel: try what's waiting for it at once."""
        if before.overwrites != after.overwrites:
            await self.write(outbox.hurry, guild_id=after.guild.id, now=self.now())

    async def on_guild_channel_delete(self, channel: GuildChannel) -> None:
        """The homes in it are gone with it."""
        await self.write(card_homes.note_channel_gone, channel.id, now=self.now())

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """The same for a forum's post, or the thread under a card."""
        await self.write(card_homes.note_channel_gone, payload.thread_id, now=self.now())

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """The same for a role."""
        if before.permissions != after.permissions:
            await self.write(outbox.hurry, guild_id=after.guild.id, now=self.now())

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The same for the bot's own roles; without privileged intents, Discord reports no other members."""
        if after.id == after.guild.me.id and before.roles != after.roles:
            await self.write(outbox.hurry, guild_id=after.guild.id, now=self.now())

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot left a guild; its data stays for 30 days."""
        await self.database.run(guilds.say_goodbye, guild.id, now=self.now())
        log.info("left guild %s", guild.id)

    async def close(self) -> None:
        """Take nothing new, end what was begun, and stop. What is due stays in the database."""
        self.monitor.bot = None
        self._ending_since = self._ending_since or time.monotonic()
        self.scheduler.stop()
        if self._syncing is not None:
            self._syncing.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._say_goodbye(), GOODBYE)
        await asyncio.gather(self.delivery.stop(within=LAST_WORK), _end_answers())
        self.scoring.close()
        self.drawing.close()
        if self._owns_reader:
            self.reader.close()
        await super().close()

    async def _say_goodbye(self) -> None:
        """Leave the gateway, so that nothing new comes."""
        if self.ws is not None and self.ws.open:  # pyright: ignore[reportUnnecessaryComparison]  (None before it connects)
            await self.ws.close(code=1000)


class ShardedAlmanac(Almanac, commands.AutoShardedBot):
    """The bot where Discord splits its servers into several shards, of which this process has all or some."""

    async def _say_goodbye(self) -> None:
        await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()))


def _outcome_of(error: BaseException) -> str:
    return "refused" if isinstance(replies.cause_of(error), UserError) else "failed"


async def _end_answers() -> None:
    """Let what members asked for be done and answered."""
    until = asyncio.get_running_loop().time() + LAST_WORK.total_seconds()
    while (left := until - asyncio.get_running_loop().time()) > 0:
        answering = {task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)}
        if not answering:
            return
        await asyncio.wait(answering, timeout=left)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


async def run_bot(settings: Settings, database: Database) -> None:
    """Connect to Discord and stay until stopped."""
    assert settings.discord_token is not None
    if settings.discord_api_base:
        Route.BASE = settings.discord_api_base.rstrip("/")
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(settings.discord_gateway_url)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it doesn't use voice
    token = settings.discord_token.get_secret_value()
    monitor = Monitor()

    async def new_bot() -> Almanac:
        count = settings.shard_count or await recommended_shards(token)
        if count == 1:
            return Almanac(database, draws_ahead=True, monitor=monitor)
        ids = None if settings.shard_ids is None else list(settings.shard_ids)
        return ShardedAlmanac(database, draws_ahead=True, monitor=monitor, shard_count=count, shard_ids=ids)

    async with serving(monitor, database, now=discord.utils.utcnow, host=settings.health_host, port=settings.health_port):
        await stay_online(new_bot, token, Alone(database, token, settings.shard_ids))
