"""A year in the life of a server with the given packs: each reminder once, in one post a morning, of what is still to be settled."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.documents.reading import read_prediction_file
from bot.domain.types import State
from bot.services.packs import library
from bot.services.predictions import steps
from db.models import OutboxMessage, Prediction
from tests.behaviour.conftest import World, shown, slash
from tests.conftest import ROOT

STEPS = {"30 days left": 30, "1 week left": 7, "Last day": 1}
HEADING = re.compile(r"### ⏰ ([^:]+): ([\d,]+) predictions?")
SETTLED = {
    datetime(2026, 3, 28, tzinfo=UTC): 3,
    datetime(2026, 6, 10, tzinfo=UTC): 2,
    datetime(2026, 12, 28, tzinfo=UTC): 20,
}
"""On these days so many predictions get their result, those that end soonest first."""


def settle(session: Session, *, guild_id: int, number: int, now: datetime) -> None:
    """Give so many predictions a result, half of them annulled."""
    soonest = select(Prediction).where(Prediction.guild_id == guild_id, Prediction.state == State.OPEN)
    for position, prediction in enumerate(session.scalars(soonest.order_by(Prediction.resolves_at).limit(number))):
        prediction.state = State.RESOLVED if position % 2 else State.ANNULLED
        prediction.outcome, prediction.resolved_at = "yes" if position % 2 else "annulled", now
        steps.end_reminders(session, prediction, now=now)


@pytest.mark.soak
async def test_a_year_with_the_given_packs(world: World) -> None:
    documents = [
        (reading.slug, reading.document)
        for path in sorted((ROOT / "seeds").glob("*.yaml"))
        if (reading := read_prediction_file(path.read_bytes(), file=path.name, today=world.now.date())).document is not None
    ]
    world.database.run_here(library.load, documents=documents, guild_id=world.guild.id, now=world.now)
    world.change(update(Prediction).values(forecasters=1))  # nobody is reminded of what nobody forecast
    await slash(world.manager, world, "settings guild", channel=world.channel, zone="Europe/Berlin")

    expected: Counter[tuple[int, datetime]] = Counter()
    posted: Counter[tuple[int, datetime]] = Counter()
    seen: set[int] = set()
    while world.now < datetime(2027, 1, 10, tzinfo=UTC):
        if (number := SETTLED.get(world.now)) is not None:
            world.database.run_here(settle, guild_id=world.guild.id, number=number, now=world.now)
        waiting = select(Prediction.resolves_at).where(Prediction.state.in_([State.OPEN, State.CLOSED, State.VOTING]))
        for (date,) in world.rows(waiting):
            if date is not None and (left := date - world.now) in {timedelta(days=days) for days in STEPS.values()}:
                expected[left.days, world.now] += 1
        for hours in (6, 1, 17):  # 8 in the morning in Berlin, in summer and in winter
            await world.advance(hours * 3600)
        for message in world.messages():
            if message.id in seen:
                continue
            seen.add(message.id)
            for label, number in HEADING.findall(shown(message)):
                step = STEPS[label]
                assert (step, world.now - timedelta(days=1)) not in posted, "two posts of one step"
                posted[step, world.now - timedelta(days=1)] = int(number)

    assert posted == expected
    assert sum(expected.values()) > 100
    for step in STEPS.values():
        days = {f"{day:%d %b}": number for (days, day), number in posted.items() if days == step}
        print(f"{step:2} days before: {len(days)} posts of {sum(days.values())} predictions: {days}")
    await world.advance(60)
    unsent = select(OutboxMessage.kind).where(OutboxMessage.sent_at.is_(None))
    assert world.rows(unsent) == []
