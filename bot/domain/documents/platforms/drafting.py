"""What the readers of other platforms' exports share: turning cells into values, and assembling a file with its problems.

Nobody can edit a platform's export, so whatever Almanac has no place for is left out, with the reason. Anything plainly
broken is a problem with its line, as in a prediction file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from pydantic import ValidationError

from bot.domain.documents.columns.days import read_days
from bot.domain.documents.models import FilePrediction, FileSource, LeftOut, PredictionFile, structure_problems
from bot.domain.documents.reading import FileReading, Problem, in_order, slug_of
from bot.domain.times import FIRST_YEAR, LAST_YEAR
from bot.domain.types import MAX_CRITERIA, MAX_OPTIONS, MAX_STATEMENT

MAX_PREDICTIONS = 20_000
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REFERENCE_OPENS = re.compile(r"\[(?=\[)")
_CLOCK = re.compile(
    r"(?P<hour>\d{1,3}):(?P<minute>\d{1,3})(?::(?P<second>\d{1,3}))?(?:[.,](?P<fraction>\d{1,6})\d*)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
MOMENT_FORMS = "it must be a moment like 2026-02-14 09:30:00 (UTC if there's no offset)"


class UnreadableValue(Exception):
    """A value that can't be read; `str()` says what's wrong and what's allowed."""


def read_moment(text: str) -> datetime:
    """A moment from `2026-02-14 09:30:5`, `2026-02-14T09:30:05.123Z`, `14.02.2026 9:30` or `2026-02-14`, in UTC.

    Raises UnreadableValue. Without an offset it's UTC: Fatebook writes its server's time like that, and guessing a person's zone
    would be worse. Spreadsheets rewrite moments in their own country's form. A day alone means its beginning.
    """
    given = text.strip()
    written, clock = _split(given)
    days = read_days([written])
    day = _iso_day(written) or days.values[0]
    found = _CLOCK.fullmatch(clock) if clock else None
    if day is None or (clock and found is None):
        has_form = re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII) and (found is not None or not clock)
        why = "that moment doesn't exist" if has_form else MOMENT_FORMS
        raise UnreadableValue(f"is {given[:40]!r}; {why}")
    if days.doubtful:
        raise UnreadableValue(f"is {given[:40]!r}, which has two readings; write the year first, as in 2026-02-14 09:30:00")
    if found is None:
        return _within(datetime(day.year, day.month, day.day, tzinfo=UTC), given)
    hour, offset = int(found["hour"]), found["offset"]
    if found["half"] is not None:
        hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0) if 1 <= hour <= 12 else 24
    zone = "+00:00" if offset in (None, "Z", "UTC", "GMT") else f"{offset[:3]}:{offset[-2:]}"
    time = f"{hour:02}:{int(found['minute']):02}:{int(found['second'] or 0):02}.{(found['fraction'] or '0'):0<6}"
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableValue(f"is {given[:40]!r}; that moment doesn't exist") from None
    return _within(moment, given)


def _iso_day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _split(given: str) -> tuple[str, str]:
    """A moment's day and its clock."""
    day, *clock = re.split(r"(?:T|[\s,]+)(?=\d{1,3}:)", given, maxsplit=1)
    return day, clock[0] if clock else ""


