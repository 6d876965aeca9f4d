"""How members decide what happened, and the log of every step."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.types import State
from bot.domain.voting import Choice
from db.base import Base, Json, SerialId, Snowflake, UtcDateTime, one_of


class VoteState(StrEnum):
    """Where a vote stands."""

    OPEN = "open"
    DECIDED = "decided"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


class Proposal(Base):
    """A voter says what happened and when; a second opens an early vote. Several can stand side by side, one a member."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_prediction", "prediction_id", "closed_at"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    outcome_value: Mapped[float | None]
    happened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconded_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    seconded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Vote(Base):
    """The poll that collects ballots. Its rule is frozen when it opens; a prediction has at most one open vote."""

    __tablename__ = "votes"
    __table_args__ = (
        Index(
            "uq_votes_one_open",
            "prediction_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_votes_state_closes", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="SET NULL"))
    is_early: Mapped[bool] = mapped_column(default=False, server_default=false())
    """On a proposal made before the date: it changes nothing about its prediction until its result is final."""
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[VoteState] = mapped_column(one_of(VoteState))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it moves on by itself: to the count while it's open, to the final result while members can object, to
    annulment while it's with the managers. Only a plan until `clock_started_at` is set."""
    clock_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When members were shown the step it's at: its time runs from then. Empty while that message hasn't been delivered."""
    quick_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """While it's open: when we next look whether all agree, so that it needn't run its whole time. Nobody is shown this."""
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    """The vote's card."""
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)

    @property
    def is_provisional(self) -> bool:
        """Whether its result waits for objections."""
        return self.state is VoteState.DECIDED and self.ended_at is None


class Ballot(Base):
    """A member's voice in a vote: one each, changeable until the end."""

    __tablename__ = "ballots"

    vote_id: Mapped[int] = mapped_column(ForeignKey("votes.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    choice: Mapped[Choice] = mapped_column(one_of(Choice))
    position: Mapped[int | None]
    value: Mapped[float | None]
    happened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_resolves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Quote(Base):
    """A message of the server that a member quoted as evidence while a vote was open, with its first words."""

    __tablename__ = "quotes"
    __table_args__ = (UniqueConstraint("prediction_id", "message_id"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int] = mapped_column(Snowflake, index=True)
    """The Discord account that wrote the message."""
    channel_id: Mapped[int] = mapped_column(Snowflake)
    message_id: Mapped[int] = mapped_column(Snowflake)
    words: Mapped[str | None] = mapped_column(Text)
    """Empty for a message without words, such as a picture."""
    quoted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Objection(Base):
    """A member objects to a provisional result, once a vote."""

    __tablename__ = "objections"

    vote_id: Mapped[int] = mapped_column(ForeignKey("votes.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True, index=True)
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Event(Base):
    """One step in a prediction's life: who, when, why. Append-only."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_prediction", "prediction_id", "id"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[State | None] = mapped_column(one_of(State, "from_state"))
    to_state: Mapped[State | None] = mapped_column(one_of(State, "to_state"))
    words: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
