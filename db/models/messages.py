"""What is said on Discord: posted cards, reminders, and the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SerialId, Snowflake, UtcDateTime


class PostedCard(Base):
    """A public message that shows a prediction's card; the home one is kept current."""

    __tablename__ = "posted_cards"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_posted_cards_prediction", "prediction_id", "is_home"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(Snowflake, index=True)
    message_id: Mapped[int] = mapped_column(Snowflake)
    thread_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    """Where one talks about it: a forum post, or the thread under the card. Without one, that's under the card itself."""
    forum_id: Mapped[int | None] = mapped_column(Snowflake, index=True)
    """The forum, if the card is a post in one; `channel_id` is the post then."""
    stage: Mapped[str | None] = mapped_column(String(16), index=True)
    """What its tag says, or is about to say: the clock moves it on. Empty where there's no thread."""
    look: Mapped[str | None] = mapped_column(Text)
    """The title, the tags and the rest of its thread as they are on Discord, as far as we know."""
    is_home: Mapped[bool]
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HomePlace(Base):
    """A channel for the homes of one pack's predictions, or of those with one tag. Others go where the guild's settings say."""

    __tablename__ = "home_places"
    __table_args__ = (
        UniqueConstraint("guild_id", "pack_id"),
        UniqueConstraint("guild_id", "tag"),
        CheckConstraint("(pack_id IS NULL) <> (tag IS NULL)", name="pack_or_tag"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("packs.id", ondelete="CASCADE"), index=True)
    tag: Mapped[str | None] = mapped_column(String(40))
    channel_id: Mapped[int] = mapped_column(Snowflake)
    is_forum: Mapped[bool]


class Reminder(Base):
    """A reminder that a member has set."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_open", "closed_at", "due_at"),
        Index("ix_reminders_member", "member_id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before_days: Mapped[float | None]
    """Set for "3 days before": the reminder then moves along with the prediction's date."""
    rule: Mapped[str | None] = mapped_column(Text)
    """Set for "every Monday": the reminder comes again at the rule's next moment, until it's cancelled."""
    at_home: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LadderStep(Base):
    """A step of the ladder that came due for a prediction: part of a post, or dropped with the reason. Decided once."""

    __tablename__ = "ladder_steps"

    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    resolves_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    dropped: Mapped[str | None] = mapped_column(Text)


class ChannelTrouble(Base):
    """A channel where Almanac can't post. The row goes as soon as a message arrives there."""

    __tablename__ = "channel_troubles"

    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboxMessage(Base):
    """Something to be said or changed on Discord, written in the transaction that caused it and delivered after."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "sent_at", "buried_at", "due_at"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int | None] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    dedupe_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    """While a row waits, no second one with its key is written; the key is cleared once the row is done."""
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    buried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_reason: Mapped[str | None] = mapped_column(Text)
