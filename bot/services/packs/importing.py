"""Files that managers import: stored for review, loaded on Confirm as a pack of that guild alone, and undone on Undo.

Importing the same document again updates its pack, and keeps what was dropped and corrected the last time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.documents.models import PredictionFile
from bot.domain.documents.review import Edit, edits_that_stand, is_edition_of, with_ids_of
from bot.domain.documents.uploads import Upload
from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.members import guilds
from bot.services.packs import adopting, library, reviewing
from bot.services.packs.library import PackChange, PackReport
from bot.services.packs.reviewing import ACTION, ReviewPage, ShowItems
from db.base import UtcDateTime
from db.models import Adoption, Ballot, Forecast, Guild, Import, Pack, Prediction, Vote

KEPT_FOR = timedelta(days=7)

_PRUNE = (
    delete(Import)
    .where(Import.created_at < bindparam("long_ago", type_=UtcDateTime))
    .where(or_(Import.confirmed_at.is_(None), Import.undone_at.is_not(None)))
    .execution_options(synchronize_session=False)
)
MAX_DRAFTS = 3
_LONGEST_SLUG = 64


@dataclass(frozen=True, slots=True)
class ImportedPack:
    """What Confirm did."""

    import_id: int
    report: PackReport
    is_update: bool


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """What Undo did: dropped the pack, or put it back to what it was before (`is_update`)."""

    title: str
    taken_back: int
    is_update: bool


def require_may_import(session: Session, actor: Actor) -> None:
    """Raises NotAManager; checked before a file is fetched and read for nothing."""
    guilds.require_manager(session, actor, ACTION)


def begin(session: Session, actor: Actor, *, file: str, upload: Upload, now: datetime) -> ReviewPage:
    """Store what was read for review; nothing is loaded yet. A member can have a few drafts; a new one replaces the oldest.

    Refuses a document of the library, which should be adopted instead."""
    require_may_import(session, actor)
    document = upload.document
    if document is None or not document.predictions:
        raise ValueError("a review needs predictions")
    member_id = guilds.member_of(session, actor, now=now)
    _refuse_one_of_the_library(session, actor.guild_id, upload.slug, document)
    _, pack = _place(session, actor.guild_id, upload.slug, document, is_named=upload.keeps_ids and document.pack is not None)
    edits: dict[str, Edit] = {}
    if pack is not None and (last := _last_confirmed(session, pack.id, with_undone=True)) is not None:
        known = reviewing.as_draft(last)
        if not upload.keeps_ids:
            keys = select(Prediction.key).where(Prediction.guild_id == actor.guild_id, Prediction.pack_id == pack.id)
            document = with_ids_of(document, known.document, taken=[key for key in session.scalars(keys) if key])
        if not document.source.authors:  # as the reviewer said the last time
            source = document.source.model_copy(update={"authors": known.document.source.authors})
            document = document.model_copy(update={"source": source})
        edits = edits_that_stand(document, known.document, known.edits)
    row = Import(
        guild_id=actor.guild_id,
        member_id=member_id,
        pack_id=pack.id if pack is not None else None,
        file=file,
        slug=upload.slug,
        keeps_ids=upload.keeps_ids,
        document=library.as_stored(document),
        warnings=list(upload.warnings),
        created_at=now,
    )
    reviewing.store_edits(row, edits)
    session.add(row)
    session.flush()
    _forget_old_drafts(session, member_id)
    return reviewing.review_of(session, reviewing.as_draft(row), shown=ShowItems.ALL, page=0, now=now)


def discard(session: Session, actor: Actor, *, import_id: int) -> str:
    """Discard a draft; returns the file's name."""
    found = reviewing.draft(session, actor, import_id=import_id, for_change=True)
    session.delete(found.row)
    return found.row.file


