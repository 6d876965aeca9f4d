"""The charts of a prediction: behind a button, as their reader may see them, and never in the way of the message."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.outcomes import YES, Outcome
from bot.domain.types import Kind
from bot.drawing import Drawing
from bot.services.forecasting import forecasts
from bot.ui.charts.data import CalibrationChart, Picture
from bot.ui.charts.pictures import draw
from tests import factories
from tests.behaviour.conftest import Seen, World, forge, raw, slash, walk
from tests.services.scoring import scored

NUMBER = "63.7"
PNG = b"\x89PNG"


@pytest.fixture(scope="module", autouse=True)
def _drawn_before() -> None:
    """The first picture takes seconds."""
    draw(CalibrationChart("", "", ()))


def alt(message: Any) -> str:
    """The alt text of a message's only picture."""
    (item,) = (item for found in walk(raw(message)) for item in found.get("items", ()))
    return item["description"]


async def png(message: Any) -> bytes:
    """A message's only picture."""
    (attachment,) = message.attachments
    return await attachment.read()


async def chart_of(member: Any, world: World, code: str = "1") -> Seen:
    """The chart, from the card."""
    return await (await slash(member, world, "prediction show", prediction=code)).click("Chart")


async def test_the_card_leads_to_the_chart_and_back(world: World) -> None:
    world.create_prediction("It rains in Paris")
    world.create_forecasts(1, (0.2,), (0.4,))
    await slash(world.ada, world, "forecast", prediction="1", probability="60")
    chart = await chart_of(world.ada, world)
    assert chart.is_private
    assert "It rains in Paris" in chart.text
    assert alt(chart.message).startswith("History of #1 It rains in Paris. Crowd")
    assert (await png(chart.message)).startswith(PNG)
    spread = await chart.click("Current forecasts")
    assert alt(spread.message).startswith("Current forecasts of #1 It rains in Paris. 3 forecasts")
    assert [attachment.filename for attachment in spread.message.attachments] == ["forecasts-1.png"]
    again = await spread.click("Over time")
    assert [attachment.filename for attachment in again.message.attachments] == ["history-1.png"]
    card = await again.click("Back to the card")
    assert "Details" in card.buttons
    assert card.message.attachments == []


async def test_the_details_lead_to_it_too_and_its_file_goes(world: World) -> None:
    world.create_prediction("It rains", criteria="*" * 2000)
    await slash(world.ada, world, "forecast", prediction="1", probability="60")
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    assert [attachment.filename for attachment in details.message.attachments] == ["prediction-1.txt"]
    chart = await details.click("Chart")
    assert [attachment.filename for attachment in chart.message.attachments] == ["history-1.png"]


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_has_both_charts(world: World, kind: Kind) -> None:
    typed = {
        "binary": "60",
        "multiple_choice": "50; 30; 20",
        "numeric": "1; 2; 3",
        "date": "1 Feb 2026; 2 Feb 2026; 3 Mar 2026",
    }
    world.create_prediction(kind=kind)
    await slash(world.bob, world, "forecast", prediction="1", probability=typed[kind])
    await slash(world.ada, world, "forecast", prediction="1", probability=typed[kind])
    chart = await chart_of(world.ada, world)
    spread = await chart.click("Current forecasts")
    assert "2 forecasts" in alt(spread.message)


async def test_what_was_said_a_moment_ago_is_on_it(world: World) -> None:
    world.create_prediction()
    await world.advance(3599)
    await slash(world.ada, world, "forecast", prediction="1", probability="63.7")
    assert f"you: {NUMBER}%" in alt((await chart_of(world.ada, world)).message)


async def test_the_blind_get_no_picture_of_others_but_the_sentence(world: World) -> None:
    world.create_prediction()
    world.create_forecasts(1, (0.637,), (0.637,))
    mark = world.mark
    chart = await chart_of(world.bob, world)
    assert "**2 forecasts** · the crowd is hidden until you make yours" in chart.text
    assert chart.message.attachments == []
    assert chart.buttons == ["Forecast", "Back to the card"]
    for name in ("chart.spread:1", "chart.history:1", "chart.post:1:history", "chart.post:1:spread"):
        seen = await forge(world.bob, chart.message, name)
        assert seen.is_private
        assert seen.message.attachments == []
        chart = await chart_of(world.bob, world)
    assert NUMBER not in world.sent_since(mark)


async def test_to_the_blind_the_chart_stays_the_same_whatever_the_others_do(world: World) -> None:
    world.create_prediction("It rains")
    world.create_forecasts(1, (0.2,))
    await slash(world.bob, world, "forecast", prediction="1", probability="20")
    await world.advance(3600)
    await (await slash(world.bob, world, "forecast", prediction="1")).click("Withdraw")
    await world.advance(3600)
    found: list[tuple[bytes, str]] = []
    for others in ([], [(0.637,)], [(0.9,), (0.95,), (0.05,)]):
        world.create_forecasts(1, *others)
        chart = await chart_of(world.bob, world)
        assert "The crowd is hidden until you forecast; you: withdrawn" in alt(chart.message)
        found.append((await png(chart.message), alt(chart.message)))
    assert found[0] == found[1] == found[2]


