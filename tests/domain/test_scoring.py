"""Scores against hand-worked numbers, against the definitions in plain Python, and against what must hold of any of them."""

from __future__ import annotations

import json
import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents.export_reading import read_export
from bot.domain.instants import brier_scores, interval_scores, log_scores
from bot.domain.scoring import PredictionScores, Scored, score_prediction
from bot.domain.timelines import Forecasts, ForecastWindow, window_of
from bot.domain.types import Kind
from tests.bench.reference import Plain, PlainPrediction, plain_scores
from tests.bench.scoring import create_record, largest_difference, plain_of

DAY = 86400.0
OPENS = 1_700_000_000.0
Row = tuple[int, float, float | None, list[float]]
"""Who, from which day, until which (None: open-ended), and what."""


def arrays(rows: list[Row], size: int = 1) -> Forecasts:
    return Forecasts(
        np.array([who for who, _, _, _ in rows], dtype=np.int64),
        np.array([OPENS + start * DAY for _, start, _, _ in rows]),
        np.array([np.inf if end is None else OPENS + end * DAY for _, _, end, _ in rows]),
        np.array([values for _, _, _, values in rows], dtype=np.float64).reshape(len(rows), size),
    )


def score(
    rows: list[Row],
    outcome: float = 1.0,
    *,
    kind: Kind = Kind.BINARY,
    days: float = 10,
    closed: float | None = None,
    authors: list[Row] | None = None,
) -> PredictionScores:
    """A prediction that was open for `days`, or closed early."""
    window = ForecastWindow(OPENS, OPENS + (days if closed is None else closed) * DAY, OPENS + days * DAY)
    size = len(rows[0][3]) if rows else 1
    return score_prediction(
        kind,
        outcome=outcome,
        window=window,
        members=arrays(rows, size),
        member_count=max((who for who, _, _, _ in rows), default=-1) + 1,
        authors=None if authors is None else arrays(authors, size),
        author_count=0 if authors is None else 1,
    )


def same_bits(one: Scored, other: Scored) -> bool:
    """Whether all numbers are the same to the bit."""
    pairs = [(getattr(one.over_time, item.name), getattr(other.over_time, item.name)) for item in fields(one.over_time)]
    pairs += [(getattr(one.spot, item.name), getattr(other.spot, item.name)) for item in fields(one.spot)]
    pairs.append((one.relative_brier, other.relative_brier))
    return all(left.tobytes() == right.tobytes() for left, right in [*pairs, (one.mean_values, other.mean_values)])


def test_scores_of_one_who_is_there_all_the_time_are_the_instant_ones() -> None:
    got = score([(0, 0, None, [0.8])]).members
    for scores in (got.over_time, got.spot):
        assert scores.brier[0] == pytest.approx(0.04)
        assert scores.log[0] == pytest.approx(-0.2231435513)
        assert scores.baseline[0] == pytest.approx(67.8071905112)  # 100 (1 + log2 0.8)
        assert (scores.peer[0], scores.coverage[0]) == (0, 1)
        assert np.isnan(scores.wis[0])


def test_the_peer_score_of_two_is_the_difference_of_their_logs() -> None:
    # GM = sqrt(0.8 × 0.4) = 0.565685; 100 × 2 × ln(0.8 / 0.565685) = 69.3147 = 100 ln 2.
    got = score([(0, 0, None, [0.8]), (1, 0, None, [0.4])])
    assert got.members.over_time.peer == pytest.approx([69.3147180560, -69.3147180560])
    assert got.members.spot.peer == pytest.approx([69.3147180560, -69.3147180560])
    # The crowd says 0.6: 200 × ln(0.6 / 0.565685).
    assert got.crowd.over_time.peer[0] == pytest.approx(11.7783035656)
    assert got.crowd.over_time.brier[0] == pytest.approx(0.16)


