"""When people have seen a vote: the moment its message arrived on Discord."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.services.voting import views


def started(session: Session, vote_ids: Sequence[int], *, place: dict[str, int] | None, now: datetime) -> None:
    """These votes were shown at `now`: they stand in the message at `place` (channel_id, message_id); without one, somebody
    was only told of them."""
    if place is not None:
        for vote_id in vote_ids:
            views.note_vote_posted(session, vote_id, **place)
