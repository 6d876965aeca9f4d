"""How numbers read on cards."""

from __future__ import annotations

import pytest

from bot.ui import text


@pytest.mark.parametrize(
    ("probability", "shown"),
    [
        (2.7e-12, "0.00000000027%"),
        (1e-10, "0.00000001%"),
        (2.7e-77, "2.7e-75%"),
        (9.4e-20, "9.4e-18%"),
        (0.0005, "0.05%"),
        (0.7, "70%"),
        (1 / 3, "33.3%"),
        (0, "0%"),
        (1, "100%"),
    ],
)
def test_a_share_is_written_out_unless_it_is_beyond_all_reason(probability: float, shown: str) -> None:
    assert text.percent(probability) == shown