def read_unix(number: object, *, per_second: int = 1) -> datetime:
    """A moment from a count of seconds, or fractions of seconds, since 1970. Raises UnreadableValue."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number / per_second <= 1e11:
        raise UnreadableValue(f"is {number!r:.40}; it must be a count since 1970")
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / per_second)
    except OverflowError:
        raise UnreadableValue(f"is {number!r:.40}; it must be in the years {FIRST_YEAR} to {LAST_YEAR}") from None
    return _within(moment, str(number))


def read_share(text: str) -> float:
    """A probability from `0.7`, `0,7` or `70%`. Raises UnreadableValue."""
    given = text.strip()
    number = given.removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", number):
        raise UnreadableValue(f"is {given[:40]!r}; it must be a number from 0 to 1, or a percentage like 70%")
    share = float(number) / (100 if given.endswith("%") else 1)
    if not 0 <= share <= 1:
        raise UnreadableValue(f"is {given[:40]}; it must be a number from 0 to 1, or a percentage like 70%")
    return share


def _within(moment: datetime, given: str) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise UnreadableValue(f"is {given[:40]}; it must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment


@dataclass(frozen=True, slots=True)
class PlatformForecast:
    """A forecast as the platform gives it: values as in the file format, and when it was made and withdrawn."""

    at: datetime
    values: Sequence[float | date]
    ended: datetime | None = None


@dataclass(slots=True)
class FileDraft:
    """A prediction file being assembled, with what's wrong in the export. `file` is its name, for messages."""

    file: str
    platform: str
    problems: list[Problem] = field(default_factory=list[Problem])
    warnings: list[Problem] = field(default_factory=list[Problem])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    predictions: list[FilePrediction] = field(default_factory=list[FilePrediction])
    _lines: list[int] = field(default_factory=list[int])

    def refuse(self, line: int, name: str, message: str) -> None:
        """Note a problem; the file then won't be loaded."""
        self.problems.append(Problem(self.file, line, UNSTORABLE.sub("\ufffd", name), message))

    def warn(self, line: int, name: str, message: str) -> None:
        """Note something a person should know; the file is loaded all the same."""
        self.warnings.append(Problem(self.file, line, name, message))

    def leave_out(self, what: str, reason: str, line: int | None = None) -> None:
        """Note what is left out, and why."""
        self.left_out.append(LeftOut(what=storable(what)[:200] or "nothing", reason=reason, line=line))

    def add(self, line: int, *, id: str, title: str, criteria: str | None = None, notes: str = "", **facts: Any) -> None:
        """Take a prediction. Cuts a title or criteria that are too long; its notes then hold them whole."""
        title, criteria = " ".join(storable(title).split()), storable(criteria or "")
        if not title:
            self.refuse(line, "title", "is empty; every question needs one")
            return
        whole = [f"In full: {title}"] if len(title) > MAX_STATEMENT else []
        whole += [f"Criteria in full: {criteria}"] if len(criteria) > MAX_CRITERIA else []
        told = {
            "id": id,
            "statement": cut(title, MAX_STATEMENT),
            "criteria": cut(criteria, MAX_CRITERIA) or None,
            "notes": "\n".join([*([notes] if notes else []), *whole]) or None,
        }
        try:
            known = {name: _scrubbed(fact) for name, fact in facts.items() if fact is not None}
            prediction = FilePrediction.model_validate(told | known)
        except ValidationError as error:
            for item in error.errors(include_url=False):
                place = ".".join(str(part) for part in item["loc"])
                self.refuse(line, place, str(item["msg"]).removeprefix("Value error, "))
            return
        self.predictions.append(prediction)
        self._lines.append(line)

    def forecasts(self, made: Sequence[PlatformForecast], *, until: datetime | None) -> list[dict[str, Any]]:
        """The forecasts in order for `add`: of several at one moment the last counts; those after `until` don't."""
        latest = {one.at: one for one in sorted(made, key=lambda one: one.at) if until is None or one.at <= until}
        told: list[dict[str, Any]] = []
        for one in latest.values():
            told.append({"at": one.at, "values": tuple(one.values)} | ({"ended": one.ended} if one.ended else {}))
        return told

    def reading(self, *, today: date, author: str | None, slug: str | None, title: str, **source: Any) -> FileReading:
        """The result, a document or problems. `slug` is the pack's name; without it, the file's."""
        name = slug or slug_of(self.file)
        if len(self.predictions) > MAX_PREDICTIONS:
            self.refuse(1, "", f"has {len(self.predictions):,} questions; at most {MAX_PREDICTIONS:,} can be loaded")
        links = [(prediction.id, prediction.parent) for prediction in self.predictions]
        for (index, _), message in structure_problems(links):
            self.refuse(self._lines[index], "id", message)
        if not self.predictions and not self.problems:
            self.refuse(1, "", f"this {self.platform} export has no question that can be taken" + self._why())
        if self.problems:
            return FileReading(self.file, name, None, in_order(self.problems))
        for line, prediction in zip(self._lines, self.predictions, strict=True):
            if isinstance(prediction.outcome, str) and prediction.result is None:
                said = f"{prediction.id} ended with {prediction.outcome[:40]!r}, which can't be used as a result"
                self.warn(line, "", f"{said}; it's shown, but not loaded as one")
            if prediction.window.end and prediction.window.end < today and prediction.result is None:
                self.warn(line, "", f"{prediction.id} ended on {prediction.window.end} without a result; it's loaded closed")
        authors = (cut(storable(author), 200),) if author and storable(author) else ()
        document = PredictionFile(
            pack=name,
            source=FileSource(title=cut(storable(title), 200), authors=authors, **source),
            predictions=tuple(self.predictions),
            left_out=tuple(self.left_out),
        )
        return FileReading(self.file, name, document, (), in_order(self.warnings))

    def _why(self) -> str:
        if not self.left_out:
            return ""
        first, *others = self.left_out
        more = f", and {counted(len(others), 'other')} too" if others else ""
        return f". “{cut(first.what, 60)}” was left out ({first.reason}){more}"


