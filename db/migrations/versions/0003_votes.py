"""Where votes and results are on Discord."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, name in (
        ("votes", "channel_id"),
        ("votes", "message_id"),
        ("predictions", "result_channel_id"),
        ("predictions", "result_message_id"),
    ):
        op.add_column(table, sa.Column(name, sa.BigInteger(), nullable=True))
