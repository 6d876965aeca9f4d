"""That ten times as many forecasts take about ten times as long, not a hundred times."""

from __future__ import annotations

import pytest

from tests.bench.growth import WAYS, Way, seconds_for


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_eight_times_as_many_take_about_eight_times_as_long(way: Way) -> None:
    seconds_for(way, 500)  # what only the first call takes
    few, many = seconds_for(way, 5_000), seconds_for(way, 40_000)
    assert many < 24 * few  # in proportion: 8 times; each with each: 64 times
