"""Stated probabilities in a line: which of its numbers are the author's probability, and which are quantities.

A number counts only by its place or by the words beside it: `statement: 70%`, `(70%)`, `Probability: 70%`, `70% chance`,
`70%: statement`. Everything else with a percent sign is a criterion, a price or a measurement.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.domain.documents.prose.cues import CUE_AFTER, CUE_BEFORE, CUE_FAR, CUE_WORDS, SAID_BEFORE, WEAK_CUES
from bot.domain.documents.prose.notations import read_notations
from bot.domain.documents.prose.number_words import NUMBER_WORDS
from bot.domain.documents.prose.shapes import Span
from bot.domain.documents.prose.stated import NUMBER, Form, Stated, decimal_of
from bot.domain.documents.prose.verdict_words import BAD, GOOD, OPEN, set_off_verdict
from bot.domain.types import Qualifier

_NUMBERISH = re.compile(
    r"\d|(?:per|pour|por)\s?c|pro[zc]ent|p(?:c|ct)\b|fifty|(?:in|of)[\s-](?:an?[\s-])?(?:two|three|four|five|six|seven|eight|nine|ten|twenty|hundred|thousand|million)\b",
    re.IGNORECASE,
)
_WORDED = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_SIGN = r"(?:\s?(?:%|％|٪|percent\b|per\s?cent\b|pct\b|pc\b|prozent\b|pour\s?cent\b|por\s?ciento\b|por\s?cento\b|per\s?cento\b|procent\b))"
_PERCENT = re.compile(
    rf"(?P<qualifier>[<>≤≥~≈]=?\s?|\b(?:about|around|roughly|approximately|circa|ca\.|over|under|(?:less|more|greater)\s+than|at\s+(?:most|least))\s)?"
    rf"(?<![\d,$€£\-–+/])(?<!(?<!\.)\.)(?P<led>^|(?<=[:(\[=⇒–—-]\s)|(?<=[(\[*_]))?(?P<number>{NUMBER}|(?<![^\W\d_])(?:{_WORDED})(?=\s?p))"
    rf"(?:(?(led)\s?%?\s?(?:-|–|—|to)\s?|(?:\s?(?:-|–|—|to)\s?|\s?%(?:[-–—]|\s?to\s)))(?P<upper>{NUMBER}))?\+?{_SIGN}\+?(?!\s?[-/]?\d)",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    r"\s{0,20}[)\]]{0,9}\s{0,20}(?:(?:confidence|credible|prediction)\s{1,20}intervals?|CIs?\b|intervals?\b|percentile|quantile|range)",
    re.IGNORECASE,
)
_QUANTITY_AFTER = re.compile(
    r"\s*(?:of|or\s+(?:more|less|higher|lower|greater)|more|less|higher|lower|faster|slower|cheaper|below|above|better|worse|"
    r"increase|decrease|growth|drop|rise|reduction|decline|gain|loss|share|tariffs?|tax|rate|discount|yoy|y/y|per|point)\b",
    re.IGNORECASE,
)
_SIGNS = GOOD + BAD + OPEN
_SEPARATOR = re.compile(rf"(?:[:：;—–⇒→⟶=|(\[…]|[=\-]>|\s-{{1,3}}|\.{{2,}}|[.?!»”\"’')\]]|\n|[{_SIGNS}\ufe0f])[\s*_~(\[]*$")
_COMMA = re.compile(r",\s*[*_(\[]*$")
_BEFORE_FIRST = re.compile(r"[\W_]*(?:\d{1,3}[.)]\s*)?[\W_]*")
_AFTER_FIRST = re.compile(r"[)\]*_]*\s{0,20}(?:[:：\-–—|,.;)]\s|[:：]|⇒|→|\s{0,20}that\b|\s{1,20}(?=[A-Z“\"(\[‘]))")
_MEASURE_BEFORE = re.compile(
    r"(?:\b(?:than|by|above|below|least|most|of|to|over|under|reach(?:es|ed)?|exceeds?|hits?|at|from|between|and|or|more|is|are|"
    r"was|were|with|only|nearly|almost|up|down|grew|grows?|fell|falls?|rose|rises?|a|the|in|past|within)|[<>≤≥=+$€£×*/])\s*$",
    re.IGNORECASE,
)
_EVEN = re.compile(r"(?<![\d/])50\s?%?\s?/\s?50\s?%?(?![\d/])")
_LEVEL_WORDS = r"\b(?:very|fairly|pretty|high|medium|moderate|low|(?:un)?likely)\b"
_ALONE_REST = re.compile(r"[\W_]*")
_COMMENTED = re.compile(r"[\s*_]*(?:$|[.;(\[]|(?:yes|no)\b)", re.IGNORECASE)
_LABELLED_NUMBER = re.compile(
    r"[\W_]*(?:(?:my|our|current|final|overall|the)\s+){0,2}(?:prediction|forecast|estimate|probability|confidence(?:\s+level)?|credence|likelihood|certainty|odds|chance|guess|answer)[\s*_]*[:=][\s*_]*[~<>≈]?\s?\d",
    re.IGNORECASE,
)
_LABELS_BELOW = re.compile(r"[^\n]*(?:\n[\s*_>-]*[A-Za-z][^\n:]{1,30}:[^\n]*)*\s*")
_LEADING_NUMBER = re.compile(
    rf"[\s*_(\[~≈]*(?P<number>{NUMBER})\s?[%％][)\]*_]*(?:[.!][*_]*(?=\s|$)|\s*(?:$|\n|[(–—]\s?|-{{1,2}}\s))"
)
_BUCKET_WORD = re.compile(
    r"(?:a|about|almost|am|and|are|around|assign|at|band|bin|bracket|bucket|category|certain|certainty|chance|"
    r"chances|claims|class|con|confidence|confident|credence|de|each|estimate|estimated|events|expect|following|"
    r"for|give|given|group|happen|happening|have|i|i'm|in|is|it|items|least|level|likelihood|likely|list|m|my|"
    r"odds|of|or|over|percent|prediction|predictions|probabilidad|probabilidade|probabilities|probability|"
    r"probabilità|probabilité|probabilités|probable|roughly|section|seguridad|seguro|set|sicher|sicherheit|sure|"
    r"some|leaning|lean|hunch|strong|weak|guess|guesses|sûr|that|the|them|think|believe|believed|say|put|would|which|more|other|all|be|true|true:|come|make|probably|likelier|my|our|there|these|things|this|tier|to|under|waarschijnlijk|waarschijnlijkheid|wahrscheinlich|"
    r"wahrscheinlichkeit|we|will|with|zeker|zu|à)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"[(\[](?=[^()\[\]]*[^\W\d_]{2})(?!\W*(?:i[’']d|i\s+(?:say|think)|my|say|now|so|ca)\b)[^()\[\]]*$", re.IGNORECASE
)
"""Within brackets that hold other words: a market's price, a source, a criterion."""
_CLOSING = re.compile(r"[\s*_]*[)\]]?[*_]*")
_LEVELS = re.compile(r"(?<![\d.])\d{1,3}\s?%?(?:\s?,\s?(?:and\s|or\s)?\d{1,3}\s?%?|\s(?:and|or)\s\d{1,3}\s?%){2,}")
"""`50%, 70% and 90%`: the levels that an author uses."""
_SENTENCE_ENDED = re.compile(r"[^\W\d_]{2}[)”\"]?[.?!][)”\"]?\s+[*_(]*$")
_NEXT_LINE = re.compile(r"\w[^\n]*[:：=→–—]\s*\n\s*[*_(~]*$")
_MARKUP_END = re.compile(rf"[\s.!?…,;)†‡\]}}*_~{_SIGNS}\ufe0f]*")


