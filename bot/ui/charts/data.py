"""What a picture shows. Whoever makes one of these has decided what its reader may see, and left out the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.aggregation import Crowd
from bot.domain.outcomes import Outcome
from bot.domain.types import Kind, Values


@dataclass(frozen=True, slots=True)
class ChartSubject:
    """The prediction that a picture is about."""

    code: int
    statement: str
    kind: Kind
    options: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class CrowdStep:
    """The crowd from `at` until the next step; None when there was none."""

    at: datetime
    crowd: Crowd | None


@dataclass(frozen=True, slots=True)
class OwnStep:
    """The reader's forecast from `at` until the next step; None when it was withdrawn."""

    at: datetime
    values: Values | None


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """How the crowd moved. `crowd` is None where it is hidden from the reader; `own` is empty on a public picture, `experienced`
    where there is no experienced crowd.

    Steps come oldest first. The picture ends at `now`, at `closes_at` or at `resolved_at`, whichever is first. Cut `now` to
    the minute, so that a picture asked for twice is the same picture. `zone` is the time zone of the axis.
    """

    subject: ChartSubject
    crowd: tuple[CrowdStep, ...] | None
    own: tuple[OwnStep, ...]
    author: Values | None
    closes_at: datetime | None
    now: datetime
    zone: tzinfo
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    experienced: tuple[OwnStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastSpread:
    """The members' current forecasts, in any order, and the crowd made of them, or None without any."""

    forecasts: tuple[Values, ...]
    crowd: Crowd | None


@dataclass(frozen=True, slots=True)
class SpreadChart:
    """Where the current forecasts lie. `spread` is None where it is hidden from the reader; `own` on a public picture."""

    subject: ChartSubject
    spread: ForecastSpread | None
    own: Values | None
    author: Values | None


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Forecasts near one probability: their mean, how many, the share that came true, and the band (lower, upper) in which
    that share lies in 90 of 100 cases if the forecasts are right."""

    forecast: float
    observed: float
    count: int
    lower: float
    upper: float

    @property
    def is_within(self) -> bool:
        """Whether the share that came true fits the forecasts."""
        return self.lower <= self.observed <= self.upper


@dataclass(frozen=True, slots=True)
class CalibrationChart:
    """How often things happened that were given such a probability. `name` says whose forecasts, `error` is the expected
    calibration error in [0, 1], and empty bins are left out."""

    name: str
    period: str
    bins: tuple[CalibrationBin, ...]
    error: float | None = None


@dataclass(frozen=True, slots=True)
class ChartedCall:
    """A resolved prediction and the member's peer score on it."""

    code: int
    statement: str
    peer: float


@dataclass(frozen=True, slots=True)
class ProfileChart:
    """A member's record in a period such as "2026" or "all time". `rank` of `ranked` members may be None. Higher is better
    for peer and baseline, lower for Brier. `coverage` is the share of the time they had a forecast."""

    name: str
    period: str
    resolved: int
    rank: int | None = None
    ranked: int = 0
    peer: float | None = None
    baseline: float | None = None
    brier: float | None = None
    coverage: float | None = None
    bins: tuple[CalibrationBin, ...] = ()
    best: ChartedCall | None = None
    worst: ChartedCall | None = None


Chart = HistoryChart | SpreadChart | CalibrationChart | ProfileChart


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart: the PNG, what it says in at most 1,024 characters, and a file name."""

    png: bytes
    alt: str
    filename: str
