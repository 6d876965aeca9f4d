"""Tournaments: a season of a guild's own, with chosen predictions and winners."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SerialId, Snowflake, UtcDateTime


class Tournament(Base):
    """A tournament. One that was called off before it began has a `closed_at` that isn't after `starts_at`."""

    __tablename__ = "tournaments"
    __table_args__ = (UniqueConstraint("guild_id", "folded"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    folded: Mapped[str] = mapped_column(String(120))
    """The name without its capitals, by which it's found."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wakes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the clock looks at it next; empty once it's over."""
    ranking: Mapped[str] = mapped_column(String(16))
    least: Mapped[int]
    """How many predictions a rank needs."""
    winner_role_id: Mapped[int | None] = mapped_column(Snowflake)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    """Where its end is told; empty for the guild's channel for posts."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role_trouble: Mapped[str | None] = mapped_column(Text)
    """Why the winners don't have the role, in words for a manager."""


class TournamentEntry(Base):
    """A prediction of a tournament."""

    __tablename__ = "tournament_entries"

    tournament_id: Mapped[int] = mapped_column(ForeignKey("tournaments.id", ondelete="CASCADE"), primary_key=True)
    prediction_id: Mapped[int] = mapped_column(
        ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TournamentWinner(Base):
    """Who came first, second or third when it ended, whatever scores become later."""

    __tablename__ = "tournament_winners"

    tournament_id: Mapped[int] = mapped_column(ForeignKey("tournaments.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    rank: Mapped[int]
    score: Mapped[float]
    predictions: Mapped[int]
    role_given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
