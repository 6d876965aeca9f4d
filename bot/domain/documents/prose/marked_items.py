"""Bullets, numbered lines and headings that state a probability: one prediction for each."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import (
    EDGES,
    ENDS,
    NOT_OWN,
    cleaned,
    inserted_end,
    is_label,
    is_source,
    is_told_by_others,
    place_words,
)
from bot.domain.documents.prose.outcomes import read_inline_verdict
from bot.domain.documents.prose.probabilities import Form, Stated
from bot.domain.documents.prose.sentences import sentence_at
from bot.domain.documents.prose.shapes import Block
from bot.domain.documents.prose.subjects import is_elided
from bot.domain.documents.prose.trailing import read_after, read_trailing
from bot.domain.documents.prose.verdict_words import Verdict
from bot.domain.types import Sureness

_QUOTATION = re.compile(r"[\"“„]([^\"“”„]{20,})[\"”]")
_CLAUSE_AHEAD = re.compile(
    r"[)\]*_]*\s*(?:likely|unlikely|chance|probability|sure|confident|certain|odds|likelihood)\s+(?:to|that|of|for|on|it|we|there|i)\b",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;.]\s|\s(?:and|but|while|or)\s")
_FEW_WORDS = 4


def read_item(index: int, block: Block, stated: list[Stated], verdict: Verdict | None, start: int) -> list[Candidate]:
    if stated[0].form is Form.FINAL:  # "X (65%). There's a 20% chance of delay": the second is a comment on the first
        stated = [part for part in stated if part.form is not Form.CUE]
    clauses = _clauses(block.text, stated, start)
    found: list[Candidate] = []
    for at, (part, begin, end) in enumerate(clauses):
        if part.form is Form.CUE and _is_quoted(block.text, part.start):
            continue
        if part.form is Form.CUE:
            first, last = sentence_at(block.text, part.start)
            sentence = block.text[first:last]
            if NOT_OWN.search(sentence) or is_told_by_others(sentence, part.start - first):
                continue
        behind = read_trailing(block.text[begin:end]) if begin >= part.end else None
        words = cleaned(block.text[begin : begin + behind[1]] if behind and behind[1] > 3 else block.text[begin:end])
        if not (re.search(r"[^\W\d_]{2}", words) or is_elided(words)) or is_source(words):
            continue
        rest = block.text[part.end :] if part is clauses[-1][0] and part.end >= end else ""
        own = (
            verdict
            or (behind[0] if behind else None)
            or (read_after(rest) if rest.strip(ENDS + ".") and not found else None)
            or read_inline_verdict(block.text)
        )
        line = block.line_at(begin + len(block.text[begin:end]) - len(block.text[begin:end].lstrip(" \n\t,.;")))
        if at == 0 and part.form is not Form.FIRST:
            line = block.line
        sureness = {Form.BARE: Sureness.LOW, Form.BRACKETS: Sureness.MEDIUM, Form.BOLD: Sureness.MEDIUM}.get(
            part.form, Sureness.HIGH
        )
        found.append(
            Candidate(
                index, line, words, f"a probability {place_words(part)}", sureness, part, verdict=own, stretch=(begin, end)
            )
        )
        if len(found) > 1:
            found[-1].parent = found[0]
    return found


def _ahead(text: str, part: Stated, limit: int, is_followed: bool) -> int | None:
    """Where the clause ends that stands behind a number: "60% likely to rise, and 15% likely to double"."""
    found = _CLAUSE_AHEAD.match(text, part.end, limit)
    if found is None or len(text[found.end() : limit].split()) < _FEW_WORDS - 1:
        return None
    pauses = [pause.start() for pause in _PAUSE.finditer(text, found.end(), limit)] if is_followed else []
    return pauses[-1] if pauses else limit


def _is_quoted(text: str, at: int) -> bool:
    """Whether a place stands within a quotation that is nearly all of a text: somebody else's words."""
    for found in _QUOTATION.finditer(text):
        if found.start() < at < found.end():
            return len((text[: found.start()] + text[found.end() :]).split()) < _FEW_WORDS
    return False


def _clauses(text: str, stated: list[Stated], start: int) -> list[tuple[Stated, int, int]]:
    """Each probability with the stretch it speaks of: before it, or after it where the text begins with one."""
    if stated[0].form is Form.FIRST or (
        stated[0].form is Form.BOLD and not text[start : stated[0].start].strip(EDGES + ".")
    ):
        ends = [part.start for part in stated[1:]] + [len(text)]
        return [(part, part.end, end) for part, end in zip(stated, ends, strict=True)]
    if stated[0].form is Form.BRACKETS and is_label(text[start : stated[0].start]):
        ends = [part.start for part in stated[1:]] + [len(text)]
        return [(part, part.end, end) for part, end in zip(stated, ends, strict=True)]
    if stated[0].form is Form.CUE and len(text[start : stated[0].start].strip(EDGES)) < 4:
        ends = [part.start for part in stated[1:]] + [len(text)]
        return [(part, part.end, end) for part, end in zip(stated, ends, strict=True)]
    found: list[tuple[Stated, int, int]] = []
    begin = start
    for at, part in enumerate(stated):
        end = part.start
        limit = stated[at + 1].start if at + 1 < len(stated) else sentence_at(text, part.end - 1)[1]
        if part.form is Form.CUE and len(stated) > 1 and (ahead := _ahead(text, part, limit, at + 1 < len(stated))):
            found.append((part, begin, ahead))
            begin = ahead
            continue
        if part.form in (Form.BRACKETS, Form.CUE) and (inserted := inserted_end(text, part, begin, limit)) is not None:
            found.append((part, begin, inserted))
            begin = inserted
            continue
        if part.form is Form.CUE and at + 1 == len(stated) and not found:
            sentence = sentence_at(text, part.start)
            tail = text[part.end : sentence[1]]
            if len(re.findall(r"[^\W\d_]{2,}", tail)) > 2 and not re.match(r"\s*[).\n]", tail):
                end = sentence[1]  # "I see a 70% chance that ..."
        found.append((part, begin, end))
        begin = part.end
    return found
