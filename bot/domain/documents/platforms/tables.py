"""CSV text to rows by column name, each with its line number."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.documents.tree import Unreadable

MAX_ROWS = 200_000
MARKS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells by column name in lower case, and the line it begins on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column.casefold(), "").strip()


def header_of(text: str) -> tuple[str, ...]:
    """The column names in lower case; empty if the text isn't a table."""
    first = text.split("\n", 1)[0]
    nothing: list[str] = []
    try:
        return tuple(name.strip().casefold() for name in next(csv.reader([first], delimiter=_mark(first)), nothing))
    except csv.Error:
        return ()


def read_rows(text: str) -> list[Row]:
    """All rows with something in them. Columns are separated by commas, semicolons or tabs. Raises Unreadable."""
    columns = header_of(text)
    rows: list[Row] = []
    lines = [
        f"{line}\n" for line in text.split("\n")
    ]  # splitlines would also split at characters that don't end a row in CSV
    table = csv.reader(lines, delimiter=_mark(lines[0]), strict=True)
    line = 1
    try:
        for number, cells in enumerate(table):
            begins, line = line, table.line_num + 1
            if number == 0 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                raise Unreadable(
                    begins, f"the row has {len(cells)} cells, but the header has {len(columns)}; is a quote missing?"
                )
            if len(rows) >= MAX_ROWS:
                raise Unreadable(begins, f"the table has more than {MAX_ROWS:,} rows; split it into several files")
            rows.append(Row(begins, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        raise Unreadable(min(line, len(lines)), f"this isn't valid CSV: {str(error)[:100]}") from None
    return rows


def _mark(line: str) -> str:
    """The separator of a header's columns; spreadsheets in some countries write semicolons."""
    outside = "".join(line.split('"')[::2])
    return max(MARKS, key=outside.count)