def test_multiple_choice_by_hand() -> None:
    got = score([(0, 0, None, [0.5, 0.3, 0.2])], 1.0, kind=Kind.MULTIPLE_CHOICE).members.over_time
    assert got.brier[0] == pytest.approx(0.25 + 0.49 + 0.04)
    assert got.log[0] == pytest.approx(math.log(0.3))
    assert got.baseline[0] == pytest.approx(100 * math.log(0.9) / math.log(3))


def test_a_numeric_forecast_by_hand() -> None:
    # y = 14, quantiles 8, 10, 12: IS = 4 + 10 × 2 = 24; (4 / 2 + 0.1 × 24) / 1.5 = 2.933333.
    assert interval_scores(np.array([[8.0, 10, 12]]), 14.0)[0] == pytest.approx(2.9333333333)
    # Inside: IS = 4; (0.5 + 0.4) / 1.5 = 0.6.
    assert interval_scores(np.array([[8.0, 10, 12]]), 11.0)[0] == pytest.approx(0.6)
    # Widths 4, 2 and 6; WIS at 14: 2.933333, (1.5 + 0.1 × 22) / 1.5 = 2.466667, (1 + 0.1 × 6) / 1.5 = 1.066667.
    rows: list[Row] = [(0, 0, None, [8, 10, 12]), (1, 0, None, [10, 11, 12]), (2, 0, None, [9, 12, 15])]
    got = score(rows, 14.0, kind=Kind.NUMERIC).members
    assert got.over_time.wis == pytest.approx([2.9333333333, 2.4666666667, 1.0666666667])
    # The upper median of the others' widths: 6, 6, 4. Nobody reaches a cap: 170 × (mean of the others - own) / width.
    expected = [170 * (1.7666666667 - 2.9333333333) / 6, 170 * (2 - 2.4666666667) / 6, 170 * (2.7 - 1.0666666667) / 4]
    assert got.over_time.peer == pytest.approx(expected)
    assert got.spot.peer == pytest.approx(expected)
    assert np.isnan(got.over_time.brier).all()
    assert np.isnan(got.over_time.baseline).all()
    assert np.isnan(got.relative_brier).all()


def test_the_crowd_of_a_numeric_prediction_is_compared_with_all_members() -> None:
    got = score([(0, 0, None, [8, 10, 12]), (1, 0, None, [10, 11, 12])], 14.0, kind=Kind.NUMERIC)
    own, others = interval_scores(np.array([[9.0, 10.5, 12]]), 14.0)[0], got.members.over_time.wis
    assert got.crowd.over_time.wis[0] == pytest.approx(own)
    assert got.crowd.over_time.peer[0] == pytest.approx(170 * (others.mean() - own) / 4)
    assert got.members.over_time.peer.tolist() == [0, 0]  # each has but one other


def test_where_the_others_gave_points_alone_there_is_nothing_to_measure_by() -> None:
    points: list[Row] = [(who, 0, None, [5, 5, 5]) for who in range(3)]
    got = score([*points, (3, 0, None, [0, 5, 10])], 7.0, kind=Kind.NUMERIC).members.over_time.peer
    assert got.tolist() == [0, 0, 0, 0]


def test_a_late_day_counts_as_the_last_one_in_forecasts_and_as_the_result() -> None:
    rows: list[Row] = [(0, 0, None, [10, 20, 90]), (1, 0, None, [5, 15, 25]), (2, 0, None, [30, 40, 50])]
    window = ForecastWindow(OPENS, OPENS + DAY, OPENS + DAY)

    def scored(rows: list[Row], outcome: float, last_day: float | None) -> PredictionScores:
        return score_prediction(
            Kind.DATE, outcome=outcome, window=window, members=arrays(rows, 3), member_count=3, last_day=last_day
        )

    soon: list[Row] = [(who, start, end, [min(day, 28) for day in said]) for who, start, end, said in rows]
    late, capped = scored(rows, 300, 28), scored(soon, 28, None)
    for one, other in ((late.members, capped.members), (late.crowd, capped.crowd)):
        assert one.over_time.wis.tobytes() == other.over_time.wis.tobytes()
        assert one.over_time.peer.tobytes() == other.over_time.peer.tobytes()
        assert one.spot.peer.tobytes() == other.spot.peer.tobytes()
    assert late.members.over_time.wis[2] == 0  # all of it later, and it came later
    assert late.history.values.tolist() == scored(rows, 300, None).history.values.tolist()  # what is shown is what was said


