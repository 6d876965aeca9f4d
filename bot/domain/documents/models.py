"""The prediction file format `predictions/1`, as pydantic models. The JSON Schema in `seeds/` is generated from them.

There's a probability only where the document states one: words stay in `verbal`, and nothing turns them into a number.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from bot.domain.documents.fields import (
    AS_LINE,
    AS_TEXT,
    Address,
    Day,
    Identifier,
    Line,
    Model,
    Moment,
    Probability,
    Said,
    Slug,
    Tag,
    Text,
)
from bot.domain.documents.parts import DatedForecast, NamedForecast, Numeric, Option, StatedRange, Window
from bot.domain.errors import Refused
from bot.domain.outcomes import NO, OPTION, VALUE, YES, Outcome, read_outcome
from bot.domain.times import day_number, day_of
from bot.domain.types import (
    MAX_CRITERIA,
    MAX_OPTIONS,
    MAX_STATEMENT,
    DatePrecision,
    Kind,
    Qualifier,
    Relation,
    Sureness,
    Values,
)

FORMAT = "predictions/1"
REFERENCE = re.compile(r"\[\[([^\[\]\s]{1,64})\]\]")
"""How criteria and notes refer to another prediction of the same file: [[its-id]] is shown as its code."""
OPTION_SUM_TOLERANCE = 0.02
MAX_FORECASTS = 10_000
MAX_FORECASTERS = 100


class FilePrediction(Model):
    """One prediction: a statement that turns out true or false, one of several options, a number or a date."""

    id: Identifier
    """Its identity in the pack: loading the file again updates the prediction with the same id."""
    statement: Annotated[str, StringConstraints(min_length=1, max_length=MAX_STATEMENT), AS_LINE]
    """What is predicted, in one sentence that stands on its own."""
    kind: Kind = Kind.BINARY
    criteria: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CRITERIA), AS_TEXT] | None = None
    """How we'll know, precise enough that two strangers would agree. [[id]] refers to another prediction of the file."""
    probability: Probability | None = None
    """The author's STATED probability, from 0 to 1. Never derived from words."""
    probability_raw: Line | None = None
    """How the document writes this probability."""
    qualifier: Qualifier | None = None
    """A hedge before the number: more than, less than, about."""
    forecasts: Annotated[tuple[DatedForecast, ...], Field(max_length=MAX_FORECASTS)] = ()
    """The author's forecasts over time, oldest first, instead of one stated probability."""
    verbal: Text | None = None
    """The document's own words for how likely it is ("Most likely"). Shown as words, never scored."""
    window: Window = Window()
    section: Line | None = None
    """The heading it stands under; levels are joined with " / "."""
    tags: tuple[Tag, ...] = ()
    parent: Identifier | None = None
    """The id of the prediction that this one depends on."""
    relation: Relation | None = None
    """How it depends on the parent."""
    relation_note: Text | None = None
    """Anything particular about this relation."""
    options: tuple[Option, ...] = ()
    """The exclusive outcomes of a multiple-choice prediction, 2 to 25."""
    numeric: Numeric | None = None
    """The quantity claimed, and the author's quantiles."""
    range: StatedRange | None = None
    """Where answers are expected, for kind numeric or date. A forecast outside it is asked about before it's stored."""
    forecaster: Line | None = None
    """Whose prediction it is, if it isn't the document's author's."""
    forecasters: Annotated[tuple[NamedForecast, ...], Field(max_length=MAX_FORECASTERS)] = ()
    """What each of several people said, if the document has more than one forecaster. Shown by name, not scored."""
    outcome: Said = None
    """What the document says happened: true or false, an option's name, a value, a day, or "annulled"."""
    created: Moment | None = None
    """When the prediction was made."""
    closed: Moment | None = None
    """When it stopped, or stops, taking forecasts, if that isn't the end of its window."""
    resolved: Moment | None = None
    """When it became known what happened. Needs an outcome."""
    url: Address | None = None
    """The web address of this one prediction."""
    anchor: Line | None = None
    """A few words from the document, to find the place again."""
    line: Annotated[int, Field(ge=1)] | None = None
    """Its line in the document, counting from 1."""
    sureness: Sureness | None = None
    """How sure `extract` was of this, for the person reviewing it. Missing if a person wrote the item."""
    notes: Text | None = None

    @field_validator("tags")
    @classmethod
    def _once_each(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tags))

    @model_validator(mode="after")
    def _fits_its_kind(self) -> FilePrediction:
        if self.kind is Kind.MULTIPLE_CHOICE:
            if not 2 <= len(self.options) <= MAX_OPTIONS:
                raise ValueError(f"multiple_choice needs 2 to {MAX_OPTIONS} options; this has {len(self.options)}")
            names = [option.name.casefold() for option in self.options]
            if len(set(names)) != len(names):
                raise ValueError("two options have the same name; each name must be different")
            stated = [option.probability for option in self.options if option.probability is not None]
            if stated and len(stated) == len(self.options) and abs(sum(stated) - 1) > OPTION_SUM_TOLERANCE:
                raise ValueError(
                    f"the options' probabilities add up to {sum(stated):g}; they must add up to 1 (give or take 0.02)"
                )
        elif self.options:
            raise ValueError(f"only kind multiple_choice takes options; this is {self.kind}")
        if self.kind is not Kind.BINARY and self.probability is not None:
            raise ValueError(f"only kind binary takes a probability; this is {self.kind}: put it in options or numeric")
        if self.kind is not Kind.BINARY and self.forecasters:
            raise ValueError(f"only kind binary takes forecasters; this is {self.kind}")
        if self.range is not None:
            if self.kind.is_distribution:
                raise ValueError(f"only kinds numeric and date take a range; this is {self.kind}")
            if any(
                isinstance(end, dt.date) != (self.kind is Kind.DATE)
                for end in (self.range.low, self.range.high)
                if end is not None
            ):
                wanted = "days like 2026-12-31" if self.kind is Kind.DATE else "numbers"
                raise ValueError(f"the range of kind {self.kind} is of {wanted}")
        if self.kind is Kind.NUMERIC and self.numeric is None:
            raise ValueError("kind numeric needs numeric.unit, the unit for answers")
        if (self.parent is None) != (self.relation is None):
            raise ValueError("parent and relation go together: give both or neither")
        if self.forecasts:
            self._check_forecasts()
        if self.resolved is not None and self.outcome is None and not any(option.outcome for option in self.options):
            raise ValueError("resolved needs an outcome; give both, or remove resolved")
        if self.created and self.resolved and self.created > self.resolved:
            raise ValueError(f"it was resolved on {self.resolved:%Y-%m-%d}, before it was created; correct the moments")
        return self

    def _check_forecasts(self) -> None:
        if self.stated_values is not None:
            raise ValueError("the author's probability stands beside forecasts; give one or the other")
        for place, (one, before) in enumerate(zip(self.forecasts, (None, *self.forecasts), strict=False)):
            if (wrong := _unfit(self.kind, one.values, len(self.options))) is not None:
                raise ValueError(f"forecasts[{place}]: {wrong}")
            if before is not None and one.at <= before.at:
                raise ValueError(f"forecasts[{place}] is not later than the one before it; put the oldest first")
            if self.resolved is not None and one.at > self.resolved:
                raise ValueError(f"forecasts[{place}] was made after the result was known; remove it")

    @property
    def references(self) -> set[str]:
        """The ids its words refer to."""
        words = (self.criteria, self.notes, self.relation_note, self.window.basis)
        return {identifier for text in words if text for identifier in REFERENCE.findall(text)}

    @property
    def stated_values(self) -> tuple[float, ...] | None:
        """The author's forecast, in the same form as members'; None if the document states none."""
        match self.kind:
            case Kind.BINARY:
                return None if self.probability is None else (self.probability,)
            case Kind.MULTIPLE_CHOICE:
                stated = [option.probability for option in self.options if option.probability is not None]
                if len(stated) < len(self.options) or (total := sum(stated)) <= 0:
                    return None
                return tuple(value / total for value in stated)
            case Kind.NUMERIC:
                quantity = self.numeric
                if quantity is None or quantity.p10 is None or quantity.p50 is None or quantity.p90 is None:
                    return None
                return (quantity.p10, quantity.p50, quantity.p90)
            case Kind.DATE:
                return None

    @property
    def dated_values(self) -> tuple[Values, ...]:
        """The values of `forecasts`, in the same form as members'."""
        return tuple(_stored(self.kind, forecast.values) for forecast in self.forecasts)

    @property
    def result(self) -> Outcome | None:
        """What the document says happened, as a result; None if it says nothing, or nothing we can use."""
        said = self.outcome
        if said is None:
            happened = [place for place, option in enumerate(self.options) if option.outcome]
            return Outcome(OPTION, float(happened[0])) if len(happened) == 1 else None
        if isinstance(said, str):
            try:
                names = tuple(option.name for option in self.options)
                return read_outcome(said, kind=self.kind, options=names, unit=self.numeric.unit if self.numeric else None)
            except Refused:
                return None
        if self.kind is Kind.BINARY and isinstance(said, bool):
            return Outcome(YES if said else NO)
        if self.kind is Kind.NUMERIC and not isinstance(said, bool) and math.isfinite(said):
            return Outcome(VALUE, float(said))
        return None

    @property
    def result_words(self) -> str | None:
        """What the document says happened, in words, even if it can't be used as a result; None for nothing."""
        if (result := self.result) is not None:
            return self.words_of(result)
        return self.outcome if isinstance(self.outcome, str) else None

    def words_of(self, outcome: Outcome) -> str:
        """An outcome of this prediction, as a file writes it."""
        if outcome.word == OPTION and outcome.value is not None:
            return self.options[int(outcome.value)].name
        if outcome.word == VALUE and outcome.value is not None:
            return day_of(outcome.value).isoformat() if self.kind is Kind.DATE else f"{outcome.value:g}"
        return outcome.word


