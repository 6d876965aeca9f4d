"""The tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "guilds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_code", sa.Integer(), nullable=False),
        sa.Column("post_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("manager_role_id", sa.BigInteger(), nullable=True),
        sa.Column("voter_role_id", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("members_may_add", sa.Boolean(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("hides_author", sa.Boolean(), nullable=False),
        sa.Column("reveal_at_count", sa.Integer(), nullable=True),
        sa.Column("reveal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminder_days", JSON, nullable=False),
        sa.Column("quiet_from_minute", sa.Integer(), nullable=True),
        sa.Column("quiet_to_minute", sa.Integer(), nullable=True),
        sa.Column("open_votes_limit", sa.Integer(), nullable=False),
        sa.Column("vote_hours", sa.Integer(), nullable=False),
        sa.Column("quorum_least", sa.Integer(), nullable=False),
        sa.Column("quorum_share", sa.Double(), nullable=False),
        sa.Column("quorum_most", sa.Integer(), nullable=False),
        sa.Column("majority_share", sa.Double(), nullable=False),
        sa.Column("ballots_are_secret", sa.Boolean(), nullable=False),
        sa.Column("objection_hours", sa.Integer(), nullable=False),
        sa.Column("voter_hours", sa.Integer(), nullable=False),
        sa.Column("undecided_days", sa.Integer(), nullable=False),
        sa.Column("interested_override", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guilds")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("nudge_stale", sa.Boolean(), nullable=False),
        sa.Column("nudge_closing", sa.Boolean(), nullable=False),
        sa.Column("nudge_votes", sa.Boolean(), nullable=False),
        sa.Column("nudge_results", sa.Boolean(), nullable=False),
        sa.Column("shows_calibration", sa.Boolean(), nullable=False),
        sa.Column("last_digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "members",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_members_guild_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("guild_id", "user_id", name=op.f("uq_members_guild_id_user_id")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_user_id"), ["user_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("buried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_outbox_guild_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["sent_at", "buried_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_guild_id"), ["guild_id"], unique=False)

    op.create_table(
        "packs",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_packs_guild_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs")),
        sa.UniqueConstraint("guild_id", "slug", name=op.f("uq_packs_guild_id_slug")),
    )
    with op.batch_alter_table("packs", schema=None) as batch_op:
        batch_op.create_index(
            "uq_packs_slug_shared",
            ["slug"],
            unique=True,
            sqlite_where=sa.text("guild_id IS NULL"),
            postgresql_where=sa.text("guild_id IS NULL"),
        )

    op.create_table(
        "search_vocabulary",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_search_vocabulary_guild_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guild_id", "word", name=op.f("pk_search_vocabulary")),
    )
    op.create_table(
        "adoptions",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("pack_id", SERIAL, nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by", SERIAL, nullable=True),
        sa.ForeignKeyConstraint(["adopted_by"], ["members.id"], name=op.f("fk_adoptions_adopted_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_adoptions_guild_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pack_id"], ["packs.id"], name=op.f("fk_adoptions_pack_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guild_id", "pack_id", name=op.f("pk_adoptions")),
    )
    op.create_table(
        "sources",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("pack_id", SERIAL, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("authors", JSON, nullable=False),
        sa.Column("written", sa.String(length=10), nullable=True),
        sa.Column("saved", sa.Date(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("is_truncated", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["pack_id"], ["packs.id"], name=op.f("fk_sources_pack_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("pack_id", name=op.f("uq_sources_pack_id")),
    )
    op.create_table(
        "predictions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("pack_id", SERIAL, nullable=True),
        sa.Column("source_id", SERIAL, nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("author_id", SERIAL, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "binary",
                "multiple_choice",
                "numeric",
                "date",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "voting",
                "provisional",
                "resolved",
                "annulled",
                "reopened",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parent_id", SERIAL, nullable=True),
        sa.Column(
            "relation",
            sa.Enum(
                "conditional",
                "requires",
                "instance",
                "consequence",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("strict_resolves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("outcome_value", sa.Double(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forecasters", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id IS NULL OR relation IS NOT NULL", name=op.f("ck_predictions_parent_with_relation")),
        sa.CheckConstraint(
            "closes_at IS NULL OR resolves_at IS NULL OR closes_at <= resolves_at",
            name=op.f("ck_predictions_closes_before_resolving"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_predictions_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_predictions_guild_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pack_id"], ["packs.id"], name=op.f("fk_predictions_pack_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["predictions.id"], name=op.f("fk_predictions_parent_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_predictions_source_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_predictions")),
        sa.UniqueConstraint("guild_id", "code", name=op.f("uq_predictions_guild_id_code")),
        sa.UniqueConstraint("guild_id", "pack_id", "key", name=op.f("uq_predictions_guild_id_pack_id_key")),
    )
    with op.batch_alter_table("predictions", schema=None) as batch_op:
        batch_op.create_index("ix_predictions_guild_state_resolves", ["guild_id", "state", "resolves_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_predictions_pack_id"), ["pack_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_predictions_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_predictions_state_closes", ["state", "closes_at"], unique=False)

    op.create_table(
        "crowd_points",
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("lower", JSON, nullable=False),
        sa.Column("upper", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_crowd_points_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prediction_id", "at", name=op.f("pk_crowd_points")),
    )
    op.create_table(
        "events",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "voting",
                "provisional",
                "resolved",
                "annulled",
                "reopened",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "voting",
                "provisional",
                "resolved",
                "annulled",
                "reopened",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_events_member_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_events_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_prediction", ["prediction_id", "id"], unique=False)

    op.create_table(
        "forecasts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=True),
        sa.Column("source_id", SERIAL, nullable=True),
        sa.Column("values", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(member_id IS NULL) <> (source_id IS NULL)", name=op.f("ck_forecasts_one_forecaster")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= created_at", name=op.f("ck_forecasts_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_forecasts_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_forecasts_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_forecasts_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecasts")),
    )
    with op.batch_alter_table("forecasts", schema=None) as batch_op:
        batch_op.create_index("ix_forecasts_member_created", ["member_id", "created_at"], unique=False)
        batch_op.create_index("ix_forecasts_prediction_created", ["prediction_id", "created_at", "id"], unique=False)
        batch_op.create_index(
            "uq_forecasts_standing_member",
            ["prediction_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_forecasts_standing_source",
            ["prediction_id", "source_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "posted_cards",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_posted_cards_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_cards")),
        sa.UniqueConstraint("message_id", name=op.f("uq_posted_cards_message_id")),
    )
    with op.batch_alter_table("posted_cards", schema=None) as batch_op:
        batch_op.create_index("ix_posted_cards_prediction", ["prediction_id", "is_home"], unique=False)

    op.create_table(
        "prediction_options",
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_prediction_options_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prediction_id", "position", name=op.f("pk_prediction_options")),
    )
    op.create_table(
        "prediction_revisions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", SERIAL, nullable=True),
        sa.Column("is_clarification", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_prediction_revisions_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["members.id"], name=op.f("fk_prediction_revisions_replaced_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction_revisions")),
        sa.UniqueConstraint("prediction_id", "number", name=op.f("uq_prediction_revisions_prediction_id_number")),
    )
    op.create_table(
        "prediction_tags",
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_prediction_tags_guild_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_prediction_tags_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prediction_id", "tag", name=op.f("pk_prediction_tags")),
    )
    with op.batch_alter_table("prediction_tags", schema=None) as batch_op:
        batch_op.create_index("ix_prediction_tags_guild_tag", ["guild_id", "tag", "prediction_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("outcome_value", sa.Double(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconded_by", SERIAL, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_proposals_member_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_proposals_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["seconded_by"], ["members.id"], name=op.f("fk_proposals_seconded_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index("ix_proposals_prediction", ["prediction_id", "closed_at"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before_days", sa.Double(), nullable=True),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_reminders_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_reminders_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index("ix_reminders_member", ["member_id", "closed_at"], unique=False)
        batch_op.create_index("ix_reminders_open", ["closed_at", "due_at"], unique=False)

    op.create_table(
        "scores",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=True),
        sa.Column("source_id", SERIAL, nullable=True),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.Column("brier", sa.Double(), nullable=True),
        sa.Column("log", sa.Double(), nullable=True),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("peer", sa.Double(), nullable=True),
        sa.Column("wis", sa.Double(), nullable=True),
        sa.Column("spot_brier", sa.Double(), nullable=True),
        sa.Column("spot_log", sa.Double(), nullable=True),
        sa.Column("spot_baseline", sa.Double(), nullable=True),
        sa.Column("spot_peer", sa.Double(), nullable=True),
        sa.Column("spot_wis", sa.Double(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id IS NULL OR source_id IS NULL", name=op.f("ck_scores_one_forecaster")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_scores_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_scores_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_scores_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.create_index("ix_scores_member", ["member_id"], unique=False)
        batch_op.create_index("ix_scores_prediction", ["prediction_id"], unique=False)

    op.create_table(
        "search_words",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_search_words_guild_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_search_words_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "word", "prediction_id", name=op.f("pk_search_words")),
    )
    with op.batch_alter_table("search_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_words_prediction_id"), ["prediction_id"], unique=False)

    op.create_table(
        "skips",
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_skips_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_skips_prediction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "prediction_id", name=op.f("pk_skips")),
    )
    op.create_table(
        "reasons",
        sa.Column("forecast_id", SERIAL, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forecast_id"], ["forecasts.id"], name=op.f("fk_reasons_forecast_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("forecast_id", name=op.f("pk_reasons")),
    )
    op.create_table(
        "votes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("proposal_id", SERIAL, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "decided",
                "handed_over",
                "cancelled",
                name="votestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", JSON, nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_votes_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_votes_proposal_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes")),
    )
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.create_index("ix_votes_state_closes", ["state", "closes_at"], unique=False)
        batch_op.create_index(
            "uq_votes_one_open",
            ["prediction_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "ballots",
        sa.Column("vote_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "yes",
                "no",
                "option",
                "accept",
                "reject",
                "too_early",
                "void",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("new_resolves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_ballots_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.id"], name=op.f("fk_ballots_vote_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("vote_id", "member_id", name=op.f("pk_ballots")),
    )
    op.create_table(
        "objections",
        sa.Column("vote_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_objections_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.id"], name=op.f("fk_objections_vote_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("vote_id", "member_id", name=op.f("pk_objections")),
    )
