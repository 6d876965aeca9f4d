"""The archives that a release is made of, built and used as somebody would who never saw the repository. Needs no network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROGRAM = ("bot/", "cogs/", "db/", "seeds/")
GENERATED = re.compile(r"PKG-INFO|setup\.cfg|almanac_bot\.egg-info/.+")
"""What the build adds to the source archive."""

pytestmark = pytest.mark.xdist_group("packaging")


@dataclass(frozen=True)
class Archives:
    """What the build made, and the files that it was made of."""

    source: Path
    wheel: Path
    tracked: set[str]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    """The source archive of a clean copy of this checkout, and the wheel made of that archive."""
    if not (ROOT / ".git").exists():
        pytest.skip("only a git checkout knows which files belong to it")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = {name for name in listed.split("\0") if name and (ROOT / name).exists()}
    checkout, made = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    for name in tracked:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", made, checkout)
    return Archives(next(made.glob("*.tar.gz")), next(made.glob("*.whl")), tracked)


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    """Run a program to its end and give what it printed; whatever it complains of is shown."""
    env = os.environ | environment
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()[-3000:] + done.stderr.decode()[-3000:]
    return done.stdout.decode()


def test_the_source_archive_holds_what_the_repository_holds(archives: Archives) -> None:
    with tarfile.open(archives.source) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    assert {name for name in names if not GENERATED.fullmatch(name)} == archives.tracked


def test_the_wheel_holds_the_program_with_its_packs_and_nothing_else(archives: Archives) -> None:
    with zipfile.ZipFile(archives.wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {name for name in archives.tracked if name.startswith(PROGRAM)}
    assert "seeds/predictions-1.schema.json" in names


def test_the_installed_program_works_in_any_folder(archives: Archives, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-compile")
    run(sys.executable, "-m", "pip", "install", *options, "--target", installed, archives.wheel)
    almanac = shutil.which("almanac", path=installed / "bin")
    assert almanac is not None

    def use(*arguments: str) -> str:
        return run(almanac, *arguments, cwd=elsewhere, PYTHONPATH=str(installed), DATABASE_URL="sqlite:///mine.db")

    assert use("schema") == (ROOT / "seeds" / "predictions-1.schema.json").read_text(encoding="utf-8")
    assert use("schema", "--of", "export") == (ROOT / "docs" / "export-1.schema.json").read_text(encoding="utf-8")
    report = json.loads(use("load", "--json"))
    assert [Path(pack["file"]).parent for pack in report["packs"]] == [installed / "seeds"] * 5
    assert report["counts"]["created"] == 62
    assert [path.name for path in elsewhere.iterdir()] == ["mine.db"]


@pytest.mark.soak
def test_the_demo_opens_in_an_empty_environment(archives: Archives, tmp_path: Path) -> None:
    """Installs what the lock names, so it needs a package index."""
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment)
    python = next(path for name in ("bin/python", "Scripts/python.exe") if (path := environment / name).exists())
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--require-hashes", "-r", ROOT / "requirements-demo.txt")
    run(*pip, "install", "--no-index", f"{archives.wheel}[demo]")  # the lock has all that it asks for
    command = [shutil.which("almanac", path=python.parent) or "", "demo", "--no-browser", "--port", "0"]
    log = tmp_path / "log"
    with log.open("wb") as output, subprocess.Popen(command, cwd=tmp_path, stdout=output) as process:
        try:
            until = time.monotonic() + 300
            while (found := re.search(r"http://\S+", log.read_text(encoding="utf-8"))) is None:
                assert process.poll() is None, "the demo ended by itself"
                assert time.monotonic() < until
                time.sleep(0.2)
            with urllib.request.urlopen(found[0], timeout=60) as page:  # noqa: S310  (its own address)
                assert page.status == 200
        finally:
            process.terminate()
