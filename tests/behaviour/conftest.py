"""The bot on a simulated Discord: real discord.py, real callbacks, real SQLite; members act, and tests read what they see."""

from __future__ import annotations

import atexit
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import discord
import pytest
import simcord
from simcord import actors
from simcord.results import InteractionResult
from simcord.types import HttpLogEntry
from sqlalchemy import select

from bot.client import Almanac
from bot.demo.simulation import Simulation
from bot.domain.documents.models import PredictionFile
from bot.domain.errors import UserError
from bot.domain.types import Actor
from bot.reading import DocumentReader
from bot.services.forecasting import forecasts
from bot.services.packs.library import PackReport
from bot.services.predictions.editing import show
from bot.services.predictions.views import PredictionView
from db.database import Database
from db.models import Forecast, Member, Prediction
from tests import factories
from tests.canaries import WatchedLog
from tests.discord.checking import description

PATIENCE = 60.0
"""Seconds of the computer's time that the bot may take to come to rest: a busy machine is slow, and nothing here is timed."""

READER = DocumentReader()
"""All bots of these tests read in the same process: each would need seconds to start one."""
atexit.register(READER.close)


class ErrorLog(logging.Handler):
    """Collects what was logged as an error: discord.py only logs what fails in old buttons and in jobs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass
class World:
    """A guild with the bot, a channel and some members."""

    env: Simulation
    bot: Almanac
    database: Database
    guild: Any
    channel: Any
    manager: Any
    ada: Any
    bob: Any
    errors: ErrorLog = field(default_factory=ErrorLog)
    may_mention: set[int] = field(default_factory=set)
    """Members who asked for it, and the managers' role; nobody else is ever pinged."""

    async def advance(self, seconds: float) -> None:
        """Let time pass, and let the bot do what became due. The clock jumps: what was due meanwhile is late by then."""
        self.env.backend.advance_clock(seconds)
        await self.wake()

    async def wake(self) -> None:
        """Let the bot do what is due."""
        with self.env._bot_scope():  # so that `settle` waits for what this starts
            self.bot.look_for_all(self.now)
        await self.env.settle()

    async def restart(self) -> None:
        """Stop the bot and start another one on the same database."""
        self.bot.scheduler.stop()
        self.bot = Almanac(self.database, now=self.env.now, every=None, reader=READER)
        await self.env.restart_bot(self.bot)
        await self.env.settle()

    @property
    def now(self) -> datetime:
        return self.env.now()

    def posts(self, channel: Any = None) -> list[str]:
        """What stands in the channel for everybody, as text."""
        return [shown(message) for message in self.messages(channel)]

    def messages(self, channel: Any = None) -> list[discord.Message]:
        """What stands in the channel for everybody."""
        return [message for message in (channel or self.channel).history() if not message.flags.ephemeral]

    def create_prediction(self, statement: str = "GPT-6 is released by the end of March", **given: Any) -> PredictionView:
        """An open prediction of this guild that a manager added by hand, without a card anywhere."""
        by = factories.create_actor("mona", guild_id=self.guild.id, manager=True)
        return factories.create_prediction(self.database, now=self.now, by=by, statement=statement, **given)

    def load(self, document: PredictionFile, *, slug: str = "pack", adopted: bool = True) -> PackReport:
        """Put a document into the library, and into this guild unless told otherwise."""
        guild_id = self.guild.id if adopted else None
        return factories.load(self.database, document, guild_id=guild_id, now=self.now, slug=slug)

    def create_forecasts(self, code: int, *values: Sequence[float]) -> None:
        """Forecasts of as many further members."""
        for numbers in values:
            actor = factories.create_actor("somebody", guild_id=self.guild.id)
            self.database.run_here(forecasts.place, actor, code=code, values=tuple(numbers), now=self.now)

    def actor(self, member: Any) -> Actor:
        """The member, as the services know them."""
        return Actor(guild_id=self.guild.id, user_id=member.id, name=member.name)

    def rows(self, statement: Any) -> list[Any]:
        """What the database holds."""
        with self.database.engine.connect() as connection:
            return list(connection.execute(statement))

    def change(self, statement: Any) -> None:
        """Spoil what the database holds."""
        with self.database.engine.begin() as connection:
            connection.execute(statement)

    def forecasts_of(self, member: Any, code: int = 1) -> list[tuple[float, ...]]:
        """All that a member has forecast on a prediction, oldest first."""
        theirs = (
            select(Forecast.values.label("numbers"))
            .join(Member, Member.id == Forecast.member_id)
            .join(Prediction, Prediction.id == Forecast.prediction_id)
            .where(Member.user_id == member.id, Prediction.code == code, Prediction.guild_id == self.guild.id)
        )
        return [tuple(row.numbers) for row in self.rows(theirs.order_by(Forecast.id))]

    def standing_of(self, member: Any, code: int = 1) -> tuple[float, ...] | None:
        """The member's standing forecast on a prediction."""
        view = self.view(code, member)
        return view.own.values if view.own else None

    def view(self, code: int, member: Any = None) -> PredictionView:
        """A prediction as a member may see it."""
        return self.database.read_here(show, self.actor(member or self.bob), code=code, now=self.now)

    def requests(self, method: str, path: str = "") -> list[HttpLogEntry]:
        """The bot's requests to Discord with this method, and these words in their path."""
        return [request for request in self.env.http_requests if request.method == method and path in request.path]

    def sent_since(self, mark: int) -> str:
        """All that the bot has sent to Discord since it had made `mark` requests, as one text."""
        return json.dumps([request.json for request in self.env.http_requests[mark:]], ensure_ascii=False)

    @property
    def mark(self) -> int:
        """How many requests the bot has made so far."""
        return len(self.env.http_requests)


