"""Predictions that a label calls one: "AFC East bold prediction: ...", "My prediction for 2033: ...", "Who will win: ..."."""

from __future__ import annotations

import re

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import EDGES
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.records import key_of
from bot.domain.documents.prose.shapes import BlockKind
from bot.domain.documents.prose.signals import label_of
from bot.domain.types import Sureness

_MINE = re.compile(r"\bmy\b|\bbold\b|\bwill\b", re.IGNORECASE)
_NUMBER = re.compile(r"[\W\d_]*")
_FEWEST, _OFTEN, _LONGEST = 2, 2, 8


def read_named(page: Page) -> list[Candidate]:
    """One for each paragraph or item behind such a label; surely where labels alike stand there several times, or say "my"."""
    labels = {
        index: label
        for index, block in enumerate(page.blocks)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
        and (label := label_of(block.text))
        and lexicon.PREDICTED.search(label)
        and len(label.split()) <= _LONGEST
    }
    found: list[Candidate] = []
    for index, label in labels.items():
        block = page.blocks[index]
        begin = block.text.find(":") + 1
        words = block.text[begin:].strip(EDGES + "\n")
        known = key_of(block.text.split("\n", 1)[0])
        if (
            len(words.split()) < _FEWEST
            or _NUMBER.fullmatch(words.split()[0])
            or (known is not None and not _MINE.search(label))
        ):
            continue
        is_sure = _MINE.search(label) is not None or len(labels) >= _OFTEN
        subject = block.text[: begin - 1].strip(EDGES)
        found.append(
            Candidate(
                index,
                block.line_at(begin + len(block.text[begin:]) - len(block.text[begin:].lstrip())),
                words,
                "a label that calls it a prediction",
                Sureness.HIGH if is_sure else Sureness.MEDIUM,
                subject=subject,
                is_named=True,
            )
        )
    return found
