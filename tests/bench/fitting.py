"""Fits the weights by which documents are read: `python -m tests.bench.fitting FOLDER... [--write]`.

Each folder has documents and an `expected.json`; of the first ones, named with `--read`, the witnesses were written with the
documents in hand, so what they find there says nothing about how far to trust them. Prints how the documents fare when each of
them in turn is left out. The same documents give the same bits: plain Newton steps in a fixed order, weights rounded."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.documents.prose import decision
from bot.domain.documents.prose.decision import Evidence, Weights, group_logits, sigmoid, vote_columns
from bot.domain.documents.prose.extract import read_page
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.witnesses import testimony
from tests.bench.annotated import Annotated, Score, anchors_of, load, plain, read, score, total
from tests.conftest import ROOT, SHARED

WEIGHTS = ROOT / "bot" / "domain" / "documents" / "prose" / "weights.py"
STEPS, FEW_STEPS, CLOSE, EACH = 25, 4, 1e-9, 30.0
PENALTY, VOTE_PENALTY, PAGE_PENALTY = 10.0, 1.0, 1.0
EARLIER: dict[str, Any] = json.loads((ROOT / "tests" / "bench" / "earlier_weights.json").read_text(encoding="utf-8"))
"""What documents taught that are no longer at hand: the fit stays near it."""
NEAR, HANDFULS, TRUNCATED = 40, 4, "003_"
SHORT_PAGE, NONE_PER_ONE = 0.3, 0.7
"""How much a short document says on whether a page predicts, and how heavy pages without predictions are beside the others."""


@dataclass(slots=True, eq=False)
class Case:
    """A document with its evidence, and which of its blocks a person took for predictions."""

    document: Annotated
    page: Page
    evidence: Evidence
    truth: np.ndarray
    counts: np.ndarray
    """0 for blocks that may be taken or not."""
    is_new: bool
    logits: np.ndarray
    weight: float = 1.0


def case_of(document: Annotated, *, is_new: bool, weight: float = 1.0) -> Case:
    """A document as the fit looks at it."""
    page = read_page(document.raw, path=document.file)
    truth, counts = labels_of(page, document)
    evidence = decision.read_evidence(page, testimony(page))
    return Case(document, page, evidence, truth, counts, is_new, np.zeros(len(truth)), weight)


def labels_of(page: Page, document: Annotated) -> tuple[np.ndarray, np.ndarray]:
    """Which blocks hold the document's predictions, and which of all blocks count."""
    truth, counts = np.zeros(len(page.blocks)), np.ones(len(page.blocks))
    texts = [plain(block.text) for block in page.blocks]
    ends = [block.line + block.text.rstrip().count("\n") for block in page.blocks]
    for wanted in document.predictions:
        line = wanted["line"] or 0
        on_line = [at for at, block in enumerate(page.blocks) if block.line <= line <= ends[at]]
        for anchor in anchors_of(wanted):
            named = [at for at, text in enumerate(texts) if plain(anchor) and plain(anchor) in text]
            near = [at for at in named if at in on_line] or (
                named if len(named) == 1 else [at for at in named if abs(page.blocks[at].line - line) < NEAR]
            )
            best = near[:1] or (on_line[:1] if anchor == wanted["anchor"] else [])
            for at in best:
                if not wanted.get("optional"):
                    truth[at] = counts[at] = 1
                elif not truth[at]:
                    counts[at] = 0
    return truth, counts


def newton(
    columns: np.ndarray,
    truth: np.ndarray,
    weights: np.ndarray,
    penalty: float,
    *,
    start: np.ndarray | None = None,
    prior: np.ndarray | None = None,
) -> np.ndarray:
    """Logistic regression with a ridge around the prior; the constant, which comes last, is free. `start` is near the end: it
    saves steps."""
    wide = np.column_stack([columns, np.ones(len(columns))])
    ridge = np.full(wide.shape[1], penalty)
    ridge[-1] = 1e-3
    before = np.zeros(wide.shape[1]) if prior is None else prior
    found = before.copy() if start is None else start.copy()
    for _ in range(STEPS if start is None else FEW_STEPS):
        chances = sigmoid(wide @ found)
        slope = wide.T @ (weights * (chances - truth)) + ridge * (found - before)
        bend = (wide * (weights * chances * (1 - chances) + 1e-9)[:, None]).T @ wide + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        found = found - step
        if np.abs(step).max() < CLOSE:
            break
    return found


def fit_signals(cases: Sequence[Case], *, start: np.ndarray | None = None) -> np.ndarray:
    """The weights of the signals, each document counting the same."""
    weights = [case.counts * case.weight * EACH / max(1.0, case.counts.sum()) for case in cases]
    return newton(
        np.vstack([case.evidence.signals.values for case in cases]),
        np.concatenate([case.truth for case in cases]),
        np.concatenate(weights),
        PENALTY,
        start=start,
        prior=np.array([EARLIER["chance"].get(name, 0.0) for name in (*cases[0].evidence.signals.names, "constant")]),
    )