def test_relative_brier_compares_with_all_who_are_there_at_each_moment() -> None:
    # Alone for five days, then (0.04 + 0.36) / 2 - 0.04 = 0.16 for the other five.
    got = score([(0, 0, None, [0.8]), (1, 5, None, [0.4])], authors=[(0, 0, None, [0.5])])
    assert got.members.relative_brier == pytest.approx([0.08, -0.08])
    assert got.crowd.relative_brier[0] == pytest.approx(0.5 * (0.2 - 0.16))
    assert got.authors.relative_brier[0] == pytest.approx(0.5 * (0.04 - 0.25) + 0.5 * (0.2 - 0.25))


def test_time_without_a_forecast_counts_nothing_and_brier_is_of_the_time_with_one() -> None:
    # Half of the time 0.8, from day 5; the other is there from the beginning.
    got = score([(0, 5, None, [0.8]), (1, 0, None, [0.4])]).members.over_time
    assert got.coverage == pytest.approx([0.5, 1.0])
    assert got.brier == pytest.approx([0.04, 0.36])
    assert got.log[0] == pytest.approx(math.log(0.8) / 2)
    assert got.baseline[0] == pytest.approx(67.8071905112 / 2)
    assert got.peer == pytest.approx([34.6573590280, -34.6573590280])  # alone, the other had no peers


def test_a_withdrawn_forecast_has_no_score_at_the_close() -> None:
    got = score([(0, 0, 4, [0.8]), (1, 0, None, [0.4])]).members
    assert got.over_time.coverage[0] == pytest.approx(0.4)
    assert got.spot.coverage.tolist() == [0, 1]
    assert np.isnan([got.spot.peer[0], got.spot.brier[0]]).all()
    assert got.spot.peer[1] == 0  # nobody else stood


def test_an_update_ends_the_forecast_before_it_whatever_its_end_says() -> None:
    rows: list[Row] = [(0, 0, None, [0.2]), (0, 5, None, [0.8])]
    assert score(rows).members.over_time.brier[0] == pytest.approx((0.64 + 0.04) / 2)
    assert same_bits(score(rows).members, score([(0, 0, 9, [0.2]), (0, 5, None, [0.8])]).members)


def test_what_was_before_the_opening_counts_from_there_and_what_comes_at_the_close_is_too_late() -> None:
    got = score([(0, -3, None, [0.8]), (1, 10, None, [0.9]), (2, 0, 10, [0.5])])
    assert got.members.over_time.coverage.tolist() == [1, 0, 1]
    assert np.isnan(got.members.over_time.peer[1])
    assert got.members.spot.coverage.tolist() == [1, 0, 1]
    assert got.history.last is not None
    assert got.history.last.members == 2


def test_the_author_is_measured_by_the_members_and_is_none_of_them() -> None:
    members: list[Row] = [(0, 0, None, [0.8]), (1, 0, None, [0.4])]
    got = score(members, authors=[(0, 5, None, [0.6])])
    assert same_bits(got.members, score(members).members)
    assert got.authors.over_time.peer[0] == pytest.approx(11.7783035656 / 2)
    assert got.authors.spot.peer[0] == pytest.approx(11.7783035656)
    assert got.authors.over_time.coverage[0] == pytest.approx(0.5)


def test_an_author_whom_fewer_than_two_members_answered_has_no_peers() -> None:
    empty: list[Row] = []
    alone: list[Row] = [(0, 2, 5, [0.3])]
    for members in (empty, alone):
        got = score(members, authors=[(0, 0, None, [0.6])]).authors
        assert (got.over_time.peer[0], got.spot.peer[0]) == (0, 0)
        assert got.over_time.baseline[0] == pytest.approx(100 * (1 + math.log2(0.6)))


