"""Reading the range that a creator expects values to lie in: "0 to 100", "5–10 USD", "at least 0", "1 Jan 2026 to 2027"."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from bot.domain.errors import NotUnderstood, Reading, Refused, TwoReadings, shortened
from bot.domain.plausibility import Range
from bot.domain.probabilities import read_quantity
from bot.domain.times import day_number, read_last_day
from bot.domain.types import Kind

LONGEST = 120
_FORMS = "0 to 100, at least 0, or at most 100"
_DATE_FORMS = "1 Jan 2026 to 31 Dec 2027, at least 2026, or at most 2030"
_BETWEEN = re.compile(r"\s+(?:to|and|bis|a|à|y|e|et|und)\s+|\s*(?:\.\.+|…|;|~|〜|から)\s*|\s*[-–—−]\s*", re.IGNORECASE)
_LEAD = re.compile(r"(?:between|from|zwischen|von|entre|de)\s+", re.IGNORECASE)
_LOW = re.compile(r"(?:at least|from|no less than|not below|min(?:imum)?|mindestens|≥|>=|>)\s*", re.IGNORECASE)
_HIGH = re.compile(r"(?:at most|up to|no more than|not above|max(?:imum)?|höchstens|≤|<=|<)\s*", re.IGNORECASE)


def read_range(text: str, *, kind: Kind, unit: str | None = None, locale: str | None = None) -> Range:
    """The range that was typed, for a number or a date. Raises Refused; TwoReadings, with whole ranges, where an end can mean
    two things."""
    given = text.strip()
    forms = _DATE_FORMS if kind is Kind.DATE else _FORMS

    def read(part: str) -> float:
        try:
            if kind is Kind.DATE:
                return day_number(read_last_day(part, locale=locale))
            return read_quantity(part, unit=unit, locale=locale)
        except TwoReadings as asked:
            ways = [(each.shown, given.replace(part.strip(), each.text, 1)) for each in asked.readings]
            readings = tuple(Reading(given.replace(part.strip(), shown, 1), whole) for shown, whole in ways)
            raise TwoReadings(given, readings, asked.said) from None

    if len(given) > LONGEST:
        raise NotUnderstood(given, "", "a range", forms)
    if found := _LOW.match(given):
        with suppress(NotUnderstood):
            return Range(low=read(given[found.end() :]))
    if found := _HIGH.match(given):
        return Range(high=read(given[found.end() :]))
    ends = _two(_LEAD.sub("", given, count=1), read)
    if ends is None:
        raise NotUnderstood(given, "", "a range", forms)
    if ends[0] >= ends[1]:
        raise Refused(f"“{shortened(given)}” goes down. Write the smaller end first: {forms}.")
    return Range(*ends)


def _two(text: str, read: Callable[[str], float]) -> tuple[float, float] | None:
    """Both ends, split where each side is a value: a minus may be a sign or stand between them."""
    for found in _BETWEEN.finditer(text):
        try:
            return read(text[: found.start()]), read(text[found.end() :])
        except TwoReadings:
            raise
        except Refused:
            continue
    return None
