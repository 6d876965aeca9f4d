"""CSV text to rows by column name, each with its line."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.documents.tree import Unreadable

MAX_ROWS = 200_000
MARKS = ",;\t"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its cells by the column's name in small letters, and the line that it begins on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column.casefold(), "").strip()


def header_of(text: str) -> tuple[str, ...]:
    """The names of the columns, in small letters; empty where the text is no table."""
    first = text.split("\n", 1)[0]
    nothing: list[str] = []
    try:
        return tuple(name.strip().casefold() for name in next(csv.reader([first], delimiter=_mark(first)), nothing))
    except csv.Error:
        return ()


def read_rows(text: str) -> list[TableRow]:
    """All rows with something in them. The columns are parted by commas, semicolons or tabs. Raises Unreadable."""
    columns = header_of(text)
    rows: list[TableRow] = []
    lines = [f"{line}\n" for line in text.split("\n")]  # splitlines would part a row at characters that no CSV parts at
    table = csv.reader(lines, delimiter=_mark(lines[0]), strict=True)
    line = 1
    try:
        for number, cells in enumerate(table):
            begins, line = line, table.line_num + 1
            if number == 0 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                raise Unreadable(
                    begins, f"the row has {len(cells)} cells and the header {len(columns)}; is a quote missing?"
                )
            if len(rows) >= MAX_ROWS:
                raise Unreadable(begins, f"the table has more than {MAX_ROWS:,} rows; split it into several files")
            rows.append(TableRow(begins, dict(zip(columns, cells, strict=False))))
    except csv.Error as error:
        raise Unreadable(min(line, len(lines)), f"this is not valid CSV: {str(error)[:100]}") from None
    return rows


def _mark(line: str) -> str:
    """What parts the columns of a header; a spreadsheet of another country writes semicolons."""
    outside = "".join(line.split('"')[::2])
    return max(MARKS, key=outside.count)
