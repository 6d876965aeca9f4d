"""Which reader an uploaded file gets, and the sentences for what cannot be read."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.domain.documents.uploads import MAX_UPLOAD, Upload, read_upload

TODAY = date(2026, 3, 1)
YAML = b"""format: predictions/1
source: {title: Bets}
predictions:
  - {id: a, statement: GPT-6 is released, probability: 0.7, window: {end: 2026-12-31}}
"""
MARKDOWN = b"# Predictions for 2026\n\n- GPT-6 is released by the end of 2026: 70%\n- Claude 5 is released in 2026: 90%\n"
HTML = (
    b"<!doctype html><html><body><h1>Predictions for 2026</h1><ul><li>GPT-6 is released in 2026: 70%</li></ul></body></html>"
)
CSV = b"prediction,probability\nGPT-6 is released in 2026,70%\nClaude 5 is released in 2026,90%\n"


def read(content: bytes, file: str) -> Upload:
    return read_upload(content, file=file, today=TODAY)


@pytest.mark.parametrize(
    ("content", "file", "count"),
    [
        (YAML, "bets.yaml", 1),
        (YAML, "bets.yml", 1),
        (YAML, "bets.YAML", 1),
        (YAML, "bets.txt", 1),
        (YAML, "bets", 1),
        (b"\xef\xbb\xbf" + YAML, "bets.yaml", 1),
        (YAML.replace(b"\n", b"\r\n"), "bets.yaml", 1),
        (MARKDOWN, "bets.md", 2),
        (MARKDOWN, "bets.txt", 2),
        (MARKDOWN.decode().encode("utf-16"), "bets.md", 2),
        (HTML, "bets.html", 1),
        (HTML, "bets.txt", 1),
        (CSV, "bets.csv", 2),
    ],
)
def test_a_file_is_read_by_what_is_in_it(content: bytes, file: str, count: int) -> None:
    upload = read(content, file)
    assert upload.problems == ()
    assert upload.document is not None
    assert len(upload.document.predictions) == count
    assert upload.document.predictions[0].probability == 0.7
    assert upload.slug == "bets"


def test_json_of_the_same_shape_is_read_whatever_its_name() -> None:
    data = {"format": "predictions/1", "source": {}, "predictions": [{"id": "a", "statement": "GPT-6 is released"}]}
    for file in ("bets.json", "bets.txt"):
        upload = read(json.dumps(data).encode(), file)
        assert upload.document is not None
        assert upload.keeps_ids


def test_only_a_prediction_file_has_ids_that_stay() -> None:
    assert read(YAML, "bets.yaml").keeps_ids
    assert not read(MARKDOWN, "bets.md").keeps_ids


@pytest.mark.parametrize(
    ("content", "file", "told"),
    [
        (b"", "bets.md", "The file is empty"),
        (b" \n\t\n", "bets.yaml", "The file is empty"),
        (b"\xff\xfe \x00\n\x00", "bets.txt", "The file is empty"),
        (b"x" * (MAX_UPLOAD + 1), "bets.md", "at most 1 MiB can be imported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "bets.md", "a picture"),
        (b"%PDF-1.7 ...", "bets.yaml", "a PDF; save its text as .txt or .md"),
        (b"PK\x03\x04" + bytes(50), "bets.csv", "the archive is damaged, or of a kind that can't be read"),
        (bytes(range(256)) * 4, "bets.yaml", "binary data"),
        (MARKDOWN, "bets.json", "line 1: this isn't valid JSON"),
        (MARKDOWN, "bets.yaml", "rename it to end in .md or .txt"),
        (b"- a\n- b\n", "bets.yaml", "must be a block of fields"),
        (b"a: [1, 2\nb: 3\n", "bets.yaml", "this isn't valid YAML"),
        (b"a: &x 1\nb: *x\n", "bets.yaml", "anchors and aliases"),
        (b"[" * 10_000, "bets.json", "nested deeper than 32 levels"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, file: str, told: str) -> None:
    upload = read(content, file)
    assert upload.document is None
    assert told in "\n".join(upload.problems)


def test_all_problems_of_a_prediction_file_come_at_once_with_their_lines() -> None:
    broken = YAML.replace(b"0.7", b"70") + b"  - {id: a, statment: Typo}\n"
    upload = read(broken, "bets.yaml")
    assert upload.document is None
    assert any(
        problem.startswith("line 4: predictions[0].probability: is 70; it must be a number from 0 to 1")
        for problem in upload.problems
    ), upload.problems
    assert any("line 5" in problem and "did you mean statement?" in problem for problem in upload.problems)
    assert any("the id 'a' is used twice" in problem for problem in upload.problems)


def test_a_text_without_predictions_is_an_empty_document_and_no_problem() -> None:
    upload = read(b"# Minutes\n\nWe met and talked about lunch.\n", "minutes.md")
    assert upload.document is not None
    assert upload.document.predictions == ()
    assert upload.problems == ()
