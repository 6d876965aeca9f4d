"""Predictions, where they were loaded from, and how they're found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.types import Kind, Relation, State
from db.base import Base, Json, SerialId, Snowflake, UtcDateTime, Word, one_of


class Pack(Base):
    """A prediction file as last loaded. `guild_id` is set for a file that a guild imported for itself."""

    __tablename__ = "packs"
    __table_args__ = (
        Index(
            "uq_packs_slug_shared",
            "slug",
            unique=True,
            sqlite_where=text("guild_id IS NULL"),
            postgresql_where=text("guild_id IS NULL"),
        ),
        UniqueConstraint("guild_id", "slug"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int | None] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Source(Base):
    """The document of a pack; its author's stated probabilities are forecasts of this row."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id", ondelete="CASCADE"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    authors: Mapped[list[str]] = mapped_column(Json)
    written: Mapped[str | None] = mapped_column(String(10))
    saved: Mapped[date | None]
    url: Mapped[str | None] = mapped_column(Text)
    is_truncated: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str | None] = mapped_column(Text)


class Adoption(Base):
    """A guild uses a pack: its predictions are kept in step with the file."""

    __tablename__ = "adoptions"

    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("packs.id", ondelete="CASCADE"), primary_key=True)
    adopted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    with_results: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether what its document says happened is taken as the result, if no member has forecast."""


class Prediction(Base):
    """A prediction in a guild. `closes_at` is never after `resolves_at`; both are empty while no date is known."""

    __tablename__ = "predictions"
    __table_args__ = (
        UniqueConstraint("guild_id", "code"),
        UniqueConstraint("guild_id", "pack_id", "key"),
        CheckConstraint(
            "closes_at IS NULL OR resolves_at IS NULL OR closes_at <= resolves_at", name="closes_before_resolving"
        ),
        CheckConstraint("parent_id IS NULL OR relation IS NOT NULL", name="parent_with_relation"),
        Index("ix_predictions_guild_state_resolves", "guild_id", "state", "resolves_at"),
        Index("ix_predictions_state_closes", "state", "closes_at"),
        Index("ix_predictions_next_step", "next_step_at", "guild_id"),
        Index(
            "ix_predictions_unscored",
            "id",
            sqlite_where=text("state = 'resolved' AND scored_at IS NULL"),
            postgresql_where=text("state = 'resolved' AND scored_at IS NULL"),
        ),
        Index("ix_predictions_needs_index", "id", sqlite_where=text("needs_index"), postgresql_where=text("needs_index")),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    code: Mapped[int]
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("packs.id", ondelete="SET NULL"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))
    key: Mapped[str | None] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)

    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    state: Mapped[State] = mapped_column(one_of(State))
    statement: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    """Shown, but never used in computing: section, verbal, probability_raw, qualifier, window words, range, notes."""
    unit: Mapped[str | None] = mapped_column(Text)
    range_low: Mapped[float | None]
    range_high: Mapped[float | None]
    """Where its creator expects the values of a number or a date; dates as days since 1970-01-01."""
    link: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("predictions.id", ondelete="SET NULL"), index=True)
    relation: Mapped[Relation | None] = mapped_column(one_of(Relation))
    is_negated: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Of a conditional: whether it only counts if its parent does not come true."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    strict_resolves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    needs_index: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the words it's found by were stored by an older version."""
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the ladder of reminders has its next step; empty if none is left."""

    outcome: Mapped[str | None] = mapped_column(String(16))
    """yes, no, option, value or annulled; empty until resolved."""
    outcome_value: Mapped[float | None]
    """The option's position, the value, or the day since 1970-01-01."""
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    happened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The moment the confirmed result carries: forecasts from then on aren't scored."""
    scored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its scores were computed: together with its result."""
    last_day: Mapped[float | None]
    """Of a scored date: later days counted as this one. Kept, so that a server's new time zone doesn't change old scores."""

    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it may count in rankings: from the start if it came from a pack or a manager, else once a manager approves it."""

    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its crowd made a big move that everyone could see: that's announced once."""

    result_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    result_message_id: Mapped[int | None] = mapped_column(Snowflake)
    """Where its result was announced; a reopening marks that message as superseded."""

    forecasters: Mapped[int] = mapped_column(default=0)
    """How many members have a standing forecast: the only number a blind card shows."""


class PredictionOption(Base):
    """One of the exclusive outcomes of a multiple-choice prediction, in the order that forecasts use."""

    __tablename__ = "prediction_options"

    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))


class PredictionTag(Base):
    """A topic of a prediction."""

    __tablename__ = "prediction_tags"
    __table_args__ = (Index("ix_prediction_tags_guild_tag", "guild_id", "tag", "prediction_id"),)

    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))


class SearchWord(Base):
    """A word of a prediction's statement, section, tags or source, folded: where search and autocomplete look."""

    __tablename__ = "search_words"

    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(Word, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(
        ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SearchVocabulary(Base):
    """The distinct words of a guild, for correcting typos."""

    __tablename__ = "search_vocabulary"

    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(Word, primary_key=True)


class PredictionRevision(Base):
    """A prediction's words up to a change. The current ones are in the prediction."""

    __tablename__ = "prediction_revisions"
    __table_args__ = (UniqueConstraint("prediction_id", "number"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    number: Mapped[int]
    statement: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str | None] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    is_clarification: Mapped[bool]