def _stored(kind: Kind, values: tuple[float | dt.date, ...]) -> Values:
    numbers = tuple(day_number(value) if isinstance(value, dt.date) else value for value in values)
    return tuple(value / math.fsum(numbers) for value in numbers) if kind is Kind.MULTIPLE_CHOICE else numbers


def _unfit(kind: Kind, values: tuple[float | dt.date, ...], options: int) -> str | None:
    """Why these values aren't a forecast of this kind; None if they are."""
    wanted = {Kind.BINARY: 1, Kind.MULTIPLE_CHOICE: options}.get(kind, 3)
    if len(values) != wanted:
        return f"has {len(values)} values; kind {kind} takes {wanted}"
    if any(isinstance(value, dt.date) != (kind is Kind.DATE) for value in values):
        return "takes days like 2026-12-31" if kind is Kind.DATE else f"has a day; kind {kind} takes numbers"
    numbers = [day_number(value) if isinstance(value, dt.date) else value for value in values]
    if not kind.is_distribution:
        return None if numbers == sorted(numbers) else "must rise: the 10%, 50% and 90% quantiles"
    if not all(0 <= value <= 1 for value in numbers):
        return f"is {', '.join(f'{value:g}' for value in numbers)}; it must be from 0 to 1 (70% is 0.7)"
    if kind is Kind.MULTIPLE_CHOICE and abs(math.fsum(numbers) - 1) > OPTION_SUM_TOLERANCE + 1e-9:
        return f"adds up to {math.fsum(numbers):g}; it must add up to 1 (give or take 0.02)"
    return None


