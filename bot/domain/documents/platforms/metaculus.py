"""Metaculus' "download data": a zip with question_data.csv and forecast_data.csv.

The columns are those of `utils/csv_utils.py` in github.com/Metaculus/metaculus, including those before 2026. Rows of
aggregates are the community's, not a person's. A distribution becomes its 10%, 50% and 90% quantiles, read from the CDF.
"""

from __future__ import annotations

import ast
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import numpy as np

from bot.domain.documents.platforms.drafting import (
    FileDraft,
    PlatformForecast,
    UnreadableValue,
    counted,
    cut,
    misfit_of,
    pack_name,
    read_moment,
    read_share,
    storable,
)
from bot.domain.documents.platforms.tables import TableRow, header_of, read_rows
from bot.domain.documents.prose.windows import read_window
from bot.domain.documents.reading import FileReading
from bot.domain.outcomes import ANNULLED
from bot.domain.times import FIRST_YEAR, LAST_YEAR, day_number, day_of
from bot.domain.types import MAX_OPTION, Kind

QUESTIONS, FORECASTS = "question_data.csv", "forecast_data.csv"
UNIT = "as on Metaculus"
"""The download doesn't give the unit; the question's title does."""
_KINDS = {
    "binary": Kind.BINARY,
    "multiple_choice": Kind.MULTIPLE_CHOICE,
    "numeric": Kind.NUMERIC,
    "discrete": Kind.NUMERIC,
    "date": Kind.DATE,
}
_UNPUBLISHED = ("draft", "pending", "rejected", "deleted", "pending_translation")
_QUANTILES = (0.1, 0.5, 0.9)
_MAX_LIST = 60_000


def is_metaculus(header: Sequence[str]) -> bool:
    """Whether these are the columns of question_data.csv or forecast_data.csv."""
    return {"question id", "question title", "question type"} <= set(header) or is_forecasts(header)


def is_forecasts(header: Sequence[str]) -> bool:
    """Whether these are the columns of forecast_data.csv."""
    return {"question id", "start time", "probability yes"} <= set(header)


def read_metaculus(tables: dict[str, str], *, file: str, today: date, author: str | None = None) -> FileReading:
    """Read the tables of a download by name; the table of forecasts may be missing. Raises Unreadable.

    `author` is the user name or id whose forecasts to take, if there are several people's.
    """
    draft = FileDraft(file, "Metaculus")
    if QUESTIONS not in tables or is_forecasts(header_of(tables[QUESTIONS])):
        draft.refuse(1, "", f"holds forecasts without their questions; load the zip, which has {QUESTIONS} too")
        return draft.reading(today=today, author=None, slug=None, title="Metaculus")
    questions = read_rows(tables[QUESTIONS])
    draft.file = f"{file}/{FORECASTS}" if FORECASTS in tables else file
    mine, name = _own(draft, read_rows(tables[FORECASTS]) if FORECASTS in tables else [], author)
    by_question: dict[str, list[TableRow]] = defaultdict(list)
    for row in mine:
        by_question[row["Question ID"]].append(row)
    for row in questions:
        place = f"{file}/{QUESTIONS}" if draft.file != file else file
        _take(draft, row, by_question.pop(row["Question ID"], []), place, today)
    if by_question:
        draft.leave_out(f"forecasts on {counted(len(by_question), 'question')}", "they aren't in the table of questions")
    draft.file = file
    return draft.reading(
        today=today,
        author=name,
        slug=pack_name("metaculus", name),
        title=f"Metaculus forecasts of {name}" if name else "Metaculus questions",
        url="https://www.metaculus.com",
    )


def _own(draft: FileDraft, rows: Sequence[TableRow], author: str | None) -> tuple[list[TableRow], str | None]:
    """The rows of the one person, and their name."""
    people: dict[str, str] = {}
    theirs: dict[str, list[TableRow]] = defaultdict(list)
    aggregates = 0
    for row in rows:
        person = row["Forecaster ID"] or row["Forecaster (Anonymized)"]
        if not person or row["Forecaster Count"]:
            aggregates += 1
            continue
        people[person] = row["Forecaster Username"] or f"forecaster {person[:8]}"
        theirs[person].append(row)
    if aggregates:
        draft.leave_out(counted(aggregates, "aggregate forecast"), "the community's, not the author's")
    chosen = [person for person, name in people.items() if author in (None, person, name)]
    if len(chosen) > 1 or (author is not None and not chosen and people):
        draft.refuse(1, "Forecaster Username", "several people forecast here; choose one with --author and the name")
        return [], None
    if not chosen:
        return [], None
    if others := sum(len(some) for person, some in theirs.items() if person != chosen[0]):
        draft.leave_out(counted(others, "forecast") + " of other people", "only the exporter's own are taken")
    return theirs[chosen[0]], people[chosen[0]]


