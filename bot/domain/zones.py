"""Time zones as people name them: IANA names, abbreviations, gmt+2, countries and big cities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import Reading, Refused, TwoReadings, shortened
from bot.domain.numbers.tokens import plain_letters
from bot.domain.zone_names import ABBREVIATIONS, CITIES, COUNTRY_NAMES

LONGEST = 60
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?")
_HIDDEN = {"localtime", "Factory"}
"""These mean another thing on every machine."""


@dataclass(frozen=True, slots=True)
class Place:
    """A clock: a zone's, or one that always stands at the same distance from UTC."""

    key: str | None
    minutes: int | None = None

    def clocks(self, local: datetime) -> list[tzinfo]:
        """The zones that are meant at this local time: in summer, EST is said of the clock that shows EDT as well."""
        own = ZoneInfo(self.key) if self.key is not None else None
        if self.minutes is None:
            assert own is not None  # one of the two is always known
            return [own]
        fixed = timezone(timedelta(minutes=self.minutes))
        offset = local.replace(tzinfo=own).utcoffset() if own is not None else None
        return [fixed, own] if own is not None and offset == timedelta(minutes=self.minutes + 60) else [fixed]


@dataclass(frozen=True, slots=True)
class ZoneFound:
    """A zone for a list: what it is called and the words to choose it by."""

    key: str
    label: str


def offset_zone(minutes: int) -> Place:
    """The clock that always stands this many minutes ahead of UTC."""
    return Place(None, max(-1439, min(1439, minutes)))


def places_of(word: str) -> tuple[Place, ...]:
    """The places that an abbreviation, a city or an IANA name in small letters can mean; none if it is neither."""
    if word in ("utc", "gmt"):
        return (offset_zone(0),)
    if word in ABBREVIATIONS:
        return tuple(Place(key, minutes) for key, minutes in ABBREVIATIONS[word])
    key = _zones_by_name().get(word) if "/" in word else next(iter(_by_city().get(word, ())), None)
    return (Place(key),) if key else ()


def read_zone(name: str) -> ZoneInfo:
    """A zone by its IANA name, an abbreviation, `gmt+2`, a country with one zone, or a big city. Raises Refused, and
    TwoReadings where several places are called so."""
    given = name.strip()
    wanted = _folded(given) if len(given) <= LONGEST else ""
    if (key := _zones_by_name().get(wanted)) and wanted not in ABBREVIATIONS:
        return ZoneInfo(key)
    keys = [key for key, _ in ABBREVIATIONS.get(wanted, ())]
    if offset := _OFFSET.fullmatch(wanted):
        keys = _by_offset(offset)
    for table in (_by_city(), _by_country()):
        keys = keys or list(table.get(wanted.replace("_", " "), ()))
    keys = list(dict.fromkeys(keys))
    if not keys:
        raise Refused(
            f"“{shortened(given)}” isn't a time zone I know. Write one like Europe/Berlin, America/New_York or UTC."
        )
    if len(keys) > 1:
        named = ", ".join(keys[:4])
        said = f"is the time of several places. Choose one: {named}{' or another' if len(keys) > 4 else ''}."
        raise TwoReadings(given, tuple(Reading(_label(key), key) for key in keys[:25]), said)
    return ZoneInfo(keys[0])


def find_zones(text: str, *, now: datetime, limit: int = 25) -> list[ZoneFound]:
    """The zones that come nearest to what is being typed: a beginning of a zone, city, country or abbreviation."""
    wanted = _folded(text[:LONGEST]).replace("_", " ").strip()
    if not wanted:
        return [_found(key, now) for key in ("UTC", "Europe/London", "Europe/Berlin", "America/New_York")][:limit]
    keys: dict[str, str] = {}  # with the name that each was found by
    if offset := _OFFSET.fullmatch(wanted):
        minutes = _minutes(offset)
        keys.update(dict.fromkeys(_by_offset(offset), ""))
        keys.update((key, "") for key in _ordinary() if _offset_at(key, now) == minutes)
    names = _names()
    for fits in (str.__eq__, str.startswith, _has_word):
        for name, known in names.items():
            if fits(name, wanted):
                keys.update((key, name) for key in known if key not in keys)
    if not keys:
        close = get_close_matches(wanted, names, n=5, cutoff=0.7)
        keys.update((key, name) for name in close for key in names[name])
    return [_found(key, now, name) for key, name in keys.items()][:limit]


