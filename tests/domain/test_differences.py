"""How far two forecasts are apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.differences import difference, has_changed_mind, spread
from bot.domain.types import Kind

RISING = st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3).map(sorted)


def test_probabilities_differ_by_their_largest_gap() -> None:
    assert difference(Kind.BINARY, (0.9,), (0.4,)) == 0.5
    assert difference(Kind.MULTIPLE_CHOICE, (0.5, 0.25, 0.25), (0.25, 0.125, 0.625)) == 0.375


def test_numbers_differ_by_the_gap_of_the_middles_in_what_both_span() -> None:
    assert difference(Kind.NUMERIC, (0, 10, 20), (10, 30, 40)) == 0.5
    assert difference(Kind.DATE, (100, 100, 100), (100, 100, 100)) == 0


@given(RISING, RISING)
def test_it_is_a_share_and_the_same_from_both_sides(one: list[float], other: list[float]) -> None:
    apart = difference(Kind.NUMERIC, one, other)
    assert 0 <= apart <= 1
    assert apart == difference(Kind.NUMERIC, other, one)
    assert difference(Kind.NUMERIC, one, one) == 0


def test_twenty_points_are_a_change_of_mind() -> None:
    assert has_changed_mind(Kind.BINARY, (0.3,), (0.5,))
    assert has_changed_mind(Kind.BINARY, (0.9,), (0.7,)), "0.9 - 0.7 is a little less than 0.2"
    assert not has_changed_mind(Kind.BINARY, (0.3,), (0.49,))
    assert has_changed_mind(Kind.MULTIPLE_CHOICE, (0.5, 0.25, 0.25), (0.25, 0.25, 0.5))
    assert not has_changed_mind(Kind.BINARY, None, (0.9,))
    assert not has_changed_mind(Kind.NUMERIC, (1, 2, 3), (100, 200, 300))


def test_disagreement_is_the_widest_middle_half() -> None:
    assert spread(Kind.BINARY, (0.25,), (0.75,)) == 0.5
    assert spread(Kind.MULTIPLE_CHOICE, (0.25, 0.0), (0.5, 0.75)) == 0.75
    assert spread(Kind.DATE, (1, 2, 3), (4, 5, 6)) is None
