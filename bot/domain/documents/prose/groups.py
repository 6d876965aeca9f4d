"""Blocks that are alike: of one kind, level, mark and place. What a writer does once they do again, so they are weighed together."""

from __future__ import annotations

from collections import Counter

import numpy as np

from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.shapes import BlockKind
from bot.domain.documents.prose.signals import GROUPED, Signals

_FEW, _OFTEN, _SOME = 2, 3, 0.3
_DIFFERENT = ("stated", "future", "length", "date", "own forecast", "predicate", "past")
"""Signals for which a group is set beside the document's other groups."""


def read_groups(page: Page, signals: Signals, labels: list[str]) -> np.ndarray:
    """The number of each block's group."""
    repeated = {label for label, count in Counter(label for label in labels if label).items() if count >= _FEW}
    named = {
        name: signals.column(name)
        for name in ("numbered", "bold lead", "box", "question", "stated", "number below", "sign", "serial", "bold heading")
    }
    keys: dict[tuple[object, ...], int] = {}
    found = np.zeros(len(page.blocks), dtype=np.int64)
    lists = [(page.places[index].headings, page.places[index].lead, block.level) for index, block in enumerate(page.blocks)]
    items = Counter(lists[index] for index, block in enumerate(page.blocks) if block.kind is BlockKind.ITEM)
    numbers = Counter(
        lists[index] for index, block in enumerate(page.blocks) if block.kind is BlockKind.ITEM and named["stated"][index]
    )
    stated = {listed for listed, count in numbers.items() if count >= _SOME * items[listed]}
    for index, block in enumerate(page.blocks):

        def flag(name: str, at: int = index) -> bool:
            return bool(named[name][at])

        label = labels[index] if labels[index] in repeated else ""
        above = labels[block.parent] if block.parent is not None and labels[block.parent] in repeated else ""
        key: tuple[object, ...] = (block.kind, block.level, block.is_quoted, label, above, flag("numbered"))
        match block.kind:
            case BlockKind.ROW:
                key = (block.kind, block.table)
            case BlockKind.HEADING:
                key = (*key, flag("question"), flag("stated"))
            case BlockKind.PARAGRAPH:
                own = ("bold lead", "number below", "stated", "sign")
                # Those that are numbered one by one are alike, whatever else stands in them.
                marks = tuple(flag(name) and not flag("serial") for name in own)
                key = (*key, block.parent is not None, flag("bold heading"), *marks)
            case BlockKind.ITEM:
                key = (*key, flag("bold lead"), flag("box"), lists[index] in stated)
        found[index] = keys.setdefault(key, len(keys))
    return found


def means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The mean of each column over the group of each row."""
    count = np.bincount(groups).astype(float)
    total = np.zeros((len(count), values.shape[1]))
    np.add.at(total, groups, values)
    return (total / count[:, None])[groups]


def sections_of(page: Page) -> np.ndarray:
    """The number of the section that each block stands in: kind, last heading and lead."""
    keys: dict[tuple[object, ...], int] = {}
    made: list[int] = []
    for index, (block, place) in enumerate(zip(page.blocks, page.places, strict=True)):
        above = [at for at in place.headings if at != index]
        key = (block.kind, above[-1] if above else None, place.lead)
        made.append(keys.setdefault(key, len(keys)))
    return np.array(made, dtype=np.int64)


def widened(page: Page, signals: Signals, groups: np.ndarray) -> Signals:
    """The signals of blocks with the means of their group and section, the group's size, and how it differs from the document."""
    count = len(page.blocks)
    at = [signals.names.index(name) for name in GROUPED]
    grouped = means(signals.values[:, at], groups)
    sectioned = means(signals.values[:, at], sections_of(page))
    sizes = np.bincount(groups)[groups].astype(float)
    words = np.array([min(len(block.text), 2_000) for block in page.blocks], dtype=float)
    text = np.bincount(groups, weights=words)[groups] / max(1.0, words.sum())
    names = [GROUPED.index(name) for name in _DIFFERENT]
    best = np.array([grouped[sizes >= _FEW, name].max(initial=0.0) for name in names])
    behind = best[None, :] - grouped[:, names]
    body = np.array([[np.mean(signals.column(name))] * count for name in ("stated", "future", "code", "past")]).T
    extra = np.column_stack(
        [np.log1p(sizes) / 5, sizes == 1, text, sizes / count, sizes * (sizes <= 3) / 3, *_rhythm(groups, sizes)]
    )
    extra_names = (
        *("size", "alone", "share of the text", "share of the blocks", "few alike"),
        *("others below", "others above"),
    )
    return Signals(
        (
            *signals.names,
            *(f"group: {name}" for name in GROUPED),
            *(f"section: {name}" for name in GROUPED),
            *(f"behind: {name}" for name in _DIFFERENT),
            *(f"document: {name}" for name in ("stated", "future", "code", "past")),
            *extra_names,
        ),
        np.column_stack([signals.values, grouped, sectioned, behind, body, extra]),
    )


def _rhythm(groups: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The share of each block's group that has the same other group below it, and above it: statement and grade, in turn."""
    found: list[np.ndarray] = []
    for step in (1, -1):
        beside = np.full(len(groups), -1)
        if step == 1:
            beside[:-1] = groups[1:]
        else:
            beside[1:] = groups[:-1]
        pairs = Counter((own, other) for own, other in zip(groups.tolist(), beside.tolist(), strict=True) if own != other)
        most: dict[int, int] = {}
        for (own, other), times in pairs.items():
            if other >= 0 and times >= _OFTEN:
                most[own] = max(most.get(own, 0), times)
        found.append(np.array([most.get(own, 0) for own in groups.tolist()]) / sizes)
    return found[0], found[1]