async def test_the_authors_number_is_on_it_unless_the_guild_hides_it(world: World) -> None:
    world.load(factories.create_document({"statement": "It rains", "probability": 0.637}))
    chart = await chart_of(world.bob, world)
    assert f"the author: {NUMBER}%" in alt(chart.message)
    await slash(world.manager, world, "settings guild", hide_author=True)
    mark = world.mark
    chart = await chart_of(world.bob, world)
    assert chart.message.attachments == []
    await forge(world.bob, chart.message, "chart.spread:1")
    assert NUMBER not in world.sent_since(mark)


async def test_it_is_posted_for_everybody_once_everybody_may_see_it(world: World) -> None:
    world.create_prediction("It rains in Paris")
    world.create_forecasts(1, (0.637,), (0.637,))
    await slash(world.ada, world, "forecast", prediction="1", probability="11.3")
    chart = await chart_of(world.ada, world)
    assert "Post chart here" not in chart.buttons
    refused = await forge(world.ada, chart.message, "chart.post:1:history")
    assert "Members who haven't forecast on #1 can't see its crowd yet" in refused.text
    assert refused.is_private
    assert world.posts() == []
    scored.resolve(world.database, 1, Outcome(YES), guild_id=world.guild.id, now=world.now + timedelta(hours=1))
    await world.advance(7200)
    before = len(world.posts())
    for label, name in (("Post chart here", "history-1.png"), ("Current forecasts", "forecasts-1.png")):
        chart = await chart_of(world.ada, world)
        assert "you: 11.3%" in alt(chart.message)
        if label == "Current forecasts":
            chart = await chart.click(label)
        posted = await chart.click("Post chart here")
        assert not posted.is_private
        assert "you:" not in alt(posted.message)
        assert "**You**" not in posted.text
        assert posted.message.attachments[0].filename == name
        assert posted.buttons == ["Details"]
    assert len(world.posts()) == before + 2


async def test_a_chart_of_nothing_is_neither_drawn_nor_posted(world: World) -> None:
    world.create_prediction()
    await slash(world.manager, world, "settings guild", blind=False)
    chart = await chart_of(world.ada, world)
    assert "**No forecasts yet** · be the first" in chart.text
    assert chart.message.attachments == []
    assert "Post chart here" not in chart.buttons
    refused = await forge(world.ada, chart.message, "chart.post:1:history")
    assert "Nobody has forecast on #1" in refused.text


async def test_forged_buttons_lead_to_a_sentence(world: World) -> None:
    there = factories.create_actor("eve", guild_id=factories.OTHER_GUILD, manager=True)
    for _ in range(3):
        view = factories.create_prediction(world.database, now=world.now, by=there, statement="Secret elsewhere")
        world.database.run_here(forecasts.place, there, code=view.code, values=(0.637,), now=world.now)
    world.create_prediction()
    mark = world.mark
    for name in (
        *(f"chart.{what}:{code}" for what in ("history", "spread") for code in (3, 0, "x", "", "-1", "9" * 12, "1:2")),
        *(f"chart.post:{argument}" for argument in ("3:history", "1:secrets", "1", "", ":", "x:history", "1:__class__")),
    ):
        card = await slash(world.ada, world, "prediction show", prediction="1")
        seen = await forge(world.ada, card.message, name)
        assert seen.is_private, name
        assert "⚠️" in seen.text, name
        assert "Something went wrong" not in seen.text, name
    sent = world.sent_since(mark)
    assert NUMBER not in sent
    assert "Secret" not in sent


async def test_without_its_picture_the_message_says_so_and_has_it_in_words(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="63.7")
    world.bot.drawing.close()
    chart = await chart_of(world.ada, world)
    assert "I couldn't draw the picture just now. In words: History of #1" in chart.text
    assert f"you: {NUMBER}%" in chart.text
    assert chart.message.attachments == []
    for name, options in (("profile", {}), ("calibration", {})):
        assert (await slash(world.ada, world, name, **options)).is_private


class SlowDrawing(Drawing):
    """Takes longer than Discord waits for an answer."""

    async def draw(self, chart: Any) -> Picture | None:
        await asyncio.sleep(1.3)
        return await super().draw(chart)


async def test_a_slow_picture_comes_late_but_comes(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="60")
    card = await slash(world.ada, world, "prediction show", prediction="1")
    world.bot.drawing = SlowDrawing()
    chart = await card.click("Chart")
    assert chart.is_private
    assert [attachment.filename for attachment in chart.message.attachments] == ["history-1.png"]
    assert world.requests("POST", "/callback")[-1].json == {"type": 6}