@pytest.fixture
async def world(sqlite: Database, watched_log: WatchedLog) -> AsyncIterator[World]:
    """The bot, running, in a guild with a manager and two members."""
    async with new_world(sqlite) as world:
        yield world
        watched_log.secrets |= tokens_in(world.env)


@asynccontextmanager
async def new_world(sqlite: Database) -> AsyncIterator[World]:
    """The same, for a test that needs several of them, one after the other."""
    errors = ErrorLog()
    logging.getLogger().addHandler(errors)
    # Told the clock: what a test wakes runs outside of the simulation's context, where the clock is the computer's.
    bot = Almanac(sqlite, now=lambda: env.now(), every=None, reader=READER)
    env = Simulation(bot, settle_timeout=PATIENCE, looks_every=0.002)
    await env.start()
    guild = env.create_guild("Forecasters")
    channel = guild.create_text_channel("predictions")
    managers = guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
    manager = guild.add_member(env.create_user("mona"), roles=[managers])
    ada, bob = (guild.add_member(env.create_user(name)) for name in ("ada", "bob"))
    await env.settle()
    world = World(env, bot, sqlite, guild, channel, manager, ada, bob, errors)
    try:
        yield world
        await env.settle()
        assert [record.getMessage() for record in errors.records] == []
        if unexplained := [error for error in env.errors if not is_explained(error)]:
            raise BaseExceptionGroup("errors that nobody was told of", unexplained)
        check_requests(env)
        check_promises(env, world.may_mention)
    finally:
        logging.getLogger().removeHandler(errors)
        world.bot.scheduler.stop()
        await env.shutdown()


def tokens_in(env: simcord.Env) -> set[str]:
    """The tokens of the interactions that the bot answered."""
    paths = [request.path.split("/") for request in env.http_requests]
    return {parts[-2] for parts in paths if parts[-1] == "callback"}


def is_explained(error: BaseException | None) -> bool:
    """Whether it comes down to a sentence for the member. simcord records the errors of commands before they are explained."""
    while error is not None and not isinstance(error, UserError):
        error = error.__cause__
    return error is not None


def check_promises(env: simcord.Env, may_mention: set[int]) -> None:
    """What holds for every message of the bot: nobody is pinged who did not ask for it, and nothing is sent twice."""
    for request in env.http_requests:
        for body in message_bodies(request):
            allowed = dict(body["allowed_mentions"])
            assert {int(user_id) for user_id in allowed.pop("users", [])} <= may_mention, (request.path, body)
            assert {int(role_id) for role_id in allowed.pop("roles", [])} <= may_mention, (request.path, body)
            assert allowed == {"parse": []}, (request.path, body)
        if request.method == "POST" and request.path.endswith("/messages"):
            assert request.json is not None
            assert request.json["nonce"]
            assert request.json["enforce_nonce"] is True
    for channel in env.backend.messages.values():
        for message in channel.values():
            if message.author_id == env.backend.bot_user.id:
                assert set(message.ping_user_ids) <= may_mention
                assert set(message.ping_role_ids) <= may_mention
                assert not message.mention_everyone


