"""The stretches of time that words name: days, months, quarters, halves, thirds, seasons, years."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from bot.domain.times import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day; a single day is its own kind."""

    first: date
    last: date
    is_day: bool = False
    note: str = ""


MONTHS = {
    name.lower(): number for names in (calendar.month_name, calendar.month_abbr) for number, name in enumerate(names) if name
} | {"sept": 9}
MONTH = r"(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
YEAR = r"(?:19[7-9]\d|20\d\d|21\d\d)(?![\d%])"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
NUMBERS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"a": 1, "an": 1, "few": 3, "couple of": 2, "fifteen": 15, "twenty": 20}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_PARTS = {"early": (1, 4), "mid": (5, 8), "middle": (5, 8), "late": (9, 12)}
_CONVENTION = {
    "early": "by convention early means January to April",
    "mid": "by convention mid means May to August",
    "middle": "by convention the middle means May to August",
    "late": "by convention late means September to December",
}
PERIOD = "|".join(
    (
        r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})",
        r"(?P<us>\d{1,2}/\d{1,2}/\d{4})",
        rf"(?P<mdy>{MONTH}\s+{_DAY}(?:,?\s+{YEAR})?(?![\d]))",
        rf"(?P<dmy>{_DAY}\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?)",
        rf"(?P<quarters>Q[1-4]\s*(?:-|–|—|/|to|or|and)\s*Q[1-4](?:[\s,/-]*(?:of\s+)?{YEAR})?)",
        rf"(?P<quarter>(?:Q[1-4]|[1-4]Q)(?:[\s,/-]*(?:of\s+)?{YEAR})?|{YEAR}[\s-]?Q[1-4]\b)",
        rf"(?P<quarter_words>(?:first|second|third|fourth|last|1st|2nd|3rd|4th)\s+quarter(?:\s+of)?(?:\s+{YEAR})?)",
        rf"(?P<half>(?:H[12]|[12]H)(?:[\s,/-]*(?:of\s+)?{YEAR})?|{YEAR}[\s-]?H[12]\b)",
        rf"(?P<half_words>(?:first|second|1st|2nd|last)\s+half(?:\s+of)?(?:\s+{YEAR})?)",
        rf"(?P<parts>(?:early|mid|late)\s*(?:-|–|—|/|to|or)\s*(?:early|mid|late)[\s-]*(?:in\s+)?{YEAR})",
        rf"(?P<part>(?:early|mid|late|the\s+middle\s+of)[\s-]*(?:in\s+)?{YEAR})",
        rf"(?P<season>(?:spring|summer|autumn|fall|winter)(?:\s+of)?\s+{YEAR})",
        r"(?P<decade>(?:(?:early|mid|late)[\s-]+)?(?:20|21)\d0s|(?:this|next|coming)\s+(?:decade|century)|mid[\s-]century)",
        rf"(?P<years>{YEAR}\s*(?:-|–|—|to|through|and)\s*{YEAR})",
        rf"(?P<month>{MONTH},?\s+(?:of\s+)?{YEAR}|{YEAR}-\d{{2}}(?![\d-]))",
        rf"(?P<eoy>EOY(?:\s*{YEAR})?|EO{YEAR}|(?:year[’']?s?[\s-]end|end\s+of\s+(?:the|this)\s+year|the\s+year(?:'s|’s)\s+end)(?:\s+{YEAR})?)",
        r"(?P<this>(?:this|next)\s+(?:year|month|quarter))",
        rf"(?P<year>{YEAR})",
        rf"(?P<bare_month>{MONTH}(?=\s*(?:$|[,.;:)?!]|this\b)))",
    )
)


