from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.crowd_moves import CrowdStand, biggest_move

START = datetime(2026, 3, 1, tzinfo=UTC)


def stands(*steps: tuple[float, int, float]) -> list[CrowdStand]:
    """Each as hours after START, members and a probability."""
    return [CrowdStand(START + timedelta(hours=hours), members, (value,)) for hours, members, value in steps]


def move(*steps: tuple[float, int, float], since: float = 0, until: float = 48) -> tuple[float, float] | None:
    found = biggest_move(stands(*steps), since=START + timedelta(hours=since), until=START + timedelta(hours=until))
    return None if found is None else (found.before, found.after)


def test_15_points_within_a_day_are_a_move_and_14_are_none() -> None:
    assert move((0, 3, 0.40), (10, 4, 0.55)) == (0.40, 0.55)
    assert move((0, 3, 0.40), (10, 4, 0.54)) is None
    assert move((0, 3, 0.55), (10, 4, 0.40)) == (0.55, 0.40)


def test_steps_add_up_within_a_day_and_not_over_two() -> None:
    assert move((0, 3, 0.40), (10, 4, 0.50), (20, 5, 0.60)) == (0.40, 0.60)
    assert move((0, 3, 0.40), (10, 3, 0.50), (35, 5, 0.60)) is None


def test_what_stood_when_the_day_began_counts_however_old_it_is() -> None:
    assert move((-900, 3, 0.40), (30, 4, 0.60)) == (0.40, 0.60)


@pytest.mark.parametrize(("since", "until"), [(10.1, 48), (0, 10)])
def test_a_move_belongs_to_the_span_in_which_it_ended(since: float, until: float) -> None:
    assert move((0, 3, 0.40), (10, 4, 0.60), since=since, until=until) is None
    assert move((0, 3, 0.40), (10, 4, 0.60), since=10, until=10.1) == (0.40, 0.60)


def test_two_members_are_no_crowd() -> None:
    assert move((0, 2, 0.20), (1, 3, 0.60)) is None
    assert move((0, 3, 0.20), (1, 4, 0.60)) == (0.20, 0.60)
    assert move((0, 3, 0.20), (1, 2, 0.60)) is None


def test_of_several_the_biggest_is_told_and_of_equal_ones_the_latest() -> None:
    assert move((0, 3, 0.40), (1, 3, 0.70), (30, 3, 0.50)) == (0.40, 0.70)
    assert move((0, 3, 0.40), (1, 3, 0.70), (30, 3, 0.40)) == (0.70, 0.40)


def test_of_options_the_one_that_moved_most_is_told() -> None:
    before, after = (START, 3, (0.5, 0.3, 0.2)), (START + timedelta(hours=1), 4, (0.25, 0.35, 0.4))
    found = biggest_move([CrowdStand(*before), CrowdStand(*after)], since=START, until=START + timedelta(days=1))
    assert found is not None
    assert (found.option, found.before, found.after) == (0, 0.5, 0.25)


def test_nobody_moves_nothing() -> None:
    assert biggest_move([], since=START, until=START + timedelta(days=1)) is None
