"""Packs: loaded prediction files, and the predictions that guilds have adopted from them.

Loading again changes what changed in the file, nothing else. A pack is known by its name, a prediction by its id in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.documents.models import PredictionFile
from bot.domain.errors import Refused
from bot.domain.types import Actor, State
from bot.services import outbox
from bot.services.homes import making
from bot.services.homes.making import HomesMade
from bot.services.members import guilds
from bot.services.packs import adopting, rows
from bot.services.packs.adopting import PackChange, ReportLine
from bot.services.predictions import listing
from db import queries
from db.models import Adoption, Pack, Prediction, Source


@dataclass(frozen=True, slots=True)
class PackReport:
    """What loading one file did. `notes` is what people should know about the pack, such as that its text breaks off."""

    pack: str
    title: str
    lines: tuple[ReportLine, ...]
    guilds: int
    is_truncated: bool
    notes: str | None
    has_channel: bool = True
    """Whether the guild that adopted it has a channel for posts."""

    def count(self, change: PackChange) -> int:
        """How many predictions this happened to."""
        return sum(line.change is change for line in self.lines)


@dataclass(frozen=True, slots=True)
class PackSummary:
    """A pack in a guild's list."""

    slug: str
    title: str
    authors: tuple[str, ...]
    written: str | None
    predictions: int
    is_truncated: bool
    is_adopted: bool
    forecasters: int
    open: int
    homes: HomesMade | None = None
    """How many of its predictions have their home, if a channel was chosen for them."""


@dataclass(frozen=True, slots=True)
class DroppedPack:
    """What dropping a pack did: predictions without forecasts were annulled, the others stay. `codes` are the annulled ones,
    `forecasts` the members' standing ones on those that stay."""

    title: str
    annulled: int
    kept: int
    codes: tuple[int, ...] = ()
    forecasts: int = 0


def load(
    session: Session,
    *,
    documents: Sequence[tuple[str, PredictionFile]],
    guild_id: int | None,
    now: datetime,
    with_results: bool | None = None,
    on_step: Callable[[int], None] = lambda steps: None,
) -> list[PackReport]:
    """Put documents, each with its pack's name, into the library, and update every guild that has adopted one.

    If a guild is given, it adopts them, and the reports are about that guild. `with_results`: whether it takes what the
    documents say happened as results, now and in later loads; None leaves that as it is (yes at first). `on_step` gets
    the number of predictions done.
    """
    if guild_id is not None:
        guilds.welcome(session, guild_id, now=now)
    # Lock all of them first: two loads of the same packs in different orders would wait for each other forever.
    named = select(Pack.id).where(Pack.guild_id.is_(None), Pack.slug.in_({slug for slug, _ in documents}))
    session.execute(named.order_by(Pack.id).with_for_update())
    reports: list[PackReport] = []
    for slug, document in documents:
        pack, before = store_pack(session, slug, document, owner_id=None, now=now)
        source_id = store_source(session, pack, document)
        is_new_here = guild_id is not None and session.get(Adoption, (guild_id, pack.id)) is None
        if guild_id is not None:
            queries.insert_unless_there(session, Adoption, [{"guild_id": guild_id, "pack_id": pack.id, "adopted_at": now}])
            if with_results is not None:
                session.get_one(Adoption, (guild_id, pack.id)).with_results = with_results
        adopting_now = select(Adoption.guild_id, Adoption.with_results).where(Adoption.pack_id == pack.id)
        adopters = session.execute(adopting_now.order_by(Adoption.guild_id)).all()
        lines = compare(before, document)
        for adopter in adopters:
            known = None if adopter.guild_id == guild_id and is_new_here else before
            taken = adopter.with_results
            in_guild = adopting.bring_up_to_date(session, adopter.guild_id, pack, source_id, document, known, taken, now)
            if adopter.guild_id == guild_id:
                lines = in_guild
        on_step(len(document.predictions))
        reports.append(
            PackReport(slug, pack.title, tuple(lines), len(adopters), document.source.truncated, document.source.notes)
        )
    return reports


