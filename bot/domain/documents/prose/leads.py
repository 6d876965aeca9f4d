"""What stands before a statement and only says how likely it is: "There's a 70% chance that …". The statement goes without it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.documents.prose.probabilities import Form, Stated, read_cell
from bot.domain.documents.prose.sentences import has_predicate

_NOUN = "chances?|probability|likelihood|odds|possibility|likely|certain|sure|confident|confidence|credence|risk|shot"
_SHARE = r"(?:[<>~≈±] ?)?[-–−]?\d{1,4}(?:[.,]\d{1,3})? ?(?:%|percent\b|per ?cent\b|pct\b)"
_SAID = "i(?:['’]d| would|['’]m| am)?(?: give| say| put| assign| see| guess)?|there(?:['’]s| is| was)|it(?:['’]s| is)|with"
_HEDGE = (
    "it|this|about|around|roughly|approximately|nearly|almost|at least|at most|more than|less than|over|under|only|just|a|an|the"
    "|my|maybe|perhaps"
)
_GRADE = "a|an|the|high|good|slim|small|decent|fair|strong|low|my"
_LEAD = re.compile(
    rf"(?:(?:{_SAID}) )?(?:(?:{_HEDGE}) ){{0,4}}(?:(?P<share>{_SHARE}) ?)?(?:(?:{_GRADE}) ){{0,2}}(?P<noun>{_NOUN})?(?:,| is)? ?"
    r"(?P<link>that|of|for) (?P<rest>\S.*)",
    re.IGNORECASE,
)
"""Its words stand one blank apart."""
_BEHIND = re.compile(
    rf"(?: ?:| [–—-]| ?[(\[](?:p ?=)?) ?(?P<share>{_SHARE})(?: (?:{_NOUN}))? ?[)\]]?[.!]?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:an?|another)\s", re.IGNORECASE)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Led:
    """The statement on its own, and a share that stood with it and that nobody had read: a probability, or none if it's none."""

    statement: str
    stated: Stated | None = None


def without_lead(words: str, stated: Stated | None) -> Led:
    """The statement without the words that only say how likely it is; as it is if they're a part of what it says."""
    led = _LEAD.fullmatch(words) if len(words) <= _LONGEST else None
    if led is not None and _is_about_chance(led, stated):
        share = led["share"] if stated is None else None
        return Led(_whole(led["rest"], link=led["link"].lower()), _as_stated(share) if share else None)
    behind = _BEHIND.search(words) if stated is None and len(words) <= _LONGEST else None
    if behind is not None and behind.start() and _is_impossible(behind["share"]):
        return Led(words[: behind.start()], _as_stated(behind["share"]))
    return Led(words)


def _is_about_chance(led: re.Match[str], stated: Stated | None) -> bool:
    link, noun, share = led["link"].lower(), led["noun"], led["share"]
    if link == "that":
        # "70% that Labour wins": the number was taken out before. "That Labour wins" alone is a subject.
        return noun is not None or share is not None or stated is not None
    if noun is None or (stated is None and share is None):
        return False
    # "The odds of a recession rise" says something of the odds.
    return link == "for" or (link == "of" and not has_predicate(led["rest"]))


def _whole(rest: str, *, link: str) -> str:
    """A sentence of what's left: it begins with a capital, and says that there is what was only named."""
    if link == "of" and _ARTICLE.match(rest):
        return f"There is {rest[0].lower()}{rest[1:]}"
    first = rest.split(maxsplit=1)[0]
    return rest if any(letter.isupper() for letter in first[1:]) else rest[0].upper() + rest[1:]


def _as_stated(share: str) -> Stated:
    read = None if _is_impossible(share) else read_cell(re.sub(r"(?i)per\s?cent|pct", "%", share))
    return read if read is not None else unreadable(share)


def unreadable(words: str) -> Stated:
    """What stands where a probability should, for a person to look at: it has no value."""
    return Stated(0, len(words), None, words.strip(), Form.ALONE)


def _is_impossible(share: str) -> bool:
    number = re.sub(r"[^\d.,]", "", share).replace(",", ".")
    return bool(re.match(r"\s*[-–−]", share)) or float(number) > 100
