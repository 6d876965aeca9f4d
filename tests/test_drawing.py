"""Drawing beside the loop: in order, once for what is the same, never without end, and never in the way of a message."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from bot.domain.types import Kind
from bot.drawing import MAX_WAITING, Drawing
from bot.ui.charts.data import CalibrationChart, ChartSubject, SpreadChart
from bot.ui.charts.pictures import draw


@pytest.fixture
async def drawing() -> AsyncIterator[Drawing]:
    made = Drawing()
    yield made
    made.close()


def chart(number: int = 0) -> CalibrationChart:
    return CalibrationChart("Ann", str(number), ())


async def test_a_picture_is_what_the_pure_function_draws(drawing: Drawing) -> None:
    assert await drawing.draw(chart()) == draw(chart())


async def test_the_same_chart_asked_for_at_once_is_drawn_once(drawing: Drawing) -> None:
    first, second, other = await asyncio.gather(drawing.draw(chart(1)), drawing.draw(chart(1)), drawing.draw(chart(2)))
    assert first is not None
    assert first is second
    assert other is not None
    assert other is not first


async def test_beyond_the_bound_messages_go_without_a_picture_and_later_ones_have_theirs(
    drawing: Drawing, caplog: pytest.LogCaptureFixture
) -> None:
    found = await asyncio.gather(*(drawing.draw(chart()) for _ in range(MAX_WAITING + 5)))
    assert [picture is None for picture in found] == [False] * MAX_WAITING + [True] * 5
    assert "waiting, so a CalibrationChart was left out" in caplog.text
    assert await drawing.draw(chart()) is not None


async def test_a_picture_that_fails_is_logged_and_left_out(drawing: Drawing, caplog: pytest.LogCaptureFixture) -> None:
    broken = SpreadChart(ChartSubject(1, "s", Kind.MULTIPLE_CHOICE, ("one",)), None, (0.5, 0.5), None)
    assert await drawing.draw(broken) is None
    assert "drawing a SpreadChart failed" in caplog.text
    assert await drawing.draw(chart()) is not None


async def test_whoever_stops_waiting_leaves_the_queue(drawing: Drawing) -> None:
    asked = [asyncio.create_task(drawing.draw(chart(number))) for number in range(MAX_WAITING)]
    await asyncio.sleep(0)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert await drawing.draw(chart()) is not None


async def test_drawing_is_done_on_a_thread_of_its_own(drawing: Drawing) -> None:
    await drawing.warm()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("drawing")] == ["drawing_0"]
