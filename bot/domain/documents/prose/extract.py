"""A prose document to a prediction file that a person can review: pure, deterministic, nothing invented."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from bot.domain.documents.models import LeftOut, PredictionFile, Source
from bot.domain.documents.prose.assembly import Item, assemble
from bot.domain.documents.prose.blocks import read_blocks
from bot.domain.documents.prose.candidates import Omission
from bot.domain.documents.prose.decision import FITTED, Weights
from bot.domain.documents.prose.encoding import decode_document
from bot.domain.documents.prose.front_matter import FrontMatter, read_front_matter
from bot.domain.documents.prose.fronted import read_entries
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.markup import read_html
from bot.domain.documents.prose.page import Page, made_page
from bot.domain.documents.prose.selection import select
from bot.domain.documents.prose.sentences import cut
from bot.domain.documents.prose.shapes import LONGEST_BLOCK, LONGEST_CELL, Block
from bot.domain.documents.prose.source import Origin, read_origin
from bot.domain.documents.prose.tables import read_csv
from bot.domain.documents.reading import slug_of

SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
    ".text": "text",
    ".rst": "text",
    "": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".csv": "csv",
    ".tsv": "csv",
}
_MAX_LEFT_OUT = 500
_LONGEST_WHAT = 200


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in a document: the prediction file, each item with all its words, and what a person should know."""

    document: PredictionFile
    items: tuple[Item, ...]
    warnings: tuple[str, ...]


def extract(raw: bytes, *, path: str, weights: Weights = FITTED) -> Extraction:
    """Read a document. `path` is its name: the ending tells the kind, and a year or date in it counts where the text has none.

    Raises UnreadableDocument for what is too large or is no text; any text gives an Extraction."""
    decoded = decode_document(raw)
    page = page_of(decoded.text, path=path)
    blocks, origin = page.blocks, page.origin
    selection = select(page, weights)
    candidates, omissions = selection.candidates, selection.left
    warnings = list(decoded.notes)
    warnings += [
        f"line {item.line}: {item.reason}; they were left out" for item in omissions if item.what.startswith("The rest of")
    ]
    items = assemble(candidates, blocks, origin)
    warnings += _warnings(origin, items)
    document = PredictionFile(
        pack=slug_of(path),
        source=_source(raw, path, origin, warnings),
        predictions=tuple(item.prediction for item in items),
        left_out=_left_out(omissions),
    )
    return Extraction(document, items, tuple(warnings))


def read_page(raw: bytes, *, path: str) -> Page:
    """A document's blocks and what is known of it, before anything is taken for a prediction."""
    return page_of(decode_document(raw).text, path=path)


def page_of(text: str, *, path: str) -> Page:
    """The page of a text."""
    front, read = _read(text, kind_of(path, text))
    blocks = [_bounded(block) for block in read]
    origin = read_origin(front, blocks, path=path)
    return made_page(blocks, origin=origin, front=front, path=path, entries=read_entries(front, text), fenced=_fenced(text))


def kind_of(path: str, text: str) -> str:
    """markdown, text, html or csv: by the ending, or by the first words where the ending says nothing."""
    name = re.split(r"[/\\]", path)[-1]
    suffix = "." + name.rsplit(".", 1)[1].lower() if "." in name else ""
    if re.match(r"\s*(?:<!doctype\s+html|<html[\s>])", text[:500], re.IGNORECASE):
        return "html"
    return SUFFIXES.get(suffix, "text")


def _read(text: str, kind: str) -> tuple[FrontMatter, list[Block]]:
    if kind == "html":
        return read_html(text)
    if kind == "csv":
        return FrontMatter(), read_csv(text)
    front = read_front_matter(text)
    body = (
        text.split("\n", front.lines)[-1] if front.lines and text.count("\n") >= front.lines else "" if front.lines else text
    )
    return front, read_blocks(body, first_line=front.lines + 1)


def _fenced(text: str) -> float:
    """The share of a text's lines that stand between fences."""
    lines = text.split("\n")
    inside, code = False, 0
    for line in lines:
        if line.lstrip().startswith(("```", "~~~")):
            inside = not inside
        code += inside
    return code / len(lines)


def _bounded(block: Block) -> Block:
    """A stretch without an end in sight is cut: what no person reads in one go holds no prediction, and costs time."""
    if len(block.text) <= LONGEST_BLOCK and all(len(cell) <= LONGEST_CELL for cell in block.cells + block.header):
        return block
    return replace(
        block,
        text=block.text[:LONGEST_BLOCK],
        cells=tuple(cell[:LONGEST_CELL] for cell in block.cells),
        header=tuple(cell[:LONGEST_CELL] for cell in block.header),
    )


def _source(raw: bytes, path: str, origin: Origin, warnings: list[str]) -> Source:
    return Source(
        file=tidy(re.split(r"[/\\]", path)[-1]) or None,
        sha256=hashlib.sha256(raw).hexdigest(),
        title=origin.title,
        authors=tuple(tidy(author) for author in origin.authors),
        date=origin.date,
        saved=origin.saved,
        url=origin.url,
        language=origin.language,
        truncated=origin.is_truncated,
        notes=("Read by extract: " + "; ".join(warnings) + ".") if warnings else None,
    )


def _warnings(origin: Origin, items: tuple[Item, ...]) -> list[str]:
    found: list[str] = []
    if origin.is_truncated:
        found.append("the text breaks off (truncated): what follows is not in the file, and nothing was made up for it")
    if origin.date is None:
        found.append(
            "the document has no date"
            + (f"; it was saved on {origin.saved}" if origin.saved else "")
            + ("; terms such as “within 6 months” have no beginning" if items else "")
        )
    if not items:
        found.append("no predictions were found")
    open_ended = sum(item.prediction.window.end is None for item in items)
    if open_ended:
        found.append(f"{open_ended} of {len(items)} predictions have no date by which they are decided")
    unsure = sum(item.prediction.sureness == "low" for item in items)
    if unsure:
        found.append(f"{unsure} of {len(items)} were read with low sureness: look at these first")
    return found


def _left_out(omissions: list[Omission]) -> tuple[LeftOut, ...]:
    kept: dict[tuple[str, int], LeftOut] = {}
    for omission in omissions:
        what = cut(tidy(omission.what), _LONGEST_WHAT)
        if what:
            kept.setdefault((what, omission.line), LeftOut(what=what, reason=omission.reason, line=omission.line))
    listed = sorted(kept.values(), key=lambda item: item.line or 0)
    return tuple(listed[:_MAX_LEFT_OUT])


def as_rows(extraction: Extraction) -> list[dict[str, object]]:
    """The items as plain rows, with all their words: for programs that compare them with the document."""
    return [item.as_row() for item in extraction.items]
