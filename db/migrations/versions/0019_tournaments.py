"""Tournaments, their predictions and their winners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tournaments",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("folded", sa.String(120), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("wakes_at", TIME, nullable=True),
        sa.Column("ranking", sa.String(16), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("winner_role_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("role_trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.id"], name="fk_tournaments_guild_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tournaments"),
        sa.UniqueConstraint("guild_id", "folded", name="uq_tournaments_guild_id_folded"),
    )
    op.create_index("ix_tournaments_wakes_at", "tournaments", ["wakes_at"])
    op.create_table(
        "tournament_entries",
        sa.Column("tournament_id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["tournament_id"], ["tournaments.id"], name="fk_tournament_entries_tournament_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name="fk_tournament_entries_prediction_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tournament_id", "prediction_id", name="pk_tournament_entries"),
    )
    op.create_index("ix_tournament_entries_prediction_id", "tournament_entries", ["prediction_id"])
    op.create_table(
        "tournament_winners",
        sa.Column("tournament_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("predictions", sa.Integer(), nullable=False),
        sa.Column("role_given_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["tournament_id"], ["tournaments.id"], name="fk_tournament_winners_tournament_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_tournament_winners_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tournament_id", "member_id", name="pk_tournament_winners"),
    )
    op.create_index("ix_tournament_winners_member_id", "tournament_winners", ["member_id"])
