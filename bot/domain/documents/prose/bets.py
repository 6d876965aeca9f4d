"""Diaries of bets: paragraphs or items that begin with a date and tell a bet, or shares bought on an event."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.periods import MONTH
from bot.domain.documents.prose.sections import Place
from bot.domain.documents.prose.sentences import sentence_at
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.types import Sureness

_DATED = re.compile(
    rf"\W{{0,20}}(?P<day>(?:19|20)\d\d(?:[/.-]\d{{1,2}}){{0,2}}|(?:\d{{1,2}}\.?\s{{1,20}})?{MONTH}\.?(?:\s{{1,20}}\d{{1,2}},?)?\s{{1,20}}(?:19|20)\d\d)\W{{0,20}}(?:\s[-–—]+|:)[*_]{{0,20}}\s{{1,20}}",
    re.IGNORECASE,
)
_BET = re.compile(
    r"\b(?:bets?|wager(?:s|ed)?)\s+(?P<with>(?:[^.;:!?]|(?<=\d):(?=\d)){0,80}?)\b(?:that|against|on)\s+(?=\S)", re.IGNORECASE
)
_SHARES = re.compile(r"\bbought\b[^.!?]{0,60}?\b(?:shares|contracts|yes|no)\b", re.IGNORECASE)
_ON_AN_EVENT = re.compile(
    r"\b(?:predictit|intrade|polymarket|kalshi|betfair|manifold|smarkets|iem|prediction\s+market|\d+\s*(?:¢|cents)|chance)\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur)\b[^.!?]{0,60}$")
_VOID = re.compile(
    r"\b(?:void(?:ed)?|nullified|annulled|called\s+(?:it\s+)?off|cancell?ed|refunded|a\s+push|unresolved)\b", re.IGNORECASE
)
_LOST = re.compile(r"(?<=[.!?]\s)lost\b|\b(?:(?:I|we)\s+(?:lost|paid)|(?:cost|costing)\s+(?:me|us))\b", re.IGNORECASE)
_WON = re.compile(
    r"(?<=[.!?]\s)won\b|\b(?:(?:I|we)\s+(?:won|collected)|net(?:ted|ting)\s+(?:me|us)|paid\s+(?:me|us)|(?:he|she|they)\s+(?:lost|paid|conceded))\b",
    re.IGNORECASE,
)
_MONTH_ONLY = re.compile(r"\d{4}[/-]\d\d")
"""A month stands for its first day: terms such as "within 6 months" run from there."""
_FEW = 2


def read_bets(blocks: list[Block], places: list[Place], taken: Collection[int]) -> list[Candidate]:
    """One prediction for each dated bet, where a document has several. Stakes, prices and odds offered are no probability.

    "I won" and "I lost" grade the author's side; where someone else made the bet, it happened if the author lost."""
    found: list[Candidate] = []
    told = 0
    for index, block in enumerate(blocks):
        if (
            block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM)
            or block.parent is not None
            or block.is_quoted
            or index in taken
        ):
            continue
        dated = _DATED.match(block.text)
        if dated is None:
            continue
        text = block.text
        bet = _BET.search(text, dated.end())
        shares = None if bet else _SHARES.search(text, dated.end())
        if bet is None and (shares is None or not _ON_AN_EVENT.search(text)):
            continue
        at = (bet or shares or dated).start()
        begin, end = sentence_at(text, at)
        begin = max(begin, dated.end())
        is_own = bet is None or at == begin or _MINE.search(text[begin:at]) is not None
        told += bet is not None
        found.append(
            Candidate(
                index,
                block.line,
                text[begin:end].strip(),
                "a bet with its date",
                Sureness.MEDIUM,
                verdict=_verdict(text[at:], is_own=is_own),
                made_on=f"{dated['day']}-01".replace("/", "-") if _MONTH_ONLY.fullmatch(dated["day"]) else dated["day"],
                statement=tidy(text[bet.end() : end]) if bet else tidy(text[begin:end]),
            )
        )
    return found if told and len(found) >= _FEW else []


def _verdict(rest: str, *, is_own: bool) -> Verdict | None:
    if void := _VOID.search(rest):
        return Verdict(Meaning.EVENT, None, void[0])
    if lost := _LOST.search(rest):
        return Verdict(Meaning.EVENT, not is_own, lost[0])
    if won := _WON.search(rest):
        return Verdict(Meaning.EVENT, is_own, won[0])
    return None
