"""Which tests are slow: those of tests/slow.txt. As a plugin (`make slow`) this times each test and writes the list.

A line is a function of tests, or one of the tests that it makes if only some of them are slow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("slow.txt")
LONG = 0.3
"""Seconds. What takes longer is slow."""

_GROUP = re.compile(r"@\w+$")
"""What xdist appends to the ID of a test that runs beside its like."""
_seconds: dict[str, float] = defaultdict(float)


def slow_tests() -> frozenset[str]:
    """The lines of the list."""
    return frozenset(LIST.read_text(encoding="utf-8").splitlines())


def is_slow(name: str, lines: frozenset[str]) -> bool:
    """Whether these lines have a test of this node ID, or all that its function makes."""
    return name in lines or _function(name) in lines


def slow_among(seconds: dict[str, float]) -> list[str]:
    """The lines for tests, given how many seconds each of them took."""
    made: dict[str, list[str]] = defaultdict(list)
    for name in seconds:
        made[_function(name)].append(name)
    lines: list[str] = []
    for function, names in made.items():
        slow = [name for name in names if seconds[name] > LONG]
        lines += [function] if slow == names else slow
    return lines


def _function(name: str) -> str:
    return name.partition("[")[0]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[_GROUP.sub("", report.nodeid)] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):  # of several processes, the one that hears of all tests writes
        return
    run = {_function(name) for name in _seconds}
    lines = {line for line in slow_tests() if _function(line) not in run} | set(slow_among(_seconds))
    LIST.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
