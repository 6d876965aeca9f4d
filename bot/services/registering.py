"""The list of commands that Discord has from us: sent when it changed, and by one process only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from db import queries
from db.models import RegisteredCommands

LEASE = timedelta(minutes=2)
"""After that, whoever began to send the list has died."""


def is_registered(session: Session, application_id: int, digest: str) -> bool:
    """Whether Discord got this very list from us last."""
    row = session.get(RegisteredCommands, application_id)
    return row is not None and row.digest == digest


def begin(session: Session, application_id: int, *, now: datetime) -> bool:
    """Be the one that sends the list; False if another process is at it."""
    queries.insert_unless_there(session, RegisteredCommands, [{"application_id": application_id}])
    is_free = or_(RegisteredCommands.begun_at.is_(None), RegisteredCommands.begun_at <= now - LEASE)
    mine = update(RegisteredCommands).where(RegisteredCommands.application_id == application_id, is_free)
    return session.execute(mine.values(begun_at=now).returning(RegisteredCommands.application_id)).first() is not None


def end(session: Session, application_id: int, digest: str | None) -> None:
    """Note the list that Discord took; None if it took none."""
    values = {"begun_at": None} | ({} if digest is None else {"digest": digest})
    session.execute(update(RegisteredCommands).where(RegisteredCommands.application_id == application_id).values(values))
