"""The packs that come with the program."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

import seeds
from bot.command_line.app import schema_text
from bot.domain.documents.models import PredictionFile
from bot.domain.documents.reading import read_prediction_file
from bot.domain.documents.tree import decode, read_yaml
from tests.conftest import SHARED

FILES = seeds.packs()
SCHEMA = seeds.FOLDER / "predictions-1.schema.json"
AS_WRITTEN = date(2026, 1, 1)


def document(path: Path) -> PredictionFile:
    """A seed file, read as the loader reads it."""
    reading = read_prediction_file(path.read_bytes(), file=path.name, today=AS_WRITTEN)
    assert reading.problems == ()
    assert reading.document is not None
    return reading.document


def test_each_document_is_there_with_all_its_predictions() -> None:
    counts = [len(document(path).predictions) for path in FILES]
    assert len(counts) == 5
    assert all(count >= least for count, least in zip(counts, (29, 12, 3, 0, 12), strict=True))


def test_only_stated_probabilities_are_there() -> None:
    stated = [[item.probability for item in document(path).predictions if item.probability is not None] for path in FILES]
    assert stated == [[], [1.0, 0.9, 0.7, 0.3, 0.75, 0.75, 1.0, 0.4, 1.0, 0.75, 0.8, 0.6], [], [], []]


def test_the_truncated_document_says_so_and_invents_nothing() -> None:
    truncated = document(FILES[3])
    assert truncated.source.truncated
    assert truncated.predictions == ()
    assert "TRUNCATED" in (truncated.source.notes or "")
    assert not any(document(path).source.truncated for path in FILES if path != FILES[3])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_prediction_can_be_judged(path: Path) -> None:
    for item in document(path).predictions:
        assert len(item.criteria or "") > 100, item.id
        assert item.window.end is not None, item.id
        assert item.window.basis, item.id
        assert item.tags, item.id


def test_by_2026_keeps_both_readings() -> None:
    windows = {(item.window.end, item.window.end_strict) for item in document(FILES[4]).predictions}
    assert windows == {(date(2026, 12, 31), date(2025, 12, 31))}


def test_the_published_schema_is_that_of_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "python -m bot schema seeds/predictions-1.schema.json writes it again"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_schema_accepts_what_the_loader_accepts(path: Path) -> None:
    jsonschema.validate(read_yaml(decode(path.read_bytes())).data, json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.skipif(not (SHARED / "seeds").exists(), reason="the annotated documents are not beside this checkout")
def test_every_core_and_detail_item_of_the_annotation_is_loaded_with_its_window() -> None:
    annotated = json.loads((SHARED / "seeds" / "annotation.json").read_text(encoding="utf-8"))["documents"]
    for path, source in zip(FILES, annotated, strict=True):
        loaded = {item.id: item for item in document(path).predictions}
        for wanted in source["predictions"]:
            if wanted["tier"] == "optional":
                continue
            item = loaded[wanted["id"]]
            assert item.probability == wanted["stated_probability"]
            assert [str(day) if day else None for day in (item.window.start, item.window.end)] == [
                wanted["window_start"],
                wanted["window_end"],
            ]
            assert item.parent == wanted["parent"]
