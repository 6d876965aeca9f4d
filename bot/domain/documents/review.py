"""Reviewing a document before it's loaded: dropping and correcting its predictions, and what a reviewer should look at."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.documents.models import REFERENCE, FilePrediction, PredictionFile
from bot.domain.documents.parts import Window
from bot.domain.errors import Refused
from bot.domain.outcomes import NO, YES
from bot.domain.types import MAX_CRITERIA, Kind, Relation, Sureness

MAX_AUTHORS, MAX_NAME = 20, 100
_REFERRED = 80
_CLIPPED = {0: "0.1%", 1: "99.9%"}
_MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split("|"), 1)}
_MONTH = rf"((?:{_MONTH_NAMES})[a-z]{{0,6}})\.?"
_DAY_LIKE = re.compile(
    rf"\b(?:(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}})|(\d{{4}})([-/])(\d{{1,2}})\6(\d{{1,2}})"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH},?\s(\d{{4}})|{_MONTH}\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s(\d{{4}}))\b",
    re.IGNORECASE,
)
_SEPARATORS = ("/", ".", "-")
_OF_THE_PLACE = ("id", "line", "anchor", "parent")


class Correction(BaseModel):
    """A prediction's words, probability, last day and result, in words, as a person set them. None means it has none."""

    model_config = ConfigDict(frozen=True)

    statement: str
    criteria: str | None
    probability: float | None
    end: date | None
    outcome: str | None = None


class Edit(BaseModel):
    """What a reviewer did to one prediction."""

    model_config = ConfigDict(frozen=True)

    is_dropped: bool = False
    correction: Correction | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether the prediction stays as it was read."""
        return self == Edit()


Edits = Mapping[str, Edit]
"""By the prediction's id; if one is missing, it stays as it was read."""


def as_correction(item: FilePrediction) -> Correction:
    """What can be corrected of a prediction, as it stands."""
    return Correction(
        statement=item.statement,
        criteria=item.criteria,
        probability=item.probability,
        end=item.window.end,
        outcome=item.result_words,
    )


def corrected(item: FilePrediction, correction: Correction | None) -> FilePrediction:
    """The prediction with what was set by hand; a new date replaces the whole window that was read.

    Raises pydantic's ValidationError for anything a prediction file can't hold."""
    if correction is None:
        return item
    changes: dict[str, Any] = {"statement": correction.statement, "criteria": correction.criteria, "sureness": None}
    if correction.probability != item.probability:
        changes |= {"probability": correction.probability, "probability_raw": None, "qualifier": None, "forecasts": ()}
    if correction.end != item.window.end:
        start = item.window.start
        is_before = start is not None and correction.end is not None and start <= correction.end
        window = Window(
            start=start if is_before else None, end=correction.end, raw=item.window.raw, basis="set by hand at the import"
        )
        changes["window"] = window.model_dump()
    if correction.outcome != item.result_words:
        said = {YES: True, NO: False}.get(correction.outcome or "", correction.outcome)
        options = [option.model_dump() | {"outcome": None} for option in item.options]
        changes |= {"outcome": said, "resolved": None, "options": options}
    return FilePrediction.model_validate(item.model_dump() | changes)


def reviewed(document: PredictionFile, edits: Edits) -> PredictionFile:
    """The document without dropped predictions, and with corrected ones. Those that depended on a dropped one become independent."""
    dropped = {item.id: item.statement for item in document.predictions if edits.get(item.id, Edit()).is_dropped}
    kept: list[FilePrediction] = []
    for item in document.predictions:
        if item.id in dropped:
            continue
        made = corrected(item, edits.get(item.id, Edit()).correction)
        changes: dict[str, Any] = {}
        if made.parent in dropped:
            changes |= {"parent": None, "relation": None, "relation_note": None}
        if made.references & dropped.keys():
            changes |= {name: _mended(getattr(made, name), dropped) for name in ("notes", "relation_note")} | changes
            changes["criteria"] = (_mended(made.criteria, dropped) or "")[:MAX_CRITERIA].strip() or None
            changes["window"] = made.window.model_copy(update={"basis": _mended(made.window.basis, dropped)})
        kept.append(made.model_copy(update=changes) if changes else made)
    return PredictionFile.model_validate(document.model_dump() | {"predictions": [item.model_dump() for item in kept]})


def check(document: PredictionFile, edits: Edits) -> None:
    """Refuses edits that would make it an invalid prediction file."""
    try:
        _ = reviewed(document, edits)
    except ValidationError as error:
        problem = str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
        raise Refused(f"That doesn't fit together: {problem}.") from None


def _mended(text: str | None, dropped: Mapping[str, str]) -> str | None:
    """The words, with the statement in place of a reference to a dropped prediction."""

    def words(found: Any) -> str:
        statement = dropped.get(found[1])
        if statement is None:
            return found[0]
        return f"“{statement if len(statement) <= _REFERRED else statement[: _REFERRED - 1] + '…'}”"

    return text and REFERENCE.sub(words, text)


def doubts(items: tuple[FilePrediction, ...], *, today: date) -> dict[str, tuple[str, ...]]:
    """Why a person should look at a prediction before it's loaded, in words, by its id; predictions without a reason are left out."""
    by_id = {item.id: item for item in items}
    numbers = {item.id: number for number, item in enumerate(items, 1)}
    first: dict[str, int] = {}
    found: dict[str, tuple[str, ...]] = {}
    for item in items:
        parent = by_id.get(item.parent or "")
        words = _folded(item.statement)
        reasons = [
            "hard to read" if item.sureness is Sureness.LOW else "",
            *_unreadable(item),
            "no date" if item.window.end is None and item.window.raw is None else "",
            "its window is over" if item.window.end and item.window.end < today and item.result is None else "",
            f"{item.probability:.0%}, scored as {_CLIPPED[item.probability]}" if item.probability in (0, 1) else "",
            f"the same words as {first[words]}" if words in first else "",
            f"likelier than {numbers[parent.id]}, which it needs" if parent and _exceeds(item, parent) else "",
        ]
        first.setdefault(words, numbers[item.id])
        if given := tuple(reason for reason in reasons if reason):
            found[item.id] = given
    return found


