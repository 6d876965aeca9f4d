"""How fast `score` is on 500 predictions, each with 50 members and 5 forecasts of each: time and peak memory of the command, and
beside it the plain reference on some of the same predictions, whose numbers must agree."""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.command_line.score import audit_file
from bot.domain.audit import audit
from bot.domain.cases import Case
from tests.bench.reference import Plain, PlainPrediction, plain_scores
from tests.conftest import ROOT

PREDICTIONS, MEMBERS, UPDATES = 500, 50, 5
COMPARED = 10
DAY = 86400.0


def create_record(predictions: int = PREDICTIONS, members: int = MEMBERS, updates: int = UPDATES) -> list[dict[str, Any]]:
    """Binary predictions of a hundred days; one in three is resolved early."""
    dice = random.Random(11)
    record: list[dict[str, Any]] = []
    for _ in range(predictions):
        opens, length = 1.7e9 + dice.random() * 300 * DAY, 100 * DAY
        closes = opens + length * (1 if dice.random() < 2 / 3 else dice.uniform(0.3, 1))
        forecasts = [
            {"forecaster": f"m{member}", "time": moment, "values": [dice.random()], "end": None}
            for member in range(members)
            for moment in sorted(opens + length * dice.random() for _ in range(updates))
        ]
        times = {"opens_at": opens, "scheduled_close": opens + length, "actual_close": closes}
        record.append({"kind": "binary", **times, "resolution": dice.choice(["yes", "no"]), "forecasts": forecasts})
    return record


def measure(console: Console) -> None:
    """Measure and print."""
    record = create_record()
    text = json.dumps(record)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.json")
        path.write_text(text, encoding="utf-8")
        audited = audit_file(path)
        command, peak = _command(path)
    assert audited.reading.export is not None

    cases = audited.reading.export.cases[:COMPARED]
    plain_began = time.perf_counter()
    plain = [plain_scores(plain_of(case)) for case in cases]
    plain_time = (time.perf_counter() - plain_began) / COMPARED * PREDICTIONS
    apart = max(largest_difference(result, case) for result, case in zip(plain, cases, strict=True))

    title = f"score: {PREDICTIONS} predictions × {MEMBERS} members × {UPDATES} forecasts ({len(text) / 1e6:.0f} MB of JSON)"
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("seconds", justify="right")
    table.add_row("reading and checking the file", f"{audited.seconds['reading']:.2f}")
    table.add_row("every score, crowd, ranking and calibration", f"{audited.seconds['scoring']:.2f}")
    table.add_row(f"the whole command with --json (peak memory {peak})", f"{command:.2f}")
    table.add_row(f"scores and crowds alone in plain Python (from {COMPARED} predictions)", f"{plain_time:.1f}")
    console.print(table)
    console.print(
        f"{plain_time / audited.seconds['scoring']:.0f} times as fast as plain Python; largest difference {apart:.1e}"
    )


def plain_of(case: Case) -> PlainPrediction:
    """A resolved case as the plain reference wants it."""
    assert case.window is not None
    assert case.outcome is not None
    members = case.members
    columns = (members.who.tolist(), members.starts.tolist(), members.ends.tolist(), members.values.tolist())
    forecasts = [Plain(*row) for row in zip(*columns, strict=True)]
    window = case.window
    return PlainPrediction(case.kind, case.outcome, window.opens_at, window.closed_at, window.scheduled_close, forecasts)


def largest_difference(plain: dict[int | str, dict[str, float]], case: Case) -> float:
    """The largest difference of any score of any member and the crowd from the plain reference."""
    (result,) = audit([case]).cases
    assert result.scores is not None
    apart = 0.0
    for scored, names in ((result.scores.members, range(len(case.member_ids))), (result.scores.crowd, ["crowd"])):
        for scores, lead in ((scored.over_time, ""), (scored.spot, "spot_")):
            for name in ("brier", "log", "baseline", "peer", "wis"):
                expected = [plain.get(who, {}).get(lead + name, math.nan) for who in names]
                found = getattr(scores, name)
                assert (np.isnan(found) == np.isnan(expected)).all()
                apart = max(apart, float(np.nanmax(np.abs(found - expected), initial=0.0)))
    return apart


def _command(path: Path) -> tuple[float, str]:
    command = [sys.executable, "-m", "bot", "score", str(path), "--json", "--timing"]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    took = time.perf_counter() - began
    peak = re.search(r"peak memory (.+)", done.stderr)
    return took, peak[1] if peak else "unknown"
