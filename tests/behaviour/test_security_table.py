"""Every command and every action, for every kind of member, with odd arguments: each answers, none fails, and none does what
only managers may.

What is tried comes from the command tree and from the actions the bot knows, so a new one is in it by itself. Arguments are
those of buttons that the bot has shown, changed at random, and some that no button ever had. The seed is in a test's name.
"""

from __future__ import annotations

import copy
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.interactions import command_leaves
from sqlalchemy import select

from bot.domain.types import Kind
from bot.services.predictions import editing
from db.models import Adoption, Guild, HiddenText, Import, LeftOutMember, Prediction
from tests import factories
from tests.behaviour.conftest import Seen, World, forge, raw, shown, slash, walk
from tests.factories import OTHER_GUILD

OURS = "canary of the other guild"
ODD_NUMBERS = (
    "²",
    "٣",
    "٣٣",
    "-1",
    "0",
    "999999999",
    "9" * 15,
    "9" * 40,
    "1e9",
    "nan",
    "inf",
    "0x1",
    "1_0",
    " 1",
    "1.5",
    "",
)
ODD_WORDS = (
    *ODD_NUMBERS,
    "a\x00b",
    "\ud800",
    "\u202e\u200b",
    "|" * 20,
    ":" * 20,
    "1:2:3:4:5",
    "x" * 95,
    "'; DROP TABLE members; --",
    "../../etc/passwd",
    "@everyone [a](https://evil.example)",
    "%s{0}${x}",
    "=1+1",
    "👩🏽‍🚀",
    "null",
)
FILES = (
    ("bets.yaml", b"format: predictions/1\nsource: {title: T}\npredictions: [{id: a, statement: It rains}]"),
    ("a.json", b"{" * 500),
    ("a.csv", b"statement,probability\nIt rains,70%\n"),
    ("a.md", b"I think there's a 70% chance that it rains by 2027.\n"),
    ("a.bin", bytes(range(256))),
    ("empty.md", b""),
)
MANAGERS_ONLY = re.compile(
    r"^(settings (guild|votes|homes)|pack (adopt|drop)|prediction import|resolution (override|reopen)|moderation \w+)$"
)
"""Commands that change nothing for anybody but managers."""


