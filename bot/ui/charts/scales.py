"""Where the lines of an axis go and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import dates
from matplotlib.ticker import LogLocator, MaxNLocator

from bot.domain.aggregation import Floats
from bot.domain.types import Kind
from bot.ui import text

Ticks = list[tuple[float, str]]

PERCENT: Ticks = [(value / 4, f"{25 * value}%") for value in range(5)]
_HUGE = 1e60
_MANY_DECADES = 300
"""A range of positive quantities is drawn on a logarithmic axis if its ends differ by this factor."""
_FIRST_DAY, _LAST_DAY = 0.0, 100_000.0

_dates: Any = dates  # its functions are typed only in part
days_of: Callable[[Sequence[datetime]], Floats] = _dates.date2num
"""Moments as an axis counts them, in days since 1970-01-01 UTC."""
moment_at: Callable[..., datetime] = _dates.num2date
"""The moment of such a day; `tz` is UTC unless another is given."""


def bounded(kind: Kind, values: Sequence[float] | Floats) -> Floats:
    """Values within what an axis can hold."""
    array = np.asarray(values, dtype=np.float64)
    if kind.is_distribution:
        return np.clip(array, 0.0, 1.0)
    low, high = (_FIRST_DAY, _LAST_DAY) if kind is Kind.DATE else (-_HUGE, _HUGE)
    return np.clip(np.nan_to_num(array), low, high)


def limits(kind: Kind, values: Sequence[float] | Floats) -> tuple[float, float, bool]:
    """The ends of an axis that shows all of these values, and whether it is logarithmic."""
    if kind.is_distribution:
        return 0.0, 1.0, False
    array = bounded(kind, values)
    low, high = (float(array.min()), float(array.max())) if len(array) else (0.0, 1.0)
    if kind is Kind.NUMERIC and low > 0 and high / low > _MANY_DECADES:
        return low / 1.5, high * 1.5, True
    room = max((high - low) * 0.06, 3.0 if kind is Kind.DATE else max(abs(high), abs(low), 1e-9) * 0.02)
    return low - room, high + room, False


def value_ticks(kind: Kind, low: float, high: float, *, is_log: bool, count: int = 5) -> Ticks:
    """Round values between the ends of an axis."""
    if kind.is_distribution:
        return [(value, words) for value, words in PERCENT if value <= high]
    if kind is Kind.DATE:
        return date_ticks(_moment(low), _moment(high), UTC, count=count)
    locator = LogLocator(numticks=count + 1) if is_log else MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10])
    found = [float(value) for value in locator.tick_values(low, high) if low <= value <= high]
    found = [0.0 if abs(value) < (high - low) * 1e-9 else value for value in found]
    return [(value, text.quantity(value)) for value in found]


def date_ticks(start: datetime, end: datetime, zone: tzinfo, *, count: int = 4) -> Ticks:
    """Round moments between two, in days since 1970-01-01 UTC, labelled as precisely as their distance needs."""
    locator = dates.AutoDateLocator(tz=zone, minticks=2, maxticks=count)
    low, high = (float(day) for day in days_of([start, end]))
    found = [float(value) for value in _tick_values(locator, start, end) if low <= value <= high]
    moments = [moment_at(value, tz=zone) for value in found]
    gap = min((later - earlier for earlier, later in pairwise(found)), default=high - low)
    many_years = len({moment.year for moment in (start.astimezone(zone), end.astimezone(zone))}) > 1
    return [(value, _called(moment, gap, many_years)) for value, moment in zip(found, moments, strict=True)]


def _tick_values(locator: Any, start: datetime, end: datetime) -> Floats:
    return locator.tick_values(start, end)  # its base class takes numbers, this one takes moments


def _called(moment: datetime, gap: float, many_years: bool) -> str:
    if gap < 0.9:
        return f"{moment:%H:%M}" if (moment.hour, moment.minute) != (0, 0) else f"{moment.day} {moment:%b}"
    if gap < 27:
        return f"{moment.day} {moment:%b}"
    if gap < 360:
        return f"{moment:%b %Y}" if many_years else f"{moment:%b}"
    return f"{moment:%Y}"


def _moment(day: float) -> datetime:
    return moment_at(min(max(day, -700_000.0), 2_900_000.0), tz=UTC)


def short_percent(probability: float) -> str:
    """61% next to a line. Near the ends, as precise as it takes to differ from them."""
    return f"{100 * probability:.0f}%" if 0.01 <= probability <= 0.99 else text.percent(probability)
