"""What `score` says, as one JSON document, and where it differs from what an export has stored. Stored results have the same
shape, so a document made here can be compared when it comes back in an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.domain.aggregation import CrowdHistory
from bot.domain.audit import Audit, ranking_of
from bot.domain.calibration import Calibration
from bot.domain.cases import CaseResult
from bot.domain.documents.export import ExportFile
from bot.domain.documents.export_stored import StoredCrowd, StoredExperienced, StoredRow
from bot.domain.experience import steps_of
from bot.domain.leaderboard import RankedForecaster, Ranking
from bot.domain.scoring import Scored, Scores
from bot.domain.timelines import Floats, Forecasts, ForecastWindow
from bot.domain.types import Role

TOLERANCE = 1e-9
"""How far a stored number may be from the recomputed one: this, times the number where it is larger than 1."""
_SCORES = ("brier", "log", "baseline", "peer", "wis", "coverage")
SCORE_FIELDS = (*_SCORES, "relative_brier")


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored number that the file's own forecasts don't give. None on either side means there's no such number."""

    where: str
    stored: Any
    computed: Any

    def __str__(self) -> str:
        return f"{self.where}: stored {_shown(self.stored)}, computed {_shown(self.computed)}"


def results_document(audited: Audit) -> dict[str, Any]:
    """Everything computed, in plain types; numbers that don't exist are None."""
    return {
        "predictions": [prediction_document(result) for result in audited.cases],
        "rankings": {by.value: [asdict(standing) for standing in standings] for by, standings in audited.rankings.items()},
        "calibration": [
            {"role": found.role, "forecaster": found.forecaster, **_calibration(found.calibration)}
            for found in audited.calibrations
        ],
    }


def prediction_document(result: CaseResult) -> dict[str, Any]:
    """One prediction: the crowds at the close and over time, and everyone's scores."""
    document = {"id": result.case.id, "crowd": crowd_document(result.crowd), "scores": score_documents(result)}
    if result.experienced is not None:
        document["experienced"] = experienced_document(result.experienced.said, result.case.window)
    return document


def crowd_document(history: CrowdHistory) -> dict[str, Any]:
    """The crowd at the close, or at the last change, and its history in columns; Unix seconds."""
    last = history.last
    columns = (history.values, history.lower, history.upper)
    values, lower, upper = (_rows(column, history.members) for column in columns)
    return {
        "members": 0 if last is None else last.members,
        "values": None if last is None else list(last.values),
        "lower": None if last is None else list(last.lower),
        "upper": None if last is None else list(last.upper),
        "history": {
            "times": history.times.tolist(),
            "members": history.members.tolist(),
            "values": values,
            "lower": lower,
            "upper": upper,
        },
    }


def experienced_document(said: Forecasts, window: ForecastWindow | None) -> dict[str, Any]:
    """The experienced crowd at the close, or at the last change, and its history in columns; Unix seconds."""
    steps = list(steps_of(said, closed_at=np.inf if window is None else window.closed_at))
    history = {"times": [time for time, _ in steps], "values": [values for _, values in steps]}
    return {"values": steps[-1][1], "history": history}


def score_documents(result: CaseResult) -> list[dict[str, Any]]:
    """The scores of everyone who was active on a prediction: members in their order, the crowds, authors."""
    return [row for role, ids, scored in result.groups() for row in score_rows(role, ids, scored)]


def score_rows(role: Role, ids: tuple[str, ...], scored: Scored) -> list[dict[str, Any]]:
    """The same of those with these scores."""
    over_time, spot = _score_rows(scored.over_time), _score_rows(scored.spot)
    relative = _numbers(scored.relative_brier)
    return [
        {"forecaster": name, "role": role, **total, "relative_brier": apart, "spot": close}
        for name, total, apart, close in zip(ids, over_time, relative, spot, strict=True)
        if total["coverage"] > 0
    ]


def differences(file: ExportFile, audited: Audit) -> list[Difference]:
    """Where the file's stored numbers aren't what its forecasts give, in the file's order."""
    found: list[Difference] = []
    for position, (entry, result) in enumerate(zip(file.predictions, audited.cases, strict=True)):
        where = f"predictions[{position}]"
        if entry.scores is not None:
            found += _score_differences(entry.scores, score_documents(result), f"{where}.scores")
        if entry.crowd is not None:
            found += _crowd_differences(entry.crowd, crowd_document(result.crowd), f"{where}.crowd")
        if entry.experienced is not None:
            found += _experienced_differences(entry.experienced, result, f"{where}.experienced")
    by_id = {result.case.id: result for result in audited.cases}
    for position, board in enumerate(file.leaderboards or ()):
        where = f"leaderboards[{position}]"
        counted = list(by_id) if board.predictions is None else board.predictions
        if unknown := [name for name in counted if name not in by_id]:
            found.append(Difference(f"{where}.predictions", ", ".join(unknown), None))
            continue
        stored = {f"{line.role}:{line.forecaster}": line.model_dump(exclude_unset=True) for line in board.standings}
        computed = {_key(line): asdict(line) for line in ranking_of(Ranking(board.by), [by_id[name] for name in counted])}
        if len(stored) < len(board.standings):
            found.append(Difference(f"{where}.standings", "someone twice", "everyone once"))
        found += _row_differences(stored, computed, ("rank", "score", "predictions", "coverage", "absolute_brier"), where)
    return found


