"""What is taken of a page, with its parts: the decision's blocks, told by the witnesses that found them or by their own words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.choices import gather_choices
from bot.domain.documents.prose.decision import FITTED, Decision, Weights, decide
from bot.domain.documents.prose.grading import add_boxes, add_grades
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.logs import is_on_the_outcome
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.sections import REFUSED, Role, is_predictive_title, is_review_title
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.slots import read_slot
from bot.domain.documents.prose.titled import add_headings
from bot.domain.documents.prose.witnesses import tables_left_out, testimony
from bot.domain.types import Kind

MAX_PREDICTIONS = 2_000
_SAME = 88.0
_LONG_ENOUGH = 25
_MAX_COMPARED = 30
_FEW, _REPEATED = 2, 0.5
_TOO_LITTLE = "too little speaks for a prediction"
_NO_STATEMENT = "no statement could be read in it, unlike in those beside it"


@dataclass(frozen=True, slots=True)
class Selection:
    """The candidates of a document in its order, what was left out, and the decision behind both."""

    candidates: list[Candidate]
    left: list[Omission]
    decision: Decision
    others: list[Candidate]
    """The next best group, which was not taken."""


def select(page: Page, weights: Weights = FITTED) -> Selection:
    """The predictions of a page."""
    finds = testimony(page)
    decision = decide(page, finds, weights)
    by_block: dict[int, list[Candidate]] = {}
    for find in finds:
        by_block.setdefault(find.block, []).append(find)
    taken = [at for at in range(len(page.blocks)) if decision.taken[at]]
    found = [part for at in taken for part in _parts(page, at, by_block, float(decision.chances[at]))]
    _add_numbers_below(found, finds, page)
    others = [part for at in decision.runner_up for part in _parts(page, at, by_block, float(decision.chances[at]))]
    left = _left_out(page, finds, set(taken)) + _beside_taken(page, finds, {part.block for part in found})
    return Selection(_completed(found, page, left), left, decision, _completed(others, page, []))


def _parts(page: Page, at: int, finds: dict[int, list[Candidate]], chance: float) -> list[Candidate]:
    """The predictions of a block: those of the first witness in the table, filled by the others; or the block's own words."""
    here = finds.get(at, [])
    first = [find for find in here if find.witness == here[0].witness]
    for other in here:
        if other.witness != first[0].witness and len(first) == 1:
            _fill(first[0], other, page.blocks[at])
    made = first or [slot for slot in (read_slot(page, at),) if slot is not None]
    for one in made:
        one.chance = chance
    return made


def _fill(candidate: Candidate, other: Candidate, block: Block) -> None:
    if other.stated and not is_on_the_outcome(other.stated, block) and not candidate.options and not candidate.quantiles:
        candidate.stated = candidate.stated or other.stated
    if not candidate.is_stated or candidate.witness == "records":
        candidate.verdict = candidate.verdict or other.verdict
    candidate.verbal = candidate.verbal or other.verbal


def _add_numbers_below(found: list[Candidate], finds: list[Candidate], page: Page) -> None:
    """To a heading that is taken, the one number that is stated in the paragraphs below it."""
    below: dict[int, list[Candidate]] = {}
    for find in finds:
        headings = page.places[find.block].headings
        if find.witness == "numbers" and headings and headings[-1] != find.block:
            below.setdefault(headings[-1], []).append(find)
    for candidate in found:
        stated = [find.stated for find in below.get(candidate.block, []) if find.stated]
        if page.blocks[candidate.block].kind is BlockKind.HEADING and not candidate.is_stated and len(stated) == 1:
            candidate.stated = stated[0]


def _completed(found: list[Candidate], page: Page, left: list[Omission]) -> list[Candidate]:
    """With what stands around the predictions: options of one question, headings, grades; and without repeats."""
    found = gather_choices(found, page.blocks, page.places)
    add_headings(found, page.blocks, page.places)
    for candidate in found:
        _add_question(candidate, page)
    found.sort(key=lambda candidate: candidate.line)
    if len(found) > MAX_PREDICTIONS:
        line = found[MAX_PREDICTIONS].line
        left.append(Omission("The rest of the document", f"it holds more than {MAX_PREDICTIONS:,} predictions", line))
        found = found[:MAX_PREDICTIONS]
    found = _without_repeats(found, page, left)
    add_boxes(found, page.blocks, page.title)
    add_grades(found, page.blocks, page.places, is_review=is_review_title(page.origin.title or ""))
    return found


