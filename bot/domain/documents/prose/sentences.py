"""Sentences: where they end, which of them speak of the future, and how one is cut to a length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_LONGEST = 1000
_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-ZÀ-Þ0-9])")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|v|cf|ca|approx|no|inc|ltd|co|corp|st|mr|mrs|ms|dr|jr|sr|u\.s|u\.k|e\.u|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|won[’']t|shall|\w+[’']ll|(?:is|are|am|[’']s|[’']re|[’']m)\s+(?:\w+\s+)?(?:going\s+to|gonna|likely\s+to|unlikely\s+to|set\s+to|bound\s+to|about\s+to|expected\s+to)|"
    r"by\s+(?:the\s+end\s+of\s+)?(?:20\d\d|next\s+year|year[’']?s?[\s-]end)|in\s+20[2-9]\d|this\s+year|next\s+year|wird|werden|sera|seront|\w+era\b|\w+eront\b)\b",
    re.IGNORECASE,
)
_OWN_FORECAST = re.compile(
    r"\b(?:i|we)(?:[’']d(?!\s+see)|\s+would(?!\s+see)|[’']m|\s+am)?\s+(?:also\s+|still\s+|fully\s+|do\s+|don[’']t\s+|strongly\s+|\w+ly\s+)?(?:predict|expect|bet|believe|think|forecast|anticipate|guess|see|suspect|doubt|wager|confident|certain)(?:ing)?\b|"
    r"\bmy\s+(?:prediction|guess|bet|forecast|expectation)\b|\bthe\s+(?:author|expectation)\s+(?:predicts|expects|is|believes|forecasts)|\bprediction:|\bif\s+i\s+had\s+to\s+bet",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\W*(?:this\s+(?:will|would|is|means)|further|furthermore|moreover|also|it|they|these|that)\b", re.IGNORECASE
)
_PREDICATE = re.compile(
    r"\b(?:is|are|was|were|has|have|does|do|wins?|won|loses?|gets?|becomes?|remains?|stays?|passes|launch(?:es)?|releases?|at\s+least|more\s+than|less\s+than|"
    r"fewer\s+than|above|below|no\s+longer|i|my)\b",
    re.IGNORECASE,
)
_LAST_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,200}[)\]]$")
_BREAKS_AFTER = re.compile(r"[.!?…;:,)\]–—]\s")


@lru_cache(maxsize=16)  # each number of a paragraph asks for the same
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence. A full stop after an abbreviation or before a small letter ends none, and what has none
    for more than a thousand letters ends all the same: it would be read again for each number in it."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if _ABBREVIATIONS.search(text[max(start, match.start() - 10) : match.start()].rstrip()):
            continue
        found.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return tuple(piece for start, end in found for piece in _pieces(text, start, end))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cut_at = text.find(" ", start + _LONGEST - 200, start + _LONGEST) + 1 or start + _LONGEST
        yield start, cut_at
        start = cut_at
    yield start, end


def sentence_at(text: str, offset: int) -> tuple[int, int]:
    """The sentence that holds the letter at `offset`."""
    return next((span for span in sentences(text) if span[0] <= offset < span[1]), (0, len(text)))


def is_about_the_future(text: str) -> bool:
    """Whether it says what will be."""
    return bool(_FUTURE.search(text))


def has_predicate(text: str) -> bool:
    """Whether it says something of something, rather than names it."""
    return bool(_PREDICATE.search(text))


def is_question(text: str) -> bool:
    """Whether it ends with a question, or with a remark in brackets behind one."""
    plain = text.strip().rstrip("*_ ")
    if plain.endswith((")", "]")) and not plain.endswith(("?)", "?]")):
        plain = _LAST_BRACKETS.sub("", plain)
    return plain.rstrip(")]*_").endswith("?")


def is_own_forecast(text: str) -> bool:
    """Whether the author says that they predict, expect or bet."""
    return bool(_OWN_FORECAST.search(text))


def predicting_sentence(text: str) -> tuple[int, int] | None:
    """Of a text's sentences, the one that most plainly predicts: the last that forecasts, else the last about the future."""
    spans = sentences(text)
    for holds in (_is_forecast_of_the_future, is_about_the_future, is_own_forecast):
        fitting = [span for span in spans if holds(text[span[0] : span[1]])]
        # "This will require ..." leans on the sentence before it, which says more by itself.
        fitting = [span for span in fitting if not _LEANS.match(text[span[0] : span[1]])] or fitting
        if fitting:
            return fitting[-1]
    return spans[-1] if spans else None


def _is_forecast_of_the_future(text: str) -> bool:
    return is_own_forecast(text) and is_about_the_future(text)


def cut(text: str, longest: int) -> str:
    """At most `longest` letters: whole sentences if the first fits, else up to a pause or a whole word, with an ellipsis."""
    if len(text) <= longest:
        return text
    ends = [end for _, end in sentences(text) if len(text[:end].rstrip()) <= longest]
    if ends and ends[-1] > 20:
        return text[: ends[-1]].rstrip()
    head = text[: longest - 1]
    pauses = [match.start() for match in _BREAKS_AFTER.finditer(head)]
    at = pauses[-1] if pauses and pauses[-1] > longest // 2 else head.rfind(" ")
    return head[: at if at > 20 else longest - 1].rstrip(" ,;:–—-([") + "…"