def test_nobody_makes_empty_scores() -> None:
    got = score([])
    assert len(got.members.over_time.coverage) == 0
    assert got.crowd.over_time.coverage.tolist() == [0]
    assert got.history.last is None


def test_a_prediction_that_closed_as_it_opened_gives_no_scores() -> None:
    got = score([(0, 0, None, [0.4])], days=0)
    assert got.members.over_time.coverage.tolist() == [0]
    assert np.isnan(got.members.over_time.peer[0])


@pytest.mark.parametrize("said", [0.0, 1.0])
@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_0_and_100_percent_stay_finite_and_are_clipped_for_logarithms_only(said: float, outcome: float) -> None:
    got = score([(0, 0, None, [said]), (1, 0, None, [0.5])], outcome).members.over_time
    right = said == outcome
    assert got.log[0] == pytest.approx(math.log(0.999 if right else 0.001))
    assert got.brier[0] == (0 if right else 1)
    assert np.isfinite(got.peer).all()


PROBABILITY = st.floats(0, 1)
MOMENT = st.integers(-128, 768).map(lambda parts: parts / 64)


def choice(options: int) -> st.SearchStrategy[list[float]]:
    # The first option is never 0, and none is below 0.001: there the plain reference has no rule for medians.
    parts = st.lists(st.floats(0.01, 1), min_size=options, max_size=options)
    return parts.map(lambda numbers: [number / sum(numbers) for number in numbers])


def quantiles() -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(-1000, 1000).map(lambda value: round(value, 3)), min_size=3, max_size=3).map(sorted)


@st.composite
def predictions(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind)) -> tuple[Kind, float, float, list[Row]]:
    """Kind, outcome, the day of the close (of 10) and forecasts of up to six members."""
    kind = draw(st.sampled_from(kinds))
    options = draw(st.integers(2, 5))
    if kind is Kind.BINARY:
        outcome, values = draw(st.sampled_from([0.0, 1.0])), PROBABILITY.map(lambda p: [p])
    elif kind is Kind.MULTIPLE_CHOICE:
        outcome, values = float(draw(st.integers(0, options - 1))), choice(options)
    else:
        outcome, values = draw(st.floats(-1000, 1000)), quantiles()
    starts = st.tuples(st.integers(0, 5), MOMENT)
    chosen = draw(st.lists(starts, min_size=1, max_size=14, unique=True))
    rows: list[Row] = []
    for who, start in chosen:
        lasting = draw(st.none() | st.integers(1, 512).map(lambda parts: parts / 64))
        rows.append((who, start, None if lasting is None else start + lasting, draw(values)))
    return kind, outcome, draw(st.sampled_from([10.0, 7.5, 2.0])), rows


Drawn = tuple[Kind, float, float, list[Row]]


def score_drawn(drawn: Drawn) -> PredictionScores:
    kind, outcome, closed, rows = drawn
    return score(rows, outcome, kind=kind, closed=closed)


@given(predictions())
def test_scores_are_what_the_definitions_say(drawn: Drawn) -> None:
    kind, outcome, closed, rows = drawn
    members = arrays(rows, len(rows[0][3]))
    plain = [
        Plain(who, start, end, values)
        for who, start, end, (*_, values) in zip(
            members.who.tolist(), members.starts.tolist(), members.ends.tolist(), rows, strict=True
        )
    ]
    expected = plain_scores(PlainPrediction(kind, outcome, OPENS, OPENS + closed * DAY, OPENS + 10 * DAY, plain))
    got = score_drawn(drawn)
    crowds: list[tuple[int | str, Scored, int]] = [("crowd", got.crowd, 0)]
    for who, scored, at in crowds + [(who, got.members, who) for who in range(len(got.members.over_time.coverage))]:
        if who not in expected:
            assert scored.over_time.coverage[at] == 0
            continue
        row = expected[who]
        relative = row.get("relative_brier", math.nan)
        assert scored.relative_brier[at] == pytest.approx(relative, rel=1e-9, abs=1e-9, nan_ok=True), who
        for item in fields(scored.over_time):
            name = item.name
            over_time, spot = getattr(scored.over_time, name)[at], getattr(scored.spot, name)[at]
            assert over_time == pytest.approx(row.get(name, math.nan), rel=1e-9, abs=1e-9, nan_ok=True), (who, name)
            if name != "coverage":
                assert spot == pytest.approx(row.get(f"spot_{name}", math.nan), rel=1e-9, abs=1e-9, nan_ok=True), (who, name)


