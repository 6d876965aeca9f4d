"""Statements known by what follows them: a paragraph that begins with "Rationale:" each time, or a wager's terms."""

from __future__ import annotations

import re
from collections import Counter

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import made
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.records import key_of
from bot.domain.documents.prose.sections import Place, heading_level
from bot.domain.documents.prose.sentences import is_about_the_future
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.types import Sureness

_LABELLED = re.compile(r"\W*(?P<label>[^\W\d_][^:\n.?!]{1,24}?)\s*[*_]*:[*_]*\s+\S")
_WAGER = re.compile(
    r"\b(?:i|we)(?:[’']ve|\s+have)?\s+(?:also\s+)?(?:bet|wager(?:ed)?|staked?)\b(?=.{0,200}(?:[$€£]\s?\d|\d\s?(?:USD|EUR|dollars|euros|pounds)|\bagainst\b|\ba\s+(?:beer|dinner|bottle|coffee|drink|pint)\b))",
    re.IGNORECASE | re.DOTALL,
)
_THAT = re.compile(r"\b(?:that|on)\s+(?:the\s+following\s+will\s+(?:not\s+)?happen\s*:\s*)?", re.IGNORECASE)
_SHORT = 45
_OFTEN = 3


def read_reasoned(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Short paragraphs in the sections where one label ("Why", "Rationale") opens paragraph after paragraph."""
    if not announced:
        return []
    labels = {index: label for index, block in enumerate(blocks) if (label := _label(block))}
    counts = Counter(labels.values())
    reasons = {index for index, label in labels.items() if counts[label] >= _OFTEN}
    if not reasons:
        return []
    sections = {places[index].headings for index in reasons}
    found: list[Candidate] = []
    begun: set[tuple[int, ...]] = set()
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.PARAGRAPH or block.parent is not None:
            continue
        section = places[index].headings
        is_before = index + 1 in reasons
        opens = index > 1 and blocks[index - 1].kind is BlockKind.HEADING and is_about_the_future(block.text)
        if is_before or (opens and section in sections):
            begun.add(section)
        is_like = index not in labels and section in begun
        if index in reasons or heading_level(block) is not None or block.is_quoted:
            continue
        if (
            (is_before or is_like)
            and 3 <= len(block.text.split()) <= _SHORT
            and not block.text.rstrip().endswith((":", "?"))
        ):
            found.append(made(block, index, "a statement with its reasons below it", Sureness.MEDIUM))
    return found if len(found) >= _OFTEN else []


def read_wagers(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Bets with stakes: "I bet $50 that ..."; the stakes are no probability."""
    found: list[Candidate] = []
    for index, block in enumerate(blocks):
        if block.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH) or block.is_quoted:
            continue
        wager = _WAGER.search(block.text[:1000])
        if wager is None:
            continue
        candidate = made(block, index, "a bet with its stakes", Sureness.MEDIUM)
        after = _THAT.search(block.text, wager.end())
        if after and len(block.text[after.end() :].split()) > 2:
            candidate.statement = tidy(block.text[after.end() :])
        found.append(candidate)
    return found if len(found) >= 2 else []


def _label(block: Block) -> str | None:
    if block.kind is not BlockKind.PARAGRAPH or not block.bold or block.text[: block.bold[0].start].strip():
        return None
    found = _LABELLED.match(block.text)
    if found is None or key_of(block.text.split("\n")[0]) is not None or block.bold[0].end > found.end():
        return None
    return found["label"].strip().casefold()
