"""Series of predictions: one template, and a statement for each month, quarter or year of a range."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Refused, shortened

MOST = 24
"""How many predictions one series has at most."""
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
"""The placeholders, and of how many months each is."""
KNOWN = "{month}, {quarter} and {year}"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year: its first month, and how many it has."""

    year: int
    month: int
    months: int

    @property
    def last_day(self) -> date:
        """Its last day."""
        last = self.month + self.months - 1
        return date(self.year, last, calendar.monthrange(self.year, last)[1])


def placeholders(template: str) -> set[str]:
    """The placeholders in a template. Raises Refused for an unknown one, and for a brace that stands alone."""
    found: set[str] = set()
    for inside in _PLACEHOLDER.findall(template):
        name = inside.strip().casefold()
        if name not in MONTHS_OF:
            raise Refused(f"I don't know the placeholder {{{shortened(inside)}}}. There are {KNOWN}.")
        found.add(name)
    rest = _PLACEHOLDER.sub("", template)
    if "{" in rest or "}" in rest:
        raise Refused(f"A curly bracket stands alone in “{shortened(template)}”. Placeholders are {KNOWN}.")
    return found


def periods_of(statement: str, *, first: date, last: date, further: tuple[str, ...] = ()) -> tuple[Period, ...]:
    """The periods from that of `first` to that of `last`, by the finest placeholder of the statement. `further` are the other
    templates, which can't be finer. Raises Refused."""
    used = placeholders(statement)
    if not used:
        raise Refused(f"The statement has no placeholder, so its predictions would all be the same. There are {KNOWN}.")
    months = min(MONTHS_OF[name] for name in used)
    for template in further:
        for name in placeholders(template):
            if MONTHS_OF[name] < months:
                raise Refused(f"{{{name}}} has to be in the statement, too: without it, it isn't clear which one is meant.")
    if last < first:
        raise Refused("The series would end before it begins. Choose a later end.")
    found = tuple(_between(first, last, months))
    if len(found) > MOST:
        raise Refused(f"That would be {len(found):,} predictions, and a series has at most {MOST}. Choose a shorter range.")
    return found


def require_none(what: str, texts: Iterable[str]) -> None:
    """Refuses placeholders in what isn't filled in; `what` it is, in the plural or not: “the tags”."""
    for template in texts:
        if (found := _PLACEHOLDER.search(template)) is not None:
            raise Refused(
                f"{{{shortened(found[1])}}} can't be in {what}, which all predictions of a series share. Placeholders go into the "
                "statement, the criteria and the options."
            )


def filled(template: str, period: Period) -> str:
    """The template with a period's names: {month} is January 2027, or January where {year} stands beside it."""
    with_year = "" if "year" in placeholders(template) else f" {period.year}"
    names = {
        "month": f"{_MONTH_NAMES[period.month - 1]}{with_year}",
        "quarter": f"Q{(period.month + 2) // 3}{with_year}",
        "year": str(period.year),
    }
    return _PLACEHOLDER.sub(lambda found: names[found[1].strip().casefold()], template)


def _between(first: date, last: date, months: int) -> Iterator[Period]:
    at, end = (12 * day.year + (day.month - 1) // months * months for day in (first, last))
    for month in range(at, end + 1, months):
        yield Period(month // 12, month % 12 + 1, months)
