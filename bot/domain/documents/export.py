"""The file format `almanac-export/1`, as pydantic models: what a guild's public export holds, and what `score` reads. The JSON
Schema in `docs/` is generated from them. Forecasts are checked by column, in `export_reading`; here is only their shape.
"""

from __future__ import annotations

import math
from typing import Any, Literal, cast

from pydantic import Field, model_validator

from bot.domain.documents.export_stored import (
    Seal,
    StoredCrowd,
    StoredExperienced,
    StoredLeaderboard,
    StoredRange,
    StoredRow,
)
from bot.domain.documents.export_values import ExportModel, Identifier, Moment, read_day, read_number
from bot.domain.timelines import ForecastWindow, window_of
from bot.domain.types import MAX_OPTIONS, Kind, Role

FORMAT = "almanac-export/1"
SUM_TOLERANCE = 0.02


class ForecasterEntry(ExportModel):
    """Someone whose forecasts are in the file."""

    id: Identifier
    role: Role = Role.MEMBER
    """member, author (of the document that a prediction came from), or crowd or experienced (the two crowds, which have no
    forecasts of their own)."""
    name: str | None = None
    left_out: Moment | None = None
    """Of a member: since when the managers leave them out. Their forecasts ended then, and no ranking lists them."""


class ForecastEntry(ExportModel):
    """What one forecaster thought from `time` until `end`, or until their next forecast. May be written as a list
    [forecaster, time, values, end]."""

    forecaster: Identifier
    time: Moment
    values: float | list[float | str]
    """Binary: the probability of yes. Multiple choice: one for each option, in order. Numeric and date: the 10 %, 50 % and
    90 % quantiles, of dates as ISO days or days since 1970-01-01."""
    end: Moment | None = None
    """When it was withdrawn or replaced; null or missing while nothing has ended it."""
    role: Literal["member", "author"] | None = None
    """Of an author's forecast, where `forecasters` does not say so."""
    reason: str | None = None
    """What they gave as their reason, where they have posted it."""


class EventEntry(ExportModel):
    """A step of a prediction's log, for people."""

    at: Moment
    kind: str
    forecaster: Identifier | None = None
    """The member who did it; null for what time brought about."""
    from_state: str | None = None
    to_state: str | None = None
    words: str | None = None
    facts: dict[str, Any] = Field(default={})
    """What belongs to it, such as how many ballots each answer of a decided vote had."""


class RevisionEntry(ExportModel):
    """The words of a prediction up to a change, for people."""

    number: int
    statement: str
    criteria: str | None = None
    replaced_at: Moment


