"""Whether a page announces predictions: by its title, or in its first words."""

from __future__ import annotations

import re

from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.sections import is_predictive_title
from bot.domain.documents.prose.sentences import is_own_forecast
from bot.domain.documents.prose.shapes import Block, BlockKind

_PERSONAL = re.compile(r"\b(?:i|my|our|we|20\d\d)\b", re.IGNORECASE)


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
