"""A server's own limits on what a member does in a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (("added_a_day", "50"), ("reasons_an_hour", "20"), ("proposals_a_day", "20")):
        op.add_column("guilds", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
