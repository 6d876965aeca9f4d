"""What looks like a slip of the keyboard: a number ten times away from where all others are."""

from __future__ import annotations

from collections.abc import Sequence


def is_near(value: float, others: Sequence[float]) -> bool:
    """Whether a number is less than ten times away from at least one of the others."""
    return any(
        abs(other) < 10 * abs(value) and abs(value) < 10 * abs(other) and (value < 0) == (other < 0) for other in others
    ) or (value == 0 and any(other == 0 for other in others))