def read_stated(text: str, *, bold: tuple[Span, ...] = ()) -> list[Stated]:
    """The probabilities that a line or paragraph states, in its order; those of the surest form where forms compete."""
    if not may_state(text):
        return []
    levels = [(level.start(), level.end()) for level in _LEVELS.finditer(text)] if "," in text else []
    found = [
        replace(stated, is_bold=_is_bold(match, bold))
        for match in _PERCENT.finditer(text)
        if (stated := _stated(text, match, bold)) and not any(start <= match.start() < end for start, end in levels)
    ]
    found = read_notations(text, found)
    found.sort(key=lambda stated: stated.start)
    return _of_one_kind(found)


def may_state(text: str) -> bool:
    """Whether it holds a digit or a word for percent: what has neither states no probability. Quick."""
    return _NUMBERISH.search(text) is not None


def read_cell(cell: str) -> Stated | None:
    """The probability that a table's cell holds: `70%`, `0.7`, `70`, `>99%`, or a number with words; None for anything else."""
    text = cell.strip().strip("*_~` ")
    if match := _PERCENT.search(text):
        if len(_ALONE_REST.sub("", text[: match.start()] + text[match.end() :])) > 25:
            return None
        return _made(match, Form.ALONE, match.start(), match.end())
    if bare := re.fullmatch(rf"(?P<qualifier>[<>~≈])?\s*(?P<number>0?\.\d+|{NUMBER})", text):
        number = Decimal(bare["number"].replace(",", "."))
        value = number if number < 1 or text in ("1.0", "1.00") else number / 100
        return (
            Stated(0, len(cell), float(value), cell.strip(), Form.ALONE, _qualifier(bare["qualifier"]))
            if value <= 1
            else None
        )
    if _EVEN.fullmatch(text):
        return Stated(0, len(cell), 0.5, cell.strip(), Form.ALONE)
    return None


