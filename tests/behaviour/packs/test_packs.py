"""Packs: seeing them, adopting them, dropping them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.domain.types import State
from db.models import Adoption, Prediction
from tests import factories
from tests.behaviour.conftest import World, click, forge, raw, slash, walk


def arrange(world: World, *, adopted: bool = False) -> None:
    """A pack of two predictions in the library, one of them over already, and one whose text breaks off."""
    document = factories.create_document(
        {"statement": "GPT-6 is released", "window": {"end": "2026-12-31"}, "probability": 0.6},
        {"statement": "It rained", "window": {"end": "2025-06-30"}},
        title="Trends of 2026",
        authors=["Ann", "Ben", "Cid"],
        date="2025-12-31",
    )
    world.load(document, slug="trends", adopted=adopted)
    world.load(factories.create_document(title="Torn", truncated=True), slug="torn", adopted=False)


def predictions_in(world: World) -> int:
    """How many predictions this guild has."""
    return world.rows(select(func.count()).select_from(Prediction).where(Prediction.guild_id == world.guild.id))[0][0]


async def test_the_list_says_what_there_is_and_what_is_adopted(world: World) -> None:
    arrange(world)
    listed = await slash(world.ada, world, "pack list")
    assert listed.is_private
    assert "📄 **Trends of 2026**\n" in listed.text
    assert "Ann, Ben and 1 more, 31 Dec 2025 · 2 predictions" in listed.text
    assert "Torn" not in listed.text, "a pack without predictions has nothing to adopt"
    assert listed.buttons == []
    assert "Managers can adopt more of them." in listed.text
    await slash(world.manager, world, "pack adopt", pack="trends")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    listed = await slash(world.ada, world, "pack list")
    assert "✅ **Trends of 2026**\n" in listed.text
    assert "adopted · 1 of 2 open · 1 forecast" in listed.text


async def test_an_empty_library_says_who_fills_it(world: World) -> None:
    assert "The library is empty. Whoever runs this bot can fill it" in (await slash(world.ada, world, "pack list")).text


async def test_a_manager_adopts_a_pack_and_the_channel_is_told(world: World) -> None:
    arrange(world)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    told = await slash(world.manager, world, "pack adopt", pack="trends")
    assert told.is_private
    assert "Trends of 2026 is adopted" in told.text
    assert "2 predictions: #1 to #2." in told.text
    (announced,) = world.posts()
    assert "New predictions: Trends of 2026" in announced
    assert "2 predictions by Ann, Ben and 1 more, written 31 Dec 2025, 1 of them open." in announced
    assert "[Forecast them ▸]" in announced


async def test_adopting_posts_one_message_however_many_predictions(world: World) -> None:
    items = [{"statement": f"Statement {number}"} for number in range(60)]
    world.load(factories.create_document(*items), slug="many", adopted=False)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await slash(world.manager, world, "pack adopt", pack="many")
    await world.advance(120)
    assert len(world.posts()) == 1


async def test_the_announcement_leads_each_member_into_their_own_walk_and_list(world: World) -> None:
    arrange(world)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await slash(world.manager, world, "pack adopt", pack="trends")
    announced = world.messages()[0]
    walked = await click(world.ada, announced, "Forecast them ▸")
    assert walked.is_private
    assert "#1 · GPT-6 is released" in walked.text
    listed = await click(world.bob, announced, "See them")
    assert listed.is_private
    assert "pack trends" in listed.text
    assert "**#2** It rained" in listed.text
    assert len([post for post in world.posts() if "New predictions" in post]) == 1


async def test_a_pack_is_adopted_and_opened_from_the_list(world: World) -> None:
    arrange(world)
    listed = await slash(world.manager, world, "pack list")
    told = await listed.click("Adopt")
    assert "is adopted" in told.text
    assert "GPT-6 is released" in (await told.click("See them")).text
    listed = await slash(world.manager, world, "pack list")
    opened = await listed.click("See them")
    assert "**#1** GPT-6 is released" in opened.text


async def test_many_packs_are_listed_page_by_page_and_old_lists_still_work(world: World) -> None:
    for number in range(20):
        world.load(
            factories.create_document({"statement": "It rains"}, title=f"Pack {number:02}"), slug=f"p{number}", adopted=False
        )
    seen, listed = await slash(world.manager, world, "pack list"), ""
    for _ in range(3):
        listed += seen.text
        assert len(list(walk(raw(seen.message)))) <= 40
        seen = await seen.click("More ▸") if "[More ▸] (off)" not in seen.text else seen
    assert all(f"**Pack {number:02}**" in listed for number in range(20))
    old = await forge(world.manager, (await slash(world.manager, world, "settings votes")).message, "pack.adopt", "p3")
    assert "Pack 03 is adopted" in old.text


async def test_a_member_may_not_adopt_or_drop(world: World) -> None:
    arrange(world)
    for refused in (
        await slash(world.ada, world, "pack adopt", pack="trends"),
        await forge(world.ada, (await slash(world.ada, world, "help")).message, "pack.adopt:trends"),
    ):
        assert refused.is_private
        assert "Only managers can adopt packs" in refused.text
    assert predictions_in(world) == 0
    await slash(world.manager, world, "pack adopt", pack="trends")
    refused = await slash(world.ada, world, "pack drop", pack="trends")
    assert "Only managers can drop packs" in refused.text
    assert world.view(1).state is State.OPEN


@pytest.mark.parametrize(("asked", "states"), [({}, ["resolved", "open"]), ({"results": False}, ["closed", "open"])])
async def test_the_results_that_a_document_states_are_taken_unless_a_manager_says_no(
    world: World, asked: dict[str, bool], states: list[str]
) -> None:
    over = {"statement": "It rained", "window": {"end": "2025-06-30"}, "outcome": True}
    world.load(factories.create_document(over, {"statement": "GPT-6 is released"}), slug="graded", adopted=False)
    told = await slash(world.manager, world, "pack adopt", pack="graded", **asked)
    said = "1 of them came with the document's own result, so nobody here votes on those." in told.text
    assert said is (not asked)
    assert [str(state) for (state,) in world.rows(select(Prediction.state).order_by(Prediction.code))] == states
    assert world.rows(select(Adoption.with_results)) == [(not asked,)], "loading it again goes by the same"


async def test_adopting_twice_is_refused_and_changes_nothing(world: World) -> None:
    arrange(world, adopted=True)
    refused = await slash(world.manager, world, "pack adopt", pack="trends")
    assert (
        "This server has already adopted “Trends of 2026”. See its predictions with /prediction list pack:trends"
        in refused.text
    )
    assert predictions_in(world) == 2


async def test_dropping_annuls_what_nobody_forecast_and_keeps_the_rest(world: World) -> None:
    arrange(world, adopted=True)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    told = await slash(world.manager, world, "pack drop", pack="trends")
    assert "Trends of 2026 is dropped" in told.text
    assert "1 prediction without forecasts was annulled." in told.text
    assert "1 prediction that members have forecast stays." in told.text
    assert (world.view(1).state, world.view(2).state) == (State.OPEN, State.ANNULLED)
    assert world.rows(select(Adoption)) == []


async def test_a_dropped_pack_can_be_adopted_again(world: World) -> None:
    arrange(world, adopted=True)
    await slash(world.manager, world, "pack drop", pack="trends")
    told = await slash(world.manager, world, "pack adopt", pack="trends")
    assert "Trends of 2026 is back\n2 predictions, under the same codes as before." in told.text
    assert world.view(1).state is State.OPEN
    assert predictions_in(world) == 2


async def test_an_unknown_pack_is_refused_with_a_next_step(world: World) -> None:
    for command in ("pack adopt", "pack drop"):
        refused = await slash(world.manager, world, command, pack="nonsense " * 100)
        assert refused.is_private
        assert "There's no pack “nonsense" in refused.text
        assert "See the packs with /pack list" in refused.text
    arrange(world)
    refused = await slash(world.manager, world, "pack drop", pack="trends")
    assert "hasn't adopted “Trends of 2026”, so there's nothing to drop" in refused.text


async def test_a_pack_without_predictions_says_so_and_is_not_announced(world: World) -> None:
    arrange(world)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    told = await slash(world.manager, world, "pack adopt", pack="torn")
    assert "It has no predictions: its text breaks off before they start." in told.text
    assert "Forecast them ▸" not in told.buttons
    assert world.posts() == []


async def test_the_author_is_shown_beside_the_members(world: World) -> None:
    arrange(world, adopted=True)
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "**Ann, Ben and 1 more** 60%" in card.text
    assert "-# From Trends of 2026 · Ann, Ben and 1 more · 31 Dec 2025" in card.text
    card = await slash(world.ada, world, "prediction show", prediction="2")
    assert "**Ann, Ben and 1 more** give no probability" in card.text


async def test_a_result_that_came_with_its_document_is_marked_as_the_documents_own(world: World) -> None:
    graded = {"statement": "It rained", "window": {"end": "2025-06-30"}, "outcome": True, "url": "https://example.org/q/1"}
    to_come = {"statement": "It snows", "window": {"end": "2026-12-31"}}
    world.load(factories.create_document(graded, to_come, title="Weather"), slug="weather")
    shown = await slash(world.ada, world, "prediction show", prediction="1")
    assert "**Result** yes · as the document itself says; nobody here voted" in shown.text
    assert "[question](https://example.org/q/1)" in shown.text
    await slash(world.ada, world, "forecast", prediction="2", probability="70")
    world.load(factories.create_document(graded, to_come | {"outcome": False}, title="Weather"), slug="weather")
    shown = await slash(world.ada, world, "prediction show", prediction="2")
    assert "The document says: no. Members decide." in shown.text
