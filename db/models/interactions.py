"""What members asked for that has had its effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Snowflake, UtcDateTime


class ClaimedInteraction(Base):
    """An interaction whose effect is stored. Discord may deliver it again, and to another process; the row goes after an hour."""

    __tablename__ = "claimed_interactions"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
