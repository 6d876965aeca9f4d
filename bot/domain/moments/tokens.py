"""Taking a typed moment apart: words of a language, and what is written in digits. What is neither is named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.domain.moments.calendar_words import MONTHS
from bot.domain.moments.words import Roles, WordRole, phrases_of
from bot.domain.numbers.tokens import plain_letters
from bot.domain.numbers.words import FRACTIONS
from bot.domain.zones import Place, offset_zone, places_of

LONGEST = 200


class MomentSort(Enum):
    """What a token is written as."""

    WORD = auto()
    NUMBER = auto()
    CLOCK = auto()
    """9:30, as hours, minutes, seconds."""
    HOURS = auto()
    """9h30, as hours, minutes."""
    DOTTED = auto()
    """9.30, which may be a clock, a day and month, or a decimal."""
    DATE = auto()
    """Year, month, day; with a zero for a year that is not written."""
    QUARTER = auto()
    ZONE = auto()
    INSTANT = auto()
    """Discord's own timestamp, as seconds."""
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class MomentToken:
    """A piece of the typed text with its place in it."""

    sort: MomentSort
    start: int
    end: int
    roles: Roles = field(default_factory=dict[WordRole, int])
    values: tuple[int, ...] = ()
    number: float | None = None
    is_ordinal: bool = False
    dates: tuple[tuple[int, int, int], ...] = ()
    """The ways to read a date, the order of the member's language first."""
    places: tuple[Place, ...] = ()


_LITERALS = re.compile(
    r"<t:(?P<instant>\d{1,11})(?::[a-z])?>"
    r"|(?P<ymd>(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2}))(?!\d|[-/.]\d)(?:t(?=\d))?"
    r"|(?P<dmy>(?P<a2>\d{1,2})(?P<s2>[-/.])(?P<b2>\d{1,2})(?P=s2)(?P<y2>\d{4}|\d{2}))(?!\d|[-/.:]\d)"
    r"|(?P<clock>(?P<h3>\d{1,2}):(?P<m3>\d{2})(?::(?P<s3>\d{2}))?)(?!\d|[:.]\d)"
    r"|(?P<hours>(?P<h4>\d{1,2})h(?P<m4>\d{2}))(?![\w:])"
    r"|(?P<slashed>(?P<a5>\d{1,2})/(?P<b5>\d{1,2}))(?![\d/.:-])"
    r"|(?P<daymonth>(?P<d6>\d{1,2})\.\s?(?P<m6>\d{1,2})\.)(?!\d)"
    r"|(?P<dotted>(?P<a7>\d{1,2})\.(?P<b7>\d{2}))(?![\d.:/-])"
    r"|(?P<number>\d+(?:[.,]\d{1,2}(?!\d))?)(?P<vulgar>(?<![.,]\d)[½¼¾])?(?![\d/:]|[.,-]\d)(?P<ordinal>(?:st|nd|rd|th|er|re)(?![a-z])|[ºª]|\.(?=\s))?"
    r"|q(?P<quarter>[1-4])(?!\w)"
    r"|(?:utc|gmt)\s?(?P<sign>[+-])\s?(?P<oh>\d{1,2})(?::?(?P<om>\d{2}))?(?![\d:])"
    r"|(?P<place>[a-z]+(?:/[a-z_+-]+\d{0,2})+)"
    r"|(?P<stray>\d[\d.,:/-]*)"
    r"|(?P<word>[^\W\d_]+)"
)
_OFFSET = re.compile(r"\s?(?P<sign>[+-])(?P<oh>\d{2}):?(?P<om>\d{2})(?!\d)|z(?!\w)")


def tokens_of(text: str, *, language: str, month_first: bool) -> list[MomentToken]:
    """The tokens of a text on one line; every character but blanks, commas and full stops behind words is in one of them."""
    plain = plain_letters(text)
    phrases = phrases_of(language)
    tokens: list[MomentToken] = []
    at = 0
    while at < len(plain):
        if plain[at] in " ,":
            at += 1
            continue
        if plain[at] == "." and tokens and tokens[-1].sort is MomentSort.WORD and tokens[-1].end == at:
            at += 1
            continue
        if plain[at] == "." and at == len(plain) - 1 and tokens:
            break
        if plain[at] == "-" and _is_within_date(plain, at, tokens):
            at += 1
            continue
        if _is_iso(tokens) and (found := _OFFSET.match(plain, at)):
            tokens.append(MomentToken(MomentSort.ZONE, at, found.end(), places=(_offset(found),)))
            at = found.end()
            continue
        token = _phrase(plain, at, phrases) or _literal(plain, at, month_first=month_first)
        tokens.append(token)
        at = max(token.end, at + 1)
        if token.sort is MomentSort.DATE and plain[at : at + 1] == "t" and plain[at + 1 : at + 2].isdecimal():
            at += 1
    return tokens


def _is_within_date(plain: str, at: int, tokens: list[MomentToken]) -> bool:
    """Whether a hyphen joins a day or year and a month's name, as in 4-Jul-2026."""
    if not tokens or tokens[-1].end != at or not plain[at + 1 : at + 2].isalnum():
        return False
    if tokens[-1].sort is MomentSort.NUMBER:
        found = re.match(r"[a-z]+", plain[at + 1 :])
        return found is not None and found[0] in MONTHS
    return WordRole.MONTH in tokens[-1].roles and plain[at + 1].isdecimal()


