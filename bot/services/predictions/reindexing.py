"""Search words are stored again, once, after an upgrade that adds more of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.services.predictions import steps
from db.models import Prediction

AT_ONCE = 500
"""How many predictions share one transaction. More would keep members waiting."""

_WAITING = (
    select(Prediction.id, Prediction.guild_id)
    .where(Prediction.needs_index)
    .order_by(Prediction.id)
    .limit(bindparam("at_once"))
)


def reindex_some(session: Session, *, now: datetime) -> bool:
    """Store some predictions' search words again. Returns whether there may be more."""
    del now
    rows = session.execute(_WAITING, {"at_once": AT_ONCE}).all()
    if not rows:
        return False
    of_guild: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        of_guild[row.guild_id].append(row.id)
    for guild_id, ids in of_guild.items():
        steps.index(session, guild_id=guild_id, prediction_ids=ids)
    done = update(Prediction).where(Prediction.id.in_([row.id for row in rows])).values(needs_index=False)
    session.execute(done.execution_options(synchronize_session=False))
    return len(rows) == AT_ONCE