def _take(draft: FileDraft, row: TableRow, forecasts: Sequence[TableRow], questions_file: str, today: date) -> None:
    forecasts_file, draft.file = draft.file, questions_file
    title = _title(row)
    kind = _KINDS.get(row["Question Type"].casefold())
    options = _words(row["MC Options (All)"] or row["MC Options (Current)"] or row["MC Options"])
    names = [cut(" ".join(storable(option).split()), MAX_OPTION) for option in options]
    options = [option.strip() for option in options]  # stripped, like the cells of a row
    if not row["Question ID"]:
        draft.refuse(row.line, "Question ID", "is empty; every question needs one")
    elif row["Post Curation Status"].casefold() in _UNPUBLISHED:
        draft.leave_out(title, f"{row['Post Curation Status'].lower()} on Metaculus", row.line)
    elif kind is None:
        draft.leave_out(title, f"a question of type {storable(row['Question Type'])[:40] or 'unknown'}", row.line)
    elif kind is Kind.MULTIPLE_CHOICE and (why := misfit_of(names)) is not None:
        draft.leave_out(title, why, row.line)
    else:
        _take_known(draft, row, kind, title, options, names, forecasts, forecasts_file, today)
    draft.file = forecasts_file


def _take_known(
    draft: FileDraft,
    row: TableRow,
    kind: Kind,
    title: str,
    options: Sequence[str],
    names: Sequence[str],
    forecasts: Sequence[TableRow],
    forecasts_file: str,
    today: date,
) -> None:
    created = _moment(draft, row, "Open Time") or _moment(draft, row, "Post Published Time")
    closed = _moment(draft, row, "Scheduled Close Time")
    outcome, notes = _outcome(draft, row, kind, dict(zip(options, names, strict=True)))
    resolved = _moment(draft, row, "Resolution Known Time") if outcome is not None else None
    if created and resolved and resolved < created:
        resolved = None
    grid = _grid(row["Continuous Range"])
    questions_file, draft.file = draft.file, forecasts_file
    made: list[PlatformForecast] = []
    unfit = late = 0
    for one in forecasts:
        at, ended = _moment(draft, one, "Start Time", needed=True), _moment(draft, one, "End Time")
        values = _values(draft, one, kind, len(names), grid)
        if values is None:
            unfit += 1
        elif at is not None:
            late += resolved is not None and at > resolved
            # An end in the future is only Metaculus' plan; a later forecast there undoes it.
            made.append(PlatformForecast(at, values, ended if ended and ended >= at and ended.date() <= today else None))
    draft.file = questions_file
    if unfit:
        draft.leave_out(f"{counted(unfit, 'forecast')} on “{title}”", "without numbers that fit the question", row.line)
    if late:
        draft.leave_out(f"{counted(late, 'forecast')} on “{title}”", "made after the result was known", row.line)
    url = row["Question URL"]
    draft.add(
        row.line,
        id=f"mc-{row['Question ID']}",
        title=title,
        notes=notes,
        kind=kind,
        created=created,
        closed=closed,
        resolved=resolved,
        outcome=outcome,
        window=_window(draft, row, title, created),
        options=[{"name": name} for name in names] if kind is Kind.MULTIPLE_CHOICE else None,
        numeric={"unit": UNIT} if kind is Kind.NUMERIC else None,
        forecasts=draft.forecasts(made, until=resolved),
        url=url if re.fullmatch(r"https://www\.metaculus\.com/[!-~]+", url) else None,
    )


def _window(draft: FileDraft, row: TableRow, title: str, created: datetime | None) -> dict[str, Any]:
    """When it's decided, according to the question. Metaculus' closing time only says how long it takes forecasts."""
    written = None if created is None else created.date()
    for words in (title, storable(row["Resolution Criteria"])):
        term = read_window(words, written=written) if words else None
        if term is not None and term.end is not None and (written is None or term.end >= written):
            start = term.start if term.start is not None and term.start <= term.end else None
            return {"start": start, "end": term.end, "raw": term.raw, "basis": f"{term.basis} (the question)"}
    draft.warn(row.line, "", f"“{cut(title, 60)}” doesn't say by when it's decided; set the date in the review")
    return {}


def _title(row: TableRow) -> str:
    title, label = storable(row["Question Title"]), storable(row["Label"])
    return f"{title} ({label})" if label and label not in title else title


