"""What managers have hidden, and whom they have left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SerialId, UtcDateTime


class HiddenText(Base):
    """A member's words that a manager has hidden. They lie here and nowhere else, so that no surface can show them; the row
    goes when they're shown again."""

    __tablename__ = "hidden_texts"
    __table_args__ = (
        UniqueConstraint("kind", "target_id", "member_id"),
        Index("ix_hidden_texts_prediction", "prediction_id"),
        Index("ix_hidden_texts_member", "member_id"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    """Who wrote them."""
    kind: Mapped[str] = mapped_column(String(16))
    target_id: Mapped[int] = mapped_column(SerialId)
    """The forecast of a reason, the proposal, or the vote of an objection."""
    kept: Mapped[dict[str, Any]] = mapped_column(Json)
    """What it takes to show them again."""
    hidden_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeftOutMember(Base):
    """A member whom managers leave out of the crowd and the rankings, from `since` until `ended_at`; one spell at a time."""

    __tablename__ = "left_out"
    __table_args__ = (
        Index(
            "uq_left_out_standing",
            "member_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_left_out_by", "by_id"),
        Index("ix_left_out_back_by", "back_by_id"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str | None] = mapped_column(Text)
    """Why, for the member to read."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    back_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    given_back_to: Mapped[int | None]
    """While their forecasts are given back, a piece at a time: up to which prediction. Empty before, and once that's done."""
