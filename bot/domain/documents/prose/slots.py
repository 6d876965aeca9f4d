"""The parts of a block that no witness tells: where its statement begins and ends, and a verdict beside it."""

from __future__ import annotations

import re

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import EDGES, is_label, verdict_before
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.records import key_of
from bot.domain.documents.prose.sentences import predicting_sentence
from bot.domain.documents.prose.shapes import BlockKind
from bot.domain.documents.prose.signals import label_of
from bot.domain.documents.prose.trailing import read_trailing
from bot.domain.types import Sureness

_SERIAL = re.compile(
    r"\W*(?:(?:prediction|forecast|bet|claim)\s*)?[A-Z]{0,3}[#-]?\d{1,4}[a-z]?\s?[.):—–-]\s*", re.IGNORECASE
)
_SHORTEST_BOLD, _LONG = 12, 300
_BOX = re.compile(r"\s*\[[ xX✓✗]\]\s+")


def read_slot(page: Page, index: int) -> Candidate | None:
    """The prediction that a block is, by its own words; None where it has no words."""
    block = page.blocks[index]
    verdict, start = verdict_before(block)
    text = block.text[start:]
    if box := _BOX.match(text):
        text = text[box.end() :]
    if serial := _SERIAL.match(text):
        text = text[serial.end() :]
    label = label_of(text)
    if label and lexicon.PREDICTED.search(label):
        text = text[text.find(":") + 1 :].lstrip(" *_")
    behind = read_trailing(text) if block.kind is not BlockKind.HEADING else None
    if behind and behind[1] > _SHORTEST_BOLD:
        verdict, text = verdict or behind[0], text[: behind[1]]
    text = text.strip(EDGES + "\n")
    first, _, rest = text.partition("\n")
    if rest and is_label(first):  # "Prediction 3", and below it what it is
        text = "\n".join(line for line in rest.split("\n") if key_of(line) is None) or text
    if not re.search(r"[^\W\d_]{2}", text):
        return None
    return Candidate(
        index,
        block.line,
        text,
        "the form of what stands around it",
        Sureness.MEDIUM,
        verdict=verdict,
        verbal=page.places[index].tier,
        statement=_statement(page, index, text),
    )


def _statement(page: Page, index: int, text: str) -> str | None:
    block = page.blocks[index]
    if block.bold and not block.text[: block.bold[0].start].strip(" \n0123456789.)#:"):
        bold = tidy(block.text[block.bold[0].start : block.bold[0].end]).rstrip(" :")
        if len(bold) >= _SHORTEST_BOLD and len(bold.split()) > 2 and bold in tidy(text):
            return bold
    if block.kind is BlockKind.PARAGRAPH and len(text) > _LONG and (span := predicting_sentence(text)):
        return tidy(text[span[0] : span[1]])
    return None
