"""Tables and CSV: which column holds the statements, which the author's probabilities, which the outcomes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.domain.documents.columns import headers
from bot.domain.documents.columns.days import read_days
from bot.domain.documents.columns.headers import spaced
from bot.domain.documents.columns.shares import read_shares
from bot.domain.documents.columns.text import rows_of
from bot.domain.documents.prose.candidates import Candidate, Omission, Quantiles
from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.leads import unreadable
from bot.domain.documents.prose.outcomes import read_outcome_cell
from bot.domain.documents.prose.probabilities import Form, Stated, read_cell
from bot.domain.documents.prose.sentences import cut, has_predicate
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.table_columns import PICK, Columns, columns_of, quantity_of
from bot.domain.documents.prose.verdict_words import Meaning, Verdict
from bot.domain.types import Kind, Sureness

MAX_CELLS = 60
_SHORT_NAME, _LONGEST_NAME, _LONGEST_TOTAL = 8, 100, 2
_TOTAL = re.compile(r"\W*(?:total|average|mean|sum|overall|score)s?\b", re.IGNORECASE)
_LONGEST_CELL = 25


def read_csv(text: str) -> list[Block]:
    """The rows of a CSV as one table's rows, each with its line. Ragged rows are kept. One without names for its columns has none."""
    blocks: list[Block] = []
    header: tuple[str, ...] | None = None
    for line, row in rows_of(text):
        cells = tuple(tidy(cell) for cell in row[:MAX_CELLS])
        if header is None:
            header = tuple(spaced(cell) for cell in cells)
            if not _is_data(cells):
                continue
            header = ()
        blocks.append(
            Block(BlockKind.ROW, " | ".join(cell for cell in cells if cell), line, cells=cells, header=header, table=1)
        )
    return blocks


def _is_data(cells: tuple[str, ...]) -> bool:
    """Whether the first row of a CSV is a row like the others: it has a number or a day where names would have words."""
    if any(headers.IS_STATEMENT.fullmatch(cell) for cell in cells):
        return False  # "prediction,2026,2027", or quantiles
    return any(read_shares([cell]).share or read_days([cell]).share for cell in cells if cell.strip())


def read_table(
    rows: list[tuple[int, Block]], *, author: str | None, written: date | None = None, year: int | None = None
) -> tuple[list[Candidate], Omission | None]:
    """The predictions of one table, given as (index, row); or why it holds none."""
    header = rows[0][1].header
    width = min(max(len(header), max(len(row.cells) for _, row in rows)), MAX_CELLS)
    columns = columns_of(header, [row.cells for _, row in rows], width, author, written, year)
    what = " | ".join(cell for cell in header if cell) or rows[0][1].text
    if isinstance(columns, str):
        return [], Omission(what, columns, rows[0][1].line)
    found: list[Candidate] = []
    for number, (index, row) in enumerate(rows):
        for dated in columns.dated or (None,):
            at = columns if dated is None else replace(columns, probability=dated, window=None)
            candidate = _candidate(index, number, row, at, header)
            if candidate is not None and dated is not None:
                candidate.window_words = f"by {header[dated]}" if re.match(r"\d{4}", header[dated]) else header[dated]
                if candidate.stated is None:
                    continue
            if candidate is not None:
                found.append(candidate)
    return _of_several(found), None


def _of_several(found: list[Candidate]) -> list[Candidate]:
    """Where each row is one person's forecast, one prediction for all rows of a statement, with who said what."""
    by_statement: dict[str, list[Candidate]] = {}
    for candidate in found:
        by_statement.setdefault(candidate.words.casefold(), []).append(candidate)
    if len(by_statement) == len(found) or not all(candidate.forecaster for candidate in found):
        return found
    kept: list[Candidate] = []
    for rows in by_statement.values():
        first = rows[0]
        stated = [(cut(tidy(one.forecaster or ""), _LONGEST_NAME), one.stated) for one in rows if one.stated is not None]
        latest = dict(stated)
        first.notes = list(dict.fromkeys(note for one in rows for note in one.notes))
        if len(latest) < len(stated):
            first.notes.append("The document has several forecasts of one person; the last one was taken.")
        if len({candidate.forecaster for candidate in rows}) > 1:
            first.forecasts = tuple((name, said.value) for name, said in latest.items() if said.value is not None)
            first.stated, first.forecaster = None, None
        elif stated:
            first.stated = stated[-1][1]
        first.verdict = next((one.verdict for one in rows if one.verdict is not None), None)
        kept.append(first)
    return kept


