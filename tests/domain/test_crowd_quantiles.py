"""The crowd of many, by blocks, against its definition at every step."""

from __future__ import annotations

import numpy as np
import pytest

from bot.domain import crowd_quantiles
from bot.domain.crowd_quantiles import quantiles_at_steps
from bot.domain.quantiles import recency_weights, weighted_quantiles
from bot.domain.timelines import Floats, Forecasts, Integers, Timeline, timeline_of

QUARTILES = (0.5, 0.25, 0.75)
CLOSES = 1e6


def create_timeline(
    count: int, members: int, *, seed: int = 0, columns: int = 1, withdrawn: float = 0.0, moments: int = 0, said: int = 0
) -> Timeline:
    """Random forecasts; all of them in `moments` moments, or of `said` different values, where these are given."""
    dice = np.random.default_rng(seed)
    who = dice.integers(0, members, count) if members < count else np.arange(count)
    starts = dice.uniform(0, CLOSES, count)
    if moments:
        starts = np.floor(starts / CLOSES * moments) * CLOSES / moments
        who, starts = np.unique(np.stack((who, starts)), axis=1)
        who = who.astype(np.int64)
    ends = np.full(len(who), np.inf)
    leaves = dice.random(len(who)) < withdrawn
    ends[leaves] = starts[leaves] + dice.exponential(CLOSES / 5, leaves.sum())
    values = dice.random((len(who), columns))
    return timeline_of(
        Forecasts(who, starts, ends, np.round(values * said) / said if said else values), opens_at=0.0, closed_at=CLOSES
    )


def by_definition(timeline: Timeline, steps: Integers) -> Floats:
    """Every weight at each of these steps added up."""
    found = np.full((3, len(steps), timeline.forecasts.values.shape[1]), np.nan)
    for at, step in enumerate(steps):
        standing = np.flatnonzero((timeline.first <= step) & (step < timeline.last))
        if len(standing):
            weights = recency_weights(len(standing))[None, :]
            found[:, at] = weighted_quantiles(timeline.forecasts.values, standing[None, :], weights, QUARTILES)[:, 0]
    return found


@pytest.mark.parametrize(
    "timeline",
    [
        create_timeline(2000, 2000),
        create_timeline(4000, 1500, withdrawn=0.1),
        create_timeline(3000, 3000, withdrawn=0.5, columns=3),
        create_timeline(6000, 6000, moments=40, said=20),
        create_timeline(12_000, 3000, said=5),
    ],
    ids=["once each", "updates", "withdrawals", "at few moments", "few values"],
)
def test_many_have_the_quantiles_that_the_definition_gives(timeline: Timeline) -> None:
    steps = np.unique(np.linspace(0, len(timeline.times) - 1, 400).astype(np.int64))
    assert timeline.active.max() > crowd_quantiles.SMALL  # or nothing of this would be tried
    found = quantiles_at_steps(timeline, QUARTILES)[:, steps]
    np.testing.assert_array_equal(found, by_definition(timeline, steps))


def test_who_all_leave_but_a_few_old_ones_leave_the_right_crowd() -> None:
    # The newest have all the weight until they go; then those are needed whom nobody looked at before.
    count = 4000
    starts = np.arange(count, dtype=np.float64)
    ends = np.where(starts < 5, np.inf, 10_000 + starts[::-1])
    values = np.random.default_rng(1).random((count, 1))
    timeline = timeline_of(Forecasts(np.arange(count), starts, ends, values), opens_at=0.0, closed_at=20_000.0)
    steps = np.arange(0, len(timeline.times), 7)
    np.testing.assert_array_equal(quantiles_at_steps(timeline, QUARTILES)[:, steps], by_definition(timeline, steps))


def test_what_rounding_could_decide_is_added_up() -> None:
    timeline = create_timeline(1500, 1500)
    usual = quantiles_at_steps(timeline, QUARTILES)
    as_shipped, crowd_quantiles.MARGIN = crowd_quantiles.MARGIN, 1.0  # nothing is sure then
    try:
        assert quantiles_at_steps(timeline, QUARTILES).tobytes() == usual.tobytes()
    finally:
        crowd_quantiles.MARGIN = as_shipped
