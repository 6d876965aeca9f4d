"""Forty phrasings of moments, and how they are understood: `python -m tests.bench.phrasings`.

The clock stands at 15:30 in Berlin on Wednesday, 4 March 2026, and the prediction's date is 1 January 2027.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.domain.errors import Refused, TwoReadings
from bot.domain.moments.recurrence import Recurrence
from bot.domain.when import read_reminder

NOW = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
RESOLVES_AT = datetime(2027, 1, 1, tzinfo=UTC)
BERLIN, NEW_YORK, LONDON, PARIS, TOKYO = (
    "Europe/Berlin",
    "America/New_York",
    "Europe/London",
    "Europe/Paris",
    "Asia/Tokyo",
)
PHRASINGS = [
    ("in 2 weeks", BERLIN, None),
    ("in 24 hours", BERLIN, None),
    ("in a month", BERLIN, None),
    ("in an hour and a half", BERLIN, None),
    ("in 2 weeks at 9", BERLIN, None),
    ("tomorrow at 9", NEW_YORK, "en-US"),
    ("tonight at 8", NEW_YORK, "en-US"),
    ("Friday at 9", BERLIN, None),
    ("next Friday", BERLIN, None),
    ("at 17", BERLIN, None),
    ("18h", PARIS, "fr"),
    ("half past 8 tomorrow", LONDON, "en-GB"),
    ("12/31", NEW_YORK, "en-US"),
    ("3/5", NEW_YORK, "en-US"),
    ("05-06-2026", LONDON, "en-GB"),
    ("2026/04/05", TOKYO, "ja"),
    ("12:00 am on 10 March", NEW_YORK, "en-US"),
    ("1 Dec 00.00", BERLIN, "de"),
    ("noon", BERLIN, None),
    ("end of month", BERLIN, None),
    ("the 1st of next month", BERLIN, None),
    ("29 Feb", BERLIN, None),
    ("2 days before the 1st of May", BERLIN, None),
    ("3 days before", BERLIN, None),
    ("every Monday", BERLIN, None),
    ("every other Friday at 17:30", LONDON, "en-GB"),
    ("every last Friday of the month", BERLIN, None),
    ("tomorrow 9am PT", BERLIN, None),
    ("1 July 9am EST", NEW_YORK, "en-US"),
    ("tomorrow 9am IST", BERLIN, None),
    ("17:00 in Tokyo", BERLIN, None),
    ("morgen um halb 9", BERLIN, "de"),
    ("2 Tage vor dem 1. Mai", BERLIN, "de"),
    ("demain à 9h30", PARIS, "fr"),
    ("el viernes a las 5 de la tarde", "Europe/Madrid", "es-ES"),
    ("daqui a 2 semanas às 9", "America/Sao_Paulo", "pt-BR"),
    ("来週の金曜日 午後5時", TOKYO, "ja"),
    ("tomorrow at 9 sharpish", BERLIN, None),
    ("not tomorrow", BERLIN, None),
    ("30 February", BERLIN, None),
]


def understood(typed: str, zone: ZoneInfo, locale: str | None) -> str:
    """What the bot makes of it, in words."""
    try:
        found = read_reminder(typed, now=NOW, zone=zone, resolves_at=RESOLVES_AT, locale=locale)
    except TwoReadings as asked:
        return "asks: " + " · ".join(reading.shown for reading in asked.readings)
    except Refused as refusal:
        return str(refusal)
    if isinstance(found, Recurrence):
        following = found.first_after(NOW)
        return f"{found}" + (f", next {following.astimezone(zone):%a %d %b %Y}" if following else "")
    moves = "" if found.before_days is None else f", {found.before_days:g} days before the prediction's date"
    return f"{found.at.astimezone(zone):%a %d %b %Y %H:%M %Z}{moves}"


def main() -> None:
    """Print the table, and how long it took."""
    argparse.ArgumentParser(prog="python -m tests.bench.phrasings", description=__doc__).parse_args()
    console = Console(width=150)
    table = Table("typed", "zone", "language", "understood")
    read = [(typed, name, locale, understood(typed, ZoneInfo(name), locale)) for typed, name, locale in PHRASINGS]
    for typed, name, locale, shown in read:
        table.add_row(typed, name, locale or "", shown)
    console.print(table)
    began = time.perf_counter()
    for typed, name, locale in PHRASINGS:
        understood(typed, ZoneInfo(name), locale)
    console.print(f"{len(PHRASINGS)} phrasings, {1000 * (time.perf_counter() - began) / len(PHRASINGS):.2f} ms each")


if __name__ == "__main__":
    main()
