"""The tables, for the whole of the product. They define the schema and serve the rare paths; what runs at every click
is a Core statement in `db.queries` or beside its use case. There are no relationships: a query joins what it shows."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.types import Kind, Relation, State
from bot.domain.voting import Choice
from db.base import Base, Json, SerialId, Snowflake, UtcDateTime, Word, one_of


class VoteState(StrEnum):
    """Where a vote stands."""

    OPEN = "open"
    DECIDED = "decided"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


class Guild(Base):
    """A Discord server and its settings. Rows go 30 days after the bot has left."""

    __tablename__ = "guilds"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_code: Mapped[int] = mapped_column(default=1)

    post_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    contact_id: Mapped[int | None] = mapped_column(Snowflake)
    """The manager who last changed the settings: whoever is told when something cannot be posted."""
    manager_role_id: Mapped[int | None] = mapped_column(Snowflake)
    voter_role_id: Mapped[int | None] = mapped_column(Snowflake)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    members_may_add: Mapped[bool] = mapped_column(default=True)

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
    undecided_days: Mapped[int] = mapped_column(default=14)
    interested_override: Mapped[bool] = mapped_column(default=True)


class User(Base):
    """What a person set for themselves, in all guilds."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    zone: Mapped[str | None] = mapped_column(String(64))
    nudge_stale: Mapped[bool] = mapped_column(default=False)
    nudge_closing: Mapped[bool] = mapped_column(default=False)
    nudge_votes: Mapped[bool] = mapped_column(default=False)
    nudge_results: Mapped[bool] = mapped_column(default=False)
    shows_calibration: Mapped[bool] = mapped_column(default=True)
    last_digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What came up until then was told, or looked at."""
    next_digest_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """Empty for who wants none."""
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Discord last refused a direct message to them; emptied by the next one that arrives."""


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


