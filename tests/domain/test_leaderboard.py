"""Rankings by hand, and what cannot be gamed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leaderboard import (
    ForecasterResult,
    RankedForecaster,
    Ranking,
    absent_brier,
    counts_in_rankings,
    forecaster_order,
    ranking,
)
from bot.domain.types import Kind, Role


def create_result(
    forecaster: str = "ann",
    *,
    role: Role = Role.MEMBER,
    coverage: float = 1.0,
    presence: float | None = None,
    peer: float | None = 0.0,
    baseline: float | None = 0.0,
    brier: float | None = 0.25,
    relative: float | None = 0.0,
) -> ForecasterResult:
    there = coverage if presence is None else presence
    return ForecasterResult(
        forecaster, role, coverage, there, peer, baseline, brier, absent_brier=0.25, relative_brier=relative
    )


def ranks(standings: tuple[RankedForecaster, ...]) -> list[tuple[str, int | None]]:
    return [(line.forecaster, line.rank) for line in standings]


def test_peer_is_divided_by_the_coverage_but_at_least_by_30() -> None:
    few = [create_result("ann", peer=60, coverage=0.5)] * 4 + [create_result("ann", peer=30, coverage=1)]
    many = [create_result("bob", peer=10, coverage=0.8) for _ in range(50)]
    scores = {line.forecaster: line.score for line in ranking(Ranking.PEER, few + many)}
    assert scores == pytest.approx({"ann": 270 / 30, "bob": 500 / 40})


@pytest.mark.parametrize("by", [Ranking.PEER, Ranking.BRIER])
def test_a_place_by_peer_score_or_brier_wants_five_predictions(by: Ranking) -> None:
    results = [create_result("ann", peer=1)] * 5 + [create_result("bob", peer=500, relative=0.9)] * 4
    assert ranks(ranking(by, results)) == [("ann", 1)]


def test_what_was_summed_already_counts_for_as_many_predictions() -> None:
    total = ForecasterResult("ann", Role.MEMBER, 60.0, 1.0, 120.0, None, None, 0.0, predictions=70)
    (line,) = ranking(Ranking.PEER, [total])
    assert (line.score, line.predictions) == (2.0, 70)


def test_baseline_is_a_sum() -> None:
    (line,) = ranking(Ranking.BASELINE, [create_result(baseline=40, coverage=0.5), create_result(baseline=-10)])
    assert (line.score, line.predictions, line.coverage, line.rank) == (30, 2, 1.5, 1)


def test_brier_is_relative_and_drawn_to_0_as_if_by_ten_more() -> None:
    results = [create_result("ann", brier=0.1, relative=0.06)] * 5 + [create_result("bob", brier=0.02, relative=0.01)] * 20
    first, second = ranking(Ranking.BRIER, results)
    assert (first.forecaster, first.score, first.absolute_brier) == ("ann", pytest.approx(0.3 / 15), pytest.approx(0.1))
    assert (second.forecaster, second.score) == ("bob", pytest.approx(0.2 / 30))  # sure things for everyone


@pytest.mark.parametrize(
    ("is_approved", "creator", "forecasters", "counts"),
    [
        (True, "ann", ["ann", "bob", "cat"], True),
        (True, "ann", ["ann", "bob"], False),
        (True, "ann", ["ann", "bob", "bob"], False),
        (True, None, ["ann", "bob"], True),
        (True, "ann", ["bob", "cat"], True),
        (False, "ann", ["ann", "bob", "cat", "dan"], False),
    ],
)
def test_what_counts_was_approved_and_forecast_by_two_others(
    is_approved: bool, creator: str | None, forecasters: list[str], counts: bool
) -> None:
    assert counts_in_rankings(is_approved=is_approved, creator=creator, forecasters=forecasters) is counts


def test_equal_scores_share_a_rank_and_the_next_rank_is_left_out() -> None:
    scores = (("d", 1.0), ("b", 2.0), ("a", 1.0), ("c", 3.0), ("e", 0.5))
    results = [create_result(name, baseline=baseline) for name, baseline in scores]
    assert ranks(ranking(Ranking.BASELINE, results)) == [("c", 1), ("b", 2), ("a", 3), ("d", 3), ("e", 5)]


def test_what_only_rounding_made_different_is_a_tie() -> None:
    third = [create_result("a", baseline=0.1), create_result("a", baseline=0.2)]
    assert {line.rank for line in ranking(Ranking.BASELINE, [*third, create_result("b", baseline=0.3)])} == {1}


def test_the_crowd_and_authors_stand_among_the_members_and_take_no_rank() -> None:
    results = [
        create_result("crowd", role=Role.CROWD, baseline=5),
        create_result("ann", baseline=4),
        create_result("doc", role=Role.AUTHOR, baseline=3),
        create_result("bob", baseline=2),
    ]
    assert ranks(ranking(Ranking.BASELINE, results)) == [("crowd", None), ("ann", 1), ("doc", None), ("bob", 2)]


def test_an_author_who_is_a_member_as_well_has_a_line_for_each() -> None:
    results = [create_result("ann", baseline=4), create_result("ann", role=Role.AUTHOR, baseline=3)]
    assert [(line.role, line.rank) for line in ranking(Ranking.BASELINE, results)] == [(Role.MEMBER, 1), (Role.AUTHOR, None)]


def test_a_kind_without_such_a_score_does_not_count() -> None:
    results = [create_result("ann", brier=None, relative=None, baseline=None, peer=10)] * 5
    assert ranking(Ranking.BASELINE, results) == ranking(Ranking.BRIER, results) == ()
    assert ranking(Ranking.PEER, results)[0].predictions == 5


def test_numbers_stand_in_the_order_of_their_size() -> None:
    assert sorted(["b", "10", "9", "a", "007"], key=forecaster_order) == ["9", "10", "007", "a", "b"]


def test_who_says_nothing_counts_as_the_uniform_forecast() -> None:
    assert absent_brier(Kind.BINARY, 2) == 0.25
    assert absent_brier(Kind.MULTIPLE_CHOICE, 4) == pytest.approx(3 * 0.25**2 + 0.75**2)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-700, 100), st.floats(0.01, 1)), min_size=1), st.integers())
def test_the_order_of_results_does_not_matter_to_the_bit(rows: list[tuple[str, float, float]], seed: int) -> None:
    results = [
        create_result(name, peer=score, baseline=score, relative=score / 700, coverage=part) for name, score, part in rows
    ]
    mixed = list(results)
    random.Random(seed).shuffle(mixed)
    for by in Ranking:
        assert ranking(by, results) == ranking(by, mixed)