def _key(standing: RankedForecaster) -> str:
    return f"{standing.role}:{standing.forecaster}"


def _score_differences(stored: list[StoredRow], computed: list[dict[str, Any]], where: str) -> Iterator[Difference]:
    ours = {f"{row['role']}:{row['forecaster']}": row for row in computed}
    theirs = {f"{row.role}:{row.forecaster}": row.model_dump(exclude_unset=True) for row in stored}
    if len(theirs) < len(stored):
        yield Difference(where, "someone twice", "everyone once")
    yield from _row_differences(theirs, ours, SCORE_FIELDS, where)
    for key in theirs.keys() & ours.keys():
        spot = theirs[key].get("spot")
        if spot is not None:
            yield from _row_differences({key: spot}, {key: ours[key]["spot"]}, _SCORES, f"{where}.spot")


def _row_differences(
    stored: Mapping[str, Mapping[str, Any]], computed: Mapping[str, Mapping[str, Any]], fields: Iterable[str], where: str
) -> Iterator[Difference]:
    for key in [*stored, *(key for key in computed if key not in stored)]:
        place = f"{where}[{key}]"
        if key not in stored or key not in computed:
            yield Difference(
                place, "nothing" if key not in stored else "a row", "nothing" if key not in computed else "a row"
            )
            continue
        for name in fields:
            if name in stored[key] and not _is_same(stored[key][name], computed[key][name]):
                yield Difference(f"{place}.{name}", stored[key][name], computed[key][name])


def _crowd_differences(stored: StoredCrowd, computed: dict[str, Any], where: str) -> Iterator[Difference]:
    for name in ("members", "values", "lower", "upper"):
        theirs = getattr(stored, name)
        if name in stored.model_fields_set and not _is_same(theirs, computed[name]):
            yield Difference(f"{where}.{name}", theirs, computed[name])
    if stored.history is not None:
        for name in ("times", "members", "values", "lower", "upper"):
            theirs = getattr(stored.history, name)
            yield from _column_differences(name, theirs, computed["history"][name], f"{where}.history.{name}")


def _experienced_differences(stored: StoredExperienced, result: CaseResult, where: str) -> Iterator[Difference]:
    if result.experienced is None:
        yield Difference(where, "a crowd", None)
        return
    computed = experienced_document(result.experienced.said, result.case.window)
    if "values" in stored.model_fields_set and not _is_same(stored.values, computed["values"]):
        yield Difference(f"{where}.values", stored.values, computed["values"])
    if stored.history is not None:
        for name in ("times", "values"):
            theirs = getattr(stored.history, name)
            yield from _column_differences(name, theirs, computed["history"][name], f"{where}.history.{name}")


def _column_differences(name: str, stored: list[Any], computed: list[Any], where: str) -> Iterator[Difference]:
    if len(stored) != len(computed):
        yield Difference(where, f"{len(stored)} steps", f"{len(computed)} steps")
        return
    for step, (one, other) in enumerate(zip(stored, computed, strict=True)):
        # A billionth of a Unix time is seconds.
        if one != other if name == "times" else not _is_same(one, other):
            yield Difference(f"{where}[{step}]", one, other)


def _is_same(stored: Any, computed: Any) -> bool:
    if isinstance(stored, list) and isinstance(computed, list):
        pairs: list[tuple[Any, Any]] = list(zip(stored, computed, strict=False))  # pyright: ignore[reportUnknownArgumentType]
        return len(stored) == len(computed) and all(_is_same(*pair) for pair in pairs)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(stored, int | float) and isinstance(computed, int | float):
        return abs(stored - computed) <= TOLERANCE * max(1.0, abs(computed))
    return stored == computed


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _score_rows(scores: Scores) -> list[dict[str, Any]]:
    columns = {name: _numbers(getattr(scores, name)) for name in _SCORES}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _numbers(column: Floats) -> list[float | None]:
    return [None if number != number else number for number in column.tolist()]


def _rows(column: Floats, members: np.ndarray) -> list[list[float] | None]:
    return [row if count else None for row, count in zip(column.tolist(), members.tolist(), strict=True)]


def _calibration(found: Calibration) -> dict[str, Any]:
    bins = {
        "count": found.counts.tolist(),
        "mean_probability": _numbers(found.mean_probability),
        "share_happened": _numbers(found.share_happened),
        "band_low": _numbers(found.band_low),
        "band_high": _numbers(found.band_high),
    }
    return {
        "events": found.events,
        "brier": found.brier,
        "reliability": found.reliability,
        "resolution": found.resolution,
        "uncertainty": found.uncertainty,
        "within_variance": found.within_variance,
        "within_covariance": found.within_covariance,
        "expected_error": found.expected_error,
        "bins": [dict(zip(bins, row, strict=True)) for row in zip(*bins.values(), strict=True)],
    }
