"""Homes: forum posts and threads, channels for single packs and tags, and when the next home is made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("guilds", sa.Column("home_channel_id", sa.BigInteger(), nullable=True))
    op.add_column("guilds", sa.Column("home_is_forum", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("guilds", sa.Column("home_threads", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("guilds", sa.Column("next_home_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_guilds_next_home_at", "guilds", ["next_home_at"])
    op.add_column("posted_cards", sa.Column("forum_id", sa.BigInteger(), nullable=True))
    op.add_column("posted_cards", sa.Column("stage", sa.String(16), nullable=True))
    op.add_column("posted_cards", sa.Column("look", sa.Text(), nullable=True))
    for column in ("channel_id", "forum_id", "stage", "thread_id"):
        op.create_index(f"ix_posted_cards_{column}", "posted_cards", [column])
    op.create_table(
        "home_places",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("pack_id", SERIAL, nullable=True),
        sa.Column("tag", sa.String(40), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("is_forum", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(pack_id IS NULL) <> (tag IS NULL)", name="pack_or_tag"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name="fk_home_places_guild_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pack_id"], ["packs.id"], name="fk_home_places_pack_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_home_places"),
        sa.UniqueConstraint("guild_id", "pack_id", name="uq_home_places_guild_id_pack_id"),
        sa.UniqueConstraint("guild_id", "tag", name="uq_home_places_guild_id_tag"),
    )
    op.create_index("ix_home_places_pack_id", "home_places", ["pack_id"])
