"""Whether a document speaks of credences, so that bare numbers in it may be some."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.domain.documents.prose.sections import is_predictive_title
from bot.domain.documents.prose.sentences import is_about_the_future
from bot.domain.documents.prose.shapes import Block

_CREDENCE = re.compile(
    r"\b(?:probabilit|likelihood|credence|confiden|chances?\b|odds\b|certain|predict|forecast|prophe|prognos|guess|bets?\b|betting|calibrat|brier|expect|resolutions?\b|"
    r"pron[óo]stic|predicci|predic[õç]|previs|prédict|wahrscheinlich|vorhersag|schätz|tipps?\b|voorspel|verwacht)",
    re.IGNORECASE,
)
_LOOKED_AT = 400


def speaks_of_credence(blocks: list[Block], title: str, apart: Collection[int]) -> bool:
    """Whether title, opening or short lines speak of predictions or chances, or most of the blocks `apart` of the future."""
    if is_predictive_title(title) or _CREDENCE.search(title):
        return True
    ahead = sum(is_about_the_future(blocks[index].text) for index in apart)
    return ahead >= 0.5 * len(apart) or _names_credence([block.text[:2000] for block in blocks[:_LOOKED_AT]], apart)


def _names_credence(texts: list[str], apart: Collection[int]) -> bool:
    return any(
        _CREDENCE.search(text) for index, text in enumerate(texts) if index not in apart and (index < 12 or len(text) < 120)
    )
