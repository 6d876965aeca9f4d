"""Whatever a file holds, reading it gives a document or problems, never an exception and never both."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.documents.models import PredictionFile
from bot.domain.documents.reading import Problem, read_prediction_file
from bot.domain.documents.tree import read_yaml
from tests.properties import examples

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[3] / "seeds").glob("*.yaml"))]
FILES = st.sampled_from(["pack.yaml", "pack.json"])
PIECES = [
    b"&a ",
    b"*a",
    b"!!python/name:os ",
    b"\x00",
    b"\xff",
    b"\r",
    b"---\n",
    b"- ",
    b": ",
    b"? ",
    b"{",
    b"[",
    b"'",
    b'"',
    b"|\n",
]
PIECES += [
    b"null",
    b"true",
    b"1e999",
    b"-1",
    b"9" * 50,
    "\U0001f525".encode(),
    b"\\ud800",
    b"\xef\xbb\xbf",
    b"\t",
    b"%YAML 9.9\n",
    b"<<: ",
]


def check(raw: bytes, file: str) -> None:
    reading = read_prediction_file(raw, file=file, today=date(2026, 3, 1))
    assert (reading.document is None) == bool(reading.problems)
    lines = (
        raw.count(b"\n")
        + raw.count(b"\r")
        + raw.count("\u2028".encode())
        + raw.count("\u2029".encode())
        + raw.count("\x85".encode())
    )
    for problem in (*reading.problems, *reading.warnings):
        assert isinstance(problem, Problem)
        assert 1 <= problem.line <= lines + 2
        assert problem.message
        str(problem).encode()
    if reading.document is not None:
        stored = json.dumps(reading.document.model_dump(mode="json", exclude_defaults=True), allow_nan=False)
        assert "\\u0000" not in stored
        assert PredictionFile.model_validate_json(stored) == reading.document


@given(st.binary(max_size=400), FILES)
def test_any_bytes_are_read_or_refused(raw: bytes, file: str) -> None:
    check(raw, file)


@given(st.text(max_size=300), FILES)
def test_any_text_is_read_or_refused(text: str, file: str) -> None:
    check(text.encode(), file)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    check(json.dumps(value).encode(), "pack.json")
    check(json.dumps({"source": {}, "predictions": value}).encode(), "pack.yaml")


FIELDS = list(PredictionFile.model_json_schema()["$defs"]["FilePrediction"]["properties"])
WORDS = [
    "a",
    "b",
    "",
    "x" * 3000,
    "\x00",
    "\ud800",
    "2026-12-31",
    "9999-12-31",
    "0",
    "binary",
    "multiple_choice",
    "numeric",
    "date",
    ">",
    "[[p0]]",
    "[[p9]]",
]
BLOCKS = [
    [{"name": "A"}, {"name": "B"}],
    [{"name": "A", "probability": 0.2}, {"name": "B", "probability": 0.8}],
    {"end": "2026-12-31"},
    {"unit": "USD", "p10": 1},
]
VALUES = st.sampled_from([None, True, 0, 1, -1, 0.5, 2.5, 10**50, [], {}, [None], ["a"], "requires", *WORDS, *BLOCKS])


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6), max_size=4))
@settings(max_examples=examples(300))
def test_any_values_in_the_fields_are_read_or_refused(items: list[dict[str, object]]) -> None:
    predictions = [{"id": f"p{number}", "statement": "S"} | item for number, item in enumerate(items)]
    check(json.dumps({"source": {"title": "T"}, "predictions": predictions}).encode(), "pack.json")


@given(st.sampled_from(SEEDS), FILES, st.data())
@settings(max_examples=examples(150))
def test_a_damaged_seed_is_read_or_refused(seed: bytes, file: str, data: st.DataObject) -> None:
    if file.endswith(".json"):
        seed = json.dumps(read_yaml(seed.decode()).data, indent=1).encode()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(seed)))
        end = start + data.draw(st.integers(0, 40))
        piece = data.draw(st.sampled_from([b"", *PIECES]) | st.binary(max_size=8))
        seed = seed[:start] + piece + seed[end:]
    check(seed, file)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_that_breaks_off_anywhere_is_read_or_refused(seed: bytes) -> None:
    for end in range(0, len(seed), max(1, len(seed) // 25)):
        check(seed[:end], "pack.yaml")
