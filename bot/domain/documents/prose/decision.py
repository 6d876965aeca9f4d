"""The one decision: how likely each block is to be a prediction, and which of them are taken.

What speaks for a block (`signals`), for the blocks like it (`groups`) and what the witnesses found become one chance. How many are
taken is the document's own threshold: as many as make the expected agreement with a careful reader (F1) highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.documents.prose import lexicon
from bot.domain.documents.prose.candidates import Candidate
from bot.domain.documents.prose.clauses import is_comment
from bot.domain.documents.prose.groups import means, read_groups, widened
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.records import Key, key_of
from bot.domain.documents.prose.replies import read_reply
from bot.domain.documents.prose.sections import Role
from bot.domain.documents.prose.shapes import BlockKind
from bot.domain.documents.prose.signals import Signals, read_labels, read_signals
from bot.domain.documents.prose.weights import CHANCE, PAGE, VOTE
from bot.domain.types import Sureness

STRENGTHS = (Sureness.HIGH, Sureness.MEDIUM, Sureness.LOW)
OWN_SHARE = 0.4
"""How much of a block's weight is its own; the rest is its group's."""
_ALIKE, _WIDE = 4, 0.5
"""How many blocks alike are taken whole or not at all, and how near their logits have to lie."""
ANY, _ANY_OF_ROWS, _FAINT = 0.08, 0.6, 0.05
"""How likely a page must predict for anything to be taken of it; one that's nothing but a table in which nobody found any; and
how likely its best block."""
_RUNNER_UP = 0.08
_AGAINST = {Role.DISCLAIMED: 12.0, Role.OTHERS: 5.0, Role.REVIEW: 2.0, Role.APPARATUS: 2.0}
_TITLE, _REMARK, _ROW, _LOOKED_AT = 3.0, 4.0, 9.0, 400
"""What speaks against a block by what is said of it: too rare in any set of documents to be fitted, and plain to a reader."""
_FIELDS = (Key.CRITERIA, Key.OUTCOME, Key.WINDOW, Key.MADE, Key.FORECASTER)
_HOPELESS = 0.03
_OUTRIGHT = 3.0
"""What it says for a page that its front matter holds a statement with a probability or a deadline: it says so outright."""
_FEW = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a page's blocks before anything is decided."""

    signals: Signals
    groups: np.ndarray
    votes: np.ndarray
    """What the witnesses found, one column for each of `VOTES`."""
    against: np.ndarray
    """What is taken off each block's logit: its section or its label says that it is none."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal says for a block, the votes for it, and a page's signals for its predicting at all."""

    chance: Mapping[str, float]
    vote: tuple[float, ...]
    page: Mapping[str, float]


FITTED = Weights(CHANCE, VOTE, PAGE)


@dataclass(frozen=True, slots=True)
class Decision:
    """Which blocks are predictions, how likely each of them is one, and the next best group, for a person to ask for."""

    chances: np.ndarray
    taken: np.ndarray
    predicts: float
    """How likely the document is to make predictions at all."""
    runner_up: tuple[int, ...]


PAGE_ALL = (
    "own forecast",
    "future",
    "date",
    "stated",
    "credence",
    "code",
    "instructs",
    "orders",
    "to be filled in",
    "url",
    "told",
)
PAGE_TAKEN = (
    *(
        "stated",
        "future",
        "own forecast",
        "predicate",
        "date",
        "label predicts",
        "section predicts",
        "sign",
        "verdict behind",
    ),
    *("instructs", "orders", "to be filled in", "code", "told", "section is apart", "terse"),
)
PAGE_AGAINST = frozenset(
    (
        *("all: code", "all: instructs", "all: orders", "all: to be filled in", "all: url", "all: told", "title teaches"),
        *(
            "taken: instructs",
            "taken: orders",
            "taken: to be filled in",
            "taken: code",
            "taken: told",
            "taken: section is apart",
        ),
        "taken: terse",
        *("title asks", "headings of a manual", "share of such headings", "fenced"),
    )
)
"""What can only speak against a page's predicting; all else can only speak for it, whatever chance has put into the fit."""
_EXPLAINED = (0.0, 0.0, 0.0, 0.0, 1.0)
VOTES = ("surely found", "found", "weakly found", "stated", "part of a find")


def read_evidence(page: Page, finds: Sequence[Candidate]) -> Evidence:
    """The evidence on a page's blocks, the witnesses' finds among it."""
    signals = read_signals(page)
    groups = read_groups(page, signals, read_labels(page))
    votes = np.zeros((len(page.blocks), len(VOTES)))
    own: dict[str, set[int]] = {}
    for find in finds:
        votes[find.block, STRENGTHS.index(find.sureness)] = 1.0
        votes[find.block, VOTES.index("stated")] = max(votes[find.block, VOTES.index("stated")], float(find.is_stated))
        own.setdefault(find.witness, set()).add(find.block)
    for find in finds:
        # what belongs to a find is explained by it: what others saw there speaks no more
        votes[[at for at in find.covers if at not in own[find.witness]]] = _EXPLAINED
    return Evidence(
        widened(page, signals, groups), groups, votes, _against(page, votes, {find.block for find in finds if find.is_own})
    )


