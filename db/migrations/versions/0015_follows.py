"""What members follow and how they hear of it, a role for pings, and the weekly digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "follows",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=True),
        sa.Column("tag", sa.String(40), nullable=True),
        sa.Column("pack_id", SERIAL, nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "(prediction_id IS NOT NULL AND tag IS NULL AND pack_id IS NULL)"
            " OR (prediction_id IS NULL AND tag IS NOT NULL AND pack_id IS NULL)"
            " OR (prediction_id IS NULL AND tag IS NULL AND pack_id IS NOT NULL)",
            name=op.f("ck_follows_follows_one_thing"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_follows_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name=op.f("fk_follows_prediction_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pack_id"], ["packs.id"], name=op.f("fk_follows_pack_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("member_id", "prediction_id", name=op.f("uq_follows_member_id_prediction_id")),
        sa.UniqueConstraint("member_id", "tag", name=op.f("uq_follows_member_id_tag")),
        sa.UniqueConstraint("member_id", "pack_id", name=op.f("uq_follows_member_id_pack_id")),
    )
    op.create_index("ix_follows_prediction_id", "follows", ["prediction_id"])
    op.create_index("ix_follows_pack_id", "follows", ["pack_id"])
    op.create_index("ix_follows_tag", "follows", ["tag"])
    op.add_column("users", sa.Column("follow_news", sa.String(8), nullable=True))
    op.add_column("users", sa.Column("follows_own", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("users", sa.Column("named_in_weekly", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("guilds", sa.Column("ping_role_id", sa.BigInteger(), nullable=True))
    op.add_column("guilds", sa.Column("weekly_day", sa.Integer(), nullable=True))
    op.add_column("guilds", sa.Column("next_weekly_at", TIME, nullable=True))
    op.create_index("ix_guilds_next_weekly_at", "guilds", ["next_weekly_at"])
