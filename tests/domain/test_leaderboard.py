"""Rankings by hand, and what cannot be gamed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leaderboard import ForecasterResult, RankedForecaster, Ranking, absent_brier, forecaster_order, ranking
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
) -> ForecasterResult:
    there = coverage if presence is None else presence
    return ForecasterResult(forecaster, role, coverage, there, peer, baseline, brier, absent_brier=0.25)


def ranks(standings: tuple[RankedForecaster, ...]) -> list[tuple[str, int | None]]:
    return [(line.forecaster, line.rank) for line in standings]


def test_peer_is_divided_by_the_coverage_but_at_least_by_30() -> None:
    few = [create_result("ann", peer=60, coverage=0.5), create_result("ann", peer=30, coverage=1)]
    many = [create_result("bob", peer=10, coverage=0.8) for _ in range(50)]
    scores = {line.forecaster: line.score for line in ranking(Ranking.PEER, few + many)}
    assert scores == pytest.approx({"ann": 90 / 30, "bob": 500 / 40})


def test_baseline_is_a_sum() -> None:
    (line,) = ranking(Ranking.BASELINE, [create_result(baseline=40, coverage=0.5), create_result(baseline=-10)])
    assert (line.score, line.predictions, line.coverage, line.rank) == (30, 2, 1.5, 1)


def test_brier_wants_five_predictions_and_is_shrunk_to_the_mean_of_all() -> None:
    results = [create_result("ann", brier=0.1) for _ in range(5)] + [create_result("bob", brier=0.5) for _ in range(4)]
    # The mean of all nine scores is 2.5 / 9; (5 × 0.1 + 10 × 2.5 / 9) / 15.
    (line,) = ranking(Ranking.BRIER, results)
    assert line.forecaster == "ann"
    assert line.score == pytest.approx((0.5 + 25 / 9) / 15)


def test_the_crowd_and_authors_do_not_move_the_mean_of_all() -> None:
    members = [create_result("ann", brier=0.1) for _ in range(5)]
    others = [create_result("crowd", role=role, brier=0.9) for role in (Role.CROWD, Role.AUTHOR) for _ in range(5)]
    scores = {line.role: line.score for line in ranking(Ranking.BRIER, members + others)}
    assert scores[Role.MEMBER] == pytest.approx(0.1)
    assert scores[Role.CROWD] == pytest.approx((5 * 0.9 + 10 * 0.1) / 15)


def test_brier_is_weighed_by_the_time_in_which_one_was_there() -> None:
    half = [create_result("ann", brier=0.05, presence=0.5) for _ in range(5)]
    (line,) = ranking(Ranking.BRIER, half)
    assert line.score == pytest.approx(0.5 * 0.05 + 0.5 * 0.25)


def test_an_early_resolution_makes_nobody_absent() -> None:
    (line,) = ranking(Ranking.BRIER, [create_result(brier=0.1, coverage=0.2, presence=1) for _ in range(5)])
    assert line.score == pytest.approx(0.1)


@given(st.integers(5, 200), st.floats(0.0001, 0.05), st.floats(0, 0.12), st.integers(0, 3))
def test_late_short_and_lucky_does_not_beat_steady_and_good(count: int, late: float, brier: float, others: int) -> None:
    steady = [create_result("steady", brier=brier, baseline=40) for _ in range(count)]
    lucky = [create_result("lucky", brier=0, baseline=100 * late, coverage=late) for _ in range(count)]
    rest = [create_result(f"other{at}", brier=0.3, baseline=0) for at in range(others) for _ in range(count)]
    for by in (Ranking.BRIER, Ranking.BASELINE):
        assert ranking(by, steady + lucky + rest)[0].forecaster == "steady"


def test_equal_scores_share_a_rank_and_the_next_rank_is_left_out() -> None:
    results = [create_result(name, peer=peer) for name, peer in (("d", 1.0), ("b", 2.0), ("a", 1.0), ("c", 3.0), ("e", 0.5))]
    assert ranks(ranking(Ranking.PEER, results)) == [("c", 1), ("b", 2), ("a", 3), ("d", 3), ("e", 5)]


def test_what_only_rounding_made_different_is_a_tie() -> None:
    third = [create_result("a", baseline=0.1), create_result("a", baseline=0.2)]
    assert {line.rank for line in ranking(Ranking.BASELINE, [*third, create_result("b", baseline=0.3)])} == {1}


def test_the_crowd_and_authors_stand_among_the_members_and_take_no_rank() -> None:
    results = [
        create_result("crowd", role=Role.CROWD, peer=5),
        create_result("ann", peer=4),
        create_result("doc", role=Role.AUTHOR, peer=3),
        create_result("bob", peer=2),
    ]
    assert ranks(ranking(Ranking.PEER, results)) == [("crowd", None), ("ann", 1), ("doc", None), ("bob", 2)]


def test_an_author_who_is_a_member_as_well_has_a_line_for_each() -> None:
    results = [create_result("ann", peer=4), create_result("ann", role=Role.AUTHOR, peer=3)]
    assert [(line.role, line.rank) for line in ranking(Ranking.PEER, results)] == [(Role.MEMBER, 1), (Role.AUTHOR, None)]


def test_a_kind_without_such_a_score_does_not_count() -> None:
    results = [create_result("ann", brier=None, baseline=None, peer=10)]
    assert ranking(Ranking.BASELINE, results) == ranking(Ranking.BRIER, results) == ()
    assert ranking(Ranking.PEER, results)[0].predictions == 1


def test_numbers_stand_in_the_order_of_their_size() -> None:
    assert sorted(["b", "10", "9", "a", "007"], key=forecaster_order) == ["9", "10", "007", "a", "b"]


def test_who_says_nothing_counts_as_the_uniform_forecast() -> None:
    assert absent_brier(Kind.BINARY, 2) == 0.25
    assert absent_brier(Kind.MULTIPLE_CHOICE, 4) == pytest.approx(3 * 0.25**2 + 0.75**2)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-700, 100), st.floats(0.01, 1)), min_size=1), st.integers())
def test_the_order_of_results_does_not_matter_to_the_bit(rows: list[tuple[str, float, float]], seed: int) -> None:
    results = [
        create_result(name, peer=score, baseline=score, brier=abs(score) / 700, coverage=part) for name, score, part in rows
    ]
    mixed = list(results)
    random.Random(seed).shuffle(mixed)
    for by in Ranking:
        assert ranking(by, results) == ranking(by, mixed)
