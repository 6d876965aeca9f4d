"""Probabilities in other notations than per cent: `p = 0.2`, `P(rain) = 0.2`, `0.7 probability`, `4:1 against`, `55/45`."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.domain.documents.prose.stated import NUMBER, Form, Stated, decimal_of
from bot.domain.errors import Refused
from bot.domain.probabilities import read_probability

_DECIMAL_CUED = re.compile(
    r"(?:^|[\s(\[_*|])(?P<cue>probabilit(?:y|é)|confidence|credence|likelihood|odds|certainty|p|pr)\s*(?:\([^()\n]{0,60}\))?\s*"
    r"(?:[:=≈]|(?<=[(\[ ]p)\s+(?=0?[.,]\d)|(?<=\w\w\w)\s+(?:(?:is|of|at)\s+)?(?=0?[.,]\d|\d+\s*/))\s*[*_]*\s*(?P<number>0?[.,]\d{1,4}|[01](?:\.0+)?|\d{1,3}(?:\.\d+)?(?:\s*/\s*(?P<whole>\d{1,3}))?)(?![\d%.,]*[\d%])(?!\s?/\s?\d)",
    re.IGNORECASE,
)
_OF_EVENT = re.compile(
    rf"(?<![^\W_])(?:P|Pr|Prob|Probability)\s?\((?P<inner>[^()\n]{{3,200}})(?P<close>\))\s*(?:is|[=:≈~])+\s*(?:(?P<percent>{NUMBER})\s?%|(?P<number>0?[.,]\d{{1,4}}|[01](?:\.0+)?(?![\d.])))",
    re.IGNORECASE,
)
_DECIMAL_BEHIND = re.compile(
    r"(?<![\d.,$€£\w])(?P<number>0[.,]\d{1,3}|\.\d{1,3}|\d{1,2}\s?/\s?(?P<whole>\d{1,2}))\s+(?P<cue>probability|chance|likelihood|credence|confiden\w+|odds)\b",
    re.IGNORECASE,
)
_ODDS = re.compile(
    r"(?<![\d:])(?P<cue>odds\s*(?:of|:|=|are|at)?\s*)?(?P<one>\d{1,3})\s?(?::|\bto\b|-to-)\s?(?P<other>\d{1,3})(?!\d|:)(?:\s+(?P<way>against|on|in\s+favou?r|for)\b)?",
    re.IGNORECASE,
)
_GROUPED = r"\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3}){1,3}(?!\d)"
_WHOLE = rf"{_GROUPED}|\d{{1,9}}"
_WHOLE_WORDS = "two|three|four|five|six|seven|eight|nine|ten|twenty|hundred|thousand|million"
_CHANCES_IN = re.compile(
    rf"(?<![\w.,/])(?P<one>\d{{1,3}}|one|two|three)[\s-]+(?:in|out\s+of)[\s-]+(?:an?[\s-]+)?(?P<whole>{_WHOLE}|{_WHOLE_WORDS})[\s-]+(?P<cue>chances?|shot|probability|likelihood|odds)\b",
    re.IGNORECASE,
)
_CHANCE_OF = re.compile(
    rf"\b(?P<cue>chances?|odds|probability|likelihood)(?:\s+(?:of|is|are|at)|:)?\s+(?:about\s+|roughly\s+|maybe\s+)?(?P<one>\d{{1,3}}|one|two|three)[\s-]+"
    rf"(?:in|out\s+of)[\s-]+(?:an?[\s-]+)?(?P<whole>{_WHOLE}|(?:{_WHOLE_WORDS})\b)(?![\d%])",
    re.IGNORECASE,
)
_COUNTS = {
    word: number
    for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
} | {"twenty": 20, "hundred": 100, "thousand": 1000, "million": 1_000_000}
_SET_OFF = re.compile(
    rf"(?:(?<=[:=→⇒]\s)|(?<=\s[–—-]\s)|[(\[])[*_]{{0,3}}(?P<given>(?P<one>\d{{1,3}})\s?(?:(?:in|out\s+of)\s(?!(?:19|20)\d\d(?![\d,.]))(?P<whole>{_WHOLE})|"
    rf"[/:]\s?(?:{_GROUPED}|(?!(?:19|20)\d\d(?!\d))\d{{3,9}})))[*_]{{0,3}}(?:\s?[)\]])?[.!]?[*_]{{0,3}}(?=\s{{0,20}}(?:$|\n))",
    re.IGNORECASE,
)
"""A chance at the end behind a sign: `: 1 in 20`, `(1/1,000)`. With a stroke or a colon, only in hundreds: `1/12` is a day."""
_EVEN_WORDS = re.compile(r"(?<![\w-])(?:fifty[\s-]fifty|50[-–]50)(?![\w-])", re.IGNORECASE)
_SHARED = re.compile(r"(?<![\d/.])(?P<number>\d{1,2})\s?/\s?(?P<other>\d{1,2})(?![\d/%])")


def read_notations(text: str, found: list[Stated]) -> list[Stated]:
    """The probabilities of a line, `found` among them: other notations count where they do not compete with a cue."""
    if not any(stated.form is Form.CUE for stated in found):
        found = found + [stated for match in _DECIMAL_CUED.finditer(text) if (stated := _decimal_stated(match))]
    if of_event := [_of_event(match) for match in _OF_EVENT.finditer(text)]:
        inner = [(match.start(), match.end()) for match in _OF_EVENT.finditer(text)]
        found = [part for part in found if not any(part.start < end and start < part.end for start, end in inner)] + of_event
    if not found:
        found = [stated for match in _DECIMAL_BEHIND.finditer(text) if (stated := _decimal_behind(match))]
        found += [stated for match in _CHANCES_IN.finditer(text) if (stated := _chances_in(match))]
        found += [stated for match in _SET_OFF.finditer(text) if (stated := _set_off(match))]
    if not found:
        found = [stated for match in _ODDS.finditer(text) if (stated := _odds(match))]
    if not found:
        found = [stated for match in _CHANCE_OF.finditer(text) if (stated := _chances_in(match))]
    if not found:
        found = [Stated(match.start(), match.end(), 0.5, match[0], Form.CUE) for match in _EVEN_WORDS.finditer(text)]
    return found or [stated for match in _SHARED.finditer(text) if (stated := _shared(match))]


def _decimal_stated(match: re.Match[str]) -> Stated | None:
    number = Decimal(match["number"].split("/")[0].strip().replace(",", "."))
    if match["whole"]:
        value = number / int(match["whole"]) if int(match["whole"]) else Decimal(2)
    elif number <= 1:
        value = number
    else:
        value = number / 100
    is_bare_letter = len(match["cue"]) <= 2
    if value > 1 or (is_bare_letter and number > 1):
        return None
    opened = match.string[: match.start("cue")].rstrip().endswith(("(", "["))
    start = (
        match.string.rfind(match.string[: match.start("cue")].rstrip()[-1], 0, match.start("cue"))
        if opened
        else match.start("cue")
    )
    closed = re.match(r"[\s*_]*[)\]]", match.string[match.end() :]) if opened else None
    return Stated(start, match.end() + (closed.end() if closed else 0), float(value), match["number"], Form.CUE)


def _of_event(match: re.Match[str]) -> Stated:
    """`P(rain in May) = 0.2`: the words in brackets are the statement."""
    value = decimal_of(match["percent"]) / 100 if match["percent"] else decimal_of(match["number"])
    return Stated(match.start("close"), match.end(), float(min(value, Decimal(1))), match[0][-40:], Form.FINAL)


def _decimal_behind(match: re.Match[str]) -> Stated | None:
    parts = [decimal_of(part.strip()) for part in match["number"].split("/")]
    value = parts[0] if len(parts) == 1 else parts[0] / parts[1] if parts[1] else Decimal(2)
    return Stated(match.start(), match.end(), float(value), match["number"], Form.CUE) if value <= 1 else None


def _chances_in(match: re.Match[str]) -> Stated | None:
    """`a 1 in 4 chance`, `one-in-three odds`."""
    one, whole = (_COUNTS.get(match[name].lower(), 0) or int(re.sub(r"\D", "", match[name])) for name in ("one", "whole"))
    if not 0 <= one <= whole or not whole:
        return None
    return Stated(match.start(), match.end(), float(Decimal(one) / whole), match[0], Form.CUE)


def _set_off(match: re.Match[str]) -> Stated | None:
    """`The bridge opens: 1 in 20`, read as when a member types it."""
    try:
        value = read_probability(match["given"])
    except Refused:
        return None
    return Stated(match.start(), match.end(), value, match["given"], Form.FINAL)


def _odds(match: re.Match[str]) -> Stated | None:
    """`4:1 against`, `odds 4:1 on`. Two numbers without such a word may be a score or a time."""
    one, other = int(match["one"]), int(match["other"])
    if not (match["cue"] or match["way"]) or not one + other or (match["way"] in ("on", "for") and not match["cue"]):
        return None
    share = Decimal(other if (match["way"] or "").lower() == "against" else one) / (one + other)
    return Stated(match.start(), match.end(), float(share), match[0].strip(), Form.CUE)


def _shared(match: re.Match[str]) -> Stated | None:
    """`55/45`: the first share, where both sum to 100."""
    first, second = int(match["number"]), int(match["other"])
    return Stated(match.start(), match.end(), first / 100, match[0], Form.CUE) if first + second == 100 else None
