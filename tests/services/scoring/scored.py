"""Predictions that were forecast and resolved, and the scores that come of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from bot.domain.outcomes import NO, YES, Outcome
from bot.domain.types import Actor, Values
from bot.services.forecasting import forecasts
from bot.services.scoring import scores
from bot.services.voting import resolutions
from db.database import Database
from db.models import Prediction, Score
from tests import factories


def resolve(database: Database, code: int, outcome: Outcome, *, guild_id: int, now: datetime) -> None:
    """Have a manager decide what happened."""
    manager = factories.create_actor("mona", guild_id=guild_id, manager=True)
    database.run_here(resolutions.override, manager, code=code, outcome=outcome, words="So it was.", now=now)


def live_through(
    database: Database,
    said: Sequence[tuple[float, bool]],
    *actors: Actor,
    guild_id: int,
    now: datetime,
    tags: tuple[str, ...] = (),
) -> list[int]:
    """Yes-or-no predictions of 30 days which these members forecast alike at their opening, and which ended so, with all their
    scores. Returns their codes; they are resolved 30 days after `now`."""
    codes: list[int] = []
    by = factories.create_actor("mona", guild_id=guild_id, manager=True)
    for chance, happened in said:
        code = factories.create_prediction(database, now=now, by=by, tags=tags).code
        for actor in actors:
            place(database, actor, code, (chance,), now)
        resolve(database, code, Outcome(YES if happened else NO), guild_id=guild_id, now=now + timedelta(days=30))
        codes.append(code)
    return codes


def place(database: Database, actor: Actor, code: int, values: Values, at: datetime) -> None:
    """A forecast."""
    database.run_here(forecasts.place, actor, code=code, values=values, now=at)


def store_scores(database: Database, *, now: datetime = factories.NOW) -> None:
    """Score anew all that is resolved, as the bot does with what had no scores; for rows that a test has written itself."""
    with database.engine.begin() as connection:
        connection.execute(delete(Score))  # else they'd be scores of earlier rules, and the log would say so
        connection.execute(update(Prediction).values(scored_at=None))
    while database.run_here(scores.record_missing, now=now):
        pass
