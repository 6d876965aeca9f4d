"""Predictions that are headings, bold beginnings or numbered paragraphs, each followed by its reasons."""

from __future__ import annotations

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import NUMBERED, grade_below, heading_verdict, made
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_verdict_heading
from bot.domain.documents.prose.sections import Place, heading_level, tier_of
from bot.domain.documents.prose.sentences import is_about_the_future
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.verdict_words import Verdict
from bot.domain.types import Sureness

_SHARE = 0.5
_FEW = 3


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


def _is_statement_heading(blocks: list[Block], index: int) -> bool:
    text = tidy(blocks[index].text)
    if len(text.split()) < 3 or text.endswith("?"):
        return False
    return bool(is_about_the_future(text) or NUMBERED.match(text) or grade_below(blocks, index))
