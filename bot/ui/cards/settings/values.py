"""The sorts of values that settings have: how each is typed, read and shown.

A value travels through buttons and selects as the text that somebody could have typed for it, and one reader takes both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.probabilities import read_probability
from bot.domain.reminders import read_ladder, read_quiet_hours
from bot.domain.times import last_day_before, over_at
from bot.domain.when import read_day
from bot.domain.zones import read_zone
from bot.services.members.people import FollowNews
from bot.ui import text
from bot.ui.cards.voting.outcomes import share_text

NONE, ON, OFF = "none", "on", "off"


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was chosen or typed, when, and in whose language."""

    text: str
    now: datetime
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """How values of one sort are written as text, read back and shown to people."""

    write: Callable[[Any], str]
    read: Callable[[Given], Any]
    show: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what it's called, what it does, and the sort of its value. With several names that is a tuple."""

    key: str
    names: tuple[str, ...]
    title: str
    about: str
    sort: Sort
    offered: tuple[str, ...] = ()
    """What a select offers, as it would be typed."""
    hint: str | None = None
    """What else can be typed; without one, only what's offered can be chosen."""

    def written(self, values: Mapping[str, Any]) -> str:
        """Its value among these, as text."""
        return self.sort.write(self._value(values))

    def shown(self, values: Mapping[str, Any]) -> str:
        """Its value among these, for people."""
        return self.sort.show(self._value(values))

    def read(self, given: Given) -> dict[str, Any]:
        """The values that were chosen or typed, by their names. Raises Refused."""
        value = self.sort.read(given)
        return dict(zip(self.names, value if len(self.names) > 1 else (value,), strict=True))

    def offers(self, now: datetime) -> list[tuple[str, str]]:
        """What a select offers: each value as text, and for people."""
        read = [self.read(Given(typed, now)) for typed in self.offered]
        return [(self.written(values), self.shown(values)) for values in read]

    def _value(self, values: Mapping[str, Any]) -> Any:
        first, *others = self.names
        return (values[first], *(values[name] for name in others)) if others else values[first]


def share_of_votes(percent: float) -> float:
    """66.7 and 67 both mean two thirds, which is what people mean by them."""
    return 2 / 3 if 66 <= percent <= 67 else percent / 100


def _read_number(given: Given) -> int:
    typed = given.text.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        raise Refused(f"I can't read “{text.cut(typed, 60)}” as a whole number. Try 72.")
    return int(typed)


def _read_id(given: Given) -> int | None:
    if given.text == NONE:
        return None
    if not given.text.isascii() or not given.text.isdigit() or len(given.text) > 20:
        raise Refused("This list is from another version of the bot. Open the settings again with /settings guild.")
    return int(given.text)


def _read_home(given: Given) -> tuple[int | None, bool]:
    """The channel's id, and “forum” behind that of a forum."""
    typed, _, kind = given.text.partition(" ")
    return _read_id(Given(typed, given.now)), kind == "forum"


def _written_home(home: tuple[int | None, bool]) -> str:
    channel_id, is_forum = home
    return f"{_written(channel_id)} forum" if is_forum else _written(channel_id)


def _shown_home(home: tuple[int | None, bool]) -> str:
    channel_id, is_forum = home
    if channel_id is None:
        return "not chosen: only new predictions get a card, in the channel for posts"
    return f"a post each in <#{channel_id}>" if is_forum else f"a card each in <#{channel_id}>"


def _read_switch(given: Given) -> bool:
    if given.text not in (ON, OFF):
        raise Refused("This switch is from another version of the bot. Open the settings again.")
    return given.text == ON


def _read_reveal_day(given: Given) -> datetime | None:
    if given.text.strip().casefold() == NONE:
        return None
    return over_at(read_day(given.text, now=given.now, zone=ZoneInfo("UTC"), locale=given.locale))


def _read_own_zone(given: Given) -> str | None:
    is_servers = given.text.strip().casefold() in ("the server's", "server", NONE)
    return None if is_servers else read_zone(given.text).key