@dataclass
class Table:
    """The cases that were tried, and what is known to try."""

    world: World
    chance: random.Random
    members: dict[str, Any]
    commands: dict[str, dict[str, Any]]
    cards: dict[int, tuple[Any, list[Any]]] = field(default_factory=dict)
    """A public message with a button, and one with a select, each with its components."""
    arguments: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By action, the arguments of buttons and selects that the bot has shown."""
    choices: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    counts: Counter[str] = field(default_factory=Counter)
    mark: int = 0

    async def use_any(self) -> None:
        """One case: a command or an action, by somebody, with odd arguments."""
        role = self.chance.choice(list(self.members))
        if self.chance.random() < 0.3:
            name = self.chance.choice(list(self.commands))
            await self.command(role, name)
        else:
            await self.action(role, self.chance.choice(list(self.world.bot._actions)))

    async def command(self, role: str, name: str) -> None:
        """A slash command."""
        options = {
            option["name"]: self.value(option)
            for option in self.commands[name].get("options", ())
            if option.get("required") or self.chance.random() < 0.4
        }
        seen = await slash(self.members[role], self.world, name, **options)
        await self.look(role, f"/{name}", options, seen)
        if MANAGERS_ONLY.match(name) and role != "manager":
            assert shown(seen.message).startswith("⚠️"), (role, name, options, seen.text)

    async def action(self, role: str, name: str) -> None:
        """A button or a select, as an old message may have it."""
        argument = self.argument(name)
        is_select = bool(self.choices[name]) or self.chance.random() < 0.2
        chosen = (self.chance.choice([*self.choices[name], *ODD_WORDS]),) if is_select else ()
        message, components = self.cards[3 if chosen else 2]
        stored = self.world.env.backend.get_message(message.channel_id, message.id)
        stored.components = copy.deepcopy(components)
        custom_id = f"{name}:{argument}" if argument else name
        seen = await forge(self.members[role], message, custom_id, *chosen)
        await self.look(role, custom_id, chosen, seen)

    async def look(self, role: str, what: str, given: Any, seen: Seen) -> None:
        """It was answered, by no fault of ours, and with nothing of another guild. A form is filled in and sent, too."""
        case = (role, what, given)
        self.counts[role] += 1
        if seen.result.modal is not None:
            fields = [label["component"] for label in seen.result.modal["components"]]
            values = {one["custom_id"]: self.typed(one) for one in fields}
            seen = Seen(seen.member, await seen.member.submit_modal(seen.result, values))
            self.counts[role] += 1
            case = (*case, values)
        assert seen.result.response or seen.result.followups or seen.result.modal, ("not answered", case)
        requests = self.world.env.http_requests[self.mark :]
        sent = str([request.json for request in requests])
        assert "Something went wrong" not in sent, (case, [str(one.exc_info) for one in self.world.errors.records])
        assert self.world.errors.records == [], (case, self.world.errors.records[0].getMessage())
        assert OURS not in sent, case
        self.note(requests)
        self.mark = len(self.world.env.http_requests)

    def typed(self, field: dict[str, Any]) -> str:
        """What's typed into a field of a form, as far as Discord lets it through."""
        words = self.chance.choice([*ODD_WORDS, field.get("value") or "", "1", "yes", "31 Dec 2027", "https://x.example"])
        words = words if words or not field.get("required", True) else "?"
        return words.ljust(field.get("min_length") or 0, "x")[: field.get("max_length") or 4000]

    def note(self, requests: Any) -> None:
        """Remember the buttons and selects that were shown."""
        for request in requests:
            for component in _components(request.json):
                name, _, argument = component["custom_id"].partition(":")
                if len(self.arguments[name]) < 200:
                    self.arguments[name].add(argument)
                if len(self.choices[name]) < 200:
                    self.choices[name] |= {option["value"] for option in component.get("options", ())}

    def argument(self, name: str) -> str:
        """An argument that this action was shown with, the same with a change, another action's, or none that ever was."""
        own = sorted(self.arguments[name])
        kind = self.chance.random()
        if own and kind < 0.35:
            return self.chance.choice(own)
        if own and kind < 0.75:
            parts = re.split(r"([:|=])", self.chance.choice(own))
            parts[self.chance.randrange(len(parts))] = self.chance.choice(ODD_WORDS)
            return "".join(parts)[:95].replace("\n", "")
        if kind < 0.85:
            others = sorted(self.arguments[self.chance.choice(list(self.world.bot._actions))])
            return self.chance.choice(others) if others else "1"
        return self.chance.choice([*ODD_WORDS, "1", "2", "1:1", "2:1:yes", "1:all:0"])

    def value(self, option: dict[str, Any]) -> Any:
        """An odd value of an option, within what Discord itself lets through."""
        kind = discord.AppCommandOptionType(option["type"])
        if choices := option.get("choices"):
            return self.chance.choice(choices)["value"]
        match kind:
            case discord.AppCommandOptionType.boolean:
                return self.chance.random() < 0.5
            case discord.AppCommandOptionType.integer:
                low, high = option.get("min_value", 1 - 2**53), option.get("max_value", 2**53 - 1)
                return self.chance.choice((low, high, self.chance.randint(low, high)))
            case discord.AppCommandOptionType.number:
                return self.chance.choice((option.get("min_value", -1e15), option.get("max_value", 1e15)))
            case discord.AppCommandOptionType.user:
                return self.chance.choice(list(self.members.values()))
            case discord.AppCommandOptionType.channel:
                return self.world.channel
            case discord.AppCommandOptionType.role:
                return self.world.guild.create_role(f"role {self.chance.randrange(10**6)}")
            case discord.AppCommandOptionType.attachment:
                return self.chance.choice(FILES)
            case _:
                usual = (
                    "1",
                    "2",
                    "3",
                    "4",
                    "#1",
                    "70",
                    "yes",
                    "31 Dec 2027",
                    "in 2 weeks",
                    "https://x.example",
                    "UTC",
                    "2026",
                )
                typed = self.chance.choice((*usual, *usual, *ODD_WORDS))
                return typed.ljust(option.get("min_length", 0), "x")[: option.get("max_length", 6000)]


def _components(body: Any) -> Iterator[dict[str, Any]]:
    data = body.get("data", body) if isinstance(body, dict) else {}
    for component in walk(data.get("components", []) if isinstance(data, dict) else []):
        if "custom_id" in component and "." in component["custom_id"]:
            yield component


