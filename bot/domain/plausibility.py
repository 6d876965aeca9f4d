"""What looks like a slip of the keyboard: a number ten times away from where all others are, or outside the stated range.

Such a forecast may be meant. It is never refused: whoever takes it asks first, and stores what was typed if that is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Doubted, Reading
from bot.domain.texts import listed
from bot.domain.times import day_of, day_text
from bot.domain.types import Kind, Values

FAR = 10
"""A value this many times larger, or smaller, than all others is asked about."""
_POWERS = (3, -3, 6, -6, 1, -1, 2, -2, 4, -4, 5, -5, 9, -9)
"""Thousands that were forgotten or typed twice come before single zeros."""


@dataclass(frozen=True, slots=True)
class Range:
    """Where a creator expects the values of a number or a date to lie; either end may be open."""

    low: float | None = None
    high: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value lies within, the ends included."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __bool__(self) -> bool:
        return bool(self.ends)

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends that are known."""
        return tuple(end for end in (self.low, self.high) if end is not None)


ANYWHERE = Range()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A forecast to ask about before it is stored."""

    typed: Values
    suggested: Values | None
    """What was probably meant; None when no power of ten makes it fit."""
    odd: tuple[float, ...]
    """The values that stand out."""
    is_outside: bool
    """Whether they lie outside the stated range, rather than far from the others."""
    kind: Kind = Kind.NUMERIC

    def __str__(self) -> str:
        shown = listed([self._text(value) for value in self.odd])
        if self.is_outside:
            why = f"{shown} {'is' if len(self.odd) == 1 else 'are'} outside the range that this prediction states."
        else:
            why = f"{shown} is at least {FAR} times away from {'your other values' if len(self.typed) > 1 else 'the forecasts'}."
        if self.suggested is None:
            return f"{why} Keep it?" if len(self.odd) == 1 else f"{why} Keep them?"
        return f"Did you mean {listed([self._text(value) for value in self.changed])}? {why}"

    @property
    def changed(self) -> tuple[float, ...]:
        """What is suggested in place of the values that stand out."""
        return tuple(new for old, new in zip(self.typed, self.suggested or (), strict=False) if old != new)

    @property
    def question(self) -> Doubted:
        """The question, with what is suggested first and what was typed second."""
        keep = Reading(f"Keep {listed([self._text(value) for value in self.odd])}", "", self.typed)
        if self.suggested is None:
            return Doubted("", (keep,), str(self))
        yes = Reading(f"Yes, {listed([self._text(value) for value in self.changed])}", "", self.suggested)
        return Doubted("", (yes, keep), str(self))

    def _text(self, value: float) -> str:
        return day_text(day_of(value)) if self.kind is Kind.DATE else f"{value:,.15g}"


def doubt_about(values: Values, *, kind: Kind, stated: Range | None = None) -> Doubt | None:
    """What to ask before these quantiles are stored; None when nothing stands out. Probabilities are never doubted."""
    if kind.is_distribution:
        return None
    if stated is not None and (outside := tuple(value for value in values if not stated.holds(value))):
        return Doubt(values, _moved_inside(values, stated) if kind is Kind.NUMERIC else None, outside, True, kind)
    if kind is not Kind.NUMERIC or len(values) < 3:
        return None
    odd = sorted((-_gap(values, at), at != 2, at) for at in range(len(values)) if _gap(values, at) >= FAR)
    if not odd:
        return None
    moved = ((at, _moved_near(values, at)) for _, _, at in odd)
    at, suggested = next(((at, fitting) for at, fitting in moved if fitting is not None), (odd[0][2], None))
    return Doubt(values, suggested, (values[at],), False)


def question_about(values: Values, *, kind: Kind, stated: Range | None = None) -> Doubted | None:
    """`doubt_about` as a question to the member."""
    doubt = doubt_about(values, kind=kind, stated=stated)
    return None if doubt is None else doubt.question


def doubt_about_outcome(value: float, *, kind: Kind, stated: Range | None, near: Sequence[float] = ()) -> Doubt | None:
    """What to ask before a result is proposed; `near` are the members' medians and what was proposed before."""
    if kind.is_distribution:
        return None
    if stated is not None and not stated.holds(value):
        suggested = _moved_inside((value,), stated) if kind is Kind.NUMERIC else None
        return Doubt((value,), suggested, (value,), True, kind)
    known = [other for other in near if other]
    if kind is Kind.NUMERIC and value and known and not is_near(value, known):
        moved = [value * 10.0**power for power in _POWERS]
        fitting = next((_exact(other) for other in moved if is_near(other, known)), None)
        return Doubt((value,), None if fitting is None else (fitting,), (value,), False)
    return None


def is_near(value: float, others: Sequence[float]) -> bool:
    """Whether a number is less than ten times away from at least one of the others."""
    return any(
        abs(other) < FAR * abs(value) and abs(value) < FAR * abs(other) and (value < 0) == (other < 0) for other in others
    ) or (value == 0 and any(other == 0 for other in others))


def _gap(values: Values, at: int) -> float:
    """How many times as large or small a value is as the nearest of the others, whatever their signs; 0 for zero itself."""
    value, others = values[at], [other for other in values[:at] + values[at + 1 :] if other]
    if not value or not others:
        return 0
    return min(max(abs(value / other), abs(other / value)) for other in others)


def _moved_near(values: Values, at: int) -> Values | None:
    """The values with the odd one moved by a power of ten to where it fits in order, close to the others."""
    for power in _POWERS:
        moved = (*values[:at], _exact(values[at] * 10.0**power), *values[at + 1 :])
        if list(moved) == sorted(moved) and is_near(moved[at], values[:at] + values[at + 1 :]):
            return moved
    return None


def _moved_inside(values: Values, stated: Range) -> Values | None:
    """The values with those outside moved by one power of ten, the same for all, to where all lie within and rise."""
    for power in _POWERS:
        moved = tuple(value if stated.holds(value) else _exact(value * 10.0**power) for value in values)
        if all(map(stated.holds, moved)) and list(moved) == sorted(moved):
            return moved
    return None


def _exact(value: float) -> float:
    return float(f"{value:.15g}")  # 1.1 * 1000 is 1100.0000000000002