def message_bodies(request: HttpLogEntry) -> Iterator[dict[str, Any]]:
    """The messages that a request makes or changes."""
    body = request.json
    if isinstance(body, dict) and "components" in body and "/commands" not in request.path:
        yield body
    if isinstance(body, dict) and isinstance(body.get("message"), dict) and "name" in body:  # a post in a forum
        yield body["message"]
    if isinstance(body, dict) and body.get("type") in (4, 7) and "data" in body:
        yield body["data"]


def walk(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components of a message, nested ones too."""
    for component in components:
        yield component
        yield from walk(below(component))


def below(component: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands in a component: of a section, first its text and then the button beside it."""
    return [*component.get("components", []), *([component["accessory"]] if "accessory" in component else [])]


def check_requests(env: simcord.Env) -> None:
    """Every request that the bot made, against Discord's own description of its API, and against what that leaves unsaid."""
    requests = {(request.method, request.path, json.dumps(request.json)) for request in env.http_requests}
    assert [problem for request in requests for problem in problems_of(*request)] == []
    answers = [request.json for request in env.http_requests if request.path.endswith("/callback") and request.json]
    forms = [answer["data"] for answer in answers if answer["type"] == discord.InteractionResponseType.modal.value]
    fields = [label["component"] for form in forms for label in form["components"] if "component" in label]
    too_long = [field for field in fields if len(field.get("value") or "") > field.get("max_length", 4000)]
    assert too_long == [], "Discord opens no form with more in a field than fits"


@lru_cache(maxsize=500)
def problems_of(method: str, path: str, body: str) -> list[str]:
    """What Discord's description has against a request. Each test sends the same commands: they are checked once."""
    return description().problems(method, path, json.loads(body))


@dataclass
class Seen:
    """What one member sees after doing something: a message, or a form."""

    member: Any
    result: InteractionResult
    is_done: bool = False
    """Whether they confirmed something; then what everyone sees of it comes first."""

    @property
    def text(self) -> str:
        """All the text of the message, one part a line."""
        return shown(self.message)

    @property
    def message(self) -> Any:
        """The message that answered."""
        answers = [self.result.response, *self.result.followups]
        assert any(answers), "nothing was answered"
        given = [answer for answer in answers if answer is not None]
        return next((answer for answer in given if self.is_done and not answer.ephemeral), given[0])

    @property
    def is_private(self) -> bool:
        """Whether only this member sees it."""
        return self.message.ephemeral

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons."""
        return [found["label"] for found in walk(raw(self.message)) if found["type"] == 2]

    def options(self, placeholder: str) -> dict[str, str]:
        """The values of the select with this placeholder, each with what it says."""
        select = next(found for found in walk(raw(self.message)) if found.get("placeholder") == placeholder)
        return {option["value"]: option["label"] for option in select["options"]}

    async def file(self) -> str:
        """The text of the file that came along."""
        return await read_file(self.message)

    async def click(self, label: str) -> Seen:
        """Click the button of this label."""
        return await click(self.member, self.message, label)

    async def choose(self, placeholder: str, value: str) -> Seen:
        """Choose a value in the select with this placeholder."""
        return await choose(self.member, self.message, placeholder, value)

    @property
    def form_title(self) -> str:
        """The title of the form that opened."""
        assert self.result.modal is not None, "no form opened"
        return self.result.modal["title"]

    @property
    def form(self) -> dict[str, str]:
        """The form that opened: what stands in each field, by its label."""
        assert self.result.modal is not None, "no form opened"
        return {label["label"]: label["component"].get("value", "") for label in self.result.modal["components"]}

    @property
    def about(self) -> dict[str, str]:
        """What the form says about each field, by its label."""
        assert self.result.modal is not None, "no form opened"
        return {label["label"]: label.get("description", "") for label in self.result.modal["components"]}

    @staticmethod
    def name_of(label: str) -> str:
        """What `submit` calls the field of this label."""
        return re.sub(r"\W+", "_", label.lower()).strip("_")

    async def fill_in(self, **values: str) -> Seen:
        """Submit the form, and confirm it where the bot asks."""
        return await confirm(await self.submit(**values))

    async def submit(self, **values: str) -> Seen:
        """Submit the form; fields are named by their label's words, joined by underscores. Others keep what stands in them."""
        modal = self.result.modal
        assert modal is not None, "no form opened"
        filled: dict[str, str] = {}
        for label in modal["components"]:
            field = label["component"]
            filled[field["custom_id"]] = values.pop(self.name_of(label["label"]), field.get("value") or "")
        assert not values, f"the form has no {list(values)}"
        return Seen(self.member, await self.member.submit_modal(self.result, filled))


async def slash(member: Any, world: World, name: str, /, **options: Any) -> Seen:
    """Use a slash command, and confirm it where the bot asks."""
    return await confirm(await ask(member, world, name, **options))


async def ask(member: Any, world: World, name: str, /, **options: Any) -> Seen:
    """Use a slash command, and see what the bot asks before it does anything."""
    return Seen(member, await member.slash(world.channel, name, **options))


async def confirm(seen: Seen) -> Seen:
    """Confirm what the bot asks about; anything else stays as it is."""
    if seen.result.modal is not None or not any([seen.result.response, *seen.result.followups]):
        return seen
    ids = [found.get("custom_id", "") for found in walk(raw(seen.message))]
    if "waiting.cancel" not in ids:
        return seen
    first = next(key for key in ids if key.startswith("waiting.take:"))
    return Seen(seen.member, await seen.member.click(seen.message, custom_id=first), is_done=True)


async def click(member: Any, message: Any, label: str) -> Seen:
    """Click the button of this label under a message."""
    return Seen(member, await member.click(message, custom_id=custom_id(message, label)))


async def choose(member: Any, message: Any, placeholder: str, value: str) -> Seen:
    """Choose a value in the select with this placeholder under a message."""
    return Seen(member, await member.select(message, [value], custom_id=custom_id(message, placeholder)))


async def forge(member: Any, message: Any, name: str, *values: str) -> Seen:
    """Use a component as a message of an older bot may have it: the first of the message's is renamed to this custom_id."""
    env = member._env
    data: dict[str, Any] = {"custom_id": name, "component_type": 3 if values else 2}
    if values:
        data["values"] = list(values)
    env._begin_operation("forge")
    try:
        channel_id = message.channel.id if isinstance(message, discord.Message) else message.channel_id
        stored = env.backend.get_message(channel_id, message.id)
        next(found for found in walk(stored.components) if found["type"] == data["component_type"])["custom_id"] = name
        return Seen(member, await actors._component_interaction(member, stored, data))
    finally:
        env._end_operation()


async def complete(member: Any, world: World, command: str, option: str, typed: str) -> dict[str, str]:
    """Type into an option that completes; what is offered, by value."""
    choices = await member.autocomplete(world.channel, command, option, typed)
    return {choice["value"]: choice["name"] for choice in choices}


async def read_file(message: Any) -> str:
    """The text of a message's only file."""
    (attachment,) = message.attachments
    return (await attachment.read()).decode()


def shown(message: Any) -> str:
    """All the text that a reader of a message sees, one part a line: texts, buttons, selects with their options."""
    return "\n".join([message.content, *_texts(raw(message))]).strip()


def custom_id(message: Any, label: str) -> str:
    """The custom_id of the button of this label, or of the select with this placeholder."""
    pending = raw(message)
    while pending:
        component = pending.pop(0)
        if label in (component.get("label"), component.get("placeholder")):
            return component["custom_id"]
        pending = below(component) + pending
    raise AssertionError(f"there is no {label!r} in:\n{shown(message)}")


def raw(message: Any) -> list[dict[str, Any]]:
    """The components of a message, as Discord has them."""
    return [component if isinstance(component, dict) else component.to_dict() for component in message.components]


def _texts(components: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for component in components:
        if "content" in component:
            found.append(component["content"])
        if component.get("label"):
            found.append(f"[{component['label']}]" + (" (off)" if component.get("disabled") else ""))
        if component.get("placeholder"):
            found.append(f"<{component['placeholder']}>")
        for option in component.get("options", ()):
            found.append(f"  {option['label']}" + (f" ({option['description']})" if option.get("description") else ""))
        found += _texts(below(component))
    return found
