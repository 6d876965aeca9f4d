"""Each interaction has its effect once, however often Discord delivers it, and to however many processes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.errors import AlreadyDone
from db.base import UtcDateTime
from db.models import ClaimedInteraction

KEPT_FOR = timedelta(hours=1)
"""Discord forgets an interaction after 15 minutes."""

_CLAIM = insert(cast("Table[Any]", ClaimedInteraction.__table__))
_FORGET = (
    delete(ClaimedInteraction)
    .where(ClaimedInteraction.at < bindparam("long_ago", type_=UtcDateTime))
    .execution_options(synchronize_session=False)
)


def claim(session: Session, interaction_id: int, *, now: datetime) -> None:
    """Claim an interaction in the transaction that it causes. Raises AlreadyDone if it has caused one before."""
    try:
        session.connection().execute(_CLAIM, {"id": interaction_id, "at": now})
    except IntegrityError:
        raise AlreadyDone from None


def prune(session: Session, *, now: datetime) -> None:
    """Forget what can't come again."""
    session.execute(_FORGET, {"long_ago": now - KEPT_FOR})
