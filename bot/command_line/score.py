"""`python -m bot score`: from an export's file to everything computed from it, for people or as JSON."""

from __future__ import annotations

import gc
import re
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import to_json
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.command_line.output import say
from bot.domain.audit import Audit, audit
from bot.domain.cases import EXPERIENCED_ID
from bot.domain.documents.comparing import Comparison, compare
from bot.domain.documents.export import ExportFile
from bot.domain.documents.export_columns import Flaw
from bot.domain.documents.export_reading import Export, ExportReading, read_export
from bot.domain.documents.export_writing import DOCUMENT
from bot.domain.documents.results import Difference, results_document
from bot.domain.errors import SetupError
from bot.domain.leaderboard import RankedForecaster, Ranking
from bot.domain.texts import for_terminal
from bot.domain.types import Role

TOP = 10
_PLACE = re.compile(r"(predictions|leaderboards)\[(\d+)\]\.?(crowd|experienced|scores|events|revisions)?")
_PARTS = {
    "crowd": "the crowd of ",
    "experienced": "the experienced crowd of ",
    "scores": "the scores of ",
    "events": "the log of ",
    "revisions": "the earlier wordings of ",
}
LARGEST = 1 << 30
"""The most bytes an archive's document may have: a small file must not unpack to more than memory holds."""
_TITLES = {
    Ranking.PEER: "Peer score (higher is better)",
    Ranking.BASELINE: "Baseline score (higher is better)",
    Ranking.BRIER: "Brier score, relative to the others (higher is better)",
}
_DIGITS = {Ranking.PEER: 2, Ranking.BASELINE: 1, Ranking.BRIER: 4}


@dataclass(frozen=True, slots=True)
class Audited:
    """A file, what was computed from it, and how that compares with what it has stored."""

    reading: ExportReading
    audit: Audit | None = None
    comparison: Comparison | None = None
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Where the file disagrees with itself."""
        return () if self.comparison is None else self.comparison.differences


def audit_file(path: Path) -> Audited:
    """Read and score a file. Raises SetupError if it can't be read at all."""
    raw = _document(path)
    with _uncollected():
        began = time.perf_counter()
        reading = read_export(raw)
        read = time.perf_counter()
        if reading.export is None:
            return Audited(reading)
        audited = audit(reading.export.cases)
        scored = time.perf_counter()
        found = compare(reading.export, audited)
        seconds = {"reading": read - began, "scoring": scored - read, "comparing": time.perf_counter() - scored}
        return Audited(reading, audited, found, seconds)


def print_json(audited: Audited) -> None:
    """Print one JSON document on one line."""
    if audited.audit is None:
        say(to_json({"ok": False, "problems": audited.reading.problems}).decode())
        return
    with _uncollected():
        document = {"ok": not audited.differences} | results_document(audited.audit)
        document |= {"compared": _counts(audited.comparison), "differences": audited.differences}
        document |= {"notes": audited.reading.notes}
        say(to_json(document).decode())


def print_report(path: Path, audited: Audited) -> None:
    """Print what a person wants to know: the leaders, the calibration, and whether the stored results are right."""
    _print_flaws(path, audited.reading.problems)
    _print_flaws(path, audited.reading.notes, "note: ")
    if audited.audit is None or audited.reading.export is None:
        count = len(audited.reading.problems)
        say(f"{count} problem{'s' if count > 1 else ''}; nothing was scored.", is_error=True)
        return
    console = Console()
    if not console.is_terminal:
        console.width = 100
    names = {EXPERIENCED_ID: "experienced crowd"}
    names |= {entry.id: escape(for_terminal(entry.name)) for entry in audited.reading.export.file.forecasters if entry.name}
    for by, standings in audited.audit.rankings.items():
        if standings:
            console.print(_leaderboard(by, standings, names))
    if audited.audit.calibrations:
        console.print(_calibrations(audited.audit, names))
    say(_summary(audited.reading.export, audited.audit))
    for difference in audited.differences:
        say(difference)
    for line in _concerned(audited.reading.export.file, audited.differences):
        say(line)
    if audited.comparison is not None:
        say(audited.comparison)
        say(_verdict(audited.comparison))


def print_timing(audited: Audited) -> None:
    """Print how long it took and the process's peak memory, to standard error."""
    parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in audited.seconds.items())
    say(f"{parts}; peak memory {peak_memory()}", is_error=True)