def _against(page: Page, votes: np.ndarray, own: set[int]) -> np.ndarray:
    found = np.array([0.0 if at in own else _AGAINST.get(role, 0.0) for at, role in enumerate(page.roles)])
    read = {
        page.blocks[at].table for at in np.flatnonzero(votes[:, :-1].any(axis=1)) if page.blocks[at].kind is BlockKind.ROW
    }
    stated = votes[:, 0] * votes[:, 3] > 0
    for index, block in enumerate(page.blocks):
        known = key_of(block.text[:100].split("\n", 1)[0])
        if is_comment(block.text[:100]) or (known and known[0] in _FIELDS and not votes[index, :-1].any()):
            found[index] += _REMARK
        if not votes[index, 0] and _is_reply(page, index, stated):
            found[index] += _REMARK
        if not votes[index, 0] and lexicon.SCORED.search(block.text[:_LOOKED_AT]):
            found[index] += _REMARK
        if block.kind is BlockKind.ROW and block.table in read and not votes[index, :-1].any():
            found[index] += _ROW  # a total below rows that are predictions
        is_title = tidy(block.text) == page.origin.title and (block.kind is BlockKind.HEADING or index == len(page.entries))
        if is_title and not stated[index] and (block.kind is not BlockKind.HEADING or not votes[index, :-1].any()):
            found[index] += _TITLE if block.kind is BlockKind.HEADING else _ROW
        if block.kind is BlockKind.HEADING and page.roles[index] is Role.SUMMARY and index not in own:
            found[index] += _TITLE
    return found


def _is_reply(page: Page, index: int, stated: np.ndarray) -> bool:
    """Whether it stands below what surely states a number, and begins by saying what became of it: "Nope. Oil rose."."""
    block = page.blocks[index]
    if block.kind not in (BlockKind.ITEM, BlockKind.PARAGRAPH) or index == 0:
        return False
    return bool(stated[block.parent if block.parent is not None else index - 1]) and read_reply(block.text) is not None


LEAST, ANY_SHARE = 0.2, 0.5
"""A block with a lower chance is never taken for a witness's word alone."""


def decide(page: Page, finds: Sequence[Candidate], weights: Weights = FITTED) -> Decision:
    """What is taken of a page."""
    if not page.blocks:
        return Decision(np.zeros(0), np.zeros(0, dtype=bool), 0.0, ())
    evidence = read_evidence(page, finds)
    logits = logits_of(evidence, weights)
    chances = sigmoid(logits)
    said = _dot(page_signals(page, evidence, chances), weights.page) + _OUTRIGHT * bool(page.entries)
    predicts = float(sigmoid(np.array([said]))[0])
    told = _told(page, finds)
    split = np.zeros(len(page.blocks), dtype=bool)
    split[[find.block for find in finds if find.options and find.sureness is Sureness.HIGH]] = True
    sure = told | (evidence.votes[:, 0] * evidence.votes[:, 3] > 0)
    # What a witness surely found with its number is taken although it stands alone, unless something speaks against it.
    chosen = (
        told
        | _evened(best_share(chances), logits, evidence.groups)
        | (
            sure & (evidence.against <= 0) & ((chances >= LEAST) | split)  # shares that sum to one speak for themselves
        )
    )
    taken = without_bodies(page, logits, chosen, sure=sure)
    for find in finds:
        if taken[find.block]:  # a heading whose words a find below it has as its own
            taken[[at for at in find.covers if at in page.places[find.block].headings]] = False
    least = ANY if finds or any(block.kind is not BlockKind.ROW for block in page.blocks) else _ANY_OF_ROWS
    if (predicts < least or chances.max() < _FAINT) and not told.any():
        return Decision(chances, np.zeros_like(taken), predicts, _indexes(taken) if taken.any() else ())
    return Decision(chances, taken, predicts, _runner_up(page, sigmoid(logits + evidence.against), taken, evidence))


def _told(page: Page, finds: Sequence[Candidate]) -> np.ndarray:
    """The rows of a document that is nothing but a table, whose columns say outright that its rows are predictions."""
    told = np.zeros(len(page.blocks), dtype=bool)
    if all(block.kind is BlockKind.ROW for block in page.blocks):
        told[[find.block for find in finds if find.witness == "tables" and find.is_named]] = True
    return told


