"""What a person has set for themselves in all guilds: their time zone, and their notifications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from bot.domain.reminders import next_digest
from bot.services.members import guilds
from db import queries
from db.models import Guild, Member, User


class Nudge(StrEnum):
    """The notifications a person can turn on for their digest."""

    STALE = "stale"
    """Their forecasts that have been untouched for 30 days."""
    CLOSING = "closing"
    """Predictions closing within a week that they haven't forecast."""
    VOTES = "votes"
    """Votes they haven't voted in."""
    RESULTS = "results"
    """Results, with their scores."""


class FollowNews(StrEnum):
    """How a person hears of what they follow."""

    DAILY = "daily"
    """In their daily message."""
    MENTION = "mention"
    """By a mention where it's posted."""
    OFF = "off"
    """Not at all."""


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """A person's settings; someone who has set nothing has the defaults. `zone` is None while they follow the guild's;
    `shows_record` says whether others may see their profile and calibration, `shows_calls` whether results may name them for a
    call they made early. `follow_news` is None until they choose, or follow something themselves; `follows_own` says whether
    forecasting is following. `guild_zone` and `ping_role_id` are the guild's."""

    guild_zone: str
    zone: str | None = None
    nudges: frozenset[Nudge] = frozenset()
    next_digest_at: datetime | None = None
    unreachable_at: datetime | None = None
    shows_record: bool = True
    shows_calls: bool = False
    follow_news: FollowNews | None = None
    follows_own: bool = True
    named_in_weekly: bool = False
    ping_role_id: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What can be changed, by its name: each notification is on or off."""
        nudges = {str(nudge): nudge in self.nudges for nudge in Nudge}
        more = ("shows_calls", "follow_news", "follows_own", "named_in_weekly")
        return {
            "zone": self.zone,
            "shows_record": self.shows_record,
            **nudges,
            **{name: getattr(self, name) for name in more},
        }


def nudges_of(user: User) -> frozenset[Nudge]:
    """The notifications the person has turned on."""
    return frozenset(nudge for nudge in Nudge if getattr(user, f"nudge_{nudge}"))


def follow_news_of(user: User) -> FollowNews | None:
    """How the person hears of what they follow; None if they haven't chosen."""
    return None if user.follow_news is None else FollowNews(user.follow_news)


def wants_digest(user: User) -> bool:
    """Whether anything could be in their daily message."""
    return bool(nudges_of(user)) or user.follow_news == FollowNews.DAILY


def start_following(session: Session, *, user_id: int, guild_id: int, now: datetime) -> None:
    """Whoever follows something and hasn't chosen how to hear of it gets it in their daily message."""
    queries.insert_unless_there(session, User, [{"id": user_id}])
    user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    if user.follow_news is not None:
        return
    if not wants_digest(user):
        user.last_digest_at = None
        user.next_digest_at = next_digest(zone_of(session, user_id=user_id, guild_id=guild_id), after=now)
    user.follow_news = FollowNews.DAILY
    session.flush()


def settings_of_person(session: Session, user_id: int, *, guild_id: int | None = None) -> PersonSettings:
    """The person's settings, as they apply in this guild; the defaults if they've set nothing yet."""
    guild = guilds.GuildSettings() if guild_id is None else guilds.settings_of(session, guild_id)
    user = session.get(User, user_id)
    if user is None:
        return PersonSettings(guild.zone, ping_role_id=guild.ping_role_id)
    return PersonSettings(
        guild.zone,
        user.zone,
        nudges_of(user),
        user.next_digest_at,
        user.unreachable_at,
        shows_record=user.shows_calibration,
        shows_calls=user.shows_calls,
        follow_news=follow_news_of(user),
        follows_own=user.follows_own,
        named_in_weekly=user.named_in_weekly,
        ping_role_id=guild.ping_role_id,
    )


def zone_of(session: Session, *, user_id: int, guild_id: int) -> ZoneInfo:
    """The zone we read the person's dates in, in this guild: their own, else the guild's."""
    own = session.scalar(select(User.zone).where(User.id == user_id))
    return ZoneInfo(own or guilds.settings_of(session, guild_id).zone)


def shows_record(session: Session, user_id: int) -> bool:
    """Whether others may see the person's record: yes, until the person says no."""
    return session.scalar(select(User.shows_calibration).where(User.id == user_id)) is not False


def note_unreachable(session: Session, *, user_id: int, now: datetime) -> None:
    """Discord refused a direct message to them."""
    queries.insert_unless_there(session, User, [{"id": user_id}])
    session.execute(update(User).where(User.id == user_id).values(unreachable_at=now, dm_channel_id=None))


def dm_channel_of(session: Session, user_id: int) -> int | None:
    """The channel of their direct messages, if there were any."""
    return session.scalar(select(User.dm_channel_id).where(User.id == user_id))


def note_reached(session: Session, *, user_id: int, channel_id: int) -> None:
    """A direct message arrived, in this channel."""
    queries.insert_or_update(session, User, {"id": user_id}, {"unreachable_at": None, "dm_channel_id": channel_id})


def digest_zones(session: Session, user_ids: Sequence[int]) -> dict[int, ZoneInfo]:
    """The zone of each of these people in any guild: their own, else that of the first guild they used, else UTC."""
    known = (
        select(User.id, User.zone, Guild.zone.label("guild_zone"))
        .outerjoin(Member, and_(Member.user_id == User.id, Member.forgotten_at.is_(None)))
        .outerjoin(Guild, and_(Guild.id == Member.guild_id, Guild.left_at.is_(None)))
        .where(User.id.in_(user_ids))
        # The first guild with a zone comes last, so it wins.
        .order_by(User.id, Guild.id.is_not(None), Member.id.desc())
    )
    return {row.id: ZoneInfo(row.zone or row.guild_zone or "UTC") for row in session.execute(known)}
