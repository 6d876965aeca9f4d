"""Every setting, a row each: what it's called, what it does, and how its value is typed, read and shown.

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
from bot.services.members.people import FollowNews, Nudge
from bot.ui import text
from bot.ui.cards.voting.outcomes import share_text

NONE, ON, OFF = "none", "on", "off"
OWN = "me"
"""The group of a person's own settings; the others are a server's."""
HOMES = "homes"


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
    """One setting. With several names its value is a tuple."""

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


def _switch(on: str, off: str) -> Sort:
    return Sort(lambda value: ON if value else OFF, _read_switch, lambda value: on if value else off)


def _number(noun: str, *, none: str | None = None) -> Sort:
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

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _written_weekday(day: int | None) -> str:
    return NONE if day is None else _DAYS[day]


def _shown_weekday(day: int | None) -> str:
    return "off" if day is None else f"{_DAYS[day].capitalize()} mornings"


def _read_weekday(given: Given) -> int | None:
    typed = given.text.strip().casefold()
    if typed in (NONE, OFF):
        return None
    if typed not in _DAYS:
        raise Refused("This list is from another version of the bot. Open the settings again with /settings guild.")
    return _DAYS.index(typed)


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

_ZONES = (
    *("UTC", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Africa/Lagos"),
    *("Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo"),
    *("Australia/Sydney", "Pacific/Auckland", "America/Sao_Paulo", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles"),
)
ZONE_HINT = "Europe/Berlin, New York or Japan"

GROUPS: dict[str, tuple[str, tuple[Setting, ...]]] = {
    "posts": (
        "Posts",
        (
            Setting(
                "channel",
                ("post_channel_id",),
                "Channel for posts",
                "New cards, reminders, votes and results go here.",
                CHANNEL,
            ),
            Setting(
                "reminders",
                ("reminder_days",),
                "Reminders",
                "When the channel hears that a date comes near.",
                LADDER,
                ("30, 7, 1, 0", "7, 1, 0", "7, 0", "1, 0", "0", OFF),
                "Days before the date: 30, 7, 1, 0. Or off",
            ),
            Setting(
                "quiet",
                ("quiet_from_minute", "quiet_to_minute"),
                "Quiet hours",
                "What would come then waits until they're over.",
                QUIET,
                ("22:00-08:00", "21:00-09:00", "23:00-07:00", "00:00-08:00", OFF),
                "22:00-08:00, or off",
            ),
            Setting(
                "zone", ("zone",), "Time zone", "For quiet hours, and for dates that members type.", ZONE, _ZONES, ZONE_HINT
            ),
        ),
    ),
    HOMES: (
        "Homes",
        (
            Setting(
                "home",
                ("home_channel_id", "home_is_forum"),
                "Homes",
                "Choose a forum, where each prediction gets a post with its talk and its tags, or a text channel for their cards.",
                HOME,
            ),
            Setting(
                "threads",
                ("home_threads",),
                "Threads",
                "In a text channel, reasons and other talk go into a thread under the card.",
                _switch("one under each card", "none"),
            ),
        ),
    ),
    "crowd": (
        "Crowd",
        (
            Setting(
                "blind",
                ("is_blind",),
                "Blind forecasts",
                "Members see the crowd's number once they've given theirs.",
                _switch("on: the crowd is hidden until you forecast", "off: everyone sees the crowd right away"),
            ),
            Setting(
                "author",
                ("hides_author",),
                "The document's author",
                "Whether the author's number is hidden until then, too.",
                _switch("hidden until you forecast", "always shown"),
            ),
            Setting(
                "count",
                ("reveal_at_count",),
                "Reveal by number",
                "How many forecasts show the crowd to everyone.",
                _number("forecast", none="off"),
                (NONE, "3", "5", "10", "20", "50"),
                "1 to 1000, or none",
            ),
            Setting(
                "day",
                ("reveal_at",),
                "Reveal by date",
                "From this day on everyone sees the crowd.",
                REVEAL_DAY,
                (NONE,),
                "31 Dec 2026, or none",
            ),
        ),
    ),
    "people": (
        "People",
        (
            Setting(
                "manager",
                ("manager_role_id",),
                "Managers",
                "Members with this role are managers, like those with Manage Server.",
                ROLE,
            ),
            Setting(
                "voter",
                ("voter_role_id",),
                "Voters",
                "Only members with this role vote on what happened. Without one, all do.",
                ROLE,
            ),
            Setting(
                "add",
                ("members_may_add",),
                "Who can add predictions",
                "With /prediction add, or from a message.",
                _switch("all members", "managers"),
            ),
            Setting(
                "approve",
                ("approves_added",),
                "Approve what members add",
                "If on, only managers see a new prediction until one approves it: /prediction queue.",
                _switch("on: managers approve it first", "off: everyone sees it right away"),
            ),
            Setting(
                "joined",
                ("voter_hours",),
                "On the server before a vote",
                "Who joined later than this before a vote opened can't vote in it.",
                _number("hour"),
                ("0", "24", "72", "168", "720"),
                "Hours, 0 to 8760",
            ),
            Setting(
                "account",
                ("voter_account_days",),
                "Age of an account",
                "Younger Discord accounts can't vote.",
                _number("day"),
                ("0", "7", "30", "90", "365"),
                "Days, 0 to 365",
            ),
        ),
    ),
    "votes": (
        "Votes",
        (
            Setting(
                "open",
                ("open_votes_limit",),
                "Open at once",
                "At most this many; those on one date count as one. The rest wait in line.",
                _number("vote"),
                ("3", "5", "10", "25"),
                "3 to 25",
            ),
            Setting(
                "hours",
                ("vote_hours",),
                "A vote runs",
                "And once as long again if it's undecided.",
                _number("hour"),
                ("24", "48", "72", "120", "168"),
                "Hours, 1 to 720",
            ),
            Setting(
                "share",
                ("quorum_share",),
                "Quorum",
                "This share of the members who forecast has to vote.",
                QUORUM,
                ("10%", "25%", "50%", "100%"),
                "A percentage, such as 25%",
            ),
            Setting(
                "least",
                ("quorum_least",),
                "Smallest quorum",
                "However few have forecast.",
                _number("ballot"),
                ("1", "2", "3", "5", "10"),
                "1 to 1000",
            ),
            Setting(
                "most",
                ("quorum_most",),
                "Largest quorum",
                "However many have forecast.",
                _number("ballot"),
                ("5", "10", "25", "50", "100"),
                "1 to 1000",
            ),
            Setting(
                "majority",
                ("majority_share",),
                "Majority",
                "This share of the votes decides.",
                MAJORITY,
                ("50%", "60%", "67%", "75%", "90%", "100%"),
                "A percentage from 50%",
            ),
        ),
    ),
    "results": (
        "Results",
        (
            Setting(
                "secret",
                ("ballots_are_secret",),
                "Count",
                "Nobody ever sees who voted how.",
                _switch("hidden until the vote ends", "public while the vote runs"),
            ),
            Setting(
                "objections",
                ("objection_hours",),
                "Time to object",
                "Two objections to a result start a second round.",
                _number("hour"),
                ("0", "12", "24", "48", "72"),
                "Hours, 0 to 336",
            ),
            Setting(
                "undecided",
                ("undecided_days",),
                "Time for managers to decide",
                "If a vote stays undecided. Then more than half of the votes decide, or it's annulled.",
                _number("day"),
                ("3", "7", "14", "30"),
                "Days, 1 to 365",
            ),
            Setting(
                "interested",
                ("interested_override",),
                "Managers' own forecasts",
                "Whether managers may decide and change what they have forecast on. The announcement says so.",
                _switch("may decide it", "may not decide it"),
            ),
        ),
    ),
    "news": (
        "Digest and pings",
        (
            Setting(
                "weekly",
                ("weekly_day",),
                "Weekly digest",
                "One post for the week: what closes, votes, big moves, results and what's new. None if there's nothing.",
                WEEKDAY,
                (NONE, *_DAYS),
            ),
            Setting(
                "ping",
                ("ping_role_id",),
                "Role to ping",
                "Members take and leave it themselves. The day's posts mention it: votes, results, and dates that come near.",
                ROLE,
            ),
        ),
    ),
    OWN: (
        "Your settings",
        (
            Setting(
                "mine",
                ("zone",),
                "Time zone",
                "For dates that you type, and your daily message.",
                OWN_ZONE,
                (NONE, *_ZONES),
                ZONE_HINT,
            ),
            Setting(
                "record",
                ("shows_record",),
                "Your record",
                "Your profile and calibration. Your forecasts on open predictions always stay private.",
                _switch("everyone can see it", "only you can see it"),
            ),
            *(
                Setting(str(nudge), (str(nudge),), title, about, _switch(ON, OFF))
                for nudge, title, about in (
                    (Nudge.STALE, "Old forecasts", "A message about your forecasts untouched for 30 days."),
                    (
                        Nudge.CLOSING,
                        "Closing soon",
                        "A message about predictions closing within a week that you haven't forecast.",
                    ),
                    (Nudge.VOTES, "Votes", "A message about votes waiting for you."),
                    (Nudge.RESULTS, "Results", "A message about results, with your scores."),
                )
            ),
            Setting(
                "calls",
                ("shows_calls",),
                "Your best call",
                "Whether a result may say that you saw it coming, with your forecast and its day.",
                _switch("named in results", "not named in results"),
            ),
            Setting(
                "news",
                ("follow_news",),
                "News of what you follow",
                "Big moves, new words and dates, reasons, results, and new predictions of tags and packs.",
                FOLLOW_NEWS,
                tuple(FollowNews),
            ),
            Setting(
                "own",
                ("follows_own",),
                "Follow what you forecast",
                "Whether a forecast follows its prediction by itself.",
                _switch(ON, OFF),
            ),
            Setting(
                "named",
                ("named_in_weekly",),
                "Weekly digest",
                "Whether a server's weekly digest may name you for its best and worst calls.",
                _switch("may name you", "doesn't name you"),
            ),
        ),
    ),
}
"""All settings in their groups, each group with its title. A page of the panel shows one group."""
SETTINGS = {setting.key: setting for _, settings in GROUPS.values() for setting in settings}
GROUP_OF = {setting.key: group for group, (_, settings) in GROUPS.items() for setting in settings}


def setting_of(key: str) -> Setting:
    """The setting of a button's or a select's argument."""
    if key not in SETTINGS:
        raise Refused("This is from another version of the bot. Open the settings again.")
    return SETTINGS[key]


def settings_changed(changes: Mapping[str, Any], *, own: bool) -> list[Setting]:
    """The settings that these values belong to."""
    return [
        setting
        for setting in SETTINGS.values()
        if (GROUP_OF[setting.key] == OWN) is own and not changes.keys().isdisjoint(setting.names)
    ]