def _outcome(draft: FileDraft, row: TableRow, kind: Kind, options: dict[str, str]) -> tuple[Any, str]:
    """The outcome for the file, and a note if Metaculus' has no equivalent here."""
    said = row["Resolution"]
    word = said.casefold()
    if not said:
        return None, ""
    if word in ("annulled", "ambiguous"):
        return ANNULLED, f"On Metaculus it was {word}." if word == "ambiguous" else ""
    if word in ("above_upper_bound", "below_lower_bound"):
        bound = row["Upper Bound"] if word.startswith("above") else row["Lower Bound"]
        return word, f"On Metaculus it was resolved {word.split('_')[0]} the range's bound, {storable(bound)[:40]}."
    match kind:
        case Kind.BINARY if word in ("yes", "no"):
            return word == "yes", ""
        case Kind.MULTIPLE_CHOICE if said in options:
            return options[said], ""
        case Kind.NUMERIC if (value := _number(said)) is not None:
            return value, ""
        case Kind.DATE:
            try:
                return _moment_of(said).date().isoformat(), ""
            except UnreadableValue:
                pass
        case _:
            pass
    fitting = {Kind.BINARY: "yes, no", Kind.MULTIPLE_CHOICE: "an option", Kind.NUMERIC: "a number", Kind.DATE: "a date"}[
        kind
    ]
    draft.refuse(row.line, "Resolution", f"is {said[:40]!r}; it must be {fitting}, annulled, ambiguous or nothing")
    return None, ""


def _values(
    draft: FileDraft, row: TableRow, kind: Kind, options: int, grid: np.ndarray | None
) -> tuple[float | date, ...] | None:
    """The numbers of a forecast; None if the row has none that fit."""
    if kind is Kind.BINARY:
        if not row["Probability Yes"]:
            return None
        try:
            return (read_share(row["Probability Yes"]),)
        except UnreadableValue as wrong:
            draft.refuse(row.line, "Probability Yes", str(wrong))
            return None
    if kind is Kind.MULTIPLE_CHOICE:
        shares = _numbers(row["Probability Yes Per Category"])
        # An option that didn't exist yet has no number; nobody could think it likely.
        told = [0.0 if math.isnan(share) else share for share in shares]
        total = math.fsum(told)
        if len(told) != options or not all(0 <= share <= 1 for share in told) or abs(total - 1) > 0.02:
            return None
        return tuple(share / total for share in told)
    cdf = np.array(_numbers(row["Continuous CDF"]))
    if grid is None or len(cdf) < 2 or np.isnan(cdf).any() or (np.diff(cdf) < 0).any() or cdf[0] < 0 or cdf[-1] > 1:
        return None
    places = np.interp(np.linspace(0, 1, len(cdf)), np.linspace(0, 1, len(grid)), grid)
    # Anything beyond an open bound counts as the bound.
    rising, first = np.unique(cdf, return_index=True)
    quantiles = [float(value) for value in np.interp(_QUANTILES, rising, places[first])]
    return tuple(day_of(value) for value in quantiles) if kind is Kind.DATE else tuple(quantiles)


def _grid(text: str) -> np.ndarray | None:
    """The points of the CDF: numbers, or days as numbers."""
    if "-" in text and "'" in text:
        days = [_day(word) for word in _words(text)]
        points = [day_number(day) for day in days if day is not None]
        points = points if len(points) == len(days) else []
    else:
        points = _numbers(text)
    grid = np.array(points, dtype=np.float64)
    return grid if len(grid) > 1 and bool(np.isfinite(grid).all()) and bool((np.diff(grid) >= 0).all()) else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _numbers(text: str) -> list[float]:
    """The numbers of `[0.1, 0.2, None]`; anything else is not-a-number. Empty if it isn't a list."""
    given = text.strip()
    if len(given) > _MAX_LIST or not (given.startswith("[") and given.endswith("]")):
        return []
    cells = [cell for cell in re.split(r"[,\s]+", given[1:-1]) if cell]
    numbers = [_number(cell.removeprefix("np.float64(").removesuffix(")")) for cell in cells]
    return [math.nan if number is None else number for number in numbers]


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text.strip()):
        return None
    number = float(text)
    return number if abs(number) < 1e18 else None


def _words(text: str) -> list[str]:
    """The words of a list as Python writes it: `['A', "B's"]`. Empty if it isn't one."""
    if not text.startswith("[") or len(text) > _MAX_LIST:
        return []
    try:
        read: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return []
    words = cast("list[object]", read) if isinstance(read, list) else []
    return [word for word in words if isinstance(word, str)] if all(isinstance(word, str) for word in words) else []


def _moment_of(text: str) -> datetime:
    return read_moment(f"{text} 00:00" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else text)


def _moment(draft: FileDraft, row: TableRow, column: str, *, needed: bool = False) -> datetime | None:
    if not row[column] and not needed:
        return None
    try:
        return _moment_of(row[column])
    except UnreadableValue as wrong:
        draft.refuse(row.line, column, str(wrong))
        return None
