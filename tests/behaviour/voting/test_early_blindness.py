"""While an early vote runs, nobody learns anything of the hidden crowd: two worlds that differ in it alone look the same."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from difflib import unified_diff
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.types import Actor, State
from bot.services.forecasting import forecasts
from db.database import Database
from db.models import Forecast, Prediction, Score, Vote, VoteState
from tests.behaviour.conftest import World, click, new_world, slash
from tests.behaviour.predictions.test_blindness import look_everywhere
from tests.rows import empty

DAY, HOUR = 86400.0, 3600.0
BY_CHANCE = re.compile(
    r'"custom_id": "[0-9a-f]{32}"|"id": \d+|<t:\d+|"nonce": "\d+|(?<=setting.choose:)\w+\|\d+|(?<=waiting\.)\w+:[0-9a-f]{16}'
)
"""discord.py gives forms and components names by chance, and the pretend clock runs on by a second or so while the bot works."""


WHEN = re.compile(rb'(?<="exported_at":")[^"]+|(?<=DTSTAMP:)\w+|(?<=LAST-MODIFIED:)\w+')


@dataclass(frozen=True, slots=True)
class Seen:
    """What members are told and what stands in the channel, part by part, and all files they are given."""

    told: list[str]
    files: list[bytes]


def parts(told: str) -> list[str]:
    """What was sent to Discord, in parts that can be compared."""
    return BY_CHANCE.sub("by chance", told).replace("}, {", "}\n{").split("\n")


def differences(one: list[str], other: list[str]) -> list[str]:
    """The parts that only one of them has."""
    return [line for line in unified_diff(one, other, lineterm="", n=0) if line[:1] in "+-"]


async def arrange(world: World, crowd: float) -> list[Any]:
    """A prediction of three kinds, each with a crowd of three. Returns members who have been here for two days."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    people = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(5)]
    for given in (
        {"statement": "It rains in Paris"},
        {"statement": "Who leads?", "kind": "multiple_choice", "options": "OpenAI; Google", "tags": "labs"},
        {"statement": "How much?", "kind": "numeric", "unit": "USD"},
    ):
        await slash(world.manager, world, "prediction add", by="31 Dec 2026", **given)
    for number in range(3):
        actor = Actor(world.guild.id, 5000 + number, f"forecaster{number}", joined_at=world.now - timedelta(days=400))
        part = crowd + number / 50
        for code, values in {1: (part,), 2: (part, 1 - part), 3: (1.0, 100 * part, 101.0)}.items():
            world.database.run_here(forecasts.place, actor, code=code, values=values, now=world.now)
    await world.advance(2 * DAY)
    await world.advance(60)
    return people


async def call_early_vote(world: World) -> None:
    """Ada proposes that it has happened, and Bob seconds it."""
    facts = {"outcome": "yes", "happened": "1 hour ago", "link": "https://example.com/rain"}
    proposed = await slash(world.ada, world, "resolution propose", prediction="1", **facts)
    await click(world.bob, proposed.message, "Second it")
    await world.advance(60)
    assert world.rows(select(Vote.state, Vote.is_early)) == [(VoteState.OPEN, True)]


async def look(member: Any, world: World) -> Seen:
    """All that shows predictions, votes, rankings and exports, as one member may see it."""
    mark, files = world.mark, len(blobs(world))
    await look_everywhere(member, world)
    for code in ("1", "2", "3"):
        for name in ("resolution status", "resolution log"):
            await slash(member, world, name, prediction=code)
    listed = await slash(member, world, "vote")
    if "<Vote on…>" in listed.text:
        await listed.choose("Vote on…", "1")
    for name in ("leaderboard", "export data", "export calendar", "reminders"):
        await slash(member, world, name)
    told = "\n".join([world.sent_since(mark), *world.posts()])
    return Seen(parts(told), blobs(world)[files:])


def blobs(world: World) -> list[bytes]:
    """All files that the bot has sent, oldest first; an archive as what's in it."""
    found: list[bytes] = []
    for blob in world.env.backend.cdn._blobs.values():
        if blob[:2] == b"PK":
            archive = zipfile.ZipFile(io.BytesIO(blob))
            found += [archive.read(name) for name in archive.namelist()]
        else:
            found.append(blob)
    return [WHEN.sub(b"now", file) for file in found]


async def seen_during_an_early_vote(database: Database, crowd: float) -> list[Seen]:
    """What a member who has not forecast and a manager see while it's open, and while its result is provisional."""
    seen: list[Seen] = []
    async with new_world(database) as world:
        people = await arrange(world, crowd)
        await call_early_vote(world)
        await (await slash(people[0], world, "vote", prediction="1")).click("Yes, as proposed")
        await world.advance(60)
        seen += [await look(people[4], world), await look(world.manager, world)]
        await world.advance(DAY)
        await world.advance(60)
        assert "It becomes final" in "\n".join(world.posts())
        assert world.rows(select(Prediction.state).where(Prediction.code == 1)) == [(State.OPEN,)]
        seen.append(await look(people[4], world))
    return seen


async def test_two_worlds_with_different_crowds_look_the_same_during_an_early_vote(sqlite: Database) -> None:
    low = await seen_during_an_early_vote(sqlite, 0.137)
    empty(sqlite)
    high = await seen_during_an_early_vote(sqlite, 0.837)
    for one, other in zip(low, high, strict=True):
        assert not differences(one.told, other.told), "\n".join(differences(one.told, other.told))
        for file, same in zip(one.files, other.files, strict=True):
            assert file == same
    assert all(len(seen.files) >= 2 for seen in low), "the export and the calendar, at least"


@pytest.mark.soak
async def test_after_an_early_vote_that_failed_all_looks_as_before(world: World) -> None:
    people = await arrange(world, 0.137)
    for member in (world.ada, world.bob):
        await slash(member, world, "forecast", prediction="2", probability="50; 50")
    await look_everywhere(people[4], world)  # what they skip in /next stays skipped
    columns = [column for column in Prediction.__table__.c if column.name != "next_step_at"]
    before, stood = await look_everywhere(people[4], world), world.rows(select(*columns))
    await call_early_vote(world)
    for person in people[:4]:
        await (await slash(person, world, "vote", prediction="1")).click("Not yet")
    await world.advance(3 * DAY + HOUR)
    assert world.rows(select(Vote.state, Vote.result["has_failed"].as_boolean())) == [(VoteState.CANCELLED, True)]
    after = await look_everywhere(people[4], world)
    assert not differences(parts(before), parts(after)), "\n".join(differences(parts(before), parts(after)))
    assert world.rows(select(*columns)) == stood
    assert world.rows(select(func.count()).select_from(Forecast).where(Forecast.ended_at.is_(None))) == [(11,)]
    assert world.rows(select(func.count()).select_from(Score)) == [(0,)]
    assert "You said **70%**" in (await slash(people[4], world, "forecast", prediction="1", probability="70")).text