class FileSource(Model):
    """The document the predictions come from. What it doesn't say stays empty."""

    file: Line | None = None
    """The name of the document's file."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=200), AS_LINE] | None = None
    authors: tuple[Line, ...] = ()
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    """When it was written, as precisely as the document says: "2026", "2026-02" or "2026-02-14"."""
    saved: Day | None = None
    """When someone saved a copy, if that's the only date."""
    url: Address | None = None
    language: Line = "en"
    truncated: bool = False
    """Whether the text breaks off."""
    notes: Text | None = None

    @property
    def date_precision(self) -> DatePrecision | None:
        """How much of the date is known."""
        if self.date is None:
            return None
        return {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}[len(self.date)]

    @field_validator("date")
    @classmethod
    def _exists(cls, value: str | None) -> str | None:
        if value is not None:
            dt.date.fromisoformat((value + "-01-01")[:10])
        return value


class LeftOut(Model):
    """Something in the document that looks like a prediction but wasn't taken, with the reason."""

    what: Line
    reason: Text
    line: Annotated[int, Field(ge=1)] | None = None


class PredictionFile(Model):
    """A prediction file: one source and its predictions. When a server adopts it, we call it a pack."""

    format: Literal["predictions/1"] = FORMAT
    pack: Slug | None = None
    """The pack's short name, its identity when it's loaded again. If missing, the file's name."""
    source: FileSource
    predictions: tuple[FilePrediction, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> PredictionFile:
        for _, message in structure_problems([(prediction.id, prediction.parent) for prediction in self.predictions]):
            raise ValueError(message)
        known = {prediction.id for prediction in self.predictions}
        for prediction in self.predictions:
            if unknown := sorted(prediction.references - known):
                raise ValueError(f"{prediction.id} refers to [[{unknown[0]}]], but this file has no prediction with that id")
        return self


def structure_problems(links: list[tuple[str, str | None]]) -> list[tuple[tuple[int, str], str]]:
    """What's wrong with ids and parents, given as (id, parent) in the file's order: ((index, field), sentence) each."""
    problems: list[tuple[tuple[int, str], str]] = []
    parents: dict[str, str | None] = {}
    for index, (identifier, parent) in enumerate(links):
        if identifier in parents:
            problems.append(((index, "id"), f"the id {identifier!r} is used twice; each must be unique in its file"))
        parents.setdefault(identifier, parent)
    followed: set[str] = set()
    for index, (identifier, parent) in enumerate(links):
        if parent is not None and parent not in parents:
            problems.append(((index, "parent"), f"this file has no prediction {parent!r}; give the id of one"))
        trail: dict[str, None] = {}
        at: str | None = identifier
        while at is not None and at not in trail and at not in followed:
            trail[at] = None
            at = parents.get(at)
        if at is not None and at in trail:
            cycle = list(trail)[list(trail).index(at) :]
            shown = cycle if len(cycle) <= 10 else [*cycle[:9], "…"]
            problems.append(((index, "parent"), f"the parents form a cycle: {' → '.join([*shown, at])}"))
        followed.update(trail)
    return problems
