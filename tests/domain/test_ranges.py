from __future__ import annotations

from datetime import date

import pytest

from bot.domain.errors import Refused, TwoReadings
from bot.domain.numbers.ranges import read_range
from bot.domain.plausibility import Range
from bot.domain.times import day_number
from bot.domain.types import Kind


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("0 to 100", Range(0, 100)),
        ("5–10 USD", Range(5, 10)),
        ("5-10", Range(5, 10)),
        ("-5 to 5", Range(-5, 5)),
        ("-10--5", Range(-10, -5)),
        ("between 1,000 and 2 million", Range(1000, 2_000_000)),
        ("from 3 to 4", Range(3, 4)),
        ("at least 0", Range(0, None)),
        (">= 0", Range(0, None)),
        ("up to 50k", Range(None, 50_000)),
    ],
)
def test_a_range_of_numbers_is_read_in_the_usual_forms(text: str, stated: Range) -> None:
    assert read_range(text, kind=Kind.NUMERIC, unit="USD") == stated


def test_a_range_of_days_is_read() -> None:
    stated = read_range("1 Jan 2026 to 2027", kind=Kind.DATE)
    assert stated == Range(day_number(date(2026, 1, 1)), day_number(date(2027, 12, 31)))


@pytest.mark.parametrize("text", ["", "10", "10 to", "few to many", "5 to 7 to 9", "at least", "1 to 2 EUR", "x" * 10_000])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_range(text, kind=Kind.NUMERIC, unit="USD")


def test_a_range_that_goes_down_is_refused() -> None:
    with pytest.raises(Refused, match="Write the smaller end first"):
        read_range("10 to 5", kind=Kind.NUMERIC)


def test_a_number_that_can_mean_two_things_is_asked() -> None:
    with pytest.raises(TwoReadings):
        read_range("0 to 1.000", kind=Kind.NUMERIC)
