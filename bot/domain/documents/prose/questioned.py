"""Questions with the reasons below them, in whose words the author's probability stands: `Question: ...`, `Rationale: ...`,
`Aftermath: ...`. Reasons weigh several numbers; the one that the author comes to at last is theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import NOT_OWN, is_told_by_others
from bot.domain.documents.prose.outcomes import read_verdict
from bot.domain.documents.prose.probabilities import read_stated
from bot.domain.documents.prose.replies import read_prose_verdict
from bot.domain.documents.prose.sections import Place
from bot.domain.documents.prose.sentences import sentences
from bot.domain.documents.prose.shapes import LONGEST_BLOCK, Block, BlockKind
from bot.domain.documents.prose.stated import NUMBER, Form, Stated, decimal_of
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.types import Sureness


class _Label(StrEnum):
    QUESTION = r"question|prediction|claim|statement"
    REASONS = r"rationale|reasons?|reasoning|thoughts?|thinking|thought\s+process|why|analysis|explanation"
    AFTER = r"aftermath|outcome|result|resolution|resolved|hindsight|in\s+hindsight|what\s+happened|post-?mortem|how\s+it\s+(?:went|turned\s+out)|retrospective"
    OTHER = r"[a-z]{3,20}(?:\s[a-z]{3,20})?"


_LINE = re.compile(
    r"[\s*_>]{0,20}(?:(?:my|the|our)\s{1,20})?(?P<label>[A-Za-z][A-Za-z -]{2,30}?)(?:\s{0,20}#?\d{1,3})?[*_]{0,20}\s{0,20}:[*_]{0,20}\s{1,20}(?P<value>\S.*)",
    re.DOTALL,
)
_LABELS = tuple((label, re.compile(label.value, re.IGNORECASE)) for label in _Label)
_PERCENT = re.compile(rf"(?<![\d.,$€£<>–-]){NUMBER}\s?%(?!\s?[-–]\s?\d)")
_WEIGHED = re.compile(
    r"\b(?:base\s+rate|prior|market|poll(?:s|ing)?|historical(?:ly)?|last\s+year|of\s+the\s+(?:time|votes?|seats))\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"\b(?:(?:so|thus|therefore|overall|all\s+in\s+all)\b[^.;]{0,60}|i(?:[’']d|[’']ll|\s+would|\s+will)?\s+(?:say|put|go\s+with|went\s+with|settle\w*|land\w*|end\w*\s+up|give|gave|forecast|predict\w*)\b[^.;]{0,60}|"
    r"(?:rais\w+|lower\w*|drop\w*|bump\w*|brings?|brought|mov\w+|adjust\w*|increas\w+|decreas\w+|updat\w+)\b[^.;%]{0,40}\bto|final(?:ly)?\b[^.;]{0,40})\s*(?:(?:about|around|roughly|maybe)\s+)?[~≈*(]*$",
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    r"\b(?:resolved?(?:s|d)?|turned\s+out|came\s+out|settled)\s+(?:as\s+|to\s+be\s+|to\s+)?[\W_]{0,3}(?P<word>yes|no|true|false|positive(?:ly)?|negative(?:ly)?)\b",
    re.IGNORECASE,
)
_JUDGED = re.compile(
    r"\b(?:reasoning|forecast|prediction|guess|estimate|rationale|call|i)\b[^.!?;]{0,20}\b(?:looks?|looked|was|were|seems?|is|got\s+(?:it|this))\s+(?:\w+\s+){0,2}?(?P<word>right|correct|spot\s+on|wrong|incorrect|mistaken|way\s+off)\b",
    re.IGNORECASE,
)
_NEAR, _FEW, _MANY, _LONGEST = 160, 2, 20, 3000


@dataclass(slots=True)
class _Asked:
    block: int
    line: int
    words: dict[_Label, str] = field(default_factory=dict[_Label, str])
    used: set[int] = field(default_factory=set[int])


def read_questioned(blocks: list[Block], places: list[Place]) -> tuple[list[Candidate], set[int]]:
    """One prediction for each question whose reasons state a probability, where several do, and the blocks they take up."""
    asked = [
        question
        for question in _asked(blocks, places)
        if _Label.REASONS in question.words and _Label.OTHER not in question.words
    ]
    found: list[Candidate] = []
    for question in asked:
        stated = concluded(question.words[_Label.REASONS])
        after = question.words.get(_Label.AFTER)
        candidate = Candidate(
            question.block,
            question.line,
            question.words[_Label.QUESTION],
            "a question with reasons that come to a number" if stated else "a question with reasons",
            Sureness.MEDIUM,
            stated,
            verdict=_verdict(after) if after else None,
        )
        found.append(candidate)
    has_own = any(read_stated(candidate.words) for candidate in found)
    if has_own or sum(candidate.stated is not None for candidate in found) < _FEW:
        return [], set()
    return found, set[int]().union(*(question.used for question in asked))


def concluded(reasons: str) -> Stated | None:
    """The last probability of some reasons that the author concludes with, or the last that is not others' or a base rate."""
    last: Stated | None = None
    is_conclusion = False
    for start, end in sentences(reasons[:_LONGEST]):
        sentence = reasons[start:end]
        is_others = NOT_OWN.search(sentence) is not None
        for hit in list(_PERCENT.finditer(sentence))[-_MANY:]:
            before = sentence[max(0, hit.start() - _NEAR) : hit.start()]
            concludes = _CONCLUDES.search(before) is not None
            number = decimal_of(hit[0].rstrip("% "))
            if number > 100 or (is_conclusion and not concludes and not (last and start <= last.start)):
                continue
            if not concludes and (is_others or is_told_by_others(sentence, hit.start()) or _WEIGHED.search(before)):
                continue
            is_conclusion = is_conclusion or concludes
            last = Stated(start + hit.start(), start + hit.end(), float(number / 100), hit[0], Form.CUE)
    return last


def _asked(blocks: list[Block], places: list[Place]) -> list[_Asked]:
    found: list[_Asked] = []
    label: _Label | None = None
    for index, block in enumerate(blocks):
        if block.kind in (BlockKind.ROW, BlockKind.HEADING) or len(block.text) >= LONGEST_BLOCK or block.is_quoted:
            label = None
            continue
        for offset, line in enumerate(block.text.split("\n")):
            known = _LINE.match(line)
            named = _label_of(known["label"]) if known else None
            if known and named is _Label.QUESTION:
                found.append(_Asked(index, block.line + offset))
            if not found:
                continue
            if known and named is not None:
                label = named
                found[-1].words.setdefault(named, known["value"])
                found[-1].used.add(index)
            elif label is not None and index in found[-1].used:
                found[-1].words[label] += f" {line}"
    return found


def _label_of(name: str) -> _Label | None:
    return next((label for label, pattern in _LABELS if pattern.fullmatch(name.strip())), None)


def _verdict(after: str) -> Verdict | None:
    if resolved := _RESOLVED.search(after[:_LONGEST]):
        return Verdict(Meaning.EVENT, resolved["word"].lower()[0] in "ytp", resolved[0])
    if own := read_verdict(after):
        return own
    if judged := _JUDGED.search(after[:_LONGEST]):
        return Verdict(Meaning.AUTHOR, judged["word"].lower()[0] in "rcs", judged[0])
    return read_prose_verdict(after)
