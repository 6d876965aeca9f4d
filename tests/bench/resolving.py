"""How long a result takes that very many wait for: one prediction with ten thousand forecasters, who forecast five times each.

Beside it, numpy's own pass over the same numbers: the score of every forecast, weighted by how long it stood.
"""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
from sqlalchemy import insert, select

from bot.domain.outcomes import YES, Outcome
from bot.domain.types import State
from bot.services.voting import resolutions
from db.database import Database
from db.models import Forecast, Member, Prediction, Score
from tests.factories import GUILD, NOW, create_actor, create_prediction

DAY = timedelta(days=1)


def fill(database: Database, *, members: int, each: int, seed: int = 5) -> int:
    """A prediction on which so many members forecast `each` times in a hundred days; returns its code."""
    dice = np.random.default_rng(seed)
    view = create_prediction(database, now=NOW, statement="Very many wait for this", resolves_at=NOW + 100 * DAY)
    with database.engine.begin() as connection:
        users = [
            {"guild_id": GUILD, "user_id": 10_000_000 + number, "name": "member", "created_at": NOW} for number in range(members)
        ]
        connection.execute(insert(Member), users)
        known = select(Member.id).where(Member.user_id >= 10_000_000).order_by(Member.id)
        rows = []
        for member_id in connection.scalars(known).all():
            moments = [NOW + 100 * DAY * float(share) for share in np.sort(dice.random(each))]
            for at, end in zip(moments, [*moments[1:], None], strict=True):
                values = [round(float(dice.random()), 3)]
                rows.append(
                    {"prediction_id": view.id, "member_id": member_id, "values": values, "created_at": at, "ended_at": end}
                )
        for start in range(0, len(rows), 10_000):
            connection.execute(insert(Forecast), rows[start : start + 10_000])
        connection.execute(
            Prediction.__table__.update().where(Prediction.id == view.id).values(forecasters=members)  # pyright: ignore
        )
    return view.code


def resolve(database: Database, code: int) -> float:
    """Seconds that it takes to decide it."""
    manager = create_actor("mona", manager=True)
    began = time.perf_counter()
    database.run_here(
        resolutions.override, manager, code=code, outcome=Outcome(YES), words="It came true.", now=NOW + 101 * DAY
    )
    return time.perf_counter() - began
