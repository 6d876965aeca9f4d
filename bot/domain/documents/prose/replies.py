"""What the words below a prediction say became of it: "Well, this one came true.", "Nope.", "3.2 million, so false"."""

from __future__ import annotations

import re

from bot.domain.documents.prose.sentences import sentences
from bot.domain.documents.prose.verdict_words import Meaning, Verdict, set_off_verdict

_FILLER = re.compile(
    r"[\s*_\"“”(\[>:–—-]*(?:(?:well|ok(?:ay)?|so|and|but|again|hmm+|ha|haha|oh|alas|sadly|unfortunately|happily|luckily|obviously|clearly|certainly|this\s+is|that[’']?s|this\s+one\s+(?:is|was)|that\s+was|"
    r"also|still|very|definitely|absolutely|pretty\s+much|essentially|basically|technically|verdict|result|outcome|status|update)\b[\s,.…:–—-]*){0,4}",
    re.IGNORECASE,
)
_IT = r"(?:this|that|it|they|these|(?:this|that|the)\s+(?:one|prediction|call|guess|bet|first\s+one))"
_ARITHMETIC = re.compile(
    r"(?:=>|⇒|→|->|[,;—–])\s*(?:and\s+)?(?:so|thus|hence|therefore|which\s+(?:means|makes\s+(?:this|it|that)))\s+(?:(?:this|that|it)(?:\s+(?:one|prediction))?(?:\s+(?:is|was|counts\s+as)|[’']s)\s+|i\s+was\s+|(?:an?|the)\s+)?"
    r"(?P<word>true|false|yes|no|right|wrong|correct|incorrect|hit|miss|fail(?:ed)?)\b(?=\W*(?:$|\n|[.;!)]))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:als|as|call(?:ing)?\s+(?:it|this|that|these|both|them))\s+(?:an?\s+)?[\"“„‘']?(?P<word>yes|no|true|false|right|wrong|hit|miss|ja|nein|richtig|falsch)\b",
    re.IGNORECASE,
)
"""`I count both as a yes`."""
OF_ALL = re.compile(
    r"\b(?:both|all|each|every|either|beides?|beiden?|alles?|allesamt|sämtlich\w*|tous|toutes|ambos|todos|tutti|allebei)\b",
    re.IGNORECASE,
)
"""Words of a remark on several predictions."""
_SHORT, _SHORT_REPLY, _LOOKED_AT = 2, 4, 4
_PROSE: tuple[tuple[re.Pattern[str], Meaning, bool | None], ...] = (
    (
        re.compile(
            r"\b(?:partial(?:ly)?|somewhat|half[\s-](?:right|true|wrong|credit|marks)|mixed|hard\s+to\s+(?:say|judge|tell|call)|kind\s+of|sort\s+of|debat(?:ed|able)|can(?:no|[’'])t\s+(?:prove|tell|judge|say)|"
            r"jury\s+is\s+(?:still\s+)?out|too\s+(?:early|soon)\s+to|depends\s+on|remains\s+to\s+be\s+seen|no\s+idea\s+(?:if|whether)|not\s+(?:yet\s+)?(?:clear|resolved)|unclear|not\s+sure)\b",
            re.IGNORECASE,
        ),
        Meaning.AUTHOR,
        None,
    ),
    (
        re.compile(
            rf"\b(?:miss(?:ed)?|(?:was|were|got\s+(?:this|it|that)(?:\s+one)?|dead|totally|completely|fairly|very|quite|mostly|so)\s+wrong|did\s+not\s+happen|didn[’']t\s+(?:really\s+)?(?:happen|come|materiali[sz]e)|has(?:\s+not|n[’']t)\s+(?:yet\s+)?happened|never\s+happened|"
            rf"not\s+(?:even\s+)?close|not\s+so\s+much|not\s+quite|not\s+really|no\s+such\s+luck|way\s+off|{_IT}\s+(?:did\s+not|didn[’']t)|fail(?:ed)?|incorrect)\b",
            re.IGNORECASE,
        ),
        Meaning.AUTHOR,
        False,
    ),
    (
        re.compile(
            r"\b(?:spot[\s-]on|nailed|(?:was|were|got(?:\s+(?:this|it|that)(?:\s+one)?)?|also|totally|completely|mostly)\s+(?:right|correct)|came\s+true|come\s+true|came\s+to\s+pass|correct(?:ly)?(?=\s*(?:$|[.,;:!)—–]|\s(?:on|about|in|that|here|again|but|and|though|as)\b))|better\s+prediction|bulls?[’']?s?[\s-]?eye|happened|called\s+it)\b",
            re.IGNORECASE,
        ),
        Meaning.AUTHOR,
        True,
    ),
)


def read_reply(text: str) -> Verdict | None:
    """The verdict with which a text begins, words such as "well" and "also" apart; or at the end of its reckoning."""
    first = text.strip().split("\n")[0][:600]
    filler = _FILLER.match(first)
    found = set_off_verdict(first[filler.end() :] if filler else first)
    if found is not None and found.raw.strip("?"):
        return found
    spans = sentences(first)
    last = first[spans[-1][0] :].strip(" *_()") if len(spans) > 1 else ""
    if last and len(last.split()) <= _SHORT and (closing := set_off_verdict(last)):
        return closing
    if counted := _COUNTED.search(first):
        return set_off_verdict(counted["word"])
    for start, end in spans[:_LOOKED_AT]:
        words = first[start:end].strip(' *_()„“”"').split()
        if 0 < len(words) <= _SHORT_REPLY and (closing := set_off_verdict(words[-1])) and closing.raw.strip("?"):
            return closing
    return read_reckoning(first)


def read_reckoning(text: str) -> Verdict | None:
    """The verdict that a reckoning ends with: "It closed at 47,000, so no."."""
    found = _ARITHMETIC.search(text)
    return set_off_verdict(found["word"]) if found else None


def read_prose_verdict(text: str) -> Verdict | None:
    """A verdict in running words: "This one was spot on". Only the first two sentences count."""
    if reply := read_reply(text):
        return reply
    spans = sentences(text.strip()[:1000])[:2]
    start = text.strip()[: spans[-1][1]] if spans else ""
    first = min(
        (
            (found.start(), meaning, value, found[0])
            for pattern, meaning, value in _PROSE
            if (found := pattern.search(start))
        ),
        default=None,
        key=lambda hit: hit[0],
    )
    return Verdict(first[1], first[2], first[3]) if first else None
