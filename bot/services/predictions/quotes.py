"""Messages quoted as evidence, as they're shown: on the ballot paper, in the details, and in a list of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Member, Quote

MOST = 10
"""How many a prediction has at the most."""


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quoted message: who wrote it, its first words (None if it has none), and who quoted it."""

    id: int
    author_id: int
    channel_id: int
    message_id: int
    words: str | None
    quoted_by: int | None
    quoted_at: datetime


def quotes_of(session: Session, prediction_id: int) -> tuple[QuoteView, ...]:
    """What members quoted as evidence on a prediction, newest first."""
    found = (
        select(Quote, Member.user_id)
        .outerjoin(Member, Member.id == Quote.member_id)
        .where(Quote.prediction_id == prediction_id)
        .order_by(Quote.id.desc())
    )
    return tuple(
        QuoteView(
            row.Quote.id,
            row.Quote.author_id,
            row.Quote.channel_id,
            row.Quote.message_id,
            row.Quote.words,
            row.user_id,
            row.Quote.quoted_at,
        )
        for row in session.execute(found)
    )
