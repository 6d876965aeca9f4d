"""Tables that a Markdown page has as HTML: their rows as blocks, at their own lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from bot.domain.documents.prose.markup import read_html
from bot.domain.documents.prose.shapes import Block, BlockKind

_OPENS, _CLOSES = re.compile(r"<table\b", re.IGNORECASE), re.compile(r"</table\s*>", re.IGNORECASE)
_LONGEST = 2_000


def without_tables(text: str, first_line: int) -> tuple[str, list[Block]]:
    """The text with blanks where such tables stood, and their rows. A table without an end stays as it is."""
    if _OPENS.search(text) is None:
        return text, []
    lines = text.split("\n")
    rows: list[Block] = []
    at, tables = 0, 1_000
    while at < len(lines):
        if not _OPENS.search(lines[at]):
            at += 1
            continue
        end = next((line for line in range(at, min(at + _LONGEST, len(lines))) if _CLOSES.search(lines[line])), None)
        if end is None:
            at += 1
            continue
        tables += 1
        _, found = read_html("\n".join(lines[at : end + 1]))
        rows += [
            replace(block, line=first_line + at + block.line - 1, table=tables, parent=None)
            for block in found
            if block.kind is BlockKind.ROW
        ]
        lines[at : end + 1] = [""] * (end + 1 - at)
        at = end + 1
    return "\n".join(lines), rows


def with_rows(blocks: list[Block], rows: list[Block]) -> list[Block]:
    """The blocks with these rows between them, by their lines."""
    if not rows:
        return blocks
    lines = [row.line for row in rows]
    ahead = [bisect_left(lines, block.line) for block in blocks]
    moved = [
        replace(block, parent=block.parent + ahead[block.parent]) if block.parent is not None else block for block in blocks
    ]
    return sorted([*moved, *rows], key=lambda block: block.line)
