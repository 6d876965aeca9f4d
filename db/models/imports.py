"""Files that managers upload, while they review them and after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Json, SerialId, UtcDateTime


class Import(Base):
    """An uploaded file: a draft until it's confirmed. Confirmed ones stay, so nobody has to drop and correct the same things
    again when the same file comes back."""

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_member", "member_id", "confirmed_at"),
        Index("ix_imports_pack", "pack_id", "confirmed_at"),
        Index("ix_imports_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(SerialId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"))
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("packs.id", ondelete="SET NULL"))
    """The guild's own pack that it updates, or created."""
    file: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text)
    """The pack's name according to the file; if it's taken, we find another."""
    keeps_ids: Mapped[bool]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    """As it was read."""
    edits: Mapped[dict[str, Any]] = mapped_column(Json)
    """What the reviewer dropped and corrected, by the prediction's id."""
    warnings: Mapped[list[str]] = mapped_column(Json)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The pack's document before the import, for Undo; empty if the guild didn't have the pack."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
