"""When a forecast doesn't go with what the same member said before."""

from __future__ import annotations

import pytest

from bot.domain.coherence import is_above, jump, without_room
from bot.domain.types import Kind


@pytest.mark.parametrize(
    ("kind", "before", "after", "moved"),
    [
        (Kind.BINARY, (0.1,), (0.72,), 0.62),
        (Kind.BINARY, (0.9,), (0.4,), -0.5),
        (Kind.BINARY, (0.3,), (0.8,), 0.5),
        (Kind.BINARY, (0.3,), (0.79,), None),
        (Kind.MULTIPLE_CHOICE, (0.8, 0.1, 0.1), (0.2, 0.8, 0.0), 0.7),
        (Kind.MULTIPLE_CHOICE, (0.5, 0.3, 0.2), (0.2, 0.4, 0.4), None),
        (Kind.MULTIPLE_CHOICE, (0.5, 0.5), (0.0, 0.5, 0.5), None),
        (Kind.NUMERIC, (1, 2, 3), (100, 200, 300), None),
    ],
)
def test_a_jump_is_50_points_or_more(
    kind: Kind, before: tuple[float, ...], after: tuple[float, ...], moved: float | None
) -> None:
    assert jump(kind, before, after) == (None if moved is None else pytest.approx(moved))


def test_options_at_nothing_have_no_room() -> None:
    assert without_room(Kind.MULTIPLE_CHOICE, (0.5, 0.0, 0.5)) == (1,)
    assert without_room(Kind.MULTIPLE_CHOICE, (0.5, 0.001, 0.499)) == ()
    assert without_room(Kind.BINARY, (0.0,)) == ()


def test_what_needs_something_else_is_above_it_by_more_than_half_a_point() -> None:
    assert is_above(0.7, 0.4)
    assert not is_above(0.4, 0.4)
    assert not is_above(0.404, 0.4)
    assert not is_above(0.3, 0.4)
