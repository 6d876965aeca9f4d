"""A small grammar for English moments in lark, tried beside our own: how long it takes, and what it says of what it can't read."""

from __future__ import annotations

import importlib
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from bot.domain.moments.calendar_words import MONTHS, OUR_DAYS

_GRAMMAR = r"""
start: in_span clock? | day clock? | clock day?
in_span: "in"i amount unit
amount: NUMBER | ("a"i | "an"i)
!unit: "minutes"i | "minute"i | "hours"i | "hour"i | "days"i | "day"i | "weeks"i | "week"i
day: TOMORROW | TODAY | "on"i? WEEKDAY | "on"i? date
date: NUMBER MONTH YEAR? | MONTH NUMBER ("," YEAR)?
clock: "at"i? NUMBER (":" NUMBER)? HALF? | NOON
TOMORROW.3: "tomorrow"i
TODAY.3: "today"i
NOON.3: "noon"i
HALF.3: "am"i | "pm"i
WEEKDAY.3: /(mon|tue|wed|thu|fri|sat|sun)[a-z]*/i
MONTH.3: /(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/i
YEAR.2: /\d{4}/
NUMBER: /\d{1,2}/
%ignore " "
"""


@cache
def _parser() -> Any:
    return importlib.import_module("lark").Lark(_GRAMMAR, parser="earley")


def read_with_lark(typed: str, now: datetime) -> datetime | None:
    """The moment by the clock of `now`; raises lark's errors, which know a place in the text and what was expected there."""
    tree = _parser().parse(typed)
    day, clock, moment = None, None, None
    for part in tree.children:
        words = [str(token) for token in part.scan_values(lambda _token: True)]
        if part.data == "clock":
            clock = _clock(words)
        elif part.data == "in_span":
            unit = next(word for word in words if word[0].isalpha()).rstrip("s").lower()
            amount = int(words[0]) if words[0].isdecimal() else 1
            moment = now + amount * timedelta(**{f"{unit}s": 1})
        else:
            day = _day(words, now)
    if moment is not None:
        return moment if clock is None else moment.replace(hour=clock[0], minute=clock[1])
    if day is None:
        day = now
    hour, minute = clock or (9, 0)
    return day.replace(hour=hour, minute=minute)


def _clock(words: list[str]) -> tuple[int, int]:
    if words[0].lower() == "noon":
        return 12, 0
    numbers = [int(word) for word in words if word.isdecimal()]
    hour = numbers[0] % 12 + (12 if words[-1].lower() == "pm" else 0) if words[-1].isalpha() else numbers[0]
    return hour, numbers[1] if len(numbers) > 1 else 0


def _day(words: list[str], now: datetime) -> datetime:
    first = words[0].lower()
    if first in ("today", "tomorrow"):
        return now + timedelta(days=first == "tomorrow")
    for at, name in enumerate(OUR_DAYS):
        if name.lower().startswith(first[:3]):
            return now + timedelta(days=(at - now.weekday()) % 7 or 7)
    month = next(MONTHS[word.lower()[:3]] for word in words if word.isalpha())
    numbers = [int(word) for word in words if word.isdecimal()]
    year = next((number for number in numbers if number > 31), now.year)
    day = next(number for number in numbers if number <= 31)
    return now.replace(year=year, month=month, day=day)
