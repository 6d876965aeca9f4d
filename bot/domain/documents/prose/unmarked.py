"""Predictions without a number, where the document says that these are predictions: lists, items under a date, sentences."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import made, statement_items
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.outcomes import read_sign
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.sections import Place, is_predictive_title
from bot.domain.documents.prose.sentences import is_about_the_future, is_own_forecast, is_question
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.types import Sureness

_WINDOW_LEAD = re.compile(
    r"^\W*(?:by|before|in|until|within)\s+(?:the\s+end\s+of\s+)?(?:20\d\d|\w+\s+20\d\d|the\s+next|\d+\s+years?)\b.{0,40}$",
    re.IGNORECASE,
)
_COUNT = r"(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|ten|fifteen|twenty|(?:a\s+)?few)"
_HORIZON = re.compile(
    rf"^\W*(?:(?:(?:in\s+)?my|our)\s+(?:own\s+)?(?:opinion|view|guess(?:es)?|predictions?|forecasts?|thoughts?|outlook|bets?)\W+|predictions?\s+|what\s+(?:i\s+expect|will\s+happen)\W+|(?:here\s+is\s+)?what\s+i\s+(?:see|think)\s+)?"
    rf"(?:(?:by|before|in|until|within|over|for|on|about|after|at)\s+)?(?:the\s+)?(?:(?:next|coming|following)\s+)?{_COUNT}(?:\s*(?:-|–|—|to|or|and)\s*{_COUNT})?[\s-]*(?:years?|months?|decades?)(?:\s+(?:from\s+now|out|ahead|on|later|predictions?|outlook|forecasts?|horizon|time))?\W*$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:i|my|our|we|20\d\d)\b", re.IGNORECASE)
_SHARE = 0.5


def is_announced(page: Page) -> bool:
    """Whether a page's title or first words say that predictions follow."""
    return bool(page.title and is_predictive_title(page.title)) or _introduced(page.blocks)


def _introduced(blocks: list[Block]) -> bool:
    if any(
        is_predictive_title(line) and len(line) < 80 and _PERSONAL.search(line)
        for block in blocks[:10]
        for line in block.text.split("\n")[:4]
    ):
        return True
    return any(
        is_predictive_title(block.text)
        and (is_own_forecast(block.text) or re.search(r"\bpredictions?\b|\bprédi", block.text, re.IGNORECASE))
        for block in blocks[:12]
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    )


def read_lists(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Lists in a section or document of predictions, most of whose items speak of the future."""
    groups: dict[tuple[tuple[int, ...], int | None], list[tuple[int, Block]]] = {}
    for index, block in statement_items(blocks, places):
        if is_question(block.text):
            continue
        groups.setdefault((places[index].headings, places[index].lead), []).append((index, block))
    found: list[Candidate] = []
    for items in groups.values():
        place = places[items[0][0]]
        own = _section_predicts(blocks, place)
        if not (announced or own):
            continue
        future = sum(is_about_the_future(block.text) or is_own_forecast(block.text) for _, block in items)
        wordy = sum(len(block.text.split()) >= 3 for _, block in items)
        numbered = announced and len(items) >= 3 and all(block.is_numbered for _, block in items) and len(groups) <= 3
        if (
            future >= _SHARE * len(items)
            or numbered
            or (own and wordy >= 0.8 * len(items) and (future >= 0.2 * len(items) or len(items) >= 3))
        ):
            found += [
                made(block, index, "an item of a list of predictions", Sureness.MEDIUM, skip=_after_sign(block.text))
                for index, block in items
                if len(block.text.split()) >= (2 if block.is_numbered else 3)
            ]
    return found


def read_under_window(blocks: list[Block], places: list[Place], announced: bool) -> list[Candidate]:
    """Items below a heading or line such as "By 2026:", the items within them as their parts."""
    found: dict[int, Candidate] = {}
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.ITEM:
            continue
        place = places[index]
        near = place.lead if place.lead is not None else (place.headings[-1] if place.headings else None)
        if near is None:
            continue
        words = tidy(blocks[near].text).rstrip(": ")
        if not (_WINDOW_LEAD.match(words) or (announced and len(words) < 80 and _HORIZON.match(words))):
            continue
        candidate = made(block, index, "an item under a date", Sureness.HIGH)
        candidate.parent = found.get(block.parent) if block.parent is not None else None
        found[index] = candidate
    return list(found.values())


def _section_predicts(blocks: list[Block], place: Place) -> bool:
    near = [place.lead] if place.lead is not None else []
    return any(is_predictive_title(blocks[at].text) for at in [*near, *place.headings[::-1][:1]])


def _after_sign(text: str) -> int:
    sign = read_sign(text)
    return sign[1] if sign else 0
