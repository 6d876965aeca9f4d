"""What an export has stored of what follows from its forecasts, so that it can be compared, and its seal."""

from __future__ import annotations

from typing import Literal

from bot.domain.documents.export_values import ExportModel, Identifier, Moment, Number, Row
from bot.domain.types import Role


class StoredRange(ExportModel):
    """Where answers are expected, for people: numbers, or days. An end that is null is open."""

    low: float | str | None = None
    high: float | str | None = None


class StoredScores(ExportModel):
    """Stored scores: over time, and `spot` at the close. What is missing is not compared."""

    brier: Number | None = None
    log: Number | None = None
    baseline: Number | None = None
    peer: Number | None = None
    wis: Number | None = None
    relative_brier: Number | None = None
    coverage: Number | None = None


class StoredRow(StoredScores):
    """The stored scores of one forecaster on one prediction."""

    forecaster: Identifier
    role: Role = Role.MEMBER
    spot: StoredScores | None = None


class StoredHistory(ExportModel):
    """The crowd from each time on, in columns of equal length; where nobody stood, values are null."""

    times: list[Moment]
    members: list[int]
    values: list[Row | None]
    lower: list[Row | None]
    upper: list[Row | None]


class StoredCrowd(ExportModel):
    """The crowd as it was stored: at the close, or at the last change, and through time."""

    members: int | None = None
    values: Row | None = None
    lower: Row | None = None
    upper: Row | None = None
    history: StoredHistory | None = None


class StoredSteps(ExportModel):
    """What someone said from each time on, in columns of equal length; null where they said nothing."""

    times: list[Moment]
    values: list[Row | None]


class StoredExperienced(ExportModel):
    """The experienced crowd as it was stored: at the close, or at the last change, and through time."""

    values: Row | None = None
    history: StoredSteps | None = None


class StoredStanding(ExportModel):
    """A line of a stored leaderboard."""

    forecaster: Identifier
    role: Role = Role.MEMBER
    rank: int | None = None
    score: Number
    predictions: int | None = None
    coverage: Number | None = None
    absolute_brier: Number | None = None
    """In the ranking by Brier: the mean of the scores as they are."""
    name: str | None = None
    """As in `forecasters`."""


class StoredLeaderboard(ExportModel):
    """A leaderboard as it was stored."""

    by: Literal["peer", "baseline", "brier"]
    name: str | None = None
    """Its season, tag or pack, for people."""
    predictions: list[Identifier] | None = None
    """The ids of the predictions that it is of; all of the file when missing. What counts in no ranking counts here neither."""
    standings: list[StoredStanding]


class Seal(ExportModel):
    """SHA-256 of what the file holds, in hexadecimal, whatever the order of its lists; see docs/scoring.md. `sha256` is that of all
    and is posted in the guild's channel on request, so that a later file can be compared with it."""

    sha256: str
    predictions: dict[str, str]
    """Of each, by its id."""
    forecasters: str
    leaderboards: str