def fit_votes(cases: Sequence[Case]) -> np.ndarray:
    """How far the witnesses are to be trusted, by documents that they were not written after."""
    new = [case for case in cases if case.is_new]
    weights = [(case.evidence.against == 0) * case.counts * case.weight * EACH / max(1.0, case.counts.sum()) for case in new]
    return newton(
        np.vstack([vote_columns(case.evidence, case.logits) for case in new]),
        np.concatenate([case.truth for case in new]),
        np.concatenate(weights),
        VOTE_PENALTY,
        prior=np.array(EARLIER["vote"]),
    )


def weigh(case: Case, weights: np.ndarray) -> np.ndarray:
    """The logits of a document's blocks by their signals."""
    return group_logits(case.evidence.signals.values, case.evidence.groups, weights)


def chances_of(case: Case, votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The logits and chances of a document's blocks with the votes."""
    logits = vote_columns(case.evidence, case.logits) @ votes[:-1] + votes[-1] - case.evidence.against
    return logits, sigmoid(logits)


def fit_pages(cases: Sequence[Case], chances: Sequence[np.ndarray]) -> tuple[tuple[str, ...], np.ndarray]:
    """What says that a document predicts at all."""
    listed = [decision.page_signals(case.page, case.evidence, chance) for case, chance in zip(cases, chances, strict=True)]
    names = tuple(name for name in listed[0] if name != "constant")
    columns = np.array([[signals[name] for name in names] for signals in listed])
    truth = np.array([float(case.truth.any()) for case in cases])
    weights = np.array([1.0 if case.weight == 1 else SHORT_PAGE for case in cases])
    weights[[case.document.file.startswith(TRUNCATED) for case in cases]] = 0  # it would predict if it went on
    weights[truth == 0] *= NONE_PER_ONE * weights[truth == 1].sum() / max(1e-9, weights[truth == 0].sum())
    signs = np.array([-1 if name in decision.PAGE_AGAINST else 1 for name in names])
    prior = np.array([EARLIER["page"].get(name, 0.0) for name in (*names, "constant")])
    return names, signed(columns, truth, weights, signs, prior)


def signed(columns: np.ndarray, truth: np.ndarray, weights: np.ndarray, signs: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """The regression without what would speak against its own meaning, left out step by step."""
    kept = np.ones(columns.shape[1], dtype=bool)
    while True:
        part = newton(columns[:, kept], truth, weights, PAGE_PENALTY, prior=prior[[*np.flatnonzero(kept), -1]])
        found = np.zeros(columns.shape[1] + 1)
        found[:-1][kept], found[-1] = part[:-1], part[-1]
        wrong = found[:-1] * signs < 0
        if not wrong.any():
            return found
        kept &= ~wrong


def parts_of(cases: list[Case]) -> list[list[Case]]:
    """Whom to leave out together: whole documents alone, the short ones of the tests in a few handfuls."""
    short = [case for case in cases if case.weight < 1]
    return [[case] for case in cases if case.weight == 1] + [
        short[at::HANDFULS] for at in range(HANDFULS) if short[at::HANDFULS]
    ]


def weigh_apart(cases: list[Case]) -> None:
    """The logits of each document's blocks, by weights to which it gave nothing."""
    whole = fit_signals(cases)
    for part in parts_of(cases):
        weights = fit_signals([other for other in cases if other not in part], start=whole)
        for case in part:
            case.logits = weigh(case, weights)


def fitted(cases: Sequence[Case]) -> Weights:
    """All weights, by these cases; their logits must have been weighed apart."""
    votes = fit_votes(cases)
    names, pages = fit_pages(cases, [chances_of(case, votes)[1] for case in cases])
    signals = fit_signals(cases)
    by_name = dict(zip((*cases[0].evidence.signals.names, "constant"), map(float, signals), strict=True))
    return Weights(by_name, tuple(map(float, votes)), dict(zip((*names, "constant"), map(float, pages), strict=True)))


def left_out(cases: list[Case], *, verbose: bool) -> None:
    """How each document is read by weights to which it gave nothing."""
    weigh_apart(cases)
    scores: list[Score] = []
    sure: list[float] = []
    unsure: list[float] = []
    whole = fit_signals(cases)
    for case in cases:
        if case.weight < 1:
            continue
        others = [other for other in cases if other is not case]
        votes = fit_votes(others)
        names, pages = fit_pages(others, [chances_of(other, votes)[1] for other in others])
        signals = fit_signals(others, start=whole)
        weights = Weights(
            dict(zip((*case.evidence.signals.names, "constant"), map(float, signals), strict=True)),
            tuple(map(float, votes)),
            dict(zip((*names, "constant"), map(float, pages), strict=True)),
        )
        one = score(case.document, read(case.document, weights))
        scores.append(one)
        predicts = decision.decide(case.page, testimony(case.page), weights).predicts
        (sure if one.of else unsure).append(predicts)
        print(
            f"{one.name}{'' if case.is_new else ' (read)'} n={one.of}: P {one.precision:.2f} R {one.recall:.2f}",
            f"predicts {predicts:.2f} {one.parts}",
        )
        if verbose:
            print(
                "\n".join(
                    [f"   - {words}" for words in one.lost]
                    + [f"   + {words}" for words in one.invented]
                    + [f"   ! {words}" for words in one.wrong]
                )
            )
    print(
        "predicting:",
        " ".join(f"{one:.2f}" for one in sorted(sure)),
        "| not:",
        " ".join(f"{one:.2f}" for one in sorted(unsure)),
    )
    print("left out in turn:", total(scores))


def forms() -> list[Annotated]:
    """The short documents of the tests, as annotated ones: they teach kinds, with a small weight."""
    from tests.domain.documents.prose.test_forms import ALL_FORMS, NOTHING

    made = [
        Annotated(
            form.name,
            form.path,
            form.text.encode(),
            [{"anchor": said, "line": None, "anchor_unique": True} for said, _, _ in form.expected],
        )
        for form in ALL_FORMS
    ]
    return [*made, *(Annotated(text[:30], "page.md", text.encode(), []) for text in NOTHING)]


def manuals() -> list[Annotated]:
    """The project's own pages, which speak of predictions throughout and make none."""
    listed = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
    return [Annotated(path.name, path.name, path.read_bytes(), []) for path in listed]


def seeds(folder: Path) -> list[Annotated]:
    """The given documents: essays of which a few sentences predict."""
    if not (folder / "annotation.json").is_file():
        return []
    listed = json.loads((folder / "annotation.json").read_text(encoding="utf-8"))["documents"]
    return [
        Annotated(
            source["file"],
            source["file"],
            (folder / source["file"]).read_bytes(),
            [item | {"optional": item["tier"] == "optional"} for item in source["predictions"]],
        )
        for source in listed
    ]


def written(cases: list[Case]) -> str:
    """The module of the weights, fitted to all cases."""
    weigh_apart(cases)
    weights = fitted(cases)
    return "\n".join(
        (
            '"""Weights, written by `python -m tests.bench.fitting`: what each signal says for a block, a vote, a page."""',
            "",
            "from __future__ import annotations",
            "",
            _table("CHANCE", weights.chance),
            f"VOTE: tuple[float, ...] = ({', '.join(f'{weight:.3f}' for weight in weights.vote)})",
            _table("PAGE", weights.page),
            "",
        )
    )


def _table(name: str, weights: Mapping[str, float]) -> str:
    entries = [f'"{signal}": {weight:.3f}, ' for signal, weight in weights.items() if abs(weight) >= 0.0005]
    lines = [""]
    for entry in entries:
        if len(lines[-1]) + len(entry) > 118:
            lines.append("")
        lines[-1] += entry
    body = "\n".join(f"    {line.rstrip()}" for line in lines)
    return f"{name}: dict[str, float] = {{\n{body}\n}}  # fmt: skip"


def main() -> None:
    """Fit, report, and with `--write` put the weights into the package."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fitting", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="documents that the witnesses were not written after")
    parser.add_argument("--read", nargs="*", type=Path, default=[], help="documents that they were written after")
    parser.add_argument("--forms", type=float, default=0.1, help="the weight of each short document of the tests")
    parser.add_argument("-v", "--verbose", action="store_true", help="name what was lost and invented")
    parser.add_argument("--unchecked", action="store_true", help="do not leave each document out in turn: it takes minutes")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    cases = [case_of(document, is_new=False) for folder in asked.read for document in load(folder)]
    cases += [case_of(document, is_new=True) for folder in asked.folders for document in load(folder)]
    cases += [case_of(document, is_new=False) for document in seeds(SHARED / "seeds")]
    cases += [case_of(document, is_new=True, weight=0.2) for document in manuals()]
    if asked.forms:
        cases += [case_of(document, is_new=True, weight=asked.forms) for document in forms()]
    cases = [case for case in cases if len(case.truth)]
    if not asked.unchecked:
        left_out(cases, verbose=asked.verbose)
    if asked.write:
        WEIGHTS.write_text(written(cases), encoding="utf-8")


if __name__ == "__main__":
    main()
