"""The experienced crowd: what it knows, when it knows it, and what it says."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from bot.domain.cases import Case
from bot.domain.experience import (
    LEAST_RESOLVED,
    Experience,
    Lesson,
    Skill,
    experience_from,
    experience_of,
    experienced_crowd,
    steps_of,
)
from bot.domain.scoring import score_outsider
from bot.domain.timelines import Forecasts, ForecastWindow
from bot.domain.types import Kind
from tests.bench.experience import GROUPS, Group, create_past, gain_of

ENOUGH = LEAST_RESOLVED


def create_forecasts(*rows: tuple[int, float, list[float]]) -> Forecasts:
    who, starts, values = (list(column) for column in zip(*rows, strict=True))
    return Forecasts(np.array(who), np.array(starts), np.full(len(rows), np.inf), np.array(values))


def said_by(experience: Experience, forecasts: Forecasts, kind: Kind = Kind.BINARY) -> Forecasts:
    nobody = Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, forecasts.values.shape[1])))
    names, size = ("ann", "bob", "cat"), forecasts.values.shape[1]
    case = Case("1", kind, size, 0.0, None, None, names, forecasts, (), nobody)
    return experienced_crowd(case, experience, closed_at=100.0)


def knowing(*, since: float = -1.0, resolved: int = ENOUGH, stretch: float = 1.0, **skills: float) -> Experience:
    known = {name: Skill(np.array([resolved]), np.array([points])) for name, points in skills.items()}
    return Experience(np.full(resolved, since), np.full(resolved, stretch), known)


def test_it_is_the_mean_of_log_odds_where_nobody_is_better() -> None:
    crowd = said_by(knowing(), create_forecasts((0, 0, [0.5]), (1, 10, [0.9])))
    assert crowd.starts.tolist() == [0, 10]
    assert crowd.ends.tolist() == [10, 100]
    # Log-odds 0 and ln 9; half of it is ln 3.
    assert crowd.values[:, 0] == pytest.approx([0.5, 0.75])


def test_skill_moves_it_and_the_stretch_makes_it_more_extreme() -> None:
    forecasts = create_forecasts((0, 0, [0.5]), (1, 0, [0.9]))
    # Ten points of peer score are a weight of e.
    assert said_by(knowing(bob=10.0), forecasts).values[-1, 0] == pytest.approx(
        1 / (1 + math.exp(-math.log(9) * math.e / (1 + math.e)))
    )
    # ln 3 × 2 = ln 9.
    assert said_by(knowing(stretch=2.0), forecasts).values[-1, 0] == pytest.approx(0.9)


def test_the_newest_count_most_as_in_the_other_crowd() -> None:
    crowd = said_by(knowing(), create_forecasts((0, 0, [0.5]), (1, 1, [0.5]), (2, 2, [0.9])))
    # Weights 0.480922, 0.727721 and 1; of three, the last has a share of 0.452769.
    assert crowd.values[-1, 0] == pytest.approx(1 / (1 + math.exp(-math.log(9) * 0.452769)), abs=1e-6)


def test_a_mean_peer_score_is_over_ten_more_predictions_of_0_and_counts_up_to_30() -> None:
    peers = [[("ann", 55.0, 1.0), ("bob", -3.0, 0.5)], [("ann", 5.0, 1.0)]]
    experience = experience_from(Lesson(float(at), str(at), said, None) for at, said in enumerate(peers, 1))
    points = experience.points(("ann", "bob", "cat"), np.array([0, 1, 2]))
    # 55 / 11 and then 60 / 12; -3 / 10.5.
    assert points == pytest.approx(np.array([[0, 0, 0], [5, -3 / 10.5, 0], [5, -3 / 10.5, 0]]))
    forecasts = create_forecasts((0, 0, [0.5]), (1, 0, [0.9]))
    for most, more in ((30.0, 300.0), (-30.0, -300.0)):
        assert said_by(knowing(bob=more), forecasts).values[-1, 0] == said_by(knowing(bob=most), forecasts).values[-1, 0]


def test_the_stretch_is_the_one_that_makes_the_past_most_probable() -> None:
    nobody = Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, 1)))
    said = create_forecasts((0, 0, [0.8]), (1, 0, [0.8]))
    case = Case("1", Kind.BINARY, 2, 0.0, ForecastWindow(0.0, 9.0, 9.0), 1.0, ("ann", "bob"), said, (), nobody)
    lessons = [Lesson(10.0 + at, str(at), [("ann", 0.0, 1.0), ("bob", 0.0, 1.0)], case) for at in range(20)]
    for count in (1, 20):
        # Odds of 4 to 1, to the power of the stretch, against a prior that weighs ten predictions.
        expected = max(
            np.geomspace(0.5, 3.0, 73).tolist(),
            key=lambda power: count * math.log(4**power / (1 + 4**power)) - 5 * math.log(power) ** 2,
        )
        assert experience_from(lessons[:count]).stretch[-1] == pytest.approx(expected)
    assert expected > 1.3


def test_where_nobody_has_a_forecast_it_says_nothing() -> None:
    forecasts = create_forecasts((0, 0, [0.6]), (1, 30, [0.9]))
    forecasts.ends[:] = [20, 50]
    steps = list(steps_of(said_by(knowing(), forecasts), closed_at=100.0))
    assert [(at, None if values is None else pytest.approx(values)) for at, values in steps] == [
        (0, [0.6]),
        (20, None),
        (30, [0.9]),
        (50, None),
    ]


def test_options_sum_to_1() -> None:
    forecasts = create_forecasts((0, 0, [0.2, 0.3, 0.5]), (1, 1, [0.6, 0.4, 0.0]))
    crowd = said_by(knowing(stretch=1.5, ann=3.0), forecasts, Kind.MULTIPLE_CHOICE)
    assert crowd.values.sum(axis=1) == pytest.approx([1, 1])


def test_of_quantiles_and_of_nobody_there_is_none() -> None:
    assert len(said_by(knowing(), create_forecasts((0, 0, [1.0, 2.0, 3.0])), Kind.NUMERIC)) == 0
    nobody = Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, 1)))
    assert len(said_by(knowing(), nobody)) == 0


def test_it_begins_when_enough_is_resolved_and_listens_as_more_becomes_known() -> None:
    since = np.array([20.0] * (ENOUGH - 1) + [30.0, 50.0])
    bob = Skill(np.arange(ENOUGH - 1, ENOUGH + 2), np.array([40.0, 0.0, 10.0]))
    experience = Experience(since, np.ones(len(since)), {"bob": bob})
    crowd = said_by(experience, create_forecasts((0, 0, [0.5]), (1, 10, [0.9])))
    assert crowd.starts.tolist() == [30, 50]
    assert crowd.values[0, 0] == pytest.approx(0.75)
    assert crowd.values[1, 0] > 0.8


def test_what_comes_later_changes_nothing_that_was_said() -> None:
    past = create_past(GROUPS[0], 1, predictions=130)
    early, late = experience_of(past[:115]), experience_of(past)
    for result in past[100:115]:
        case = result.case
        crowds = [experienced_crowd(case, known, closed_at=case.opens_at + 1) for known in (early, late)]
        assert len(crowds[0]) > 0
        assert crowds[0].values.tobytes() == crowds[1].values.tobytes()
        assert crowds[0].starts.tobytes() == crowds[1].starts.tobytes()


def test_the_order_of_the_results_does_not_matter_to_the_bit() -> None:
    past = create_past(GROUPS[3], 2, predictions=120)
    mixed = list(past)
    random.Random(4).shuffle(mixed)
    one, other = experience_of(past), experience_of(mixed)
    assert one.since.tobytes() == other.since.tobytes()
    assert one.stretch.tobytes() == other.stretch.tobytes()
    assert {name: skill.means.tobytes() for name, skill in one.skills.items()} == {
        name: skill.means.tobytes() for name, skill in other.skills.items()
    }


def test_the_stretch_is_fitted_to_how_sure_a_group_is() -> None:
    stretches = {group.name: experience_of(create_past(group, 3, predictions=200)).stretch[-1] for group in GROUPS[:3]}
    assert stretches["overconfident"] < stretches["calibrated"] < stretches["underconfident"]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_it_gains_a_little_over_the_median(group: Group) -> None:
    crowd, experienced = gain_of(create_past(group, 1))
    assert 0 < crowd - experienced < 0.03


def test_it_is_scored_as_the_crowd_is() -> None:
    (result,) = create_past(GROUPS[0], 5, predictions=1)
    assert result.scores is not None
    assert result.case.window is not None
    assert result.case.outcome is not None
    history = result.crowd
    as_forecasts = Forecasts(
        np.zeros(len(history.times), dtype=np.int64),
        history.times,
        np.append(history.times[1:], result.case.window.closed_at),
        history.values,
    )
    scored = score_outsider(
        Kind.BINARY,
        outcome=result.case.outcome,
        window=result.case.window,
        members=result.case.members,
        forecasts=as_forecasts,
    )
    assert scored.over_time.peer == pytest.approx(result.scores.crowd.over_time.peer)
    assert scored.relative_brier == pytest.approx(result.scores.crowd.relative_brier)
