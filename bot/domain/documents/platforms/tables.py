"""CSV text to rows by column name, each with its line number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.documents.columns.text import BrokenTable, rows_of
from bot.domain.documents.tree import Unreadable

MAX_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its cells by column name in lower case, and the line it begins on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column.casefold(), "").strip()


def header_of(text: str) -> tuple[str, ...]:
    """The names of the columns, in small letters; empty where the text is no table."""
    first = next(rows_of(text), None)
    return () if first is None else tuple(name.strip().casefold() for name in first[1])


def read_rows(text: str) -> list[TableRow]:
    """All rows with something in them, except the header. Raises Unreadable."""
    columns = header_of(text)
    rows: list[TableRow] = []
    try:
        for number, (begins, cells) in enumerate(rows_of(text, strict=True)):
            if number == 0:
                continue
            if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
                raise Unreadable(
                    begins, f"the row has {len(cells)} cells, but the header has {len(columns)}; is a quote missing?"
                )
            if len(rows) >= MAX_ROWS:
                raise Unreadable(begins, f"the table has more than {MAX_ROWS:,} rows; split it into several files")
            rows.append(TableRow(begins, dict(zip(columns, cells, strict=False))))
    except BrokenTable as error:
        raise Unreadable(error.line, f"this isn't valid CSV: {str(error)[:100]}") from None
    return rows
