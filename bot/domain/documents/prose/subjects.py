"""Statements that leave out whom they are about, and how a statement depends on the one above it."""

from __future__ import annotations

import re

from bot.domain.documents.prose.sentences import is_about_the_future
from bot.domain.types import Relation

_ELIDED = re.compile(r"^(?:\.{2,}|…)")
_JOINED = re.compile(r"^(?:and|but|or|with|also|if\s+so|which|then|in\s+that\s+case)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|given|conditional(?:ly)?\s+on|assuming|provided|in\s+that\s+case|if\s+so)\b", re.IGNORECASE
)
_VERBS = frozenset(
    [
        "is",
        "are",
        "has",
        "have",
        "was",
        "were",
        "gets",
        "get",
        "becomes",
        "become",
        "remains",
        "remain",
        "stays",
        "stay",
        "wins",
        "win",
        "loses",
        "lose",
        "passes",
        "pass",
        "enters",
        "enter",
        "leaves",
        "leave",
        "joins",
        "join",
        "invades",
        "invade",
        "admitted",
        "launches",
        "launch",
        "releases",
        "release",
        "ships",
        "ship",
        "announces",
        "announce",
        "reaches",
        "reach",
        "exceeds",
        "exceed",
        "hits",
        "hit",
        "falls",
        "fall",
        "rises",
        "rise",
        "raises",
        "raise",
        "drops",
        "drop",
        "closes",
        "close",
        "opens",
        "open",
        "ends",
        "end",
        "starts",
        "start",
        "begins",
        "begin",
        "signs",
        "sign",
        "resigns",
        "resign",
        "cedes",
        "cede",
        "formally",
        "officially",
        "still",
        "acquires",
        "acquire",
        "buys",
        "buy",
        "sells",
        "sell",
        "goes",
        "go",
        "beats",
        "beat",
        "collapses",
        "collapse",
        "declares",
        "declare",
        "holds",
        "hold",
        "bans",
        "ban",
        "legalizes",
        "withdraws",
        "revokes",
        "above",
        "below",
        "over",
        "under",
        "at",
        "more",
        "less",
        "fewer",
        "greater",
        "between",
        "up",
        "down",
    ]
)

_AMOUNTS = frozenset(("more", "less", "fewer", "greater", "over", "under", "between", "at"))


def is_elided(statement: str) -> bool:
    """Whether it goes on where the one above it left off, with another number: "... 60 million", "…$20,000"."""
    return _ELIDED.match(statement) is not None and any(letter.isdigit() for letter in statement)


def needs_subject(statement: str) -> bool:
    """Whether it begins where its subject should stand: "... 60 million", "Admitted to NATO", "above $30k"."""
    if _ELIDED.match(statement) or _JOINED.match(statement):
        return True
    words = re.findall(r"[^\W_]+", statement)
    if not words:
        return True
    first = words[0].lower()
    if re.match(r"[<>≥≤~$€£\d]", statement) and len(words) < 6:
        return True
    if first in _AMOUNTS and is_about_the_future(statement):
        return False  # "Fewer than ten people will come" has its subject
    return first in _VERBS or (len(words) < 3)


def relation_of(statement: str) -> Relation:
    """How it depends on the statement above: on a condition, as something that needs it, or as a case of it."""
    if _CONDITION.search(statement):
        return Relation.CONDITIONAL
    if _ELIDED.match(statement) or _JOINED.match(statement):
        return Relation.REQUIRES
    return Relation.INSTANCE
