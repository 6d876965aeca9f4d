"""Any file of predictions: a prediction file or another platform's export, recognised by its content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.domain.documents.platforms import archives, fatebook, manifold, metaculus, predictionbook
from bot.domain.documents.platforms.drafting import refused
from bot.domain.documents.platforms.manifold import ManifoldData
from bot.domain.documents.platforms.objects import parse
from bot.domain.documents.platforms.tables import header_of
from bot.domain.documents.prose.encoding import UnreadableDocument, decode_document
from bot.domain.documents.reading import FileReading, read_prediction_file
from bot.domain.documents.tree import Unreadable, decode

SUFFIXES = (".yaml", ".yml", ".json", ".csv", ".tsv", ".zip")


def read_file(raw: bytes, *, file: str, today: date, author: str | None = None) -> FileReading:
    """Read a prediction file (YAML or JSON), or an export of Fatebook, PredictionBook, Manifold or Metaculus (CSV, JSON, zip).

    `file` is its name, for messages; its ending says whether a prediction file is YAML or JSON. `author` names the person
    whose forecasts to take, if an export holds several people's and doesn't say whose it is.
    """
    if (reading := read_platform(raw, file=file, today=today, author=author)) is not None:
        return reading
    if file.lower().endswith((".csv", ".tsv", ".zip")):
        platforms = "Fatebook, PredictionBook, Manifold or Metaculus"
        return refused(
            file, 1, f"this isn't an export from {platforms}; to read other documents, use `python -m bot extract`"
        )
    return read_prediction_file(raw, file=file, today=today)


def read_platform(raw: bytes, *, file: str, today: date, author: str | None = None) -> FileReading | None:
    """Read another platform's export; None if it isn't one."""
    name = file.lower()
    try:
        if archives.is_archive(raw):
            return _read_archive(raw, file=file, today=today, author=author)
        if name.endswith(".json"):
            return _read_json(raw, file=file, today=today, author=author)
        if name.endswith((".csv", ".tsv")):
            return _read_table(_table_text(raw), file=file, today=today, author=author)
    except Unreadable as error:
        return refused(file, error.line, str(error))
    return None


def _decoded(raw: bytes) -> str:
    return decode(raw, limit=archives.MAX_BYTES)


def _table_text(raw: bytes) -> str:
    """The text of a table, in whatever encoding a spreadsheet saved it. Raises Unreadable."""
    try:
        return _decoded(raw)
    except Unreadable:
        if len(raw) > archives.MAX_BYTES:
            raise
    try:
        return decode_document(raw).text
    except UnreadableDocument as error:
        raise Unreadable(1, str(error)) from None


def _read_archive(raw: bytes, *, file: str, today: date, author: str | None) -> FileReading | None:
    contents = archives.unpack(raw, suffixes=(".csv", ".json"))
    if metaculus.QUESTIONS in contents:
        wanted = (metaculus.QUESTIONS, metaculus.FORECASTS)
        tables = {name: _table_text(content) for name, content in contents.items() if name in wanted}
        return metaculus.read_metaculus(tables, file=file, today=today, author=author)
    data = [(name, parse(_decoded(content))) for name, content in contents.items() if name.lower().endswith(".json")]
    return _read_data(data, file=file, today=today, author=author)


def _read_json(raw: bytes, *, file: str, today: date, author: str | None) -> FileReading | None:
    try:
        data = parse(_decoded(raw))
    except Unreadable:
        return None  # read as a prediction file, it says what's wrong, with the line
    return _read_data([("", data)], file=file, today=today, author=author)


def _read_data(data: Sequence[tuple[str, Any]], *, file: str, today: date, author: str | None) -> FileReading | None:
    found = ManifoldData()
    for place, content in data:
        if (predictions := predictionbook.predictions_of(content)) is not None and len(data) == 1:
            return predictionbook.read_predictionbook(content, predictions, file=file, today=today, author=author)
        found.look_into(content, place)
    if found.markets or found.bets:
        return manifold.read_manifold(found, file=file, today=today, author=author)
    return None


def _read_table(text: str, *, file: str, today: date, author: str | None) -> FileReading | None:
    header = header_of(text)
    if fatebook.is_fatebook(header):
        return fatebook.read_fatebook(text, file=file, header=header, today=today, author=author)
    if metaculus.is_metaculus(header):
        return metaculus.read_metaculus({metaculus.QUESTIONS: text}, file=file, today=today, author=author)
    return None
