"""Groups of predictions that share a card."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "prediction_groups",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_cumulative", sa.Boolean(), nullable=False),
        sa.Column("author_id", SERIAL, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("forum_id", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(16), nullable=True),
        sa.Column("look", sa.Text(), nullable=True),
        sa.Column("edited_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name=op.f("fk_prediction_groups_guild_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_prediction_groups_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction_groups")),
    )
    for column in ("guild_id", "author_id", "channel_id", "thread_id", "forum_id", "stage"):
        op.create_index(f"ix_prediction_groups_{column}", "prediction_groups", [column])
    op.create_table(
        "grouped_predictions",
        sa.Column("prediction_id", SERIAL, autoincrement=False, nullable=False),
        sa.Column("group_id", SERIAL, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_grouped_predictions_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["prediction_groups.id"], name=op.f("fk_grouped_predictions_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prediction_id", name=op.f("pk_grouped_predictions")),
        sa.UniqueConstraint("group_id", "label", name=op.f("uq_grouped_predictions_group_id_label")),
    )