class PredictionEntry(ExportModel):
    """A prediction with its forecasts and, where they were stored, its scores and its crowd."""

    id: Identifier | None = None
    """Missing: the code, or else its position in the file, from 0."""
    code: int | None = None
    kind: Kind
    statement: str | None = None
    criteria: str | None = None
    options: list[str] | None = None
    unit: str | None = None
    range: StoredRange | None = None
    """Of a number or a date: where answers are expected."""
    tags: list[str] = Field(default=[])
    pack: str | None = None
    source: str | None = None
    """The title of the document that it came from."""
    url: str | None = None
    """Where that document, or the message, is."""
    parent: int | None = None
    """The code of the prediction this one depends on, and how: see `relation`."""
    relation: str | None = None
    creator: Identifier | None = None
    """The member who made it."""
    approved: bool | None = None
    """Whether it came from a pack or a manager, or was approved by one: without that, or with fewer than two other members who
    forecast on it, it counts in no ranking. Missing, as in older files: it counts."""
    state: str | None = None
    standing: int | None = None
    """How many members have a forecast that nothing has ended."""
    hidden: bool = False
    """The members' forecasts are not in the file: they may be seen only by who has forecast it as well. Never of what is resolved."""
    opens_at: Moment
    scheduled_close: Moment | None = None
    """Missing: the actual close."""
    actual_close: Moment | None = None
    """When it took no more forecasts. Missing: the scheduled close."""
    happened_at: Moment | None = None
    """The moment that the confirmed result carries: forecasts from then on are not scored."""
    last_day: float | str | None = None
    """Of a date: later days count as this one, in forecasts and as the result. An ISO day, or days since 1970-01-01."""
    resolves_at: Moment | None = None
    """When it is to be decided, for people."""
    resolved_at: Moment | None = None
    """When it had its result: from then on the experienced crowd learns from it."""
    resolution: bool | int | float | str | None = None
    """yes, no, true or false; an option's name, or its position from 0; a number; a day; "annulled"; null while unresolved."""
    forecasts: list[ForecastEntry | list[Any]] = Field(default=[])
    crowd: StoredCrowd | None = None
    experienced: StoredExperienced | None = None
    """The experienced crowd; missing where it said nothing."""
    scores: list[StoredRow] | None = None
    """Stored scores; missing where none are stored."""
    events: list[EventEntry] = Field(default=[])
    revisions: list[RevisionEntry] = Field(default=[])

    @model_validator(mode="before")
    @classmethod
    def _is_a_block(cls, data: object) -> object:
        if isinstance(data, dict):
            return cast("dict[str, Any]", data)
        raise ValueError("must be a block of fields")

    @model_validator(mode="after")
    def _hangs_together(self) -> PredictionEntry:
        if self.kind is Kind.MULTIPLE_CHOICE:
            names = [option.casefold() for option in self.options or ()]
            if not 2 <= len(names) <= MAX_OPTIONS:
                raise ValueError(f"options: multiple_choice needs 2 to {MAX_OPTIONS}; this has {len(names)}")
            if len(set(names)) < len(names):
                raise ValueError("options: two have the same name")
        if self.scheduled_close is not None and self.scheduled_close < self.opens_at:
            raise ValueError("scheduled_close: is before opens_at")
        if self.actual_close is not None and self.actual_close < self.opens_at:
            raise ValueError("actual_close: is before opens_at")
        if self.resolution is not None and self.closed_at is None:
            raise ValueError("scheduled_close: is missing; what is resolved has a scheduled or an actual close")
        if self.resolution is not None and not self.is_annulled:
            self.outcome_of()
        self.last_day_number()
        return self

    @property
    def closed_at(self) -> float | None:
        """The end of the time in which forecasts count."""
        return None if self.window is None else self.window.closed_at

    @property
    def window(self) -> ForecastWindow | None:
        """The time in which forecasts count; None while no close is known."""
        return window_of(
            opens_at=self.opens_at,
            scheduled_close=self.scheduled_close,
            happened_at=self.happened_at,
            ended_at=self.actual_close,
        )

    @property
    def is_annulled(self) -> bool:
        """Whether it was annulled; an option of that name comes first."""
        word = self.resolution.strip().casefold() if isinstance(self.resolution, str) else ""
        return word == "annulled" and word not in {option.casefold() for option in self.options or ()}

    def outcome_of(self) -> float | None:
        """What happened, as `score_prediction` wants it; None where it is unresolved or annulled. Raises ValueError."""
        given = self.resolution
        if given is None or self.is_annulled:
            return None
        match self.kind:
            case Kind.BINARY:
                word = given.strip().casefold() if isinstance(given, str) else given
                if word in ("yes", "true") or (word == 1 and not isinstance(word, str)):
                    return 1.0
                if word in ("no", "false") or (word == 0 and not isinstance(word, str)):
                    return 0.0
                raise ValueError(f'resolution: is {given!r:.60}; allowed are yes, no, true, false, "annulled" and null')
            case Kind.MULTIPLE_CHOICE:
                return float(self._position(given))
            case Kind.NUMERIC | Kind.DATE:
                try:
                    return read_number(given) if self.kind is Kind.NUMERIC else read_day(given)
                except ValueError as error:
                    raise ValueError(f'resolution: {error}, "annulled" or null') from None

    def last_day_number(self) -> float | None:
        """Of a date, the last day that counts as itself. Raises ValueError."""
        if self.last_day is None or self.kind is not Kind.DATE:
            return None
        try:
            return read_day(self.last_day)
        except ValueError as error:
            raise ValueError(f"last_day: {error}") from None

    def _position(self, given: bool | float | str) -> int:
        options = self.options or []
        if isinstance(given, str):
            if given in options:
                return options.index(given)
            names, wanted = [option.strip().casefold() for option in options], given.strip().casefold()
            if wanted in names:
                return names.index(wanted)
        elif not isinstance(given, bool) and given in range(len(options)) and math.isfinite(given):
            return int(given)
        raise ValueError(f"resolution: is {given!r:.60}; it is no option, nor the position of one from 0")


class ExportFile(ExportModel):
    """A guild's public record, or a bare list of predictions with their forecasts."""

    format: Literal["almanac-export/1"] = FORMAT
    guild: dict[str, Any] | None = None
    exported_at: Moment | None = None
    forecasters: list[ForecasterEntry] = Field(default=[])
    """Names and roles. Who is missing here is a member."""
    predictions: list[PredictionEntry]
    leaderboards: list[StoredLeaderboard] | None = None
    seal: Seal | None = None
