"""What people think, what the crowd thinks, and how well each did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SerialId, Snowflake, UtcDateTime


class Forecast(Base):
    """What a member or a document's author thinks from `created_at` until `ended_at`. Values are never rewritten.

    A later forecast or a withdrawal ends it. A forecaster has at most one standing forecast; the database enforces that.
    """

    __tablename__ = "forecasts"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (source_id IS NULL)", name="one_forecaster"),
        CheckConstraint("ended_at IS NULL OR ended_at >= created_at", name="ends_after_it_begins"),
        Index(
            "uq_forecasts_standing_member",
            "prediction_id",
            "member_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_forecasts_standing_source",
            "prediction_id",
            "source_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_forecasts_prediction_created", "prediction_id", "created_at", "id"),
        Index("ix_forecasts_member_created", "member_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    values: Mapped[list[float]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Reason(Base):
    """Why a member forecast what they did. Private until posted; in a table of its own, so reading forecasts can't show it."""

    __tablename__ = "reasons"
    __table_args__ = (Index("ix_reasons_message", "message_id"),)

    forecast_id: Mapped[int] = mapped_column(ForeignKey("forecasts.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    """Where it was posted; empty for those of a version that didn't note it."""
    replies: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often members have replied to that message."""


class Skip(Base):
    """A prediction that a member skipped in `/next`."""

    __tablename__ = "skips"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    prediction_id: Mapped[int] = mapped_column(
        ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    skipped_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CrowdPoint(Base):
    """The crowd from a moment on, with its quartiles and size; if it's nobody, the lists are empty.

    One row for each moment a member's forecast begins or ends, so the latest one is the current crowd.
    """

    __tablename__ = "crowd_points"

    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    members: Mapped[int]
    values: Mapped[list[float]] = mapped_column(Json)
    lower: Mapped[list[float]] = mapped_column(Json)
    upper: Mapped[list[float]] = mapped_column(Json)


class Score(Base):
    """How one forecaster did on one resolved prediction: a member, the document's author, or (neither) the crowd."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("prediction_id", "member_id"),
        Index("ix_scores_member", "member_id"),
        CheckConstraint("member_id IS NULL OR source_id IS NULL", name="one_forecaster"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    coverage: Mapped[float]
    """The share of the planned time they had a forecast."""
    presence: Mapped[float]
    """The share of the time it took forecasts, which an early result shortens."""
    mean_values: Mapped[list[float]] = mapped_column(Json)
    """Their values, averaged over the time they had some: the input for calibration."""
    brier: Mapped[float | None]
    log: Mapped[float | None]
    baseline: Mapped[float | None]
    peer: Mapped[float | None]
    wis: Mapped[float | None]
    relative_brier: Mapped[float | None]
    """The members' mean Brier score minus their own, over time: what rankings by Brier go by. Higher is better."""
    spot_brier: Mapped[float | None]
    spot_log: Mapped[float | None]
    spot_baseline: Mapped[float | None]
    spot_peer: Mapped[float | None]
    spot_wis: Mapped[float | None]
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
