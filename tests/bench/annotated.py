"""How well documents are read: `python -m tests.bench.annotated FOLDER...`, where each folder has documents and an `expected.json`.

Precision and recall are averages over the documents that make predictions; documents without any count as read well if nothing
was taken from them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.documents.prose.decision import FITTED, Weights
from bot.domain.documents.prose.extract import as_rows, extract

SURENESS = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document with what a person read in it."""

    name: str
    file: str
    raw: bytes
    predictions: list[dict[str, Any]]


@dataclass(slots=True)
class Score:
    """How one document fared: hits, finds too many, and of the hits how many have each part right."""

    name: str
    of: int
    hits: int = 0
    false: int = 0
    found: int = 0
    parts: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    sureness: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    lost: list[str] = field(default_factory=list[str])
    invented: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])

    @property
    def precision(self) -> float:
        """Of what was taken, the share that is right."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else 0.0

    @property
    def recall(self) -> float:
        """Of what is there, the share that was taken."""
        return self.hits / self.of if self.of else 0.0


def load(folder: Path) -> list[Annotated]:
    """The documents of a folder, by its `expected.json`; unreadable entries are passed over."""
    listed: list[dict[str, Any]] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["documents"]
    return [
        Annotated(str(entry["id"]), entry["file"], (folder / entry["file"]).read_bytes(), entry.get("predictions") or [])
        for entry in listed
        if (folder / entry["file"]).is_file()
    ]


def plain(text: str) -> str:
    """Words alone, links and tags left out."""
    return re.sub(r"[\W_]+", " ", re.sub(r"\]\([^)]*\)|<[^>]*>", " ", text)).lower().strip()


def anchors_of(prediction: dict[str, Any]) -> list[str]:
    """The words by which a prediction is known."""
    options: list[dict[str, Any]] = prediction.get("options") or []
    return [prediction["anchor"], *(option["anchor"] for option in options if option.get("anchor"))]


def match(row: dict[str, Any], predictions: Sequence[dict[str, Any]], used: set[int]) -> tuple[int | None, bool]:
    """Which of the predictions a row is, by its words or else its line; and whether it repeats one with options."""
    text, line, repeats = plain(str(row["statement"])), row.get("line"), False
    for by_line in (False, True):
        for at, wanted in enumerate(predictions):
            if by_line:
                same = line is not None and line == wanted["line"]
            else:
                is_here = wanted.get("anchor_unique", True) or line in (None, wanted["line"])
                same = is_here and any(plain(words) and plain(words) in text for words in anchors_of(wanted))
            if same and at in used:
                repeats = repeats or bool(wanted.get("options"))
            elif same:
                return at, repeats
    return None, repeats


def score(document: Annotated, rows: Sequence[dict[str, Any]]) -> Score:
    """The rows of an extraction beside the annotation."""
    wanted = document.predictions
    result = Score(document.name, sum(not item.get("optional") for item in wanted), found=len(rows))
    used: set[int] = set()

    def count(table: dict[str, tuple[int, int]], name: str, *, right: bool) -> None:
        before = table.get(name, (0, 0))
        table[name] = (before[0] + right, before[1] + 1)

    for row in rows:
        at, repeats = match(row, wanted, used)
        if at is None:
            if not repeats:
                result.false += 1
                result.invented.append(f"{row['line']}: {str(row['statement'])[:70]!r} ({row.get('sureness')})")
                count(result.sureness, str(row.get("sureness")), right=False)
            continue
        used.add(at)
        item = wanted[at]
        if item.get("optional"):
            continue
        result.hits += 1
        count(result.sureness, str(row.get("sureness")), right=True)
        stated = item.get("stated_probability")
        if stated is not None:
            given = row.get("probability")
            count(result.parts, "probability", right=given is not None and abs(given - stated) < 1e-6)
        elif not item.get("options"):
            count(result.parts, "probability", right=row.get("probability") is None)
        if item.get("outcome") is not None:
            right = row.get("outcome") == item["outcome"]
            count(result.parts, "outcome", right=right)
            if not right:
                result.wrong.append(
                    f"{row['line']}: {item['outcome']}, read {row.get('outcome')} in {str(row['statement'])[:80]!r}"
                )
        if item.get("window_end"):
            right = row["window"]["end"] in (item["window_end"], *item.get("window_end_also", ()))
            count(result.parts, "window", right=right)
            if not right:
                result.wrong.append(
                    f"{row['line']}: ends {item['window_end']}, read {row['window']} in {str(row['statement'])[:60]!r}"
                )
    result.lost = [
        f"{item['line']}: {item['anchor']!r}"
        for at, item in enumerate(wanted)
        if at not in used and not item.get("optional")
    ]
    return result


def read(document: Annotated, weights: Weights = FITTED) -> list[dict[str, Any]]:
    """What the reader finds in a document, as rows with their sureness."""
    extraction = extract(document.raw, path=document.file, weights=weights)
    return [
        row | {"sureness": item.prediction.sureness} for row, item in zip(as_rows(extraction), extraction.items, strict=True)
    ]


def total(scores: Sequence[Score]) -> str:
    """The averages in one line."""
    making = [one for one in scores if one.of]
    empty = [one for one in scores if not one.of and not one.hits]
    parts = {
        name: (
            sum(one.parts.get(name, (0, 0))[0] for one in scores),
            sum(one.parts.get(name, (0, 0))[1] for one in scores),
        )
        for name in ("probability", "outcome", "window")
    }
    said = ", ".join(f"{name} {right}/{of}" for name, (right, of) in parts.items() if of)
    sure = {
        name: (
            sum(one.sureness.get(name, (0, 0))[0] for one in scores),
            sum(one.sureness.get(name, (0, 0))[1] for one in scores),
        )
        for name in SURENESS
    }
    held = ", ".join(f"{name} {right}/{of}" for name, (right, of) in sure.items() if of)
    line = f"{len(making)} documents: P {mean(one.precision for one in making):.3f}"
    line += f" R {mean(one.recall for one in making):.3f}; {said}; sureness {held}"
    if empty:
        line += f"; {sum(not one.false for one in empty)} of {len(empty)} pages without predictions are empty"
    return line


def mean(values: Any) -> float:
    """The mean, 0 of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def main() -> None:
    """A line for each document, and one for each folder; with -v what was lost and invented."""
    verbose = "-v" in sys.argv
    for name in [argument for argument in sys.argv[1:] if argument != "-v"]:
        scores = [score(document, read(document)) for document in load(Path(name))]
        for one in scores:
            parts = " ".join(f"{part} {right}/{of}" for part, (right, of) in one.parts.items())
            print(f"{one.name} n={one.of} P {one.precision:.2f} R {one.recall:.2f} {parts}")
            if verbose:
                print(
                    "\n".join(
                        [f"   - {words}" for words in one.lost]
                        + [f"   + {words}" for words in one.invented]
                        + [f"   ! {words}" for words in one.wrong]
                    )
                )
        print(f"{name}: {total(scores)}")


if __name__ == "__main__":
    main()
