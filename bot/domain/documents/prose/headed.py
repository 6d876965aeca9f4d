"""Predictions that are headings below a heading that gives a verdict."""

from __future__ import annotations

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import made
from bot.domain.documents.prose.outcomes import read_verdict_heading
from bot.domain.documents.prose.sections import Place, heading_level, tier_of
from bot.domain.documents.prose.shapes import Block
from bot.domain.documents.prose.verdict_words import Verdict
from bot.domain.types import Sureness

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
