"""What words and signs mean where a moment is asked for: English beside one of German, Spanish, French, Portuguese and Japanese.

A line gives a meaning and, separated by bars, the ways of saying it, in small letters without accents.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import cache

from bot.domain.moments.calendar_words import MONTHS
from bot.domain.moments.languages import GERMAN, JAPANESE
from bot.domain.moments.romance import FRENCH, PORTUGUESE, SPANISH


class WordRole(Enum):
    """What a word does."""

    FILLER = auto()
    AT = auto()
    IN = auto()
    LATER = auto()
    AGO = auto()
    BEFORE = auto()
    AFTER = auto()
    AND = auto()
    NEXT = auto()
    THIS = auto()
    LAST = auto()
    END = auto()
    START = auto()
    EVERY = auto()
    OTHER = auto()
    NTH = auto()
    UNTIL = auto()
    AM = auto()
    PM = auto()
    OCLOCK = auto()
    HALF = auto()
    PAST = auto()
    TO = auto()
    ITS = auto()
    DAY = auto()
    PART = auto()
    TIME = auto()
    UNIT = auto()
    WEEKDAY = auto()
    WEEKDAYS = auto()
    PLURAL = auto()
    MONTH = auto()
    NUMBER = auto()
    YEAR_MARK = auto()
    MONTH_MARK = auto()
    DAY_MARK = auto()
    MINUTE_MARK = auto()
    CLOCK_WORD = auto()


MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, FORTNIGHT = range(1, 9)
"""Units, as values of WordRole.UNIT, where -1 is an m that may be minutes or months; also of EVERY and END, where one word holds both."""
MORNING, AFTERNOON, EVENING, NIGHT = 9, 15, 19, 21
"""Parts of the day, by the hour that they mean when none is named."""

_ENGLISH = """
FILLER: on | the | of | by
AT: at | @
IN: in
LATER: from now | later | from today | hence
AGO: ago
BEFORE: before | earlier | ahead | ahead of | prior to
AFTER: after | from
AND: and | & | plus
NEXT: next | the coming | coming
THIS: this
LAST: last | previous
END: end of | the end of | end of the | the end of the
END: last day of | the last day of | last day of the | the last day of the
END 3: eod
END 4: eow
END 5: eom
END 6: eoq
END 7: eoy
START: first day of | the first day of | first day of the | the first day of the
START: start of | beginning of | the start of | the beginning of | start of the | beginning of the | the beginning of the
EVERY: every | each
EVERY 3: daily
EVERY 4: weekly
EVERY 5: monthly
EVERY 7: yearly | annually
OTHER: other
NTH 1: first
NTH 2: second
NTH 3: third
NTH 4: fourth
UNTIL: until | till
CLOCK_WORD: time
AM: am | a.m. | a.m
PM: pm | p.m. | p.m
OCLOCK: o'clock | oclock | hrs
HALF: half
HALF 30: half past
PAST: past
TO: to
ITS: when it closes | when it resolves | when it ends | it closes | it resolves | it ends | it is due
ITS: it's due | its date | the date | its end | the end | its close | the close
ITS: the deadline | its deadline | the prediction | the prediction's date | the resolution | the vote | it is over | it
DAY 0: today
DAY 1: tomorrow | tmrw | tmr
DAY 2: day after tomorrow | the day after tomorrow
DAY -1: yesterday
DAY -2: day before yesterday | the day before yesterday
PART 9: morning | in the morning
PART 15: afternoon | in the afternoon
PART 19: evening | in the evening
PART 21: night | at night
PART 21 0: tonight
TIME 720: noon | 12 noon | midday
TIME 0: midnight | 12 midnight
UNIT 1: minute | minutes | min | mins
UNIT -1: m
UNIT 2: hour | hours | hr | hrs | h
UNIT 3: day | days | d
UNIT 4: week | weeks | wk | wks | w
UNIT 5: month | months | mo | mos
UNIT 6: quarter | quarters
UNIT 8: fortnight | fortnights
UNIT 7: year | years | yr | yrs | y
WEEKDAY 0: monday | mon
WEEKDAY 1: tuesday | tue | tues
WEEKDAY 2: wednesday | wed | weds
WEEKDAY 3: thursday | thu | thur | thurs
WEEKDAY 4: friday | fri
WEEKDAY 5: saturday | sat
WEEKDAY 6: sunday | sun
PLURAL 0: mondays
PLURAL 1: tuesdays
PLURAL 2: wednesdays
PLURAL 3: thursdays
PLURAL 4: fridays
PLURAL 5: saturdays
PLURAL 6: sundays
WEEKDAYS: weekday | workday | working day | weekdays
NUMBER 1: a | an | one | first
NUMBER 2: two | second | a couple of | a couple
NUMBER 3: three | third
NUMBER 4: four
NUMBER 5: five
NUMBER 6: six
NUMBER 7: seven
NUMBER 8: eight
NUMBER 9: nine
NUMBER 10: ten
NUMBER 11: eleven
NUMBER 12: twelve
"""
_OTHERS = {"de": GERMAN, "fr": FRENCH, "es": SPANISH, "pt": PORTUGUESE, "ja": JAPANESE}
LANGUAGES = ("en", *_OTHERS)

Roles = dict[WordRole, int]
"""What one word can do, each with its value: days from today, the hour of a part of the day, minutes of the day, a unit."""


@cache
def phrases_of(language: str) -> dict[str, list[tuple[str, Roles]]]:
    """The ways of saying things by their first character, the longest first; where a word means two things, both."""
    roles: dict[str, Roles] = {}
    for name, number in MONTHS.items():
        roles[name] = {WordRole.MONTH: number}
    for text in (_ENGLISH, _OTHERS.get(language, "")):
        for line in text.strip().splitlines():
            meaning, _, ways = line.partition(": ")
            role, *values = meaning.split()
            for way in ways.split(" | "):
                known = roles.setdefault(way.strip(), {})
                known[WordRole[role]] = int(values[0]) if values else 0
                if len(values) == 2:
                    known[WordRole.DAY] = int(values[1])
    by_first: dict[str, list[tuple[str, Roles]]] = {}
    for way in sorted(roles, key=len, reverse=True):
        by_first.setdefault(way[0], []).append((way, roles[way]))
    return by_first
