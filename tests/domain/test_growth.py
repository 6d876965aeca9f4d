"""That ten times as many forecasts take about ten times as long, not a hundred times."""

from __future__ import annotations

import pytest

from tests.bench.growth import WAYS, Way, seconds_for

TRIES = 5


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_eight_times_as_many_take_about_eight_times_as_long(way: Way) -> None:
    seconds_for(way, 500)  # what only the first call takes
    # In proportion it's 8 times, each with each 64 times. A busy machine may spoil one try, but not each of them.
    assert any(seconds_for(way, 40_000) < 24 * seconds_for(way, 5_000) for _ in range(TRIES))
