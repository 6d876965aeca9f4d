from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plausibility import Range, doubt_about, doubt_about_outcome, is_near
from bot.domain.times import day_number
from bot.domain.types import Kind

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("values", "suggested", "sentence"),
    [
        ((12.0, 13_000.0, 14_000.0), (12_000.0, 13_000.0, 14_000.0), "Did you mean 12,000? 12 is at least 10 times away"),
        ((11.0, 12.0, 20_000.0), (11.0, 12.0, 20.0), "Did you mean 20? 20,000 is at least 10 times away"),
        ((1.2, 13.0, 14.0), (12.0, 13.0, 14.0), "Did you mean 12? 1.2 is"),
        ((-20_000.0, -12.0, -11.0), (-20.0, -12.0, -11.0), "Did you mean -20? -20,000 is"),
        ((1.0, 12.0, 200.0), (1.0, 12.0, 20.0), "Did you mean 20? 200 is"),
        ((0.0, 12.0, 20_000.0), (0.0, 12.0, 20.0), "Did you mean 20? 20,000 is"),
        ((10.0, 12_000.0, 13_000.0), (10_000.0, 12_000.0, 13_000.0), "Did you mean 10,000? 10 is"),
        ((-5.0, 500.0, 900.0), None, "-5 is at least 10 times away from your other values. Keep it?"),
    ],
)
def test_a_value_ten_times_away_from_all_others_is_asked_about(
    values: tuple[float, ...], suggested: tuple[float, ...] | None, sentence: str
) -> None:
    doubt = doubt_about(values, kind=Kind.NUMERIC)
    assert doubt is not None
    assert doubt.suggested == suggested
    assert sentence in str(doubt)


@pytest.mark.parametrize(
    "values",
    [
        (-5.0, 0.0, 5.0),
        (-3.0, 5.0, 9.0),
        (8.0, 12.0, 20.0),
        (2.0, 12.0, 90.0),
        (0.0, 12.0, 20.0),
        (1.3, 12.0, 20.0),
        (5.0, 5.0, 5.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_what_may_well_be_meant_is_not_asked_about(values: tuple[float, ...]) -> None:
    assert doubt_about(values, kind=Kind.NUMERIC) is None


def test_values_outside_the_stated_range_are_asked_about_with_what_would_fit() -> None:
    stated = Range(1_000, 100_000)
    doubt = doubt_about((8.0, 12.0, 20.0), kind=Kind.NUMERIC, stated=stated)
    assert doubt is not None
    assert doubt.suggested == (8_000, 12_000, 20_000)
    assert str(doubt) == (
        "Did you mean 8,000, 12,000 and 20,000? 8, 12 and 20 are outside the range that this prediction states."
    )
    assert doubt_about((8_000.0, 12_000.0, 20_000.0), kind=Kind.NUMERIC, stated=stated) is None
    unfitting = doubt_about((-1.0, 2_000.0, 3_000.0), kind=Kind.NUMERIC, stated=stated)
    assert unfitting is not None
    assert unfitting.suggested is None


def test_a_day_outside_the_stated_range_is_asked_about() -> None:
    stated = Range(day_number(date(2026, 1, 1)), None)
    values = tuple(day_number(date(year, 6, 1)) for year in (2025, 2026, 2027))
    doubt = doubt_about(values, kind=Kind.DATE, stated=stated)
    assert str(doubt) == "1 Jun 2025 is outside the range that this prediction states. Keep it?"


def test_a_probability_is_never_doubted() -> None:
    assert doubt_about((0.001,), kind=Kind.BINARY, stated=Range(0.5, 1)) is None


def test_a_result_far_from_what_everybody_expects_is_asked_about() -> None:
    doubt = doubt_about_outcome(12.0, kind=Kind.NUMERIC, stated=None, near=[11_000, 13_000])
    assert str(doubt) == "Did you mean 12,000? 12 is at least 10 times away from the forecasts."
    assert doubt_about_outcome(12_000, kind=Kind.NUMERIC, stated=None, near=[11_000]) is None
    assert doubt_about_outcome(12_000, kind=Kind.NUMERIC, stated=None) is None


@given(st.lists(NUMBERS, min_size=3, max_size=3).map(sorted), st.none() | st.tuples(NUMBERS, NUMBERS).map(sorted))
def test_what_is_suggested_rises_and_lies_near_the_others(values: list[float], ends: list[float] | None) -> None:
    stated = None if ends is None else Range(*ends)
    doubt = doubt_about(tuple(values), kind=Kind.NUMERIC, stated=stated)
    if doubt is not None and doubt.suggested is not None:
        assert list(doubt.suggested) == sorted(doubt.suggested)
        assert stated is None or all(map(stated.holds, doubt.suggested))
        changed = [at for at, value in enumerate(values) if doubt.suggested[at] != value]
        others = [value for at, value in enumerate(doubt.suggested) if at not in changed]
        assert changed
        assert doubt.is_outside or all(is_near(doubt.suggested[at], others) for at in changed)


@given(NUMBERS, NUMBERS)
def test_nearness_is_mutual(one: float, other: float) -> None:
    assert is_near(one, [other]) == is_near(other, [one])
