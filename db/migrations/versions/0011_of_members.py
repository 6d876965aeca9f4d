"""Indexes by which a member's rows are found, so that deleting a server's members needn't read every table for each of them."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = (
    ("ballots", "member_id"),
    ("events", "member_id"),
    ("objections", "member_id"),
    ("prediction_revisions", "replaced_by"),
    ("predictions", "author_id"),
    ("proposals", "member_id"),
    ("proposals", "seconded_by"),
    ("reminders", "prediction_id"),
    ("skips", "prediction_id"),
    ("votes", "prediction_id"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])
