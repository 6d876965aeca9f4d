"""A guild's export as bytes, piece by piece: the JSON document, and the same as tables (CSV)."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json

from bot.domain.documents.export import FORMAT
from bot.domain.documents.export_seal import prediction_digest
from bot.domain.documents.export_stored import Seal
from bot.domain.times import day_of
from bot.domain.types import Kind

DOCUMENT = "export.json"
_SPOTS = ("brier", "log", "baseline", "peer", "wis")
_SCORES = ("coverage", *_SPOTS, "relative_brier")
_OF_PREDICTION = (
    *("id", "kind", "statement", "criteria", "unit", "range_low", "range_high", "tags", "pack", "source", "url", "parent"),
    *("relation", "state", "standing", "hidden", "opens_at", "scheduled_close", "actual_close", "resolves_at"),
    *("resolved_at", "resolution", "creator", "approved", "happened_at", "last_day"),
)
_OF_STANDING = ("rank", "forecaster", "role", "score", "predictions", "coverage", "absolute_brier")
TABLES: dict[str, tuple[str, ...]] = {
    "predictions.csv": _OF_PREDICTION,
    "options.csv": ("prediction", "position", "option"),
    "forecasts.csv": ("prediction", "forecaster", "role", "time", "end", "of", "value"),
    "reasons.csv": ("prediction", "forecaster", "time", "reason"),
    "crowd.csv": ("prediction", "time", "members", "of", "median", "lower", "upper"),
    "experienced.csv": ("prediction", "time", "of", "value"),
    "scores.csv": ("prediction", "forecaster", "role", *_SCORES, *(f"spot_{name}" for name in _SPOTS)),
    "events.csv": ("prediction", "at", "kind", "forecaster", "from_state", "to_state", "words", "facts"),
    "revisions.csv": ("prediction", "number", "replaced_at", "statement", "criteria"),
    "forecasters.csv": ("id", "role", "name", "left_out"),
    "leaderboards.csv": ("by", "name", *_OF_STANDING),
}
"""The tables and their columns. Forecasts and crowds have a line for each number, which `of` names: yes, an option, a quantile."""
_QUANTILES = ("10%", "50%", "90%")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets may take for the beginning of a formula, in the Latin letters and in the wide ones."""

Put = Callable[[str, bytes], object]
"""Takes the next piece of a file, by the file's name."""


def put_beginning(put: Put, *, guild_id: int, exported_at: datetime) -> None:
    """Begin the document and every table."""
    head = {"format": FORMAT, "guild": guild_block(guild_id), "exported_at": written_moment(exported_at)}
    put(DOCUMENT, to_json(head)[:-1] + b',\n"predictions": [')
    for table, columns in TABLES.items():
        put(table, BOM_UTF8 + _lines([columns]))  # without the mark, Excel takes every ä for Ã¤


def guild_block(guild_id: int) -> dict[str, Any]:
    """The guild as it is in the file."""
    # As text: most readers of JSON know no whole numbers of this size.
    return {"id": str(guild_id)}


def put_prediction(put: Put, entry: dict[str, Any], *, is_first: bool) -> str:
    """Add a prediction, as the format has it, with every forecast as a block. Returns its SHA-256, for the seal."""
    put(DOCUMENT, b"\n" if is_first else b",\n")
    forecasts = entry["forecasts"]
    # Most forecasts are four things, and come by the hundred thousand: as lists they take half of the room.
    compact = [block if "reason" in block else list(block.values())[:4] for block in forecasts]
    written = entry | {"forecasts": compact}
    put(DOCUMENT, to_json(written))
    for table, rows in _rows(entry).items():
        if lines := _lines(rows):
            put(table, lines)
    return prediction_digest(written)


def put_end(
    put: Put,
    *,
    forecasters: Sequence[dict[str, Any]],
    leaderboards: Sequence[dict[str, Any]],
    seal: Seal | None = None,
) -> None:
    """End the document with who is who, the leaderboards and the seal."""
    for name, items, last in (("forecasters", forecasters, b"],\n"), ("leaderboards", leaderboards, b"]")):
        lead = b"\n],\n" if name == "forecasters" else b""
        put(DOCUMENT, lead + to_json(name) + b": [" + b",".join(b"\n" + to_json(item) for item in items) + last)
    put(DOCUMENT, (b"" if seal is None else b',\n"seal": ' + to_json(seal)) + b"}\n")
    people = ([item["id"], item["role"], _safe(item["name"]), item.get("left_out")] for item in forecasters)
    put("forecasters.csv", _lines(people))
    for board in leaderboards:
        rows = [[board["by"], board["name"], *(row.get(key) for key in _OF_STANDING)] for row in board["standings"]]
        put("leaderboards.csv", _lines(rows))