def _candidate(index: int, number: int, row: Block, columns: Columns, header: tuple[str, ...]) -> Candidate | None:
    def cell(at: int | None) -> str:
        return row.cells[at].strip() if at is not None and at < len(row.cells) else ""

    words = cell(columns.statement)
    is_worded = columns.says_so and len(re.findall(r"[^\W\d_]{2,}", words)) > _LONGEST_TOTAL
    if not re.search(r"[^\W\d_]", words) or (_TOTAL.match(words) and not is_worded and not has_predicate(words)):
        return None
    if columns.pick is not None and cell(columns.pick) and len(words.split()) <= _SHORT_NAME and not has_predicate(words):
        words = f"{words}: {cell(columns.pick)}"
    stated, notes = _stated(number, cell(columns.probability), cell(columns.answer), columns)
    window = cell(columns.window) or None
    if columns.window is not None and (day := columns.days[columns.window].values[number]) is not None:
        if number in columns.days[columns.window].doubtful:
            notes.append(f"“{window}” has two readings, and was read with the day first.")
        window = day.isoformat()
    made = cell(columns.made) or None
    if columns.made is not None and (day := columns.days[columns.made].values[number]) is not None:
        made = day.isoformat()
    quantiles = (
        _quantiles([cell(at) for at in columns.quantiles], columns, cell(columns.unit)) if columns.quantiles else None
    )
    if quantiles is not None and columns.quantiles and columns.quantiles[0] is None:
        notes.append("Its other percentiles aren't the 10th and the 90th, so only the median was taken.")
    if columns.quantiles and quantiles is None and any(cell(at) for at in columns.quantiles):
        notes.append("Its three values were not taken: each must be a number, and they must rise.")
    subject = cell(columns.subject) or None
    if subject and columns.statement < len(header) and PICK.fullmatch(header[columns.statement]):
        words = f"{subject}: {words}"
    verdict = (
        _verdict(cell(columns.outcome), header[columns.outcome] if columns.outcome < len(header) else "")
        if columns.outcome is not None
        else None
    )
    return Candidate(
        index,
        row.line,
        words,
        "a row of a table of predictions",
        Sureness.HIGH
        if (stated and stated.value is not None) or quantiles or columns.outcome is not None
        else Sureness.MEDIUM,
        stated,
        Kind.BINARY if quantiles is None else Kind.NUMERIC,
        (),
        quantiles,
        verdict,
        cell(columns.tier) or _in_words(cell(columns.probability)),
        window,
        made,
        cell(columns.forecaster) or None,
        subject if subject and subject.lower() not in words.lower() else None,
        cell(columns.criteria) or None,
        is_named=columns.says_so,
        notes=notes,
    )


def _quantiles(cells: list[str], columns: Columns, unit: str) -> Quantiles | None:
    low, median, high = (quantity_of(cell) for cell in cells)
    if median is not None and columns.quantiles and columns.quantiles[0] is None:
        return Quantiles(median, None, None, unit or ("%" if "%" in cells[1] else "as stated"), cells[1])
    if low is None or median is None or high is None or not low <= median <= high:
        return None
    return Quantiles(median, low, high, unit or ("%" if "%" in "".join(cells) else "as stated"), "; ".join(cells))


def _stated(number: int, cell: str, answer: str, columns: Columns) -> tuple[Stated | None, list[str]]:
    """The probability of a row by its column's scale, turned round where it is how sure the author is of a no; and notes."""
    if columns.probability is None or not cell:
        return None, []
    shares = columns.shares[columns.probability]
    if number in shares.wrong:
        return unreadable(cell), []
    share = shares.values[number]
    stated = read_cell(cell) if share is None else Stated(0, len(cell), share.value, cell, Form.ALONE, share.qualifier)
    if stated is None and re.search(r"\d", cell) and len(cell) <= _LONGEST_CELL:
        return unreadable(cell), []
    said = read_outcome_cell(answer) if answer else None
    if stated is None or stated.value is None or said is None or said.value is not False:
        return stated, []
    turned = replace(stated, value=round(1 - stated.value, 12), raw=f"{cell} on {answer}")
    return turned, []


def _in_words(cell: str) -> str | None:
    """How likely it is, where the column of probabilities says it in words."""
    return cell if re.search(r"[^\W\d_]{2}", cell) and not re.search(r"\d", cell) else None


def _verdict(cell: str, name: str) -> Verdict | None:
    verdict = read_outcome_cell(cell, name)
    is_outcome = (
        verdict is not None and verdict.meaning is Meaning.EVENT and headers.HAPPENED.search(spaced(name)) is not None
    )
    return replace(verdict, meaning=Meaning.OUTCOME) if verdict is not None and is_outcome else verdict
