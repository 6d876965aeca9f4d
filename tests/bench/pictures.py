"""How long pictures take, and how long they hold up the event loop: `python -m tests.bench.pictures --help`.

Once the charts are there already, and once they are read for each picture from a database, as they are for a member.

A ticker wakes every millisecond, as everything else on the loop would like to; how much later than that it wakes is the lag.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import numpy as np
from rich.console import Console
from rich.table import Table

import bot.client  # noqa: F401  # its objects are what the garbage collector walks through in the real process
from bot.domain.aggregation import crowd_of
from bot.domain.types import Kind, Values
from bot.drawing import Drawing
from bot.ui.charts.data import (
    CalibrationBin,
    CalibrationChart,
    Chart,
    ChartSubject,
    CrowdStep,
    ForecastSpread,
    HistoryChart,
    OwnStep,
    Picture,
    ProfileChart,
    SpreadChart,
)
from tests.bench.past import guild_with_a_past
from tests.factories import NOW

TICK = 0.001
BUDGET = 20.0
"""Milliseconds of lag at p99."""


def charts() -> Iterator[Chart]:
    """Pictures of all sorts without end, no two alike, so that none comes from the shelf."""
    source = random.Random(11)
    binary = ChartSubject(42, "GPT-6 is released by OpenAI to paying customers by 31 December 2026", Kind.BINARY)
    options = ("OpenAI", "Google DeepMind", "Anthropic", "DeepSeek", "xAI", "Meta", "Mistral", "someone else")
    choice = ChartSubject(7, "Which lab tops the leaderboard at the end of 2026?", Kind.MULTIPLE_CHOICE, options)
    numeric = ChartSubject(9, "Highest score on the benchmark by the end of 2026", Kind.NUMERIC, unit="%")
    bins = tuple(CalibrationBin((n + 0.5) / 10, (n + 0.7) / 11, 5 + n, n / 11, (n + 2) / 11.5) for n in range(10))
    histories = [
        HistoryChart(
            subject,
            _steps(subject, source, count),
            (OwnStep(NOW - timedelta(days=40), _forecast(subject, source)),),
            None if subject is choice else _forecast(subject, source),
            None,
            NOW,
            NOW.tzinfo or sys.exit("the factories' clock has no zone"),
        )
        for subject, count in ((binary, 300), (choice, 100), (numeric, 100))
    ]
    for number in itertools.count():
        for history in histories:
            yield replace(history, now=NOW + timedelta(minutes=number))
        for subject in (binary, choice):
            forecasts = tuple(_forecast(subject, source) for _ in range(40))
            yield SpreadChart(
                subject, ForecastSpread(forecasts, crowd_of(subject.kind, np.array(forecasts))), forecasts[0], None
            )
        yield CalibrationChart("Ann", "2026", bins, number / 1000)
        yield ProfileChart("Ann", "2026", 37, 3, 25, 12.3, 145.0, 0.142, number % 100 / 100, bins)


Ask = Callable[[], Awaitable[Picture | None]]


async def measure(ask_for: Ask | None, *, seconds: float, a_second: float) -> tuple[list[float], list[float], list[int]]:
    """Lags of the ticker and times of the pictures in milliseconds, and sizes in bytes; without `ask_for`, none are asked for."""
    lags: list[float] = []
    ticker = asyncio.create_task(_tick(lags))
    times: list[float] = []
    sizes: list[int] = []

    async def ask() -> None:
        assert ask_for is not None
        began = time.perf_counter()
        picture = await ask_for()
        if picture is None:
            return  # too many wait, which is logged: this machine can't draw that many a second right now
        times.append(1000 * (time.perf_counter() - began))
        sizes.append(len(picture.png))

    async with asyncio.TaskGroup() as group:
        for _ in range(round(seconds * a_second)):
            if ask_for is not None:
                group.create_task(ask())
            await asyncio.sleep(1 / a_second)
    ticker.cancel()
    with suppress(asyncio.CancelledError):
        await ticker
    return lags, times, sizes


def main() -> None:
    """Measure, print; exits with 1 when the lag is over its budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pictures", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--per-second", type=float, default=5.0)
    asked = parser.parse_args()
    sys.exit(report(seconds=asked.seconds, a_second=asked.per_second))


def report(*, seconds: float = 20.0, a_second: float = 5.0) -> bool:
    """Print the figures; returns whether the lag is over its budget."""
    return asyncio.run(_report(seconds, a_second))


async def _report(seconds: float, a_second: float) -> bool:
    console = Console(width=120)
    table = Table(title=f"Event-loop lag in ms, {a_second:g} pictures a second for {seconds:g} s", title_justify="left")
    for column in ("", "p50", "p95", "p99", "highest"):
        table.add_column(column, justify="right" if column else "left")
    gc.collect()
    lags, _, _ = await measure(None, seconds=min(seconds, 5.0), a_second=a_second)
    table.add_row("no pictures", *_row(lags))
    drawing = Drawing()
    lags = []
    ticker = asyncio.create_task(_tick(lags))
    began = time.perf_counter()
    await drawing.warm()
    warmed = time.perf_counter() - began
    ticker.cancel()
    table.add_row("while it warms up", *_row(lags))
    source = charts()
    lags, times, sizes = await measure(lambda: drawing.draw(next(source)), seconds=seconds, a_second=a_second)
    table.add_row("with pictures", *_row(lags))
    table.add_row("a picture, asked to answered", *_row(times))
    with guild_with_a_past() as club:
        requests = club.requests(drawing)
        read_lags, times, more = await measure(lambda: next(requests), seconds=seconds, a_second=a_second)
    table.add_row("with pictures, read for each", *_row(read_lags))
    table.add_row("a picture, asked to answered", *_row(times))
    console.print(table)
    kilobytes = [size / 1000 for size in sizes + more]
    console.print(
        f"{len(kilobytes)} pictures of {statistics.mean(kilobytes):.0f} kB, at most {max(kilobytes):.0f} kB; "
        f"warmed in {warmed:.1f} s"
    )
    drawing.close()
    return max(_at(lags, 99), _at(read_lags, 99)) > BUDGET


def _row(times: list[float]) -> list[str]:
    return [f"{_at(times, percentile):.1f}" for percentile in (50, 95, 99)] + [f"{max(times):.1f}"]


def _at(times: list[float], percentile: int) -> float:
    return float(np.percentile(times, percentile))


async def _tick(lags: list[float]) -> None:
    """Every millisecond has its lag, also those that passed while the loop was held up."""
    due = time.perf_counter()
    while True:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        woken = time.perf_counter()
        while due <= woken:
            lags.append(1000 * (woken - due))
            due += TICK


def _steps(subject: ChartSubject, source: random.Random, count: int) -> tuple[CrowdStep, ...]:
    steps: list[CrowdStep] = []
    standing: list[Values] = []
    for number in range(count):
        standing = [*standing[-30:], _forecast(subject, source)]
        at = NOW - timedelta(days=200) * (1 - number / count)
        steps.append(CrowdStep(at, crowd_of(subject.kind, np.array(standing))))
    return tuple(steps)


def _forecast(subject: ChartSubject, source: random.Random) -> Values:
    match subject.kind:
        case Kind.BINARY:
            return (source.betavariate(4, 3),)
        case Kind.MULTIPLE_CHOICE:
            shares = [source.expovariate(1 + option / 3) for option in range(len(subject.options))]
            return tuple(share / sum(shares) for share in shares)
        case _:
            middle = source.gauss(50, 8)
            return (middle - 12, middle, middle + 15)


if __name__ == "__main__":
    main()
