"""What a person set for themselves, in all guilds: their time zone, and what they want to be told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.reminders import next_digest
from bot.domain.times import read_zone
from bot.domain.types import Actor
from bot.services.members import guilds
from db import queries
from db.models import Guild, Member, User


class Nudge(StrEnum):
    """What a person can ask to be told of, in their digest."""

    STALE = "stale"
    """Forecasts of theirs, untouched for 30 days."""
    CLOSING = "closing"
    """Predictions without a forecast of theirs that close within a week."""
    VOTES = "votes"
    """Votes without a ballot of theirs."""
    RESULTS = "results"
    """Results, with their scores."""


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """What a person has set; the defaults are those of who set nothing. `zone` is None while the guild's counts;
    `shows_record` is whether others may look at their profile and calibration."""

    guild_zone: str
    zone: str | None = None
    nudges: frozenset[Nudge] = frozenset()
    next_digest_at: datetime | None = None
    unreachable_at: datetime | None = None
    shows_record: bool = True


def nudges_of(user: User) -> frozenset[Nudge]:
    """What the person wants to be told of."""
    return frozenset(nudge for nudge in Nudge if getattr(user, f"nudge_{nudge}"))


def settings_of_person(session: Session, user_id: int, *, guild_id: int | None = None) -> PersonSettings:
    """The person's settings, as they look from this guild; defaults for who set nothing yet."""
    guild_zone = "UTC" if guild_id is None else guilds.settings_of(session, guild_id).zone
    user = session.get(User, user_id)
    if user is None:
        return PersonSettings(guild_zone)
    return PersonSettings(
        guild_zone, user.zone, nudges_of(user), user.next_digest_at, user.unreachable_at, user.shows_calibration
    )


def change_own(session: Session, actor: Actor, *, changes: dict[str, Any], now: datetime) -> PersonSettings:
    """Change one's own settings: `zone`, None for the server's, `shows_record`, and each nudge by its word, on or off. Bots are
    refused.

    Who had no nudge on begins anew: their first digest tells what is outstanding then.
    """
    if actor.is_bot:
        raise Refused("Bots have no settings here.")
    if unknown := set(changes) - {"zone", "shows_record", *Nudge}:
        raise ValueError(f"unknown settings {unknown}")
    given = changes.get("zone")
    zone = None if given is None else read_zone(given).key
    guilds.member_of(session, actor, now=now)  # so that it is known of which guild they want to be told
    queries.insert_unless_there(session, User, [{"id": actor.user_id}])
    user = session.get_one(User, actor.user_id, with_for_update=True)  # whoever plans digests changes the row as well
    had_any, has_moved = bool(nudges_of(user)), "zone" in changes and zone != user.zone
    user.zone = zone if "zone" in changes else user.zone
    user.shows_calibration = bool(changes.get("shows_record", user.shows_calibration))
    for nudge in Nudge:
        if nudge in changes:
            setattr(user, f"nudge_{nudge}", bool(changes[nudge]))
    session.flush()
    if not nudges_of(user):
        user.next_digest_at = None
    elif not had_any or has_moved:
        user.last_digest_at = user.last_digest_at if had_any else None
        user.next_digest_at = next_digest(zone_of(session, user_id=user.id, guild_id=actor.guild_id), after=now)
    session.flush()
    return settings_of_person(session, user.id, guild_id=actor.guild_id)


def zone_of(session: Session, *, user_id: int, guild_id: int) -> ZoneInfo:
    """The zone in which the person's words and days are read in this guild: their own, else the guild's."""
    own = session.scalar(select(User.zone).where(User.id == user_id))
    return ZoneInfo(own or guilds.settings_of(session, guild_id).zone)


def shows_record(session: Session, user_id: int) -> bool:
    """Whether others may look at the person's record: they may, until the person says otherwise."""
    return session.scalar(select(User.shows_calibration).where(User.id == user_id)) is not False


def note_unreachable(session: Session, *, user_id: int, now: datetime) -> None:
    """Discord refused a direct message to them."""
    queries.insert_unless_there(session, User, [{"id": user_id}])
    session.execute(update(User).where(User.id == user_id).values(unreachable_at=now))


def note_reached(session: Session, *, user_id: int) -> None:
    """A direct message arrived."""
    session.execute(update(User).where(User.id == user_id, User.unreachable_at.is_not(None)).values(unreachable_at=None))


def digest_zones(session: Session, user_ids: Sequence[int]) -> dict[int, ZoneInfo]:
    """The zone of each of these people, wherever they are: their own, else that of the guild they came to first, else UTC."""
    known = (
        select(User.id, User.zone, Guild.zone.label("guild_zone"))
        .outerjoin(Member, and_(Member.user_id == User.id, Member.forgotten_at.is_(None)))
        .outerjoin(Guild, and_(Guild.id == Member.guild_id, Guild.left_at.is_(None)))
        .where(User.id.in_(user_ids))
        # The first that has a zone comes last, and stays.
        .order_by(User.id, Guild.id.is_not(None), Member.id.desc())
    )
    return {row.id: ZoneInfo(row.zone or row.guild_zone or "UTC") for row in session.execute(known)}
