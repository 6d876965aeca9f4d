"""Grades that stand around predictions: by style, on the lines below, by the heading, in boxes."""

from __future__ import annotations

import re

from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.grades import heading_verdict
from bot.domain.documents.prose.legends import STRUCK, read_legend
from bot.domain.documents.prose.outcomes import read_graded_line, read_inline_verdict
from bot.domain.documents.prose.replies import OF_ALL, read_prose_verdict, read_reply
from bot.domain.documents.prose.sections import Place, heading_level, is_review_title
from bot.domain.documents.prose.sentences import sentences
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.trailing import read_trailing
from bot.domain.documents.prose.verdict_words import GOOD, Meaning, Verdict

_FEW_STRUCK, _FEW_TICKED, _FEW_REPLIES, _MOSTLY = 2, 3, 3, 1.2
_OVERALL = re.compile(
    r"\W*(?:of\s+(?:these|those|the|my)|overall|in\s+(?:total|sum)|all\s+in\s+all|altogether)\b", re.IGNORECASE
)
_POINTS = re.compile(
    r"(?<![\w.,%$€£/])(?P<sign>[+−–-])\s?1(?![\w%/,]|\.\d)|\b(?:score|points?|grade)\W{1,6}(?P<score>[01])(?![\w/%]|\.\d)",
    re.IGNORECASE,
)
"""What an author gives themselves for a prediction: `+1`, `-1`, `Score: 0`."""
_NEAR = 400
_FEW_POINTS, _LOOKED_BELOW, _LONGEST_BELOW, _HABIT, _MOST = 3, 8, 6_000, 0.3, 0.5
_TICKED = ("[x]", "[X]", "[✓]")
_RESOLVED = re.compile(
    r"\b(?:resolved|outcomes?|what\s+happened|came\s+true|checked|marked|one\s+year\s+(?:on|later))\b", re.IGNORECASE
)


def add_grades(found: list[Candidate], blocks: list[Block], places: list[Place], *, is_review: bool) -> None:
    """Grades by style, on the lines below a prediction (a bullet within it, a paragraph before the next one), or by its heading."""
    legend = read_legend(blocks)
    taken = {candidate.block for candidate in found}
    replies = _replies(found, blocks, taken, is_review=is_review)
    for candidate in found:
        if candidate.verdict is not None or blocks[candidate.block].kind is BlockKind.ROW:
            continue
        for at in range(candidate.block + 1, min(candidate.block + 8, len(blocks))):
            block = blocks[at]
            if at in taken or block.kind in (BlockKind.HEADING, BlockKind.ROW):
                break
            if block.kind is BlockKind.ITEM and block.parent is None and blocks[candidate.block].kind is BlockKind.ITEM:
                break
            if verdict := read_graded_line(block.text) or read_inline_verdict(block.text[:200]):
                candidate.verdict = verdict
                break
        if candidate.verdict is None:
            block = blocks[candidate.block]
            start, end = candidate.stretch or (0, len(block.text))
            candidate.verdict = (
                replies.get(candidate.block)
                or read_inline_verdict(block.text)
                or legend.verdict_of(block, start, end)
                or (_behind(block) if candidate.stated is None else None)
                or heading_verdict(places[candidate.block], blocks)
            )
    _add_points(found, blocks)
    graded = sum(candidate.verdict is not None for candidate in found)
    if is_review or graded >= max(_FEW_REPLIES, _MOST * len(found)):
        for candidate in found:
            if candidate.verdict is None and blocks[candidate.block].kind is not BlockKind.ROW:
                candidate.verdict = _told_below(candidate, blocks, taken)
        _add_shared(found, blocks, taken)
    if is_review:
        _add_unstruck(found, blocks)
        _add_unticked(found, blocks, places)


def _add_shared(found: list[Candidate], blocks: list[Block], taken: set[int]) -> None:
    """A remark below the last of several lines without an empty one between them is on all of them: "Neither."."""
    run: list[Candidate] = []
    for candidate, following in zip(found, [*found[1:], None], strict=False):
        block = blocks[candidate.block]
        run = [*run, candidate] if block.kind is BlockKind.ITEM else []
        at = candidate.block + 1
        if following is not None and following.block == at and blocks[at].line <= block.line + block.text.count("\n") + 1:
            continue
        verdict = candidate.verdict
        if len(run) > 1 and verdict is not None and at < len(blocks) and at not in taken and blocks[at].parent == at - 1:
            open_ones = [other for other in run if other.verdict is None]
            said = OF_ALL.search(blocks[at].text[:_NEAR]) is not None
            if len(open_ones) == len(run) - 1 and (said or (verdict.value is False and verdict.meaning is Meaning.EVENT)):
                for other in open_ones:
                    other.verdict = verdict
        run = []


def _below(candidate: Candidate, blocks: list[Block], taken: set[int]) -> list[str]:
    """The paragraphs and parts below a prediction, before the next one or the next heading."""
    found: list[str] = []
    for at in range(candidate.block + 1, min(candidate.block + 1 + _LOOKED_BELOW, len(blocks))):
        block = blocks[at]
        if at in taken or block.kind in (BlockKind.HEADING, BlockKind.ROW) or heading_level(block) is not None:
            break
        if block.kind is BlockKind.ITEM and block.parent is None and blocks[candidate.block].kind is BlockKind.ITEM:
            break
        found.append(block.text)
    return found


