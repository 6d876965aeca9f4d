"""`python -m bot export`, and `score` on what it wrote: what they print, what they refuse, and their exit codes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from bot.domain.documents.export_writing import DOCUMENT, TABLES
from db.database import Database
from tests.command_line import running
from tests.command_line.running import Done
from tests.conftest import ROOT
from tests.factories import GUILD
from tests.rows import everything
from tests.services.exporting.test_exporting import create_guild

PAGE = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")


def run(database: Database | str, *arguments: str | Path) -> Done:
    """Run a command of the bot to its end, with this database."""
    return running.run(*arguments, DATABASE_URL=url_of(database))


def url_of(database: Database | str) -> str:
    return database if isinstance(database, str) else database.url.render_as_string(hide_password=False)


def export(database: Database | str, *arguments: str | Path, guild_id: int = GUILD) -> Done:
    """Run `export`."""
    return run(database, "export", "--guild", str(guild_id), *arguments)


def test_the_two_commands_of_the_page_say_that_a_leaderboard_is_right(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    section = PAGE.split("\n## Check a leaderboard yourself\n")[1].split("\n## ")[0]
    commands = [line.strip() for line in section.splitlines() if line.startswith("    python -m bot")]
    assert [line.split()[3] for line in commands] == ["export", "score"]
    before = everything(sqlite)
    told = ""
    for line in commands:
        words = line.replace("GUILD_ID", str(GUILD)).replace("export.json", str(tmp_path / "export.json")).split()[3:]
        done = running.start(*words, DATABASE_URL=url_of(sqlite))
        assert done.returncode == 0, done.stderr
        told = done.stdout
    assert "All stored results match the forecasts." in told
    assert "6 predictions: 5 scored, 0 annulled, 1 not resolved." in told
    assert everything(sqlite) == before


def test_it_says_what_it_wrote_and_how_to_check_it(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    path = tmp_path / "export.json"
    done = export(sqlite, "--output", path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "6 predictions, 5 of them resolved, with 37 forecasts. The forecasts on 0 are still hidden." in done.stderr
    assert f"Check it with: python -m bot score {path}" in done.stderr
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".export")] == []


def test_without_a_file_the_document_goes_to_the_standard_output(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    done = export(sqlite)
    assert len(json.loads(done.stdout)["predictions"]) == 6
    assert done.returncode == 0


def test_the_archive_has_everything_and_score_reads_it(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    archive, tables, folder = tmp_path / "all.zip", tmp_path / "tables.zip", tmp_path / "tables"
    assert export(sqlite, "--output", archive, "--csv", folder).returncode == 0
    assert export(sqlite, "--csv", tables).returncode == 0
    assert zipfile.ZipFile(archive).namelist() == [DOCUMENT, *TABLES]
    assert zipfile.ZipFile(tables).namelist() == [*TABLES]
    assert sorted(path.name for path in folder.iterdir()) == sorted(TABLES)
    for name in TABLES:
        assert zipfile.ZipFile(archive).read(name) == zipfile.ZipFile(tables).read(name) == (folder / name).read_bytes()
    done = run(sqlite, "score", archive)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All stored results match the forecasts." in done.stdout
    assert "mona" not in done.stdout
    assert "ada" in done.stdout


def test_an_archive_that_was_tampered_with_is_found_and_the_prediction_named(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    path = tmp_path / "export.zip"
    export(sqlite, "--output", path)
    document = zipfile.ZipFile(path).read(DOCUMENT).replace(b'"resolution":"yes"', b'"resolution":"no"', 1)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(DOCUMENT, document)
    done = run(sqlite, "score", path)
    assert done.returncode == 1
    assert "predictions[0].scores[member:2].brier: stored" in done.stdout
    assert "differences in the scores of prediction 1 (It rains)" in done.stdout
    assert "in the ranking by baseline, all time" in done.stdout


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({}, "an export's archive has one JSON file, export.json; this one has 0"),
        ({"a.json": 2, "b.json": 2}, "this one has 2"),
        ({"a.json": (1 << 30) + 1}, "is larger than 1024 MiB"),
    ],
)
def test_an_archive_that_is_none_of_ours_is_refused(
    sqlite: Database, tmp_path: Path, sizes: dict[str, int], words: str
) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in sizes.items():
            archive.writestr(name, bytes(size))
    done = run(sqlite, "score", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_archive_is_a_sentence(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    path = tmp_path / "export.zip"
    export(sqlite, "--output", path)
    raw = bytearray(path.read_bytes())
    raw[300:900] = bytes(600)
    path.write_bytes(raw)
    done = run(sqlite, "score", path)
    assert done.returncode == 2
    assert "the archive is broken" in done.stderr
    assert "Traceback" not in done.stderr


# What is refused: a sentence, exit code 2, and nothing written.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "there.json"], "there.json: already exists; overwrite it with --force"),
        (["--csv", "there.zip"], "there.zip: already exists; overwrite it with --force"),
        (["--csv", "folder"], "crowd.csv: already exists; overwrite it with --force"),
        (["--csv", "there.json/"], "--csv needs a folder or a file ending in .zip"),
        (["--csv", "file"], "this is already a file; choose another name"),
        (["--output", "folder.json"], "this is already a folder; choose another name"),
        (["--output", "export.txt"], "--output needs a file ending in .json, or in .zip"),
        (["--csv", "tables.csv"], "--csv needs a folder or a file ending in .zip"),
        (["--output", "none/export.json"], "none doesn't exist"),
        (["--output", "a.zip", "--csv", "a.zip"], "leave out --csv"),
    ],
)
def test_a_path_that_cannot_be_or_exists_is_refused(
    sqlite: Database, tmp_path: Path, arguments: list[str], words: str
) -> None:
    create_guild(sqlite)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.json").mkdir()
    for name in ("there.json", "there.zip", "file", "folder/crowd.csv"):
        (tmp_path / name).write_text("mine")
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*") if "almanac" not in path.name}
    done = export(sqlite, *(word if word.startswith("--") else tmp_path / word for word in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    after = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*") if "almanac" not in path.name}
    assert after == before


def test_with_force_it_writes_over_what_is_there(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    (tmp_path / "tables").mkdir()
    for name in ("export.json", "tables/crowd.csv", "tables/mine.txt"):
        (tmp_path / name).write_text("mine")
    done = export(sqlite, "--output", tmp_path / "export.json", "--csv", tmp_path / "tables", "--force")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "export.json").read_text(encoding="utf-8"))
    assert (tmp_path / "tables" / "crowd.csv").read_text(encoding="utf-8-sig").startswith("prediction,time")
    assert (tmp_path / "tables" / "mine.txt").read_text() == "mine"


def test_an_unknown_server_is_refused_with_those_that_are_known(sqlite: Database, tmp_path: Path) -> None:
    create_guild(sqlite)
    done = export(sqlite, "--output", tmp_path / "export.json", guild_id=4711)
    assert done.returncode == 2
    assert done.stderr == f"The server 4711 isn't in this database. Its servers: {GUILD}.\n"
    assert not (tmp_path / "export.json").exists()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = export(f"sqlite:///{tmp_path}/none.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"There's no database {tmp_path}/none.db. Set DATABASE_URL to the one you mean." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_not_changed(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/empty.db").engine.connect().close()
    done = export(f"sqlite:///{tmp_path}/empty.db")
    assert done.returncode == 2
    assert "Update it with: python -m bot db upgrade" in done.stderr


def test_a_server_that_does_not_answer_is_a_sentence() -> None:
    done = export("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert done.returncode == 2
    assert "The database can't be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_a_sentence(sqlite: Database) -> None:
    create_guild(sqlite)
    done = export(sqlite, "--output", "/proc/export.json")
    assert done.returncode == 2
    assert "/proc/export.json: can't be written" in done.stderr
    assert "Traceback" not in done.stderr
