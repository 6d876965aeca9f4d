"""An export's bytes to a checked `Export`, or every problem in it at once, each with its place in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from bot.domain.cases import Case, numbered
from bot.domain.documents.export import ExportFile, PredictionEntry
from bot.domain.documents.export_columns import SHOWN, Columns, ExportFindings, Flaw, read_columns
from bot.domain.documents.export_seal import seal_of
from bot.domain.documents.export_stored import Seal
from bot.domain.timelines import Forecasts, ForecastWindow
from bot.domain.types import Kind, Role

CROWD = "crowd"


@dataclass(frozen=True, slots=True)
class Export:
    """A checked export: the file but for its forecasts, and these as the cases that can be scored, in the file's order.
    `sealed` is the seal that it should have; None where it has none."""

    file: ExportFile
    cases: tuple[Case, ...]
    sealed: Seal | None = None


@dataclass(frozen=True, slots=True)
class ExportReading:
    """What came of an export: it, or problems. Notes say what was left out of account."""

    export: Export | None
    problems: tuple[Flaw, ...] = ()
    notes: tuple[Flaw, ...] = ()


def read_export(raw: bytes) -> ExportReading:
    """Read an export, `{"predictions": [...]}` or a plain list of predictions."""
    try:
        data: object = from_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _failed("this is not UTF-8 text; save it as UTF-8")
    except ValueError as error:
        return _failed(f"this is not valid JSON: {error}")
    if isinstance(data, list):
        data = {"predictions": cast("list[object]", data)}
    if not isinstance(data, dict):
        return _failed("an export is a block of fields with `predictions`, or a list of predictions")
    return _read(cast("dict[str, Any]", data))


def _failed(message: str) -> ExportReading:
    return ExportReading(None, (Flaw("", message),))


def _read(data: dict[str, Any]) -> ExportReading:
    found = ExportFindings()
    listed: Any = data.get("predictions")
    entries: list[Any] = cast("list[Any]", listed) if isinstance(listed, list) else []
    # The models see everything but the forecasts, which are by far the most of it.
    bare = [_without_forecasts(entry) for entry in entries] if isinstance(listed, list) else listed
    try:
        file = ExportFile.model_validate(data | {"predictions": bare} if "predictions" in data else data)
    except ValidationError as error:
        found.problems += _problems(error)
        file = None
    roles = {} if file is None else {entry.id: entry.role for entry in file.forecasters}
    named = () if file is None else file.forecasters
    left_out = frozenset(entry.id for entry in named if entry.left_out is not None)
    cases: list[Case] = []
    for position, raw in enumerate(entries):
        entry = file.predictions[position] if file is not None else _readable(raw)
        if entry is not None:
            case = _case(entry, raw.get("forecasts"), position, roles, found)
            cases.append(replace(case, left_out=left_out))
    if file is not None:
        _find_repeated(cases, found)
    if found.problems or file is None:
        return ExportReading(None, tuple(found.problems), tuple(found.notes))
    sealed = None if file.seal is None else seal_of(data, [case.id for case in cases])
    return ExportReading(Export(file, tuple(cases), sealed), (), (*_unknown_fields(file), *found.notes))


def _without_forecasts(entry: Any) -> Any:
    nothing: dict[str, Any] = {"forecasts": []}
    return cast("dict[str, Any]", entry) | nothing if isinstance(entry, dict) else entry


def _readable(raw: Any) -> PredictionEntry | None:
    """A prediction of a file that has a problem elsewhere, so that the problems of its forecasts are said as well."""
    try:
        return PredictionEntry.model_validate(_without_forecasts(raw))
    except ValidationError:
        return None


def _case(entry: PredictionEntry, raw: Any, position: int, roles: dict[str, Role], found: ExportFindings) -> Case:
    where = f"predictions[{position}]"
    if not (raw is None or isinstance(raw, list)):
        found.problem(f"{where}.forecasts", "must be a list")
    rows = cast("list[object]", raw) if isinstance(raw, list) else []
    size = len(entry.options or ()) if entry.kind is Kind.MULTIPLE_CHOICE else 1 if entry.kind is Kind.BINARY else 3
    columns = read_columns(rows, entry.kind, size, where=f"{where}.forecasts", found=found)
    window = _window(entry, where, found)
    closed_at = np.inf if window is None else window.closed_at
    outside = (columns.ends <= entry.opens_at) | (columns.starts >= closed_at)
    is_late = columns.starts >= (np.inf if entry.happened_at is None else entry.happened_at)
    _note(found, where, np.flatnonzero(outside & is_late).tolist(), "made after the fact; not scored")
    untimely = np.flatnonzero(outside & ~is_late).tolist()
    _note(found, where, untimely, "wholly outside the time in which the prediction was open; ignored")

    by_role: dict[Role, list[int]] = {role: [] for role in Role}
    for row, (forecaster, role) in enumerate(zip(columns.forecasters, columns.roles, strict=True)):
        by_role[role or roles.get(forecaster, Role.CROWD if forecaster == CROWD else Role.MEMBER)].append(row)
    computed = sorted(by_role[Role.CROWD] + by_role[Role.EXPERIENCED])
    _note(found, where, computed, "of the crowd, which is computed from the members'; ignored")
    member_ids, members = _group(by_role[Role.MEMBER], columns, where, found)
    author_ids, authors = _group(by_role[Role.AUTHOR], columns, where, found)
    return Case(
        id=entry.id or str(position if entry.code is None else entry.code),
        kind=entry.kind,
        options=size if entry.kind is Kind.MULTIPLE_CHOICE else 2,
        opens_at=entry.opens_at,
        window=window,
        outcome=entry.outcome_of(),
        member_ids=member_ids,
        members=members,
        author_ids=author_ids,
        authors=authors,
        creator_id=entry.creator,
        is_approved=entry.approved,
        last_day=entry.last_day_number(),
        resolved_at=entry.resolved_at,
    )


def _window(entry: PredictionEntry, where: str, found: ExportFindings) -> ForecastWindow | None:
    window = entry.window
    if window is not None and entry.actual_close is not None and entry.actual_close > window.scheduled_close:
        found.note(f"{where}.actual_close", "is after scheduled_close, which counts instead")
    return window


def _group(rows: list[int], columns: Columns, where: str, found: ExportFindings) -> tuple[tuple[str, ...], Forecasts]:
    """The forecasters of these rows in their order, and the forecasts numbered by it."""
    ids, who = numbered([columns.forecasters[row] for row in rows])
    forecasts = Forecasts(who, columns.starts[rows], columns.ends[rows], columns.values[rows])
    _find_duplicates(rows, forecasts, f"{where}.forecasts", found)
    return ids, forecasts


def _find_duplicates(rows: list[int], forecasts: Forecasts, where: str, found: ExportFindings) -> None:
    lasting = np.flatnonzero(forecasts.ends > forecasts.starts)  # what was taken back at once may be said again
    order = lasting[np.lexsort((lasting, forecasts.starts[lasting], forecasts.who[lasting]))]
    who, starts = forecasts.who[order], forecasts.starts[order]
    for at in np.flatnonzero((who[1:] == who[:-1]) & (starts[1:] == starts[:-1])).tolist():
        first, second = rows[int(order[at])], rows[int(order[at + 1])]
        found.problem(f"{where}[{second}]", f"has the forecaster and the time of {where}[{first}]; keep one of them")


def _find_repeated(cases: list[Case], found: ExportFindings) -> None:
    taken: dict[str, int] = {}
    for position, case in enumerate(cases):
        if taken.setdefault(case.id, position) != position:
            found.problem(f"predictions[{position}].id", f"is {case.id}, which predictions[{taken[case.id]}] has as well")


def _note(found: ExportFindings, where: str, rows: Sequence[int], message: str) -> None:
    if rows:
        listed = ", ".join(map(str, rows[:SHOWN])) + (f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else "")
        found.note(f"{where}.forecasts[{listed}]", message)


def _problems(error: ValidationError) -> list[Flaw]:
    found: dict[tuple[str, str], Flaw] = {}
    for item in error.errors(include_url=False):
        path = item["loc"]
        if "resolution" in path:  # a value that is none of several things is one problem
            path = path[: path.index("resolution") + 1]
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
        message = str(item["msg"]).removeprefix("Value error, ")
        field, colon, rest = message.partition(": ")
        if item["type"] == "value_error" and colon and field in PredictionEntry.model_fields:
            where, message = f"{where}.{field}", rest
        elif item["type"] == "missing":
            message = "is missing; it must be given"
        elif item["type"] != "value_error":
            message = f"is {item['input']!r:.60}; {message[:1].lower()}{message[1:]}"
        found.setdefault((where, "" if where.endswith(".resolution") else message), Flaw(where, message))
    return list(found.values())


def _unknown_fields(file: ExportFile) -> list[Flaw]:
    models: list[tuple[str, BaseModel]] = [("", file)]
    models += [(f"predictions[{position}].", entry) for position, entry in enumerate(file.predictions)]
    places: dict[str, list[str]] = {}
    for where, model in models:
        for name in model.model_extra or {}:
            places.setdefault(name, []).append(f"{where}{name:.60}")
    return [
        Flaw(where[0], "unknown field, ignored" + (f", as in {len(where) - 1} more places" if len(where) > 1 else ""))
        for where in places.values()
    ]
