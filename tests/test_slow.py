"""The list of slow tests."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.slow import LONG, is_slow, slow_among, slow_tests


def test_every_line_names_a_test_that_is_there() -> None:
    gone = [
        line
        for line in sorted(slow_tests())
        for path, _, name in [line.partition("[")[0].partition("::")]
        if not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert gone == [], "run `make slow`"


def test_only_what_takes_long_is_slow() -> None:
    seconds = {
        "a.py::one[x]": 2 * LONG,
        "a.py::one[y]": 0.0,
        "a.py::two[x]": 2 * LONG,
        "a.py::two[y]": 2 * LONG,
        "a.py::three": 0.0,
    }
    lines = slow_among(seconds)
    assert lines == ["a.py::one[x]", "a.py::two"]
    assert [name for name in seconds if not is_slow(name, frozenset(lines))] == ["a.py::one[y]", "a.py::three"]
