"""The author's own number beside others': a question with "Community: 70 %" and "I say 90 %" below it."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate, OptionWords
from bot.domain.documents.prose.clauses import is_comment
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.options import read_quantiles
from bot.domain.documents.prose.probabilities import Form, Stated, opens_with_number, stands_alone
from bot.domain.documents.prose.sentences import is_question
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.types import Kind, Sureness

_SAY = (
    r"(?:\b(?:i|we)(?:[’']d|\s{1,20}would)?\s{1,20}(?:say|guess|estimate|put|give|predict|think|expect)|\b(?:i|we)(?:[’']m|\s{1,20}am|[’']re)\s{1,20}at|\bmy\s{1,20}(?:own\s{1,20})?(?:number|guess|estimate|probability|take|forecast|prediction|odds|answer)(?:\s{1,20}is)?|"
    r"^\W{0,20}(?:[a-h]\W\s{0,20})?(?:me|mine|myself|own|(?:predictions?|forecasts?|estimates?|answers?)(?:\(s\))?(?=[\s*_]{0,20}[:=])))[*_]{0,20}"
)
_OWN = re.compile(
    rf"{_SAY}\s{{0,20}}[:=–—-]?\s{{0,20}}(?:(?:it|this|that|about|around|at|maybe|roughly|~|is)\s{{1,20}}){{0,3}}(?:(?P<number>\d{{1,3}}(?:[.,]\d+)?)\s?%|(?P<year>20\d\d)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWER = re.compile(rf"(?:{_SAY})", re.IGNORECASE)
_QUESTION = re.compile(r"\w{2}[)\"”]?\?\s")
_SHARES = re.compile(r"(?P<name>[^\W\d_][^,;:%\n]{0,40}?)\s+(?P<share>\d{1,3}(?:\.\d+)?)\s?%")
_SPLIT = re.compile(rf"{_SAY}\s{{0,20}}[:=–—-]\s{{0,20}}(?P<rest>[^\W\d_][^\n]*%)", re.IGNORECASE | re.MULTILINE)


def read_own_numbers(blocks: list[Block]) -> tuple[list[Candidate], set[int]]:
    """One prediction for each question with the author's number below it, and the blocks that belong to such questions."""
    found: dict[int, Candidate] = {}
    used: set[int] = set()
    for index, block in enumerate(blocks):
        parent = block.parent
        if parent is None or block.kind is not BlockKind.ITEM or not _asks(blocks[parent], block):
            continue
        used |= {index, parent}
        words = f"{tidy(blocks[parent].text)}\n{block.text}"
        if split := _SPLIT.search(block.text):
            options = tuple(
                OptionWords(tidy(share["name"]), float(share["share"]) / 100) for share in _SHARES.finditer(split["rest"])
            )
            if len(options) > 1:
                found[parent] = _made(blocks, parent, words, None)
                found[parent].kind, found[parent].options = Kind.MULTIPLE_CHOICE, options
                continue
        if is_comment(block.text) or parent in found:
            continue
        if _ANSWER.match(block.text) and (quantiles := read_quantiles(block.text)):
            found[parent] = _made(blocks, parent, words, None)
            found[parent].kind, found[parent].quantiles = Kind.NUMERIC, quantiles
            continue
        if answer := stands_alone(block.text) or opens_with_number(block.text):
            found[parent] = _made(blocks, parent, words, answer)
            continue
        own = _OWN.search(block.text)
        if own is None:
            continue
        stated = None
        if own["number"] and float(own["number"].replace(",", ".")) <= 100:
            value = float(own["number"].replace(",", ".")) / 100
            stated = Stated(own.start(), own.end(), round(value, 6), f"{own['number']}%", Form.CUE)
        found[parent] = _made(blocks, parent, words, stated)
    return list(found.values()), used if found else set()


def _asks(block: Block, below: Block) -> bool:
    """Whether an item ends with a question, or holds one that the item below it answers."""
    if block.kind is not BlockKind.ITEM:
        return False
    return is_question(block.text) or (_QUESTION.search(block.text) is not None and _ANSWER.match(below.text) is not None)


def _made(blocks: list[Block], index: int, words: str, stated: Stated | None) -> Candidate:
    return Candidate(
        index,
        blocks[index].line,
        words,
        "the author's own answer below a question",
        Sureness.MEDIUM,
        stated,
        statement=tidy(blocks[index].text),
        is_own=True,
    )
