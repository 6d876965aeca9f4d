"""A grammar of the times that predictions name: quarters, halves, early and late, "by", "within", ranges, bare years.

General date libraries read these wrong without a word ("Q1 2026" as a day), so nothing here guesses: what no rule
matches is no window. Where the words have two readings, the lenient one is `end` and the stricter one `end_strict`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.documents.prose.periods import MONTH, MONTHS, NUMBERS, PERIOD, YEAR, day_of, period_of
from bot.domain.times import LAST_YEAR


@dataclass(frozen=True, slots=True)
class Term:
    """When something is to happen, as a stretch of text says it."""

    start: date | None
    end: date | None
    raw: str
    basis: str
    end_strict: date | None = None
    relative: str | None = None


FROM_DOCUMENT = "after the document's date"
"""How a term says that it runs from a day that the document doesn't give."""
_LEAD = (
    r"(?P<lead>by\s+(?:the\s+)?(?:very\s+)?(?:end|close)\s+of|before\s+(?:the\s+)?end\s+of|(?:at|until|till|through)\s+(?:the\s+)?end\s+of|"
    r"(?:the\s+)?end\s+of|by\s+(?:the\s+)?(?:beginning|start)\s+of|not\s+before|by|before|prior\s+to|until|till|through|as\s+of|no\s+later\s+than|"
    r"in\s+or\s+before|on\s+or\s+before|on|in|during|throughout|for|within|over|expected:?|deadline:?|at\s+the\s+end\s+of|since|after|from)"
)
_TERM = re.compile(
    rf"(?<![\w.$€£#/-])(?:{_LEAD}\s+(?:the\s+|year\s+|calendar\s+year\s+|fiscal\s+year\s+)?)?(?:{PERIOD})(?![\w%]|-\d)",
    re.IGNORECASE,
)
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})"
_UNIT = r"(?P<unit>day|week|month|quarter|year|decade)s?\b"
_WITHIN = re.compile(
    rf"\b(?P<how>within|(?:over|during|in|for)\s+the\s+(?:next|coming|following)|in\s+(?:the\s+)?next|in(?:\s+less\s+than|\s+under)?|less\s+than|over|after)\s+"
    rf"(?:the\s+(?:next|coming)\s+)?(?:~|about\s+|around\s+)?(?:{_COUNT}(?:\s*-\s*|\s+){_UNIT}|(?P<single>decade|century)\b)(?P<event>\s+(?:of|after|from|following)\s+(?!now\b|today\b)[^,.;:()]{{3,60}})?",
    re.IGNORECASE,
)
_PREFIX = re.compile(rf"^\W*{_COUNT}[\s-]{_UNIT}\s*[:：–—]", re.IGNORECASE)
_BEGUN = re.compile(
    r"\b(?:since|after|as\s+of|made\s+in|written\s+in)\s+(?:\w+\s+)?20[0-4]\d(?!\d)(?!\s*(?:-|–|—|to)\s*\d)|©\s*20\d\d",
    re.IGNORECASE,
)
"""Years in which something began: "Since 2018 we have made forecasts"."""
_AVOIDED_LEADS = ("since", "after", "from", "not before", "over")
_LONGEST = 4_000
_YEARS = {"year": 1, "decade": 10, "century": 100}


def find_terms(text: str, *, written: date | None = None, year: int | None = None) -> list[Term]:
    """Every time that a stretch of text names, in its order.

    `written` is the day it was written, from which "within 6 months" runs; `year` is what "Q3" alone or "EOY" belong to.
    What needs one of them and lacks it is left out."""
    text = text[:_LONGEST]
    found: list[tuple[int, Term]] = []
    taken: list[tuple[int, int]] = []
    if (prefix := _PREFIX.match(text)) and (term := _after_count(prefix, "within", None, written)):
        found.append((prefix.start(), term))
        taken.append(prefix.span())
    for match in _WITHIN.finditer(text):
        how = " ".join(match["how"].lower().split())
        if how == "after" or (how == "over" and "next" not in match[0].lower()):
            continue
        if (term := _after_count(match, how, match["event"], written)) and not _overlaps(match.span(), taken):
            found.append((match.start(), term))
            taken.append(match.span())
    for match in _TERM.finditer(text):
        if _overlaps(match.span(), taken):
            continue
        if term := _term(match, written, year):
            found.append((match.start(), term))
    return [term for _, term in sorted(found, key=lambda pair: pair[0])]


def read_window(text: str, *, written: date | None = None, year: int | None = None) -> Term | None:
    """The one time by which a statement is to happen: one with a word like "by", "before" or "in" before one without."""
    terms = find_terms(text, written=written, year=year)
    led = [
        term
        for term in terms
        if re.match(r"(?:by|before|within|until|till|in|during|end|at|as|on|no|prior)\b", term.raw, re.IGNORECASE)
    ]
    return next(iter(led or [term for term in terms if not re.fullmatch(r"\d{4}", term.raw)]), None)


