"""Guilds, the people in them, and what each has set."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SerialId, Snowflake, UtcDateTime


class Guild(Base):
    """A Discord server and its settings. Deleted 30 days after the bot has left."""

    __tablename__ = "guilds"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_code: Mapped[int] = mapped_column(default=1)

    post_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    home_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    """Where predictions get their homes. Without one, only what's added by hand gets a card, in the channel for posts."""
    home_is_forum: Mapped[bool] = mapped_column(default=False, server_default=false())
    home_threads: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a card in a text channel gets a thread of its own."""
    next_home_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the next home is made; empty while none is missing."""
    contact_id: Mapped[int | None] = mapped_column(Snowflake)
    """The manager who last changed the settings: the one we tell if something can't be posted."""
    manager_role_id: Mapped[int | None] = mapped_column(Snowflake)
    voter_role_id: Mapped[int | None] = mapped_column(Snowflake)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    members_may_add: Mapped[bool] = mapped_column(default=True)
    approves_added: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a manager has to approve what members add before everyone sees it."""

    is_blind: Mapped[bool] = mapped_column(default=True)
    hides_author: Mapped[bool] = mapped_column(default=False)
    reveal_at_count: Mapped[int | None]
    reveal_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    reminder_days: Mapped[list[int]] = mapped_column(Json, default=lambda: [30, 7, 1, 0])
    quiet_from_minute: Mapped[int | None] = mapped_column(default=22 * 60)
    quiet_to_minute: Mapped[int | None] = mapped_column(default=8 * 60)

    open_votes_limit: Mapped[int] = mapped_column(default=5)
    vote_hours: Mapped[int] = mapped_column(default=72)
    quorum_least: Mapped[int] = mapped_column(default=3)
    quorum_share: Mapped[float] = mapped_column(default=0.25)
    quorum_most: Mapped[int] = mapped_column(default=25)
    majority_share: Mapped[float] = mapped_column(default=2 / 3)
    ballots_are_secret: Mapped[bool] = mapped_column(default=True)
    objection_hours: Mapped[int] = mapped_column(default=24)
    voter_hours: Mapped[int] = mapped_column(default=24)
    voter_account_days: Mapped[int] = mapped_column(default=30, server_default="30")
    undecided_days: Mapped[int] = mapped_column(default=14)
    interested_override: Mapped[bool] = mapped_column(default=True)

    added_a_day: Mapped[int] = mapped_column(default=50, server_default="50")
    """How many predictions a member may add in a day."""
    reasons_an_hour: Mapped[int] = mapped_column(default=20, server_default="20")
    proposals_a_day: Mapped[int] = mapped_column(default=20, server_default="20")

    ping_role_id: Mapped[int | None] = mapped_column(Snowflake)
    """The role that members take and leave themselves; the day's posts mention it."""
    weekly_day: Mapped[int | None]
    """The day of the weekly digest, 0 for Monday; empty for none."""
    next_weekly_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the next weekly digest is due."""


class User(Base):
    """What a person has set for themselves, in all guilds."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    zone: Mapped[str | None] = mapped_column(String(64))
    nudge_stale: Mapped[bool] = mapped_column(default=False)
    nudge_closing: Mapped[bool] = mapped_column(default=False)
    nudge_votes: Mapped[bool] = mapped_column(default=False)
    nudge_results: Mapped[bool] = mapped_column(default=False)
    shows_calibration: Mapped[bool] = mapped_column(default=True)
    shows_calls: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether results may name them for a call they made early."""
    follow_news: Mapped[str | None] = mapped_column(String(8))
    """How they hear of what they follow: daily, mention or off. Empty until they choose, or follow something themselves."""
    follows_own: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether they follow what they forecast."""
    named_in_weekly: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a server's weekly digest may name them for their best and worst calls."""
    last_digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Their digests cover everything up to this moment."""
    next_digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """Empty if they want none."""
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Discord last refused a direct message to them; cleared by the next one that arrives."""
    dm_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    """Where their direct messages go, once there was one: opening that channel each time would double the requests."""


class Member(Base):
    """A person in one guild. Forgetting a person empties `user_id` and `name` and leaves the forecasts to the crowd."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("guild_id", "user_id"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    name: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Follow(Base):
    """What a member follows: one prediction, all with a tag, or all of a pack. On a prediction it may also say that they don't,
    although they've forecast on it."""

    __tablename__ = "follows"
    __table_args__ = (
        UniqueConstraint("member_id", "prediction_id"),
        UniqueConstraint("member_id", "tag"),
        UniqueConstraint("member_id", "pack_id"),
        CheckConstraint(
            "(prediction_id IS NOT NULL AND tag IS NULL AND pack_id IS NULL)"
            " OR (prediction_id IS NULL AND tag IS NOT NULL AND pack_id IS NULL)"
            " OR (prediction_id IS NULL AND tag IS NULL AND pack_id IS NOT NULL)",
            name="follows_one_thing",
        ),
        Index("ix_follows_tag", "tag"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    prediction_id: Mapped[int | None] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), index=True)
    tag: Mapped[str | None] = mapped_column(String(40))
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("packs.id", ondelete="CASCADE"), index=True)
    is_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heartbeat(Base):
    """When the bot was last seen at work, in its only row: votes stand still for as long as it was away."""

    __tablename__ = "heartbeats"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
