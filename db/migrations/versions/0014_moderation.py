"""Hidden texts, members left out, where reasons were posted, drafts, and negated conditions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "hidden_texts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("prediction_id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target_id", SERIAL, nullable=False),
        sa.Column("kept", JSON, nullable=False),
        sa.Column("hidden_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["prediction_id"],
            ["predictions.id"],
            name=op.f("fk_hidden_texts_prediction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_hidden_texts_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_texts")),
        sa.UniqueConstraint("kind", "target_id", "member_id", name=op.f("uq_hidden_texts_kind_target_id_member_id")),
    )
    op.create_index("ix_hidden_texts_prediction", "hidden_texts", ["prediction_id"])
    op.create_index("ix_hidden_texts_member", "hidden_texts", ["member_id"])
    op.create_table(
        "left_out",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("member_id", SERIAL, nullable=False),
        sa.Column("by_id", SERIAL, nullable=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("back_by_id", SERIAL, nullable=True),
        sa.Column("given_back_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_left_out_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_left_out_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["back_by_id"], ["members.id"], name=op.f("fk_left_out_back_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_out")),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_left_out_standing",
        "left_out",
        ["member_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("ix_left_out_back_by", "left_out", ["back_by_id"])
    op.create_index("ix_left_out_by", "left_out", ["by_id"])
    _note_places()
    op.add_column("predictions", sa.Column("is_negated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("guilds", sa.Column("approves_added", sa.Boolean(), nullable=False, server_default=sa.false()))


def _note_places() -> None:
    """Where reasons were posted, as far as the outbox still knows."""
    columns = [sa.column("payload", JSON), sa.column("channel_id"), sa.column("message_id"), sa.column("kind")]
    outbox = sa.table("outbox", *columns)
    reasons = sa.table("reasons", *(sa.column(name) for name in ("forecast_id", "channel_id", "message_id")))
    connection = op.get_bind()
    sent = sa.select(outbox).where(outbox.c.kind == "reason", outbox.c.message_id.is_not(None))
    for row in connection.execute(sent).all():
        place = sa.update(reasons).where(reasons.c.forecast_id == row.payload["forecast_id"])
        connection.execute(place.values(channel_id=row.channel_id, message_id=row.message_id))
