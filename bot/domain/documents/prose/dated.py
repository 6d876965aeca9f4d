"""One statement with a probability for each of several years: "AGI by 2027 (5%), 2030 (25%), 2040 (60%)"."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import cleaned
from bot.domain.documents.prose.probabilities import Form, Stated
from bot.domain.documents.prose.shapes import Block
from bot.domain.documents.prose.stated import NUMBER, decimal_of

_YEAR = r"(?:by|before|in|until)?\s{0,20}(?:the\s{1,20}end\s{1,20}of\s{1,20})?(?:20|21)\d\d(?!\d)"
_NUMBER = rf"[~<>≈]?\s?(?P<number>{NUMBER})\s?[%％]"
_PAIRS = (
    re.compile(
        rf"(?<![\d$€£])(?P<year>{_YEAR})\s{{0,20}}[:=–—-]?\s{{0,20}}[*_(\[]{{0,9}}{_NUMBER}[)\]*_]{{0,9}}", re.IGNORECASE
    ),
    re.compile(
        rf"(?<![\d.,])[*_(\[]{{0,9}}{_NUMBER}[)\]*_]{{0,9}}\s{{1,20}}(?:chance\s{{1,20}})?(?P<year>(?:by|before|until)\s{{1,20}}(?:the\s{{1,20}}end\s{{1,20}}of\s{{1,20}})?(?:20|21)\d\d(?!\d))[)\]*_]{{0,9}}",
        re.IGNORECASE,
    ),
)
_BETWEEN = re.compile(r"\s*(?:[,;/|→]|->|and|then|,\s*and|;\s*and)?\s*", re.IGNORECASE)


def read_dated(index: int, block: Block, start: int) -> list[Candidate]:
    """The predictions of a line that names two or more years, each with its probability; empty for any other."""
    text = block.text
    for pattern in _PAIRS:
        pairs = list(pattern.finditer(text, start))
        joined = all(_BETWEEN.fullmatch(text, one.end(), other.start()) for one, other in pairwise(pairs))
        if len(pairs) < 2 or not joined or len({pair["year"] for pair in pairs}) < len(pairs):
            continue
        if len(re.findall(r"[^\W\d_]+", text[start : pairs[0].start()])) < 2 and not re.search(
            r"[^\W\d_]{3}", text[start : pairs[0].start()]
        ):
            continue
        if "%" in text[start : pairs[0].start()] or any(decimal_of(pair["number"]) > 100 for pair in pairs):
            continue
        found: list[Candidate] = []
        for at, pair in enumerate(pairs):
            begin = start if at == 0 else pair.start()
            stated = Stated(
                pair.start(), pair.end(), float(decimal_of(pair["number"]) / 100), f"{pair['number']}%", Form.FINAL
            )
            found.append(
                Candidate(
                    index,
                    block.line_at(pair.start() if at else begin),
                    cleaned(text[begin : pair.end()]),
                    "a probability for each of several years",
                    stated=stated,
                    window_words=f"by {pair['year'][-4:]}",
                    subject=cleaned(text[start : pairs[0].start()]) if at else None,
                    parent=found[0] if at else None,
                    stretch=(begin, pair.end()),
                )
            )
        return found
    return []
