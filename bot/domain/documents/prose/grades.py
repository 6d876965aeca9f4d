"""Predictions known by their grade: items, paragraphs and quotations each with a verdict; and the verdict of an item."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.outcomes import (
    read_graded_line,
    read_inline_verdict,
    read_leading_word,
    read_sign,
    read_verdict,
    read_verdict_heading,
)
from bot.domain.documents.prose.records import key_of
from bot.domain.documents.prose.replies import read_prose_verdict
from bot.domain.documents.prose.sections import Place
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.trailing import read_trailing
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.types import Sureness

NUMBERED = re.compile(
    r"^\W*(?:(?:prediction\s+|bet\s+|#)?#?\s?\d{1,3}\s*[.):–—-]\s*|(?<=#)\d{1,3}\s+|(?:prediction|bet)\s+#?\d{1,3}\s+)(?=\S)",
    re.IGNORECASE,
)
_LETTER_BEHIND = re.compile(r"(?:\s[-–—]|[:(|])\s*[*_]*([A-DF][+-]?)(?=[*_)]*(?:$|\n|[.,;:!]))", re.MULTILINE)
_NEAR, _LONGEST_LEAD = 400, 60
_TOLD = re.compile(
    r"\b(?:(?P<right>right|correct(?:ly)?|came\s+true)|wrong|incorrect|missed|did\s?n(?:[o’']|o)t\s+happen)\b", re.IGNORECASE
)
"""`Completely wrong about these 3:`."""
_LABEL = re.compile(r"^\W*(?:prediction|bet|forecast|claim)\s*(?:#?\d+)?\s*[:.)–—-]+\s*", re.IGNORECASE)


def read_quoted(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Quotations of one's own predictions, each followed by what became of it."""
    quotes = [
        index
        for index, block in enumerate(blocks)
        if block.is_quoted and not block.is_callout and block.kind is BlockKind.PARAGRAPH and len(block.text) < 400
    ]
    commented = [
        index
        for index in quotes
        if index + 1 < len(blocks) and not blocks[index + 1].is_quoted and blocks[index + 1].kind is BlockKind.PARAGRAPH
    ]
    if not announced or len(commented) < 3:
        return []
    found: list[Candidate] = []
    for index in commented:
        candidate = made(blocks[index], index, "a quotation that is then graded", Sureness.HIGH)
        candidate.verdict = read_graded_line(blocks[index + 1].text) or read_prose_verdict(blocks[index + 1].text)
        found.append(candidate)
    return found


def statement_items(blocks: list[Block], places: list[Place]) -> Iterable[tuple[int, Block]]:
    """The items that can be statements: of the first depth, with words, no key of a record, no link alone."""
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.ITEM:
            continue
        if block.parent is not None or (block.is_quoted and not block.is_callout):
            continue
        if key_of(block.text.split("\n")[0]) is not None or len(re.findall(r"[^\W\d_]{2,}", block.text)) < 2:
            continue
        yield index, block


def verdict_of_item(blocks: list[Block], places: list[Place], index: int) -> tuple[Verdict | None, int]:
    block = blocks[index]
    found = read_sign(block.text) or read_leading_word(block.text)
    if found is not None:
        return found
    if sum(span.end - span.start for span in block.struck) > 0.6 * len(block.text.split("\n")[0]):
        return Verdict(Meaning.EITHER, False, "struck through"), 0
    if behind := read_trailing(block.text):
        return behind[0], 0
    if inline := read_inline_verdict(block.text):
        return inline, 0
    if letter := _LETTER_BEHIND.search(block.text[:_NEAR]):
        return read_verdict(letter[1]), 0
    child = index + 1
    if child < len(blocks) and blocks[child].parent == index and (graded := read_graded_line(blocks[child].text)):
        return graded, 0
    return heading_verdict(places[index], blocks), 0


def heading_verdict(place: Place, blocks: list[Block]) -> Verdict | None:
    """The verdict that a section's heading or a list's lead gives to all in it."""
    near = [place.lead] if place.lead is not None else []
    for at in [*near, *place.headings[::-1][:2]]:
        if verdict := read_verdict_heading(blocks[at].text):
            return verdict
        text = blocks[at].text.strip().rsplit("\n", 1)[-1]
        if at == place.lead and text.endswith(":") and len(text) <= _LONGEST_LEAD and (told := _TOLD.search(text)):
            return Verdict(Meaning.AUTHOR, told["right"] is not None, told[0])
    return None


def made(block: Block, index: int, form: str, sureness: Sureness, *, skip: int = 0) -> Candidate:
    words = _LABEL.sub("", block.text[skip:].strip())
    words = NUMBERED.sub("", words) if block.kind is not BlockKind.ITEM else words
    return Candidate(index, block.line, words.strip(), form, sureness)
