"""What the readers of stated probabilities share: where a statement begins and ends, and a verdict before it."""

from __future__ import annotations

import re

from bot.domain.documents.prose.outcomes import read_leading_word, read_sign
from bot.domain.documents.prose.probabilities import Form, Stated
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.verdict_words import Meaning, Verdict

_LABEL = re.compile(r"^\W*(?:bonus|prediction|forecast|claim|bet|statement)\s*(?:#?\d+)?\s*[:.)–—-]+\s*", re.IGNORECASE)
EDGES = " \t\n:;,–—-⇒→=|*_([~•·"
ENDS = " \t\n:;,–—-⇒→=|*_([~•·"
_JOINERS = re.compile(r"^(?:,?\s*(?:and|but|then|with|or|;)\s+)")
_GOES_ON = re.compile(
    r"[)\]*_]*(?:,\s+|\s+(?=[^A-Z]))(?!(?:and|but|or|while|then|whereas|because|since|if|as|although|though|given|which|due)\b)(?P<words>[^\W_].*)",
    re.DOTALL,
)
_ONLY_LABEL = re.compile(r"\W*(?:bonus|prediction|forecast|claim|bet|statement|call)\W*\d{0,3}\W*", re.IGNORECASE)
_NAMED_TELLER = re.compile(
    r"(?<![\w.])(?!I\b|It\b|This\b|That\b)[A-Z][\w’'-]+\s+(?:says|said|thinks|thought|gave|gives|estimates|estimated|predicts|predicted|claims|claimed|argues|puts|forecasts?|reckons)\b"
)
_SOURCE = re.compile(
    r"\W*(?:(?:the|my|current|old|latest|historical|implied|on)\s+)*(?:metaculus|polymarket|manifold(?:\s+markets?)?|predictit|kalshi|betfair|538|fivethirtyeight|(?:betting\s+|prediction\s+)?markets?(?:[\s-]implied)?|bookies|bookmakers|"
    r"community(?:\s+(?:median|forecast|prediction))?|crowd|experts?|superforecasters?|median|mean|average|consensus|base\s+rate|prior|inside\s+view|outside\s+view|(?:own\s+)?model|polls?|polling|previous(?:ly)?|last\s+year)"
    r"(?:\s+(?:odds|price|probability|estimate|says?|forecast|median|at\s+the\s+time|has|puts\s+it\s+at))*\W*",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[\s*_~]*[(\[]")
_PAUSE = re.compile(r"[,;]\s|\s(?:and|but|while|whereas|or)\s")
_FEW, _NEAR = 2, 300
_COMMENT = re.compile(
    r"[\s*_>-]{0,20}(?:[a-h][.):]\s{1,20})?[*_]{0,20}(?:(?:my|the|key|some)\s{1,20})?(?:reason(?:s|ing)?|rationale|why|because|justification|argument|explanation|evidence|basis|notes?|"
    r"comments?|commentary|thoughts?|context|background|caveats?|resolution\s{1,20}(?:criteria|sources?|details|notes?)|resolves?\s{1,20}(?:yes|no|true|positively)(?:\s{1,20}if)?|criteria|"
    r"sources?|base\s{1,20}rate|counter-?arguments?|discussion|analysis|what\s{1,20}would\s{1,20}change\s{1,20}my\s{1,20}mind)(?:\(s\))?[*_]{0,20}\s{0,20}(?::|[–—]\s)",
    re.IGNORECASE,
)
NOT_OWN = re.compile(
    r"\b(?:would\s+have|would\s+go|(?:i\s+was|we\s+were)\s+at|had\s+(?:given|said|put|it\s+at)|(?<!\bi\s)(?<!\bwe\s)gave\s+(?:it|this|that|an?)|(?<![’']m\s)(?<!am\s)giving\s+(?:it|this|that|them)|used\s+to|open(?:ed|ing)\s+at|last\s+year\s+i|previously|originally|(?:metaculus|polymarket|manifold|predictit|kalshi|(?:the\s+)?markets?(?=\s+(?:is|are|has|have|was|were|gives?|gave|puts?|price[sd]?|pricing|says?|said|impl(?:y|ies)|thinks?|at)\b)|538|fivethirtyeight|"
    r"(?:polls?|betting|bookies|bookmakers?|experts?|economists?|analysts?|(?:super)?forecasters?|consensus|critics|pundits|the\s+(?:community|crowd|public))\s+(?:\w+\s+){0,2}?(?:is|are|has|have|had|was|were|gives?|gave|puts?|say|says|said|show|shows|showed|suggests?|thinks?|thought|predicts?|predicted|expects?|expected|estimates?|at|odds|markets?)\b|scott|according\s+to|told\s+(?:me|by)|suppose|imagine|for\s+example|you\s+say|(?:he|she|they)\s+(?:said|says|told|thinks?|gave|give))\b)",
    re.IGNORECASE,
)


def is_source(words: str) -> bool:
    """Whether they only say whose number stands behind them: "Metaculus", "Base rate", "Market-implied"."""
    return _SOURCE.fullmatch(words) is not None


def is_told_by_others(sentence: str, at: int) -> bool:
    """Whether somebody with a name says the number at `at`: "Tetlock says 80%"."""
    sentence = sentence[max(0, at - _NEAR) : at]
    found = _NAMED_TELLER.search(sentence)
    return found is not None and not re.search(r"\b(?:I|[Mm]y|[Ww]e)\b", sentence)


def verdict_before(block: Block) -> tuple[Verdict | None, int]:
    """A tick, cross or word of verdict before the statement, and where the statement begins."""
    if found := read_sign(block.text):
        return found
    if found := read_leading_word(block.text):
        return found
    if block.kind is BlockKind.HEADING and (
        found := re.match(r"\s*(?:prediction\s*)?#?\d{1,3}\s*[.):]\s+", block.text, re.IGNORECASE)
    ):
        return None, found.end()
    if found := re.match(r"\s*\[(?P<mark>[ xX✓✗])\]\s+", block.text):
        mark = found["mark"]
        return (None if mark == " " else Verdict(Meaning.EITHER, mark != "✗", f"[{mark}]")), found.end()
    return None, 0


def without_sign(text: str) -> str:
    """Without a tick or cross at its beginning."""
    found = read_sign(text)
    return text[found[1] :] if found else text


def is_comment(text: str) -> bool:
    """Whether it begins with a label that makes it a remark on a prediction: "Reasoning:", "Base rate:", "b. Criteria:"."""
    return _COMMENT.match(text) is not None


def is_label(text: str) -> bool:
    """Whether it only numbers a prediction: "Prediction 2", "Bet #3"."""
    return _ONLY_LABEL.fullmatch(text) is not None


def cleaned(words: str) -> str:
    """A statement without what surrounds it: brackets left empty, separators, a label."""
    bare = re.sub(r"\(\s*\)|\[\s*\]", "", words)
    has_ellipsis = bare.lstrip().startswith(("...", "…"))
    bare = bare.strip(EDGES + '.)]"' if bare.lstrip()[:1] in tuple(").],;:") and not has_ellipsis else EDGES)
    if "]" in bare and "[" not in bare.split("]")[0]:
        bare = f"[{bare}"
    bare = re.sub(r"^(?:P|Pr|Prob|Probability)\s?\((?=[^()]*$)", "", _LABEL.sub("", bare))
    bare = bare if has_ellipsis else _JOINERS.sub("", bare)
    return bare.rstrip(ENDS).strip()


def inserted_end(text: str, part: Stated, begin: int, limit: int) -> int | None:
    """Where the statement ends that a probability in brackets stands within: "Biden (75%) will be the nominee".

    None where the brackets close the statement. It begins at `begin`; `limit` is where the sentence ends or the next probability begins."""
    is_bracketed = _OPENS.match(text, part.start) or text[max(0, part.start - 20) : part.start].rstrip(" *_~").endswith(
        ("(", "[")
    )
    if not is_bracketed or not (rest := _GOES_ON.match(text, part.end, limit)):
        return None
    if len(re.findall(r"[^\W\d_]+", rest["words"])) < _FEW:
        return None
    if "," in text[part.end : rest.start("words")] and len(text[begin : part.start].split()) > _FEW + 1:
        return None
    if "%" not in text[limit : limit + 12]:
        return limit
    pauses = [pause.end() for pause in _PAUSE.finditer(rest["words"])]
    return rest.start("words") + pauses[-1] if pauses else None


def place_words(part: Stated) -> str:
    """Where a probability stands, in words."""
    return {
        Form.CUE: "with a word beside it",
        Form.ALONE: "on a line of its own",
        Form.FINAL: "at the end",
        Form.FIRST: "at the beginning",
        Form.BRACKETS: "in brackets",
        Form.BOLD: "in bold",
        Form.BARE: "at the end, without a sign before it",
    }[part.form]
