"""Running a command of the bot to its end, as a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from functools import cache
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from tests.conftest import ROOT

USED = [
    *(f"bot.command_line.{name}" for name in ("app", "export", "extract", "load", "score")),
    "bot.services.packs.library",
    "db.copying",
    "db.migrate",
]
"""What the commands import."""

Done = subprocess.CompletedProcess[str]


def run(*arguments: str | Path, **environment: str) -> Done:
    """Run `python -m bot ARGUMENTS`.

    Each is a process with its own environment, working folder, streams and exit code; but where the system can, it is forked from
    one that has imported the bot already, for a start from nothing takes longer than most commands do.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, error = Path(folder, "out"), Path(folder, "error")
        words = list(map(str, arguments))
        process = _context().Process(target=_perform, args=(words, os.environ | environment, out, error))
        process.start()
        process.join()
        assert process.exitcode is not None
        return Done(words, process.exitcode, out.read_text(encoding="utf-8"), error.read_text(encoding="utf-8"))


def start(*arguments: str | Path, **environment: str) -> Done:
    """Run `python -m bot ARGUMENTS` from nothing, as a person does."""
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


@cache
def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(USED)
    return context


def _perform(words: list[str], environment: dict[str, str], out: Path, error: Path) -> None:
    """The command, in its own process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for descriptor, path in ((1, out), (2, error)):
        written = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(written, descriptor)
        os.close(written)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.argv = ["almanac", *words]
    from bot.command_line.app import main

    try:
        main()
    finally:
        sys.stdout.flush()