def _is_iso(tokens: list[MomentToken]) -> bool:
    """Whether an offset may follow, as in 2026-04-05 17:30+02:00: behind a clock alone it would be a range."""
    return len(tokens) > 1 and tokens[-1].sort is MomentSort.CLOCK and tokens[-2].sort is MomentSort.DATE


def _phrase(plain: str, at: int, phrases: dict[str, list[tuple[str, Roles]]]) -> MomentToken | None:
    for way, roles in phrases.get(plain[at], ()):
        if not plain.startswith(way, at):
            continue
        end = at + len(way)
        is_whole = not ("a" <= way[-1] <= "z") or end == len(plain) or not plain[end].isalpha()
        # “Sat” in “saturation/…” or a zone's name is no word of its own.
        if (
            is_whole
            and plain[end : end + 1] != "/"
            and not (plain[end : end + 1] == "-" and plain[end + 1 : end + 2].isalpha())
        ):
            return MomentToken(MomentSort.WORD, at, end, roles)
    return None


def _literal(plain: str, at: int, *, month_first: bool) -> MomentToken:
    found = _LITERALS.match(plain, at)
    if found is None:
        return MomentToken(MomentSort.UNKNOWN, at, at + 1)
    end = found.end()

    def ints(*names: str) -> tuple[int, ...]:
        return tuple(int(found[name] or 0) for name in names)

    match found.lastgroup and next(name for name in _SORTS if found[name] is not None):
        case "instant":
            return MomentToken(MomentSort.INSTANT, at, end, values=ints("instant"))
        case "ymd":
            year, month, day = ints("y1", "m1", "d1")
            return MomentToken(MomentSort.DATE, at, found.end("ymd"), dates=((year, month, day),))
        case "dmy":
            first, second, year = ints("a2", "b2", "y2")
            year += 2000 if year < 100 else 0
            return MomentToken(
                MomentSort.DATE, at, end, dates=_dates(first, second, year, found["s2"], month_first=month_first)
            )
        case "clock":
            return MomentToken(MomentSort.CLOCK, at, end, values=ints("h3", "m3", "s3"))
        case "hours":
            return MomentToken(MomentSort.HOURS, at, end, values=ints("h4", "m4"))
        case "slashed":
            first, second = ints("a5", "b5")
            return MomentToken(MomentSort.DATE, at, end, dates=_dates(first, second, 0, "/", month_first=month_first))
        case "daymonth":
            day, month = ints("d6", "m6")
            return MomentToken(MomentSort.DATE, at, end, dates=((0, month, day),))
        case "dotted":
            return MomentToken(
                MomentSort.DOTTED, at, end, values=ints("a7", "b7"), number=float(f"{found['a7']}.{found['b7']}")
            )
        case "number":
            number = float(found["number"].replace(",", "."))
            if found["vulgar"] is not None:
                number += float(FRACTIONS[found["vulgar"]])
            return MomentToken(MomentSort.NUMBER, at, end, number=number, is_ordinal=found["ordinal"] is not None)
        case "quarter":
            return MomentToken(MomentSort.QUARTER, at, end, values=ints("quarter"))
        case "sign":
            return MomentToken(MomentSort.ZONE, at, end, places=(_offset(found),))
        case "stray":
            return MomentToken(MomentSort.UNKNOWN, at, end)
        case _:
            return _place(plain, at, end)


def _place(plain: str, at: int, end: int) -> MomentToken:
    """An abbreviation, a zone's name or a city of up to three words; anything else is not known."""
    words = _WORDS.match(plain, at)
    for stop in sorted({found.end() for found in re.finditer(r"[^ ]+", words[0])} if words else (), reverse=True):
        if at + stop > end and (places := places_of(plain[at : at + stop])):
            return MomentToken(MomentSort.ZONE, at, at + stop, places=places)
    places = places_of(plain[at:end])
    return MomentToken(MomentSort.ZONE, at, end, places=places) if places else MomentToken(MomentSort.UNKNOWN, at, end)


_WORDS = re.compile(r"[a-z]+(?: [a-z]+){1,2}")
_SORTS = (
    *("instant", "ymd", "dmy", "clock", "hours", "slashed", "daymonth", "dotted", "number", "quarter", "sign"),
    *("place", "stray", "word"),
)


def _dates(first: int, second: int, year: int, mark: str, *, month_first: bool) -> tuple[tuple[int, int, int], ...]:
    """05/06/2026 is two days; 05.06.2026 is one, since only day-first countries write points."""
    by_day, by_month = (year, second, first), (year, first, second)
    if mark == "." or first > 12 or first == second:
        return (by_day,)
    if second > 12:
        return (by_month,)
    return (by_month, by_day) if month_first else (by_day, by_month)


def _offset(found: re.Match[str]) -> Place:
    if found["sign"] is None:
        return offset_zone(0)
    minutes = int(found["oh"]) * 60 + int(found["om"] or 0)
    return offset_zone(-minutes if found["sign"] == "-" else minutes)
