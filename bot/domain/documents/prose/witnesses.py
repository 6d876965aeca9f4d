"""Who looks for predictions in a page: one table. What a witness finds is evidence, and tells the parts of what is then taken.

To teach another notation, write a function from a page to its finds, and name it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.documents.prose import grades, headed, tiers
from bot.domain.documents.prose.announced import is_announced
from bot.domain.documents.prose.candidates import Candidate, Omission
from bot.domain.documents.prose.compared import read_compared
from bot.domain.documents.prose.contests import read_contests
from bot.domain.documents.prose.foreseen import read_doubts, read_foreseen
from bot.domain.documents.prose.logs import read_below_records
from bot.domain.documents.prose.marked import read_marked, read_under_probability
from bot.domain.documents.prose.medians import read_medians
from bot.domain.documents.prose.named import read_named
from bot.domain.documents.prose.own_numbers import read_own_numbers
from bot.domain.documents.prose.page import Page
from bot.domain.documents.prose.questioned import read_questioned
from bot.domain.documents.prose.records import read_records
from bot.domain.documents.prose.sections import Place
from bot.domain.documents.prose.shapes import Block, BlockKind
from bot.domain.documents.prose.tables import read_table
from bot.domain.types import Sureness

_OFTEN = 2


@dataclass(frozen=True, slots=True)
class Witness:
    """One who looks for predictions of a certain form."""

    name: str
    find: Callable[[Page], list[Candidate]]


def _fronted(page: Page) -> list[Candidate]:
    others = frozenset(range(len(page.entries), len(page.blocks)))
    return [entry.candidate(at, others) for at, entry in enumerate(page.entries)]


def _rows(page: Page) -> list[list[tuple[int, Block]]]:
    by_table: dict[int, list[tuple[int, Block]]] = {}
    for index, block in enumerate(page.blocks):
        if block.kind is BlockKind.ROW and block.table is not None:
            by_table.setdefault(block.table, []).append((index, block))
    return list(by_table.values())


def _contests(page: Page) -> list[Candidate]:
    return [found for rows in _rows(page) for found in read_contests(rows)]


def _tables(page: Page) -> list[Candidate]:
    return [found for rows in _rows(page) for found in _read_table(page, rows)[0]]


def _read_table(page: Page, rows: list[tuple[int, Block]]) -> tuple[list[Candidate], Omission | None]:
    origin = page.origin
    return read_table(rows, author=" ".join(origin.authors) or None, written=origin.written, year=origin.year)


def _records(page: Page) -> list[Candidate]:
    records, _, used = read_records(page.blocks, page.places)
    marked, _ = read_marked(page.blocks, page.places, title=page.title)
    below = read_below_records(records, marked, page.blocks, page.places)
    dated = [record for record in records if not record.is_named]
    if len(dated) > _OFTEN:
        for record in dated:
            record.sureness = Sureness.HIGH  # heading after heading with a date of its own below
    if records:
        records[0].covers = frozenset(used | below)
    return records


def _own_numbers(page: Page) -> list[Candidate]:
    found, used = read_own_numbers(page.blocks)
    if found:
        found[0].covers = frozenset(used)
    return found


def _questioned(page: Page) -> list[Candidate]:
    found, used = read_questioned(page.blocks, page.places)
    if found:
        found[0].covers = frozenset(used)
    return found


def _announced(reader: Callable[[list[Block], list[Place], bool], list[Candidate]]) -> Callable[[Page], list[Candidate]]:
    return lambda page: reader(page.blocks, page.places, is_announced(page))


WITNESSES: tuple[Witness, ...] = (
    Witness("front matter", _fronted),
    Witness("contests", _contests),
    Witness("tables", _tables),
    Witness("records", _records),
    Witness("named", read_named),
    Witness("own numbers", _own_numbers),
    Witness("reasons", _questioned),
    Witness("answers", lambda page: read_compared(page.blocks, page.places)),
    Witness("numbers", lambda page: read_marked(page.blocks, page.places, title=page.title)[0]),
    Witness("lists under a number", lambda page: read_under_probability(page.blocks, page.places, set())),
    Witness("medians", read_medians),
    Witness("foreseen", read_foreseen),
    Witness("doubts", read_doubts),
    Witness("tiers", _announced(tiers.read_tiers)),
    Witness("sorted", _announced(headed.read_sorted)),
    Witness("quoted", _announced(grades.read_quoted)),
)
"""In this order: of two witnesses that found the same, the earlier one's words are taken, and the later ones fill what it lacks."""


def testimony(page: Page) -> list[Candidate]:
    """All finds of all witnesses, in the table's order, each with its witness's name."""
    found: list[Candidate] = []
    for witness in WITNESSES:
        for find in witness.find(page):
            find.witness = witness.name
            found.append(find)
    return found


def tables_left_out(page: Page) -> list[Omission]:
    """The tables that hold no predictions, each with its reason."""
    read = [_read_table(page, rows)[1] for rows in _rows(page) if not read_contests(rows)]
    return [omission for omission in read if omission is not None]
