"""What members asked to be told of comes by direct message, in one digest a day at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OutboxMessage, User
from tests.behaviour.conftest import World, shown, slash

DATE = datetime(2026, 1, 7, tzinfo=UTC)
"""The simulated world begins on 1 January 2026, at midnight UTC: this closes within a week."""


def letters(member: Any) -> list[str]:
    """The direct messages that a member has got."""
    return [shown(message) for message in member.user.dm_channel.history()]


async def test_what_closes_soon_is_told_once_in_the_morning(world: World) -> None:
    world.create_prediction("It rains", resolves_at=DATE)
    world.create_prediction("It snows", resolves_at=DATE)
    world.create_forecasts(1, (0.437,), (0.437,))
    await slash(world.ada, world, "forecast", prediction="2", probability="70")
    await slash(world.ada, world, "settings me", closing=True, zone="Europe/Berlin")
    await world.advance(7.9 * 3600)
    assert letters(world.ada) == []
    await world.advance(0.2 * 3600)
    (letter,) = letters(world.ada)
    assert "Forecasters" in letter
    assert "It rains" in letter
    assert "It snows" not in letter
    assert "43.7" not in letter
    for _ in range(4):
        await world.advance(86400)
    assert len(letters(world.ada)) == 1
    assert letters(world.bob) == []


async def test_all_kinds_come_in_one_digest(world: World) -> None:
    world.create_prediction("It rains", resolves_at=DATE + timedelta(days=90))
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.ada, world, "settings me", stale=True, closing=True, votes=True, results=True)
    await world.advance(29 * 86400)
    assert letters(world.ada) == []
    await world.advance(3600)
    world.create_prediction("It snows", resolves_at=world.now + timedelta(days=5))
    await world.advance(2 * 86400)
    (letter,) = letters(world.ada)
    assert "It rains" in letter
    assert "It snows" in letter


async def test_where_direct_messages_are_closed_nothing_is_said_in_public(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    world.create_prediction("It rains", resolves_at=DATE)
    path = f"/channels/{world.ada.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, message="No", times=None)
    await slash(world.ada, world, "settings me", closing=True)
    posts = len(world.posts())
    await world.advance(86400)
    assert len(world.posts()) == posts
    rows = world.rows(select(OutboxMessage.sent_at, OutboxMessage.buried_at).where(OutboxMessage.kind == "digest"))
    assert [(row.sent_at is not None, row.buried_at) for row in rows] == [(True, None)]
    assert "direct message" in (await slash(world.ada, world, "settings me")).text
    world.env.backend.faults.clear()
    await world.advance(3600)
    world.create_prediction("It snows", resolves_at=world.now + timedelta(days=5))
    await world.advance(86400)
    assert len(letters(world.ada)) == 1
    assert "⚠️" not in (await slash(world.ada, world, "settings me")).text


async def test_who_switches_everything_off_is_told_nothing(world: World) -> None:
    world.create_prediction("It rains", resolves_at=DATE)
    await slash(world.ada, world, "settings me", closing=True)
    await slash(world.ada, world, "settings me", closing=False)
    await world.advance(2 * 86400)
    assert letters(world.ada) == []


async def test_reminders_of_a_day_come_with_the_digest_in_one_message_and_those_of_an_hour_at_theirs(world: World) -> None:
    world.create_prediction("It rains", resolves_at=DATE)
    world.create_prediction("It snows", resolves_at=DATE)
    await slash(world.ada, world, "settings me", closing=True, zone="Europe/Berlin")
    for code, when in (("1", "4 days before"), ("2", "2 Jan"), ("2", "2 Jan 3pm")):
        understood = await slash(world.ada, world, "remind", prediction=code, when=when)
        await understood.click("Set reminder")
    world.database.run_here(people_digest_later, user_id=world.ada.id, at=datetime(2026, 1, 2, 8, tzinfo=UTC))
    await world.advance(24 * 3600 + 60)
    assert letters(world.ada) == []
    await world.advance(8 * 3600)
    (letter,) = letters(world.ada)
    assert "⏰ #1 · It rains" in letter
    assert "⏰ #2 · It snows" in letter
    assert "What's new for you" in letter
    assert "late" not in letter
    await world.advance(6 * 3600)
    assert len(letters(world.ada)) == 2


def people_digest_later(session: Session, *, user_id: int, at: datetime) -> None:
    """Their first digest comes on another day."""
    session.get_one(User, user_id).next_digest_at = at