def whole_year(year: int, *, source: str, written: date | None = None) -> Term:
    """The year of a title or path as a window; what was written within the year counts from that day on."""
    first = date(year, 1, 1)
    if written is not None and written.year == year:
        first = written
    return Term(first, date(year, 12, 31), str(year), f"the year {year}, from {source}")


def years_in(text: str) -> list[int]:
    """The years that a title or a path names: "Predictions for 2025-2026" has two."""
    found = [int(match) for match in re.findall(r"(?<!\d)(20[0-4]\d)(?!\d)", _BEGUN.sub(" ", text[:_LONGEST]))]
    return list(dict.fromkeys(found))


_LAST_YEAR = re.compile(r"\b(?:last|previous)\s+year(?:[’']s)?\b", re.IGNORECASE)


def year_of_heading(heading: str, year: int | None) -> int | None:
    """The one year that a heading names, or the one before the document's: "Grading 2024", "Last year's calls"."""
    named = years_in(heading)
    if not named and year is not None and _LAST_YEAR.search(heading):
        return year - 1
    return named[0] if len(named) == 1 else None


def without_days(text: str) -> str:
    """A text without its full days, years included: they say when something was written rather than what it is about."""
    return _TERM.sub(
        lambda found: " " if (period := period_of(found, None, None)) is not None and period.is_day else found[0],
        text[:_LONGEST],
    )


def read_day(text: str) -> date | None:
    """The first full day that a text names, year included: a byline, a field, a path."""
    for match in _TERM.finditer(text[:_LONGEST]):
        period = period_of(match, None, None)
        if period is not None and period.is_day:
            return period.first
    if found := re.search(r"(?<!\d)(\d{4})[-/](\d{2})[-/](\d{2})(?!\d)", text[:_LONGEST]):
        return day_of(int(found[1]), int(found[2]), int(found[3]))
    return None


def read_month(text: str) -> tuple[int, int] | None:
    """Year and month that a text names, such as "Last updated: February 2026"."""
    found = re.search(rf"(?P<month>{MONTH}),?\s+(?P<year>{YEAR})", text[:_LONGEST], re.IGNORECASE)
    return (int(found["year"]), MONTHS[found["month"].lower().rstrip(".")]) if found else None


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _term(match: re.Match[str], written: date | None, year: int | None) -> Term | None:
    period = period_of(match, written, year)
    lead = " ".join((match["lead"] or "").lower().split()).rstrip(":")
    if period is None or lead in _AVOIDED_LEADS:
        return None
    raw = " ".join(match[0].split())
    quoted = f"“{raw}”" + (f": {period.note}" if period.note else "")
    before = period.first - timedelta(days=1)
    if lead in ("before", "prior to") and match["eoy"] is None:
        return Term(None, before, raw, f"{quoted}: before {period.first} begins")
    if "beginning" in lead or "start" in lead:
        return Term(None, period.first, raw, f"{quoted}: the first day of it")
    if lead in ("by", "no later than") and not period.is_day and match["eoy"] is None:
        if match["half"] or match["half_words"] or match["quarters"] or match["this"]:
            return Term(None, period.last, raw, f"{quoted}: leniently by its end, strictly before it begins", before)
        return Term(
            None, period.last, raw, f"{quoted}: leniently by its end, which rules; strictly before it begins", before
        )
    if (
        lead in ("by", "no later than", "on or before", "in or before", "as of", "on", "until", "till", "through")
        or "end" in lead
    ):
        words = "by the end of that day" if period.is_day else "by its end"
        return Term(None, period.last, raw, f"{quoted}: {words}")
    if period.is_day or match["eoy"]:
        return Term(None, period.last, raw, f"{quoted}: by that day")
    return Term(period.first, period.last, raw, f"{quoted}: from its first day to its last")


def _after_count(match: re.Match[str], how: str, event: str | None, written: date | None) -> Term | None:
    single = match.groupdict().get("single")
    count, unit = (1, single.lower()) if single else (_count(match["count"]), match["unit"].lower())
    raw = " ".join(match[0].split()).rstrip(":：–— ")
    duration = {"day": f"P{count}D", "week": f"P{count}W", "month": f"P{count}M", "quarter": f"P{3 * count}M"}.get(
        unit, f"P{count * _YEARS.get(unit, 1)}Y"
    )
    if event and not re.search(r"\b(?:now|today|this|writing)\b", event):
        return Term(
            None,
            None,
            raw,
            f"“{raw}”: runs from an event, not from a date",
            relative=f"{duration} {' '.join(event.split())}",
        )
    if written is None:
        return Term(
            None,
            None,
            raw,
            f"“{raw}”: the day from which it runs is not known",
            relative=f"{duration} {FROM_DOCUMENT}",
        )
    last = _later(written, unit, count)
    if last is None:
        return None
    return Term(written, last, raw, f"“{raw}”, counted from {written}", relative=f"{duration} after {written}")


def _count(written: str) -> int:
    low = written.lower()
    return int(low) if low.isdigit() else NUMBERS[low]


def _later(day: date, unit: str, count: int) -> date | None:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > LAST_YEAR:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
