"""The most contested first: as far as the reader may see how far members are apart."""

from __future__ import annotations

import re

from db.database import Database
from tests.behaviour.conftest import Seen, World, new_world, slash
from tests.behaviour.voting.test_early_blindness import differences, parts
from tests.rows import empty

AGREED, APART, SOME = ((0.5,), (0.52,)), ((0.1,), (0.9,)), ((0.4,), (0.7,))


def codes(seen: Seen) -> list[int]:
    """The codes in a list, in order."""
    return [int(code) for code in re.findall(r"^\*\*#(\d+)\*\*", seen.text, re.MULTILINE)]


def set_out(world: World, *crowds: tuple[tuple[float], ...]) -> None:
    """A prediction for each of these crowds."""
    for code, crowd in enumerate(crowds, 1):
        world.create_prediction(f"Statement {code}")
        world.create_forecasts(code, *crowd)


async def test_the_list_begins_where_members_disagree_most(world: World) -> None:
    await slash(world.manager, world, "settings guild", blind=False)
    set_out(world, AGREED, APART, (), SOME)
    listed = await slash(world.bob, world, "prediction list", order="most contested")
    assert codes(listed) == [2, 4, 1, 3]
    assert "most contested first" in listed.text
    assert "middle half 10–90%" in listed.text
    listed = await listed.choose("Show other predictions…", "all")
    assert codes(listed) == [2, 4, 1, 3], "buttons keep the order"


async def test_what_is_hidden_from_the_reader_comes_last_in_its_usual_order(world: World) -> None:
    set_out(world, AGREED, APART, SOME)
    assert codes(await slash(world.bob, world, "prediction list", order="most contested")) == [1, 2, 3]
    await slash(world.bob, world, "forecast", prediction="3", probability="50")
    assert codes(await slash(world.bob, world, "prediction list", order="most contested")) == [3, 1, 2]
    assert codes(await slash(world.ada, world, "prediction list", order="most contested")) == [1, 2, 3]


async def test_pages_go_on_in_the_same_order(world: World) -> None:
    await slash(world.manager, world, "settings guild", blind=False)
    set_out(world, *[((0.5,), (0.5 + number / 100,)) for number in range(10)])
    first = await slash(world.bob, world, "prediction list", order="most contested")
    assert codes(first) == [10, 9, 8, 7, 6, 5, 4, 3]
    assert codes(await first.click("More ▸")) == [2, 1]


async def listed_with(database: Database, *crowds: tuple[tuple[float], ...]) -> list[str]:
    """What a member without a forecast is shown."""
    async with new_world(database) as world:
        set_out(world, *crowds)
        mark = world.mark
        for show in ("open", "unanswered", "all"):
            await slash(world.bob, world, "prediction list", show=show, order="most contested")
        return parts(world.sent_since(mark))


async def test_two_worlds_with_different_crowds_are_listed_alike(sqlite: Database) -> None:
    one = await listed_with(sqlite, AGREED, APART, SOME)
    empty(sqlite)
    other = await listed_with(sqlite, APART, SOME, AGREED)
    assert not differences(one, other), "\n".join(differences(one, other))