def _left_out(page: Page, finds: list[Candidate], taken: set[int]) -> list[Omission]:
    """What a witness found and the decision did not take, and the sections of which nothing was taken, each with its reason."""
    left = tables_left_out(page)
    for find in finds:
        if find.block not in taken:
            role = page.roles[find.block]
            left.append(Omission(find.words, role.value if role in REFUSED else _TOO_LITTLE, find.line))
    held = {heading for at in taken for heading in page.places[at].headings}
    for index, block in enumerate(page.blocks):
        if block.kind is BlockKind.HEADING and index not in held and index not in taken:
            role = page.roles[index + 1] if index + 1 < len(page.blocks) else Role.PLAIN
            if role in (Role.DISCLAIMED, Role.OTHERS, Role.REVIEW):
                left.append(Omission(block.text, role.value, block.line))
    return left


def _beside_taken(page: Page, finds: list[Candidate], taken: set[int]) -> list[Omission]:
    """Rows and items without a find, in tables and lists that others were taken from, so that the review names everything."""

    def list_of(at: int) -> tuple[object, ...]:
        block = page.blocks[at]
        return block.kind, block.level, block.parent, block.table, block.is_numbered, page.places[at].headings

    lists = Counter(list_of(at) for at in taken if page.blocks[at].kind in (BlockKind.ROW, BlockKind.ITEM))
    known = {find.block for find in finds}.union(taken, *(find.covers for find in finds if find.block in taken))
    return [
        Omission(tidy(block.text), _NO_STATEMENT, block.line)
        for at, block in enumerate(page.blocks)
        if at not in known and tidy(block.text) and lists[list_of(at)] > 1
    ]


def _without_repeats(found: list[Candidate], page: Page, left: list[Omission]) -> list[Candidate]:
    """Without the items of a summary that repeats what the document says elsewhere."""
    summary = [candidate for candidate in found if page.roles[candidate.block] is Role.SUMMARY]
    others = [candidate for candidate in found if page.roles[candidate.block] is not Role.SUMMARY]
    if summary and len(others) >= max(_FEW, _REPEATED * len(summary)):
        left += [Omission(candidate.words, Role.SUMMARY.value, candidate.line) for candidate in summary]
        found = others
    repeats = _repeats(found, page)
    sections = Counter(page.places[candidate.block].headings for candidate in found)
    repeated = Counter(page.places[candidate.block].headings for candidate in found if id(candidate) in repeats)
    kept: list[Candidate] = []
    for candidate in found:
        headings = page.places[candidate.block].headings
        same = repeats.get(id(candidate))
        if same is not None and repeated[headings] > 0.6 * sections[headings]:
            left.append(Omission(candidate.words, f"says the same as line {same.line}", candidate.line))
            same.verdict = same.verdict or candidate.verdict
        else:
            kept.append(candidate)
    return kept


def _repeats(found: list[Candidate], page: Page) -> dict[int, Candidate]:
    """What says the same as something in another section before it, with the same number."""
    seen: dict[tuple[float, tuple[str, ...]], list[tuple[str, Candidate]]] = {}
    repeats: dict[int, Candidate] = {}
    for candidate in found:
        words, value = tidy(candidate.words[:2000]).casefold()[:300], candidate.stated.value if candidate.stated else None
        if value is None:
            continue
        alike = seen.setdefault((value, tuple(re.findall(r"\d+", words))), [])
        for others, other in alike[-_MAX_COMPARED:]:
            if page.places[other.block].headings != page.places[candidate.block].headings and (
                words == others or (len(words) > _LONG_ENOUGH and fuzz.ratio(words, others) >= _SAME)
            ):
                repeats[id(candidate)] = other
                break
        alike.append((words, candidate))
    return repeats


def _add_question(candidate: Candidate, page: Page) -> None:
    """A heading that asks ("Who is the nominee?") belongs to the answer below it."""
    headings = page.places[candidate.block].headings
    if not headings or headings[-1] == candidate.block or candidate.block - headings[-1] > _FEW:
        return
    question = tidy(page.blocks[headings[-1]].text)
    if question.endswith("?") and not is_predictive_title(question) and question not in candidate.words:
        candidate.words = f"{question}\n{candidate.words}"
        candidate.subject = candidate.subject or question
        if candidate.kind is Kind.MULTIPLE_CHOICE:
            candidate.statement = question