def peak_memory() -> str:
    """This process's peak memory, for people."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return "unknown"
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{used / (1024 * 1024 if sys.platform == 'darwin' else 1024):.0f} MiB"


def _document(path: Path) -> bytes:
    """The JSON of an export, which may be in a ZIP archive. Raises SetupError."""
    try:
        if not zipfile.is_zipfile(path):
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".json")]
            if len(names) != 1:
                raise SetupError(f"{path}: an export's archive has one JSON file, {DOCUMENT}; this one has {len(names)}")
            if archive.getinfo(names[0]).file_size > LARGEST:
                raise SetupError(f"{path}: {names[0]} is larger than {LARGEST >> 20} MiB; if that's right, unpack it first")
            return archive.read(names[0])
    except OSError as error:
        raise SetupError(f"{path}: can't be read: {error.strerror}") from None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise SetupError(f"{path}: the archive is broken: {error}") from None


@contextmanager
def _uncollected() -> Generator[None]:
    """Pause the garbage collector: with this many lists it takes as long as the work, and there are no cycles to find."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _print_flaws(path: Path, flaws: tuple[Flaw, ...], lead: str = "") -> None:
    for flaw in flaws:
        say(f"{lead}{path}: {flaw}", is_error=True)


def _leaderboard(by: Ranking, standings: tuple[RankedForecaster, ...], names: dict[str, str]) -> Table:
    table = Table(title=_TITLES[by], title_justify="left")
    for column in ("rank", "forecaster", "score", "predictions", "coverage"):
        table.add_column(column, justify="left" if column == "forecaster" else "right")
    shown = [line for line in standings if line.rank is None or line.rank <= TOP]
    for line in shown:
        name = names.get(line.forecaster, line.forecaster) if line.rank is not None else _marked(line, names)
        rank = "" if line.rank is None else str(line.rank)
        score = f"{line.score:.{_DIGITS[by]}f}"
        table.add_row(
            rank, name, score, str(line.predictions), f"{line.coverage:.2f}", style="dim" if line.rank is None else ""
        )
    if len(shown) < len(standings):
        table.caption = f"and {len(standings) - len(shown)} more"
    return table


def _marked(line: RankedForecaster, names: dict[str, str]) -> str:
    name = names.get(line.forecaster, line.forecaster)
    return f"{name} ({line.role})" if line.role is Role.AUTHOR else name


def _calibrations(audited: Audit, names: dict[str, str]) -> Table:
    table = Table(title="Calibration", title_justify="left")
    for column in ("", "events", "Brier", "reliability", "resolution", "uncertainty", "expected error"):
        table.add_column(column, justify="right" if column else "left")
    for found in audited.calibrations:
        if found.forecaster is not None and found.role == "member":
            continue
        name = "all members" if found.forecaster is None else names.get(found.forecaster, found.forecaster)
        numbers = found.calibration
        parts = (numbers.brier, numbers.reliability, numbers.resolution, numbers.uncertainty, numbers.expected_error)
        table.add_row(name, str(numbers.events), *(f"{part:.4f}" for part in parts))
    return table


def _summary(export: Export, audited: Audit) -> str:
    scored = sum(result.scores is not None for result in audited.cases)
    annulled = sum(entry.is_annulled for entry in export.file.predictions)
    waiting = len(audited.cases) - scored - annulled
    return f"{len(audited.cases)} predictions: {scored} scored, {annulled} annulled, {waiting} not resolved."


def _concerned(file: ExportFile, differences: tuple[Difference, ...]) -> list[str]:
    """The differences in words, grouped: one changed forecast or result makes many numbers differ at once."""
    counts = Counter((found[1], int(found[2]), found[3]) for one in differences if (found := _PLACE.match(one.where)))
    lines: list[str] = []
    for (group, at, part), count in counts.items():
        numbers = f"{count} difference{'s' if count > 1 else ''}"
        if group == "leaderboards" and file.leaderboards is not None:
            board = file.leaderboards[at]
            lines.append(f"{numbers} in the ranking by {board.by}{f', {board.name}' if board.name else ''}")
        elif group == "predictions":
            entry = file.predictions[at]
            statement = f" ({entry.statement:.80})" if entry.statement else ""
            lines.append(f"{numbers} in {_PARTS.get(part, '')}prediction {entry.id or entry.code or at}{statement}")
    return lines


def _counts(comparison: Comparison | None) -> dict[str, Any]:
    if comparison is None:
        return {}
    names = ("predictions", "scores", "steps", "rankings", "logs", "votes", "seal")
    return {name: getattr(comparison, name) for name in names}


def _verdict(comparison: Comparison) -> str:
    if count := len(comparison.differences):
        return f"{count} difference{'s' if count > 1 else ''}: this file doesn't agree with its own forecasts and logs."
    if not comparison.is_anything_compared:
        return "The file has no stored results to compare."
    return "All stored results match the forecasts."
