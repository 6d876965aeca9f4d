"""A guild, its settings and its members, and who is a manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotAManager, Refused
from bot.domain.types import Actor
from bot.domain.visibility import BlindRule
from db import queries
from db.models import Guild, Member


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """A guild's settings; a guild that has set nothing has the defaults."""

    post_channel_id: int | None = None
    home_channel_id: int | None = None
    home_is_forum: bool = False
    home_threads: bool = False
    manager_role_id: int | None = None
    voter_role_id: int | None = None
    zone: str = "UTC"
    members_may_add: bool = True
    approves_added: bool = False
    is_blind: bool = True
    hides_author: bool = False
    reveal_at_count: int | None = None
    reveal_at: datetime | None = None
    reminder_days: tuple[int, ...] = (30, 7, 1, 0)
    quiet_from_minute: int | None = 22 * 60
    quiet_to_minute: int | None = 8 * 60
    open_votes_limit: int = 5
    vote_hours: int = 72
    quorum_least: int = 3
    quorum_share: float = 0.25
    quorum_most: int = 25
    majority_share: float = 2 / 3
    ballots_are_secret: bool = True
    objection_hours: int = 24
    voter_hours: int = 24
    voter_account_days: int = 30
    undecided_days: int = 14
    interested_override: bool = True
    added_a_day: int = 50
    reasons_an_hour: int = 20
    proposals_a_day: int = 20
    ping_role_id: int | None = None
    weekly_day: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        """All of them by their names."""
        return {name: getattr(self, name) for name in SETTING_NAMES}

    @property
    def blind_rule(self) -> BlindRule:
        """The guild's rule about seeing the crowd."""
        return BlindRule(self.is_blind, self.hides_author, self.reveal_at_count, self.reveal_at)


SETTING_NAMES = tuple(field.name for field in fields(GuildSettings))


_SETTINGS = select(*(getattr(Guild, name) for name in SETTING_NAMES)).where(Guild.id == bindparam("guild_id"))
_KNOWN = select(Member.id).where(Member.guild_id == bindparam("guild_id"), Member.user_id == bindparam("user_id"))


def settings_of(session: Session, guild_id: int) -> GuildSettings:
    """The guild's settings; the defaults for a guild we don't know yet."""
    row = queries.run(session, _SETTINGS, {"guild_id": guild_id}).mappings().first()
    if row is None:
        return GuildSettings()
    stored: dict[str, Any] = {**row, "reminder_days": tuple(row["reminder_days"])}
    return GuildSettings(**stored)


def welcome(session: Session, guild_id: int, *, now: datetime) -> None:
    """Make sure the guild has its row; a guild that comes back keeps everything."""
    queries.insert_unless_there(session, Guild, [_new_guild(guild_id, now)])
    guild = session.get_one(Guild, guild_id)
    if guild.left_at is not None:
        guild.left_at = None


def say_goodbye(session: Session, guild_id: int, *, now: datetime) -> None:
    """Note that the bot has left; the guild's data is deleted 30 days later."""
    if (guild := queries.guild_row(session, guild_id)) is not None:
        guild.left_at = guild.left_at or now


def present_guilds(session: Session) -> Sequence[int]:
    """The guilds that the bot is in, as far as we know."""
    return session.scalars(select(Guild.id).where(Guild.left_at.is_(None)).order_by(Guild.id)).all()


def is_manager(session: Session, actor: Actor) -> bool:
    """Whether the actor has Manage Server, or the manager role of the guild's settings."""
    if actor.can_manage_guild:
        return True
    role_id = settings_of(session, actor.guild_id).manager_role_id
    return role_id is not None and role_id in actor.role_ids


def require_manager(session: Session, actor: Actor, action: str) -> None:
    """Raises NotAManager; `action` completes "Only managers can …"."""
    if not is_manager(session, actor):
        raise NotAManager(action)


def known_member(session: Session, actor: Actor) -> int | None:
    """The member's id, if they've ever done something here."""
    return queries.run(session, _KNOWN, {"guild_id": actor.guild_id, "user_id": actor.user_id}).scalar()


def member_of(session: Session, actor: Actor, *, now: datetime) -> int:
    """The member's id, created with their first action. Refuses bots."""
    if actor.is_bot:
        raise Refused("Bots can't forecast here.")
    if (member_id := known_member(session, actor)) is None:
        welcome(session, actor.guild_id, now=now)
        row = {"guild_id": actor.guild_id, "user_id": actor.user_id, "name": actor.name[:100], "created_at": now}
        queries.insert_unless_there(session, Member, [row])
        member_id = known_member(session, actor)
        assert member_id is not None
    return member_id


def _new_guild(guild_id: int, now: datetime) -> dict[str, Any]:
    return {"id": guild_id, "joined_at": now}