def confirm(session: Session, actor: Actor, *, import_id: int, now: datetime) -> ImportedPack:
    """Load what was reviewed, once, and announce it in the guild's channel if it's new here.

    Refused if everything is dropped, nothing would change, or the guild's packs have changed since the file was uploaded."""
    pack_id = reviewing.draft(session, actor, import_id=import_id).row.pack_id
    if pack_id is not None:  # before the guild, the order in which adopting and dropping lock
        session.execute(select(Pack.id).where(Pack.id == pack_id).with_for_update())
    # Anyone importing, adopting or loading for this guild at the same moment waits: names and codes are taken in turn.
    session.execute(select(Guild.id).where(Guild.id == actor.guild_id).with_for_update(key_share=True))
    open_still = update(Import).where(Import.id == import_id, Import.confirmed_at.is_(None)).values(confirmed_at=now)
    claimed = session.scalar(open_still.returning(Import.id).execution_options(synchronize_session=False))
    row = session.get(Import, import_id, populate_existing=True)
    if claimed is None or row is None:
        raise Refused("This file is already loaded. See this server's packs with /pack list.")
    found = reviewing.as_draft(row)
    document = found.result
    if not document.predictions:
        raise Refused("You've dropped every prediction, so there's nothing to load. Keep at least one, or discard the file.")
    is_named = row.keeps_ids and document.pack is not None
    slug, pack = _place(session, actor.guild_id, row.slug, found.document, is_named=is_named)
    if (pack.id if pack is not None else None) != row.pack_id:
        raise Refused(
            "Someone has imported this file since, or another one of the same name. Upload it again to see what would change."
        )
    adoption = session.get(Adoption, (actor.guild_id, pack.id)) if pack is not None else None
    pack, before = library.store_pack(session, slug, document, owner_id=actor.guild_id, now=now)
    is_new = adoption is None
    known = None if is_new else before
    source_id = library.store_source(session, pack, document)
    if adoption is None:
        adoption = Adoption(
            guild_id=actor.guild_id, pack_id=pack.id, adopted_at=now, adopted_by=guilds.known_member(session, actor)
        )
        session.add(adoption)
        session.flush()
    lines = adopting.bring_up_to_date(session, actor.guild_id, pack, source_id, document, known, adoption.with_results, now)
    lines = reviewing.without_moves(lines, document, known)
    if all(line.change is PackChange.UNCHANGED for line in lines) and known is not None:
        raise Refused("Nothing would change: this server already has exactly this.")
    row.pack_id, row.before = pack.id, library.as_stored(known) if known is not None else None
    if is_new:
        payload = {"pack": pack.slug}
        outbox.queue(session, outbox.MessageKind.PACK_ADOPTED, guild_id=actor.guild_id, payload=payload, due_at=now)
    session.flush()
    report = PackReport(slug, pack.title, tuple(lines), 1, document.source.truncated, document.source.notes)
    return ImportedPack(row.id, report, is_update=known is not None)


def undo(session: Session, actor: Actor, *, import_id: int, now: datetime) -> UndoneImport:
    """Undo a confirmed import, once, until a member forecasts or votes on any of its predictions. Managers only.

    A new pack is dropped, as by `library.drop`; an updated one goes back to what it was before."""
    guilds.require_manager(session, actor, ACTION)
    mine = (Import.id == import_id, Import.guild_id == actor.guild_id)
    own = (*mine, Import.member_id == (guilds.known_member(session, actor) or 0), Import.confirmed_at.is_not(None))
    row = session.scalar(select(Import).where(*own).with_for_update())
    if row is None:
        raise Refused("You have no import here to undo. To remove a pack, use /pack drop.")
    if row.undone_at is not None:
        raise Refused("This import is already undone. Upload the file again to load it once more.")
    pack = session.get(Pack, row.pack_id, with_for_update=True) if row.pack_id is not None else None
    adoption = session.get(Adoption, (actor.guild_id, pack.id)) if pack is not None else None
    if pack is None or adoption is None:
        raise Refused("Its pack has already been dropped, so there's nothing to undo.")
    last = _last_confirmed(session, pack.id)
    if last is None or last.id != row.id:
        raise Refused("The pack has been updated since. Undo that import first, or drop the pack with /pack drop.")
    _refuse_what_members_have_used(session, pack, row)
    row.undone_at = now
    if row.before is None:
        dropped = library.give_up(session, adoption, pack, why="its import was undone", now=now)
        return UndoneImport(dropped.title, dropped.annulled, is_update=False)
    document = PredictionFile.model_validate(row.before)
    pack, before = library.store_pack(session, pack.slug, document, owner_id=actor.guild_id, now=now)
    source_id = library.store_source(session, pack, document)
    lines = adopting.bring_up_to_date(session, actor.guild_id, pack, source_id, document, before, adoption.with_results, now)
    changed = sum(line.change is not PackChange.UNCHANGED for line in lines)
    return UndoneImport(pack.title, changed, is_update=True)