def _shown_ladder(days: tuple[int, ...]) -> str:
    if not days:
        return "off"
    before = [text.count(number, "day") for number in days if number > 0]
    *first, last = [*before[:-1], f"{before[-1]} before"] if before else [""]
    shown = f"{', '.join(first)} and {last}" if first else last
    if 0 in days:
        shown += ", and on the date" if shown else "on the date"
    return shown


def _written_quiet(minutes: tuple[int | None, int | None]) -> str:
    begin, end = minutes
    return OFF if begin is None or end is None else f"{_clock(begin)}-{_clock(end)}"


def _shown_quiet(minutes: tuple[int | None, int | None]) -> str:
    begin, end = minutes
    return "none" if begin is None or end is None else f"{_clock(begin)} to {_clock(end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _written(value: object) -> str:
    return NONE if value is None else str(value)


def switch(on: str, off: str) -> Sort:
    return Sort(lambda value: ON if value else OFF, _read_switch, lambda value: on if value else off)


def number(noun: str, *, none: str | None = None) -> Sort:
    """A whole number of these; with `none`, there may also be none, which reads so."""

    def read(given: Given) -> int | None:
        is_none = none is not None and given.text.strip().casefold() == NONE
        return None if is_none else _read_number(given)

    return Sort(_written, read, lambda value: str(none) if value is None else text.count(value, noun))


def _zone_name(zone: str) -> str:
    return zone.replace("_", " ")


def _read_news(given: Given) -> FollowNews | None:
    typed = given.text.strip().casefold()
    if typed == NONE:
        return None
    if typed not in list(FollowNews):
        raise Refused("This list is from another version of the bot. Open your settings again with /settings me.")
    return FollowNews(typed)


_NEWS_WORDS = {
    FollowNews.DAILY: "in your daily message",
    FollowNews.MENTION: "a mention where it's posted",
    FollowNews.OFF: "not at all",
    None: "not at all, until you follow something yourself",
}

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _written_weekday(day: int | None) -> str:
    return NONE if day is None else DAYS[day]


def _shown_weekday(day: int | None) -> str:
    return "off" if day is None else f"{DAYS[day].capitalize()} mornings"


def _read_weekday(given: Given) -> int | None:
    typed = given.text.strip().casefold()
    if typed in (NONE, OFF):
        return None
    if typed not in DAYS:
        raise Refused("This list is from another version of the bot. Open the settings again with /settings guild.")
    return DAYS.index(typed)


CHANNEL = Sort(_written, _read_id, lambda value: "no channel" if value is None else f"<#{value}>")
HOME = Sort(_written_home, _read_home, _shown_home)
ROLE = Sort(_written, _read_id, lambda value: "no role" if value is None else f"<@&{value}>")
LADDER = Sort(lambda days: ",".join(map(str, days)) or OFF, lambda given: tuple(read_ladder(given.text)), _shown_ladder)
QUIET = Sort(_written_quiet, lambda given: read_quiet_hours(given.text), _shown_quiet)
ZONE = Sort(str, lambda given: read_zone(given.text).key, _zone_name)
OWN_ZONE = Sort(_written, _read_own_zone, lambda zone: "the server's" if zone is None else _zone_name(zone))
FOLLOW_NEWS = Sort(_written, _read_news, lambda value: _NEWS_WORDS[value])
WEEKDAY = Sort(_written_weekday, _read_weekday, _shown_weekday)
REVEAL_DAY = Sort(
    lambda at: NONE if at is None else text.day(last_day_before(at)),
    _read_reveal_day,
    lambda at: "never" if at is None else f"after {text.day(last_day_before(at))}",
)


def _share(read: Callable[[float], float], show: Callable[[float], str]) -> Sort:
    return Sort(
        lambda share: f"{100 * share:.15g}%",
        lambda given: read(100 * read_probability(given.text, locale=given.locale)),
        show,
    )


QUORUM = _share(lambda percent: percent / 100, text.percent)
MAJORITY = _share(share_of_votes, share_text)

ZONES = (
    *("UTC", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Africa/Lagos"),
    *("Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo"),
    *("Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles"),
)
ZONE_HINT = "Europe/Berlin, New York or Japan"
