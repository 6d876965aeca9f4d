"""Lists of predictions: filtering, sorting, turning pages, searching."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.types import Kind
from tests import factories
from tests.behaviour.conftest import Seen, World, slash

DAY = 86400.0
TAG = "forty characters | of a tag, no more of"


def codes(seen: Seen) -> list[int]:
    """The codes in a list, in order."""
    return [int(code) for code in re.findall(r"^\*\*#(\d+)\*\*", seen.text, re.MULTILINE)]


async def test_a_list_is_private_and_says_what_it_holds(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    world.create_forecasts(1, (0.7,))
    listed = await slash(world.ada, world, "prediction list")
    assert listed.is_private
    assert "### Open · 1 prediction" in listed.text
    assert "soonest first" in listed.text
    assert "**#1** GPT-6 is released" in listed.text
    assert "by 30 Jan 2026" in listed.text
    assert "· 1 forecast" in listed.text


async def test_what_is_shown_can_be_chosen(world: World) -> None:
    world.create_prediction("Closes soon", resolves_at=world.now + timedelta(days=2))
    world.create_prediction("Open and answered")
    world.create_prediction("Open and not answered")
    world.load(factories.create_document({"statement": "Withdrawn"}))
    await slash(world.manager, world, "pack drop", pack="pack")
    await slash(world.ada, world, "forecast", prediction="2", probability="70")
    await world.advance(3 * DAY)
    wanted = {"open": [2, 3], "unanswered": [3], "mine": [2], "closed": [1], "ended": [4], "all": [1, 2, 3, 4]}
    for show, found in wanted.items():
        assert sorted(codes(await slash(world.ada, world, "prediction list", show=show))) == found, show
    listed = await slash(world.ada, world, "prediction list")
    for show, found in wanted.items():
        listed = await listed.choose("Show other predictions…", show)
        assert sorted(codes(listed)) == found, show
    assert "-# annulled · 0 forecasts" in listed.text
    assert "-# closed, waiting for its vote" in listed.text
    assert "· you 70%" in listed.text


async def test_a_list_can_be_narrowed_by_kind_tag_and_pack(world: World) -> None:
    world.create_prediction("One", tags=("openai", "releases"))
    world.create_prediction("Two", kind=Kind.NUMERIC, tags=("Prices",))
    world.load(factories.create_document({"statement": "Three", "tags": ["openai"]}), slug="trends")
    for given, found in (
        ({"kind": "numeric"}, [2]),
        ({"kind": "date"}, []),
        ({"tag": "openai"}, [1, 3]),
        ({"tag": "OpenAI"}, [1, 3]),
        ({"tag": "prices"}, [2]),
        ({"pack": "trends"}, [3]),
        ({"pack": "Trends"}, [3]),
        ({"tag": "openai", "pack": "trends", "kind": "binary"}, [3]),
    ):
        assert codes(await slash(world.ada, world, "prediction list", **given)) == found, given
    narrowed = await slash(world.ada, world, "prediction list", tag="openai", pack="trends", kind="binary")
    assert "tag openai · pack trends · yes or no" in narrowed.text


async def test_a_list_can_be_sorted(world: World) -> None:
    world.create_prediction("One", resolves_at=world.now + timedelta(days=30))
    world.create_prediction("Two", resolves_at=world.now + timedelta(days=10))
    world.create_prediction("Three", resolves_at=world.now + timedelta(days=20))
    world.create_forecasts(3, (0.5,), (0.5,))
    world.create_forecasts(1, (0.5,))
    for order, found in (("soonest", [2, 3, 1]), ("newest", [3, 2, 1]), ("busiest", [3, 1, 2]), ("code", [1, 2, 3])):
        assert codes(await slash(world.ada, world, "prediction list", order=order)) == found, order


async def test_pages_hold_eight_and_turn(world: World) -> None:
    for number in range(1, 20):
        world.create_prediction(f"Statement {number}")
    first = await slash(world.ada, world, "prediction list", order="code")
    assert codes(first) == list(range(1, 9))
    assert "[◂ Back] (off)" in first.text
    assert "[Page 1 of 3] (off)" in first.text
    second = await first.click("More ▸")
    assert codes(second) == list(range(9, 17))
    third = await second.click("More ▸")
    assert codes(third) == [17, 18, 19]
    assert "[More ▸] (off)" in third.text
    assert codes(await third.click("◂ Back")) == list(range(9, 17))


async def test_a_page_keeps_its_filters(world: World) -> None:
    for number in range(1, 20):
        tags = (TAG,) if number % 2 else ()
        world.create_prediction(f"An unusually long statement about number {number}", tags=tags, kind=Kind.NUMERIC)
    words = "unusually long statement about number an unusual statement 1"
    assert len(words) == 60
    for given in (
        {"tag": TAG, "kind": "numeric", "show": "unanswered", "order": "newest"},
        {"order": "busiest"},
    ):
        first = await slash(world.ada, world, "prediction list", **given)
        title, found = first.text.splitlines()[:2], codes(first)
        second = await first.click("More ▸")
        assert second.text.splitlines()[:2] == title
        assert codes(second)
        assert not set(codes(second)) & set(found)
    first = await slash(world.ada, world, "prediction search", words=words)
    title, found = first.text.splitlines()[:2], codes(first)
    second = await first.click("More ▸")
    assert second.text.splitlines()[:2] == title
    assert sorted(found + codes(second)) == [1, *range(10, 20)]


async def test_a_page_of_a_pack_with_a_long_name_keeps_it(world: World) -> None:
    slug = "predictions-of-an-institute-with-a-very-long-name-indeed-2026-01"
    assert len(slug) == 64
    items = [{"statement": f"Statement {number}", "tags": ["agi"]} for number in range(12)]
    world.load(factories.create_document(*items), slug=slug)
    for given in ({}, {"tag": "agi"}):
        first = await slash(world.ada, world, "prediction list", pack=slug, order="code", show="unanswered", **given)
        assert codes(await first.click("More ▸")) == [9, 10, 11, 12]
    refused = await slash(world.ada, world, "prediction list", pack=slug, tag="a-tag-too-long-to-be-kept-beside-it")
    assert "Use the tag or the pack" in refused.text


async def test_one_is_opened_beside_the_list(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    listed = await slash(world.ada, world, "prediction list")
    card = await listed.choose("Open one…", "1")
    assert card.is_private
    assert card.message.id != listed.message.id
    assert "### #1 · GPT-6 is released" in card.text
    assert "Forecast" in card.buttons


async def test_the_select_says_what_one_has_forecast(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    assert "#1 GPT-6 is released (not forecast yet)" in (await slash(world.ada, world, "prediction list")).text
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert "#1 GPT-6 is released (you: 70%)" in (await slash(world.ada, world, "prediction list")).text


async def test_an_empty_list_says_what_to_do(world: World) -> None:
    assert "/pack list" in (await slash(world.ada, world, "prediction list")).text
    assert "/prediction add" in (await slash(world.ada, world, "prediction list")).text
    assert "/next" in (await slash(world.ada, world, "forecasts")).text
    assert "Try fewer words, or other ones." in (await slash(world.ada, world, "prediction search", words="gpt")).text
    assert "Choose All below" in (await slash(world.ada, world, "prediction list", tag="gpt")).text
    for show in ("unanswered", "closed", "ended", "all"):
        assert "/" in (await slash(world.ada, world, "prediction list", show=show)).text, show
    for given in ({"tag": "x" * 3000}, {"pack": "y" * 3000}, {"tag": "a|b|c"}):
        seen = await slash(world.ada, world, "prediction list", **given)
        assert "too long" in seen.text or "No matches" in seen.text
        assert len(seen.text) < 1500


# Searching.


async def test_search_finds_words_in_any_order_and_codes(world: World) -> None:
    world.create_prediction("OpenAI releases GPT-6 by March", tags=("frontier",))
    world.create_prediction("Google releases Gemini 4", kind=Kind.MULTIPLE_CHOICE, options=("Flash", "Pro"))
    for words, found in (
        ("gpt-6 openai", [1]),
        ("gpt6", [1]),
        ("releases", [1, 2]),
        ("gem", [2]),
        ("frontier", [1]),
        ("flash", [2]),
        ("#2", [2]),
        ("GOOGLE", [2]),
    ):
        assert sorted(codes(await slash(world.ada, world, "prediction search", words=words))) == found, words


async def test_search_forgives_small_typing_errors(world: World) -> None:
    world.create_prediction("OpenAI announces a telescope")
    world.create_prediction("Something else")
    for words in ("telescpoe", "anounces", "openia telescope", "teleskope"):
        assert codes(await slash(world.ada, world, "prediction search", words=words)) == [1], words


async def test_search_does_not_find_what_other_guilds_have(world: World) -> None:
    factories.create_prediction(world.database, now=world.now, statement="Their telescope")
    assert codes(await slash(world.ada, world, "prediction search", words="telescope")) == []


async def test_search_finds_the_new_words_of_an_edited_prediction_and_not_the_old(world: World) -> None:
    world.create_prediction("A telescope is launched")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="A microscope is built")
    assert codes(await slash(world.ada, world, "prediction search", words="microscope")) == [1]
    assert codes(await slash(world.ada, world, "prediction search", words="launched")) == []


async def test_a_search_says_what_was_looked_for(world: World) -> None:
    seen = await slash(world.ada, world, "prediction search", words="gpt *six* @everyone")
    assert "words “gpt \\*six\\* @\u200beveryone”" in seen.text
