"""The words and signs with which people grade predictions, in the languages that Almanac's documents are written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a verdict grades."""

    EVENT = "the event"
    """True, happened, yes."""
    AUTHOR = "the author"
    """Right, wrong, correct, 8/10."""
    OUTCOME = "the outcome"
    """In a column named for what happened: the event, whatever the numbers beside it say."""
    EITHER = "either"
    """A tick, a cross, yup: the document as a whole decides."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A grade: `value` is None where the document leaves it open or annuls the prediction."""

    meaning: Meaning
    value: bool | None
    raw: str


GOOD, BAD, OPEN = "✅✔✓☑🟢🟩👍💚🎉🗹🏆💯", "❌✗✘🔴🟥👎✖❎🚫☒🛑⛔", "🟡🟨🟠🟧❓❔🤷⚪⬜⏳⌛⚖➖🔮🔵🔶🔜"
_NOT = r"(?:\s?n[o'’]t|\s+not|\s+never)"
EVENT_TRUE = (
    r"(?:this\s+|it\s+|that\s+|indeed\s+)?(?:has\s+|actually\s+|indeed\s+|also\s+)?(?:happened|occurred|came\s+(?:true|to\s+pass)|materiali[sz]ed)|true|yes|resolved\s+(?:as\s+|to\s+)?(?:yes|true)|"
    r"(?:it|they|he|she|we|i)\s+did(?!\s?n[o'’]?t|\s+not)|it\s+was(?!\s?n)|it\s+is(?!\s?n)|did\s+happen|did\s+come\s+true|does|confirmed|done|"
    r"s[ií]|oui|ja|jawoh?ll?|jap|sim|vrai|wahr|verdadero|cierto|verdadeiro|vero|waar|eingetreten|eingetroffen|passiert|arriv[ée]e?|r[ée]alis[ée]e?|"
    r"(?:s[ií]\s+)?(?:ocurri[óo]|pas[óo]|sucedi[óo]|se\s+cumpli[óo])|cumplid[oa]|avvenuto|successo|accaduto|aconteceu|gebeurd|uitgekomen"
)
EVENT_FALSE = (
    rf"(?:this\s+|it\s+|that\s+|they\s+)?(?:did{_NOT}(?:\s+(?:happen|occur|come\s+true|come\s+to\s+pass|materiali[sz]e))?|has{_NOT}\s+happened)|false|untrue|not\s+true|no|resolved\s+(?:as\s+|to\s+)?(?:no|false)|"
    rf"not\s+happened|never\s+happened|not\s+yet|it\s+was(?:\s+not|n[’']t)|it\s+is(?:\s+not|n[’']t)|does(?:\s+not|n[’']t)|"
    r"non|nein|não|nao|nee|faux|onwaar|nicht\s+(?:eingetreten|eingetroffen|passiert|wahr)|pas\s+(?:arriv[ée]e?|r[ée]alis[ée]e?)|falso|no\s+(?:ocurri[óo]|pas[óo]|sucedi[óo]|se\s+cumpli[óo])|"
    r"non\s+(?:avvenuto|successo|accaduto)|não\s+aconteceu|niet\s+(?:gebeurd|uitgekomen)|incumplid[oa]"
)
RIGHT = (
    r"full\s+credit|(?:i\s+was\s+|i\s+got\s+(?:this|it)\s+|got\s+(?:this|it)\s+)?(?:right|correct(?:ly)?)|accurate|success(?:ful)?|succeeded|hit|nailed(?:\s+(?:it|this))?|passed|pass|win|won|held(?:\s+up)?|spot\s+on|"
    r"bull['’]?s?-?eyes?|called\s+it|good\s+call|acert[ée]|acierto|acertado|correct[oae]|exact[oae]?|giust[oa]|corrett[oa]|cert[oa]|acertei|juist|goed|getroffen|bon(?:ne)?|juste|réussi|raison|i\s+won"
)
WRONG = (
    r"(?:i\s+was\s+|i\s+got\s+(?:this|it)\s+|got\s+(?:this|it)\s+|very\s+|dead\s+|totally\s+|completely\s+)?(?:wrong|incorrect)|inaccurate|fail(?:ed|ure)?|miss(?:ed)?|missed|lost|loss|lose|nailed\s+wrong|bust(?:ed)?|not\s+(?:right|correct|even\s+close)|way\s+off|"
    r"fall[ée]|fallo|fallado|incorrect[oae]|equivocado|err[óo]neo|sbagliat[oa]|errat[oa]|errado|errei|fout|mis|raté|perdu|erreur|daneben|verfehlt|i\s+lost"
)
EITHER_TRUE, EITHER_FALSE = (
    r"yup|yep|yeah|yea|indeed|check|richtig|korrekt|stimmt|jup|y",
    r"nope|nah|falsch|stimmt\s+nicht|n",
)
UNDECIDED = (
    r"partial\s+credit|somewhat|annulled|void(?:ed)?|n/?a|tbd|pending|wait(?:ing)?|unclear|ambiguous|unknown|unresolved|undecided|partial(?:ly)?|partly|mixed|"
    r"half(?:\s+right)?|sort\s+of|kind\s+of|kinda|mostly|almost|to\s+discuss|open|in\s+progress|ongoing|too\s+(?:early|soon)|still\s+(?:open|unclear|pending)|"
    r"cancell?ed|withdrawn|maybe|inconclusive|can['’]?t\s+tell|not\s+(?:resolved|sure|counted|applicable)|not\s+yet\s+(?:known|resolved|decided)|yes\s+and\s+no|"
    r"offen|unklar|teilweise|en\s+partie|parcialmente|en\s+parte|anulad[oa]|pendiente|in\s+parte|deels|em\s+parte|suspendid[oa]|\?+"
)
_WORDS: tuple[tuple[str, Meaning, bool | None], ...] = (
    (UNDECIDED, Meaning.EVENT, None),
    (EVENT_FALSE, Meaning.EVENT, False),
    (EVENT_TRUE, Meaning.EVENT, True),
    (WRONG, Meaning.AUTHOR, False),
    (RIGHT, Meaning.AUTHOR, True),
    (EITHER_FALSE, Meaning.EITHER, False),
    (EITHER_TRUE, Meaning.EITHER, True),
)
_COMPILED = tuple(
    (re.compile(rf"(?:{words})(?![^\W_]|[’'-]\w)", re.IGNORECASE), meaning, value) for words, meaning, value in _WORDS
)
_GOES_ON = re.compile(
    r"[\s*_]*(?:$|[.,;:!?()\[\]—–/]|-{1,2}\s|\.{3}|…|[“\"]|(?:in|but|and|although|though|it(?![’']s)|they|he|she|we|i|by|because|sadly|barely|easily|somehow|luckily|"
    r"alas|unfortunately|thankfully|pero|aber|mais|ma|maar|mas)\b)",
    re.IGNORECASE,
)
_ENDS_THERE = re.compile(r"[\s*_]*(?:$|[.,;:!?()\[\]—–/]|-{1,2}\s|\.{3}|…)")
_SHORT = frozenset(("y", "n", "si", "ja", "bon", "mis", "non", "check", "does", "hit", "pass", "open", "no", "done"))


def verdict_of_sign(sign: str) -> Verdict:
    """The verdict of one tick, cross or coloured mark."""
    return Verdict(Meaning.EITHER, True if sign in GOOD else False if sign in BAD else None, sign)


def verdict_of_words(text: str) -> Verdict | None:
    """The verdict with whose words a text begins, the longest of them; whatever follows."""
    best: Verdict | None = None
    for pattern, meaning, value in _COMPILED:
        if (found := pattern.match(text)) and (best is None or len(found[0]) > len(best.raw)):
            best = Verdict(meaning, value, found[0])
    return best


def set_off_verdict(text: str) -> Verdict | None:
    """The verdict with whose words a text begins, where they stand for themselves: "No, by a mile", not "No broken bones"."""
    found = verdict_of_words(text)
    if found is None:
        return None
    goes_on = _ENDS_THERE if found.raw.lower() in _SHORT else _GOES_ON
    return found if goes_on.match(text, len(found.raw)) else None
