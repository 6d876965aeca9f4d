"""What `python -m bot load` reads, and how it reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from bot.command_line.output import say
from bot.domain.documents.files import SUFFIXES, read_file
from bot.domain.documents.models import PredictionFile
from bot.domain.documents.reading import FileReading, Problem
from bot.domain.errors import SetupError
from bot.services.packs.library import PackChange, PackReport

IN_FOLDERS = (".yaml", ".yml", ".json")
"""Which of a folder's files to load. A table or an archive in it could be anything, so it has to be named."""


def files_at(paths: list[Path]) -> list[Path]:
    """The files at these paths and in these folders. Raises SetupError that names every missing file and unknown ending."""
    found: list[Path] = []
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                file
                for file in path.iterdir()
                if file.suffix.lower() in IN_FOLDERS and not file.name.endswith(".schema.json") and not file.is_dir()
            )
            if not inside:
                problems.append(f"{path}: this folder has no prediction files; they end in {', '.join(IN_FOLDERS)}")
            found += inside
        elif not path.exists():
            problems.append(f"{path}: no such file or folder")
        elif path.suffix.lower() not in SUFFIXES:
            problems.append(f"{path}: a prediction file ends in {', '.join(SUFFIXES)}")
        else:
            found.append(path)
    if problems:
        raise SetupError("\n".join(problems))
    return found


def read_path(path: Path, now: datetime, author: str | None) -> FileReading:
    """What a file holds, and what's wrong in it. Raises SetupError if it can't be opened."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: can't be read: {error.strerror}") from None
    return read_file(raw, file=str(path), today=now.date(), author=author)


def same_names(readings: list[FileReading]) -> list[Problem]:
    """Files that would become the same pack."""
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for reading in readings:
        if reading.slug in first:
            problems.append(
                Problem(
                    reading.file,
                    1,
                    "pack",
                    f"the pack {reading.slug!r} is also in {first[reading.slug]}; give each its own name",
                )
            )
        first.setdefault(reading.slug, reading.file)
    return problems


@contextmanager
def progress(documents: list[tuple[str, PredictionFile]], as_json: bool) -> Generator[Callable[[int], None]]:
    """A bar on a terminal; call it with the number of predictions done."""
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield lambda steps: None
        return
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Loading", total=sum(len(document.predictions) for _, document in documents))
        yield lambda steps: progress.advance(task, steps)


def print_problems(problems: list[Problem], as_json: bool) -> None:
    """Report what's wrong in the files; nothing was stored."""
    if as_json:
        listed = [{"file": item.file, "line": item.line, "field": item.field, "message": item.message} for item in problems]
        say(json.dumps({"ok": False, "problems": listed}, indent=2, ensure_ascii=False))
        return
    for problem in problems:
        say(problem, is_error=True)
    say(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was stored.", is_error=True)


def print_json(reports: list[PackReport], readings: list[FileReading], warnings: list[Problem], dry_run: bool) -> None:
    """The report as JSON, with every prediction."""
    listed: list[dict[str, Any]] = []
    for report, reading in zip(reports, readings, strict=True):
        lines = [
            {"id": line.id, "statement": line.statement, "change": line.change, "code": line.code, "note": line.note}
            for line in report.lines
        ]
        counts = {change.value: report.count(change) for change in PackChange}
        facts = {"truncated": report.is_truncated, "notes": report.notes, "guilds": report.guilds}
        listed.append(
            {
                "pack": report.pack,
                "title": report.title,
                "file": reading.file,
                **facts,
                "counts": counts,
                "predictions": lines,
            }
        )
    totals = {change.value: sum(report.count(change) for report in reports) for change in PackChange}
    result = {
        "ok": True,
        "dry_run": dry_run,
        "counts": totals,
        "packs": listed,
        "warnings": [str(warning) for warning in warnings],
    }
    say(json.dumps(result, indent=2, ensure_ascii=False))


def print_report(reports: list[PackReport], warnings: list[Problem], dry_run: bool) -> None:
    """The report for people: one line per prediction."""
    for report in reports:
        say(f"{report.title} ({report.pack})")
        for line in report.lines:
            code = f" #{line.code}" if line.code is not None else ""
            say(f"  {line.change.value:9}  {line.id}{code}  {line.statement}{f' ({line.note})' if line.note else ''}")
        if not report.lines:
            say("  has no predictions" + (f": {report.notes}" if report.notes else ""))
        say("  " + ", ".join(f"{report.count(change)} {change.value}" for change in PackChange))
    for warning in warnings:
        say(f"warning: {warning}", is_error=True)
    totals = ", ".join(f"{sum(report.count(change) for report in reports)} {change.value}" for change in PackChange)
    say(f"{'Dry run, nothing stored: ' if dry_run else ''}{len(reports)} pack{'s' if len(reports) > 1 else ''}: {totals}")
