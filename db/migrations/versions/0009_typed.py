"""The range that a creator states, reminders that come again, and a new index of the words predictions are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("predictions", sa.Column("range_low", sa.Double(), nullable=True))
    op.add_column("predictions", sa.Column("range_high", sa.Double(), nullable=True))
    op.add_column("reminders", sa.Column("rule", sa.Text(), nullable=True))
    op.add_column("predictions", sa.Column("needs_index", sa.Boolean(), nullable=False, server_default=sa.false()))
    # The running bot stores their search words again, a few hundred at a time.
    op.execute("UPDATE predictions SET needs_index = true")
    op.create_index(
        "ix_predictions_needs_index",
        "predictions",
        ["id"],
        sqlite_where=sa.text("needs_index"),
        postgresql_where=sa.text("needs_index"),
    )