def test_what_the_bench_measures_is_what_the_definitions_say() -> None:
    reading = read_export(json.dumps(create_record(predictions=4, members=30, updates=4)).encode())
    assert reading.export is not None
    for case in reading.export.cases:
        assert largest_difference(plain_scores(plain_of(case)), case) < 1e-9


@given(predictions(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_to_the_bit(drawn: Drawn, shuffler: object) -> None:
    kind, outcome, closed, rows = drawn
    mixed = list(rows)
    shuffler.shuffle(mixed)  # pyright: ignore[reportAttributeAccessIssue]
    count = max(who for who, _, _, _ in rows)
    last: Row = (count, 11, None, rows[0][3])  # keeps the number of members, whoever comes last
    one, other = score_drawn((kind, outcome, closed, [*rows, last])), score_drawn((kind, outcome, closed, [last, *mixed]))
    assert same_bits(one.members, other.members)
    assert same_bits(one.crowd, other.crowd)
    assert one.history.values.tobytes() == other.history.values.tobytes()


@given(predictions(kinds=(Kind.BINARY, Kind.MULTIPLE_CHOICE)))
def test_peer_scores_of_probabilities_sum_to_zero(drawn: Drawn) -> None:
    got = score_drawn(drawn).members
    assert np.nansum(got.relative_brier) == pytest.approx(0, abs=1e-9)
    assert np.nansum(got.over_time.peer) == pytest.approx(0, abs=1e-8)
    assert np.nansum(got.spot.peer) == pytest.approx(0, abs=1e-8)


@given(predictions())
def test_coverage_is_a_share(drawn: Drawn) -> None:
    got = score_drawn(drawn)
    coverage = np.concatenate((got.members.over_time.coverage, got.crowd.over_time.coverage))
    assert (coverage >= 0).all()
    assert (coverage <= 1).all()
    assert (got.crowd.over_time.coverage[0] >= got.members.over_time.coverage - 1e-12).all()


@given(predictions(), st.integers(0, 13), st.floats(0.05, 0.95))
def test_saying_the_same_again_changes_nobodys_score(drawn: Drawn, which: int, part: float) -> None:
    kind, outcome, closed, rows = drawn
    who, start, end, values = rows[which % len(rows)]
    until = min([12.0 if end is None else end, *(other for one, other, _, _ in rows if one == who and other > start)])
    again = start + part * (until - start)
    if again in (start, until):
        return
    split = [*rows, (who, again, end, values)]
    before, after = score_drawn(drawn).members, score_drawn((kind, outcome, closed, split)).members
    for name in ("coverage", "brier", "log", "baseline", "peer", "wis"):
        one, other = getattr(before.over_time, name), getattr(after.over_time, name)
        assert one == pytest.approx(other, rel=1e-9, abs=1e-7, nan_ok=True)


@given(st.lists(PROBABILITY, min_size=1, max_size=8), st.sampled_from([0.0, 1.0]))
def test_those_who_agree_have_a_peer_score_of_exactly_0(said: list[float], outcome: float) -> None:
    rows: list[Row] = [(who, who / 10, None, [said[0]]) for who in range(len(said))]
    got = score(rows, outcome)
    assert (got.members.over_time.peer == 0).all()
    assert got.crowd.over_time.peer[0] == 0


@given(st.integers(2, 25), st.data())
def test_the_uniform_forecast_has_a_baseline_score_of_0(options: int, data: st.DataObject) -> None:
    outcome = float(data.draw(st.integers(0, options - 1)))
    got = score([(0, 0, None, [1 / options] * options)], outcome, kind=Kind.MULTIPLE_CHOICE)
    assert got.members.over_time.baseline[0] == pytest.approx(0, abs=1e-9)
    assert score([(0, 0, None, [0.5])], min(outcome, 1)).members.over_time.baseline[0] == 0


@given(predictions(), st.floats(0.1, 1))
def test_an_early_resolution_scales_down(drawn: Drawn, share: float) -> None:
    """The same forecasts, resolved at the same time, of a prediction that was to stay open for longer."""
    kind, outcome, closed, rows = drawn
    size = len(rows[0][3])

    def planned_for(days: float) -> Scored:
        window = ForecastWindow(OPENS, OPENS + closed * DAY, OPENS + days * DAY)
        return score_prediction(kind, outcome=outcome, window=window, members=arrays(rows, size), member_count=6).members

    planned, longer = planned_for(closed), planned_for(closed / share)
    for name in ("coverage", "log", "baseline", "peer", "wis"):
        one, other = getattr(planned.over_time, name), getattr(longer.over_time, name)
        assert other == pytest.approx(one * share, rel=1e-6, abs=1e-6, nan_ok=True)
    assert longer.over_time.brier == pytest.approx(planned.over_time.brier, nan_ok=True)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_nothing_is_better_than_saying_what_one_believes(belief: float, said: float) -> None:
    def expected(probability: float) -> tuple[float, float]:
        values = np.array([[probability]])
        brier = [brier_scores(Kind.BINARY, values, outcome)[0] for outcome in (0.0, 1.0)]
        log = [log_scores(Kind.BINARY, values, outcome)[0] for outcome in (0.0, 1.0)]
        return ((1 - belief) * brier[0] + belief * brier[1], -(1 - belief) * log[0] - belief * log[1])

    honest, other = expected(belief), expected(said)
    assert honest[0] <= other[0] + 1e-12
    assert honest[1] <= other[1] + 1e-12


@given(choice(4), choice(4))
def test_nothing_is_better_than_saying_what_one_believes_of_options(belief: list[float], said: list[float]) -> None:
    def expected(values: list[float]) -> tuple[float, float]:
        row = np.array([values])
        brier = [brier_scores(Kind.MULTIPLE_CHOICE, row, float(at))[0] for at in range(4)]
        log = [log_scores(Kind.MULTIPLE_CHOICE, row, float(at))[0] for at in range(4)]
        return float(np.dot(belief, brier)), -float(np.dot(belief, log))

    honest, other = expected(belief), expected(said)
    assert honest[0] <= other[0] + 1e-12
    assert honest[1] <= other[1] + 1e-9


@pytest.mark.parametrize(
    ("scheduled", "happened", "ended", "expected"),
    [
        (100, None, None, (100, 100)),
        (100, 40, None, (40, 100)),
        (100, None, 60, (60, 100)),
        (100, 40, 60, (40, 100)),
        (100, 70, 60, (60, 100)),
        (100, 250, 170, (100, 100)),
        (None, 40, 60, (40, 60)),
        (None, 40, None, (40, 40)),
        (100, -30, None, (0, 100)),
    ],
)
def test_forecasting_counts_up_to_the_earliest_of_its_ends(
    scheduled: float | None, happened: float | None, ended: float | None, expected: tuple[float, float]
) -> None:
    window = window_of(opens_at=0.0, scheduled_close=scheduled, happened_at=happened, ended_at=ended)
    assert window is not None
    assert (window.closed_at, window.scheduled_close) == expected


def test_without_an_end_there_is_no_window() -> None:
    assert window_of(opens_at=0.0, scheduled_close=None) is None
