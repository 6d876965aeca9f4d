"""A prose document to a prediction file that a person can review: pure, deterministic, nothing invented."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from bot.domain.documents.models import FileSource, LeftOut, PredictionFile
from bot.domain.documents.prose.assembly import Item, assemble
from bot.domain.documents.prose.blocks import read_blocks
from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.decision import FITTED, Weights
from bot.domain.documents.prose.encoding import decode_document
from bot.domain.documents.prose.front_matter import FrontMatter, read_front_matter
from bot.domain.documents.prose.fronted import read_entries
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.markup import read_html
from bot.domain.documents.prose.page import Page, made_page
from bot.domain.documents.prose.selection import select
from bot.domain.documents.prose.sentences import cut
from bot.domain.documents.prose.shapes import LONGEST_BLOCK, LONGEST_CELL, Block, BlockKind
from bot.domain.documents.prose.source import Origin, read_origin
from bot.domain.documents.prose.tables import read_csv
from bot.domain.documents.prose.windows import FROM_DOCUMENT
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
_LONGEST_WHAT, _LONGEST_HEADING = 200, 60
MAX_BLOCKS, MAX_LINES, MAX_LETTERS = 3_000, 12_000, 400_000
"""How many blocks, lines and letters of a document are read: a post or log of a person has a tenth of it, and time has to end."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The next best group of blocks alike, which was not taken: a person may say that these are predictions too."""

    what: str
    """What they are, in words: "12 items below “Calls”"."""
    with_them: Extraction
    """The document read with them."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read in a document: the prediction file, each item with all its words, and what a person should know."""

    document: PredictionFile
    items: tuple[Item, ...]
    warnings: tuple[str, ...]
    runner_up: RunnerUp | None = None


def extract(raw: bytes, *, path: str, weights: Weights = FITTED) -> Extraction:
    """Read a document. `path` is its name: the ending tells the kind, and a year or date in it counts where the text has none.

    Raises UnreadableDocument for what is too large or is no text; any text gives an Extraction. The time grows with the length
    up to a limit (`MAX_BLOCKS`, `MAX_LETTERS`), and what lies behind it is said to be unread. It is a plain function of its
    arguments, which are small and can be pickled as its result can: a worker process with a limit of its own may run it."""
    decoded = decode_document(raw)
    page = page_of(decoded.text, path=path)
    selection = select(page, weights)
    made = _made(raw, decoded.notes, page, selection.candidates, selection.left)
    if not selection.others:
        return made
    more = sorted([*selection.candidates, *selection.others], key=lambda candidate: candidate.line)
    what = _runner_up(page, selection.decision.runner_up)
    return replace(made, runner_up=RunnerUp(what, _made(raw, decoded.notes, page, more, selection.left)))


def _made(
    raw: bytes, notes: tuple[str, ...], page: Page, candidates: list[Candidate], omissions: list[Omission]
) -> Extraction:
    items = assemble(candidates, page)
    warnings = list(notes)
    warnings += [
        f"line {one.line}: {one.reason}; they were left out" for one in omissions if one.what.startswith("The rest of")
    ]
    if page.unread is not None:
        warnings.append(f"line {page.unread}: the document is longer than can be read; what follows was left out. Split it")
    warnings += _warnings(page.origin, items)
    document = PredictionFile(
        pack=slug_of(page.path),
        source=_source(raw, page.path, page.origin, warnings),
        predictions=tuple(item.prediction for item in items),
        left_out=_left_out(omissions),
    )
    return Extraction(document, items, tuple(warnings))


def _runner_up(page: Page, indexes: tuple[int, ...]) -> str:
    kinds = {
        BlockKind.HEADING: "heading",
        BlockKind.PARAGRAPH: "paragraph",
        BlockKind.ITEM: "item",
        BlockKind.ROW: "row",
    }
    first = page.blocks[indexes[0]]
    above = next((at for at in page.places[indexes[0]].headings[::-1] if at != indexes[0]), None)
    count = f"{len(indexes)} {kinds[first.kind]}{'s' if len(indexes) > 1 else ''}"
    below = f" below “{cut(tidy(page.blocks[above].text), _LONGEST_HEADING)}”" if above is not None else ""
    return f"{count}{below}, such as “{cut(tidy(first.text), _LONGEST_HEADING)}”"


def read_page(raw: bytes, *, path: str) -> Page:
    """A document's blocks and what is known of it, before anything is taken for a prediction."""
    return page_of(decode_document(raw).text, path=path)


def page_of(text: str, *, path: str) -> Page:
    """The page of a text, of its beginning where it is longer than can be read."""
    kind = kind_of(path, text)
    unread = None
    if len(text) > MAX_LETTERS:
        end = text.rfind("\n", 0, MAX_LETTERS) + 1 or MAX_LETTERS
        unread, text = text.count("\n", 0, end) + 1, text[:end]
    lines = text.split("\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        unread, text = MAX_LINES + 1, "\n".join(lines[:MAX_LINES])
    front, read = _read(text, kind)
    blocks = [_bounded(block) for block in read[:MAX_BLOCKS]]
    if len(read) > MAX_BLOCKS:
        unread = read[MAX_BLOCKS].line
    origin = read_origin(front, blocks, path=path)
    return made_page(
        blocks, origin=origin, front=front, path=path, entries=read_entries(front, text), fenced=_fenced(text), unread=unread
    )


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


def _source(raw: bytes, path: str, origin: Origin, warnings: list[str]) -> FileSource:
    return FileSource(
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
        found.append("the document has no date" + (f"; it was saved on {origin.saved}" if origin.saved else ""))
        undated = sum((item.prediction.window.relative or "").endswith(FROM_DOCUMENT) for item in items)
        if undated:
            found.append(f"{undated} of {len(items)} predictions run from the day it was written, as “within 6 months” does")
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
