"""Reviewing an uploaded file before it's loaded: what a manager sees in it, drops and corrects.

A review belongs to the manager who uploaded the file, and ends when it's confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.documents.models import FilePrediction, FileSource, PredictionFile
from bot.domain.documents.review import (
    Correction,
    Edit,
    as_correction,
    check,
    corrected,
    doubts,
    only_moved,
    reviewed,
    with_source,
)
from bot.domain.errors import Refused
from bot.domain.outcomes import read_outcome
from bot.domain.paging import page_within
from bot.domain.texts import clean_line
from bot.domain.times import over_at
from bot.domain.types import Actor, Kind
from bot.services.members import guilds
from bot.services.packs import library
from bot.services.packs.library import PackChange, ReportLine
from bot.services.predictions import editing
from db.models import Adoption, Import, Pack

PAGE_SIZE = 5
ACTION = "import predictions"


class ShowItems(StrEnum):
    """Which of a review's predictions to list."""

    ALL = "all"
    DOUBTFUL = "doubtful"
    """The ones a person should look at."""
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One prediction of an uploaded file. `number` counts from 1, in the file's order, and never changes."""

    import_id: int
    number: int
    of: int
    prediction: FilePrediction
    """As it would be loaded."""
    as_read: FilePrediction
    is_dropped: bool
    doubts: tuple[str, ...]
    parent: tuple[int, str] | None
    """Number and statement of the prediction it depends on."""
    children: int

    @property
    def is_corrected(self) -> bool:
        """Whether someone changed what was read."""
        return self.prediction != self.as_read


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many predictions a file has, of each sort; all but the first two count only those that are kept."""

    found: int
    dropped: int
    corrected: int
    probability: int
    date: int
    outcome: int
    over: int
    settled: int
    doubtful: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What Confirm would do. `updates` is the title of the guild's pack that it would update, if there is one."""

    updates: str | None
    created: int
    updated: int
    unchanged: int
    withdrawn: int

    @property
    def changes_nothing(self) -> bool:
        """Whether the guild already has exactly this."""
        return not self.created + self.updated + self.withdrawn


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the review of an uploaded file."""

    import_id: int
    file: str
    source: FileSource
    warnings: tuple[str, ...]
    counts: ReviewCounts
    plan: ImportPlan
    show: ShowItems
    page: int
    pages: int
    items: tuple[ReviewItem, ...]


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """An upload under review."""

    row: Import
    document: PredictionFile
    edits: dict[str, Edit]

    @property
    def result(self) -> PredictionFile:
        """What would be loaded."""
        return reviewed(self.document, self.edits)


def show(session: Session, actor: Actor, *, import_id: int, shown: ShowItems, page: int, now: datetime) -> ReviewPage:
    """A page of a review; a number past the end gives the last page. Raises Refused if this member has no such review."""
    return review_of(session, draft(session, actor, import_id=import_id), shown=shown, page=page, now=now)


def show_item(session: Session, actor: Actor, *, import_id: int, number: int, now: datetime) -> ReviewItem:
    """Everything about one prediction in a review."""
    return _item(draft(session, actor, import_id=import_id), number, now)


def show_draft(session: Session, actor: Actor, *, import_id: int) -> tuple[str, PredictionFile]:
    """The file's name, and what was read from it."""
    found = draft(session, actor, import_id=import_id)
    return found.row.file, found.document


def drop(session: Session, actor: Actor, *, import_id: int, number: int, is_dropped: bool, now: datetime) -> ReviewItem:
    """Drop a prediction from what will be loaded, or keep it after all."""
    found = draft(session, actor, import_id=import_id, for_change=True)
    item = _at(found, number)
    edit = found.edits.get(item.id, Edit())
    return _item(_with(found, item.id, edit.model_copy(update={"is_dropped": is_dropped})), number, now)


