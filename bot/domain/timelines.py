"""Who thought what, and when: the forecasts on one prediction as arrays, cut to the time in which it took them.

Times are Unix seconds in double precision. A forecast is active on [its start, its end): it ends when it is withdrawn, when the
same forecaster makes the next one, or when the prediction closes. What happens at the closing time itself comes too late.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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
    """When a prediction's forecasts counted, in Unix seconds: from `opens_at` (o) to `closed_at` (a), and until when it was planned
    to take some, `scheduled_close` (S). `window_of` says which is which."""

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


def window_of(
    *, opens_at: float, scheduled_close: float | None, happened_at: float | None = None, ended_at: float | None = None
) -> ForecastWindow | None:
    """The window of a prediction, all in Unix seconds; None while no close is known.

    happened_at: the moment that the confirmed result carries. ended_at: when a manager closed it, or when it took no more forecasts
    for another reason. Forecasting counts up to the earliest of these and the scheduled close: nobody gains by what they say
    after the news, however long the vote takes. The planned time stays what it was. Without a scheduled close, the end that came
    is taken for planned. No close is before the opening.
    """
    planned = next((close for close in (scheduled_close, ended_at, happened_at) if close is not None), None)
    if planned is None:
        return None
    ends = [max(end, opens_at) for end in (planned, happened_at, ended_at) if end is not None]
    return ForecastWindow(opens_at, min(ends), max(planned, opens_at))


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
