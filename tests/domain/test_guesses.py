"""One guess, and how far off it may be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import read_answer
from bot.domain.errors import Refused, TwoReadings
from bot.domain.guesses import read_guess
from bot.domain.times import day_number
from bot.domain.types import Kind

JUNE = day_number(date(2027, 6, 15))


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("12 ± 3", (9, 12, 15)),
        ("12±3", (9, 12, 15)),
        ("12 +/- 3", (9, 12, 15)),
        ("12 +- 3", (9, 12, 15)),
        ("12 give or take 3", (9, 12, 15)),
        ("$1.5M ± $200k", (1.3e6, 1.5e6, 1.7e6)),
        ("-5 ± 5", (-10, -5, 0)),
        ("12 ± 0", (12, 12, 12)),
    ],
)
def test_a_number_is_read_with_its_margin(typed: str, values: tuple[float, ...]) -> None:
    assert read_answer(typed, kind=Kind.NUMERIC, unit="USD") == pytest.approx(values)


@pytest.mark.parametrize(
    ("margin", "before", "after"),
    [("10", 10, 10), ("10 days", 10, 10), ("2 weeks", 14, 14), ("1 month", 30, 30), ("2 Wochen", 14, 14), ("±3 days", 3, 3)],
)
def test_a_dates_margin_is_a_length_of_time(margin: str, before: float, after: float) -> None:
    assert read_guess("15 Jun 2027", margin, kind=Kind.DATE) == (JUNE - before, JUNE, JUNE + after)
    assert read_answer(f"15 Jun 2027 ± {margin.strip('±')}", kind=Kind.DATE) == (JUNE - before, JUNE, JUNE + after)


@pytest.mark.parametrize("margin", ["", "a bit", "-3 days", "tomorrow or so", "99999999", "3 bananas"])
def test_what_is_no_length_of_time_is_refused(margin: str) -> None:
    with pytest.raises(Refused):
        read_guess("15 Jun 2027", margin, kind=Kind.DATE)


def test_a_negative_margin_is_refused() -> None:
    with pytest.raises(Refused, match="“-3” is negative"):
        read_guess("12", "-3", kind=Kind.NUMERIC)


def test_two_readings_are_of_the_whole_answer() -> None:
    with pytest.raises(TwoReadings) as asked:
        read_answer("3/4/2027 ± 10", kind=Kind.DATE)
    assert [reading.text for reading in asked.value.readings] == ["3 Apr 2027 ± 10", "4 Mar 2027 ± 10"]
    for reading in asked.value.readings:
        read_answer(reading.text, kind=Kind.DATE)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_every_guess_lies_in_the_middle_of_its_margin(guess: int, margin: int) -> None:
    assert read_guess(str(guess), str(margin), kind=Kind.NUMERIC) == (guess - margin, guess, guess + margin)