def correct(
    session: Session,
    actor: Actor,
    *,
    import_id: int,
    number: int,
    correction: Correction,
    now: datetime,
    locale: str | None = None,
) -> ReviewItem:
    """Set a prediction's words, probability, last day and result. Refuses a new date in the past, a result that doesn't fit
    this prediction, and anything a prediction file can't hold. The result is read in the notation of the member's `locale`."""
    found = draft(session, actor, import_id=import_id, for_change=True)
    item = _at(found, number)
    edit = found.edits.get(item.id, Edit())
    standing = as_correction(corrected(item, edit.correction))
    statement = editing.checked_statement(correction.statement)
    criteria = editing.checked_criteria(correction.criteria or "")
    if correction.probability is not None and item.kind is not Kind.BINARY:
        raise Refused("Only a yes-or-no prediction has one probability. Leave it empty here.")
    if correction.end is not None and correction.end != standing.end:
        editing.check_dates(resolves_at=over_at(correction.end), closes_at=None, now=now)
    outcome = clean_line(correction.outcome or "") or None
    if outcome is not None and outcome != standing.outcome:
        names = tuple(option.name for option in item.options)
        unit = item.numeric.unit if item.numeric else None
        outcome = item.words_of(read_outcome(outcome, kind=item.kind, options=names, unit=unit, locale=locale))
    wanted = correction.model_copy(update={"statement": statement, "criteria": criteria, "outcome": outcome})
    new = None if wanted == as_correction(item) else wanted
    changed = _with(found, item.id, edit.model_copy(update={"correction": new}))
    check(found.document, changed.edits)
    return _item(changed, number, now)


def set_source(session: Session, actor: Actor, *, import_id: int, title: str, authors: str, now: datetime) -> ReviewPage:
    """Say what the document is called and who wrote it: whoever it is gets scored for the probabilities in it."""
    found = draft(session, actor, import_id=import_id, for_change=True)
    document = with_source(found.document, title=title, authors=authors)
    found.row.document = library.as_stored(document)
    return review_of(session, ReviewDraft(found.row, document, found.edits), shown=ShowItems.ALL, page=0, now=now)


def draft(session: Session, actor: Actor, *, import_id: int, for_change: bool = False) -> ReviewDraft:
    """The upload under review, locked if it's going to be changed. Raises NotAManager, or Refused if it isn't this member's."""
    guilds.require_manager(session, actor, ACTION)
    own = select(Import).where(
        Import.id == import_id,
        Import.guild_id == actor.guild_id,
        Import.member_id == (guilds.known_member(session, actor) or 0),
    )
    row = session.scalar(own.with_for_update() if for_change else own)
    if row is None:
        raise Refused("This review is gone, or it's someone else's. Upload the file again with /prediction import.")
    if row.confirmed_at is not None:
        raise Refused("This file is already loaded. To change something, upload it again, or use /prediction edit.")
    return as_draft(row)


def as_draft(row: Import) -> ReviewDraft:
    """The upload that a row stores."""
    edits = {key: Edit.model_validate(edit) for key, edit in row.edits.items()}
    return ReviewDraft(row, PredictionFile.model_validate(row.document), edits)


def store_edits(row: Import, edits: dict[str, Edit]) -> None:
    """Write what the reviewer did."""
    kept = {key: edit for key, edit in edits.items() if not edit.changes_nothing}
    row.edits = {key: edit.model_dump(mode="json") for key, edit in kept.items()}


def review_of(session: Session, found: ReviewDraft, *, shown: ShowItems, page: int, now: datetime) -> ReviewPage:
    """A page of a review, and what Confirm would do with the file right now."""
    result, items = found.result, _predictions(found)
    doubtful = doubts(items, today=now.date())
    dropped = {item.id for item in items if _is_dropped(found, item)}
    listed = {
        ShowItems.ALL: {item.id for item in items},
        ShowItems.DOUBTFUL: doubtful.keys() - dropped,
        ShowItems.DROPPED: dropped,
    }[shown]
    numbers = [number for number, item in enumerate(items, 1) if item.id in listed]
    page, pages = page_within(len(numbers), size=PAGE_SIZE, wanted=page)
    return ReviewPage(
        import_id=found.row.id,
        file=found.row.file,
        source=found.document.source,
        warnings=tuple(found.row.warnings),
        counts=_counts(found, result, len(doubtful.keys() - dropped), now),
        plan=_plan(session, found, result),
        show=shown,
        page=page,
        pages=pages,
        items=tuple(_item(found, number, now, doubtful) for number in numbers[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]),
    )


