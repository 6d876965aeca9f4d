"""Who thought what, and when: the forecasts on one prediction as arrays, cut to the time in which it took them.

Times are Unix seconds in double precision. A forecast is active on [its start, its end): it ends when it is withdrawn, when the
same forecaster makes the next one, or when the prediction closes. What happens at the closing time itself comes too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CELLS = 1 << 20
"""How many cells a matrix of steps × forecasts may have at once, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Forecasts of any number of people on one prediction.

    `who` (forecasts,) numbers the forecasters; of two forecasts of one moment, that of the lower number counts as the earlier.
    `starts` and `ends` (forecasts,) are Unix seconds, `ends` infinite while nothing has ended it. `values` (forecasts, values).
    """

    who: Integers
    starts: Floats
    ends: Floats
    values: Floats

    def __len__(self) -> int:
        return len(self.who)

    def taken(self, which: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Forecasts:
        """Some of them, or all in another order."""
        return Forecasts(self.who[which], self.starts[which], self.ends[which], self.values[which])


@dataclass(frozen=True, slots=True)
class ForecastWindow:
    """When a prediction took forecasts, in Unix seconds: from `opens_at` (o) to `closed_at` (a), the earlier of its resolution
    and its scheduled close (S)."""

    opens_at: float
    closed_at: float
    scheduled_close: float

    @property
    def planned(self) -> float:
        """S - o in seconds, by which scores are divided."""
        return self.scheduled_close - self.opens_at

    @property
    def open_share(self) -> float:
        """(a - o) / (S - o): the coverage that nobody can exceed."""
        return (self.closed_at - self.opens_at) / self.planned if self.planned > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Forecasts in the order of time, none of them empty, and the steps at which something changes.

    `times` (steps,): when each step begins; it lasts until the next, the last one until `closed_at`. Forecast i is active from
    step `first[i]` up to, and without, `last[i]`; `active` (steps,) counts the active ones.
    """

    forecasts: Forecasts
    closed_at: float
    times: Floats
    first: Integers
    last: Integers
    active: Integers

    @property
    def edges(self) -> Floats:
        """Beginnings of the steps and the end of the last, shape (steps + 1,)."""
        return np.append(self.times, self.closed_at)

    def standing(self) -> Iterator[tuple[slice, Integers]]:
        """The active forecasts of every step, for some steps at a time: (which steps, matrix of steps × most active ones).

        A row holds positions in `forecasts`, oldest first; what is left of it is filled with len(forecasts).
        """
        count = len(self.forecasts)
        if count == 0:
            return
        at_once = max(1, CELLS // count)
        for low in range(0, len(self.times), at_once):
            rows = slice(low, min(low + at_once, len(self.times)))
            step = np.arange(rows.start, rows.stop)[:, None]
            row, which = np.nonzero((self.first <= step) & (step < self.last))
            active = self.active[rows]
            ends = np.cumsum(active)
            matrix = np.full((len(active), max(1, int(active.max()))), count)
            matrix[row, np.arange(len(which)) - np.repeat(ends - active, active)] = which
            yield rows, matrix


def timeline_of(forecasts: Forecasts, *, opens_at: float, closed_at: float) -> Timeline:
    """Forecasts in any order, sorted by (start, forecaster) and cut to [opens_at, closed_at); what lies outside is left out."""
    order = np.lexsort((forecasts.ends, forecasts.starts, forecasts.who))
    who, starts, ends = forecasts.who[order], forecasts.starts[order], forecasts.ends[order].copy()
    is_followed = who[1:] == who[:-1]
    ends[:-1] = np.where(is_followed, np.minimum(ends[:-1], starts[1:]), ends[:-1])
    ends = np.minimum(ends, closed_at)
    inside = np.flatnonzero(ends > np.maximum(starts, opens_at))
    # By when they were made, which may be before the opening, for the weights of the crowd go by that; then by forecaster still.
    kept = inside[np.argsort(starts[inside], kind="stable")]
    cut = Forecasts(who[kept], np.maximum(starts[kept], opens_at), ends[kept], forecasts.values[order[kept]])
    times = np.unique(np.concatenate((cut.starts, cut.ends[cut.ends < closed_at])))
    first, last = np.searchsorted(times, cut.starts), np.searchsorted(times, cut.ends)
    begun, ended = np.bincount(first, minlength=len(times)), np.bincount(last, minlength=len(times) + 1)[: len(times)]
    return Timeline(cut, closed_at, times, first, last, np.cumsum(begun - ended))
