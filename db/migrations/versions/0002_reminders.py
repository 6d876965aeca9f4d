"""The ladder of reminders, digests, and channels where Almanac can't post."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("guilds", sa.Column("contact_id", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("next_digest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("unreachable_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_users_next_digest_at", "users", ["next_digest_at"])
    op.add_column("predictions", sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_predictions_next_step", "predictions", ["next_step_at", "guild_id"])
    op.create_table(
        "ladder_steps",
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("resolves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outbox_id", SERIAL, nullable=True),
        sa.Column("dropped", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_ladder_steps_outbox_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name="fk_ladder_steps_prediction_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prediction_id", "resolves_at", "days", name="pk_ladder_steps"),
    )
    op.create_index("ix_ladder_steps_outbox_id", "ladder_steps", ["outbox_id"])
    op.create_table(
        "channel_troubles",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name="fk_channel_troubles_guild_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_channel_troubles"),
    )
    _set_out_steps()


def _set_out_steps() -> None:
    """Existing predictions get the steps they missed: the last one that came due, and those still to come."""
    connection = op.get_bind()
    guilds = sa.table("guilds", sa.column("id", sa.BigInteger()), sa.column("reminder_days", JSON))
    times = (sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "resolves_at", "next_step_at"))
    facts = (sa.column("id", sa.BigInteger()), sa.column("guild_id", sa.BigInteger()), sa.column("state", sa.String()))
    predictions = sa.table("predictions", *facts, *times)
    ladders = {row.id: row.reminder_days for row in connection.execute(sa.select(guilds))}
    dated = sa.select(predictions).where(predictions.c.state.in_(["open", "closed"]), predictions.c.resolves_at.is_not(None))
    for row in connection.execute(dated).all():
        steps = [row.resolves_at - timedelta(days=days) for days in ladders[row.guild_id]]
        since = [step for step in steps if step > row.created_at]
        if since:
            connection.execute(predictions.update().where(predictions.c.id == row.id).values(next_step_at=min(since)))
