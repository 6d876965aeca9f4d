from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from db.models import Guild, User


@dataclass(frozen=True, slots=True)
class PersonSettings:
    zone: str | None = None
    unreachable_at: datetime | None = None


def settings_of_person(session: Session, user_id: int) -> PersonSettings:
    u = session.get(User, user_id)
    return PersonSettings() if u is None else PersonSettings(u.zone, u.unreachable_at)


def zone_of(session: Session, *, user_id: int, guild_id: int) -> ZoneInfo:
    u = session.get(User, user_id)
    g = session.get(Guild, guild_id)
    return ZoneInfo((u and u.zone) or (g and g.zone) or "UTC")


def note_unreachable(session: Session, *, user_id: int, now: datetime) -> None:
    pass


def note_reached(session: Session, *, user_id: int) -> None:
    pass