def stands_alone(text: str) -> Stated | None:
    """The probability of a line that holds nothing else: `_Probability: 75%_`, `(70%)`, `p = 0.7`, `Confidence: 70%.`"""
    is_labelled = _LABELLED_NUMBER.match(text) is not None and _LABELS_BELOW.fullmatch(text) is not None
    if not is_labelled and (len(text) > 120 or "\n" in text.strip()):
        return None
    text = text.lstrip().split("\n", 1)[0][:400] if is_labelled else text
    found = read_stated(text)
    if (
        found
        and not re.sub(rf"{CUE_WORDS}|my|[\W_]+", "", text[: found[0].start], flags=re.IGNORECASE)
        and _COMMENTED.match(text, found[0].end)
    ):
        first = found[0]
        if first.form is Form.CUE:
            return Stated(first.start, first.end, first.value, first.raw, Form.ALONE, first.qualifier)
    for stated in found:
        rest = text[: stated.start] + text[stated.end :]
        if not re.sub(rf"{CUE_WORDS}|{_LEVEL_WORDS}|my|overall|i'?d?\s+say|[\W_]+", "", rest, flags=re.IGNORECASE):
            return Stated(stated.start, stated.end, stated.value, stated.raw, Form.ALONE, stated.qualifier)
    return None


def opens_with_number(text: str) -> Stated | None:
    """The probability with which a comment on what stands above it begins: `75%. They have hinted at it.`"""
    found = _LEADING_NUMBER.match(text)
    if found is None or decimal_of(found["number"]) > 100:
        return None
    return Stated(0, found.end(), float(decimal_of(found["number"]) / 100), f"{found['number']}%", Form.ALONE)


def holds_for_a_list(text: str) -> Stated | None:
    """The probability of a heading or line that is about nothing else: `The 90% bucket`, `Things I'm 60% sure of`, `80% likely`."""
    plain = text.strip().rstrip(":")
    if len(plain) > 90 or "\n" in plain:
        return None
    if alone := stands_alone(plain):
        return alone
    found = list(_PERCENT.finditer(plain))
    if len(found) != 1 or decimal_of(found[0]["number"]) > 100 or _INTERVAL.match(plain, found[0].end()):
        return None
    rest = re.findall(r"[^\W\d_]+", plain[: found[0].start()] + " " + plain[found[0].end() :])
    if all(_BUCKET_WORD.fullmatch(word) for word in rest):
        return _made(found[0], Form.ALONE, found[0].start(), found[0].end())
    return None


def is_quantity_after(rest: str) -> bool:
    """Whether the words behind a percentage make it a measurement or the width of an interval."""
    return bool(_QUANTITY_AFTER.match(rest) or _INTERVAL.match(rest))


def percentages(text: str) -> int:
    """How many percentages of any kind stand in it."""
    return sum(1 for _ in _PERCENT.finditer(text))


def _stated(text: str, match: re.Match[str], bold: tuple[Span, ...]) -> Stated | None:
    before, end = text[max(0, match.start() - 160) : match.start()], match.end()
    offset = match.start() - len(before)
    after = text[end : end + 200]
    if decimal_of(match["number"]) > 100 or _INTERVAL.match(after):
        return None
    cue = CUE_BEFORE.search(before) or SAID_BEFORE.search(before)
    if cue and not (cue["cue"].lower() in WEAK_CUES and not re.search(r"[:=]\s*[(\[*_]*\s*$", before)):
        start = offset + cue.start("cue")
        return _made(match, Form.CUE, _opened(text, start), _closed(text, end))
    if CUE_FAR.search(before) and not _QUANTITY_AFTER.match(after):
        return _made(match, Form.FINAL, match.start(), _closed(text, end))
    if CUE_AFTER.match(after):
        return _made(match, Form.CUE, match.start(), end)
    if not _ALONE_REST.sub("", before + after) and len(text) < 160:
        return _made(match, Form.ALONE, 0, len(text))
    is_bold = _is_bold(match, bold)
    if is_bold and _ends(text, end):
        return _made(match, Form.FINAL, _opened(text, match.start()), _closed(text, end))
    if _ASIDE.search(before):
        return None
    begins = _BEFORE_FIRST.fullmatch(before) is not None and offset == 0
    closing = _CLOSING.match(text, end)
    is_bracketed = bool(re.search(r"[(\[][\s*_~]*$", before)) and bool(closing and re.search(r"[)\]]", closing[0]))
    if is_bracketed and begins and closing and re.match(r"\s*[:–—-]?\s*[^\W\d_]", text[closing.end() :]):
        return _made(match, Form.FIRST, 0, closing.end())
    if is_bracketed:
        form = Form.FINAL if _ends(text, closing.end() if closing else end) else Form.BRACKETS
        return _made(match, form, _opened(text, match.start()), _closed(text, end))
    if _ends(text, end):
        if _SEPARATOR.search(before) or _COMMA.search(before):
            return _made(match, Form.FINAL, _opened(text, match.start()), _closed(text, end))
        qualifier = _qualifier(match["qualifier"])
        if _MEASURE_BEFORE.search(before) or qualifier in (Qualifier.MORE, Qualifier.LESS):
            return None
        is_set_off = qualifier is Qualifier.ABOUT and match["qualifier"].strip() in ("~", "≈")
        return _made(match, Form.FINAL if is_set_off else Form.BARE, match.start(), end)
    if _SENTENCE_ENDED.search(before) and re.match(r"\s*(?:[,;–—]|-\s)", after):
        return _made(match, Form.FINAL, _opened(text, match.start()), _closed(text, end))
    if _NEXT_LINE.search(before) and not _QUANTITY_AFTER.match(after):
        return _made(match, Form.FINAL, _opened(text, match.start()), _closed(text, end))
    if begins and _AFTER_FIRST.match(after) and not _QUANTITY_AFTER.match(after):
        return _made(match, Form.FIRST, 0, end)
    if is_bold:
        return None if _QUANTITY_AFTER.match(after) else _made(match, Form.BOLD, match.start(), end)
    return None


