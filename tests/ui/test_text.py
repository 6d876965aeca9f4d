"""How numbers read on cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (0.9995, "99.95%"),
        (0.99951, "99.951%"),
        (0.99999, "99.999%"),
        (0.9991, "99.91%"),
        (0.9999999999999999, "99.99999999999999%"),
        (0, "0%"),
        (1, "100%"),
    ],
)
def test_a_share_is_written_out_unless_it_is_beyond_all_reason(probability: float, shown: str) -> None:
    assert text.percent(probability) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0%"), (1, "100%"), (1 - 1e-12, "100%"), (0.996, "99%"), (0.004, "1%"), (0.333, "33%")]
)
def test_only_none_and_all_read_0_and_100_percent(share: float, shown: str) -> None:
    assert text.whole_percent(share) == shown


@given(st.floats(1e-300, 1, exclude_max=True))
def test_no_probability_between_reads_0_or_100_percent(probability: float) -> None:
    assert text.percent(probability) not in ("0%", "100%", "100.0%")
