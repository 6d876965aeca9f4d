"""A number or a date in one guess, with how far off it may be: `12 ± 3`, `1 Jun 2027 give or take 2 weeks`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import NotUnderstood, Refused, shortened
from bot.domain.probabilities import read_quantity
from bot.domain.times import day_number, read_last_day
from bot.domain.types import Kind, Values
from bot.domain.when import read_when

_MARK = re.compile(r"\s*(?:±|\+\s*/\s*[-−]|\+[-−]|\bgive or take\b)\s*", re.IGNORECASE)
_BARE = re.compile(r"\d{1,5}")
_A_WHILE = "a length of time"


def split_guess(text: str) -> tuple[str, str] | None:
    """The guess and how far off it may be; None if the text isn't of this form."""
    parts = _MARK.split(text.strip())
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None


def read_guess(
    guess: str,
    margin: str,
    *,
    kind: Kind,
    unit: str | None = None,
    locale: str | None = None,
    near: Sequence[float] = (),
) -> Values:
    """Three values around the guess: it's 8 in 10 that the answer is within the margin.

    `unit`, `locale` and `near` as in `read_quantity`. Raises Refused, and TwoReadings about one of the two texts.
    """
    margin = _MARK.sub("", margin).strip()
    if kind is Kind.DATE:
        day = read_last_day(guess, locale=locale)
        middle, apart = day_number(day), _days(margin, datetime.combine(day, time(), UTC), locale)
    else:
        middle = read_quantity(guess, unit=unit, locale=locale, near=near)
        apart = read_quantity(margin, unit=unit, locale=locale)
    if apart < 0:
        raise Refused(f"“{shortened(margin)}” is negative. Write how far off your guess may be, up or down, for example 3.")
    return (middle - apart, middle, middle + apart)


def _days(margin: str, since: datetime, locale: str | None) -> float:
    """The days in 2 weeks or 3 months, counted from a day; a bare number is days."""
    if _BARE.fullmatch(margin):
        return float(margin)
    for way in ("in {}", "dans {}", "em {}", "en {}"):
        try:
            ends = read_when(way.format(margin), now=since, zone=ZoneInfo("UTC"), resolves_at=None, locale=locale).at
        except Refused:
            continue
        return float((ends - since) // timedelta(days=1))
    raise NotUnderstood(margin, "", _A_WHILE, "10 days, 2 weeks or 3 months")
