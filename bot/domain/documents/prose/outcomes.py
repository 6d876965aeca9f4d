"""What a document says has happened. Two meanings are kept apart: the event happened, and the author was right."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

from bot.domain.documents.prose.verdict_words import (
    BAD,
    EVENT_FALSE,
    EVENT_TRUE,
    GOOD,
    OPEN,
    RIGHT,
    WRONG,
    Meaning,
    Verdict,
    verdict_of_sign,
    verdict_of_words,
)

_LEAD_MARKS = re.compile(r"[\s*_~\[(\"'“”|:.,;!→⇒=\-–—>]*")
_SIGNS = re.compile(rf"[\s*_~\[(|:]*(?P<sign>[{GOOD}{BAD}{OPEN}])\ufe0f?[)\]*_]*\s*[:\-–—]?\s*")
_GRADE = re.compile(
    r"[\W_]*(?:i(?:'d| would)?\s+give\s+(?:this|it)\s+an?\s+|score:?\s*|grade:?\s*)?(\d{1,2}(?:\.\d)?)\s?/\s?(10|5)(?!\d|/)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[\W_]*(?:grade\W*)?(?<!\w)([A-DF])[+-]{0,2}(?=[\s*_]*(?:$|[.,;:!(–—-]))")
_OPEN_WORDS = r"annulled|void|unresolved|undecided|unclear|ambiguous|pending|tbd|n/a|unknown|partial(?:ly)?|too\s+early"
_LEADING_WORD = re.compile(
    rf"[\s*_]{{0,20}}[\[(]?[*_]{{0,20}}(?P<word>{EVENT_TRUE}|{EVENT_FALSE}|{RIGHT}|{WRONG}|{_OPEN_WORDS}|redacted)[*_]{{0,20}}(?:[\])]|[*_]{{0,20}}\s{{0,20}}[:–—]|[*_]+\s{{0,20}}-|\.\s)[*_]{{0,20}}\s{{0,20}}",
    re.IGNORECASE,
)
_BOXED = re.compile(
    r"[\s*_]*[(\[]\s*(?P<mark>y|n|t|f|yes|no|j|s|si|sí|✓|✗|✔|✘)\s*[)\]][*_]*\s*[:\-–—]?\s*(?=\S)", re.IGNORECASE
)
_BOXED_TRUE = frozenset(("y", "t", "yes", "j", "s", "si", "sí", "✓", "✔"))
_KEY = re.compile(
    r"[\s*_-]{0,20}(?:the\s{1,20})?(?:resolution|outcome|result|status|verdict|grade|resolved|actual|what\s{1,20}happened|happened\??|score|"
    r"update|evaluation|assessment|answer|correct|right|true|hit|did\s{1,20}it(?:\s{1,20}happen)?|came\s{1,20}true|how\s{1,20}it\s{1,20}went|reality|postmortem|retrospective|"
    r"ergebnis|ausgang|résultat|verdict|resultado|risultato|esito|uitkomst|resultaat)\b[^:\n]{0,30}[*_]{0,20}\s{0,20}:[*_]{0,20}\s{0,20}(?=\S)",
    re.IGNORECASE,
)
_WHAT_WAS = (
    r"(?:the\s+)?(?:(?:what|things?|predictions?|guess(?:es)?|bets?|forecasts?|ones?|stuff|where|calls?|those|which)\s+)?(?:that\s+|which\s+)?(?:(?:i|we)\s+)?"
    r"(?:(?:was|were|got|went|turned\s+out(?:\s+to\s+be)?|called|guessed|predicted)\s+)?(?:it\s+)?(?:(?:mostly|totally|completely|clearly|definitely|very|dead|just|plain)\s+)?"
)
_RIGHT_HEADING = re.compile(
    rf"{_WHAT_WAS}(?:right|correct(?:ly)?|hits?|successes|wins)\b(?:\s+(?:predictions|calls|guesses))?", re.IGNORECASE
)
_WRONG_HEADING = re.compile(
    rf"{_WHAT_WAS}(?:wrong|incorrect(?:ly)?|misses|failures|failed|losses)\b(?:\s+(?:predictions|calls|guesses))?",
    re.IGNORECASE,
)
_MIXED_HEADING = re.compile(
    rf"{_WHAT_WAS}(?:(?:half|partly|partially|somewhat|kind\s+of|sort\s+of|almost)\s+(?:right|wrong|correct)|mixed(?:\s+(?:bag|results))?|half\s+marks|too\s+(?:early|soon)\s+to\s+(?:tell|call|say)|partial(?:\s+credit)?|(?:the\s+)?jury(?:\s+is|[’']?s)?\s+(?:still\s+)?out)",
    re.IGNORECASE,
)


def read_sign(text: str) -> tuple[Verdict, int] | None:
    """The tick, cross or coloured mark that a text begins with, and where the words after it begin."""
    found = _SIGNS.match(text)
    if found is None:
        return None
    return verdict_of_sign(found["sign"]), found.end()


def read_leading_word(text: str) -> tuple[Verdict, int] | None:
    """A verdict set off before the statement: `TRUE: ...`, `[Wrong] ...`, `(happened) ...`; and where the statement begins."""
    if boxed := _BOXED.match(text):
        return Verdict(Meaning.EITHER, boxed["mark"].lower() in _BOXED_TRUE, boxed["mark"]), boxed.end()
    found = _LEADING_WORD.match(text)
    if found is None or (found["word"].lower() == "no" and not re.search(r"[\[(:]", found[0])):
        return None
    verdict = verdict_of_words(found["word"])
    return (verdict, found.end()) if verdict else None


def read_verdict(text: str) -> Verdict | None:
    """The verdict with which a text begins: after a probability, in a cell, on a line of its own, after `Result:`."""
    rest = text.strip()
    if not rest:
        return None
    if key := _KEY.match(rest):
        rest = rest[key.end() :]
    if sign := _SIGNS.match(rest):
        return verdict_of_sign(sign["sign"])
    if letter := _LETTER.match(rest):
        return Verdict(Meaning.AUTHOR, {"A": True, "D": False, "F": False}.get(letter[1].upper()), letter[0].strip())
    if grade := _GRADE.match(rest):
        share = float(grade[1]) / float(grade[2])
        return Verdict(Meaning.AUTHOR, True if share >= 0.8 else False if share <= 0.3 else None, grade[0].strip())
    marks = _LEAD_MARKS.match(rest)
    return verdict_of_words(rest[marks.end() if marks else 0 :])


def read_graded_line(text: str) -> Verdict | None:
    """The verdict of a line that belongs to a prediction, only where it is set off: `Result: No.`, `__SUCCESS__: ...`, `✅ yes`."""
    first = text.strip()
    if _KEY.match(first) or _SIGNS.match(first) or _GRADE.match(first):
        return read_verdict(first)
    found = read_verdict(first)
    if found is None:
        return None
    after = first[len(found.raw) + (_LEAD_MARKS.match(first) or [""])[0].__len__() :]
    return found if found.raw.isupper() or not after.strip() or after.lstrip()[0] in ".!,:;*_)(-–—[" else None


def read_verdict_heading(text: str) -> Verdict | None:
    """The verdict of a section: `Correct`, `What I got wrong`, `Came true`."""
    plain = re.sub(r"[^\w\s'’]", "", text).strip()
    if len(plain) > 40:
        return None
    for pattern, value in ((_MIXED_HEADING, None), (_WRONG_HEADING, False), (_RIGHT_HEADING, True)):
        if pattern.fullmatch(plain):
            return Verdict(Meaning.AUTHOR, value, plain)
    plain = re.sub(r"^(?:what|things|predictions|those|these|ones)\s+(?:that\s+|which\s+)?", "", plain, flags=re.IGNORECASE)
    found = verdict_of_words(plain)
    return found if found and len(found.raw) == len(plain) and found.value is not None and len(plain) > 3 else None


def settled_meaning(
    graded: list[tuple[float | None, Verdict]], *, usual: Meaning = Meaning.EVENT, margin: float = 1.0
) -> Meaning:
    """What marks grade in a document: `usual`, unless its probabilities fared better by `margin` (in nats) under the other reading.

    The two differ only below one half: "10 %" with a tick is a surprise if the event happened, and none if the author was
    right."""
    event = author = 0.0
    for probability, verdict in graded:
        if probability is None or verdict.value is None or probability >= 0.5:
            continue
        low = min(max(probability, 0.01), 0.49)
        event += math.log(low if verdict.value else 1 - low)
        author += math.log(1 - low if verdict.value else low)
    if usual is Meaning.AUTHOR:
        return Meaning.EVENT if event > author + margin else Meaning.AUTHOR
    return Meaning.AUTHOR if author > event + margin else Meaning.EVENT


def settled_meanings(graded: list[tuple[float | None, Verdict]]) -> dict[Meaning, Meaning]:
    """What each sort of mark grades in a document. Plain words are taken at their word unless the numbers speak loudly."""

    def of(sort: Meaning, usual: Meaning, margin: float) -> Meaning:
        return settled_meaning([pair for pair in graded if pair[1].meaning is sort], usual=usual, margin=margin)

    return {
        Meaning.OUTCOME: Meaning.EVENT,
        Meaning.EITHER: of(Meaning.EITHER, Meaning.EVENT, 1.0),
        Meaning.AUTHOR: of(Meaning.AUTHOR, Meaning.AUTHOR, 3.0),
        Meaning.EVENT: of(Meaning.EVENT, Meaning.EVENT, 6.0),
    }


def happened(verdict: Verdict, *, probability: float | None, settled: Mapping[Meaning, Meaning]) -> bool | None:
    """Whether the event happened, given what the verdict grades. An author at one half or above was right if it happened."""
    if verdict.value is None:
        return None
    meaning = settled[verdict.meaning]
    if meaning is Meaning.AUTHOR and probability is not None and probability < 0.5:
        return not verdict.value
    return verdict.value


_INLINE_KEY = re.compile(
    r"\b(?:update|edit|result|outcome|resolution|resolved|verdict|grade|winner|ergebnis|résultat|resultado|risultato|uitkomst)\b[^:\n.]{0,20}:\s*(?=\S)",
    re.IGNORECASE,
)


@lru_cache(maxsize=16)  # each number of a paragraph asks for the same
def read_inline_verdict(text: str) -> Verdict | None:
    """A verdict named within a statement's own line: `... Update: Nope`, `... Result: No.`"""
    for found in _INLINE_KEY.finditer(text):
        if verdict := read_verdict(text[found.end() :]):
            return verdict
    return None


_AUTHORS_COLUMN = re.compile(
    r"\b(?:correct|right|accurate|was\s+i|did\s+i|hit|calibrat\w*|richtig|correcto|acert\w*|juste)\b", re.IGNORECASE
)


def read_outcome_cell(cell: str, name: str = "") -> Verdict | None:
    """The verdict of a cell in a column of outcomes called `name`, where 1 and 0 stand for yes and no as well."""
    words = cell.strip().strip("*_~`()[] ")
    if words in ("1", "1.0", "0", "0.0"):
        found = Verdict(Meaning.EVENT, words.startswith("1"), words)
    elif words in ("x", "X", "t", "T", "f", "F"):
        found = Verdict(Meaning.EVENT, words not in ("f", "F"), words)
    else:
        found = read_verdict(cell)
    if found is not None and _AUTHORS_COLUMN.search(name) and not re.search(r"outcome|resol|answer", name, re.IGNORECASE):
        return Verdict(Meaning.AUTHOR, found.value, found.raw)
    return found
