"""What speaks for and against each block being a prediction: numbers between 0 and 1, read block by block and then over its group."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.clauses import is_comment
from bot.domain.documents.prose.outcomes import read_graded_line, read_sign
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.probabilities import Form, Stated, read_stated, stands_alone
from bot.domain.documents.prose.records import key_of
from bot.domain.documents.prose.replies import read_reply
from bot.domain.documents.prose.sections import Role, heading_level
from bot.domain.documents.prose.sentences import has_predicate, is_question
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.trailing import read_trailing
from bot.domain.documents.prose.windows import find_terms

_LOOKED_AT, _NEAR, _SHORT, _WORDED, _OFTEN = 1_500, 300, 60, 4, 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_SERIAL = re.compile(
    r"[\s*_#(\[]*(?:(?:prediction|forecast|bet|claim|question|[A-Z]{1,3})[\s#.-]?\s?)?\d{1,4}[a-z]?\s?[.):—–-]",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[\s*_>-]{0,20}(?P<label>[^\W\d_][^:\n.?!]{1,40}?)[*_]{0,20}\s?:[*_]{0,20}(?=\s|$)")
_BOX = re.compile(r"\s*\[[ xX✓✗]\]\s")
_P = re.compile(r"(?<![\w.])p\s?[=:≈~]?\s?(?:0?\.\d|1\.0)", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<![\d.,$€£])0?\.\d{1,3}(?![\d%])")
_URL = re.compile(r"https?://|www\.")
_CODE = re.compile(r"`|\b[\w/-]+\.(?:py|js|ts|json|ya?ml|toml|csv|sh|md|txt)\b|(?<!\w)--[a-z]|[{}<>]|\w\(\)|==|::")
_GAP = re.compile(r"\[[^\]\[\d(]{3,60}\](?!\()|\{\{?[^{}\n]{1,60}\}|<[a-z _-]{3,30}>|\b(?:YYYY|TBD|XX+)\b|_{4,}|\be\.g\.")
_MONEY = re.compile(r"[$€£]\s?\d")
_ENDS_NUMBER = re.compile(r"\d\s?[%)\]]?[\W_]*$")
_OPENS_NUMBER = re.compile(r"[\W_]*\d[\d.,]*\s?%")


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of a page's blocks by name, one row for each block."""

    names: tuple[str, ...]
    values: np.ndarray

    def column(self, name: str) -> np.ndarray:
        """The values of one signal."""
        return self.values[:, self.names.index(name)]


