"""`python -m bot extract`: what is printed, what is written, what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.command_line.app import app
from bot.domain.documents.reading import read_prediction_file

POST = "# Predictions for 2026\n\n- It will rain in Spain: 70%\n- ✅ It will snow in Norway: 90%\n"


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """A small document."""
    path = tmp_path / "bets.md"
    path.write_text(POST, encoding="utf-8")
    return path


def test_what_is_printed_is_a_prediction_file(post: Path) -> None:
    result = CliRunner().invoke(app, ["extract", str(post)])
    assert result.exit_code == 0
    reading = read_prediction_file(result.stdout.encode(), file="bets.yaml", today=date(2026, 1, 1))
    assert reading.problems == ()
    assert reading.document is not None
    assert [item.probability for item in reading.document.predictions] == [0.7, 0.9]
    assert "2 predictions" in result.stderr


def test_json_is_by_the_path_as_given(post: Path) -> None:
    result = CliRunner().invoke(app, ["extract", "--json", str(post)])
    rows = json.loads(result.stdout)[str(post)]
    assert [(row["line"], row["probability"], row["outcome"]) for row in rows] == [(3, 0.7, None), (4, 0.9, True)]
    assert set(rows[0]) == {"statement", "line", "probability", "outcome", "kind", "options", "window", "parent"}


def test_several_documents_are_written_to_a_folder(post: Path, tmp_path: Path) -> None:
    other = tmp_path / "soup.txt"
    other.write_text("On soup.\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(post), str(other), "--output", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"bets.yaml", "soup.yaml"}
    assert "no predictions were found" in result.stderr


def test_a_binary_file_is_refused_and_the_others_are_read(post: Path, tmp_path: Path) -> None:
    picture = tmp_path / "x.md"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    result = CliRunner().invoke(app, ["extract", "--json", str(picture), str(post)])
    assert result.exit_code == 2
    assert list(json.loads(result.stdout)) == [str(post)]
    assert "a picture" in result.stderr


def test_a_document_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.md"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    result = CliRunner().invoke(app, ["extract", str(large)])
    assert result.exit_code == 2
    assert "50.0 MiB" in result.stderr