def _has_word(name: str, beginning: str) -> bool:
    return any(word.startswith(beginning) for word in name.replace("/", " ").split())


def _folded(text: str) -> str:
    """A name as the tables have it: new york is new_york, and GMT + 2 is gmt+2."""
    plain = plain_letters(text)
    close = "".join(plain.split())
    return close if _OFFSET.fullmatch(close) else "_".join(plain.split())


@cache
def _zones_by_name() -> dict[str, str]:
    return {key.lower(): key for key in sorted(available_timezones() - _HIDDEN)}


@cache
def _ordinary() -> tuple[str, ...]:
    """The zones of places, those with many big cities first."""
    return tuple(_largest_first(key for _, key in _rows("zone.tab")))


@cache
def _by_city() -> dict[str, tuple[str, ...]]:
    own = {plain_letters(key.rpartition("/")[2].replace("_", " ")): (key,) for key in _ordinary()}
    return {**own, **{name: (zone,) for name, zone in CITIES.items()}}


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    zones: dict[str, list[str]] = {}
    for code, key in _rows("zone.tab"):
        zones.setdefault(code, []).append(key)
    names = {plain_letters(name): code for code, name in _rows("iso3166.tab")}
    names.update(
        (plain_letters(word.replace("_", " ")), code) for code, words in COUNTRY_NAMES.items() for word in words.split()
    )
    found = {name: tuple(_distinct(_largest_first(zones.get(code, ())))) for name, code in names.items()}
    return {name: keys for name, keys in found.items() if keys}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Everything that zones are looked for by, in small letters."""
    names: dict[str, list[str]] = {}
    shown = {key.lower().replace("_", " "): (key,) for key in available_timezones() - _HIDDEN if not key.startswith("Etc/")}
    short = {name: tuple(dict.fromkeys(key for key, _ in places)) for name, places in ABBREVIATIONS.items()}
    for table in (short, _by_city(), _by_country(), dict(sorted(shown.items()))):
        for name, keys in table.items():
            names.setdefault(name, []).extend(keys)
    return {name: tuple(dict.fromkeys(keys)) for name, keys in names.items()}


def _largest_first(keys: Iterable[str]) -> list[str]:
    known = Counter(CITIES.values()) + Counter(key for places in ABBREVIATIONS.values() for key, _ in places)
    return sorted(keys, key=lambda key: -known[key])


def _distinct(keys: Iterable[str]) -> Iterator[str]:
    """Zones of a country whose clocks differ in this century; Germany's second has always shown the same."""
    seen: set[tuple[timedelta | None, ...]] = set()
    for key in keys:
        zone = ZoneInfo(key)
        clock = tuple(datetime(year, month, 1, tzinfo=zone).utcoffset() for year in (2010, 2020, 2026) for month in (1, 7))
        if clock not in seen:
            seen.add(clock)
            yield key


def _rows(name: str) -> Iterator[tuple[str, str]]:
    text = files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, *rest = line.split("\t")
            yield code, rest[-1] if len(rest) == 1 else rest[1]


def _minutes(offset: re.Match[str]) -> int:
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    return -minutes if offset[1] == "-" else minutes


def _by_offset(offset: re.Match[str]) -> list[str]:
    """The zone of a fixed distance from UTC; where none has a name, the places that have that clock in winter."""
    minutes = _minutes(offset)
    if minutes % 60 == 0 and -12 <= minutes // 60 <= 14:
        return [f"Etc/GMT{-minutes // 60:+d}" if minutes else "UTC"]  # these count the other way round
    winter = datetime(2026, 1, 1, tzinfo=UTC)
    return [key for key in _ordinary() if _offset_at(key, winter) == minutes]


def _offset_at(key: str, now: datetime) -> int:
    offset = now.astimezone(ZoneInfo(key)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds() // 60)


def _found(key: str, now: datetime, name: str = "") -> ZoneFound:
    minutes = _offset_at(key, now)
    hours = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")
    called = "" if len(name) < 5 or name in key.lower().replace("_", " ") else f" ({name.title()})"
    return ZoneFound(key, f"{_label(key)}{called} · UTC{hours if minutes else ''}")


def _label(key: str) -> str:
    if key.startswith("Etc/GMT"):
        return f"UTC{-int(key[7:]):+d}, all year"
    return key.replace("_", " ")