def _unreadable(item: FilePrediction) -> list[str]:
    """What stands where a probability or a day should and is none."""
    found: list[str] = []
    if item.stated_values is None and item.probability_raw:
        found.append(f"“{item.probability_raw}” isn't one probability from 0% to 100%")
    if item.window.end is None and item.window.raw:
        found.append(f"“{item.window.raw}” isn't a day that I can read")
    return found + [f"“{day}” isn't in any calendar" for day in impossible_days(item.statement)]


def impossible_days(text: str) -> list[str]:
    """What's written like a day and is none: 31/13/2027, 31 February 2027, 2027-13-45."""
    found: list[str] = []
    for match in _DAY_LIKE.finditer(text):
        first, second, third = (part for part in match.groups() if part is not None and part not in _SEPARATORS)
        month = _MONTHS.get(second[:3].lower()) or _MONTHS.get(first[:3].lower())
        if month is not None:
            orders = [(int(third), month, int(first if first.isdigit() else second))]
        elif len(first) == 4:
            orders = [(int(first), int(second), int(third))]
        else:
            orders = [(int(third), int(second), int(first)), (int(third), int(first), int(second))]
        if not any(_is_day(*order) for order in orders):
            found.append(match[0])
    return found


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(max(year, 1), month)[1]


def _exceeds(item: FilePrediction, parent: FilePrediction) -> bool:
    needs = item.relation in (Relation.REQUIRES, Relation.INSTANCE)
    both_binary = item.kind is parent.kind is Kind.BINARY
    return needs and both_binary and (item.probability or 0) > (1 if parent.probability is None else parent.probability)


def with_source(document: PredictionFile, *, title: str, authors: str) -> PredictionFile:
    """The document with another title and other authors: names with commas between them. Raises Refused for what doesn't fit."""
    names = tuple(dict.fromkeys(name for part in re.split(r"[,;\n]", authors) if (name := " ".join(part.split()))))
    if len(names) > MAX_AUTHORS or any(len(name) > MAX_NAME for name in names):
        raise Refused(f"Give at most {MAX_AUTHORS} names of {MAX_NAME} letters each, with commas between them.")
    source = document.source.model_copy(update={"title": " ".join(title.split())[:200] or None, "authors": names})
    return document.model_copy(update={"source": source})


def is_edition_of(new: PredictionFile, old: PredictionFile) -> bool:
    """Whether two documents are the same one, perhaps edited: same title and author or address, or half of the statements."""
    one, other = new.source, old.source
    if (
        one.title
        and (one.authors or one.url)
        and (one.title, one.authors, one.url) == (other.title, other.authors, other.url)
    ):
        return True
    known = {_folded(item.statement) for item in old.predictions}
    shared = sum(_folded(item.statement) in known for item in new.predictions)
    return shared > 0 and 2 * shared >= len(new.predictions)


def with_ids_of(new: PredictionFile, old: PredictionFile, *, taken: Collection[str]) -> PredictionFile:
    """The new edition of a prose document, where each statement of the old one keeps its id, wherever it is now.

    The others get ids that aren't `taken` by statements of even older editions."""
    by_words: dict[str, list[str]] = {}
    for item in old.predictions:
        by_words.setdefault(_folded(item.statement), []).append(item.id)
    ids: dict[str, str] = {}
    for item in new.predictions:
        if same := by_words.get(_folded(item.statement)):
            ids[item.id] = same.pop(0)
    used = {item.id for item in old.predictions} | set(taken)
    number = len(old.predictions)
    for item in new.predictions:
        if item.id in ids:
            continue
        while f"p{number + 1:02}" in used:
            number += 1
        ids[item.id] = f"p{number + 1:02}"
        used.add(ids[item.id])
    items = [
        item.model_copy(update={"id": ids[item.id], "parent": ids[item.parent] if item.parent else None})
        for item in new.predictions
    ]
    return new.model_copy(update={"predictions": tuple(items)})


def edits_that_stand(new: PredictionFile, old: PredictionFile, edits: Edits) -> dict[str, Edit]:
    """What a reviewer did to the old edition and doesn't have to do again: wherever the new one reads the same."""
    before = {item.id: item for item in old.predictions}
    standing: dict[str, Edit] = {}
    for item in new.predictions:
        was, edit = before.get(item.id), edits.get(item.id)
        if was is None or edit is None:
            continue
        if (edit.is_dropped and _folded(was.statement) == _folded(item.statement)) or _content(was) == _content(item):
            standing[item.id] = edit
    return standing


def only_moved(new: PredictionFile, old: PredictionFile | None) -> set[str]:
    """The ids of predictions that moved in the new edition but say the same."""
    before = {item.id: item for item in old.predictions} if old else {}
    return {
        item.id
        for item in new.predictions
        if item.id in before and item.parent == before[item.id].parent and _content(item) == _content(before[item.id])
    }


def _content(item: FilePrediction) -> dict[str, Any]:
    return item.model_dump(exclude=set(_OF_THE_PLACE))


def _folded(statement: str) -> str:
    return " ".join(statement.casefold().split())
