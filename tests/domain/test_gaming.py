"""That honesty pays and tricks do not: short versions of the simulations in tests/bench."""

from __future__ import annotations

import numpy as np
import pytest

from bot.domain.audit import audit
from bot.domain.leaderboard import LEAST_PREDICTIONS, Ranking
from bot.domain.scoring import score_prediction
from bot.domain.timelines import Forecasts, ForecastWindow
from bot.domain.types import Kind
from tests.bench.gaming import BAD, TRICKS, Trick, chance_of, honest, leads, season, share_of_seasons
from tests.bench.propriety import (
    ABSURD,
    GROUPS,
    NARROW,
    TINY,
    WIDE,
    among_similar,
    best_multiple,
    create_questions,
    in_own_units,
    linear,
    ratio,
    scores,
    turned_pairs,
    with_account,
    with_width,
)

FEW = 20_000


def test_what_is_simulated_is_what_is_scored() -> None:
    for members in GROUPS:
        for questions in (create_questions(members, 5), with_account(create_questions(members, 5), ABSURD)):
            expected = scores(questions, linear)
            for number, came in enumerate(questions.came.tolist()):
                said = questions.said[number]
                count = len(said)
                forecasts = Forecasts(np.arange(count), np.zeros(count), np.full(count, np.inf), said)
                window = ForecastWindow(0.0, 1.0, 1.0)
                got = score_prediction(Kind.NUMERIC, outcome=came, window=window, members=forecasts, member_count=count)
                assert got.members.over_time.peer == pytest.approx(expected[number])


@pytest.mark.parametrize("members", GROUPS)
def test_the_honest_width_is_the_best(members: int) -> None:
    assert best_multiple(members, count=FEW) == pytest.approx(1.0, abs=0.05)
    assert best_multiple(members, count=FEW, has_fat_tails=True) == pytest.approx(1.0, abs=0.05)
    assert best_multiple(members, ratio, count=FEW) < 0.7  # as it was


@pytest.mark.parametrize("members", GROUPS)
def test_the_average_honest_member_wins_and_loses_nothing(members: int) -> None:
    own = scores(create_questions(members, FEW), linear)
    assert own.mean() == pytest.approx(0, abs=2)
    assert own[:, 0].std() == pytest.approx(30.5, abs=4)


@pytest.mark.parametrize("members", GROUPS)
def test_a_point_guess_loses(members: int) -> None:
    assert scores(with_width(create_questions(members, FEW), 0.0), linear)[:, 0].mean() < -2


@pytest.mark.parametrize("values", [TINY, ABSURD], ids=["no width", "absurd"])
def test_one_absurd_account_turns_only_pairs_that_are_all_but_equal(values: tuple[float, float, float]) -> None:
    for members in GROUPS:
        share, apart = turned_pairs(members, values, count=FEW)
        assert share < 0.08
        assert apart < 4.5


@pytest.mark.parametrize("members", GROUPS)
def test_a_formula_that_turns_no_pair_costs_the_average_member_points_and_bounds_nothing(members: int) -> None:
    for values in (None, TINY, ABSURD, NARROW, WIDE):
        assert turned_pairs(members, values, in_own_units, count=FEW)[0] == 0
    questions = create_questions(members, FEW)
    assert scores(questions, in_own_units).mean() < -3
    with_tiny = scores(with_account(questions, TINY), in_own_units)[:, :members]
    assert np.abs(with_tiny).mean() > 1e6, "one account decides the season"


def test_to_leave_out_the_absurd_only_moves_the_line() -> None:
    now = max(turned_pairs(3, values, count=FEW)[0] for values in (TINY, ABSURD, NARROW, WIDE))
    assert [turned_pairs(3, values, among_similar, count=FEW)[0] for values in (TINY, ABSURD)] == [0, 0]
    assert turned_pairs(3, NARROW, among_similar, count=FEW)[0] > 1.3 * now


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if trick.own], ids=lambda trick: trick.name)
def test_trivial_predictions_of_ones_own_change_no_ranking(trick: Trick) -> None:
    for seed in range(4):
        with_them, without = season(trick, seed, predictions=8), season(Trick("honest", honest), seed, predictions=8)
        assert len(with_them) == len(without) + trick.own
        assert leads(with_them) == leads(without)


def test_accounts_that_forecast_nothing_else_have_no_place() -> None:
    own = [case for case in season(TRICKS[7], 1, predictions=0) if case.creator_id == BAD]
    assert len(own) >= LEAST_PREDICTIONS
    assert leads(own) == dict.fromkeys(Ranking, False)


def test_what_is_said_after_the_news_moves_nothing() -> None:
    (trick,) = (trick for trick in TRICKS if trick.name.startswith("after the news"))
    for seed in range(3):
        late, usual = season(trick, seed, predictions=12), season(Trick("honest", honest), seed, predictions=12)
        assert any(len(one.members) != len(other.members) for one, other in zip(late, usual, strict=True))
        assert audit(late).rankings == audit(usual).rankings


@pytest.mark.parametrize("trick", [trick for trick in TRICKS[2:-1] if not trick.own], ids=lambda trick: trick.name)
def test_no_trick_leads_twice_as_often_as_chance(trick: Trick) -> None:
    shares = share_of_seasons(trick, 16, predictions=20)
    for by, share in shares.items():
        if not trick.is_numeric or by is Ranking.PEER:
            assert share <= 2 * chance_of(trick), by


def test_copying_the_crowd_pays_and_is_named() -> None:
    # The one that does: a crowd is better than most of its members, and who copies it gives it nothing. docs/gaming.md says so.
    copying = TRICKS[-1]
    assert copying.name == "copying the crowd"
    assert share_of_seasons(copying, 16, predictions=20)[Ranking.PEER] > chance_of(copying)
