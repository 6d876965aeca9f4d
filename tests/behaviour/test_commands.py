"""What Discord is told of the bot: commands, options, intents; and that every button leads somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import discord
import pytest

from bot.domain.types import Kind
from bot.services.predictions.listing import ListOrder, ListShow
from tests.behaviour.conftest import World, slash
from tests.conftest import ROOT

COMMANDS = {
    *(f"prediction {name}" for name in ("list", "show", "search", "add", "edit", "import", "annul", "queue", "follow")),
    *("forecast", "forecasts", "next", "vote"),
    *(f"resolution {name}" for name in ("propose", "status", "object", "override", "reopen", "log")),
    *("remind", "reminders", "leaderboard", "profile", "calibration"),
    *(f"pack {name}" for name in ("list", "adopt", "drop")),
    *("settings guild", "settings me", "export data", "export calendar", "privacy export", "privacy forget", "help"),
    *(f"moderation {name}" for name in ("hide", "member", "annul")),
    *(f"group {name}" for name in ("add", "show", "join", "rename", "leave")),
    *(f"tournament {name}" for name in ("list", "show", "create", "edit", "add", "remove", "end")),
    "series",
    *("Make a prediction", "Hide this reason", "Quote as evidence"),
}
"""All that there are, by the names that stand in the README."""


def registered(world: World) -> list[dict[str, Any]]:
    """The commands that the bot has told Discord."""
    (request,) = world.requests("PUT", "/commands")
    assert isinstance(request.json, list)
    return request.json


def leaves(command: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The commands that can be used, with their whole names."""
    name = f"{path} {command['name']}".strip()
    below = [option for option in command.get("options", ()) if option["type"] in (1, 2)]
    if not below:
        yield name, command
    for option in below:
        yield from leaves(option, name)


def nodes(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command, its groups, its options."""
    yield command
    for option in command.get("options", ()):
        yield from nodes(option)


async def test_commands_are_called_as_the_product_page_says(world: World) -> None:
    names = {name for command in registered(world) for name, _ in leaves(command)}
    # The rule of votes has eleven settings of its own, more than `/settings guild` has room to explain; homes have packs and tags.
    assert names <= COMMANDS | {"settings votes", "settings homes"}
    assert {"prediction list", "forecast", "forecasts", "next", "pack adopt", "settings guild", "help"} <= names


async def test_every_command_and_option_says_what_it_is(world: World) -> None:
    for command in registered(world):
        if command.get("type", 1) != 1:
            continue
        for node in nodes(command):
            assert len(node["description"]) > 8, node["name"]
            assert len(node["description"]) <= 100
            assert node["description"] != "…"
            assert node["description"][0].isupper() or node["description"][0].isdigit(), node["description"]


async def test_commands_are_for_servers_only(world: World) -> None:
    for command in registered(world):
        assert command["contexts"] == [0], command["name"]
        assert command["integration_types"] == [0], command["name"]


async def test_no_privileged_intent_is_asked_for(world: World) -> None:
    intents = world.bot.intents
    assert (intents.members, intents.presences, intents.message_content) == (False, False, False)
    assert intents.value == discord.Intents(guilds=True, guild_messages=True).value


async def test_the_bots_own_default_is_to_mention_nobody(world: World) -> None:
    assert world.bot.allowed_mentions is not None
    assert world.bot.allowed_mentions.to_dict() == {"parse": []}


async def test_help_names_only_commands_that_there_are(world: World) -> None:
    names = {name for command in registered(world) for name, _ in leaves(command)}
    for member in (world.ada, world.manager):
        seen = await slash(member, world, "help")
        assert seen.is_private
        mentioned = re.findall(r"</([a-z ]+):(\d+)>", seen.text)
        assert len(mentioned) > 8
        assert {name for name, _ in mentioned} <= names
        assert all(int(number) == world.bot.command_ids[name.split()[0]] for name, number in mentioned)
        assert "`/" not in seen.text


async def test_help_tells_managers_what_is_theirs(world: World) -> None:
    assert "For managers" in (await slash(world.manager, world, "help")).text
    assert "For managers" not in (await slash(world.ada, world, "help")).text


async def test_the_buttons_of_the_help_lead_somewhere(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    for label, words in (("Start forecasting ▸", "How likely is it?"), ("See all", "GPT-6 is released"), ("Packs", "Packs")):
        helped = await slash(world.ada, world, "help")
        assert words in (await helped.click(label)).text


MADE_BY = ("button", "select", "channel_select")


def actions_used() -> set[str]:
    """The actions that buttons and selects are made with, disabled ones left out."""
    used: set[str] = set()
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE_BY:
                name = node.args[1 if node.func.id == "button" else 0]
                is_off = any(
                    keyword.arg == "off" and isinstance(keyword.value, ast.Constant) and keyword.value.value
                    for keyword in node.keywords
                )
                if isinstance(name, ast.Constant) and isinstance(name.value, str) and not is_off:
                    used.add(name.value)
    return used


async def test_every_button_has_what_it_does_and_everything_has_its_button(world: World) -> None:
    used = actions_used()
    assert len(used) > 15
    assert used == set(world.bot._actions)


@pytest.mark.parametrize("words", [ListShow, ListOrder, Kind])
def test_no_two_words_of_a_filter_share_the_letter_that_buttons_keep(words: type[StrEnum]) -> None:
    assert len({word[0] for word in words}) == len(words)
