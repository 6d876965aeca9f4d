"""Everything that's stored about one member of one server. It follows the tables' own arrows, so a new table is in it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from typing import cast as typed

from sqlalchemy import Column, ColumnElement, String, Table, cast, or_, select
from sqlalchemy.orm import Session

from bot.domain.types import Actor
from bot.services.members import guilds
from db.base import Base
from db.models import Guild, Member, OutboxMessage, Prediction, Quote, User

_FILES = {("imports", "document"), ("imports", "before")}
"""The contents of uploaded files: the server's packs by now, and not about anybody."""


@dataclass(frozen=True, slots=True)
class MemberData:
    """Everything stored about a member here, ready to be written as JSON, and how many entries that is."""

    document: dict[str, Any]
    entries: int


def collect(session: Session, actor: Actor, *, now: datetime) -> MemberData:
    """What's stored about the actor on this server, and what they've set for themselves on all of them."""
    member_id = guilds.known_member(session, actor)
    found = {} if member_id is None else _of_member(session, member_id)
    found |= _of_person(session, actor)
    entries = sum(len(rows) for rows in found.values())
    described = {"server": str(actor.guild_id), "account": str(actor.user_id), "written_at": now.isoformat()}
    return MemberData(described | {"stored": found}, entries)


def _of_member(session: Session, member_id: int) -> dict[str, list[dict[str, Any]]]:
    """The rows that name the member, and those that belong to them alone, such as the reason of a forecast."""
    found: dict[str, list[dict[str, Any]]] = {}
    tables = Base.metadata.sorted_tables
    members = Member.__table__.c.id
    owned = [table for table in tables if table is not Prediction.__table__ and _arrows(table, members)]
    for table in tables:
        if arrows := _arrows(table, members):
            theirs = or_(*(column == member_id for column in arrows))
            _note(session, found, table, select(table).where(theirs))
        for owner in owned:
            for column in table.columns:
                if any(key.column.table is owner for key in column.foreign_keys) and column.primary_key:
                    own = select(owner.c.id).where(*(arrow == member_id for arrow in _arrows(owner, members)[:1]))
                    _note(session, found, table, select(table).where(column.in_(own)))
    _note(session, found, Member.__table__, select(Member.__table__).where(members == member_id))
    return found


def _of_person(session: Session, actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """What is kept under their Discord account: settings, messages that wait for them, and whether they're the contact."""
    found: dict[str, list[dict[str, Any]]] = {}
    _note(session, found, User.__table__, select(User.__table__).where(User.id == actor.user_id))
    here = or_(OutboxMessage.guild_id == actor.guild_id, OutboxMessage.guild_id.is_(None))
    ids = [message.id for message in messages_about(session, here, actor.user_id)]
    waiting = select(OutboxMessage.__table__).where(OutboxMessage.id.in_(ids))
    _note(session, found, OutboxMessage.__table__, waiting)
    here_on = select(Prediction.id).where(Prediction.guild_id == actor.guild_id)
    written = select(Quote.__table__).where(Quote.author_id == actor.user_id, Quote.prediction_id.in_(here_on))
    known = guilds.known_member(session, actor)
    _note(session, found, Quote.__table__, written.where(Quote.member_id.is_distinct_from(known)))
    contact = select(Guild.id, Guild.contact_id).where(Guild.id == actor.guild_id, Guild.contact_id == actor.user_id)
    _note(session, found, Guild.__table__, contact)
    return found


def messages_about(session: Session, here: ColumnElement[bool], user_id: int) -> list[OutboxMessage]:
    """The messages with this account in their payload or key."""
    shown = str(user_id)
    found = or_(cast(OutboxMessage.payload, String).contains(shown), OutboxMessage.dedupe_key.contains(shown))
    messages = session.scalars(select(OutboxMessage).where(here, found))
    # Another number may have these digits in it.
    return [one for one in messages if shown in (one.dedupe_key or "").split(":") or _has(one.payload, shown)]


def _has(value: Any, shown: str) -> bool:
    """Whether a payload has this in it, at any depth."""
    if isinstance(value, dict):
        return any(_has(part, shown) for part in typed("dict[str, Any]", value).values())
    if isinstance(value, list):
        return any(_has(part, shown) for part in typed("list[Any]", value))
    return str(value) == shown


def holds(name: str, ids: Iterable[int]) -> ColumnElement[bool]:
    """The condition that a message's payload has one of these ids under this name."""
    return cast(OutboxMessage.payload[name].as_string(), String).in_([str(one) for one in ids])


def _arrows(table: Table | Any, target: Any) -> list[Column[Any]]:
    """The columns of a table that point at this one."""
    return [column for column in table.columns if any(key.column is target for key in column.foreign_keys)]


def _note(session: Session, found: dict[str, list[dict[str, Any]]], table: Table | Any, query: Any) -> None:
    """Add the rows to what was found, readable: predictions by their code and statement, moments in ISO form."""
    rows = [dict(row) for row in session.execute(query).mappings()]
    ids = {row["prediction_id"] for row in rows if row.get("prediction_id") is not None}
    named = select(Prediction.id, Prediction.code, Prediction.statement).where(Prediction.id.in_(ids))
    names = {row.id: f"#{row.code} {row.statement}" for row in session.execute(named)} if ids else {}
    for row in rows:
        about = {"prediction": names[row["prediction_id"]]} if row.get("prediction_id") in names else {}
        kept = {name: _readable(value) for name, value in row.items() if (table.name, name) not in _FILES}
        found.setdefault(table.name, []).append(about | kept)


def _readable(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    # JavaScript, which many viewers are written in, rounds Discord's ids.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 else value
