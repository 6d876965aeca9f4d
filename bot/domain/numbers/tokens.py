"""Taking a typed number apart: every character that is not blank belongs to one token, and each token knows where it stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.numbers.words import DOLLARS, FRACTIONS, MYRIADS

LONGEST = 400
"""Nobody writes a longer number; what is longer is not read at all."""


class NumberSort(Enum):
    """What a token is."""

    NUMBER = auto()
    WORD = auto()
    SIGN = auto()
    MARK = auto()
    RAISED = auto()


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A piece of the typed text, folded to one way of writing it."""

    sort: NumberSort
    text: str
    start: int
    end: int
    power: int = 0
    """Of a number in scientific form."""


_DASHES = "-−–—﹣－‐‑‒⁻"
_LIKE = {"'": "’‘´ʼ′＇", "%": "٪﹪", ":": "∶", "/": "⁄∕", "×": "·⋅*✕", "+": "﹢", "(": "﹙", ")": "﹚", "~": "〜～"}
_MARKS = {character: mark for mark, characters in _LIKE.items() for character in characters}
_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff"
"""Marks of direction and joining that come along when a number is copied. They part what they stand between."""
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DECIMAL, _GROUP = "٫", "٬"
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,'_{_DECIMAL}{_GROUP}]\d+|\x20\d{{3}}(?!\d))*|[.,{_DECIMAL}]\d+)"
    r"(?:e(?P<power>[+-]?\d{1,4})(?![\w.,]))?"
    rf"|(?P<raised>-?[{_RAISED}]+)"
    r"|(?P<sign>[+-])"
    r"|(?P<blank>\s+)"
    r"|(?P<mark>.)",
    re.DOTALL,
)


def tokens_of(text: str) -> list[NumberToken]:
    """All tokens in order; takes time in proportion to the text."""
    folded = "".join(_folded(character) for character in text)
    tokens: list[NumberToken] = []
    at = 0
    while at < len(folded):
        if _is_letter(folded[at]):
            end = at + 1
            if folded[at] not in MYRIADS and unicodedata.category(folded[at]) != "Sc":
                while end < len(folded) and _goes_on(folded[end]):
                    end += 1
                if folded[at:end] in DOLLARS and folded[end : end + 1] == "$":
                    end += 1
            tokens.append(NumberToken(NumberSort.WORD, folded[at:end], at, end))
            at = end
            continue
        found = _TOKEN.match(folded, at)
        assert found is not None  # a mark is any character
        if found["number"] is not None:
            tokens.append(NumberToken(NumberSort.NUMBER, found["number"], at, found.end(), int(found["power"] or 0)))
        elif found["raised"] is not None:
            tokens.append(NumberToken(NumberSort.RAISED, unicodedata.normalize("NFKC", found["raised"]), at, found.end()))
        elif found["sign"] is not None:
            tokens.append(NumberToken(NumberSort.SIGN, found["sign"], at, found.end()))
        elif found["mark"] is not None:
            tokens.append(NumberToken(NumberSort.MARK, found["mark"], at, found.end()))
        at = found.end()
    return tokens


def plain_letters(text: str) -> str:
    """Small letters without accents, with plain digits, blanks and dashes; composed text keeps its length."""
    return "".join(_plain(_folded(character)) for character in unicodedata.normalize("NFC", text))


def foreign_digit(text: str) -> int | None:
    """Where a digit of a second script stands, if the text mixes scripts: such a number is a trick or a slip."""
    scripts: set[int] = set()
    for at, character in enumerate(text):
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            zero = ord(character) - digit
            scripts.add(ord("0") if zero == ord("０") else zero)
            if len(scripts) > 1:
                return at
    return None


def _folded(character: str) -> str:
    """One character for one, so that places in the folded text are places in the typed one."""
    if character.isascii():
        return "×" if character == "*" else " " if character.isspace() else character.lower()
    if character in _DASHES:
        return "-"
    if character in _MARKS:
        return _MARKS[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character.isspace() or character in _INVISIBLE:
        return " "
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0).lower()
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


def _plain(character: str) -> str:
    is_latin = "\u00c0" <= character <= "\u024f" or "\u1e00" <= character <= "\u1eff"
    return unicodedata.normalize("NFD", character)[0] if is_latin else character


def _is_letter(character: str) -> bool:
    return character.isalpha() or character in FRACTIONS or unicodedata.category(character) == "Sc" or character == "°"


def _goes_on(character: str) -> bool:
    # Thai, Hindi and others write vowels as marks on the letter before.
    return (character.isalpha() and character not in MYRIADS) or unicodedata.category(character).startswith("M")
