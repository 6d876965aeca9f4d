"""The bot on a simulated Discord: real discord.py, real callbacks, real SQLite; members act, and tests read what they see."""

from __future__ import annotations

import importlib.util
import logging
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.client import Almanac
from db.database import Database
from tests.conftest import SHARED

OPENAPI = SHARED / "discord" / "openapi.json"
# discord.py always sends these two; Discord takes them, its document leaves them out.
KNOWN_AND_HARMLESS = re.compile(r"unknown-field.*field '(nsfw|tts)' is not declared")
CHECKER = SHARED / "discord" / "openapi_check.py"


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

    env: simcord.Env
    bot: Almanac
    database: Database
    guild: Any
    channel: Any
    manager: Any
    ada: Any
    bob: Any
    errors: ErrorLog = field(default_factory=ErrorLog)

    async def advance(self, seconds: float) -> None:
        """Let time pass, and let the bot do what became due."""
        await self.env.advance_time(seconds)
        self.bot.scheduler.wake(self.now)
        await self.env.settle()

    async def restart(self) -> None:
        """Stop the bot and start another one on the same database."""
        self.bot.scheduler.stop()
        self.bot = Almanac(self.database)
        await self.env.restart_bot(self.bot)

    @property
    def now(self) -> datetime:
        return self.env.now()

    def posts(self) -> list[str]:
        """What stands in the channel for everybody, as text."""
        return [shown(message) for message in self.channel.history() if not message.flags.ephemeral]


@pytest.fixture
async def world(sqlite: Database) -> AsyncIterator[World]:
    """The bot, running, in a guild with a manager and two members."""
    errors = ErrorLog()
    logging.getLogger().addHandler(errors)
    bot = Almanac(sqlite)
    env = simcord.Env(bot)
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
        env.raise_errors()
        check_requests(env)
    finally:
        logging.getLogger().removeHandler(errors)
        world.bot.scheduler.stop()
        await env.shutdown()


def check_requests(env: simcord.Env) -> None:
    """Every request that the bot made, against Discord's own description of its API, where that is at hand."""
    checker = openapi_checker()
    if checker is None:
        return
    problems = {
        str(problem)
        for request in env.http_requests
        for problem in checker.check(request.method, request.path, request.json)
        if not KNOWN_AND_HARMLESS.search(str(problem))
    }
    assert problems == set()


_checkers: list[Any] = []


def openapi_checker() -> Any:
    """Discord's OpenAPI document as a checker, made once; None where it is not at hand."""
    if not OPENAPI.exists():
        return None
    if not _checkers:
        spec = importlib.util.spec_from_file_location("openapi_check", CHECKER)
        assert spec is not None
        assert spec.loader is not None
        module: ModuleType = importlib.util.module_from_spec(spec)
        sys.modules["openapi_check"] = module
        spec.loader.exec_module(module)
        _checkers.append(module.OpenAPICheck(str(OPENAPI)))
    return _checkers[0]


@dataclass
class Seen:
    """What one member sees after doing something: a message, or a form."""

    member: Any
    result: InteractionResult

    @property
    def text(self) -> str:
        """All the text of the message, one part a line."""
        return shown(self.message)

    @property
    def message(self) -> Any:
        """The message that answered."""
        answers = [self.result.response, *self.result.followups]
        assert any(answers), "nothing was answered"
        return next(answer for answer in answers if answer is not None)

    @property
    def is_private(self) -> bool:
        """Whether only this member sees it."""
        return self.message.ephemeral

    async def click(self, label: str) -> Seen:
        """Click the button of this label."""
        return await click(self.member, self.message, label)

    async def choose(self, placeholder: str, value: str) -> Seen:
        """Choose a value in the select with this placeholder."""
        chosen = await self.member.select(self.message, [value], custom_id=custom_id(self.message, placeholder))
        return Seen(self.member, chosen)

    @property
    def form(self) -> dict[str, str]:
        """The form that opened: what stands in each field, by its label."""
        assert self.result.modal is not None, "no form opened"
        return {label["label"]: label["component"].get("value", "") for label in self.result.modal["components"]}

    async def fill_in(self, **values: str) -> Seen:
        """Submit the form; fields are named by their label's words, joined by underscores. Others keep what stands in them."""
        modal = self.result.modal
        assert modal is not None, "no form opened"
        filled: dict[str, str] = {}
        for label in modal["components"]:
            field = label["component"]
            name = re.sub(r"\W+", "_", label["label"].lower()).strip("_")
            filled[field["custom_id"]] = values.pop(name, field.get("value") or "")
        assert not values, f"the form has no {list(values)}"
        return Seen(self.member, await self.member.submit_modal(self.result, filled))


async def slash(member: Any, world: World, name: str, /, **options: Any) -> Seen:
    """Use a slash command."""
    return Seen(member, await member.slash(world.channel, name, **options))


async def click(member: Any, message: Any, label: str) -> Seen:
    """Click the button of this label under a message."""
    return Seen(member, await member.click(message, custom_id=custom_id(message, label)))


def shown(message: Any) -> str:
    """All the text that a reader of a message sees, one part a line: texts, buttons, selects with their options."""
    return "\n".join([message.content, *_texts(_raw(message))]).strip()


def custom_id(message: Any, label: str) -> str:
    """The custom_id of the button of this label, or of the select with this placeholder."""
    pending = _raw(message)
    while pending:
        component = pending.pop(0)
        if label in (component.get("label"), component.get("placeholder")):
            return component["custom_id"]
        pending = component.get("components", []) + pending
    raise AssertionError(f"there is no {label!r} in:\n{shown(message)}")


def _raw(message: Any) -> list[dict[str, Any]]:
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
        found += [f"  {option['label']}" for option in component.get("options", ())]
        found += _texts(component.get("components", []))
    return found
