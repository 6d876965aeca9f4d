"""Whatever an export holds, reading it gives a document or problems, never an exception and never both."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.documents.files import read_file
from bot.domain.documents.models import PredictionFile
from bot.domain.documents.platforms.fatebook import fatebook_csv
from bot.domain.documents.reading import Problem
from tests.domain.documents.platforms.exports import (
    CHOICE,
    FATEBOOK,
    MANIFOLD,
    METACULUS,
    METACULUS_FORECASTS,
    METACULUS_QUESTIONS,
    PREDICTIONBOOK,
    TODAY,
    zipped,
)
from tests.factories import NOW
from tests.properties import examples

PIECES = [
    ",",
    '"',
    "\n",
    ";",
    "=1+1",
    "\x00",
    "\ufeff",
    "[[x]]",
    "[",
    "]",
    "'",
    "nan",
    "1e999",
    "-1",
    "70%",
    "9" * 400,
    "None",
]
PIECES += [
    "2024-02-30",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01 00:00:00",
    "\x0b",
    "\u2028",
    "𝟙",
    "٣",
    "🔥",
    "yes",
    "annulled",
]
WORDS = st.sampled_from(PIECES) | st.text(max_size=8)
ODD: st.SearchStrategy[Any] = (
    WORDS
    | st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(10**20), 10**20)
    | st.builds(list)
    | st.builds(lambda: {"a": [1]})
)


def check(raw: bytes, file: str, author: str | None = None) -> None:
    reading = read_file(raw, file=file, today=TODAY, author=author)
    assert (reading.document is None) == bool(reading.problems)
    for problem in (*reading.problems, *reading.warnings):
        assert isinstance(problem, Problem)
        assert problem.line >= 1
        assert problem.message
        str(problem).encode()
    if reading.document is not None:
        stored = json.dumps(reading.document.model_dump(mode="json", exclude_defaults=True), allow_nan=False)
        assert "\\u0000" not in stored
        assert PredictionFile.model_validate_json(stored) == reading.document
        fatebook_csv(reading.document, written_at=NOW).encode()
        for prediction in reading.document.predictions:
            assert prediction.result or prediction.result is None


@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.json", "x.zip", "x.yaml"]))
def test_any_bytes_are_read_or_refused(raw: bytes, file: str) -> None:
    check(raw, file)
    check(b"PK\x03\x04" + raw, file)


@settings(max_examples=examples(300))
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 30), WORDS), max_size=5), st.sampled_from(["", "Ann", "ann"]))
def test_any_change_of_a_table_is_read_or_refused(changes: list[tuple[int, int, str]], author: str) -> None:
    texts = [FATEBOOK, METACULUS_QUESTIONS, METACULUS_FORECASTS]
    for at, length, piece in changes:
        texts = [text[: at % len(text)] + piece + text[at % len(text) + length :] for text in texts]
    raw = [text.encode("utf-8", "replace") for text in texts]
    check(raw[0], "x.csv", author or None)
    check(raw[1], "x.csv")
    check(zipped({"question_data.csv": raw[1], "forecast_data.csv": METACULUS_FORECASTS}), "x.zip", author or None)
    check(zipped({"question_data.csv": METACULUS_QUESTIONS, "forecast_data.csv": raw[2]}), "x.zip")


@settings(max_examples=examples(300))
@given(st.data())
def test_any_change_of_json_is_read_or_refused(data: st.DataObject) -> None:
    for export in (PREDICTIONBOOK, MANIFOLD, [CHOICE, *MANIFOLD["bets"]], MANIFOLD["markets"]):
        made = json.loads(json.dumps(export))
        for _ in range(data.draw(st.integers(0, 3))):
            _change(made, data)
        check(json.dumps(made).encode("utf-8", "replace"), "x.json", data.draw(st.sampled_from([None, "ann", "Ann"])))


@given(st.integers(0, len(METACULUS) - 1), st.binary(min_size=1, max_size=4))
def test_any_damage_to_an_archive_is_read_or_refused(at: int, piece: bytes) -> None:
    check(METACULUS[:at] + piece + METACULUS[at + len(piece) :], "x.zip")
    check(METACULUS[:at], "x.zip")


def test_hostile_nesting_is_refused() -> None:
    for raw in (b"[" * 200_000, b'{"predictions":' * 50_000, b'[{"id":' + b"9" * 5000 + b"}]"):
        check(raw, "x.json")
    cell = "[" * 10_000 + "]" * 10_000
    check(METACULUS_QUESTIONS.replace("\"['2024-01-01', '2024-07-01', '2024-12-31']\"", cell).encode(), "x.csv")


def _change(value: Any, data: st.DataObject) -> None:
    """Put something odd somewhere into nested data."""
    while True:
        if isinstance(value, dict) and value:
            key = data.draw(st.sampled_from(sorted(value)))
        elif isinstance(value, list) and value:
            key = data.draw(st.integers(0, len(value) - 1))
        else:
            return
        if not isinstance(value[key], dict | list) or data.draw(st.integers(0, 9)) == 0:
            value[key] = data.draw(ODD)
            return
        value = value[key]
