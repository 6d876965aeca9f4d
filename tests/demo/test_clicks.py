"""Whoever clicks around in the demo, however wildly, gets an answer every time, and nothing goes wrong behind it."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.demo.page import MENUS
from bot.demo.places import places_in
from tests.behaviour.conftest import ErrorLog, is_explained, raw, walk
from tests.demo.walking import BUTTON, CHOICE, PICKERS, Person, walked_demo

SEED = 20
PAUSE = 20.0
"""Seconds between two clicks. Cards that wait for an answer stop waiting one day; the simulation looks through all that do."""
COMMANDS = (
    "next",
    "vote",
    "help",
    "pack list",
    "prediction list",
    "settings me",
    "settings guild",
    "leaderboard",
    "reminders",
)
COMMANDS += ("profile", "calibration", "forecasts", "inbox", "clock", "settings votes")
WORDS = (
    "70",
    "no",
    "31 Dec 2027",
    "soon",
    "1:3",
    "",
    "x" * 50,
    "https://example.org",
    "@everyone",
    "in 2 weeks",
    "12",
    "😀",
)


@pytest.mark.parametrize("clicks", [100, pytest.param(500, marks=pytest.mark.soak)])
async def test_whatever_is_clicked_is_answered(clicks: int, tmp_path: Path) -> None:
    random, errors = Random(SEED), ErrorLog()
    logging.getLogger().addHandler(errors)
    try:
        async with walked_demo(tmp_path) as preview:
            people = [Person(preview, member) for member in preview.viewers]
            took: list[float] = []
            for _ in range(clicks):
                person, began = random.choice(people), time.monotonic()
                await step(person, random)
                took.append(time.monotonic() - began)
                preview.env.backend.advance_clock(PAUSE)
                assert [record.getMessage() for record in errors.records] == [], person.read[-1:]
            print(f"{clicks} clicks in {sum(took):.0f} s, the slowest in {max(took):.1f} s")
            assert [error for error in preview.env.errors if not is_explained(error)] == []
            assert sum(person.answered for person in people) == clicks
            for person in people:
                person.go("# predictions")
                await person.type("help")
                assert "### Almanac" in person.screen
    finally:
        logging.getLogger().removeHandler(errors)


async def step(person: Person, random: Random) -> None:
    """One click of somebody's: on a form that's open, to another place, in a message's menu, on a component that they see, or a
    command."""
    if person.form is not None and random.random() < 0.9:
        components = [label["component"] for label in person.form.modal["components"]]
        await person.submit_all({component["custom_id"]: typed(component, random) for component in components})
        return
    seen = [(message, component) for message in person.messages[:4] for component in usable(message)]
    if random.random() < 0.05:
        person.go(
            random.choice([channel["name"] for place in places_in(person.preview.env) for channel in place["channels"]])
        )
        return
    if person.messages and random.random() < 0.05:
        await person.use_menu_of(random.choice(person.messages[:4]), random.choice(MENUS))
        return
    if not seen or random.random() < 0.15:
        await person.type(random.choice(COMMANDS))
        return
    message, component = random.choice(seen)
    await person.use(message, component, random)


def usable(message: Any) -> list[dict[str, Any]]:
    """The buttons and lists of a message that can be used."""
    kinds = (BUTTON, CHOICE, *PICKERS)
    return [
        component
        for component in walk(raw(message))
        if component.get("type") in kinds and component.get("custom_id") and not component.get("disabled")
    ]


def typed(component: dict[str, Any], random: Random) -> str:
    """Something for a field: what's in it, or some words that fit it."""
    longest = component.get("max_length") or 4000
    words = component.get("value") if random.random() < 0.3 else random.choice(WORDS)
    words = (words or ("" if not component.get("required", True) else "70"))[:longest]
    return words or ("70" if component.get("required", True) else "")
