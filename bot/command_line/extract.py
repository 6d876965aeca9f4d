"""`python -m bot extract`: documents in, prediction files out, for a person to review."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

import yaml

from bot.command_line.output import say
from bot.command_line.reading import UnreadableFile, read_bytes
from bot.domain.documents.models import FORMAT, PredictionFile
from bot.domain.documents.prose.encoding import MAX_BYTES, UnreadableDocument
from bot.domain.documents.prose.extract import Extraction, as_rows, extract
from bot.domain.errors import SetupError

_BLANK = b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"
"""Blanks, and the marks with which an encoding begins."""

log = logging.getLogger(__name__)


def run(documents: list[Path], *, output: Path | None, as_json: bool, takes_more: bool = False) -> bool:
    """Read each document, write or print what was found, and report it. False if one was refused; the others are still read.

    `takes_more`: with the group that looked next likeliest."""
    readings: list[tuple[Path, Extraction]] = []
    refused: list[str] = []
    for path in dict.fromkeys(documents):
        try:
            reading = _extract(path)
            more = reading.runner_up if takes_more else None
            readings.append((path, more.with_them if more is not None else reading))
        except SetupError as error:
            refused.append(str(error))
        except Exception as error:  # a bug of ours in one document must not cost the others
            log.debug("%s could not be read", path, exc_info=error)
            refused.append(
                f"{path}: can't be read because of a bug in Almanac ({type(error).__name__}). The others were read."
            )
    readings = _named_apart(readings)
    written = _write(readings, output, is_folder=len(documents) > 1) if output is not None else {}
    if as_json:
        say(json.dumps({str(path): as_rows(reading) for path, reading in readings}, indent=2, ensure_ascii=False))
    for path, reading in readings:
        if output is None and not as_json:
            sys.stdout.write(extraction_text(reading.document))
        _report(path, reading, written.get(path))
    if refused:
        say("\n".join(refused), is_error=True)
    return not refused


def extraction_text(document: PredictionFile) -> str:
    """A prediction file as YAML, with the line that points editors to its schema, and without unknown values."""
    data = document.model_dump(mode="json", exclude_defaults=True)
    body = yaml.safe_dump({"format": FORMAT} | data, allow_unicode=True, sort_keys=False, width=110)
    return "# yaml-language-server: $schema=predictions-1.schema.json\n" + body


def _extract(path: Path) -> Extraction:
    if path.is_dir():
        raise SetupError(f"{path}: is a folder; name the documents in it")
    try:
        raw = read_bytes(path, limit=MAX_BYTES)
        if not raw.strip(_BLANK):
            raise UnreadableFile("is empty")
        return extract(raw, path=str(path))
    except (UnreadableDocument, UnreadableFile) as error:
        raise SetupError(f"{path}: {error}") from None


def _named_apart(readings: list[tuple[Path, Extraction]]) -> list[tuple[Path, Extraction]]:
    """The readings, each with a pack name of its own: two documents called bets become bets and bets-2."""
    taken: set[str] = set()
    apart: list[tuple[Path, Extraction]] = []
    for path, reading in readings:
        first = reading.document.pack or "document"
        name = next(name for name in chain([first], (f"{first[:58]}-{at}" for at in count(2))) if name not in taken)
        taken.add(name)
        document = reading.document.model_copy(update={"pack": name})
        apart.append((path, replace(reading, document=document)))
    return apart


def _write(readings: list[tuple[Path, Extraction]], output: Path, *, is_folder: bool) -> dict[Path, Path]:
    """Writes each prediction file and says where. Several go in a folder, named after their documents."""
    is_folder = is_folder or output.is_dir()
    targets = [output / f"{reading.document.pack}.yaml" if is_folder else output for _, reading in readings]
    try:
        if is_folder:
            output.mkdir(parents=True, exist_ok=True)
        for target, (_, reading) in zip(targets, readings, strict=True):
            target.write_text(extraction_text(reading.document), encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{output}: can't be written: {error.strerror}") from None
    return {path: target for (path, _), target in zip(readings, targets, strict=True)}


def _report(path: Path, reading: Extraction, target: Path | None) -> None:
    count, left_out = len(reading.items), len(reading.document.left_out)
    where = f" -> {target}" if target else ""
    say(f"{path}{where}: {count} prediction{'' if count == 1 else 's'}, {left_out} left out", is_error=True)
    for warning in reading.warnings:
        say(f"warning: {path}: {warning}", is_error=True)
    if reading.runner_up is not None:
        say(f"{path}: not taken: {reading.runner_up.what}. Take these too with --more", is_error=True)