@dataclass(frozen=True, slots=True)
class Seen:
    """A block with what is read in it once for all its signals."""

    page: Page
    index: int
    block: Block
    text: str
    words: int
    stated: list[Stated]
    label: str
    below: Block | None
    is_repeated: bool = False
    """Whether its label stands before other blocks too: "Grade:", again and again."""
    is_over_repeated: bool = False
    """Whether the block below has such a label, another than its own."""
    is_opened: bool = False
    """Whether a paragraph further up in its section ends with a colon: "Here they are:"."""

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether its words match."""
        return pattern.search(self.text) is not None

    def says(self, *forms: Form) -> bool:
        """Whether it states a number in one of these forms."""
        return any(stated.form in forms for stated in self.stated)


def see(page: Page, index: int, labels: list[str], repeated: frozenset[str], opened: frozenset[int]) -> Seen:
    """A block as the signals look at it."""
    block = page.blocks[index]
    text = block.text[:_LOOKED_AT]
    below = page.blocks[index + 1] if index + 1 < len(page.blocks) else None
    label, label_below = labels[index], labels[index + 1] if below is not None else ""
    return Seen(
        page,
        index,
        block,
        text,
        len(_WORD.findall(text)),
        read_stated(text, bold=block.bold),
        label,
        below,
        label in repeated,
        label_below in repeated and label_below != label,
        index in opened,
    )


def _opened(page: Page) -> frozenset[int]:
    """The paragraphs of a section below one that ends with a colon."""
    opening: set[tuple[int, ...]] = set()
    found: set[int] = set()
    for index, (block, place) in enumerate(zip(page.blocks, page.places, strict=True)):
        if block.kind is not BlockKind.PARAGRAPH or block.parent is not None or heading_level(block) is not None:
            continue
        if place.headings in opening:
            found.add(index)
        if block.text.rstrip().endswith(":"):
            opening.add(place.headings)
    return frozenset(found)


def label_of(text: str) -> str:
    """The short words before a colon with which a text begins: "Bold prediction"."""
    found = _LABEL.match(text[:_LOOKED_AT])
    return found["label"].strip().casefold() if found else ""


def read_labels(page: Page) -> list[str]:
    """The label of each block, empty where it has none."""
    return [label_of(block.text) for block in page.blocks]


def _section(seen: Seen, pattern: re.Pattern[str], *, near: bool = True) -> bool:
    place = seen.page.places[seen.index]
    above = [at for at in place.headings if at != seen.index]
    listed = above[-1:] if near else above[:-1]
    return any(pattern.search(seen.page.blocks[at].text[:200]) for at in listed)


def _lead(seen: Seen, pattern: re.Pattern[str]) -> bool:
    lead = seen.page.places[seen.index].lead
    return lead is not None and lead != seen.index and pattern.search(seen.page.blocks[lead].text[:400]) is not None


def _is_announced(seen: Seen) -> bool:
    return seen.page.title_signals["title predicts"] > 0


def _is_last_heading(seen: Seen) -> bool:
    """Whether it is a heading with text, not further headings, right below it."""
    return seen.block.kind is BlockKind.HEADING and seen.below is not None and seen.below.kind is not BlockKind.HEADING


def _above(seen: Seen) -> tuple[int, ...]:
    place = seen.page.places[seen.index]
    near = place.lead if place.lead is not None else next((at for at in place.headings[::-1] if at != seen.index), None)
    return (near,) if near is not None and near != seen.index else ()


def _is_time(block: Block) -> bool:
    """Whether it only names a time: "By 2030", "Q3 2026:", "In ten years"."""
    if len(block.text) > _SHORT:
        return False
    terms = find_terms(f"by {block.text}" if block.text[:1].isdigit() else block.text, year=2000)
    return bool(terms) and len(_WORD.findall(block.text)) - max(len(_WORD.findall(term.raw)) for term in terms) <= 1


def _is_child(seen: Seen) -> bool:
    return seen.block.parent is not None


def _has_child(seen: Seen) -> bool:
    return seen.below is not None and seen.below.parent == seen.index


def _leads(seen: Seen) -> bool:
    return any(seen.index == seen.page.places[at].lead for at in (seen.index + 1,) if at < len(seen.page.places))


def _bold_lead(seen: Seen) -> bool:
    return bool(seen.block.bold) and not seen.block.text[: seen.block.bold[0].start].strip(" \n0123456789.)#:[]x")


def _bold_share(seen: Seen) -> float:
    return min(1.0, sum(span.end - span.start for span in seen.block.bold) / max(1, len(seen.block.text)))


def _below_text(seen: Seen) -> str:
    return seen.below.text[:300] if seen.below is not None and seen.below.kind is not BlockKind.HEADING else ""


def _position(seen: Seen) -> float:
    return seen.index / max(1, len(seen.page.blocks) - 1)


def _before_heading(seen: Seen) -> bool:
    return not [at for at in seen.page.places[seen.index].headings if at != seen.index]


def _role(*roles: Role) -> Callable[[Seen], bool]:
    return lambda seen: seen.page.roles[seen.index] in roles


OWN: dict[str, Callable[[Seen], float | bool]] = {
    "heading": lambda seen: seen.block.kind is BlockKind.HEADING,
    "paragraph": lambda seen: seen.block.kind is BlockKind.PARAGRAPH,
    "item": lambda seen: seen.block.kind is BlockKind.ITEM,
    "row": lambda seen: seen.block.kind is BlockKind.ROW,
    "quoted": lambda seen: seen.block.is_quoted,
    "child": _is_child,
    "parent": _has_child,
    "numbered": lambda seen: seen.block.is_numbered or _SERIAL.match(seen.text) is not None,
    "bold lead": _bold_lead,
    "bold share": _bold_share,
    "box": lambda seen: _BOX.match(seen.text) is not None,
    "length": lambda seen: math.log1p(seen.words) / 5,
    "terse": lambda seen: seen.words < 4,
    "long": lambda seen: seen.words > 60,
    "question": lambda seen: is_question(seen.text),
    "colon": lambda seen: seen.text.rstrip().endswith(":"),
    "stated": lambda seen: bool(seen.stated),
    "stated at the end": lambda seen: seen.says(Form.FINAL),
    "stated with a word": lambda seen: seen.says(Form.CUE),
    "stated alone": lambda seen: stands_alone(seen.text) is not None,
    "stated first": lambda seen: seen.says(Form.FIRST),
    "stated in passing": lambda seen: seen.says(Form.BARE, Form.BOLD, Form.BRACKETS),
    "several stated": lambda seen: len(seen.stated) > 1,
    "percent": lambda seen: "%" in seen.text,
    "p": lambda seen: seen.has(_P),
    "decimal": lambda seen: seen.has(_DECIMAL),
    "digit": lambda seen: any(letter.isdigit() for letter in seen.text),
    "ends with a number": lambda seen: _ENDS_NUMBER.search(seen.text[-40:]) is not None,
    "opens with a number": lambda seen: _OPENS_NUMBER.match(seen.text) is not None,
    "money": lambda seen: seen.has(_MONEY),
    "number below": lambda seen: stands_alone(_below_text(seen)) is not None,
    "grade below": lambda seen: read_graded_line(_below_text(seen)) is not None,
    "sign": lambda seen: read_sign(seen.text) is not None,
    "verdict behind": lambda seen: read_trailing(seen.text) is not None,
    "struck": lambda seen: bool(seen.block.struck),
    "future": lambda seen: seen.has(lexicon.FUTURE),
    "own forecast": lambda seen: seen.has(lexicon.OWN),
    "past": lambda seen: seen.has(lexicon.PAST),
    "hedged": lambda seen: seen.has(lexicon.HEDGED),
    "told": lambda seen: seen.has(lexicon.TOLD),
    "instructs": lambda seen: seen.has(lexicon.INSTRUCTS),
    "predicate": lambda seen: has_predicate(seen.text),
    "date": lambda seen: bool(find_terms(seen.text[:600], year=2000)),
    "only a time": lambda seen: _is_time(seen.block),
    "section is a time": lambda seen: any(_is_time(seen.page.blocks[at]) for at in _above(seen)),
    "credence": lambda seen: seen.has(lexicon.CREDENCE),
    "predicting": lambda seen: seen.has(lexicon.PREDICTING),
    "orders": lambda seen: lexicon.ORDERS.match(seen.text) is not None,
    "to be filled in": lambda seen: seen.has(_GAP),
    "url": lambda seen: seen.has(_URL),
    "code": lambda seen: seen.has(_CODE),
    "label": lambda seen: bool(seen.label),
    "label predicts": lambda seen: bool(seen.label and lexicon.PREDICTED.search(seen.label)),
    "label remarks": lambda seen: bool(seen.label and lexicon.REMARKS.match(seen.label)) or is_comment(seen.text),
    "field": lambda seen: key_of(seen.text.split("\n", 1)[0]) is not None,
    "field below": lambda seen: key_of(_below_text(seen).split("\n", 1)[0]) is not None,
    "leads": _leads,
    "under a lead": lambda seen: seen.page.places[seen.index].lead is not None and not _leads(seen),
    "lead predicts": lambda seen: _lead(seen, lexicon.PREDICTING),
    "section predicts": lambda seen: _section(seen, lexicon.PREDICTING),
    "section looks back": lambda seen: _section(seen, lexicon.LOOKS_BACK),
    "section is apart": lambda seen: _section(seen, lexicon.APART),
    "chapter predicts": lambda seen: _section(seen, lexicon.PREDICTING, near=False),
    "chapter is apart": lambda seen: _section(seen, lexicon.APART, near=False),
    "heading is apart": lambda seen: seen.block.kind is BlockKind.HEADING and seen.has(lexicon.APART),
    "worded heading": lambda seen: seen.block.kind is BlockKind.HEADING and seen.words >= _WORDED,
    "last heading": _is_last_heading,
    "announced heading": lambda seen: _is_announced(seen) and seen.block.kind is BlockKind.HEADING and seen.words >= _WORDED,
    "announced item": lambda seen: _is_announced(seen) and seen.block.kind is BlockKind.ITEM and not _is_child(seen),
    "announced future": lambda seen: _is_announced(seen) and seen.has(lexicon.FUTURE),
    "disclaimed": _role(Role.DISCLAIMED),
    "of others": _role(Role.OTHERS),
    "apparatus": _role(Role.APPARATUS),
    "summary": _role(Role.SUMMARY),
    "earlier year": _role(Role.REVIEW),
    "tier": lambda seen: seen.page.places[seen.index].tier is not None,
    "under a number": lambda seen: seen.page.places[seen.index].stated is not None,
    "before headings": _before_heading,
    "position": _position,
    "reasons below": lambda seen: seen.below is not None and seen.below.kind is BlockKind.PARAGRAPH,
    "remark below": lambda seen: is_comment(_below_text(seen)),
    "wordless": lambda seen: seen.words == 0,
    "serial": lambda seen: _SERIAL.match(seen.text) is not None,
    "label repeats": lambda seen: seen.is_repeated,
    "repeated label below": lambda seen: seen.is_over_repeated,
    "graded line": lambda seen: seen.words <= _WORDED and read_graded_line(seen.text) is not None,
    "reply": lambda seen: read_reply(seen.text[:_NEAR]) is not None,
    "stated above": lambda seen: (
        _is_child(seen) and bool(read_stated(seen.page.blocks[seen.block.parent or 0].text[:_NEAR]))
    ),
    "opened": lambda seen: seen.is_opened,
    "bold heading": lambda seen: seen.block.kind is BlockKind.PARAGRAPH and heading_level(seen.block) is not None,
}
"""Each signal of a block by its name."""

GROUPED = tuple(
    name
    for name in OWN
    if name
    not in (
        "heading",
        "paragraph",
        "item",
        "row",
        "position",
        "quoted",
        "child",
        "numbered",
        "leads",
        "before headings",
        "wordless",
    )
)
"""The signals whose mean over a group counts as well."""


def read_signals(page: Page) -> Signals:
    """The own signals of all blocks."""
    readers = tuple(OWN.values())
    values = np.zeros((len(page.blocks), len(readers)))
    labels, opened = read_labels(page), _opened(page)
    repeated = frozenset(label for label, count in Counter(labels).items() if label and count >= _OFTEN)
    for index in range(len(page.blocks)):
        seen = see(page, index, labels, repeated, opened)
        values[index] = [float(reader(seen)) for reader in readers]
    return Signals(tuple(OWN), values)