def without_moves(lines: Sequence[ReportLine], result: PredictionFile, before: PredictionFile | None) -> list[ReportLine]:
    """The report, with predictions that only moved to another line counted as unchanged."""
    same = only_moved(result, before)
    return [
        replace(line, change=PackChange.UNCHANGED) if line.change is PackChange.UPDATED and line.id in same else line
        for line in lines
    ]


def _counts(found: ReviewDraft, result: PredictionFile, doubtful: int, now: datetime) -> ReviewCounts:
    kept, today = result.predictions, now.date()
    corrections = [found.edits[item.id].correction for item in kept if item.id in found.edits]
    return ReviewCounts(
        found=len(found.document.predictions),
        dropped=len(found.document.predictions) - len(kept),
        corrected=sum(correction is not None for correction in corrections),
        probability=sum(item.stated_values is not None for item in kept),
        date=sum(item.window.end is not None for item in kept),
        outcome=sum(item.result_words is not None for item in kept),
        over=sum(item.window.end is not None and item.window.end < today and item.result is None for item in kept),
        settled=sum(item.result is not None for item in kept),
        doubtful=doubtful,
        left_out=len(found.document.left_out),
    )


def _plan(session: Session, found: ReviewDraft, result: PredictionFile) -> ImportPlan:
    pack_id = found.row.pack_id
    pack = session.get(Pack, pack_id) if pack_id is not None else None
    is_here = pack is not None and session.get(Adoption, (found.row.guild_id, pack.id)) is not None
    before = PredictionFile.model_validate(pack.document) if pack is not None and is_here else None
    changes = [line.change for line in without_moves(library.compare(before, result), result, before)]
    return ImportPlan(
        updates=pack.title if pack is not None and is_here else None,
        created=changes.count(PackChange.CREATED),
        updated=changes.count(PackChange.UPDATED),
        unchanged=changes.count(PackChange.UNCHANGED),
        withdrawn=changes.count(PackChange.WITHDRAWN),
    )


def _predictions(found: ReviewDraft) -> tuple[FilePrediction, ...]:
    """All of them as corrected, including the dropped ones."""
    return tuple(corrected(item, found.edits.get(item.id, Edit()).correction) for item in found.document.predictions)


def _is_dropped(found: ReviewDraft, item: FilePrediction) -> bool:
    return found.edits.get(item.id, Edit()).is_dropped


def _at(found: ReviewDraft, number: int) -> FilePrediction:
    if not 1 <= number <= len(found.document.predictions):
        raise Refused(f"The file has no prediction {number}. Upload it again with /prediction import.")
    return found.document.predictions[number - 1]


def _item(found: ReviewDraft, number: int, now: datetime, doubtful: dict[str, Any] | None = None) -> ReviewItem:
    as_read = _at(found, number)
    document = found.document.predictions
    if doubtful is None:
        doubtful = doubts(_predictions(found), today=now.date())
    places = {item.id: (place, item.statement) for place, item in enumerate(document, 1)}
    return ReviewItem(
        import_id=found.row.id,
        number=number,
        of=len(document),
        prediction=corrected(as_read, found.edits.get(as_read.id, Edit()).correction),
        as_read=as_read,
        is_dropped=_is_dropped(found, as_read),
        doubts=doubtful.get(as_read.id, ()),
        parent=places[as_read.parent] if as_read.parent else None,
        children=sum(item.parent == as_read.id for item in document),
    )


def _with(found: ReviewDraft, identifier: str, edit: Edit) -> ReviewDraft:
    edits = found.edits | {identifier: edit}
    store_edits(found.row, edits)
    return ReviewDraft(found.row, found.document, edits)
