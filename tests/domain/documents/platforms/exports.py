"""Small made-up exports in the shape of each platform's, and reading them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.domain.documents.files import read_file
from bot.domain.documents.models import FilePrediction, PredictionFile
from bot.domain.documents.reading import FileReading

TODAY = date(2026, 3, 1)

HERE = Path(__file__).parent
FATEBOOK = (HERE / "fatebook.csv").read_text(encoding="utf-8")
FATEBOOK_HEADER = FATEBOOK.split("\n", 1)[0]

PREDICTIONBOOK: dict[str, Any] = {
    "user": {"user_id": 7, "name": "Ann", "email": "ann@example.org"},
    "predictions": [
        {
            "id": 41,
            "description": "by the end of 2012",
            "description_with_group": "[The Oslo line opens] by the end of 2012",
            "deadline": "2012-12-31T12:00:00.000Z",
            "created_at": "2011-05-30T08:00:00.000Z",
            "updated_at": "2013-01-01T00:00:00.000Z",
            "creator_id": 7,
            "creator_label": "Ann",
            "outcome": False,
            "withdrawn": False,
            "visibility": "visible_to_everyone",
            "mean_confidence": 50,
            "responses": [
                {"id": 1, "user_id": 7, "user_label": "Ann", "confidence": 60, "created_at": "2011-05-30T08:00:00.000Z"},
                {"id": 2, "user_id": 8, "user_label": "Bob", "confidence": 10, "created_at": "2011-06-01T08:00:00.000Z"},
                {"id": 3, "user_id": 7, "confidence": None, "comment": "hm", "created_at": "2011-07-01T08:00:00Z"},
                {"id": 4, "user_id": 7, "confidence": 30, "created_at": "2012-02-03T04:05:06.000Z"},
            ],
        },
        {
            "id": 42,
            "description": "The sun still shines",
            "deadline": "3000-01-01T00:00:00.000Z",
            "created_at": "2011-05-30T08:00:00.000Z",
            "creator_id": 7,
            "outcome": None,
            "withdrawn": False,
            "visibility": "visible_to_creator",
            "responses": [{"id": 5, "user_id": 7, "confidence": 99, "created_at": "2011-05-30T08:00:00.000Z"}],
        },
    ],
}

MS = 1000
CREATED, CLOSES, KNOWN = 1_700_000_000 * MS, 1_710_000_000 * MS, 1_709_000_000 * MS
MARKET: dict[str, Any] = {
    "id": "abcDEF123",
    "creatorId": "u2",
    "creatorUsername": "bob",
    "createdTime": CREATED,
    "closeTime": CLOSES,
    "question": "Will the bridge open?",
    "textDescription": "Open to cars.",
    "url": "https://manifold.markets/bob/will-the-bridge-open",
    "outcomeType": "BINARY",
    "isResolved": True,
    "resolution": "YES",
    "resolutionTime": KNOWN,
    "groupSlugs": ["bridges", "Not a tag!"],
}
CHOICE: dict[str, Any] = MARKET | {
    "id": "choice1",
    "question": "Who builds it?",
    "outcomeType": "MULTIPLE_CHOICE",
    "shouldAnswersSumToOne": True,
    "answers": [{"id": "a1", "text": "Acme"}, {"id": "a2", "text": "Umbrella"}],
    "resolution": "a2",
}
MANIFOLD: dict[str, Any] = {
    "user": {"id": "u1", "username": "ann", "createdTime": CREATED},
    "markets": [MARKET],
    "bets": [
        {"id": "b2", "userId": "u1", "contractId": "abcDEF123", "outcome": "YES", "amount": 5, "probAfter": 0.8},
        {"id": "b1", "userId": "u1", "contractId": "abcDEF123", "outcome": "YES", "amount": 5, "probAfter": 0.6},
        {"id": "b3", "userId": "u2", "contractId": "abcDEF123", "outcome": "NO", "amount": 5, "probAfter": 0.2},
        {"id": "b4", "userId": "u1", "contractId": "abcDEF123", "outcome": "NO", "amount": 0, "probAfter": 0.9},
        {"id": "b5", "userId": "u1", "contractId": "gone", "outcome": "NO", "amount": 1, "probAfter": 0.9},
    ],
}
for _number, _bet in enumerate(MANIFOLD["bets"]):
    _bet["createdTime"] = CREATED + {"b1": 1, "b2": 2}.get(_bet["id"], 3 + _number) * 86_400_000

METACULUS_QUESTIONS = (HERE / "question_data.csv").read_text(encoding="utf-8")
METACULUS_FORECASTS = (HERE / "forecast_data.csv").read_text(encoding="utf-8")


def read(export: Any, file: str = "", **options: Any) -> FileReading:
    """Read an export: text is CSV, data becomes JSON, files by name become a zip."""
    if isinstance(export, str):
        return read_file(export.encode(), file=file or "export.csv", today=TODAY, **options)
    if isinstance(export, bytes):
        return read_file(export, file=file or "export.zip", today=TODAY, **options)
    return read_file(json.dumps(export).encode(), file=file or "export.json", today=TODAY, **options)


def document(export: Any, **options: Any) -> PredictionFile:
    """The document that an export is read into."""
    reading = read(export, **options)
    assert reading.problems == ()
    assert reading.document is not None
    assert reading.document.pack == reading.slug
    return reading.document


def problems(export: Any, **options: Any) -> list[str]:
    """What is wrong with an export, as people read it."""
    reading = read(export, **options)
    assert reading.document is None
    assert reading.problems
    return [str(problem) for problem in reading.problems]


def by_id(file: PredictionFile) -> dict[str, FilePrediction]:
    """The predictions by their ids."""
    return {prediction.id: prediction for prediction in file.predictions}


def told(prediction: FilePrediction) -> list[tuple[str, tuple[Any, ...]]]:
    """The forecasts in short: when, and the values."""
    return [(f"{one.at:%Y-%m-%d %H:%M:%S}", one.values) for one in prediction.forecasts]


def left_out(file: PredictionFile) -> dict[str, str]:
    """What was not taken, each with its reason."""
    return {item.what: item.reason for item in file.left_out}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these files."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


METACULUS = zipped(
    {"data/README.md": "x", "data/question_data.csv": METACULUS_QUESTIONS, "data/forecast_data.csv": METACULUS_FORECASTS}
)