async def set_out(world: World, seed: int) -> Table:
    """Two guilds with all kinds of predictions, a vote, a proposal, a pack and a draft; and all kinds of members."""
    world.env.backend.advance_clock(timedelta(days=3).total_seconds())
    members = {
        "manager": world.manager,
        "creator": world.ada,
        "voter": world.bob,
        "stranger": world.guild.add_member(world.env.create_user("stranger")),
        "newcomer": world.guild.add_member(world.env.create_user("newcomer", account_age=timedelta(days=1))),
    }
    await world.env.settle()
    outsider = factories.create_actor("olaf", guild_id=OTHER_GUILD, manager=True)
    for _ in range(6):
        factories.create_prediction(world.database, now=world.now, by=outsider, statement=OURS)
    kinds: list[dict[str, Any]] = [
        {},
        {"kind": Kind.MULTIPLE_CHOICE, "options": ("a", "b", "c", "d", "e", "f")},
        {"kind": Kind.NUMERIC, "unit": "USD"},
        {"kind": Kind.DATE},
    ]
    for given in kinds:
        new = editing.NewPrediction("Mine", world.now + timedelta(days=30), **given)
        await world.bot.write(editing.add, world.actor(world.ada), new=new, now=world.now)
        world.create_prediction(resolves_at=world.now + timedelta(hours=1), **given)
    world.load(factories.create_document({"statement": "Of a pack", "probability": 0.6}))
    for code, answer in ((1, (0.6,)), (2, (0.3,)), (5, (1.0, 2.0, 3.0)), (6, (1.0, 2.0, 3.0))):
        world.create_forecasts(code, answer)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await world.advance(3 * 3600)
    commands = {
        " ".join(path): leaf
        for command in world.env.backend.visible_commands(user_id=world.manager.id, channel_id=world.channel.id)
        if command.get("type", 1) == 1
        for path, leaf in command_leaves(command)
    }
    table = Table(world, random.Random(seed), members, commands)
    await slash(world.bob, world, "forecast", prediction="1", probability="70", reason="because")
    await slash(
        world.bob, world, "resolution propose", prediction="1", outcome="yes", happened="today", link="https://x.example"
    )
    await slash(world.manager, world, "prediction import", file=FILES[0])
    for command in (
        "prediction list",
        "vote",
        "pack list",
        "reminders",
        "leaderboard",
        "profile",
        "calibration",
        "next",
        "help",
    ):
        await slash(world.ada, world, command)
    for code in range(1, 10):
        await slash(world.ada, world, "prediction show", prediction=str(code))
        await slash(world.ada, world, "forecast", prediction=str(code))
        await slash(world.ada, world, "resolution status", prediction=str(code))
    await slash(world.ada, world, "remind", prediction="1", when="every Monday at 9")
    table.note(world.env.http_requests)
    post = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    table.cards[2] = (post.message, raw(post.message))
    row = {
        "type": 1,
        "components": [{"type": 3, "id": 90, "custom_id": "card.pick", "options": [{"label": "x", "value": "x"}]}],
    }
    other = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    table.cards[3] = (other.message, [*raw(other.message), row])
    table.mark = len(world.env.http_requests)
    return table


def protected(world: World) -> list[Any]:
    """What only managers change here, and nobody from here in another guild."""
    return [
        world.rows(select(Guild.__table__)),
        world.rows(select(Adoption.__table__)),
        world.rows(select(Import.id, Import.confirmed_at)),
        world.rows(select(HiddenText.__table__)),
        world.rows(select(LeftOutMember.__table__)),
        world.rows(select(Prediction.__table__).where(Prediction.guild_id == OTHER_GUILD)),
    ]


async def run_table(world: World, seed: int, cases: int) -> None:
    table = await set_out(world, seed)
    world.may_mention |= {member.id for member in table.members.values()}
    manager = table.members.pop("manager")
    before = protected(world)
    while sum(table.counts.values()) < cases * 2 // 3:
        await table.use_any()
    assert protected(world) == before
    others = before[-1]
    table.members["manager"] = manager
    while sum(table.counts.values()) < cases:
        await table.use_any()
    assert protected(world)[-1] == others
    print(f"\nsecurity table, seed {seed}: {sum(table.counts.values())} cases, all as expected {dict(table.counts)}")
    world.env.http_requests.clear()  # each was looked at; checking the shape of them all takes longer than making them


@pytest.mark.parametrize("seed", range(1))
async def test_a_sample_of_the_security_table(world: World, seed: int) -> None:
    await run_table(world, seed, 150)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 130))
async def test_the_security_table(world: World, seed: int) -> None:
    await run_table(world, seed, 1000)


async def test_every_action_is_in_the_table(world: World) -> None:
    assert len(world.bot._actions) > 60
    assert all("." in name for name in world.bot._actions)


@pytest.mark.parametrize("argument", ["²|oscbmm", "²", "٣|o|s||||", "9" * 40 + "|o|s||||", "-5|o|s||||", "1|o²|s||||", ""])
async def test_a_page_that_is_no_number_is_refused(world: World, argument: str) -> None:
    world.create_prediction()
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    assert "another version" in (await forge(world.ada, card.message, f"list.page:{argument}")).text
