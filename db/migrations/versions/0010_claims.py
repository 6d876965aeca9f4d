"""Interactions that have had their effect, and the channels in which people get their direct messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("dm_channel_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "claimed_interactions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claimed_interactions"),
    )
    op.create_index("ix_claimed_interactions_at", "claimed_interactions", ["at"])
