"""`python -m bot extract`: what is printed, what is written, what is refused."""

from __future__ import annotations

import json
import os
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


def test_what_looked_next_likeliest_is_named_and_taken_when_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "how.md"
    page.write_text(
        "# How to make good predictions\n\n1. Use base rates. 70% of startups fail.\n2. Update often.\n"
        "3. Keep score. Brier scores below 0.2 are good.\n",
        encoding="utf-8",
    )
    plain = CliRunner().invoke(app, ["extract", "--json", str(page)])
    assert json.loads(plain.stdout)[str(page)] == []
    assert "not taken: 3 items below “How to make good predictions”" in plain.stderr
    more = CliRunner().invoke(app, ["extract", "--json", "--more", str(page)])
    assert [row["line"] for row in json.loads(more.stdout)[str(page)]] == [3, 4, 5]
    assert "not taken" not in more.stderr


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


def test_one_bad_file_never_ends_a_run_over_many(post: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_bytes(b"\xef\xbb\xbf \r\n")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "round.md").symlink_to(tmp_path / "round.md")
    (tmp_path / "noise.md").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "western.md").write_bytes(POST.replace("Spain", "Málaga").replace("✅ ", "").encode("cp1252"))
    (tmp_path / "torn.md").write_bytes("# Predictions für 2026\n\n- It rains: 70%\n".encode() + b"\xc3\x28 \xff\n")
    with (tmp_path / "large.md").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    os.mkfifo(tmp_path / "pipe.md")
    names = ("empty", "folder", "round", "noise", "large", "pipe", "none", "western", "torn")
    result = CliRunner().invoke(app, ["extract", "--json", *(str(tmp_path / f"{name}.md") for name in names), str(post)])
    assert result.exit_code == 2
    read = json.loads(result.stdout)
    assert len(read[str(post)]) == len(read[str(tmp_path / "western.md")]) == 2
    assert len(read[str(tmp_path / "torn.md")]) == 1
    for name, why in {
        "empty": "is empty",
        "folder": "is a folder",
        "round": "can't be read",
        "large": "has 50.0 MiB; at most 5 MiB",
        "pipe": "isn't a file",
        "none": "can't be read: No such file",
    }.items():
        assert f"{tmp_path / name}.md: {why}" in result.stderr


def test_two_documents_of_one_name_become_two_packs(post: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "bets.md"
    other.parent.mkdir()
    other.write_text(POST.replace("Spain", "Wales"), encoding="utf-8")
    result = CliRunner().invoke(app, ["extract", str(post), str(other), str(post), "--output", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["bets-2.yaml", "bets.yaml"]
    second = read_prediction_file(
        (tmp_path / "out" / "bets-2.yaml").read_bytes(), file="bets-2.yaml", today=date(2026, 1, 1)
    )
    assert second.slug == "bets-2"
    assert second.document is not None
    assert "Wales" in second.document.predictions[0].statement
    printed = CliRunner().invoke(app, ["extract", str(post), str(other)]).stdout
    assert "pack: bets\n" in printed
    assert "pack: bets-2\n" in printed


def test_a_day_that_is_missing_is_only_missed_where_something_runs_from_it(post: Path, tmp_path: Path) -> None:
    assert "run from the day" not in CliRunner().invoke(app, ["extract", str(post)]).stderr
    soon = tmp_path / "soon.md"
    soon.write_text("# Predictions\n\n- It will rain within 6 months: 70%\n- It will snow in 2027: 90%\n", encoding="utf-8")
    assert "1 of 2 predictions run from the day it was written" in CliRunner().invoke(app, ["extract", str(soon)]).stderr


def test_a_document_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.md"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    result = CliRunner().invoke(app, ["extract", str(large)])
    assert result.exit_code == 2
    assert "50.0 MiB" in result.stderr
