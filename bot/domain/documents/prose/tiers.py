"""Predictions under words of likelihood: tiers as headings with items or headings below them, or as bold beginnings."""

from __future__ import annotations

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import made, statement_items, verdict_of_item
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_sign
from bot.domain.documents.prose.sections import Place, Role, heading_level, tier_of
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.types import Sureness

_LONGEST = 80


def read_tiers(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """What stands under "Most likely", "Things I think are possible", "Unlikely": headings below these, else items, else paragraphs."""
    found = _worded(blocks, places)
    tiers = {place.tier for place in places if place.tier}
    if len(tiers) < 2:
        return found
    announced = announced or len(tiers) >= 3
    headed = {index for index in range(len(blocks)) if _is_statement(blocks, places, index)}
    headed_apart = {at for index in headed for at in places[index].headings}
    listed = dict(statement_items(blocks, places))
    has_items = {places[index].headings for index in listed}
    for index, block in enumerate(blocks):
        place = places[index]
        if not place.tier or not (announced or place.role is Role.PREDICTIONS):
            continue
        inside = any(at in headed_apart and tier_of(blocks[at].text) for at in place.headings)
        is_loose = block.kind is BlockKind.PARAGRAPH and block.parent is None and place.headings not in has_items
        if (
            index in headed
            or (index in listed and not inside)
            or (is_loose and not inside and heading_level(block) is None and len(block.text.split()) <= _LONGEST)
        ):
            sign = read_sign(block.text)
            candidate = made(block, index, "its place under words of likelihood", Sureness.HIGH, skip=sign[1] if sign else 0)
            candidate.verbal = place.tier
            found.append(candidate)
    return found


def _is_statement(blocks: list[Block], places: list[Place], index: int) -> bool:
    """A heading below a heading of likelihood that is none itself."""
    if heading_level(blocks[index]) is None or not places[index].tier or tier_of(blocks[index].text):
        return False
    above = places[index].headings[:-1]
    return bool(above) and tier_of(blocks[above[-1]].text) is not None and bool(tidy(blocks[index].text))


def _worded(blocks: list[Block], places: list[Place]) -> list[Candidate]:
    """Paragraphs and items that begin with a word of likelihood: "**Unlikely.** Anyone buys Deliveroo." """
    found: list[Candidate] = []
    for index, block in enumerate(blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or not block.bold:
            continue
        head = block.text[: block.bold[0].end]
        tier = tier_of(head) if not block.text[: block.bold[0].start].strip() else None
        if tier is None or len(block.text[len(head) :].split()) < 3:
            continue
        candidate = made(block, index, "a word of likelihood before it", Sureness.HIGH, skip=len(head))
        candidate.words = candidate.words.lstrip(" .:–—-")
        candidate.verbal = tier.strip(" .:")
        candidate.verdict = verdict_of_item(blocks, places, index)[0]
        found.append(candidate)
    return found if len(found) >= 2 else []
