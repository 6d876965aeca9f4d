"""Medians with their interval, where a heading or the words before them say of what: `Electric cars: 38% [22% – 55%]`."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.options import read_quantiles
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.shapes import BlockKind
from bot.domain.types import Kind, Sureness


def read_medians(page: Page) -> list[Candidate]:
    """One prediction of a quantity for each such interval."""
    found: list[Candidate] = []
    for index, block in enumerate(page.blocks):
        quantiles = None if block.kind is BlockKind.ROW else read_quantiles(block.text)
        if quantiles is None:
            continue
        at = block.text.find(quantiles.raw.split(" ", 1)[0])
        before = block.text[: max(at, 0)].strip(" :–—-*\n")
        headings = page.places[index].headings
        is_named_here = re.search(r"[^\W\d_]{3}", before) is not None
        words = before if is_named_here else page.blocks[headings[-1]].text if headings else ""
        if words:
            found.append(
                Candidate(
                    index,
                    block.line,
                    tidy(block.text) if is_named_here else f"{tidy(words)}: {tidy(block.text)}",
                    "a median with its interval",
                    Sureness.HIGH,
                    kind=Kind.NUMERIC,
                    quantiles=quantiles,
                    statement=tidy(words),
                    covers=frozenset(() if is_named_here else headings[-1:]),
                )
            )
    return found
