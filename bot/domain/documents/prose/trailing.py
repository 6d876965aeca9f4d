"""Verdicts that stand behind a statement: `(no, 12 %)`, `— happened`, `... Wrong.`, a tick, a word in capitals."""

from __future__ import annotations

import re

from bot.domain.documents.prose.outcomes import read_inline_verdict, read_verdict
from bot.domain.documents.prose.replies import read_reckoning
from bot.domain.documents.prose.sentences import sentences
from bot.domain.documents.prose.verdict_words import BAD, GOOD, OPEN, Verdict, set_off_verdict, verdict_of_sign

_SIGN = re.compile(
    rf"[\s(\[*_|:→=–—-]{{0,20}}([{GOOD}{BAD}{OPEN}])\ufe0f?[)\]*_.\s]{{0,20}}(?:\([^()\n]{{0,200}}\)[\s.*_]{{0,20}})?$"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,200})[)\]]")
_AFTER_BRACKETS = re.compile(r"[\s*_.,;:!]*(?:$|[–—→-]|[\n]|[\"“A-ZÀ-Þ(\[]|\*)")
_SET_OFF = re.compile(r"(?:[—–→⇒|]|\s-{1,3}>?\s|[-=]>|[:;]\s|\.{3}|…)[\s*_(\[]*")
_CAPITALS = re.compile(
    r"(?:^|[\s.,;:)])((?:TRUE|FALSE|YES|NO|RIGHT|WRONG|CORRECT|INCORRECT|HIT|MISS|FAIL|FAILED|PASS|HAPPENED|SUCCESS|NOPE|YUP|ANNULLED|VOID))\W*$"
)
_MARKS = " \t\n*_~\"'“”|:.,;!→⇒=–—->"
_KEPT = 300


def read_trailing(text: str) -> tuple[Verdict, int] | None:
    """The verdict behind a statement, and where the statement ends. None where the words are part of the statement."""
    start = max(0, len(text) - _KEPT)
    tail = text[start:]
    if sign := _SIGN.search(tail):
        return verdict_of_sign(sign[1]), start + sign.start()
    for found in reversed(list(_BRACKETS.finditer(tail))):
        verdict = graded_words(found[1])
        if verdict is not None and _AFTER_BRACKETS.match(tail, found.end()):
            return verdict, start + found.start()
    for found in _SET_OFF.finditer(tail):
        verdict = set_off_verdict(tail[found.end() :])
        if (
            verdict is not None
            and verdict.raw != "?"
            and not re.search(r"[^\W\d_]", tail[found.end() :].split("\n")[-1][200:])
        ):
            return verdict, start + found.start()
    for begin, end in sentences(tail)[1:]:
        sentence = tail[begin:end].strip(_MARKS)
        verdict = set_off_verdict(sentence)
        if verdict is not None and verdict.raw.strip("?"):
            return verdict, start + begin
    if capitals := _CAPITALS.search(tail):
        verdict = set_off_verdict(capitals[1])
        return (verdict, start + capitals.start(1)) if verdict else None
    return None


def read_after(text: str) -> Verdict | None:
    """The verdict in what follows a stated probability."""
    rest = text.lstrip(_MARKS + ")]")
    if not rest:
        return None
    verdict = read_verdict(rest[:1]) if rest[0] in GOOD + BAD + OPEN else graded_words(rest)
    if verdict is not None:
        return verdict
    found = read_trailing(f". {rest}") or None
    return found[0] if found else read_inline_verdict(rest) or read_reckoning(rest)


def graded_words(text: str) -> Verdict | None:
    """The verdict of a remark: the words that it begins with, a sign, or `Result: no`."""
    words = text.strip(_MARKS)
    if not words:
        return None
    if words[0] in GOOD + BAD + OPEN:
        return verdict_of_sign(words[0])
    return set_off_verdict(words) or read_inline_verdict(words[:200])


def verdicts_of_list(text: str, count: int) -> list[Verdict | None]:
    """The verdicts of a remark on `count` predictions: "No, yes, and I cannot tell", "Neither", "First happened, second did not"."""
    words = text.strip(_MARKS + "[]()")
    if found := re.match(
        r"(?:neither|none(?:\s+of\s+(?:them|these|it))?|both\s+(?:wrong|no)|ninguno|weder\s+noch|aucun)\b",
        words,
        re.IGNORECASE,
    ):
        verdict = set_off_verdict("no")
        return [Verdict(verdict.meaning, False, found[0]) if verdict else None] * count
    if found := re.match(r"(?:both|all(?:\s+(?:of\s+them|three|four))?|each)\b", words, re.IGNORECASE):
        verdict = graded_words(words[found.end() :]) or set_off_verdict("yes")
        return [verdict] * count
    parts = [part for part in re.split(r"[,;.!?/]+\s*(?:and\s+|y\s+|und\s+|et\s+)?|\s+and\s+", words) if part.strip()]
    read = [_of_part(part) for part in parts]
    if len(read) >= count > 1 and sum(verdict is not None for verdict in read[:count]) >= 1:
        return [*read[:count]]
    first = graded_words(words) or (read[0] if read else None)
    return [first] if count == 1 else [None] * count


def _of_part(part: str) -> Verdict | None:
    words = re.sub(
        r"^(?:(?:the\s+)?(?:first|second|third|fourth|last|former|latter)(?:\s+one)?|\d[.):]?|still)\s+",
        "",
        part.strip(_MARKS),
        flags=re.IGNORECASE,
    )
    if verdict := set_off_verdict(words):
        return verdict
    found = re.match(r"(?:\w+\s+){1,2}(did\s+not|didn[’']t|did|happened|was\s+right|was\s+wrong)$", words, re.IGNORECASE)
    return set_off_verdict({"did": "yes"}.get(found[1].lower(), found[1])) if found else None
