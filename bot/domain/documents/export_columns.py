"""The forecasts of one prediction in an export, as columns.

They come by the hundred thousand, so the columns are read and checked as arrays; only where something is wrong are the forecasts
looked through one by one, by the same rules, to say which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, TypeGuard, cast

import numpy as np

from bot.domain.documents.export import SUM_TOLERANCE, ForecastEntry
from bot.domain.documents.export_values import LARGEST, read_day, read_moment, read_number
from bot.domain.timelines import Floats
from bot.domain.types import Kind, Role

ROUNDING = 1e-9
"""How far beyond 0, 1 and the sum's tolerance a probability may be for having been computed."""
SHOWN = 10
"""How many of the like a note names."""
_KEYS = frozenset(ForecastEntry.model_fields)
_NEEDED = ("forecaster", "time", "values")
_NUMBERS = {int, float}
_ROLES: dict[str | None, Role | None] = {None: None} | {role.value: role for role in Role}
_Cells = tuple[Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in an export that is wrong, or worth a note: reads `predictions[3].forecasts[7].values: what is wrong`."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(slots=True)
class ExportFindings:
    """What is being collected while a file is read."""

    problems: list[Flaw] = field(default_factory=list[Flaw])
    notes: list[Flaw] = field(default_factory=list[Flaw])

    def problem(self, where: str, message: str) -> None:
        """Something that keeps the file from being scored."""
        self.problems.append(Flaw(where, message))

    def note(self, where: str, message: str) -> None:
        """Something that is left out of account."""
        self.notes.append(Flaw(where, message))


@dataclass(frozen=True, slots=True)
class Columns:
    """Forecasts in the file's order: forecasters, roles where a forecast says its own, and (forecasts,) starts and ends in Unix
    seconds, ends infinite while nothing has ended them; values (forecasts, values)."""

    forecasters: list[str]
    roles: list[Role | None]
    starts: Floats
    ends: Floats
    values: Floats


class _WrongColumns(Exception):
    """The columns hold something that must be looked for one by one."""


def read_columns(raw: Sequence[object], kind: Kind, size: int, *, where: str, found: ExportFindings) -> Columns:
    """Read forecasts of `size` values each. What is wrong goes to `found`, and the columns are empty then."""
    rows = [_cells(row) for row in raw]
    try:
        if not _are_whole(rows):
            raise _WrongColumns
        forecasters, times, values, ends, roles = [list(column) for column in zip(*rows, strict=True)] or [
            [],
            [],
            [],
            [],
            [],
        ]
        starts, untils, numbers = _moments(times), _ends(ends), _values(values, kind, size)
        is_named = set(map(type, forecasters)) <= {str, int} and "" not in forecasters
        if not is_named or not set(roles) <= set(_ROLES) or (untils < starts).any():
            raise _WrongColumns
    except (_WrongColumns, ValueError, TypeError, OverflowError):
        before = len(found.problems)
        for position, row in enumerate(raw):
            _find_problems(row, kind, size, f"{where}[{position}]", found)
        if len(found.problems) == before:
            found.problem(where, "cannot be read")  # never go on with half a file
        nothing = np.empty(0)
        return Columns([], [], nothing, nothing, np.empty((0, size)))
    blocks = [cast("dict[str, object]", row) for row in raw if isinstance(row, dict)]
    if unknown := sorted(set[str]().union(*blocks) - _KEYS):
        found.note(where, f"unknown fields, ignored: {', '.join(unknown[:SHOWN])}")
    return Columns(list(map(str, forecasters)), [_ROLES[role] for role in roles], starts, untils, numbers)


def _cells(row: object) -> _Cells | None:
    """(forecaster, time, values, end, role) of a forecast written as a block or as a list; None where it is neither."""
    if isinstance(row, dict):
        block = cast("dict[str, Any]", row)
        if "forecaster" not in block or "time" not in block or "values" not in block:
            return None
        return block["forecaster"], block["time"], block["values"], block.get("end"), block.get("role")
    if isinstance(row, list) and 3 <= len(cast("list[Any]", row)) <= 4:
        listed = cast("list[Any]", row)
        return listed[0], listed[1], listed[2], listed[3] if len(listed) == 4 else None, None
    return None


def _are_whole(rows: list[_Cells | None]) -> TypeGuard[list[_Cells]]:
    return None not in rows


def _moments(cells: list[Any]) -> Floats:
    types = set(map(type, cells))
    if types <= _NUMBERS:
        return _bounded(np.array(cells, dtype=np.float64))
    if types == {str}:
        moments = list(map(datetime.fromisoformat, cells))
        if any(moment.tzinfo is None for moment in moments):
            raise _WrongColumns
        return np.array([moment.timestamp() for moment in moments])
    return np.array([read_moment(cell) for cell in cells])


def _ends(cells: list[Any]) -> Floats:
    untils = np.full(len(cells), np.inf)
    said = [row for row, cell in enumerate(cells) if cell is not None]
    untils[said] = _moments([cells[row] for row in said])
    return untils


def _bounded(numbers: Floats) -> Floats:
    if not (np.abs(numbers) <= LARGEST).all():  # NaN compares as false
        raise _WrongColumns
    return numbers


def _values(cells: list[Any], kind: Kind, size: int) -> Floats:
    lists = cells if set(map(type, cells)) <= {list} else [_listed(cell) for cell in cells]
    if not set(map(len, lists)) <= {size}:
        raise _WrongColumns
    flat: list[Any] = list(chain.from_iterable(lists))
    if kind is Kind.DATE and not set(map(type, flat)) <= _NUMBERS:
        flat = [read_day(value) for value in flat]
    if not set(map(type, flat)) <= _NUMBERS:
        raise _WrongColumns
    numbers = _bounded(np.array(flat, dtype=np.float64)).reshape(-1, size)
    if kind.is_distribution:
        is_right = bool(((numbers >= -ROUNDING) & (numbers <= 1 + ROUNDING)).all())
        if kind is Kind.MULTIPLE_CHOICE:
            is_right &= bool((np.abs(numbers.sum(axis=1) - 1) <= SUM_TOLERANCE + ROUNDING).all())
    else:
        is_right = bool((np.diff(numbers, axis=1) >= 0).all())
    if not is_right:
        raise _WrongColumns
    return numbers


def _listed(cell: Any) -> list[Any]:
    return cast("list[Any]", cell) if isinstance(cell, list) else [cell]


def _find_problems(row: object, kind: Kind, size: int, where: str, found: ExportFindings) -> None:
    """Say what is wrong with one forecast: the same rules as those of the columns."""
    cells = _cells(row)
    if cells is None and isinstance(row, dict):
        for key in _NEEDED:
            if key not in row:
                found.problem(f"{where}.{key}", "is missing; it must be given")
        return
    if cells is None:
        found.problem(where, "must be a block of fields, or a list [forecaster, time, values, end]")
        return
    forecaster, time, values, end, role = cells
    if type(forecaster) not in (str, int) or forecaster == "":
        found.problem(f"{where}.forecaster", f"is {forecaster!r:.60}; allowed are text and whole numbers")
    if not (role is None or (isinstance(role, str) and role in _ROLES)):
        found.problem(f"{where}.role", f"is {role!r:.60}; allowed are member and author")
    start = _said(read_moment, time, f"{where}.time", found)
    until = None if end is None else _said(read_moment, end, f"{where}.end", found)
    if start is not None and until is not None and until < start:
        found.problem(f"{where}.end", "is before the forecast's time")
    _find_wrong_values(_listed(values), kind, size, f"{where}.values", found)


def _find_wrong_values(values: list[Any], kind: Kind, size: int, where: str, found: ExportFindings) -> None:
    if len(values) != size:
        found.problem(where, f"has {len(values)} of {size} numbers ({_wanted(kind, size)})")
        return
    read: Callable[[object], float] = read_day if kind is Kind.DATE else read_number
    numbers = [number for value in values if (number := _said(read, value, where, found)) is not None]
    if len(numbers) < size:
        return
    if not kind.is_distribution:
        if numbers != sorted(numbers):
            found.problem(where, "must rise: the 10 %, the 50 % and the 90 % quantile")
        return
    for number in numbers:
        if not -ROUNDING <= number <= 1 + ROUNDING:
            found.problem(where, f"is {number:g}; allowed is a probability from 0 to 1 (70 % is 0.7)")
    if kind is Kind.MULTIPLE_CHOICE and abs(sum(numbers) - 1) > SUM_TOLERANCE + ROUNDING:
        found.problem(where, f"sum to {sum(numbers):g}; they must sum to 1 (give or take {SUM_TOLERANCE:g})")


def _said(read: Callable[[object], float], value: object, where: str, found: ExportFindings) -> float | None:
    try:
        return read(value)
    except ValueError as error:
        found.problem(where, str(error))
        return None


def _wanted(kind: Kind, size: int) -> str:
    match kind:
        case Kind.BINARY:
            return "the probability of yes"
        case Kind.MULTIPLE_CHOICE:
            return f"a probability for each of the {size} options"
        case Kind.NUMERIC | Kind.DATE:
            return "the 10 %, 50 % and 90 % quantiles"