class Pack(Base):
    """A prediction file as it was last loaded. `guild_id` is set for a file that a guild imported for itself."""

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
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    code: Mapped[int]
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("packs.id", ondelete="SET NULL"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))
    key: Mapped[str | None] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))

    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    state: Mapped[State] = mapped_column(one_of(State))
    statement: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    """What is shown and never computed with: section, verbal, probability_raw, qualifier, window words, range, notes."""
    unit: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)

    parent_id: Mapped[int | None] = mapped_column(ForeignKey("predictions.id", ondelete="SET NULL"), index=True)
    relation: Mapped[Relation | None] = mapped_column(one_of(Relation))

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    strict_resolves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the ladder of reminders has its next step; empty when none is to come."""

    outcome: Mapped[str | None] = mapped_column(String(16))
    """yes, no, option, value or annulled; empty until resolved."""
    outcome_value: Mapped[float | None]
    """The option's position, the value, or the day since 1970-01-01."""
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    result_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    result_message_id: Mapped[int | None] = mapped_column(Snowflake)
    """Where its result was announced; a reopening marks that message as superseded."""

    forecasters: Mapped[int] = mapped_column(default=0)
    """How many members have a standing forecast: the one number that a blind card shows."""


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
    """A word of a prediction's statement, section, tags or source, folded: what search and autocomplete look in."""

    __tablename__ = "search_words"

    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(Word, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(
        ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SearchVocabulary(Base):
    """The distinct words of a guild, for mending typing errors."""

    __tablename__ = "search_vocabulary"

    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(Word, primary_key=True)


class PredictionRevision(Base):
    """The words of a prediction up to a change. The current ones are in the prediction."""

    __tablename__ = "prediction_revisions"
    __table_args__ = (UniqueConstraint("prediction_id", "number"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    number: Mapped[int]
    statement: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str | None] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    is_clarification: Mapped[bool]


class Forecast(Base):
    """What one member, or a document's author, thinks from `created_at` until `ended_at`. Values are never rewritten.

    A later forecast or a withdrawal ends it; at most one of a forecaster stands, and the database says so.
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
    """Why a member forecast what they did. Private until posted; kept apart so that no read of forecasts can show it."""

    __tablename__ = "reasons"

    forecast_id: Mapped[int] = mapped_column(ForeignKey("forecasts.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Skip(Base):
    """A prediction that a member passed over in `/next`."""

    __tablename__ = "skips"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    skipped_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CrowdPoint(Base):
    """The crowd from a moment on, with its quartiles and how many it is made of."""

    __tablename__ = "crowd_points"

    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    members: Mapped[int]
    values: Mapped[list[float]] = mapped_column(Json)
    lower: Mapped[list[float]] = mapped_column(Json)
    upper: Mapped[list[float]] = mapped_column(Json)


class PostedCard(Base):
    """A public message that shows a prediction's card; the one at home is kept current."""

    __tablename__ = "posted_cards"
    __table_args__ = (UniqueConstraint("message_id"), Index("ix_posted_cards_prediction", "prediction_id", "is_home"))

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(Snowflake)
    message_id: Mapped[int] = mapped_column(Snowflake)
    thread_id: Mapped[int | None] = mapped_column(Snowflake)
    is_home: Mapped[bool]
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Proposal(Base):
    """A member says what happened before the date; a second opens the vote."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_prediction", "prediction_id", "closed_at"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    outcome: Mapped[str] = mapped_column(String(16))
    outcome_value: Mapped[float | None]
    link: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seconded_by: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
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
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id", ondelete="SET NULL"))
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[VoteState] = mapped_column(one_of(VoteState))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When something happens by itself: the count while it is open, the final result while objections are taken, the
    annulment while managers have it."""
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    """The vote's card."""
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Ballot(Base):
    """A member's voice in a vote: one each, changeable until the end."""

    __tablename__ = "ballots"

    vote_id: Mapped[int] = mapped_column(ForeignKey("votes.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    choice: Mapped[Choice] = mapped_column(one_of(Choice))
    position: Mapped[int | None]
    new_resolves_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Objection(Base):
    """A member objects to a provisional result, once a vote."""

    __tablename__ = "objections"

    vote_id: Mapped[int] = mapped_column(ForeignKey("votes.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Event(Base):
    """One step in a prediction's life: who, when, why. Append-only."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_prediction", "prediction_id", "id"),)

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[State | None] = mapped_column(one_of(State, "from_state"))
    to_state: Mapped[State | None] = mapped_column(one_of(State, "to_state"))
    words: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Score(Base):
    """How one forecaster did on one resolved prediction: a member, the document's author, or (neither) the crowd."""

    __tablename__ = "scores"
    __table_args__ = (
        Index("ix_scores_prediction", "prediction_id"),
        Index("ix_scores_member", "member_id"),
        CheckConstraint("member_id IS NULL OR source_id IS NULL", name="one_forecaster"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    coverage: Mapped[float]
    brier: Mapped[float | None]
    log: Mapped[float | None]
    baseline: Mapped[float | None]
    peer: Mapped[float | None]
    wis: Mapped[float | None]
    spot_brier: Mapped[float | None]
    spot_log: Mapped[float | None]
    spot_baseline: Mapped[float | None]
    spot_peer: Mapped[float | None]
    spot_wis: Mapped[float | None]
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reminder(Base):
    """Something a member asked to be reminded of."""

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_open", "closed_at", "due_at"),
        Index("ix_reminders_member", "member_id", "closed_at"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before_days: Mapped[float | None]
    """Set when it was said as "3 days before": it then moves with the prediction's date."""
    at_home: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LadderStep(Base):
    """A step of the ladder that has come for a prediction: part of a post, or dropped with the reason. Decided once."""

    __tablename__ = "ladder_steps"

    prediction_id: Mapped[int] = mapped_column(ForeignKey("predictions.id", ondelete="CASCADE"), primary_key=True)
    resolves_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), index=True)
    dropped: Mapped[str | None] = mapped_column(Text)


class ChannelTrouble(Base):
    """A channel in which Almanac may not post. It is gone again when a message arrives there."""

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
    """While a row waits, no second one of the same key is written; it is emptied when the row is done and may recur."""
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
