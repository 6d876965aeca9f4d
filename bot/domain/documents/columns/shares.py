"""A column of probabilities, read as a whole: its name and its other cells say whether a 1 is one percent or certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.types import Qualifier

_LONGEST = 40
_PERCENT_NAME = re.compile(r"[%％‰]|percent|\bpct\b|prozent|procent|\b0\s?[-–]\s?100\b|\(100\)", re.IGNORECASE)
_FRACTION_NAME = re.compile(r"\b0(?:\.0)?\s?[-–]\s?1(?:\.0)?\b|\bfraction\b", re.IGNORECASE)
_INTEGER = r"\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+|\d+"
_NUMBER = re.compile(
    r"(?P<qualifier>[<>~≈≤≥]|ca\.?|about|approx\.?)?\s*(?![1-9]\d*[.,]\d{3}(?!\d))(?P<number>\d+(?:[.,]\d+)?|[.,]\d+)\s*(?P<sign>[%％]|percent|pct|per\s?cent)?",
    re.IGNORECASE | re.ASCII,
)
_ONE_IN = re.compile(
    rf"(?P<share>\d{{1,9}})\s*(?:in|out\s+of|von|sur|/|÷)\s*(?P<whole>{_INTEGER})", re.IGNORECASE | re.ASCII
)
_ODDS = re.compile(
    rf"(?P<first>{_INTEGER})\s*(?::|to|-to-)\s*(?P<second>{_INTEGER})(?P<against>\s*(?:against|odds\s+against))?",
    re.IGNORECASE,
)
_EVEN = re.compile(r"even(?:\s+odds|s)?|50\s?/\s?50|coin\s?flip|toss-?up", re.IGNORECASE)
_QUALIFIERS = {"<": Qualifier.LESS, "≤": Qualifier.LESS, ">": Qualifier.MORE, "≥": Qualifier.MORE}


@dataclass(frozen=True, slots=True)
class Share:
    """A probability from 0 to 1, and how its cell hedges it."""

    value: float
    qualifier: Qualifier | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """A column's probabilities: None for a cell without one. `wrong` are the cells with a number outside 0 to 100%."""

    values: tuple[Share | None, ...]
    wrong: tuple[int, ...] = ()
    says_percent: bool = False
    """Whether the column's name or a cell has a percent sign."""

    @property
    def share(self) -> float:
        """The share of cells that are probabilities, or numbers meant as such."""
        read = sum(value is not None for value in self.values) + len(self.wrong)
        return read / len(self.values) if self.values else 0.0


def read_shares(cells: Sequence[str], *, name: str = "") -> Shares:
    """The probabilities of a column called `name`.

    Cells with a sign, odds (`1 in 1,000`) and fractions (`1/3`) speak for themselves. For bare numbers the column
    decides: percent if its name says so or if more of them are above 1 than are between 0 and 1, else fractions of 1.
    """
    found = [_NUMBER.fullmatch(cell.strip()[:_LONGEST]) for cell in cells]
    bare = [_number(match["number"]) for match in found if match is not None and not match["sign"]]
    above, between = sum(number > 1 for number in bare), sum(0 < number < 1 for number in bare)
    has_signs = any(match is not None and match["sign"] for match in found)
    says_percent = _PERCENT_NAME.search(name) is not None
    if says_percent != (_FRACTION_NAME.search(name) is not None):
        is_percent = says_percent
    else:
        is_percent = above > between or (has_signs and above >= between and above > 0)
    values: list[Share | None] = []
    wrong: list[int] = []
    for place, (cell, match) in enumerate(zip(cells, found, strict=True)):
        if match is None:
            values.append(_odds(cell.strip()[:_LONGEST]))
            continue
        number = _number(match["number"])
        is_stray = number > 1 and _FRACTION_NAME.search(name) is None  # a percentage among fractions
        is_bare_fraction = 0 < number < 1 and has_signs and not match["sign"]  # this column's percentages have signs
        is_percentage = match["sign"] or is_stray or (is_percent and (says_percent or not is_bare_fraction))
        value = number / 100 if is_percentage else number
        if value > 1:
            wrong.append(place)
            values.append(None)
        else:
            hedge = (match["qualifier"] or "")[:1]
            values.append(Share(value, _QUALIFIERS.get(hedge, Qualifier.ABOUT) if hedge else None))
    return Shares(tuple(values), tuple(wrong), says_percent or has_signs)


def _odds(given: str) -> Share | None:
    if found := _ONE_IN.fullmatch(given):
        share, whole = int(found["share"]), _whole(found["whole"])
        return Share(share / whole) if whole > 0 and share <= whole else None
    if found := _ODDS.fullmatch(given):
        first, second = _whole(found["first"]), _whole(found["second"])
        if first + second == 0:
            return None
        return Share((second if found["against"] else first) / (first + second))
    return Share(0.5) if _EVEN.fullmatch(given) else None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))
