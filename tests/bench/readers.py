"""How libraries read what people type, beside our own grammar: `python -m tests.bench.readers --help`.

The candidates are no dependencies of the bot: each is tried when it can be imported, and left out when not. A reader is right
when it gives the value, or nothing where nothing is certain; safe when it gives nothing where it could have; wrong when it
gives another value, which would be stored. Wrong moments on the right day are counted once more, since a day without an hour
is nine o'clock for us and midnight for most. A library cannot ask, so where two readings are possible, nothing is the best.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.domain.probabilities import read_quantity
from bot.domain.when import read_when
from tests.bench.lark_grammar import read_with_lark
from tests.domain.typed_moments import MOMENTS, Case
from tests.domain.typed_numbers import PROBABILITIES, QUANTITIES

NumberReader = Callable[[str], float | None]
MomentReader = Callable[[Case, datetime, ZoneInfo], datetime | None]


def number_readers() -> Iterator[tuple[str, NumberReader]]:
    """The libraries for numbers that are here."""
    with contextlib.suppress(ImportError):
        numbers: Any = importlib.import_module("babel.numbers")
        yield "Babel", lambda text: float(numbers.parse_decimal(text, locale="en_US"))
        yield "Babel strict", lambda text: float(numbers.parse_decimal(text, locale="en_US", strict=True))
    with contextlib.suppress(ImportError):
        prices: Any = importlib.import_module("price_parser")
        yield "price-parser", lambda text: prices.Price.fromstring(text).amount_float
    with contextlib.suppress(ImportError):
        parser: Any = importlib.import_module("quantulum3.parser")
        yield "quantulum3", lambda text: _only(parser.parse(text))
    with contextlib.suppress(ImportError):
        words: Any = importlib.import_module("word2number.w2n")
        yield "word2number", lambda text: float(words.word_to_num(text))
    with contextlib.suppress(ImportError):
        scrapinghub: Any = importlib.import_module("number_parser")
        yield "number-parser", scrapinghub.parse_number
    yield "ours", read_quantity


def moment_readers() -> Iterator[tuple[str, MomentReader]]:
    """The libraries for moments that are here."""
    with contextlib.suppress(ImportError):
        dateparser: Any = importlib.import_module("dateparser")

        def with_dateparser(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            language = (case.locale or "en").partition("-")[0]
            order = {"en-US": "MDY", "ja": "YMD"}.get(case.locale or "", "DMY")
            settings = {
                "RELATIVE_BASE": now.replace(tzinfo=None),
                "PREFER_DATES_FROM": "future",
                "DATE_ORDER": order,
                "PREFER_DAY_OF_MONTH": "first",
            }
            return dateparser.parse(case.typed, languages=[language], settings=settings)

        yield "dateparser", with_dateparser
    with contextlib.suppress(ImportError):
        human: Any = importlib.import_module("timefhuman")

        def with_timefhuman(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            config = human.tfhConfig(now=now.replace(tzinfo=None))
            found = human.timefhuman(case.typed, config=config)
            return found[0] if len(found) == 1 and isinstance(found[0], datetime) else None

        yield "timefhuman", with_timefhuman
    with contextlib.suppress(ImportError):
        recurrent: Any = importlib.import_module("recurrent")

        def with_recurrent(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            found = recurrent.RecurringEvent(now_date=now.replace(tzinfo=None)).parse(case.typed)
            return found if isinstance(found, datetime) else None

        yield "recurrent", with_recurrent
    with contextlib.suppress(ImportError):
        ctparse: Any = importlib.import_module("ctparse")

        def with_ctparse(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            found = ctparse.ctparse(case.typed, ts=now.replace(tzinfo=None), timeout=2)
            resolution = found and found.resolution
            return resolution.dt if resolution is not None and hasattr(resolution, "dt") else None

        yield "ctparse", with_ctparse
    with contextlib.suppress(ImportError):
        calendar: Any = importlib.import_module("parsedatetime")

        def with_parsedatetime(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            found, status = calendar.Calendar().parseDT(case.typed, sourceTime=now.replace(tzinfo=None))
            return found if status else None

        yield "parsedatetime", with_parsedatetime
    with contextlib.suppress(ImportError):
        dateutil: Any = importlib.import_module("dateutil.parser")

        def with_dateutil(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            nine = now.replace(tzinfo=None, hour=9, minute=0)
            return dateutil.parse(case.typed, default=nine, dayfirst=case.locale != "en-US")

        yield "dateutil", with_dateutil
    with contextlib.suppress(ImportError):
        importlib.import_module("lark")

        def with_lark(case: Case, now: datetime, zone: ZoneInfo) -> datetime | None:
            return read_with_lark(case.typed, now.replace(tzinfo=None))

        yield "small lark", with_lark

    def with_ours(case: Case, now: datetime, zone: ZoneInfo) -> datetime:
        return read_when(case.typed, now=now, zone=zone, resolves_at=None, locale=case.locale).at

    yield "ours", with_ours


def _only(found: list[Any]) -> float | None:
    return found[0].value if len(found) == 1 else None


def clock(written: str, zone: ZoneInfo) -> datetime:
    """A moment of a case: by the clock of its zone, or with its own offset."""
    moment = datetime.fromisoformat(written)
    return moment.replace(tzinfo=zone).astimezone(UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def measure_numbers(console: Console) -> None:
    """The table for numbers: the libraries read the quantities, which is all that they are for."""
    readers = list(number_readers())
    table = Table("typed", "right", *(name for name, _ in readers), title="Numbers")
    counts = {name: [0, 0, 0, 0.0, 0] for name, _ in readers}
    for typed, right in QUANTITIES:
        row: list[str] = []
        for name, read in readers:
            value, took = _quietly(lambda read=read, typed=typed: read(typed))
            wanted = right if isinstance(right, int | float) else None
            same = value is None if wanted is None else value is not None and abs(value - wanted) <= 1e-9 * abs(wanted)
            row.append(_mark(counts[name], same, value, f"{value:.6g}" if value is not None else "", took))
        table.add_row(repr(typed)[1:-1], _shown(right), *row)
    _finish(console, table, counts, len(QUANTITIES))
    console.print(f"None of the libraries is for the {len(PROBABILITIES)} probabilities, with odds, pairs and per cent.")


def measure_moments(console: Console) -> None:
    """The table for moments."""
    readers = list(moment_readers())
    table = Table("typed", "right", *(name for name, _ in readers), title="Moments")
    counts = {name: [0, 0, 0, 0.0, 0] for name, _ in readers}
    for case in MOMENTS:
        zone = ZoneInfo(case.zone)
        now = clock(case.now, zone)
        wanted = clock(case.right, zone) if isinstance(case.right, str) else None
        row: list[str] = []
        for name, read in readers:
            found, took = _quietly(lambda read=read, case=case, now=now, zone=zone: read(case, now.astimezone(zone), zone))
            value = (
                None
                if found is None
                else found.astimezone(UTC)
                if found.tzinfo
                else found.replace(tzinfo=zone).astimezone(UTC)
            )
            mark = _mark(counts[name], value == wanted, value, f"{found:%d %b %y %H:%M}" if found else "", took)
            is_same_day = bool(
                value and wanted and value != wanted and value.astimezone(zone).date() == wanted.astimezone(zone).date()
            )
            counts[name][4] += is_same_day
            row.append(mark)
        table.add_row(case.typed, _shown(case.right), *row)
    _finish(console, table, counts, len(MOMENTS))


def _quietly(read: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            value = read()
        except Exception:  # every library refuses in its own way
            value = None
    return value, time.perf_counter() - began


def _mark(count: list[Any], same: bool, value: object, shown: str, took: float) -> str:
    count[3] += took
    if same:
        count[0] += 1
        return "[green]right[/]"
    if value is None:
        count[1] += 1
        return "safe"
    count[2] += 1
    return f"[red]{shown}[/]"


def _shown(right: object) -> str:
    if right is None:
        return "refused"
    return " or ".join(str(each) for each in right) if isinstance(right, tuple) else str(right)


def _finish(console: Console, table: Table, counts: dict[str, list[Any]], cases: int) -> None:
    table.add_section()
    for line, at in (("right", 0), ("safe", 1), ("wrong", 2)):
        table.add_row(line, str(cases), *(str(count[at]) for count in counts.values()))
    if any(count[4] for count in counts.values()):
        table.add_row("of these by the hour", "", *(str(count[4]) for count in counts.values()))
    table.add_row("ms each", "", *(f"{1000 * count[3] / cases:.2f}" for count in counts.values()))
    console.print(table)


def main() -> None:
    """Print both tables, or one."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readers", description=__doc__)
    parser.add_argument("--only", choices=["numbers", "moments"])
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    console = Console(width=200)
    if asked.only != "moments":
        measure_numbers(console)
    if asked.only != "numbers":
        measure_moments(console)


if __name__ == "__main__":
    main()
