"""How time and memory grow with the forecasts, on one prediction and over many: every score, the crowd and the rankings.

python -m tests.bench.growth [--most 1000000] [--picture growth.png]
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.command_line.score import peak_memory
from bot.domain.audit import audit
from bot.domain.cases import Case
from bot.domain.timelines import Forecasts, ForecastWindow
from bot.domain.types import Kind
from tests.conftest import ROOT

SIZES = (1_000, 10_000, 100_000, 1_000_000)
EACH = 250
"""Over many: this many forecasts on each prediction, five of each member."""


@dataclass(frozen=True)
class Way:
    """How the forecasts come: on one prediction, or on many, which are open at the same time or, if `is_in_turn`, begin one after
    the other, a tenth of them open at a time, so that each teaches the experienced crowd of later ones."""

    name: str
    kind: Kind
    is_one: bool
    is_in_turn: bool = False


WAYS = (
    Way("one, yes or no", Kind.BINARY, is_one=True),
    Way("one, a number", Kind.NUMERIC, is_one=True),
    Way("many, yes or no", Kind.BINARY, is_one=False),
    Way("many, in turn", Kind.BINARY, is_one=False, is_in_turn=True),
)


def create_cases(way: Way, count: int, *, seed: int = 1) -> list[Case]:
    """Predictions with this many forecasts in all, five of each member, at random times; a twentieth is withdrawn."""
    dice = np.random.default_rng([seed, count])
    each = count if way.is_one else EACH
    cases = [_create_case(f"p{number}", way.kind, each, dice) for number in range(count // each)]
    return [_moved(case, 10 * number / len(cases)) for number, case in enumerate(cases)] if way.is_in_turn else cases


def _create_case(name: str, kind: Kind, count: int, dice: np.random.Generator) -> Case:
    members = max(count // 5, 1)
    starts = np.sort(dice.random(count))
    ends = np.where(dice.random(count) < 0.05, starts + dice.exponential(0.2, count), np.inf)
    size = 1 if kind is Kind.BINARY else 3
    values = dice.random((count, 1)) if size == 1 else np.sort(dice.normal(0, 1, (count, 3)), axis=1)
    nobody = Forecasts(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty((0, size)))
    forecasts = Forecasts(dice.integers(0, members, count), starts, ends, values)
    ids = tuple(str(number) for number in range(members))
    return Case(name, kind, 2, 0.0, ForecastWindow(0.0, 1.0, 1.0), 1.0, ids, forecasts, (), nobody)


def _moved(case: Case, by: float) -> Case:
    """The same that much later, with its result at its close."""
    members = case.members
    later = Forecasts(members.who, members.starts + by, members.ends + by, members.values)
    return replace(case, opens_at=by, window=ForecastWindow(by, by + 1, by + 1), members=later, resolved_at=by + 1)


def seconds_for(way: Way, count: int) -> float:
    """The time that the processor takes for all of it."""
    cases = create_cases(way, count)
    began = time.process_time()
    audit(cases)
    return time.process_time() - began


def main() -> None:
    """Measure each in a process of its own and print, or draw with --picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--alone", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        seconds = seconds_for(WAYS[int(asked.alone[0])], int(asked.alone[1]))
        print(json.dumps({"seconds": seconds, "memory": peak_memory()}))
        return
    table = Table(title="Seconds of the processor, and most memory", title_justify="left")
    for column in ("forecasts", *(way.name for way in WAYS)):
        table.add_column(column, justify="right")
    sizes = [size for size in SIZES if size <= asked.most]
    found: dict[str, list[float]] = {way.name: [] for way in WAYS}
    for size in sizes:
        cells: list[str] = []
        for number, way in enumerate(WAYS):
            command = [sys.executable, "-m", "tests.bench.growth", "--alone", str(number), str(size)]
            measured = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
            found[way.name].append(measured["seconds"])
            cells.append(f"{measured['seconds']:.2f} s, {measured['memory']}")
        table.add_row(f"{size:,}", *cells)
    Console(width=120).print(table)
    if len(sizes) > 2:  # of the smallest, most is what any call takes
        for name, seconds in found.items():
            power = math.log(seconds[-1] / seconds[1]) / math.log(sizes[-1] / sizes[1])
            print(f"{name}: grows like n^{power:.2f} from {sizes[1]:,} to {sizes[-1]:,}")
    if asked.picture:
        _draw(asked.picture, sizes, found)


def _draw(path: Path, sizes: list[int], found: dict[str, list[float]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for name, seconds in found.items():
        axes.loglog(sizes, seconds, marker="o", label=name)
    axes.loglog(sizes, [found[WAYS[0].name][-1] * size / sizes[-1] for size in sizes], "k:", label="in proportion")
    axes.set(xlabel="forecasts", ylabel="seconds")
    axes.legend()
    axes.grid(visible=True, which="major", alpha=0.3)
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
