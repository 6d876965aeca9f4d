"""How far forecasts on the same prediction are apart."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.types import Kind


def difference(kind: Kind, one: Sequence[float], other: Sequence[float]) -> float:
    """From 0 for the same to 1 for as far apart as can be.

    Of probabilities, the largest gap. Of numbers and dates, the gap between the middles as a share of all that the two ranges
    span.
    """
    if kind.is_distribution:
        return max(abs(a - b) for a, b in zip(one, other, strict=True))
    span = max(one[2], other[2]) - min(one[0], other[0])
    return abs(one[1] - other[1]) / span if span > 0 else 0.0


CHANGED_MIND = 0.2
"""A change by this much in a member's probabilities is worth asking about."""
ROUNDING = 1e-9


def has_changed_mind(kind: Kind, before: Sequence[float] | None, after: Sequence[float]) -> bool:
    """Whether a member has moved their own forecast by 20 points or more. Numbers and dates have no points."""
    return kind.is_distribution and before is not None and difference(kind, before, after) >= CHANGED_MIND - ROUNDING


def spread(kind: Kind, lower: Sequence[float], upper: Sequence[float]) -> float | None:
    """How far members disagree, from 0 to 1: the width of the middle half of their probabilities, of the option where it's widest.
    None for numbers and dates, which have no common measure."""
    if not kind.is_distribution:
        return None
    return max(high - low for low, high in zip(lower, upper, strict=True))
