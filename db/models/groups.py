"""Groups: predictions that share a title and a card, each with a short label."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, SerialId, Snowflake, UtcDateTime


class PredictionGroup(Base):
    """A group and its card. Where there's no message, no card is out, or it was lost."""

    __tablename__ = "prediction_groups"

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    is_cumulative: Mapped[bool]
    """Whether a later date includes the earlier ones, so that it can't be less likely."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was taken apart. Its predictions go on."""

    channel_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    thread_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    """As in a posted card: a forum post, or the thread under the card."""
    forum_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    stage: Mapped[str | None] = mapped_column(String(16), index=True)
    look: Mapped[str | None] = mapped_column(Text)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GroupedPrediction(Base):
    """A prediction's place in its group: each is in one at most. They stand in the order of their dates."""

    __tablename__ = "grouped_predictions"
    __table_args__ = (UniqueConstraint("group_id", "label"),)

    prediction_id: Mapped[int] = mapped_column(
        ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    group_id: Mapped[int] = mapped_column(ForeignKey("prediction_groups.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(40))
