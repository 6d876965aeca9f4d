"""How long a result takes that very many wait for: one prediction with ten thousand forecasters, who forecast five times each.

Beside it, numpy's own pass over the same numbers: the score of every forecast, weighted by how long it stood.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update

from bot.domain.outcomes import YES, Outcome
from bot.services.voting import resolutions
from db.database import Database
from db.models import Forecast, Member, Prediction
from tests.factories import GUILD, NOW, create_actor, create_prediction

DAY = timedelta(days=1)


def fill(database: Database, *, members: int, each: int, guild_id: int = GUILD, now: datetime = NOW) -> int:
    """A prediction on which so many members forecast `each` times in a hundred days; returns its code."""
    dice = np.random.default_rng(5)
    by = create_actor("mona", guild_id=guild_id, manager=True)
    view = create_prediction(database, now=now, by=by, statement="Very many wait for this", resolves_at=now + 100 * DAY)
    with database.engine.begin() as connection:
        users = [
            {"guild_id": guild_id, "user_id": 10_000_000 + number, "name": "member", "created_at": now}
            for number in range(members)
        ]
        connection.execute(insert(Member), users)
        known = select(Member.id).where(Member.user_id >= 10_000_000).order_by(Member.id)
        rows: list[dict[str, Any]] = []
        for member_id in connection.scalars(known).all():
            moments = [now + 100 * DAY * float(share) for share in np.sort(dice.random(each))]
            for at, end in zip(moments, [*moments[1:], None], strict=True):
                values = [round(float(dice.random()), 3)]
                rows.append(
                    {"prediction_id": view.id, "member_id": member_id, "values": values, "created_at": at, "ended_at": end}
                )
        for start in range(0, len(rows), 10_000):
            connection.execute(insert(Forecast), rows[start : start + 10_000])
        connection.execute(update(Prediction).where(Prediction.id == view.id).values(forecasters=members))
    return view.code


def resolve(database: Database, code: int) -> float:
    """Seconds that it takes to decide it."""
    manager = create_actor("mona", manager=True)
    began = time.perf_counter()
    database.run_here(
        resolutions.override, manager, code=code, outcome=Outcome(YES), words="It came true.", now=NOW + 101 * DAY
    )
    return time.perf_counter() - began
