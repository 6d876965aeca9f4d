"""Real processes that begin a step at the same moment, for what only shows between processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Crowd:
    """Processes that run the same step on every line they are given, and print one line when they have done it."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def all_at_once(self, line: str) -> list[str]:
        """Give a line to every process, then what each of them printed."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(line + "\n")
            process.stdin.flush()
        return [self._answer(process) for process in self._processes]

    def await_ready(self) -> None:
        """Wait until every process has imported what it needs."""
        assert {self._answer(process) for process in self._processes} == {"ready"}

    def _answer(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        answer = process.stdout.readline().rstrip("\n")
        if not answer:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read())
        return answer


@contextmanager
def crowd(step: str, *, processes: int) -> Iterator[Crowd]:
    """Start processes that define `step(line)` by the given source, and wait until they are ready."""
    source = f"{step}\nimport sys\nprint('ready', flush=True)\nfor line in sys.stdin:\n    print(step(line.rstrip()), flush=True)\n"
    with ExitStack() as stack:
        started = [stack.enter_context(_python(source)) for _ in range(processes)]
        together = Crowd(started)
        together.await_ready()
        yield together
        for process in started:
            assert process.stdin is not None
            process.stdin.close()


def _python(source: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
