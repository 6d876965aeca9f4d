"""Lines that are a list in all but name, as items."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from bot.domain.documents.prose.compared import is_compared
from bot.domain.documents.prose.pairs import ends_with_pair
from bot.domain.documents.prose.probabilities import Form, read_stated
from bot.domain.documents.prose.sentences import is_about_the_future
from bot.domain.documents.prose.shapes import Block, BlockKind, Span
from bot.domain.documents.prose.verdict_words import BAD, GOOD, OPEN

_NUMBERED_LINE = re.compile(r"^\s*\(?\d{1,3}[.)]\s+(?=\S)")
_MARKED_LINE = re.compile(rf"^\s*(?:[{GOOD}{BAD}{OPEN}•·]|[(\[](?:[yntfYNTF]|yes|no|[xX ✓✗])[)\]]\s)")


_LETTERED_LINE = re.compile(r"^\s*\(?[a-h][.):]\s+(?=\S)")
_CLOSES = re.compile(
    r"\s*(?:likely|likelihood|chance|probability|confidence|confident|sure|certain|odds)?[\s.!)\]*_]*", re.IGNORECASE
)
"""What may stand behind the probability of a line in its sentence: `(79% likely).`"""
_SERIAL_LINE = re.compile(r"^\s*[A-Z]{1,3}[-#]?\d{1,3}\s?[:.)]\s+(?=\S)")
"""`P1: ...`"""
_RECORD = r"(?:text|prediction|statement|claim|question|description|details|probability|confidence|credence|likelihood|odds|resolution|outcome|result|status|verdict|grade|deadline|by|when|due|date|window|from|who|author|made|created)"
_LABELLED_LINE = re.compile(rf"^\s*(?!{_RECORD}\b)[^\W\d_][^:\n.?!]{{1,40}}:\s+(?=\S)", re.IGNORECASE)
"""`Who will win: ...`, but no line of a record: those are read together."""
_SENTENCE_ENDS = re.compile(r"[.!?:…)\"”’]\s*$")
_FEW, _WORDY, _REMARKED, _WIDEST, _MOSTLY = 2, 3, 3, 200, 0.8


def split_lines(blocks: list[Block]) -> list[Block]:
    """Paragraphs whose lines are a list in all but name (numbers, marks or probabilities on most of them) as items."""
    made: list[Block] = []
    places: list[int] = []
    for block in blocks:
        places.append(len(made))
        parent = places[block.parent] if block.parent is not None else None
        above = made[-1] if made else None
        if parent is None and above is not None and above.kind is BlockKind.ITEM and (lettered := _lettered(block)):
            made += [replace(part, parent=len(made) - 1, level=above.level + 1) for part in lettered]
        else:
            made += [replace(part, parent=parent) for part in _lines_of(block)]
    return made


def nest_comments(blocks: list[Block]) -> list[Block]:
    """Bullets right below numbered lines as parts of these: the writer left out the indent.

    Only where it is a habit, and the numbered lines are statements rather than names of groups."""
    owners: dict[int, int] = {}
    owner: int | None = None
    end = 0
    for index, block in enumerate(blocks):
        is_outer = block.kind is BlockKind.ITEM and block.parent is None and not block.is_quoted
        if is_outer and block.is_numbered:
            owner = index
        elif is_outer and owner is not None and block.line <= end + 1:
            owners[index] = owner
        elif block.parent is None:
            owner = None
        end = block.line + block.text.rstrip().count("\n")
    commented = set(owners.values())
    words = sum(len(blocks[at].text.split()) for at in commented)
    if len(commented) < _FEW or words < _WORDY * len(commented):
        return blocks
    ahead = sum(is_about_the_future(blocks[at].text) for at in owners) / len(owners)
    if ahead > sum(is_about_the_future(blocks[at].text) for at in commented) / len(commented):
        return blocks  # the bullets predict, below the names of their groups
    return [
        replace(block, parent=owners[index], level=block.level + 1) if index in owners else block
        for index, block in enumerate(blocks)
    ]


def is_list_of_chances(text: str) -> bool:
    """Whether a fenced stretch is no code but lines that each state a probability."""
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) >= _FEW and sum("%" in line and bool(read_stated(line)) for line in lines) >= 0.6 * len(lines)


def split_paragraphs(blocks: list[Block]) -> list[Block]:
    """Blocks of an HTML page that hold empty lines (`<br><br>`) as several."""
    made: list[Block] = []
    places: list[int] = []
    for block in blocks:
        places.append(len(made))
        parent = places[block.parent] if block.parent is not None else None
        block = replace(block, parent=parent)
        if block.kind is not BlockKind.PARAGRAPH or "\n\n" not in block.text:
            made.append(block)
            continue
        line, counted = block.line, 0
        for part in re.finditer(r"[^\n].*?(?=\n{2,}|$)", block.text, re.DOTALL):
            line += block.text.count("\n", counted, part.start())
            counted = part.start()
            made.append(stretch_of(block, part.start(), part.end(), kind=block.kind, line=line))
    return made


def _lettered(block: Block) -> list[Block]:
    """The lines of a paragraph that is a list with letters (`a. ...`, `b. ...`), which Markdown does not know."""
    lines = block.text.split("\n")
    starts = [at for at, line in enumerate(lines) if _LETTERED_LINE.match(line)]
    if block.kind is not BlockKind.PARAGRAPH or not starts or starts[0] != 0:
        return []
    if lines[0].lstrip(" (")[0] != "a":
        return []
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    parts: list[Block] = []
    for at, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        mark = _LETTERED_LINE.match(lines[at])
        begin = offsets[at] + (mark.end() if mark else 0)
        parts.append(stretch_of(block, begin, offsets[following] - 1, kind=BlockKind.ITEM, line=block.line + at))
    return parts


def _lines_of(block: Block) -> list[Block]:
    if (
        block.kind is BlockKind.PARAGRAPH
        and block.parent is None
        and _NUMBERED_LINE.match(block.text)
        and "\n" not in block.text.strip()
    ):
        found = _NUMBERED_LINE.match(block.text)
        return [stretch_of(block, found.end() if found else 0, len(block.text), kind=BlockKind.ITEM, line=block.line)]
    lines = block.text.split("\n")
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or len(lines) < 2:
        return [block]
    listed = [
        bool(_NUMBERED_LINE.match(line)) or bool(_MARKED_LINE.match(line)) or bool(_SERIAL_LINE.match(line))
        for line in lines
    ]
    is_labelled = block.kind is BlockKind.PARAGRAPH and sum(
        bool(_LABELLED_LINE.match(line)) for line in lines
    ) >= _MOSTLY * len(lines)
    if is_labelled:
        listed = [True] * len(lines)
    stated = [
        any(
            part.form is Form.FIRST
            or (part.form in (Form.FINAL, Form.BARE) and "%" in part.raw and not line[:1].islower())
            or (part.form is Form.CUE and _CLOSES.fullmatch(line, part.end) and line[:1].isupper())
            for part in read_stated(line)
        )
        or ends_with_pair(line)
        or is_compared(line)
        for line in lines
    ]
    filled = sum(bool(line.strip()) for line in lines)
    if sum(listed) < 2 and (
        sum(stated) < 2 or sum(stated) < 0.6 * filled or any(not line[:1].strip() for line in lines if len(line) > 1)
    ):
        return [block]
    if max(sum(listed), sum(stated)) < 0.5 * filled:
        return _numbered(block, lines)
    parts: list[Block] = []
    start = 0
    for at, (line, is_listed, is_stated) in enumerate(zip(lines, listed, stated, strict=True)):
        end = start + len(line)
        skip = _NUMBERED_LINE.match(line)
        if line.strip():
            kind = BlockKind.ITEM if (is_listed or is_stated) and not is_labelled else BlockKind.PARAGRAPH
            parts.append(stretch_of(block, start + (skip.end() if skip else 0), end, kind=kind, line=block.line + at))
        start = end + 1
    return parts


def _numbered(block: Block, lines: list[str]) -> list[Block]:
    """The numbered lines of a paragraph, each with the lines that go on with it, where each stands behind a full sentence."""
    starts = [at for at, line in enumerate(lines) if _NUMBERED_LINE.match(line)]
    if len(starts) < _FEW or not all(at == 0 or _SENTENCE_ENDS.search(lines[at - 1]) for at in starts):
        return [block]
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    parts = [stretch_of(block, 0, offsets[starts[0]] - 1, kind=block.kind, line=block.line)] if starts[0] else []
    for at, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        mark = _NUMBERED_LINE.match(lines[at])
        begin = offsets[at] + (mark.end() if mark else 0)
        parts.append(stretch_of(block, begin, offsets[following] - 1, kind=BlockKind.ITEM, line=block.line + at))
    return parts


def split_remarks(blocks: list[Block]) -> list[Block]:
    """Items of several lines as a statement and what is said of it below, where the writer broke the line of most on purpose."""
    items = [block for block in blocks if block.kind is BlockKind.ITEM and "\n" in block.text.strip()]
    width = max((len(line) for block in blocks for line in block.text.split("\n") if len(line) <= _WIDEST), default=0)
    broken = [block for block in items if _is_broken(block.text, width)]
    if len(broken) < _REMARKED or len(broken) < _MOSTLY * len(items):
        return blocks
    chosen = {id(block) for block in broken}
    made: list[Block] = []
    places: list[int] = []
    for block in blocks:
        places.append(len(made))
        block = replace(block, parent=places[block.parent]) if block.parent is not None else block
        if id(block) in chosen or (block.parent is not None and id(blocks[len(places) - 1]) in chosen):
            end = block.text.index("\n")
            made.append(stretch_of(block, 0, end, kind=block.kind, line=block.line))
            below = stretch_of(block, end + 1, len(block.text), kind=BlockKind.PARAGRAPH, line=block.line + 1)
            made.append(replace(below, parent=len(made) - 1, is_numbered=False))
        else:
            made.append(block)
    return made


def _is_broken(text: str, width: int) -> bool:
    """Whether the first line ends though the next word would have had room: the writer broke it."""
    first, following = text.strip().split("\n", 1)
    word = following.split(" ", 1)[0]
    return len(first) + 1 + len(word) < width and len(first.split()) >= _WORDY and word[:1].isupper()


def stretch_of(block: Block, start: int, end: int, *, kind: BlockKind, line: int) -> Block:
    """A part of a block as a block, with what is set off in it."""

    def within(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        if not spans:
            return ()
        first = bisect_left(spans, start, key=lambda span: span.end)
        last = bisect_left(spans, end, key=lambda span: span.start)
        return tuple(
            Span(max(span.start, start) - start, min(span.end, end) - start)
            for span in spans[first:last]
            if span.start < end and start < span.end
        )

    return replace(
        block,
        kind=kind,
        text=block.text[start:end],
        line=line,
        level=block.level or 1,
        bold=within(block.bold),
        struck=within(block.struck),
        italic=within(block.italic),
    )
