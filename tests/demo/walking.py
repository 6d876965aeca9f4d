"""People in the demo who know only what's on their screen: they press what they see, fill in what opens, and count their clicks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from bot.demo.places import channel_at, member_at, places_in
from bot.demo.world import demo_world
from db.database import Database
from tests.behaviour.conftest import raw, shown, walk

STARTS_AT = datetime(2026, 11, 21, tzinfo=UTC)
BUTTON, CHOICE, CHANNELS = 2, 3, 8
PATIENCE = 600.0
"""Seconds after which an answer will never come. Nothing here is timed: a busy machine is slow."""
PICKERS = (6, CHANNELS)
"""Lists of roles and of channels."""


@asynccontextmanager
async def walked_demo(folder: Path) -> AsyncIterator[Any]:
    """The demo's page, with its people and predictions, served to nobody. Its clock stands, however busy the machine is."""
    database = Database(f"sqlite:///{folder / 'demo.db'}")
    try:
        async with demo_world(database, port=0, starts_at=STARTS_AT, clock_runs=False, patience=PATIENCE) as preview:
            yield preview
    finally:
        database.dispose()


@dataclass
class Person:
    """Somebody in front of the page: their last answer, and how often they've clicked."""

    preview: Any
    member: Any
    clicks: int = 0
    answered: int = 0
    """How many things that they did had an answer."""
    place: Any = None
    """The channel that they're in, if it isn't the first one."""
    answer: Any = None
    form: Any = None
    read: list[str] = field(default_factory=list[str])

    @property
    def channel(self) -> Any:
        """Where they are."""
        return self.place or self.preview.channel

    @property
    def messages(self) -> list[Any]:
        """What they can click on, the newest first: their last answer, then what stands in the channel."""
        posts = [message for message in self.channel.history() if not message.flags.ephemeral]
        return [*([self.answer] if self.answer is not None else []), *reversed(posts)]

    @property
    def screen(self) -> str:
        """What they see of the newest messages."""
        return "\n".join(shown(message) for message in self.messages[:3]).replace("**", "")

    def go(self, name: str) -> None:
        """Open the list of places and choose the newest with these words: two clicks."""
        channels = [channel for place in places_in(self.preview.env) for channel in place["channels"]]
        there = next(channel["id"] for channel in channels if name in channel["name"])
        self.place, self.answer, self.form = channel_at(self.preview.env, there), None, None
        self.member = member_at(self.preview.env, self.place, self.member)
        self.clicks += 2
        self.answered += 1

    async def press(self, label: str) -> None:
        """Press the newest button that says this: one click."""
        message, component = self._find(label)
        self.clicks += 1
        self._take(await self.member.click(message, custom_id=component["custom_id"]))

    async def choose(self, placeholder: str, label: str) -> None:
        """Open the newest list of this name and choose what says this: two clicks."""
        message, component = self._find(placeholder)
        value = next(option["value"] for option in component["options"] if option["label"].startswith(label))
        self.clicks += 2
        self._take(await self.member.select(message, [value], custom_id=component["custom_id"]))

    async def use_menu(self, words: str, name: str) -> None:
        """Press what stands in the menu of the message with these words: one click."""
        await self.use_menu_of(next(message for message in self.messages if words in shown(message)), name)

    async def use_menu_of(self, message: Any, name: str) -> None:
        """Press what stands in the menu of this message: one click."""
        self.clicks += 1
        self._take(await self.member.context_menu(self.channel, name, message))

    async def type(self, command: str, **options: Any) -> None:
        """Type a command and send it: one click."""
        self.clicks += 1
        self._take(await self.member.slash(self.channel, command, **options))

    async def submit(self, **values: str) -> None:
        """Fill in the fields of these names in the form that opened, and send it: a click for each field, and one to send it."""
        assert self.form is not None, self.screen
        fields = {label["label"]: label["component"] for label in self.form.modal["components"]}
        filled = {component["custom_id"]: component.get("value") or "" for component in fields.values()}
        for name, value in values.items():
            label = next(label for label in fields if label.lower().startswith(name.replace("_", " ")))
            filled[fields[label]["custom_id"]] = value
        self.clicks += len(values) + 1
        self._take(await self.member.submit_modal(self.form, filled))

    async def submit_all(self, filled: dict[str, str]) -> None:
        """Send the form that opened with these texts, by the fields' ids."""
        self.clicks += 1
        self._take(await self.member.submit_modal(self.form, filled))

    async def use(self, message: Any, component: dict[str, Any], random: Random) -> None:
        """Use a button or a list, whatever it is; a list of channels or roles is cleared or given what there is."""
        self.clicks += 1
        if component["type"] == BUTTON:
            self._take(await self.member.click(message, custom_id=component["custom_id"]))
            return
        if component["type"] == CHOICE:
            values: list[Any] = [random.choice(component["options"])["value"]]
        else:
            guild = self.channel.guild
            handles = [self.channel] if component["type"] == CHANNELS else [guild.create_role("Another")]
            values = random.choice([[], handles]) if component.get("min_values", 1) == 0 else handles
        self._take(await self.member.select(message, values, custom_id=component["custom_id"]))

    def _find(self, words: str) -> tuple[Any, dict[str, Any]]:
        for message in self.messages:
            for component in walk(raw(message)):
                says = words in (component.get("label"), component.get("placeholder"))
                if says and "custom_id" in component and not component.get("disabled"):
                    return message, component
        raise AssertionError(f"nothing on the screen says {words!r}:\n{self.screen}")

    def _take(self, result: Any) -> None:
        """What came of it: a form, or an answer. One of them always comes."""
        self.form = result if result.modal is not None else None
        answers = [answer for answer in (result.response, *result.followups) if answer is not None]
        assert answers or self.form is not None, f"nothing came of it:\n{self.screen}"
        self.answered += 1
        if answers:
            self.answer = answers[-1]
            self.read.append(shown(self.answer))
