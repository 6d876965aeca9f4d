"""Predictions that are headings, bold beginnings or numbered paragraphs, each followed by its reasons."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import NUMBERED, grade_below, heading_verdict, made
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_verdict_heading
from bot.domain.documents.prose.records import key_of
from bot.domain.documents.prose.sections import Place, heading_level, tier_of
from bot.domain.documents.prose.sentences import is_about_the_future
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.verdict_words import Verdict
from bot.domain.types import Sureness

_LABEL = re.compile(r"^\W*(?:prediction|bet|forecast|claim)\s*(?:#?\d+)?\s*[:.)–—-]+\s*", re.IGNORECASE)
_SHARE = 0.5
_FEW = 3
_SHORT = 12


def read_sorted(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Headings below headings that give a verdict: "What I got right", and under it one heading for each prediction."""
    if not announced:
        return []
    found: list[Candidate] = []
    verdicts: dict[int, Verdict | None] = {}
    for index, block in enumerate(blocks):
        if heading_level(block) is None or len(places[index].headings) < 2:
            continue
        above = places[index].headings[-2]
        if above not in verdicts:
            verdicts[above] = read_verdict_heading(blocks[above].text)
        if verdicts[above] is not None and read_verdict_heading(block.text) is None and not tier_of(block.text):
            found.append(made(block, index, "a heading below a verdict", Sureness.HIGH))
            found[-1].verdict = verdicts[above]
    return found if len(found) >= _FEW else []


def read_headings(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Headings that are statements themselves, each followed by its reasons or its grade."""
    by_level: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            by_level.setdefault(block.level, []).append(index)
    best: list[Candidate] = []
    for indexes in by_level.values():
        kept = [index for index in indexes if _is_statement_heading(blocks, index)]
        if not announced or len(kept) < 3 or len(kept) < _SHARE * len(indexes):
            continue
        found: list[Candidate] = []
        graded = sum(grade_below(blocks, index) is not None for index in indexes)
        for index in indexes:
            if index not in kept and not (graded > 2 and grade_below(blocks, index)):
                continue
            candidate = made(blocks[index], index, "a heading that predicts", Sureness.MEDIUM)
            candidate.verdict = grade_below(blocks, index) or heading_verdict(places[index], blocks)
            found.append(candidate)
        best = max(best, found, key=len)
    return best


def read_bold_leads(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Paragraphs that begin with a bold statement, and numbered paragraphs."""
    if not announced:
        return []
    found: list[Candidate] = []
    for index, block in enumerate(blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or block.parent is not None:
            continue
        if (
            block.bold
            and not block.text[: block.bold[0].start].strip(" \n0123456789.)#:")
            and block.bold[0].end - block.bold[0].start >= 12
        ):
            candidate = made(block, index, "a paragraph with a bold beginning", Sureness.LOW)
            candidate.statement = tidy(_LABEL.sub("", block.text[: block.bold[0].end])).rstrip(" :")
            found.append(candidate)
        elif NUMBERED.match(block.text) and len(block.text.split()) > 4:
            found.append(made(block, index, "a numbered paragraph", Sureness.LOW))
    future = sum(is_about_the_future(candidate.words) for candidate in found)
    return found if len(found) >= 3 and future >= 0.4 * len(found) else []


def read_picks(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Short answers behind a name set in bold: "**Best film:** Oppenheimer"."""
    if not announced:
        return []
    found: list[Candidate] = []
    others = 0
    for index, block in enumerate(blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or block.parent is not None:
            continue
        name = block.text[: block.bold[0].end] if block.bold and not block.text[: block.bold[0].start].strip() else ""
        answer = block.text[len(name) :].strip()
        is_named = name.rstrip().endswith(":") or answer.startswith(":")
        if is_named and 1 <= len(answer.strip(": ").split()) <= _SHORT and key_of(block.text.split("\n")[0]) is None:
            found.append(made(block, index, "an answer behind a name", Sureness.LOW))
        else:
            others += 1
    return found if len(found) >= _FEW and others <= _SHARE * len(found) else []


def _is_statement_heading(blocks: list[Block], index: int) -> bool:
    text = tidy(blocks[index].text)
    if len(text.split()) < 3 or text.endswith("?"):
        return False
    return bool(is_about_the_future(text) or NUMBERED.match(text) or grade_below(blocks, index))