def written_moment(moment: datetime) -> str:
    """2026-12-31T23:00:00Z, to the microsecond: what reads it back gets the very same moment."""
    return moment.isoformat().replace("+00:00", "Z")


def written_value(kind: Kind, value: float) -> float | str:
    """A number, or the day that a whole day number stands for."""
    if kind is Kind.DATE and value.is_integer():
        try:
            return day_of(value).isoformat()
        except OverflowError:
            return value  # no day that the calendar has
    return value


def _rows(entry: dict[str, Any]) -> dict[str, Iterable[Sequence[Any]]]:
    """The lines of every table about one prediction."""
    code, kind, options = entry["id"], entry["kind"], [_safe(name) for name in entry["options"] or ()]
    labels = ["yes"] if kind == Kind.BINARY else options if kind == Kind.MULTIPLE_CHOICE else _QUANTILES
    plain = entry | {"tags": ", ".join(entry["tags"]), "hidden": str(entry["hidden"]).lower()}
    if entry["range"] is not None:
        plain |= {"range_low": entry["range"]["low"], "range_high": entry["range"]["high"]}
    return {
        "predictions.csv": [[_safe(plain.get(key)) for key in _OF_PREDICTION]],
        "options.csv": ([code, *pair] for pair in enumerate(options)),
        "forecasts.csv": (
            [code, block["forecaster"], block.get("role", "member"), block["time"], block["end"], label, value]
            for block in entry["forecasts"]
            for label, value in zip(labels, block["values"], strict=True)
        ),
        "reasons.csv": (
            [code, block["forecaster"], block["time"], _safe(block["reason"])]
            for block in entry["forecasts"]
            if "reason" in block
        ),
        "crowd.csv": _crowd_rows(code, labels, entry.get("crowd")),
        "experienced.csv": _experienced_rows(code, labels, entry.get("experienced")),
        "scores.csv": (
            [
                code,
                row["forecaster"],
                row["role"],
                *(row.get(name) for name in _SCORES),
                *(row["spot"][name] for name in _SPOTS),
            ]
            for row in entry.get("scores", ())
        ),
        "events.csv": (
            [
                code,
                *(_safe(row[key]) for key in ("at", "kind", "forecaster", "from_state", "to_state", "words")),
                _facts(row),
            ]
            for row in entry["events"]
        ),
        "revisions.csv": (
            [code, *(_safe(row[key]) for key in ("number", "replaced_at", "statement", "criteria"))]
            for row in entry["revisions"]
        ),
    }


def _crowd_rows(code: str, labels: Sequence[str], crowd: dict[str, Any] | None) -> Iterator[Sequence[Any]]:
    if crowd is None:
        return
    history: dict[str, list[Any]] = crowd["history"]
    nobody: list[Any] = [None] * len(labels)
    columns = (history[key] for key in ("times", "members", "values", "lower", "upper"))
    for time, members, *numbers in zip(*columns, strict=True):
        moment = written_moment(datetime.fromtimestamp(time, UTC))
        for line in zip(labels, *(column or nobody for column in numbers), strict=True):
            yield [code, moment, members, *line]


def _experienced_rows(code: str, labels: Sequence[str], crowd: dict[str, Any] | None) -> Iterator[Sequence[Any]]:
    history: dict[str, list[Any]] = {} if crowd is None else crowd["history"]
    for time, values in zip(history.get("times", ()), history.get("values", ()), strict=True):
        for line in zip(labels, values or [None] * len(labels), strict=True):
            yield [code, written_moment(datetime.fromtimestamp(time, UTC)), *line]


def _facts(row: dict[str, Any]) -> str | None:
    return to_json(row["facts"]).decode() if row["facts"] else None


def _safe(cell: Any) -> Any:
    """What people wrote stays words: a spreadsheet must not compute, fetch or run it. Numbers stay numbers."""
    return "'" + cell if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


class _WrittenText(list[str]):
    """What was written to it."""

    write = list[str].append


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    gathered = _WrittenText()
    csv.writer(gathered, lineterminator="\r\n").writerows(rows)  # the line's end is RFC 4180's
    return "".join(gathered).encode()