def adopt(session: Session, actor: Actor, *, slug: str, now: datetime, with_results: bool = True) -> PackReport:
    """Adopt a pack of the library in the guild, and announce it in its channel. Managers only.

    `with_results`: take what its document says happened as the result.
    """
    guilds.require_manager(session, actor, "adopt packs")
    pack = _locked_pack(session, actor.guild_id, slug)
    member_id = guilds.member_of(session, actor, now=now)
    if session.get(Adoption, (actor.guild_id, pack.id)) is not None:
        raise Refused(
            f"This server has already adopted “{pack.title}”. See its predictions with /prediction list pack:{pack.slug}."
        )
    adoption = Adoption(guild_id=actor.guild_id, pack_id=pack.id, adopted_at=now, adopted_by=member_id)
    adoption.with_results = with_results
    session.add(adoption)
    document = PredictionFile.model_validate(pack.document)
    source_id = session.scalar(select(Source.id).where(Source.pack_id == pack.id))
    assert source_id is not None
    lines = adopting.bring_up_to_date(session, actor.guild_id, pack, source_id, document, None, with_results, now)
    if document.predictions:
        payload = {"pack": pack.slug}
        outbox.queue(session, outbox.MessageKind.PACK_ADOPTED, guild_id=actor.guild_id, payload=payload, due_at=now)
    has_channel = guilds.settings_of(session, actor.guild_id).post_channel_id is not None
    source = document.source
    return PackReport(pack.slug, pack.title, tuple(lines), 1, source.truncated, source.notes, has_channel)


def drop(session: Session, actor: Actor, *, slug: str, now: datetime) -> DroppedPack:
    """Drop a pack: predictions that nobody has forecast are annulled, the rest go on by themselves. Managers only."""
    guilds.require_manager(session, actor, "drop packs")
    pack = _locked_pack(session, actor.guild_id, slug)
    adoption = session.get(Adoption, (actor.guild_id, pack.id))
    if adoption is None:
        raise Refused(
            f"This server hasn't adopted “{pack.title}”, so there's nothing to drop. See its packs with /pack list."
        )
    return give_up(session, adoption, pack, why=f"its pack {pack.slug} was dropped", now=now)


def give_up(session: Session, adoption: Adoption, pack: Pack, *, why: str, now: datetime) -> DroppedPack:
    """End an adoption: predictions that nobody has forecast are annulled, the rest go on by themselves."""
    session.delete(adoption)
    codes: list[int] = []
    kept = forecasts = 0
    held = select(Prediction).where(Prediction.guild_id == adoption.guild_id, Prediction.pack_id == pack.id)
    for prediction in session.scalars(held.order_by(Prediction.id).with_for_update()).all():
        if rows.withdraw(session, prediction, why=why, now=now):
            codes.append(prediction.code)
        elif prediction.state not in (State.RESOLVED, State.ANNULLED):
            kept += 1
            forecasts += prediction.forecasters
    return DroppedPack(pack.title, len(codes), kept, tuple(codes), forecasts)


def show_library(session: Session, actor: Actor, *, now: datetime) -> tuple[list[PackSummary], bool]:
    """The packs as `list_packs` has them, and whether the actor may adopt and drop them."""
    return list_packs(session, guild_id=actor.guild_id, now=now), guilds.is_manager(session, actor)


