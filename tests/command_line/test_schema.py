"""`python -m bot schema`, in a folder that has nothing to do with the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def schema(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command to its end in this folder."""
    env = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    command = [sys.executable, "-m", "bot", "schema", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize(
    ("of", "published"), [("predictions", "seeds/predictions-1.schema.json"), ("export", "docs/export-1.schema.json")]
)
def test_the_schema_is_printed_as_it_is_published_whatever_the_terminal_writes(
    of: str, published: str, encoding: str, tmp_path: Path
) -> None:
    done = schema(tmp_path, "--of", of, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (ROOT / published).read_bytes()
    assert list(tmp_path.iterdir()) == []


def test_the_schema_is_written_to_a_file(tmp_path: Path) -> None:
    done = schema(tmp_path, "mine.json")
    assert done.stdout.decode().split() == ["wrote", "mine.json"]
    assert json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["title"] == "PredictionFile"


@pytest.mark.parametrize("target", ["no-such-folder/mine.json", "."])
def test_a_file_that_cannot_be_written_is_said_in_a_sentence(target: str, tmp_path: Path) -> None:
    done = schema(tmp_path, target)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"{Path(target)}: can't be written: ")
    assert b"Traceback" not in done.stderr
