"""Early votes, values and moments on ballots, and clocks that start when members were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OLD, NEW = ("yes", "no", "option", "accept", "reject", "too_early", "void"), ("value", "not_yet")


def _choices(*words: str) -> sa.Enum:
    return sa.Enum(*words, name="choice", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    # Added one by one: making a table again, as a batch may on SQLite, would take along what belongs to its rows.
    op.add_column("votes", sa.Column("is_early", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("votes", sa.Column("clock_started_at", TIME, nullable=True))
    op.add_column("votes", sa.Column("quick_at", TIME, nullable=True))
    # A vote of version 0.1 ran from its opening, and ends as it was announced.
    op.execute("UPDATE votes SET clock_started_at = COALESCE(extended_at, opened_at)")
    op.add_column("proposals", sa.Column("happened_at", TIME, nullable=True))
    op.add_column("proposals", sa.Column("seconded_at", TIME, nullable=True))
    op.execute("UPDATE proposals SET happened_at = created_at WHERE closed_at IS NULL")
    op.execute("UPDATE proposals SET seconded_at = created_at WHERE seconded_by IS NOT NULL")
    op.add_column("ballots", sa.Column("value", sa.Double(), nullable=True))
    op.add_column("ballots", sa.Column("happened_at", TIME, nullable=True))
    op.add_column("guilds", sa.Column("voter_account_days", sa.Integer(), nullable=False, server_default="30"))
    with op.batch_alter_table("ballots") as ballots:  # nothing belongs to a ballot
        ballots.alter_column("choice", existing_type=_choices(*OLD), type_=_choices(*OLD, *NEW), existing_nullable=False)
    op.create_table(
        "heartbeats",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeats")),
    )
