"""A column of dates, read as a whole: its other cells say whether 5/6/2026 is in May or June."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.domain.times import FIRST_YEAR, LAST_YEAR, last_day_before

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero janeiro ene",
            "feb february februar février febrero fevereiro fev",
            "mar march märz mars marzo março mär mrz",
            "apr april avril abril avr abr",
            "may mai mayo maio",
            "jun june juni juin junio junho",
            "jul july juli juillet julio julho",
            "aug august août agosto aout ago",
            "sep sept september septembre septiembre setembro set",
            "oct october oktober octobre octubre outubro okt out",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre diciembre dezembro dez dic",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = (
    r"(?:[T\s,]+0*\d{1,2}:0*\d{1,2}(?::0*\d{1,2})?(?:[.,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_CLOCK}")
_NUMBERS = re.compile(rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<second>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}}){_CLOCK}")
_DAY_MONTH = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[-\s./]+(?P<name>[^\W\d_]{{3,12}})\.?,?[-\s./]+(?P<year>\d{{4}}|\d{{2}}){_CLOCK}"
)
_MONTH_DAY = re.compile(
    rf"(?P<name>[^\W\d_]{{3,12}})\.?[-\s./]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[-\s./]+(?P<year>\d{{4}}|\d{{2}}){_CLOCK}"
)
_COUNT = re.compile(r"\d{5}(?:\.\d+)?|\d{9,10}(?:\.\d+)?|\d{12,13}")
_EXCEL_DAY_0 = date(1899, 12, 30)
_LONGEST = 40


class DayOrder(StrEnum):
    """How a date of three numbers is written."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True, slots=True)
class Days:
    """A column's dates: None for a cell without one. `doubtful` are the cells whose day and month no other cell settles."""

    values: tuple[date | None, ...]
    doubtful: tuple[int, ...] = ()

    @property
    def share(self) -> float:
        """The share of cells that are dates."""
        return sum(value is not None for value in self.values) / len(self.values) if self.values else 0.0


def order_of(columns: Sequence[Sequence[str]]) -> DayOrder | None:
    """The order of these columns' dates, according to those with only one reading; None if none has."""
    votes = {DayOrder.DAY_FIRST: 0, DayOrder.MONTH_FIRST: 0}
    for cells in columns:
        for cell in cells:
            if found := _NUMBERS.fullmatch(cell.strip()[:_LONGEST]):
                first, second = int(found["first"]), int(found["second"])
                if found["mark"] == "." or first > 12 >= second:
                    votes[DayOrder.DAY_FIRST] += 1
                elif second > 12 >= first:
                    votes[DayOrder.MONTH_FIRST] += 1
    if votes[DayOrder.DAY_FIRST] == votes[DayOrder.MONTH_FIRST]:
        return None
    return max(votes, key=lambda order: votes[order])


def read_days(cells: Sequence[str], *, order: DayOrder | None = None) -> Days:
    """The dates of a column. If nothing settles a date of three numbers, it's read with the day first, and is doubtful."""
    settled = order or order_of([cells])
    values: list[date | None] = []
    doubtful: list[int] = []
    filled = [cell for cell in cells if cell.strip()]
    are_counts = bool(filled) and all(_COUNT.fullmatch(cell.strip()) for cell in filled)
    for number, cell in enumerate(cells):
        given = cell.strip()
        value = _of_count(given) if are_counts and given else _of_words(given, settled or DayOrder.DAY_FIRST)
        values.append(value)
        if value is not None and settled is None and (found := _NUMBERS.fullmatch(given)) and found["mark"] != ".":
            is_open = int(found["first"]) <= 12 and int(found["second"]) <= 12 and found["first"] != found["second"]
            doubtful += [number] if is_open else []
    return Days(tuple(values), tuple(doubtful))


def _of_words(given: str, order: DayOrder) -> date | None:
    if not given or len(given) > _LONGEST:
        return None
    if found := _YEAR_FIRST.fullmatch(given):
        return _made(found["year"], int(found["month"]), int(found["day"]))
    if found := _NUMBERS.fullmatch(given):
        first, second = int(found["first"]), int(found["second"])
        is_day_first = found["mark"] == "." or first > 12 or (order is DayOrder.DAY_FIRST and second <= 12)
        day, month = (first, second) if is_day_first else (second, first)
        return _made(found["year"], month, day)
    for form in (_DAY_MONTH, _MONTH_DAY):
        if (found := form.fullmatch(given)) and (month := _MONTHS.get(found["name"].casefold())) is not None:
            return _made(found["year"], month, int(found["day"]))
    return None


def _of_count(given: str) -> date | None:
    """A spreadsheet's day number, or a moment in seconds or milliseconds since 1970; midnight ends the day before it."""
    number = float(given)
    digits = len(given.split(".")[0])
    if digits == 5:
        return _within(_EXCEL_DAY_0 + timedelta(days=int(number)))
    seconds = number / 1000 if digits > 10 else number
    return _within(last_day_before(datetime.fromtimestamp(seconds, UTC)))


def _made(year: str, month: int, day: int) -> date | None:
    full = int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 70 else 1900 + int(year)
    try:
        return _within(date(full, month, day))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
