"""Where a reason was posted and how many replied, messages quoted as evidence, big moves, and whom results may name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("reasons", sa.Column("channel_id", sa.BigInteger(), nullable=True))
    op.add_column("reasons", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.add_column("reasons", sa.Column("replies", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_reasons_message", "reasons", ["message_id"])
    op.add_column("users", sa.Column("shows_calls", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("predictions", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "quotes",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=True),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["prediction_id"], ["predictions.id"], name="fk_quotes_prediction_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_quotes_member_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_quotes"),
        sa.UniqueConstraint("prediction_id", "message_id", name="uq_quotes_prediction_id_message_id"),
    )
    op.create_index("ix_quotes_author_id", "quotes", ["author_id"])
    op.create_index("ix_quotes_member_id", "quotes", ["member_id"])
