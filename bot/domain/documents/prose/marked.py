"""Predictions known by a stated probability: in bullets, numbered lines, headings, paragraphs, or on a line of its own after them."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.clauses import EDGES, verdict_before, without_sign
from bot.domain.documents.prose.dated import read_dated
from bot.domain.documents.prose.habits import read_habits
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.marked_alone import read_text_before, read_under_heading
from bot.domain.documents.prose.marked_items import read_item
from bot.domain.documents.prose.marked_paragraphs import read_paragraph
from bot.domain.documents.prose.odds import read_odds_habit
from bot.domain.documents.prose.options import read_quantiles, read_split
from bot.domain.documents.prose.pairs import read_pairs
from bot.domain.documents.prose.probabilities import Form, Stated, may_state, opens_with_number, read_stated, stands_alone
from bot.domain.documents.prose.replies import read_reply
from bot.domain.documents.prose.sections import Place, heading_level
from bot.domain.documents.prose.sentences import has_predicate, is_about_the_future, is_question
from bot.domain.documents.prose.shapes import LONGEST_BLOCK, Block, BlockKind, Span
from bot.domain.documents.prose.trailing import read_trailing
from bot.domain.types import Kind

_COUNTED = re.compile(
    r"\b(?!50\s*/\s*50)\d+\s*(?:/|of|out\s+of)\s*(?:my\s+|the\s+)?\d+\b(?![%\d])|\b\d+\s+(?:right|wrong|correct|true)\b|"
    r"\b(?:my|these|those|the)\s+\d+\s?%\s+(?:predictions|claims|intervals)|\b(?:i|we)\s+(?:got|was|were|scored|hit)\b[^.]{0,40}\d+\s?%",
    re.IGNORECASE,
)
_TALLY = re.compile(
    r"\bbrier\b|\bof\s+(?:the\s+)?(?:items|predictions|things|claims|questions)\b|\b(?:confidence|credible)\s+intervals?\b|\b(?:accuracy|hit\s+rate|for\s+a\s+score|log\s+score)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\W*(?:total|overall|(?:average|mean|expected)(?:\s+(?:number|score|confidence|probability|credence|brier)(?:\s+\w+)?)?)\W*[:=]",
    re.IGNORECASE,
)
_LONGEST_LOOSE = 60
_TOLD = re.compile(r"\W{0,20}(?:true|false|correct|incorrect)\b", re.IGNORECASE)
_FEW, _TERSE = 2, 3
_FIGURE = re.compile(
    r"\b(?:share|rates?|odds|polls?|polling|ballot|markets?|growth|inflation|unemployment|margins?|average|median|mean|base|probability|model|estimates?|approval|turnout|percentage|accuracy|prices?|"
    r"index|yield|survey|support|implied|historical(?:ly)?|last\s+year|so\s+far|currently|today)\b",
    re.IGNORECASE,
)
_SET_OFF = (Form.FINAL, Form.FIRST, Form.ALONE)


def read_marked(blocks: list[Block], places: list[Place], *, title: str = "") -> tuple[list[Candidate], list[Omission]]:
    """The predictions of the document that state a probability, tables apart, in its order."""
    found: list[Candidate] = []
    left: list[Omission] = []
    covered_to = -1
    holders = {place.holder for place in places}
    habits = read_habits(blocks, places, title=title) | read_odds_habit(blocks) | read_pairs(blocks, title=title)
    answers = _answers(blocks)
    headed = {
        index
        for index, block in enumerate(blocks)
        if heading_level(block) is not None and index not in holders and not _refusal(block)
        if read_stated(block.text, bold=block.bold)
    }
    stated_blocks: set[int] = set()
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.ROW or index in holders:
            continue
        if len(block.text) >= LONGEST_BLOCK:
            left.append(Omission(tidy(block.text[:300]), "a stretch too long to be read as a prediction", block.line))
            continue
        place = places[index]
        if reason := _refusal(block):
            if reason and read_stated(block.text, bold=block.bold):
                left.append(Omission(tidy(block.text), reason, block.line))
            continue
        if alone := stands_alone(without_sign(block.text)):
            if _introduces(blocks, places, index):
                continue
            if candidate := read_text_before(blocks, index, alone, covered_to):
                found.append(candidate)
                covered_to = index
            elif block.parent is None:
                left.append(Omission(tidy(block.text), "a probability without a statement before it", block.line))
            continue
        if index in answers:
            found.append(read_under_heading(blocks, index - 1, answers[index]))
            covered_to = index
            continue
        taken, omitted = _in_block(index, block, habits.get(index))
        is_below = len(headed) >= _FEW and bool(headed.intersection(place.headings[-1:]))
        is_reply = block.parent in stated_blocks or (index - 1 in stated_blocks and _stands_between(blocks, index))
        for item in taken:
            if reason := _remark(item, block, is_reply=is_reply, is_below=is_below):
                left.append(Omission(item.words, reason, item.line))
            else:
                found.append(item)
                stated_blocks.add(index)
                covered_to = index
        left += omitted
    return found, left


def _answers(blocks: list[Block]) -> dict[int, Stated]:
    """The paragraphs that open with a probability for the heading right above them: a question, or several headings alike."""
    found = {
        index: stated
        for index, block in enumerate(blocks)
        if index
        and block.kind is BlockKind.PARAGRAPH
        and blocks[index - 1].kind is BlockKind.HEADING
        and (stated := opens_with_number(block.text))
        and not (index + 1 < len(blocks) and opens_with_number(blocks[index + 1].text))
    }
    return {
        index: stated
        for index, stated in found.items()
        if is_question(blocks[index - 1].text) or (len(found) > 1 and not may_state(blocks[index - 1].text))
    }


def read_under_probability(blocks: list[Block], places: list[Place], taken: set[int]) -> list[Candidate]:
    """Items under a heading or lead that is nothing but a probability: "## 70%" and its list."""
    found: list[Candidate] = []
    listed = {places[index].holder for index, block in enumerate(blocks) if block.kind is BlockKind.ITEM}
    for index, block in enumerate(blocks):
        stated = places[index].stated
        is_statement = block.kind is BlockKind.ITEM or (
            block.kind is BlockKind.PARAGRAPH and places[index].holder not in listed and index != places[index].holder
        )
        if stated is None or not is_statement or block.parent is not None or index in taken:
            continue
        if _refusal(block) or (block.kind is BlockKind.PARAGRAPH and len(block.text.split()) > _LONGEST_LOOSE):
            continue
        verdict, start = verdict_before(block)
        behind = None if verdict else read_trailing(block.text[start:])
        words = block.text[start : start + behind[1] if behind and behind[1] > 3 else None].strip(EDGES)
        if re.search(r"[^\W\d_]{2}", words):
            verdict = verdict or (behind[0] if behind else None)
            found.append(Candidate(index, block.line, words, "an item under a probability", stated=stated, verdict=verdict))
    return found


def _refusal(block: Block) -> str | None:
    if block.is_quoted and not block.is_callout and not stands_alone(block.text) and not re.search(r"\d\s?%", block.text):
        return "a quotation"
    return None


def _stands_between(blocks: list[Block], index: int) -> bool:
    """Whether a paragraph stands between two items of what would be one list without it."""
    around = (blocks[index - 1], blocks[index + 1]) if 0 < index < len(blocks) - 1 else ()
    return (
        blocks[index].kind is BlockKind.PARAGRAPH
        and len(around) == 2
        and all(block.kind is BlockKind.ITEM and block.parent is None for block in around)
    )


def _remark(item: Candidate, block: Block, *, is_reply: bool, is_below: bool) -> str | None:
    """Why a number is only part of a remark on a prediction: on how it went, or below a heading that states its own."""
    if is_reply and (read_reply(block.text) or _TOLD.match(block.text)):
        return "a remark on how it went"
    if is_reply and block.kind is BlockKind.PARAGRAPH and item.stated and item.stated.form is Form.CUE:
        return "a comment on a prediction"
    if not is_below:
        return None
    is_claim = has_predicate(item.words) or is_about_the_future(item.words)
    if block.kind is BlockKind.ITEM and not is_claim and (len(item.words.split()) < _TERSE or _FIGURE.search(item.words)):
        return "a figure below a prediction"
    if block.kind is BlockKind.PARAGRAPH and not (item.stated and item.stated.form in _SET_OFF):
        return "a comment on the prediction above it"
    return None


def _in_block(index: int, block: Block, habit: list[Stated] | None) -> tuple[list[Candidate], list[Omission]]:
    text = block.text
    if not habit and not may_state(text):
        return [], []
    verdict, start = verdict_before(block)
    if read_quantiles(text):
        return [], []
    split = read_split(text[start:]) if block.kind is not BlockKind.HEADING and not habit else None
    if split and split.options:
        words = text[start : start + split.start].strip(EDGES) or text
        kind = Kind.MULTIPLE_CHOICE if split.options else Kind.BINARY
        return [
            Candidate(
                index,
                block.line,
                tidy(text[start:]),
                "a split between outcomes",
                kind=kind,
                options=split.options,
                statement=words,
            )
        ], []
    closing = tuple(span for span in block.italic if not text[span.end :].split("\n", 1)[0].strip())
    if "%" in text and (dated := read_dated(index, block, start)):
        return dated, []
    bold = tuple(Span(span.start - start, span.end - start) for span in block.bold + closing if span.start >= start)
    stated = [replace(part, start=part.start + start, end=part.end + start) for part in read_stated(text[start:], bold=bold)]
    stated = stated if habit is None else habit
    if not stated or (block.kind is BlockKind.HEADING and "/" in stated[0].raw):
        return [], []
    is_stated_of_it = (
        block.kind is BlockKind.ITEM and stated[-1].form is Form.FINAL and len(text[: stated[-1].start].split()) > 5
    )
    counted = any(
        not any(part.start < found.end() and found.start() < part.end for part in stated)
        for found in _COUNTED.finditer(text)
    )
    if lexicon.SCORED.search(text):
        return [], [Omission(tidy(text), "how often the author was right, no prediction", block.line)]
    is_total = _TOTAL.match(text) is not None
    tells = is_total or counted or (_TALLY.search(text) and not is_stated_of_it)
    if tells and len(stated) + 1 >= len(re.findall(r"[^\W\d_]{3,}", text)) / 12:
        return [], [Omission(tidy(text), "how often the author was right, no prediction", block.line)]
    if block.kind is BlockKind.PARAGRAPH and not habit:
        return read_paragraph(index, block, stated, verdict, start)
    return read_item(index, block, stated, verdict, start), []


def _introduces(blocks: list[Block], places: list[Place], index: int) -> bool:
    """Whether it stands above a list for which it holds, rather than below a statement."""
    if blocks[index].kind is BlockKind.HEADING:
        return True
    return index + 1 < len(blocks) and places[index + 1].lead == index
