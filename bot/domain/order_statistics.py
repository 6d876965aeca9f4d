"""Sums and ranks over intervals, for many questions at once: in about n log n, where comparing each with each takes n × n.

The numbers are put in the order of a whole-number key and halved level by level, as a wavelet tree does (Grossi, Gupta and Vitter
2003); all questions go down together. Where keys rise with what is summed, sums only ever meet what is no larger than the answer's
own parts, so that one huge number costs the others no digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.domain.timelines import Floats, Integers

_COARSE, _FINE = 2.0**30, 2.0**70
"""What running sums are exact to: a number is taken as a multiple of 2^-30, and the rest of it as one of 2^-70."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Positions [first, last) of a sequence, one interval for each question."""

    first: Integers
    last: Integers


@dataclass(frozen=True, slots=True)
class _Split:
    """One level of the tree. `zeros` counts, up to each position, the keys whose bit is 0; `order` has the positions of the next
    level, in which these come first within each node."""

    shift: int
    zeros: Integers
    order: Integers


def sums_below(keys: Integers, columns: Floats, asked: Questions, bounds: Integers) -> Floats:
    """For each question the sums of the columns over those positions whose key is below its bound.

    keys: (positions,), 0 or more; columns: (columns, positions); bounds: (questions,). Returns (columns, questions).
    """
    found = np.zeros((len(columns), len(bounds)))
    if len(keys) == 0 or len(bounds) == 0:
        return found
    left, right = asked.first.copy(), asked.last.copy()
    begin, end = np.zeros_like(left), np.full_like(left, len(keys))
    bits = int(max(keys.max(), bounds.max())).bit_length()
    for split in _splits(keys, bits):
        before = split.zeros[begin]
        middle = begin + split.zeros[end] - before
        low_left, low_right = begin + split.zeros[left] - before, begin + split.zeros[right] - before
        is_above = (bounds >> split.shift & 1).astype(bool)
        for row, column in enumerate(columns):
            running = np.concatenate((np.zeros(1), np.cumsum(column[split.order])))
            found[row] += np.where(is_above, running[low_right] - running[low_left], 0.0)
        left = np.where(is_above, middle + left - low_left, low_left)
        right = np.where(is_above, middle + right - low_right, low_right)
        begin, end = np.where(is_above, middle, begin), np.where(is_above, end, middle)
    return found


def keys_at(keys: Integers, signs: Integers, until: Integers, places: Integers) -> Integers:
    """For each question the key at its place, from 0, in the order of those keys that stand after the first `until` changes.

    keys and signs: (changes,), a sign being 1 where a key comes and -1 where it goes. Fewer must not stand than are asked for.
    """
    right, left_over = until.copy(), places.copy()
    begin, end = np.zeros_like(right), np.full_like(right, len(keys))
    found = np.zeros_like(right)
    for split in _splits(keys, int(keys.max(initial=0)).bit_length()):
        running = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(signs[split.order])))
        before = split.zeros[begin]
        middle = begin + split.zeros[end] - before
        low_right = begin + split.zeros[right] - before
        below = running[low_right] - running[begin]
        is_above = left_over >= below
        found |= is_above.astype(np.int64) << split.shift
        left_over = np.where(is_above, left_over - below, left_over)
        right = np.where(is_above, middle + right - low_right, low_right)
        begin, end = np.where(is_above, middle, begin), np.where(is_above, end, middle)
    return found


def running_sums(values: Floats, first: Integers, last: Integers, steps: int) -> Floats:
    """At each step the sum of the values that stand then, value i from step first[i] up to, and without, last[i]. Shape (steps,).

    Exact for numbers of up to about a thousand, to 21 digits after the point: who has gone leaves nothing behind.
    """
    coarse = np.rint(values * _COARSE)
    fine = np.rint((values - coarse / _COARSE) * _FINE)
    sums = [_whole_sums(part.astype(np.int64), first, last, steps) for part in (coarse, fine)]
    return sums[0] / _COARSE + sums[1] / _FINE


def _whole_sums(numbers: Integers, first: Integers, last: Integers, steps: int) -> Integers:
    changes = np.zeros(steps + 1, dtype=np.int64)
    np.add.at(changes, first, numbers)
    np.subtract.at(changes, last, numbers)
    return np.cumsum(changes[:steps])


def _splits(keys: Integers, bits: int) -> Iterator[_Split]:
    """The levels of the tree, the highest bit first; each node's positions lie together, those of smaller keys first."""
    count = len(keys)
    order, places = np.arange(count), np.arange(count)
    begin, end = np.zeros(count, dtype=np.int64), np.full(count, count, dtype=np.int64)
    for shift in range(bits - 1, -1, -1):
        is_one = (keys[order] >> shift & 1).astype(bool)
        zeros = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(~is_one)))
        middle = begin + zeros[end] - zeros[begin]
        low = begin + zeros[:-1] - zeros[begin]
        moved = np.where(is_one, middle + places - low, low)
        following = (order, np.where(is_one, middle, begin), np.where(is_one, end, middle))
        order, begin, end = (_placed(part, moved) for part in following)
        yield _Split(shift, zeros, order)


def _placed(numbers: Integers, places: Integers) -> Integers:
    moved = np.empty_like(numbers)
    moved[places] = numbers
    return moved
