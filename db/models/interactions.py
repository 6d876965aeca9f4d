"""What members asked for that has had its effect, and what they can ask for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Snowflake, UtcDateTime


class ClaimedInteraction(Base):
    """An interaction whose effect is stored. Discord may deliver it again, and to another process; the row goes after an hour."""

    __tablename__ = "claimed_interactions"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RegisteredCommands(Base):
    """The list of commands that Discord took from us last, by its digest."""

    __tablename__ = "registered_commands"

    application_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    digest: Mapped[str | None] = mapped_column(String(64))
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when a process has been sending a new one."""
