"""Lines that set what was predicted beside what came, or a number beside an answer: `It is at 82%, I predicted 78%`,
`The ferry is sold: YES, I put 25%`, `Is the ferry sold? No (20%)`. Several alike in a document count."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.documents.prose.candidates import Candidate, Quantiles
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.probabilities import Form
from bot.domain.documents.prose.sections import Place
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.stated import NUMBER, Stated, decimal_of
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.errors import Refused
from bot.domain.probabilities import read_quantity
from bot.domain.types import Kind, Sureness

_QUANTITY = r"[$€£]?\s?\d[\d.,]*(?<![.,])\s?(?:%|[kmb]n?\b|million\b|billion\b|trillion\b)?"
_SAID = (
    r"(?:my\s+(?:prediction|forecast|guess|estimate|number|probability)\s*(?:was|had\s+been|:)|"
    r"(?:i|we)(?:[’']d|\s+had)?\s+(?:predicted|guessed|forecast(?:ed)?|estimated|said|put|gave|assigned|expected|had|thought|was\s+at|went\s+with))"
    r"(?:\s+(?:it|this|that|at|would\s+be|about|around|roughly|an?)){0,3}\s*~?\s*"
)
_BREAK = r"\s*(?:[,;.(]|\s[-–—]{1,2}|\bvs\.?|\band\b|\bbut\b)\s*(?:and\s+|but\s+|while\s+|where(?:as)?\s+)?"
_CAME = re.compile(
    rf"(?P<what>[^\W\d_][^\n]{{2,}}?)(?:\s*[:=]|\s+(?:at|is|was|are|were|hit|reached|of|with|to))\s+(?P<came>{_QUANTITY}){_BREAK}{_SAID}(?P<own>{_QUANTITY})[\s.)*_]*",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    rf"(?P<what>[^\W\d_][^\n]{{2,}}?)\s*[:?–—-]\s*[*_]*(?P<answer>yes|no|true|false)\b[*_]*{_BREAK}{_SAID}(?P<own>{NUMBER})\s?%[\s.)*_]*",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"(?P<what>[^\W\d_][^\n]{{2,}}?)\s*[:?–—-]\s*[*_]*(?P<answer>yes|no)\b[*_]*(?:[,;:(]|\s[(–—-]|\s-{{1,2}})\s*[~(]?(?P<own>{NUMBER})\s?%[\s.)*_]*",
    re.IGNORECASE,
)
_FEW, _LONGEST = 2, 400
_HALF = 0.5


def is_compared(line: str) -> bool:
    """Whether a line sets what came beside what the author had predicted."""
    return len(line) <= _LONGEST and bool(_CAME.fullmatch(line) or _ANSWERED.fullmatch(line))


def read_compared(blocks: list[Block], places: list[Place]) -> list[Candidate]:
    """One prediction for each line of that kind: a quantity, or an event with its probability and its answer."""
    lines = {
        index: block.text.strip()
        for index, block in enumerate(blocks)
        if block.kind in (BlockKind.ITEM, BlockKind.PARAGRAPH) and len(block.text) <= _LONGEST
    }

    def fitting(pattern: re.Pattern[str]) -> dict[int, re.Match[str]]:
        return {index: found for index, line in lines.items() if (found := pattern.fullmatch(line))}

    came, answered = fitting(_CAME), fitting(_ANSWERED)
    found: list[Candidate] = []
    if len(came) + len(answered) >= _FEW:
        found += [item for at, hit in came.items() if (item := _quantity(at, blocks[at], hit))]
        found += [_event(at, blocks[at], hit, is_graded=True) for at, hit in answered.items()]
    called = {at: hit for at, hit in fitting(_CALLED).items() if at not in answered}
    if len(called) > _FEW and (reading := _reading_of(called)) is not None:
        found += [reading(at, blocks[at], hit) for at, hit in called.items()]
    return found


def _reading_of(called: dict[int, re.Match[str]]) -> Callable[[int, Block, re.Match[str]], Candidate] | None:
    """How `X: No (20%)` is to be read in a document: None where the numbers are how sure the author is of each answer.

    Nobody is less than half sure of their own answer. A number below one half is thus that of the event, and an answer
    on the other side of one half than its number is no answer of the author's, but what came of it."""
    sides = [(hit["answer"].lower() == "yes", _share(hit)) for hit in called.values()]
    if all(share >= _HALF for _, share in sides):
        return None
    is_own = all(share == _HALF or is_yes == (share > _HALF) for is_yes, share in sides)
    return lambda at, block, hit: _event(at, block, hit, is_graded=not is_own)


def _event(at: int, block: Block, hit: re.Match[str], *, is_graded: bool) -> Candidate:
    value = hit["answer"].lower() in ("yes", "true")
    stated = Stated(hit.start("own"), hit.end("own"), _share(hit), f"{hit['own']}%", Form.CUE)
    return Candidate(
        at,
        block.line,
        tidy(hit["what"]).rstrip(":–—- "),
        "a probability beside an answer",
        Sureness.MEDIUM,
        stated,
        verdict=Verdict(Meaning.EVENT, value, hit["answer"]) if is_graded else None,
    )


def _quantity(at: int, block: Block, hit: re.Match[str]) -> Candidate | None:
    try:
        own = read_quantity(hit["own"].replace("%", "").strip())
    except Refused:
        return None
    unit = "%" if "%" in hit["own"] else "USD" if "$" in hit["own"] else "as stated"
    return Candidate(
        at,
        block.line,
        tidy(block.text),
        "a predicted quantity beside the one that came",
        Sureness.MEDIUM,
        kind=Kind.NUMERIC,
        quantiles=Quantiles(own, None, None, unit, hit["own"]),
        statement=tidy(hit["what"]),
    )


def _share(hit: re.Match[str]) -> float:
    return min(float(decimal_of(hit["own"]) / 100), 1.0)
