"""Taking words out of texts that were shown before: whole, cut at their end, or line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

HIDDEN = "(hidden by a manager)"
LONG_ENOUGH = 20
"""From this many characters on, words are looked for wherever they stand; shorter ones only beside what they belong to."""
_CUT = "…"


@dataclass(frozen=True, slots=True)
class HiddenWords:
    """Words as they may stand in a text, and the marks of what they belong to, such as “#42” or a mention."""

    forms: tuple[str, ...]
    marks: tuple[str, ...]


def redacted(text: str, hidden: Sequence[HiddenWords]) -> str:
    """The text without these words; the same text if they aren't in it."""
    lines = text.split("\n")
    for words in hidden:
        lines = [_without(line, words) for line in lines]
    return "\n".join(lines)


def _without(line: str, words: HiddenWords) -> str:
    is_beside = any(re.search(re.escape(mark) + r"(?!\d)", line) for mark in words.marks)
    for form in sorted(set(words.forms), key=len, reverse=True):
        if len(form) >= LONG_ENOUGH or (form and is_beside):
            line = _without_form(line, form)
    return line


def _without_form(line: str, form: str) -> str:
    """Replace the form where it stands whole, or begins and is then cut."""
    least = min(len(form), LONG_ENOUGH)
    at = 0
    while (at := line.find(form[:least], at)) >= 0:
        end = at + least
        while end - at < len(form) and end < len(line) and line[end] == form[end - at]:
            end += 1
        is_whole = end - at == len(form)
        if is_whole or line[end : end + 1] == _CUT:
            end += 0 if is_whole else 1
            line = line[:at] + HIDDEN + line[end:]
            at += len(HIDDEN)
        else:
            at += 1
    return line
