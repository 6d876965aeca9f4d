"""Two worlds that differ in a hidden crowd alone look the same to followers who haven't forecast, and in every post."""

from __future__ import annotations

from bot.domain.types import Actor
from bot.services.forecasting import forecasts
from db.database import Database
from tests.behaviour.conftest import World, click, new_world, shown, slash
from tests.behaviour.reminding.test_digests import letters
from tests.behaviour.voting.test_early_blindness import blobs, differences, parts
from tests.rows import empty

DAY, HOUR = 86400.0, 3600.0


def move_crowd(world: World, first: int, to: float, *, codes: int = 3) -> None:
    """Three further members forecast the first few predictions."""
    for number in range(first, first + 3):
        actor = Actor(world.guild.id, 5000 + number, f"forecaster{number}")
        for code, values in list({1: (to,), 2: (to, 1 - to), 3: (1.0, 100 * to, 101.0)}.items())[:codes]:
            world.database.run_here(forecasts.place, actor, code=code, values=values, now=world.now)


async def live_through(database: Database, to: float) -> tuple[dict[str, list[str]], list[bytes], str]:
    """A week in which the crowd moves from 30% to somewhere: what each follower and the channel get, the files, and the letter of a
    follower who has forecast."""
    async with new_world(database) as world:
        cleo = world.guild.add_member(world.env.create_user("cleo"))
        role = world.guild.create_role("Pings")
        await world.env.settle()
        world.may_mention |= {world.ada.id, role.id}
        await slash(world.manager, world, "settings guild", channel=world.channel, weekly="Sunday", ping_role=role)
        for given in (
            {"statement": "It rains in Paris"},
            {"statement": "Who leads?", "kind": "multiple_choice", "options": "OpenAI; Google", "tags": "labs"},
            {"statement": "How much?", "kind": "numeric", "unit": "USD"},
        ):
            await slash(world.manager, world, "prediction add", by="31 Jan 2026", **given)
        await world.advance(60)
        await slash(world.ada, world, "settings me", news="mention")
        for member in (world.ada, world.bob, cleo):
            for code in ("1", "2", "3"):
                await slash(member, world, "prediction follow", prediction=code)
            await slash(member, world, "prediction follow", tag="labs")
        await slash(cleo, world, "forecast", prediction="1", probability="30")
        move_crowd(world, 0, 0.3)
        await world.advance(DAY + 10 * HOUR)
        move_crowd(world, 3, to)
        move_crowd(world, 6, to)
        await slash(world.manager, world, "prediction edit", prediction="2", statement="Who leads in March?")
        await world.advance(DAY)
        for _ in range(3):
            await world.advance(DAY)
        mark = world.mark
        for member in (world.ada, world.bob):
            await slash(member, world, "prediction follow")
            await (await slash(member, world, "prediction show", prediction="1")).click("Details")
            await slash(member, world, "settings me")
        digest = next(message for message in world.messages() if "This week in" in shown(message))
        await click(world.bob, digest, "See everything")
        seen: dict[str, list[str]] = {"channel": world.posts(), "looked at": [world.sent_since(mark)]}
        seen |= {name: letters(member) for name, member in (("ada", world.ada), ("bob", world.bob))}
        assert len(seen["bob"]) == 1
        assert "new words" in seen["bob"][0]
        mine = "\n".join(letters(cleo))
        return {name: parts("\n".join(told)) for name, told in seen.items()}, blobs(world), mine


async def test_news_and_digests_say_nothing_of_a_hidden_crowd(sqlite: Database) -> None:
    still, still_files, still_letter = await live_through(sqlite, 0.31)
    empty(sqlite)
    moved, moved_files, moved_letter = await live_through(sqlite, 0.9)
    for name, told in still.items():
        assert not differences(told, moved[name]), (name, differences(told, moved[name]))
    assert still_files == moved_files
    assert len(still_files) >= 1
    assert "moved from 30%" not in still_letter
    assert "moved from 30%" in moved_letter  # who has forecast may see it


async def test_what_a_follower_may_see_follows_their_forecast(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="It rains", by="31 Dec 2026")
    for member in (world.ada, world.bob):
        await slash(member, world, "prediction follow", prediction="1")
    move_crowd(world, 0, 0.3, codes=1)
    await world.advance(DAY + 10 * HOUR)
    await slash(world.bob, world, "forecast", prediction="1", probability="30")
    await slash(world.ada, world, "forecast", prediction="1", probability="30")
    withdrawn = await slash(world.ada, world, "forecast", prediction="1")
    await withdrawn.click("Withdraw")
    move_crowd(world, 3, 0.9, codes=1)
    move_crowd(world, 6, 0.9, codes=1)
    await world.advance(DAY)
    assert "moved from 30%" in "".join(letters(world.bob))
    assert letters(world.ada) == []