def _is_bold(match: re.Match[str], bold: tuple[Span, ...]) -> bool:
    return any(
        span.start <= match.start() and match.end() <= span.end and span.end - span.start <= len(match[0]) + 4
        for span in bold
    )


_AFTER = 2000
"""How many letters behind a number are looked at, whatever follows."""


def _ends(text: str, end: int) -> bool:
    """Whether nothing of the statement follows: the end, a line's end, a note in brackets, or the beginning of a sentence."""
    at = _MARKUP_END.match(text, end)
    begin = at.end() if at else end
    rest = text[begin : begin + _AFTER]
    passed = text[end : at.end() if at else end]
    if not rest.strip() or "\n" in passed or not re.search(r"\w", rest.lstrip().split("\n")[0]):
        return True
    if re.match(r"\s*(?:→|⇒|=>|->)\s*(?!~?\d)", rest):
        return True
    if re.match(r"[\s]*(?:\([^()]{0,400}\)|\[[^\[\]]{0,400}\])[\W_]*(?:$|\n)", rest):
        return True
    if found := re.match(r"\s*(?:[-–—→⇒|:=]+|->|=>)?[\s*_(\[]*", rest):
        verdict = set_off_verdict(rest[found.end() :])
        if verdict and (found[0].strip() or verdict.raw.isupper() or verdict.raw.istitle()):
            return True
    return bool(re.search(r"[.!]|[)\]][*_]*\s*[.;]", passed)) and bool(re.match(r"\s*[A-Z“\"(\[✅❌✔✗*_]", rest))


def _opened(text: str, start: int) -> int:
    found = re.search(r"[\s(\[*_]*$", text[max(0, start - 20) : start])
    return start - (len(found[0]) if found else 0)


def _closed(text: str, end: int) -> int:
    found = _CLOSING.match(text, end)
    return found.end() if found else end


def _made(match: re.Match[str], form: Form, start: int, end: int) -> Stated:
    groups = match.groupdict()
    number = decimal_of(groups["number"])
    value = None if groups.get("upper") else float(number / 100)
    return Stated(start, end, value, match[0].strip(), form, _qualifier(groups["qualifier"]))


def _qualifier(written: str | None) -> Qualifier | None:
    sign = (written or "").strip().lower()
    if not sign:
        return None
    if sign[0] in ">≥" or sign in ("over", "at least") or sign.startswith(("more", "greater")):
        return Qualifier.MORE
    if sign[0] in "<≤" or sign in ("under", "at most") or sign.startswith("less"):
        return Qualifier.LESS
    return Qualifier.ABOUT


def _of_one_kind(found: list[Stated]) -> list[Stated]:
    """Where a number at the end has a sign before it, one within the words is a quantity, unless a word says otherwise."""
    strong = {Form.CUE, Form.ALONE, Form.FINAL}
    if len(found) < 2:
        return found
    if found[0].form is Form.FIRST:
        return [stated for stated in found if stated.form in (Form.FIRST, Form.BOLD, Form.CUE)]
    bold = [stated for stated in found if stated.is_bold]
    if len(bold) > 1:
        return bold
    if any(stated.form in strong for stated in found):
        return [stated for stated in found if stated.form in strong | {Form.BRACKETS}]
    return found
