"""Fatebook's CSV export, read and written.

Its columns are those of `lib/web/export.ts` in github.com/Sage-Future/fatebook, including older names: one row per forecast,
by everyone who forecast on a question the exporter can see. There are no ids, and times are the server's (UTC).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.documents.models import FilePrediction, PredictionFile
from bot.domain.documents.parts import DatedForecast
from bot.domain.documents.platforms.drafting import (
    FileDraft,
    PlatformForecast,
    UnreadableValue,
    counted,
    digest,
    pack_name,
    read_moment,
    read_share,
    window,
)
from bot.domain.documents.platforms.tables import TableRow, read_rows
from bot.domain.documents.reading import FileReading
from bot.domain.outcomes import ANNULLED, NO, OPTION, YES
from bot.domain.types import Kind

TITLE, CHOICE, BY, SHARE, AT = (
    "Question title",
    "Multiple choice option",
    "Forecast created by",
    "Forecast (scale = 0-1)",
    "Forecast created at",
)
CREATOR, CREATED, RESOLVE_BY = "Question created by", "Question created at", "Question resolve by"
RESOLUTION, RESOLVED_AT = "Resolution", "Resolved at"
SCORE, NOTES, PUBLIC = "Your Brier score for this question", "Question notes", "Question shared publicly"
PERCENTAGE = "Forecast as a percentage"
"""Not one of Fatebook's own: its spreadsheet import wants percentages, while its export writes fractions."""

_COLUMNS = (TITLE, CHOICE, BY, SHARE, AT, CREATOR, CREATED, RESOLVE_BY, RESOLUTION, RESOLVED_AT, NOTES, PERCENTAGE)
_NEEDED = (TITLE, BY, SHARE, AT, CREATED)
_RESULTS: dict[str, bool | str] = {"yes": True, "no": False, "ambiguous": ANNULLED, "n/a": ANNULLED}
_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet would compute, or that is already protected from that."""
_KEPT_FROM_IT = re.compile(r"'(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")


def is_fatebook(header: Sequence[str]) -> bool:
    """Whether these are the columns of a Fatebook export."""
    return {TITLE.casefold(), BY.casefold()} <= set(header)


def read_fatebook(text: str, *, file: str, header: Sequence[str], today: date, author: str | None = None) -> FileReading:
    """Read an export. `author` says whose export it is, if the file doesn't. Raises Unreadable."""
    draft = FileDraft(file, "Fatebook")
    for column in _NEEDED:
        if column.casefold() not in header:
            draft.refuse(1, column, "this column is missing; a Fatebook export has it")
    if draft.problems:
        return draft.reading(today=today, author=None, slug=None, title="Fatebook")
    rows = [row for row in read_rows(text) if _has_words(draft, row)]
    if (exporter := _exporter(draft, rows, author)) is not None:
        _take(draft, rows, exporter)
    name = exporter or None
    title = f"Fatebook export of {name}" if name else "Fatebook export"
    return draft.reading(today=today, author=name, slug=pack_name("fatebook", name), title=title, url="https://fatebook.io")


def fatebook_csv(document: PredictionFile, *, written_at: datetime) -> str:
    """The author's forecasts as Fatebook exports them, one row each; the last column is for its import.

    Only yes-or-no questions and those with options: Fatebook has no others. Forecasts without a moment get `written_at`.
    """
    author = document.source.authors[0] if document.source.authors else ""
    lines = [",".join(_quoted(name) for name in _COLUMNS)]
    for prediction in document.predictions:
        for cells in _written(prediction, author, written_at):
            lines.append(",".join(_quoted(cells.get(column, "")) for column in _COLUMNS))
    return "".join(f"{line}\r\n" for line in lines)


def _has_words(draft: FileDraft, row: TableRow) -> bool:
    if not row[TITLE]:
        draft.refuse(row.line, TITLE, "is empty; every forecast needs a question")
    return bool(row[TITLE])


def _exporter(draft: FileDraft, rows: Sequence[TableRow], author: str | None) -> str | None:
    """Whose export this is: the person who forecast on every question with "your" score, and on the most questions."""
    by: dict[str, set[tuple[str, str]]] = defaultdict(set)
    scored: set[tuple[str, str]] = set()
    for row in rows:
        question = (row[TITLE], row[CREATED])
        by[_people_s(row[BY])].add(question)
        if row[SCORE]:
            scored.add(question)
    if author is not None:
        if author not in by:
            draft.refuse(1, BY, f"nobody called {author!r:.60} has forecast here; name someone who has")
            return None
        return author
    possible = {name: len(questions) for name, questions in by.items() if scored <= questions}
    most = max(possible.values(), default=0)
    best = [name for name, count in possible.items() if count == most]
    if len(best) != 1:
        if rows:
            draft.refuse(1, BY, "doesn't say whose export it is; name the person with --author, spelled as in the file")
        return "" if not rows else None
    if len(possible) > 1:
        draft.warn(1, BY, f"read as the export of {best[0]!r:.60}; to change that, use --author")
    return best[0]