def prune(session: Session, *, now: datetime) -> None:
    """Delete drafts that weren't confirmed within a week, and undone imports."""
    session.execute(_PRUNE, {"long_ago": now - KEPT_FOR})


def _place(
    session: Session, guild_id: int, slug: str, document: PredictionFile, *, is_named: bool
) -> tuple[str, Pack | None]:
    """The name of this document's pack in the guild: that of its own pack if this is another edition of it, else a free
    one. A file that names its pack (`is_named`) belongs to that pack, whatever it holds."""
    for number in count(1):
        ending = f"-{number}" if number > 1 else ""
        name = slug[: _LONGEST_SLUG - len(ending)].rstrip("-") + ending
        own = session.scalar(select(Pack).where(Pack.guild_id == guild_id, Pack.slug == name))
        if own is not None:
            if is_named or _is_edition_of(session, document, own):
                return name, own
        elif session.scalar(select(Pack.id).where(Pack.guild_id.is_(None), Pack.slug == name)) is None:
            return name, None
    raise AssertionError("names never run out")


def _is_edition_of(session: Session, document: PredictionFile, pack: Pack) -> bool:
    last = _last_confirmed(session, pack.id, with_undone=True)
    editions = [pack.document, *([last.document] if last is not None else [])]
    return any(is_edition_of(document, PredictionFile.model_validate(edition)) for edition in editions)


def _refuse_one_of_the_library(session: Session, guild_id: int, slug: str, document: PredictionFile) -> None:
    pack = session.scalar(select(Pack).where(Pack.guild_id.is_(None), Pack.slug == slug))
    if pack is None or pack.document != library.as_stored(document):
        return
    if session.get(Adoption, (guild_id, pack.id)) is not None:
        raise Refused(f"This server already has this file, as the pack “{pack.title}”. Nothing would change.")
    raise Refused(f"This file is the library's pack “{pack.title}”. Adopt it with /pack adopt pack:{pack.slug}.")


def _last_confirmed(session: Session, pack_id: int, *, with_undone: bool = False) -> Import | None:
    found = select(Import).where(Import.pack_id == pack_id, Import.confirmed_at.is_not(None))
    standing = found if with_undone else found.where(Import.undone_at.is_(None))
    return session.scalar(standing.order_by(Import.confirmed_at.desc(), Import.id.desc()).limit(1))


def _refuse_what_members_have_used(session: Session, pack: Pack, row: Import) -> None:
    """Refuses if a member has forecast or voted since. The predictions are locked, so that nobody can meanwhile."""
    ids = select(Prediction.id).where(Prediction.guild_id == row.guild_id, Prediction.pack_id == pack.id)
    session.execute(ids.order_by(Prediction.id).with_for_update())
    used = (
        (
            "forecast",
            select(func.min(Prediction.code))
            .join(Forecast, Forecast.prediction_id == Prediction.id)
            .where(Prediction.id.in_(ids), Forecast.member_id.is_not(None), Forecast.created_at >= row.confirmed_at),
        ),
        (
            "voted",
            select(func.min(Prediction.code))
            .join(Vote, Vote.prediction_id == Prediction.id)
            .join(Ballot, Ballot.vote_id == Vote.id)
            .where(Prediction.id.in_(ids), Ballot.cast_at >= row.confirmed_at),
        ),
    )
    for what, query in used:
        if (code := session.scalar(query)) is not None:
            raise Refused(
                f"Someone has {what} on #{code} since, so the import stays. /prediction edit changes one prediction, "
                f"/prediction annul ends one, and /pack drop pack:{pack.slug} annuls all that nobody has forecast."
            )


def _forget_old_drafts(session: Session, member_id: int) -> None:
    open_ones = select(Import.id).where(Import.member_id == member_id, Import.confirmed_at.is_(None))
    old = session.scalars(open_ones.order_by(Import.created_at.desc(), Import.id.desc()).offset(MAX_DRAFTS)).all()
    session.execute(delete(Import).where(Import.id.in_(old)))
