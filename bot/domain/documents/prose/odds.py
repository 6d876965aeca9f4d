"""Documents that state odds instead of per cent: `The bridge opens: 10-1`, `5/2`, `3 to 1 on`, `even money`.

Two numbers behind a statement may be a score or a date as well; they are odds only where the document speaks of odds and
has several such lines. As bookmakers write them, the number against stands first, unless the document says otherwise."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from bot.domain.documents.prose.lines import stretch_of
from bot.domain.documents.prose.probabilities import read_stated
from bot.domain.documents.prose.shapes import LONGEST_BLOCK, Block, BlockKind
from bot.domain.documents.prose.stated import Form, Stated
from bot.domain.documents.prose.verdict_words import BAD, GOOD, OPEN

_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twenty": 20,
    "fifty": 50, "hundred": 100, "thousand": 1000, "million": 1_000_000,
}  # fmt: skip
_NUMBER = rf"\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,9}}|(?:an?\s+)?(?:{'|'.join(_COUNTS)})"
_BETWEEN = r"\s?(?:[-–—/:]|\bto\b|-to-|\bin\b)\s?"
_PAIR = (  # 2026/11 is a month
    rf"(?!(?:19|20)\d\d\s?[-–—/])(?P<one>{_NUMBER}){_BETWEEN}(?P<other>{_NUMBER})(?![\w%/-]|[.,:]\d)"
    r"(?:\s+(?P<way>against|on|in\s+favou?r|for)\b)?"
)
_EVEN = r"(?P<even>evens?|even\s+(?:money|odds|chances?)|evs)"
_AT_END = re.compile(
    r"(?P<led>[:=⇒→,(\[]\s*|\s[-–—]{1,2}\s|\s)(?:(?:at|odds|say|maybe|about|around|roughly)\s+(?:of\s+|are\s+)?){0,2}~?"
    rf"(?<![\w.$€£/-])(?:{_PAIR}|{_EVEN})"
    rf"[*_)\].;,!]*\s*(?P<rest>\([^()\n]{{1,200}}\)\W*|(?:[–—-]|(?<=\.)\s?)\s*[^\W\d_][^\n]{{1,400}}|[{GOOD}{BAD}{OPEN}][^\n]{{0,400}})?$",
    re.IGNORECASE,
)
_AT_BEGINNING = re.compile(
    rf"[\s*_(\[]*(?:{_PAIR}|{_EVEN})(?:[)\]*_]*\s*(?:[:–—|-]|\bthat\b)|[)\]*_]+)\s+(?=[^\W\d_])", re.IGNORECASE
)
_SPEAKS = re.compile(r"\b(?:odds|long\s?shots?|bookies?|bookmakers?|even\s+money)\b", re.IGNORECASE)
_AGAINST_FIRST = re.compile(
    r"\bagainst\W{0,3}(?:[-–/:]|to|then|before)\W{0,3}(?:for|favou?r)\b|\d\s?(?:[-–/:]|to)\s?1\b[^.;,\n]{0,40}?\b(?:against|unlikely|long\s?shot)\b",
    re.IGNORECASE,
)
_IN_FAVOUR_FIRST = re.compile(
    r"\b(?:for|favou?r|yes|win|success)\W{0,3}(?:[-–/:]|to|then|before)\W{0,3}(?:against|no|lose|failure)\b|"
    r"\d\s?(?:[-–/:]|to)\s?1\b[^.;,\n]{0,40}?\b(?:in\s+favou?r|(?:more\s+)?likely|on(?=\W*(?:$|[.;,)]))|for(?:\s+it)?(?=\W*(?:$|[.;,)])))",
    re.IGNORECASE,
)
_NO_ODDS_AFTER = re.compile(
    r"\b(?:by|on|before|until|after|between|from|than|of|scores?|w[io]ns?|lost|loses?|beats?|result|final|record|season|it)$",
    re.IGNORECASE,
)
"""Words before a date or a score."""
_CHANCES = re.compile(r"\w\s+in\s+\w", re.IGNORECASE)
_OPENING, _FEW, _HALF, _LONGEST = 20, 3, 0.5, 600
_HIGHEST_SCORE = 4
_USUAL = (1, 2, 4, 5)
"""The second number of odds, as bookmakers write them."""
_BULLET = re.compile(r"\s*(?:[-*+•·‣◦]\s+)")
_NUMBERED = re.compile(r"\s*\(?\d{1,3}[.)]\s+(?=\S)")


def split_odds(blocks: list[Block]) -> list[Block]:
    """The blocks, with each line of odds as an item of its own, where the document states odds.

    A bullet that Markdown took for the line before it is a part of that one."""
    if not _states_odds(blocks):
        return blocks
    made: list[Block] = []
    places: list[int] = []
    for block in blocks:
        places.append(len(made))
        parent = places[block.parent] if block.parent is not None else None
        block = replace(block, parent=parent)
        lines = block.text.split("\n")
        if block.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH) or not any(read_odds(line) for line in lines):
            made.append(block)
            continue
        start, owner = 0, len(made)
        for at, line in enumerate(lines):
            end = start + len(line)
            is_stated = read_odds(line) is not None
            bullet, number = _BULLET.match(line), _NUMBERED.match(line)
            skip = (bullet or number) if at or block.kind is BlockKind.PARAGRAPH else None
            if line.strip():
                kind = BlockKind.ITEM if is_stated or (at == 0 and block.kind is BlockKind.ITEM) else BlockKind.PARAGRAPH
                part = stretch_of(block, start + (skip.end() if skip else 0), end, kind=kind, line=block.line + at)
                is_part = at > 0 and bullet is not None and kind is BlockKind.ITEM and made[owner].kind is BlockKind.ITEM
                part = replace(part, parent=owner, level=block.level + 1, is_numbered=False) if is_part else part
                owner = owner if is_part else len(made)
                made.append(part if is_part or at == 0 else replace(part, parent=parent if is_stated else None))
            start = end + 1
    return made


def read_odds_habit(blocks: list[Block]) -> dict[int, list[Stated]]:
    """The odds of each block that states them, as probabilities, by its index; between them, only chances ("1 in 4")."""
    if not _states_odds(blocks):
        return {}
    legends = [block.text[:_LONGEST] for block in blocks[:_OPENING] if _is_legend(block.text)]
    is_for_first = not any(map(_AGAINST_FIRST.search, legends)) and any(map(_IN_FAVOUR_FIRST.search, legends))
    found: dict[int, list[Stated]] = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.ROW or len(block.text) >= LONGEST_BLOCK:
            continue
        stated = read_odds(block.text, is_for_first=is_for_first)
        if stated is not None:
            found[index] = [stated]
        elif "%" not in block.text or _is_legend(block.text):
            found[index] = [chance for chance in read_stated(block.text) if _CHANCES.search(chance.raw)]
    return found


def read_odds(text: str, *, is_for_first: bool = False) -> Stated | None:
    """The odds that a line has at its end or beginning. `is_for_first`: the number for stands before the one against."""
    if len(text) > _LONGEST or _is_legend(text):
        return None
    if (first := _AT_BEGINNING.match(text)) and (value := _value(first, is_for_first)) is not None:
        return Stated(0, first.end(), value, first[0].strip(" *_()[]:–—-|"), Form.FIRST)
    for found in _AT_END.finditer(text):
        before = text[: found.start()]
        if (not found["led"].strip() and _NO_ODDS_AFTER.search(before)) or not re.search(r"[^\W\d_]{2}", before):
            continue
        if (value := _value(found, is_for_first)) is not None:
            end = found.start("rest") if found["rest"] else len(text)
            return Stated(found.start(), end, value, text[found.start() : end].strip(" *_()[]:=,.;"), Form.FINAL)
    return None


def _value(found: re.Match[str], is_for_first: bool) -> float | None:
    if found["even"]:
        return 0.5
    one, other = _pair(found)
    if not one or not other:
        return None  # a score
    if _CHANCES.search(found[0]):
        return float(Fraction(one, other)) if one <= other else None
    way = (found["way"] or "").lower()
    is_for = way != "against" if way else is_for_first
    return float(Fraction(one if is_for else other, one + other))


def _pair(found: re.Match[str]) -> tuple[int, int]:
    words = [found[name].lower().removeprefix("an ").removeprefix("a ").replace(",", "") for name in ("one", "other")]
    one, other = (_COUNTS.get(word.strip()) or (int(word) if word.isdigit() else 0) for word in words)
    return one, other


def _is_legend(text: str) -> bool:
    """Whether it says how its odds are to be read."""
    return _SPEAKS.search(text[:_LONGEST]) is not None and (
        _AGAINST_FIRST.search(text[:_LONGEST]) is not None or _IN_FAVOUR_FIRST.search(text[:_LONGEST]) is not None
    )


def _states_odds(blocks: list[Block]) -> bool:
    """Whether a document speaks of odds at its beginning and has several lines that state some, more than state per cent."""
    if not any(_SPEAKS.search(block.text[:_LONGEST]) for block in blocks[:_OPENING]):
        return False
    lines = [line for block in blocks if block.kind is not BlockKind.ROW for line in block.text.split("\n") if line.strip()]
    stated = [line for line in lines if read_odds(line)]
    if len(stated) < _FEW or len(stated) <= sum("%" in line for line in lines if not read_odds(line)):
        return False
    pairs = [
        _pair(found) for line in stated if (found := _AT_BEGINNING.match(line) or _AT_END.search(line)) and not found["even"]
    ]
    usual = sum(other in _USUAL or one == 1 for one, other in pairs)
    # the numbers of scores are all small, those of grades all out of ten
    is_low = all(max(pair) <= _HIGHEST_SCORE for pair in pairs) and len(pairs) > _FEW
    return usual >= _HALF * len(pairs) and not is_low