def _take(draft: FileDraft, rows: Sequence[TableRow], exporter: str) -> None:
    questions: dict[tuple[str, str, str], dict[str, list[TableRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = (row[CREATED], _people_s(row[CREATOR]), _people_s(row[TITLE]))
        questions[key][_people_s(row[CHOICE])].append(row)
    at_once: dict[str, int] = defaultdict(int)
    for written, *_ in questions:
        at_once[written] += 1
    others = strangers = hidden = 0
    for (written, creator, title), choices in questions.items():
        all_rows = [row for some in choices.values() for row in some]
        own = [row for row in all_rows if _people_s(row[BY]) == exporter]
        others += len(all_rows) - len(own)
        first = all_rows[0]
        if (created := _moment(draft, first, CREATED)) is None:
            continue
        if not own and creator != exporter:
            strangers += 1
            continue
        hidden += first[PUBLIC].casefold() == "false"
        id = f"fb-{created:%Y%m%dT%H%M%S}"
        if at_once[written] > 1:
            id += f"-{digest(title)}"
        for choice, some in choices.items():
            mine = [row for row in some if _people_s(row[BY]) == exporter]
            _take_one(
                draft,
                some[0],
                mine,
                id=f"{id}-{digest(choice)}" if choice else id,
                title=f"{title} — {choice}" if choice else title,
                created=created,
                section=title if choice else None,
            )
    if others:
        draft.leave_out(counted(others, "forecast") + " of other people", "only the exporter's own are taken")
    if strangers:
        what = f"{counted(strangers, 'question')} of other people"
        draft.leave_out(what, "the exporter made no forecast on them")
    if hidden:
        draft.warn(
            1, PUBLIC, f"{counted(hidden, 'question')} not shared publicly on Fatebook; loading shows them to the server"
        )


def _take_one(
    draft: FileDraft,
    first: TableRow,
    mine: Sequence[TableRow],
    *,
    id: str,
    title: str,
    created: datetime,
    section: str | None,
) -> None:
    made: list[PlatformForecast] = []
    for row in mine:
        at = _moment(draft, row, AT)
        try:
            share = read_share(row[SHARE])
        except UnreadableValue as wrong:
            draft.refuse(row.line, SHARE, str(wrong))
            continue
        if at is not None:
            made.append(PlatformForecast(at, (share,)))
    said = (first[RESOLUTION] or first[f"Question {RESOLUTION}"]).casefold()
    column = RESOLVED_AT if first[RESOLVED_AT] else f"Question {RESOLVED_AT}"
    resolved = _moment(draft, first, column) if said and first[column] else None
    resolve_by = _moment(draft, first, RESOLVE_BY) if first[RESOLVE_BY] else None
    if resolved is not None and resolved < created:
        draft.warn(first.line, column, "is before the question was created; the moment isn't used")
        resolved = None
    forecasts = draft.forecasts(made, until=resolved)
    if late := sum(1 for one in made if resolved is not None and one.at > resolved):
        draft.leave_out(f"{counted(late, 'forecast')} on “{title}”", "made after the result was known", first.line)
    draft.add(
        first.line,
        id=id,
        title=title,
        criteria=_people_s(first[NOTES]),
        created=created,
        resolved=resolved,
        outcome=_RESULTS.get(said, said) if said else None,
        window=window(resolve_by),
        forecasts=forecasts,
        section=section,
    )


def _moment(draft: FileDraft, row: TableRow, column: str) -> datetime | None:
    try:
        return read_moment(row[column])
    except UnreadableValue as wrong:
        draft.refuse(row.line, column, str(wrong))
        return None


def _people_s(cell: str) -> str:
    """A cell's text as a person wrote it: without the apostrophe that `fatebook_csv` adds so that it isn't computed."""
    return _KEPT_FROM_IT.sub("", cell, count=1) if _KEPT_FROM_IT.match(cell) else cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if cell else ""


def _safe(words: str | None) -> str:
    words = words or ""
    return f"'{words}" if _FORMULA.match(words) else words


def _written(prediction: FilePrediction, author: str, written_at: datetime) -> list[dict[str, str]]:
    made = prediction.forecasts or _undated(prediction, written_at)
    if not made or prediction.kind not in (Kind.BINARY, Kind.MULTIPLE_CHOICE):
        return []
    result = prediction.result
    rows: list[dict[str, str]] = []
    for place, choice in enumerate([option.name for option in prediction.options] or [""]):
        match result.word if result else None:
            case word if word == OPTION and result is not None:
                said = "YES" if result.value == place else "NO"
            case word:
                said = {YES: "YES", NO: "NO", ANNULLED: "AMBIGUOUS"}.get(word or "", "")
        for one in made:
            share = one.values[place]
            assert isinstance(share, float)
            rows.append(
                {
                    TITLE: _safe(prediction.statement),
                    CHOICE: _safe(choice),
                    BY: _safe(author),
                    SHARE: f"{share!r}",
                    AT: _clock(one.at),
                    CREATOR: _safe(author),
                    CREATED: _clock(prediction.created or made[0].at),
                    RESOLVE_BY: _resolve_by(prediction),
                    RESOLUTION: said,
                    RESOLVED_AT: _clock(prediction.resolved) if prediction.resolved and said else "",
                    NOTES: _safe(prediction.criteria),
                    PERCENTAGE: f"{100 * share:.10g}%",
                }
            )
    return rows


def _undated(prediction: FilePrediction, written_at: datetime) -> tuple[DatedForecast, ...]:
    """A stated probability, as a forecast from the moment the prediction was made."""
    values: Any = prediction.stated_values
    return () if values is None else (DatedForecast(at=prediction.created or written_at, values=values),)


def _resolve_by(prediction: FilePrediction) -> str:
    end = prediction.window.end
    if end is None:
        return ""
    try:
        exact = read_moment(prediction.window.raw or "")
    except UnreadableValue:
        exact = None
    return _clock(exact if exact is not None and exact.date() == end else datetime.combine(end, time(), UTC))


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
