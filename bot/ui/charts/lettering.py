"""People's words, made fit for drawing: one line, no control characters, no letters the font lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator

MARKS_IN_A_ROW = 2
READ_AT_MOST = 1000
"""How many characters are looked at. Longer texts get cut for a picture anyway."""


def tidy(words: str) -> str:
    """One line without control characters, direction marks or heaps of accents, and at most 1,000 characters of it."""
    spaced = " ".join(words[: 2 * READ_AT_MOST].split())
    return "".join(_kept(unicodedata.normalize("NFC", spaced)))[:READ_AT_MOST].strip()


def drawable(words: str, covered: Container[int]) -> str | None:
    """What can be drawn of these words with the characters `covered` by a font, or None if too little is left to read.

    Emoji are dropped; of a script that the font lacks, an ellipsis stands for each stretch.
    """
    shown: list[str] = []
    missing = 0
    for character in tidy(words):
        if character == " " or ord(character) in covered:
            shown.append(character)
        elif unicodedata.category(character)[0] in "SM":
            continue
        else:
            missing += 1
            if shown[-1:] != ["…"]:
                shown.append("…")
    line = " ".join("".join(shown).split())
    letters = sum(character.isalnum() for character in line)
    return line if letters and letters >= missing else None


def _kept(words: str) -> Iterator[str]:
    marks = 0
    for character in words:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category[0] != "C" and marks <= MARKS_IN_A_ROW:
            yield character
