"""No pattern takes longer than its text is long: each one is tried on repeats of the signs and words that it is made of."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from bot.domain.documents import prose

LETTERS = 6_000
TRIES = 8
MOST_SECONDS = 1.5
"""Of processor time, for 6,000 letters: a pattern that goes through them once takes less than a hundredth of it."""
COMMON = (
    "1",
    "9.",
    "1,",
    "a",
    "a ",
    "A",
    " ",
    "\n",
    "(",
    "[",
    "(a",
    "*",
    "_",
    "%",
    "1%",
    "1 %",
    "1/",
    "-",
    "–",
    ":",
    "a:",
    '"',
    "[1",
    "x (1) ",
    "é",
)
SEARCHING = ("search", "finditer", "findall", "sub", "split")


def modules() -> list[ModuleType]:
    """The modules that read prose."""
    return [importlib.import_module(f"{prose.__name__}.{found.name}") for found in pkgutil.iter_modules(prose.__path__)]


def patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    """The patterns that a module's constant is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from patterns_in(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from patterns_in(part)


def all_patterns() -> list[tuple[str, re.Pattern[str], bool]]:
    """Each pattern once, with its name and whether it is looked for anywhere in a text rather than only at one place."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str], bool]] = {}
    sources = "\n".join(inspect.getsource(module) for module in modules())
    for module in modules():
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                users = inspect.getsource(module) if name.startswith("_") else sources
                is_sought = not isinstance(value, re.Pattern) or any(f"{name}.{how}(" in users for how in SEARCHING)
                found.setdefault(
                    (pattern.pattern, pattern.flags), (f"{module.__name__.rsplit('.', 1)[-1]}.{name}", pattern, is_sought)
                )
    return list(found.values())


def atoms_of(pattern: re.Pattern[str]) -> set[str]:
    """The words and signs of a pattern, alone and with a blank."""
    bare = re.sub(r"\\[sSdDwWbB]|\(\?[^)]*?\)|\{[\d,]*\}", " ", pattern.pattern)
    words = set(re.findall(r"[^\W\d_]{1,14}", bare)[:60])
    signs = set(re.findall(r"[^\w\s\\|?+*^]", bare))
    return words | {f"{word} " for word in words} | signs | {f"{sign} " for sign in signs} | {f"1{sign}" for sign in signs}


@pytest.mark.parametrize(
    ("name", "pattern", "is_sought"), all_patterns(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_pattern_is_done_with_repeats_in_time(name: str, pattern: re.Pattern[str], is_sought: bool) -> None:
    for atom in sorted({*COMMON, *atoms_of(pattern)}):
        text = atom * (LETTERS // len(atom))
        # Whatever else the machine does may slow one try, and the garbage collector another; a bad pattern is slow in all.
        assert any(seconds_with(pattern, text, is_sought) < MOST_SECONDS for _ in range(TRIES)), (name, atom)


def seconds_with(pattern: re.Pattern[str], text: str, is_sought: bool) -> float:
    begun = time.process_time()
    if is_sought:
        for _ in pattern.finditer(text):
            pass
    pattern.match(text)
    pattern.fullmatch(text)
    return time.process_time() - begun
