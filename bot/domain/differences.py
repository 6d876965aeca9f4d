"""How far two forecasts on the same prediction are apart."""

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