def _add_points(found: list[Candidate], blocks: list[Block]) -> None:
    """Points that the author gives themselves below predictions, where that is a habit; they rule over single words."""
    taken = {candidate.block for candidate in found}
    given: dict[int, Verdict] = {}
    for at, candidate in enumerate(found):
        hits = [hit for text in _below(candidate, blocks, taken) for hit in _POINTS.finditer(text[:_LONGEST_BELOW])]
        if hits:
            value = hits[-1]["sign"] == "+" if hits[-1]["sign"] else hits[-1]["score"] == "1"
            given[at] = Verdict(Meaning.AUTHOR, value, hits[-1][0])
    if len(given) >= _FEW_POINTS and len(given) >= _HABIT * sum(
        bool(_below(candidate, blocks, taken)) for candidate in found
    ):
        for at, verdict in given.items():
            found[at].verdict = verdict


def _told_below(candidate: Candidate, blocks: list[Block], taken: set[int]) -> Verdict | None:
    """What the words below say became of it: a later paragraph's beginning, or the last sentences."""
    below = _below(candidate, blocks, taken)
    for text in below:
        if verdict := read_prose_verdict(text):
            return verdict
    if not below:
        return None
    last = below[-1][-_LONGEST_BELOW:]
    spans = sentences(last)
    return read_prose_verdict(last[spans[-1][0] :]) if len(spans) > 1 else None


def _replies(found: list[Candidate], blocks: list[Block], taken: set[int], *, is_review: bool) -> dict[int, Verdict]:
    """What the paragraphs right below predictions say became of them, where that is a habit or the document a review."""
    below = {
        candidate.block: blocks[candidate.block + 1].text
        for candidate in found
        if candidate.block + 1 < len(blocks)
        and candidate.block + 1 not in taken
        and blocks[candidate.block + 1].kind is not BlockKind.ROW
        and (
            blocks[candidate.block + 1].kind is BlockKind.PARAGRAPH or blocks[candidate.block + 1].parent == candidate.block
        )
        and not blocks[candidate.block + 1].is_quoted
        and not _OVERALL.match(blocks[candidate.block + 1].text)
        and heading_level(blocks[candidate.block + 1]) is None
    }
    read = {at: verdict for at, text in below.items() if (verdict := read_reply(text))}
    if is_review:
        read = {at: verdict for at, text in below.items() if (verdict := read_prose_verdict(text))}
        return read if len(read) > 1 or len(found) <= _FEW_REPLIES else {}
    return read if len(read) >= max(_FEW_REPLIES, 0.5 * len(below)) else {}


def _add_unstruck(found: list[Candidate], blocks: list[Block]) -> None:
    """On a page of results where lines are drawn through what did not happen, and nothing else is graded, the rest happened."""
    struck = sum(candidate.verdict is not None and candidate.verdict.raw in (STRUCK, "set struck") for candidate in found)
    graded = sum(candidate.verdict is not None and candidate.verdict.value is not None for candidate in found)
    if struck < _FEW_STRUCK or graded > _MOSTLY * struck:
        return
    for candidate in found:
        if candidate.verdict is None and blocks[candidate.block].kind is not BlockKind.ROW:
            candidate.verdict = Verdict(Meaning.EVENT, True, "not struck through")


def _add_unticked(found: list[Candidate], blocks: list[Block], places: list[Place]) -> None:
    """On a page of results with ticks for what happened and no other marks, what has no tick in a list with several did not.

    A remark behind a number ("was 45 exactly") grades nothing then."""
    if any(item.verdict is not None and (item.verdict.raw not in GOOD or item.verdict.value is None) for item in found):
        return
    lists: dict[tuple[int | None, tuple[int, ...]], list[Candidate]] = {}
    for candidate in found:
        if blocks[candidate.block].kind is BlockKind.ITEM and candidate.stated is not None:
            place = places[candidate.block]
            lists.setdefault((place.lead, place.headings), []).append(candidate)
    for listed in lists.values():
        ticked = sum(candidate.verdict is not None for candidate in listed)
        if ticked < _FEW_TICKED or ticked < len(listed) - ticked:
            continue
        for candidate in listed:
            if candidate.verdict is None:
                candidate.verdict = Verdict(Meaning.EITHER, False, "no tick beside ticks")


def add_boxes(found: list[Candidate], blocks: list[Block], title: str) -> None:
    """Empty boxes mean "no" where others are ticked and the document is about results; else they are open."""
    ticked = any(candidate.verdict and candidate.verdict.raw in _TICKED for candidate in found)
    if not ticked or not (is_review_title(title) or _RESOLVED.search(title)):
        return
    for candidate in found:
        if candidate.verdict is None and blocks[candidate.block].text.lstrip().startswith("[ ]"):
            candidate.verdict = Verdict(Meaning.EITHER, False, "[ ]")


def _behind(block: Block) -> Verdict | None:
    found = read_trailing(block.text) if block.kind in (BlockKind.ITEM, BlockKind.PARAGRAPH) else None
    return found[0] if found else None
