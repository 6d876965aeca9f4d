"""Whether a member's forecast goes with what they said before: a gentle question after it's stored, never a refusal.

Everything here is about the member's own forecasts, so it tells nothing about the crowd.
"""

from __future__ import annotations

from bot.domain.types import Kind, Relation, Values

JUMP = 0.5
"""A probability that moved this far from one's own last is asked about."""
ROUNDING = 0.005
"""Half a point: what people type is no more precise."""
BOUNDED = frozenset({Relation.REQUIRES, Relation.INSTANCE})
"""With these, a prediction can't be likelier than its parent."""


def jump(kind: Kind, before: Values, after: Values) -> float | None:
    """How far the probability that moved most went, with its sign, if that's a jump; None for numbers and dates."""
    if not kind.is_distribution or len(before) != len(after):
        return None
    moved = max((new - old for old, new in zip(before, after, strict=True)), key=abs)
    return moved if abs(moved) >= JUMP - 1e-9 else None


def without_room(kind: Kind, values: Values) -> tuple[int, ...]:
    """The options that were given no chance at all, by their positions."""
    return tuple(at for at, value in enumerate(values) if value == 0) if kind is Kind.MULTIPLE_CHOICE else ()


def is_above(child: float, parent: float) -> bool:
    """Whether something is called likelier than what it needs in order to happen, or than what includes it."""
    return child > parent + ROUNDING