def list_packs(session: Session, *, guild_id: int, now: datetime) -> list[PackSummary]:
    """The packs a guild can adopt, in the order they were first loaded, and what it has of each."""
    is_open = listing.open_now(now)
    counts = {
        row.pack_id: row
        for row in session.execute(
            select(
                Prediction.pack_id,
                func.count().filter(*is_open).label("open"),
                func.coalesce(func.sum(Prediction.forecasters), 0).label("forecasters"),
            )
            .where(Prediction.guild_id == guild_id, Prediction.pack_id.is_not(None))
            .group_by(Prediction.pack_id)
        )
    }
    homes = making.homes_made_by_pack(session, guild_id)
    adopted = set(session.scalars(select(Adoption.pack_id).where(Adoption.guild_id == guild_id)))
    found = select(Pack.id, Pack.slug, Pack.title, Pack.document, Source.authors, Source.written, Source.is_truncated).join(
        Source, Source.pack_id == Pack.id
    )
    summaries: list[PackSummary] = []
    # If the guild has its own pack of this name, it wins over the library's later one, as in `_locked_pack`.
    own = select(Pack.slug).where(Pack.guild_id == guild_id)
    here = (Pack.guild_id == guild_id) | (Pack.guild_id.is_(None) & Pack.slug.not_in(own))
    for row in session.execute(found.where(here).order_by(Pack.id)):
        count = counts.get(row.id)
        summaries.append(
            PackSummary(
                slug=row.slug,
                title=row.title,
                authors=tuple(row.authors),
                written=row.written,
                predictions=len(row.document["predictions"]),
                is_truncated=row.is_truncated,
                is_adopted=row.id in adopted,
                forecasters=count.forecasters if count else 0,
                open=count.open if count else 0,
                homes=homes.get(row.id),
            )
        )
    return summaries


def _locked_pack(session: Session, guild_id: int, slug: str) -> Pack:
    """The pack, locked against anyone adopting, dropping or loading it at the same moment."""
    found = select(Pack).where(Pack.slug == slug.strip().lower(), Pack.guild_id.is_(None) | (Pack.guild_id == guild_id))
    pack = session.scalar(found.order_by(Pack.guild_id.is_(None)).limit(1).with_for_update())
    if pack is None:
        raise Refused(f"There's no pack “{slug[:64]}”. See the packs with /pack list.")
    return pack


def store_pack(
    session: Session, slug: str, document: PredictionFile, *, owner_id: int | None, now: datetime
) -> tuple[Pack, PredictionFile | None]:
    """The pack of this name, locked, with the new document in it; and the document it had before, if any.

    `owner_id` is the guild that owns it; None: the library."""
    content = as_stored(document)
    title = document.source.title or slug.replace("-", " ").capitalize()
    empty: dict[str, Any] = {}
    row = {"guild_id": owner_id, "slug": slug, "title": title, "document": empty, "loaded_at": now}
    queries.insert_unless_there(session, Pack, [row])
    found = select(Pack).where(Pack.slug == slug, Pack.guild_id == owner_id)
    pack = session.scalars(found.with_for_update()).one()
    before = PredictionFile.model_validate(pack.document) if pack.document else None
    if content != pack.document:
        pack.title, pack.document, pack.loaded_at = title, content, now
    return pack, before


def as_stored(document: PredictionFile) -> dict[str, Any]:
    """A document as the database stores it."""
    content = document.model_dump(mode="json", exclude_defaults=True) | {
        "predictions": [rows.dump(item) for item in document.predictions]
    }
    return content | {"source": document.source.model_dump(mode="json", exclude_defaults=True)}


def store_source(session: Session, pack: Pack, document: PredictionFile) -> int:
    """Update the facts about a pack's document; returns the id that its author's forecasts carry."""
    written = document.source
    source = session.scalar(select(Source).where(Source.pack_id == pack.id)) or Source(pack_id=pack.id)
    source.title, source.authors, source.written = pack.title, list(written.authors), written.date
    source.saved, source.url, source.is_truncated, source.notes = (
        written.saved,
        written.url,
        written.truncated,
        written.notes,
    )
    session.add(source)
    session.flush()
    return source.id


def compare(before: PredictionFile | None, document: PredictionFile) -> list[ReportLine]:
    """What differs between two editions of a document, regardless of what guilds made of it."""
    old = {item.id: item for item in before.predictions} if before else {}
    lines: list[ReportLine] = []
    for item in document.predictions:
        change = (
            PackChange.CREATED
            if item.id not in old
            else PackChange.UNCHANGED
            if old[item.id] == item
            else PackChange.UPDATED
        )
        lines.append(ReportLine(item.id, item.statement, change))
    kept = {item.id for item in document.predictions}
    return lines + [
        ReportLine(item.id, item.statement, PackChange.WITHDRAWN) for item in old.values() if item.id not in kept
    ]