def period_of(match: re.Match[str], written: date | None, year: int | None) -> Period | None:
    """What the named group of a match of `PERIOD` stands for; None where a year is lacking or no such day exists."""
    kind = match.lastgroup if match.lastgroup != "lead" else None
    kind = next((name for name, value in match.groupdict().items() if value and name != "lead"), kind)
    if kind is None:
        return None
    words = match[kind]
    years = [int(found) for found in re.findall(rf"(?<!\d){YEAR}", words)]
    own = years[0] if years else year if year is not None else written.year if written else None
    low = words.lower()
    match kind:
        case "iso":
            first = day_of(*(int(part) for part in words.split("-")))
            return Period(first, first, is_day=True) if first else None
        case "us":
            month, day, in_year = (int(part) for part in words.split("/"))
            first = day_of(in_year, month, day) or day_of(in_year, day, month)
            return Period(first, first, is_day=True) if first else None
        case "mdy" | "dmy":
            return _named_day(words, own, has_year=bool(years), written=written)
        case "this":
            return _this(low, written, year)
        case "decade":
            return _decade(low, written, year)
        case "bare_month":
            return _months(own, MONTHS[low.rstrip(".")], 1) if own else None
        case _:
            pass
    if own is None or not FIRST_YEAR <= own <= LAST_YEAR:
        return None
    digits = [int(found) for found in re.findall(r"(?:q|h)\s?([1-4])|([1-4])(?:q|h)", low) for found in found if found]
    match kind:
        case "quarters":
            return Period(date(own, 3 * digits[0] - 2, 1), _last(own, 3 * digits[-1])) if digits[0] <= digits[-1] else None
        case "quarter":
            return _months(own, 3 * digits[0] - 2, 3)
        case "quarter_words":
            return _months(own, 3 * _ORDINALS[low.split()[0]] - 2, 3)
        case "half":
            return _months(own, 6 * digits[0] - 5, 6)
        case "half_words":
            return _months(own, 1 if _ORDINALS[low.split()[0]] == 1 else 7, 6)
        case "part":
            part = next(name for name in ("middle", "mid", "early", "late") if name in low)
            return Period(date(own, _PARTS[part][0], 1), _last(own, _PARTS[part][1]), note=_CONVENTION[part])
        case "parts":
            named = re.findall("early|mid|late", low)
            return Period(
                date(own, _PARTS[named[0]][0], 1), _last(own, _PARTS[named[-1]][1]), note="by convention thirds of the year"
            )
        case "season":
            first, last = _SEASONS[low.split()[0]]
            ends_in = own + 1 if last < first and own < LAST_YEAR else own
            return Period(date(own, first, 1), _last(ends_in, last), note="northern season, whole months")
        case "years":
            return Period(date(years[0], 1, 1), date(years[1], 12, 31)) if years[0] <= years[1] else None
        case "month":
            if found := re.fullmatch(r"(\d{4})-(\d{2})", words):
                return _months(own, int(found[2]), 1) if 1 <= int(found[2]) <= 12 else None
            return _months(own, MONTHS[re.split(r"[\s,.]", low)[0]], 1)
        case "eoy" | "year":
            return Period(date(own, 1, 1), date(own, 12, 31))
        case _:
            return None


def _named_day(words: str, own: int | None, *, has_year: bool, written: date | None) -> Period | None:
    month = next((part.lower().rstrip(".,") for part in words.split() if part.lower().rstrip(".,") in MONTHS), None)
    number = re.search(r"(?<!\d)\d{1,2}(?!\d)", words)
    if own is None or month is None or number is None:
        return None
    day = day_of(own, MONTHS[month], int(number[0]))
    if day is None:
        return None
    note = "" if has_year else f"{own} is not in the words but the document's"
    if not has_year and written is not None and day < written and written.year == own and own < LAST_YEAR:
        day = day_of(own + 1, day.month, day.day) or day
        note = "the next one after the document's date"
    return Period(day, day, is_day=True, note=note)


def _this(words: str, written: date | None, year: int | None) -> Period | None:
    unit, is_next = words.split()[1], words.startswith("next")
    if unit == "year":
        base = year if year is not None and not is_next else written.year + is_next if written else None
        return Period(date(base, 1, 1), date(base, 12, 31)) if base and base <= LAST_YEAR else None
    if written is None:
        return None
    length = 1 if unit == "month" else 3
    month = (written.month - 1) // length * length + 1 + length * is_next
    return _months(written.year + (month > 12), (month - 1) % 12 + 1, length)


def _decade(words: str, written: date | None, year: int | None) -> Period | None:
    """A decade or century: "the 2030s", "this decade"; "mid century" is its fifth decade's end."""
    base = written.year if written else year
    if found := re.search(r"\d{4}", words):
        first, length = int(found[0]), 10
        third = next((at for at, part in enumerate(("early", "mid", "late")) if part in words), None)
        if third is not None:
            first, last = first + (0, 3, 7)[third], first + (3, 6, 9)[third]
            return Period(date(first, 1, 1), date(last, 12, 31), note="by convention thirds of the decade")
    elif base is None:
        return None
    elif "mid" in words:
        return Period(
            date(base // 100 * 100 + 50, 1, 1), date(base // 100 * 100 + 50, 12, 31), note="the year in its middle"
        )
    else:
        length = 100 if "century" in words else 10
        first = base // length * length + length * (not words.startswith("this"))
    last = first + length - 1
    return Period(date(first, 1, 1), date(last, 12, 31)) if first >= FIRST_YEAR and last <= LAST_YEAR else None


def _months(year: int | None, first: int, length: int) -> Period | None:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return Period(date(year, first, 1), _last(year, first + length - 1))


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def day_of(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
