"""/series, as members see it."""

from __future__ import annotations

from sqlalchemy import select

from db.models import Prediction
from tests.behaviour.conftest import World, ask, slash


async def test_a_series_is_shown_whole_before_it_is_added(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    given = {
        "statement": "*Rain* by the end of {quarter}",
        "first": "2027",
        "last": "Q4 2027",
        "criteria": "As {year} shows",
    }
    asked = await ask(world.ada, world, "series", **given)
    assert asked.is_private
    assert "### Add 4 predictions?" in asked.text
    for quarter, day in (("Q1", "31 Mar"), ("Q2", "30 Jun"), ("Q3", "30 Sep"), ("Q4", "31 Dec")):
        assert f"- \\*Rain\\* by the end of {quarter} 2027 · by {day} 2027" in asked.text
    assert "**Criteria of the first** As 2027 shows" in asked.text
    assert f"The card of the first goes to <#{world.channel.id}>." in asked.text
    assert world.rows(select(Prediction.id)) == []
    done = await asked.click("Add 4 predictions")
    assert "Added: **#1 to #4**, 4 predictions." in done.text
    assert world.view(4).statement == "*Rain* by the end of Q4 2027"
    assert sum("by the end of" in post for post in world.posts()) == 1


async def test_a_template_that_cannot_be_used_is_refused_and_nothing_stored(world: World) -> None:
    for given, words in (
        ({"statement": "Rain in {week}"}, "I don't know the placeholder {week}. There are {month}, {quarter} and {year}."),
        ({"statement": "Rain"}, "The statement has no placeholder"),
        ({"statement": "Rain in {month}", "last": "2029"}, "at most 24"),
        ({"statement": "Rain in {month}", "first": "whenever"}, "I can't read “whenever”"),
        ({"statement": "Rain in {month}", "kind": "numeric"}, "Give the number's unit"),
        ({"statement": "Rain in {month}", "tags": "rain, x {Year}"}, "{Year} can't be in the tags"),
        ({"statement": "Rain in {month}", "kind": "numeric", "unit": "mm in {month}"}, "{month} can't be in the unit"),
        ({"statement": "Rain in {month}", "kind": "numeric", "unit": "mm", "range": "0 to {year}"}, "can't be in the range"),
        ({"statement": "Who leads in {year}", "kind": "multiple_choice", "options": "A in {month}; B"}, "{month} has to be"),
    ):
        refused = await ask(world.ada, world, "series", **({"first": "Jan 2027", "last": "2027"} | given))
        assert words in refused.text
    assert world.rows(select(Prediction.id)) == []


async def test_a_series_again_leaves_out_what_is_there_and_says_so(world: World) -> None:
    given = {"statement": "It rains in {month}", "first": "Jan 2031"}
    await slash(world.ada, world, "series", **given, last="Feb 2031")
    asked = await ask(world.bob, world, "series", **given, last="Mar 2031")
    assert "### Add 1 prediction?" in asked.text
    assert "- It rains in March 2031 · by 31 Mar 2031" in asked.text
    assert "- It rains in February 2031 · left out: #2 says the same" in asked.text
    assert "Added: **#3**" in (await asked.click("Add 1 prediction")).text
    refused = await ask(world.bob, world, "series", **given, last="Mar 2031")
    assert "All of these are there already: #1, #2 and #3." in refused.text
