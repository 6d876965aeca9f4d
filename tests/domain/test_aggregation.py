"""The crowd, against hand-worked numbers and against SCORING's definition in plain exact arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.aggregation import (
    CrowdHistory,
    crowd_history,
    crowd_of,
    summing_to_one,
    with_medians_summing_to_one,
)
from bot.domain.quantiles import recency_weights, weighted_quantile
from bot.domain.timelines import Forecasts, timeline_of
from bot.domain.types import Kind

PROBABILITIES = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
QUANTILES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64).reshape(-1, 1)


def plain_quantile(values: list[float], weights: list[Fraction], quantile: Fraction) -> float:
    """SCORING: the mean of the first value whose cumulative weight >= q and the first whose cumulative weight > q."""
    ordered = sorted(zip(values, weights, strict=True), key=lambda pair: pair[0])
    shares = [sum((weight for _, weight in ordered[: last + 1]), Fraction()) / sum(weights) for last in range(len(ordered))]
    at_least = next(value for (value, _), share in zip(ordered, shares, strict=True) if share >= quantile)
    above = next(value for (value, _), share in zip(ordered, shares, strict=True) if share > quantile)
    return (at_least + above) / 2


def plain_crowd(values: list[float], quantile: Fraction) -> float:
    """SCORING: sorted by time, w_n = exp(sqrt(n) - sqrt(N)); equal weights for N <= 2."""
    count = len(values)
    weights = [
        Fraction(math.exp(math.sqrt(n) - math.sqrt(count))) if count > 2 else Fraction(1) for n in range(1, count + 1)
    ]
    return plain_quantile(values, weights, quantile)


def test_nobody_makes_no_crowd() -> None:
    assert crowd_of(Kind.BINARY, np.empty((0, 1))) is None


def test_one_forecast_is_the_crowd() -> None:
    crowd = crowd_of(Kind.BINARY, column(0.7))
    assert crowd is not None
    assert (crowd.members, crowd.lower, crowd.values, crowd.upper) == (1, (0.7,), (0.7,), (0.7,))


def test_two_forecasts_meet_in_the_middle_whoever_came_first() -> None:
    for forecasts in (column(0.2, 0.6), column(0.6, 0.2)):
        crowd = crowd_of(Kind.BINARY, forecasts)
        assert crowd is not None
        assert (crowd.lower, crowd.values, crowd.upper) == ((0.2,), (0.4,), (0.6,))


def test_weights_of_three_and_four_are_the_hand_worked_ones() -> None:
    assert recency_weights(3) == pytest.approx([0.480922, 0.727721, 1.0], abs=1e-6)
    assert recency_weights(4) == pytest.approx([0.367879, 0.556668, 0.764947, 1.0], abs=1e-6)


def test_the_later_of_three_forecasts_moves_the_quartiles() -> None:
    # Shares in the order of time: 0.2177, 0.3295, 0.4528.
    rising, falling = crowd_of(Kind.BINARY, column(0.1, 0.5, 0.9)), crowd_of(Kind.BINARY, column(0.9, 0.5, 0.1))
    assert rising is not None
    assert falling is not None
    assert (rising.lower, rising.values, rising.upper) == ((0.5,), (0.5,), (0.9,))
    assert (falling.lower, falling.values, falling.upper) == ((0.1,), (0.5,), (0.5,))


def test_the_later_of_four_forecasts_decide_the_median() -> None:
    # Shares in the order of time: 0.1368, 0.2070, 0.2844, 0.3718. Rising: 0.3438 up to 0.2, 0.6282 up to 0.8.
    rising, falling = crowd_of(Kind.BINARY, column(0.1, 0.2, 0.8, 0.9)), crowd_of(Kind.BINARY, column(0.9, 0.8, 0.2, 0.1))
    assert rising is not None
    assert falling is not None
    assert (rising.values, falling.values) == ((0.8,), (0.2,))


def test_where_the_cumulative_weight_hits_the_quantile_exactly_the_mean_of_both_values_counts() -> None:
    values, weights = column(0.1, 0.3, 0.6, 0.8), np.ones(4)
    quartiles = [float(weighted_quantile(values, weights, quantile)[0]) for quantile in (0.25, 0.5, 0.75)]
    assert quartiles == pytest.approx([0.2, 0.45, 0.7])


def test_a_heavy_forecast_takes_the_ties_of_light_ones() -> None:
    # 1 + 1 of 4 is exactly half: 0.2 is the first at least there, 0.9 the first above.
    assert weighted_quantile(column(0.9, 0.1, 0.2), np.array([2.0, 1.0, 1.0]), 0.5)[0] == pytest.approx(0.55)


def test_each_quantile_of_a_numeric_prediction_has_its_own_median() -> None:
    crowd = crowd_of(Kind.NUMERIC, np.array([[1.0, 5.0, 9.0], [3.0, 4.0, 30.0]]))
    assert crowd is not None
    assert crowd.values == (2.0, 4.5, 19.5)


def test_the_medians_of_options_are_made_to_sum_to_1() -> None:
    # (0.5 - 0.001) / 0.897 * 0.997 + 0.001 = 0.555630, and so on.
    values = summing_to_one(np.array([0.5, 0.3, 0.1]))
    assert values == pytest.approx([0.555630, 0.333333, 0.111037], abs=1e-6)
    assert math.fsum(values) == pytest.approx(1.0, abs=1e-15)


def test_the_quartiles_of_options_move_with_their_median() -> None:
    # Medians 0.5, 0.3, 0.1 become 0.555630, 0.333333, 0.111037: factors of 1.111260, 1.111111, 1.110370.
    found = with_medians_summing_to_one(np.array([[0.5, 0.3, 0.1], [0.4, 0.3, 0.0], [0.6, 0.45, 0.95]]))
    assert found[0] == pytest.approx([0.555630, 0.333333, 0.111037], abs=1e-6)
    assert found[1] == pytest.approx([0.444504, 0.333333, 0.0], abs=1e-6)
    assert found[2] == pytest.approx([0.666756, 0.5, 1.0], abs=1e-6)  # 1.0549 would be no probability
    assert (found[1] <= found[0]).all()


def test_medians_that_sum_to_1_stay_what_they_are() -> None:
    assert summing_to_one(np.array([1.0, 0.0, 0.0])) == pytest.approx([1.0, 0.0, 0.0], abs=1e-15)
    assert summing_to_one(np.array([0.25, 0.7, 0.05])) == pytest.approx([0.25, 0.7, 0.05])


def test_no_option_falls_below_0_where_zeros_leave_the_medians_short_of_1() -> None:
    # By the formula alone: 0.499 / 0.497 × 0.997 + 0.001 = 1.0020, and -0.0010 for the two others.
    assert summing_to_one(np.array([0.5, 0.0, 0.0])) == pytest.approx([1.0, 0.0, 0.0])
    # A sum below 0.001 a option: what there is keeps its proportions.
    assert summing_to_one(np.array([0.001, 0.0, 0.0005])) == pytest.approx([2 / 3, 0.0, 1 / 3])


def test_options_that_all_have_a_median_of_0_share_evenly() -> None:
    crowd = crowd_of(Kind.MULTIPLE_CHOICE, np.eye(3))
    assert crowd is not None
    assert crowd.values == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@given(
    st.lists(st.tuples(PROBABILITIES, st.integers(1, 6)), min_size=1, max_size=12),
    st.sampled_from(QUANTILES),
)
def test_a_weighted_quantile_is_what_the_definition_says_ties_included(
    weighted: list[tuple[float, int]], quantile: Fraction
) -> None:
    values, weights = [value for value, _ in weighted], [weight for _, weight in weighted]
    expected = plain_quantile(values, [Fraction(weight) for weight in weights], quantile)
    found = weighted_quantile(column(*values), np.array(weights, dtype=np.float64), float(quantile))[0]
    assert found == pytest.approx(expected, abs=1e-15)


@given(st.lists(PROBABILITIES, min_size=1, max_size=40))
def test_a_crowd_is_what_the_definition_says(values: list[float]) -> None:
    crowd = crowd_of(Kind.BINARY, column(*values))
    assert crowd is not None
    lower, middle, upper = (plain_crowd(values, quantile) for quantile in QUANTILES)
    assert (crowd.lower[0], crowd.values[0], crowd.upper[0]) == pytest.approx((lower, middle, upper), abs=1e-15)
    assert min(values) <= lower <= middle <= upper <= max(values)


@given(
    st.integers(2, 25).flatmap(
        lambda options: st.lists(
            st.lists(st.integers(0, 9), min_size=options, max_size=options).filter(any), min_size=1, max_size=9
        )
    )
)
def test_a_crowd_on_options_sums_to_1_and_none_is_below_0(parts: list[list[int]]) -> None:
    forecasts = np.array([[part / sum(row) for part in row] for row in parts])
    crowd = crowd_of(Kind.MULTIPLE_CHOICE, forecasts)
    assert crowd is not None
    assert math.fsum(crowd.values) == pytest.approx(1.0, abs=1e-12)
    assert min(crowd.values) >= 0
    for lower, value, upper in zip(crowd.lower, crowd.values, crowd.upper, strict=True):
        assert 0 <= lower <= value <= upper <= 1
    medians = [plain_crowd([row[option] for row in forecasts.tolist()], Fraction(1, 2)) for option in range(len(parts[0]))]
    for first, second in zip(range(len(medians)), range(1, len(medians)), strict=False):
        if medians[first] < medians[second]:
            assert crowd.values[first] <= crowd.values[second]


@given(st.lists(PROBABILITIES, min_size=1, max_size=12))
def test_the_same_forecasts_give_the_same_bits(values: list[float]) -> None:
    assert crowd_of(Kind.BINARY, column(*values)) == crowd_of(Kind.BINARY, column(*values))


Row = tuple[int, float, float, float]
"""Who, when, until when, what."""


def history_of(rows: list[Row], *, closed_at: float = 100, opens_at: float = 0) -> CrowdHistory:
    who, starts, ends, values = (np.array(part) for part in zip(*rows, strict=True))
    forecasts = Forecasts(who.astype(np.int64), starts.astype(float), ends.astype(float), column(*values))
    return crowd_history(Kind.BINARY, timeline_of(forecasts, opens_at=opens_at, closed_at=closed_at))


def test_the_crowd_has_a_step_at_every_change_and_none_at_an_update_of_two_at_once() -> None:
    history = history_of([(0, 10, np.inf, 0.2), (1, 20, 50, 0.6), (0, 30, np.inf, 0.4), (1, 120, np.inf, 0.9)])
    assert history.times.tolist() == [10, 20, 30, 50]
    assert history.members.tolist() == [1, 2, 2, 1]
    assert history.values[:, 0] == pytest.approx([0.2, 0.4, 0.5, 0.4])
    assert history.lower[:, 0] == pytest.approx([0.2, 0.2, 0.4, 0.4])
    assert history.upper[:, 0] == pytest.approx([0.2, 0.6, 0.6, 0.4])


def test_a_time_in_which_nobody_stands_is_a_step_without_a_crowd() -> None:
    history = history_of([(0, 10, 20, 0.2), (1, 40, np.inf, 0.6)])
    assert history.times.tolist() == [10, 20, 40]
    assert history.members.tolist() == [1, 0, 1]
    assert np.isnan(history.values[1, 0])
    assert history.last is not None
    assert history.last.values == (0.6,)
    assert history_of([(0, 10, 20, 0.2)]).last is None


def test_who_forecast_before_the_opening_stands_from_there_and_in_their_order() -> None:
    # In the order of 0.9, 0.5, 0.1 the median is 0.5 and the lower quartile 0.1; see the three of above.
    history = history_of([(0, -10, np.inf, 0.5), (1, -20, np.inf, 0.9), (2, 5, np.inf, 0.1)])
    assert history.times.tolist() == [0, 5]
    assert (history.lower[1, 0], history.values[1, 0], history.upper[1, 0]) == (0.1, 0.5, 0.5)


STANDING = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 30), st.integers(1, 30), PROBABILITIES),
    min_size=1,
    max_size=20,
    unique_by=lambda row: row[:2],
)


@given(STANDING)
def test_each_step_is_to_the_bit_the_crowd_of_those_who_stand_then(rows: list[tuple[int, int, int, float]]) -> None:
    history = history_of([(who, start, start + lasting, value) for who, start, lasting, value in rows])
    for step, time in enumerate(history.times):
        standing: dict[int, tuple[int, float]] = {}
        for who, start, lasting, value in sorted(rows, key=lambda row: row[1]):
            if start <= time:
                standing.pop(who, None)
                if time < start + lasting:
                    standing[who] = (start, value)
        ordered = sorted((start, who, value) for who, (start, value) in standing.items())
        crowd = crowd_of(Kind.BINARY, column(*(value for _, _, value in ordered)))
        assert history.members[step] == len(ordered)
        if crowd is not None:
            assert (history.lower[step, 0], history.values[step, 0], history.upper[step, 0]) == (
                crowd.lower[0],
                crowd.values[0],
                crowd.upper[0],
            )
