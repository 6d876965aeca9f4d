"""The ballots of a vote as they are counted: without names."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.times import last_day_before
from bot.domain.voting import Answer, BallotPaper
from db.models import Ballot, Vote


def of(session: Session, vote: Vote) -> list[BallotPaper]:
    """The ballots that were cast in a vote."""
    columns = (Ballot.choice, Ballot.position, Ballot.value, Ballot.new_resolves_at, Ballot.happened_at)
    return [
        BallotPaper(
            Answer(row.choice, row.position, row.value),
            None if row.new_resolves_at is None else last_day_before(row.new_resolves_at),
            row.happened_at,
        )
        for row in session.execute(select(*columns).where(Ballot.vote_id == vote.id))
    ]
