"""CSV text to rows, whatever wrote it: commas, semicolons or tabs, empty first lines, Excel's `sep=;`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

SEPARATORS = ",;\t|"
_SAMPLE_LINES = 40


class BrokenTable(Exception):
    """The text isn't CSV from `line` on; `str()` says why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


_SEP_LINE = re.compile(r"\s*\"?sep=(?P<separator>[,;\t|])\"?[,;\t\s]*", re.IGNORECASE)


def rows_of(text: str, *, strict: bool = False) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows with something in them, each with the line it begins on. Lines end with `\\n`.

    `strict` raises BrokenTable for text that isn't CSV; otherwise a row that can't be read is skipped.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip(" \r\t,;")), len(lines))
    separator = None
    if first < len(lines) and (told := _SEP_LINE.fullmatch(lines[first])) is not None:
        separator, first = told["separator"], first + 1
    rest = lines[first:]
    # splitlines would also split at characters that don't end a row in CSV
    reader = csv.reader((f"{line}\n" for line in rest), delimiter=separator or separator_of(rest), strict=strict)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:  # a field of more than 128 KiB, or, when strict, a quote that never ends
            if strict:
                raise BrokenTable(min(first + begins, len(lines)), str(error)) from None
            begins = reader.line_num + 1
            continue
        if cells is None:
            return
        line, begins = first + begins, reader.line_num + 1
        if any(cell.strip() for cell in cells):
            yield line, tuple(cells)


def separator_of(lines: list[str]) -> str:
    """What separates the cells: the mark that appears equally often in the most lines, outside quotes."""
    sample = [line for line in lines[:_SAMPLE_LINES] if line.strip()]
    if not sample:
        return ","
    counts = {mark: ["".join(line.split('"')[::2]).count(mark) for line in sample] for mark in SEPARATORS}
    header = {mark: counts[mark][0] for mark in SEPARATORS}

    def fitness(mark: str) -> tuple[int, int]:
        return (sum(count == header[mark] for count in counts[mark]) if header[mark] else -1, header[mark])

    return max(SEPARATORS, key=fitness)
