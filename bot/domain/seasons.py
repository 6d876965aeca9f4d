"""Seasons of leaderboards: all time, a calendar year, a quarter of one. A season's days begin and end in a guild's zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.times import FIRST_YEAR, LAST_YEAR

FORMS = "all time, 2026, or 2026 Q3"
_ALWAYS = frozenset({"", "all", "all time", "ever"})
_YEAR = re.compile(r"(?P<year>\d{4})")
_QUARTER = re.compile(r"(?P<year>\d{4})[\s/-]*q(?P<quarter>[1-4])|q(?P<first>[1-4])[\s/-]*(?P<after>\d{4})")


@dataclass(frozen=True, slots=True, order=True)
class Season:
    """A quarter, a year where `quarter` is 0, or all time where `year` is 0 as well."""

    year: int = 0
    quarter: int = 0

    def __str__(self) -> str:
        """As it's shown, and read back: All time, 2026, 2026 Q3."""
        return "All time" if not self.year else f"{self.year} Q{self.quarter}" if self.quarter else str(self.year)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """Its first moment and the first one after it; None for all time."""
        if not self.year:
            return None
        first, months = (3 * self.quarter - 2, 3) if self.quarter else (1, 12)
        after = datetime(self.year + (first + months > 12), (first + months - 1) % 12 + 1, 1, tzinfo=zone)
        return datetime(self.year, first, 1, tzinfo=zone), after


ALL_TIME = Season()


def season_of(moment: datetime, zone: ZoneInfo) -> Season:
    """The quarter a moment falls in."""
    there = moment.astimezone(zone)
    return Season(there.year, (there.month + 2) // 3)


def read_season(text: str) -> Season:
    """A season as someone typed it. Raises Refused."""
    given = " ".join(text.split())
    word = given.lower()
    if word in _ALWAYS:
        return ALL_TIME
    if found := _YEAR.fullmatch(word):
        season = Season(int(found["year"]))
    elif found := _QUARTER.fullmatch(word):
        season = Season(int(found["year"] or found["after"]), int(found["quarter"] or found["first"]))
    else:
        raise Refused(f"I can't read “{given[:60]}” as a season. Try {FORMS}.")
    if not FIRST_YEAR <= season.year <= LAST_YEAR:
        raise Refused(f"“{given[:60]}” is out of range. Choose a season from {FIRST_YEAR} to {LAST_YEAR}.")
    return season
