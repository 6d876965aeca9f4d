"""Run by Alembic inside `db.migrate`, which hands it an open connection."""

from __future__ import annotations

from alembic import context

import db.models  # noqa: F401  (fills the metadata)
from db.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
