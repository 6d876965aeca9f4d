"""Keeping a guild's predictions in step with a pack it has adopted: what's new, changed, unchanged or removed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.documents.models import REFERENCE, PredictionFile
from bot.domain.documents.models import FilePrediction as Written
from bot.domain.outcomes import NO
from bot.domain.types import State
from bot.services import outbox
from bot.services.packs import rows, track_records
from bot.services.packs.track_records import StatementGrade
from bot.services.predictions import steps
from bot.services.voting import settling
from db.models import Pack, Prediction

INDEXED_AT_ONCE = 1000


class PackChange(StrEnum):
    """What loading did to one prediction."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One prediction in a report. `code` is its code in the guild of `--guild`, if one was named. `is_graded` says that it
    now has the result its document states, or has just lost it."""

    id: str
    statement: str
    change: PackChange
    code: int | None = None
    note: str | None = None
    is_graded: bool = False


def bring_up_to_date(
    session: Session,
    guild_id: int,
    pack: Pack,
    source_id: int,
    document: PredictionFile,
    before: PredictionFile | None,
    with_results: bool,
    now: datetime,
) -> list[ReportLine]:
    """Bring the guild's predictions in line with the document; `before` is the edition they matched until now, if any."""
    old = {item.id: item for item in before.predictions} if before else {}
    moved = {item.id: _moved(old.get(item.id), item) for item in document.predictions}
    held = select(Prediction).where(Prediction.guild_id == guild_id, Prediction.pack_id == pack.id)
    there = {row.key: row for row in session.scalars(held.order_by(Prediction.id).with_for_update())}
    new = [written for written in document.predictions if written.id not in there]
    first_code = steps.take_codes(session, guild_id, len(new)) if new else 0
    codes = {key: row.code for key, row in there.items() if key} | {
        item.id: first_code + offset for offset, item in enumerate(new)
    }
    document = _with_codes(document, codes)
    new = [written for written in document.predictions if written.id not in there]
    for offset, written in enumerate(new):
        there[written.id] = rows.create(
            session, guild_id, pack.id, source_id, written, first_code + offset, document, with_results, now
        )
    session.flush()
    rows.create_belongings(session, guild_id, source_id, new, there, now)

    created = {written.id for written in new}
    lines: list[ReportLine] = []
    changed_ids = [there[written.id].id for written in new]
    tags, stated = rows.belongings_of_pack(session, guild_id, pack.id, source_id)
    told = track_records.stored_forecasts(session, guild_id=guild_id, pack_id=pack.id, source_id=source_id)
    for written in document.predictions:
        row = there[written.id]
        parent_id = there[written.parent].id if written.parent else None
        if written.id in created:
            row.parent_id, row.relation = parent_id, written.relation
            lines.append(ReportLine(written.id, row.statement, PackChange.CREATED, row.code))
            continue
        change, note = PackChange.UNCHANGED, None
        facts = (moved[written.id], tags.get(row.id, set()), stated.get(row.id))
        is_changed = rows.bring_up(session, row, written, parent_id, source_id, facts, now)
        if written.forecasts:
            there_already = told.get(row.id, ())
            is_changed |= track_records.restate(session, row, written, there_already, source_id=source_id, now=now)
        if is_changed:
            change = PackChange.UPDATED
            changed_ids.append(row.id)
            outbox.queue_card_refresh(session, guild_id=guild_id, prediction_id=row.id, now=now)
        lines.append(ReportLine(written.id, row.statement, change, row.code, note))
    session.flush()
    hanging = {row.parent_id for row in there.values() if row.id in changed_ids}
    for parent in there.values():
        if parent.id in hanging and parent.outcome == NO:
            settling.annul_dependents(session, parent, now=now)
    graded = track_records.grade(session, pack, document, there, new=created, with_results=with_results, now=now)
    lines = [_with_grade(line, graded.get(line.id)) for line in lines]
    kept = {written.id for written in document.predictions}
    for key, row in there.items():
        if key not in kept and row.state is not State.ANNULLED and (before is None or key in old):
            was_annulled = rows.withdraw(session, row, why=f"it was removed from its pack {pack.slug}", now=now)
            goes_on = "it stays resolved" if row.state is State.RESOLVED else "members have forecast on it, so it goes on"
            note = None if was_annulled else goes_on
            lines.append(ReportLine(key or "", row.statement, PackChange.WITHDRAWN, row.code, note))
    outbox.ask_for_homes(session, [guild_id], now=now)
    for start in range(0, len(changed_ids), INDEXED_AT_ONCE):
        some = changed_ids[start : start + INDEXED_AT_ONCE]
        steps.index(session, guild_id=guild_id, prediction_ids=some)
    return lines


def _with_grade(line: ReportLine, grade: StatementGrade | None) -> ReportLine:
    if grade is None:
        return line
    change = PackChange.UPDATED if grade.is_taken and line.change is PackChange.UNCHANGED else line.change
    return replace(line, change=change, note=grade.note, is_graded=grade.is_taken)


def _moved(old: Written | None, new: Written) -> frozenset[str]:
    """What the file changed of the things a manager can change too: only these changes reach the prediction."""
    is_new = {
        "words": old is None or (old.statement, old.criteria) != (new.statement, new.criteria),
        "tags": old is None or set(old.tags) != set(new.tags),
        "range": old is None or (old.range, old.kind) != (new.range, new.kind),
    }
    return frozenset(name for name, value in is_new.items() if value)


def _with_codes(document: PredictionFile, codes: dict[str, int]) -> PredictionFile:
    """The document as this guild reads it: its references become the guild's own codes."""

    def read(text: str | None) -> str | None:
        return text and REFERENCE.sub(lambda found: f"#{codes[found[1]]}", text)

    items: list[Written] = []
    for item in document.predictions:
        if item.references:
            window = item.window.model_copy(update={"basis": read(item.window.basis)})
            words = {name: read(getattr(item, name)) for name in ("criteria", "notes", "relation_note")}
            item = item.model_copy(update={"window": window, **words})
        items.append(item)
    return document.model_copy(update={"predictions": tuple(items)})
