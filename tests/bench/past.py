"""A guild with a past, in a database of its own: what charts and records are read from when they are measured."""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Awaitable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot.domain.outcomes import NO, YES, Outcome
from bot.domain.types import Actor
from bot.drawing import Drawing
from bot.services.forecasting import histories
from bot.services.members import guilds
from bot.services.scoring import calibrations, profiles
from bot.services.scoring.calibrations import CalibrationSubject, ForecasterKind
from bot.ui.cards.charts import CHARTS, calibration_chart, profile_chart
from bot.ui.charts.data import Picture
from db.database import Database
from db.migrate import upgrade
from db.models import Forecast
from tests.factories import GUILD, NOW, create_actor, create_prediction
from tests.services.scoring import scored

PREDICTIONS, MEMBERS, FORECASTS = 100, 30, 4
"""How many there are: predictions, of which two thirds are resolved, members, and forecasts of each on each."""
OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Club:
    """The guild's database and members, and the codes of its predictions."""

    database: Database
    members: list[Actor]
    codes: list[int]

    def requests(self, drawing: Drawing) -> Iterator[Awaitable[Picture | None]]:
        """What members ask for, without end: charts of predictions, calibrations, profiles."""
        for number in itertools.count():
            actor, code = self.members[number % MEMBERS], self.codes[number % PREDICTIONS]
            for what in CHARTS:
                yield self._chart(drawing, actor, code, what, number)
            of = (
                CalibrationSubject(ForecasterKind.CROWD)
                if number % 5 == 0
                else CalibrationSubject(ForecasterKind.MEMBER, actor.user_id)
            )
            yield self._calibration(drawing, actor, of)
            yield self._profile(drawing, actor)

    async def _chart(self, drawing: Drawing, actor: Actor, code: int, what: str, number: int) -> Picture | None:
        now = NOW + 2 * OPEN_FOR + timedelta(minutes=number)
        return await drawing.draw(
            CHARTS[what](await self.database.read(histories.show_history, actor, code=code, now=now), now=now)
        )

    async def _calibration(self, drawing: Drawing, actor: Actor, of: CalibrationSubject) -> Picture | None:
        return await drawing.draw(calibration_chart(await self.database.read(calibrations.show_calibration, actor, of=of)))

    async def _profile(self, drawing: Drawing, actor: Actor) -> Picture | None:
        found = await self.database.read(profiles.show_profile, actor, user_id=actor.user_id, now=NOW + 2 * OPEN_FOR)
        return await drawing.draw(profile_chart(found))


@contextmanager
def guild_with_a_past() -> Generator[Club]:
    """The same at every call, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder, 'almanac.db')}")
        upgrade(database)
        by, source = create_actor(manager=True), random.Random(11)
        codes = [create_prediction(database, by=by, resolves_at=NOW + OPEN_FOR) for _ in range(PREDICTIONS)]
        members = [create_actor(f"member {number}") for number in range(MEMBERS)]
        database.run_here(_forecast, members, [view.id for view in codes], source)
        for view in codes[: PREDICTIONS * 2 // 3]:
            outcome = Outcome(YES if source.random() < 0.6 else NO)
            scored.resolve(database, view.code, outcome, guild_id=GUILD, now=NOW + OPEN_FOR)
        scored.store_scores(database)
        try:
            yield Club(database, members, [view.code for view in codes])
        finally:
            database.dispose()


def _forecast(session: Session, members: list[Actor], prediction_ids: list[int], source: random.Random) -> None:
    ids = [guilds.member_of(session, actor, now=NOW) for actor in members]
    for prediction_id, member_id in itertools.product(prediction_ids, ids):
        moments = [NOW + OPEN_FOR * source.random() for _ in range(FORECASTS)]
        for begins, ends in itertools.pairwise([*sorted(moments), None]):
            values = [round(source.betavariate(4, 3), 2)]
            session.add(
                Forecast(prediction_id=prediction_id, member_id=member_id, values=values, created_at=begins, ended_at=ends)
            )