def group_logits(values: np.ndarray, groups: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weight of each block's signals, a fifth its own and four fifths its group's; `weights` ends with the constant."""
    own = values @ weights[:-1] + weights[-1]
    return OWN_SHARE * own + (1 - OWN_SHARE) * means(own[:, None], groups)[:, 0]


def vote_columns(evidence: Evidence, logits: np.ndarray) -> np.ndarray:
    """What the last weighing looks at: the weight of the signals, the votes on a block, and those on its group."""
    return np.column_stack([logits, evidence.votes, means(evidence.votes, evidence.groups)])


def logits_of(evidence: Evidence, weights: Weights) -> np.ndarray:
    """The logit of each block's chance."""
    signals = np.array([weights.chance.get(name, 0.0) for name in (*evidence.signals.names, "constant")])
    columns = vote_columns(evidence, group_logits(evidence.signals.values, evidence.groups, signals))
    votes = np.array(weights.vote)
    return columns @ votes[:-1] + votes[-1] - evidence.against


def page_signals(page: Page, evidence: Evidence, chances: np.ndarray) -> dict[str, float]:
    """What says that a document predicts at all, by name: its title and opening, its text, and what would be taken of it."""
    column = evidence.signals.column
    ordered = np.sort(chances)[::-1]
    taken = best_share(chances) | (chances == chances.max())
    listed = {
        "constant": 1.0,
        "best chance": float(ordered[0]),
        "third chance": float(ordered[min(2, len(ordered) - 1)]),
        "expected": float(np.log1p(chances.sum())) / 5,
        "surely found": float(np.log1p(evidence.votes[:, 0].sum())) / 3,
        "found": float(np.log1p(evidence.votes[:, 1].sum())) / 3,
        "covered": float(evidence.votes[:, -1].mean()),
        "taken: found": float(evidence.votes[taken, :2].max(axis=1).mean()),
        "forecasts of one's own": float(np.log1p((column("own forecast") * column("future")).sum())) / 3,
    }
    listed |= {f"all: {name}": float(column(name).mean()) for name in PAGE_ALL}
    listed |= {f"taken: {name}": float(column(name)[taken].mean()) for name in PAGE_TAKEN}
    return listed | page.title_signals


def best_share(chances: np.ndarray) -> np.ndarray:
    """The blocks to take: the k most likely, for the k with the highest expected F1."""
    order = np.argsort(-chances, kind="stable")
    expected = 2 * np.cumsum(chances[order]) / (np.arange(1, len(chances) + 1) + chances.sum() + 1e-12)
    taken = np.zeros(len(chances), dtype=bool)
    taken[order[: int(np.argmax(expected)) + 1]] = True
    return taken & (chances > _HOPELESS)


def _evened(taken: np.ndarray, logits: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Where the document's threshold runs through a group of blocks that are as likely as each other, all of them or none."""
    kept = taken.copy()
    for group in set(groups[taken].tolist()):
        members = np.flatnonzero(groups == group)
        near = members[np.abs(logits[members] - np.median(logits[members])) < _WIDE]
        if len(near) >= _ALIKE:
            kept[near] = taken[near].mean() >= ANY_SHARE
    return kept


def without_bodies(page: Page, logits: np.ndarray, taken: np.ndarray, *, sure: np.ndarray) -> np.ndarray:
    """Of a heading and what stands below it, the better: both would say the same twice. What surely states its own number stays."""
    kept = taken.copy()
    inside: dict[int, list[int]] = {}
    for index in _indexes(taken):
        for heading in page.places[index].headings:
            if heading != index and taken[heading]:
                inside.setdefault(heading, []).append(index)
    for heading, body in inside.items():
        if logits[body].max() > logits[heading]:
            kept[heading] = sure[heading]
        else:
            kept[body] = sure[body]
    return kept


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Chances for logits."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def _runner_up(page: Page, chances: np.ndarray, taken: np.ndarray, evidence: Evidence) -> tuple[int, ...]:
    """The best group of which nothing is taken, if it is not hopeless; `chances` without what speaks outright against it."""
    # what is disclaimed is a group of its own, though it looks like the others
    groups = evidence.groups * 2 + (evidence.against > 0)
    best: tuple[float, tuple[int, ...]] = (_RUNNER_UP, ())
    held = set(groups[taken].tolist())
    covered = {heading for index in _indexes(taken) for heading in page.places[index].headings}
    for group in sorted(set(groups.tolist()) - held):
        members = tuple(index for index in np.flatnonzero(groups == group).tolist() if index not in covered)
        if len(members) >= _FEW and (mean := float(chances[list(members)].mean())) > best[0]:
            best = (mean, members)
    return best[1]


def _indexes(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(index) for index in np.flatnonzero(mask))


def _dot(values: dict[str, float], weights: Mapping[str, float]) -> float:
    return sum(value * weights.get(name, 0.0) for name, value in values.items())
