"""Whole documents in people's forms are read as their annotation has them: nothing is missed, and nothing invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.documents.prose.extract import Extraction, as_rows, extract

FOLDER = Path(__file__).parent / "own"
ANNOTATION: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "annotation.yaml").read_text(encoding="utf-8"))

each_document = pytest.mark.parametrize("name", ANNOTATION)


def read(name: str) -> Extraction:
    """The extraction of a document, by its own name."""
    return extract((FOLDER / name).read_bytes(), path=name)


def rows(name: str) -> list[Any]:
    """Its predictions as `extract --json` prints them."""
    return list(as_rows(read(name)))


def test_every_document_is_annotated() -> None:
    assert {path.name for path in FOLDER.iterdir()} - {"README.md", "annotation.yaml"} == set(ANNOTATION)


@each_document
def test_its_predictions_are_found_where_they_stand_and_no_others(name: str) -> None:
    found = [(item.prediction.line, item.prediction.statement) for item in read(name).items]
    assert found == [(each["line"], each["statement"]) for each in ANNOTATION[name]["predictions"]]


@each_document
def test_their_probabilities_are_those_stated(name: str) -> None:
    found = [
        (row["probability"], {option["name"]: option["probability"] for option in row["options"]}) for row in rows(name)
    ]
    wanted = [(each.get("probability"), each.get("options", {})) for each in ANNOTATION[name]["predictions"]]
    assert found == wanted


@each_document
def test_their_outcomes_say_whether_it_happened(name: str) -> None:
    wanted = [each.get("outcome") for each in ANNOTATION[name]["predictions"]]
    assert [row["outcome"] for row in rows(name)] == wanted


@each_document
def test_their_windows_begin_and_end_as_written(name: str) -> None:
    wanted = [[str(day) if day else None for day in each["window"]] for each in ANNOTATION[name]["predictions"]]
    assert [[row["window"]["start"], row["window"]["end"]] for row in rows(name)] == wanted


@each_document
def test_the_document_itself_is_known(name: str) -> None:
    source, wanted = read(name).document.source, ANNOTATION[name]
    assert source.authors == ((wanted["author"],) if "author" in wanted else ())
    assert source.date == (str(wanted["date"]) if "date" in wanted else None)
    assert source.truncated == wanted.get("truncated", False)
