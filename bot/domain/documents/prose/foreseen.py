"""Lists of what will and what won't be: "What I will see", "Won't happen", each with its items; and doubts told in words."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import verdict_of_item
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.sentences import sentences
from bot.domain.documents.prose.shapes import BlockKind
from bot.domain.types import Sureness

_WHO = r"(?:(?:what|things?|stuff|where)\s+)?(?:(?:that\s+)?(?:i|we|you)\s+(?:think\s+|expect\s+)?(?:we\s+)?)?"
_SEEN = r"(?:see|get|happen|ship|come|be|have|change|win)\w*(?:\s+\w+){0,2}"
_WILL = re.compile(
    rf"\W*{_WHO}(?:(?:will|'ll|’ll|expect(?:ing)?(?:\s+to)?)\s+{_SEEN}|expect(?:ing)?(?:\s+to\s+\w+)?)\W*", re.IGNORECASE
)
_WONT = re.compile(
    rf"\W*{_WHO}(?:(?:won[’']t|will\s+not|will\s+never|do(?:n[’']t|\s+not)\s+expect(?:\s+to)?|not\s+expect\w*(?:\s+to)?)\s+{_SEEN}|do(?:n[’']t|\s+not)\s+expect(?:\s+to\s+\w+)?)\W*",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:i[’']?m|i\s+am|we[’']re|it[’']?s|it\s+is)\s+(?P<verbal>(?:\w+\s+){0,2}(?:confident|certain|sure|doubtful|sceptical|skeptical|(?:un)?likely|a\s+(?:coin\s?flip|toss-?up|long\s?shot|safe\s+bet|near\s+certainty)))\s+(?:that|whether|if|about)?\b"
    r"|\b(?P<doubt>i\s+(?:very\s+much\s+|strongly\s+|really\s+)?(?:doubt|suspect)\s+(?:that\s+)?|i[’']d\s+be\s+(?:\w+\s+)?(?:surprised|shocked|amazed)\s+if)\b",
    re.IGNORECASE,
)
_FEW, _LONGEST = 2, 1_500


def read_foreseen(page: Page) -> list[Candidate]:
    """One prediction for each item below such headings, where both kinds stand in the document; a heading's words lead each."""
    signs: dict[int, bool] = {}
    for index, block in enumerate(page.blocks):
        text = tidy(block.text).rstrip(":")
        if len(text) < 60 and block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH):
            if _WONT.fullmatch(text):
                signs[index] = False
            elif _WILL.fullmatch(text):
                signs[index] = True
    if len(set(signs.values())) < _FEW:
        return []
    found: list[Candidate] = []
    for index, block in enumerate(page.blocks):
        place = page.places[index]
        above = place.lead if place.lead in signs else next((at for at in place.headings[::-1][:1] if at in signs), None)
        if block.kind is not BlockKind.ITEM or block.parent is not None or above is None:
            continue
        verdict, start = verdict_of_item(page.blocks, page.places, index)
        words = tidy(block.text[start:])
        found.append(
            Candidate(
                index,
                block.line,
                words,
                "a list of what will be and one of what won't",
                Sureness.HIGH,
                verdict=verdict,
                statement=f"{tidy(page.blocks[above].text).rstrip(': ')}: {words}",
            )
        )
    return found


def read_doubts(page: Page) -> list[Candidate]:
    """One prediction for each sentence that tells in words how likely something is, where several do."""
    found: list[Candidate] = []
    for index, block in enumerate(page.blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or block.is_quoted or len(block.text) > _LONGEST:
            continue
        for start, end in sentences(block.text):
            sentence = block.text[start:end]
            if said := _DOUBT.search(sentence):
                verbal = tidy(said["verbal"] or said["doubt"])
                found.append(
                    Candidate(
                        index,
                        block.line_at(start),
                        tidy(sentence),
                        "words that say how likely it is",
                        Sureness.MEDIUM,
                        verbal=verbal,
                        stretch=(start, end),
                    )
                )
    return found if len(found) >= _FEW else []
