"""What a command or click needs from the database, it gets in one trip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.behaviour.conftest import World, click, slash
from tests.behaviour.voting.test_votes import DATE, arrange, posted, until

COMMANDS = {
    "forecast with a number": ("forecast", {"prediction": "1", "probability": "70"}),
    "forecast": ("forecast", {"prediction": "1"}),
    "forecasts": ("forecasts", {}),
    "next": ("next", {}),
    "prediction show": ("prediction show", {"prediction": "1"}),
    "prediction follow": ("prediction follow", {}),
    "prediction follow one": ("prediction follow", {"prediction": "1"}),
    "prediction list": ("prediction list", {}),
    "prediction search": ("prediction search", {"words": "GPT-6"}),
    "vote": ("vote", {}),
    "resolution status": ("resolution status", {"prediction": "1"}),
    "resolution log": ("resolution log", {"prediction": "1"}),
    "remind": ("remind", {"prediction": "1", "when": "in 2 weeks"}),
    "reminders": ("reminders", {}),
    "leaderboard": ("leaderboard", {}),
    "profile": ("profile", {}),
    "calibration": ("calibration", {}),
    "calibration of the crowd": ("calibration", {"of": "the crowd"}),
    "pack list": ("pack list", {}),
    "settings me": ("settings me", {}),
}


@contextmanager
def transactions(world: World) -> Iterator[list[str]]:
    """Every transaction that begins meanwhile. Nothing is delivered, so they're all the command's own."""
    world.bot.scheduler.stop()
    begun: list[str] = []

    def note(_connection: object) -> None:
        begun.append("BEGIN")

    event.listen(world.database.engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(world.database.engine, "begin", note)


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_asks_the_database_once(world: World, name: str) -> None:
    world.create_prediction()
    command, given = COMMANDS[name]
    with transactions(world) as begun:
        await slash(world.ada, world, command, **given)
    assert len(begun) == 1


async def test_clicks_ask_the_database_once(world: World) -> None:
    world.create_prediction()
    panel = await slash(world.ada, world, "forecast", prediction="1")
    with transactions(world) as begun:
        placed = await panel.choose("How likely is it?", "0.7")
    assert "You said **70%**" in placed.text
    assert len(begun) == 1


async def test_a_ballot_asks_the_database_once(world: World) -> None:
    people = await arrange(world, members=1)
    await until(world, DATE)
    paper = await click(people[0], posted(world, "What happened?"), "Vote")
    with transactions(world) as begun:
        taken = await paper.click("Yes")
    assert "You voted **Yes**" in taken.text
    assert len(begun) == 1