def refused(file: str, line: int, message: str) -> FileReading:
    """The reading of a file that's wrong as a whole."""
    return FileReading(file, slug_of(file), None, (Problem(file, line, "", message),))


def storable(text: str) -> str:
    """The text without characters that no database stores, and without what would look like a reference to a prediction."""
    return _REFERENCE_OPENS.sub("[ ", UNSTORABLE.sub("\ufffd", text)).strip()


def _scrubbed(fact: Any) -> Any:
    """The fact, with its text made storable."""
    match fact:
        case str():
            return UNSTORABLE.sub("\ufffd", fact)
        case dict():
            return {name: _scrubbed(inner) for name, inner in cast("dict[str, Any]", fact).items()}
        case list():
            return [_scrubbed(inner) for inner in cast("list[Any]", fact)]
        case _:
            return fact


def cut(text: str, limit: int) -> str:
    """The text within the limit, with an ellipsis if it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def pack_name(platform: str, author: str | None) -> str | None:
    """The pack's name, the same for every later export of the same person; None if the export doesn't name a person."""
    if not author:
        return None
    plain = author.casefold().replace(" ", "-")
    name = slug_of(f"{platform}-{plain}.x")
    # Two people must not get the same name, and other letters than these are dropped.
    return name if name == f"{platform}-{plain}" else f"{name[:52]}-{digest(author)}"


def window(resolve_by: datetime | None) -> dict[str, Any]:
    """The window of a question with this date: its whole day counts."""
    if resolve_by is None:
        return {}
    basis = "The day (UTC) of the moment the platform gives."
    return {"end": resolve_by.astimezone(UTC).date().isoformat(), "raw": f"{resolve_by:%Y-%m-%d %H:%M} UTC", "basis": basis}


def digest(words: str) -> str:
    """Eight letters that always stand for these words."""
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]


def misfit_of(names: Sequence[str]) -> str | None:
    """Why these can't be the options of a prediction; None if they can."""
    if len(names) > MAX_OPTIONS:
        return f"it has {len(names)} options, and a menu on Discord holds at most {MAX_OPTIONS}"
    if len(names) < 2 or not all(names):
        return "it needs at least 2 options, each with a name"
    if len({name.casefold() for name in names}) < len(names):
        return "two of its options have the same name"
    return None


def counted(number: int, noun: str) -> str:
    """`1 forecast`, `2 forecasts`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
