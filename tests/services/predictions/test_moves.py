"""How far the crowd moved in a day, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.types import Kind, Values
from bot.services.forecasting import forecasts
from bot.services.predictions import moves
from bot.services.predictions.moves import CrowdMove
from bot.services.settings import changing
from db.database import Database
from db.models import OutboxMessage, Prediction
from tests.factories import NOW, create_actor, create_prediction
from tests.rows import rows, values

HOUR = timedelta(hours=1)
PEOPLE = [create_actor(f"member {number}") for number in range(4)]


def say(database: Database, *numbers: float, hours: float, kind: Kind = Kind.BINARY) -> None:
    """One forecast of each of the first members."""
    for person, number in zip(PEOPLE, numbers, strict=False):
        said: Values = (number,) if kind is Kind.BINARY else (number, (1 - number) / 2, (1 - number) / 2)
        said = (number, number + 1, number + 2) if kind is Kind.NUMERIC else said
        database.run_here(forecasts.place, person, code=1, values=said, now=NOW + hours * HOUR)


def move_of(database: Database, *, hours: float, kind: Kind = Kind.BINARY, least: float = 0.05) -> CrowdMove | None:
    return database.read_here(moves.of_day, 1, kind, now=NOW + hours * HOUR, least=least)


def queued(database: Database) -> list[dict[str, object]]:
    return values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "move"))


@pytest.fixture
def seen(database: Database) -> Database:
    """A prediction in a guild where everyone may see the crowd."""
    create_prediction(database)
    database.run_here(changing.change_guild_settings, create_actor(manager=True), changes={"is_blind": False}, now=NOW)
    return database


def test_what_stood_a_day_ago_counts_from_a_day_ago(seen: Database) -> None:
    say(seen, 0.4, 0.4, 0.4, hours=0)
    say(seen, 0.5, 0.5, 0.5, hours=100)
    found = move_of(seen, hours=101)
    assert found is not None
    assert (found.before, found.after, found.since) == ((0.4,), (0.5,), NOW + 77 * HOUR)
    assert found.size == pytest.approx(0.1)
    assert move_of(seen, hours=125) is None


def test_the_largest_gap_within_the_day_counts(seen: Database) -> None:
    say(seen, 0.5, 0.5, 0.5, hours=0)
    say(seen, 0.3, 0.3, 0.3, hours=50)
    say(seen, 0.55, 0.55, 0.55, hours=60)
    found = move_of(seen, hours=61)
    assert found is not None
    assert (found.before, found.since) == ((0.3,), NOW + 50 * HOUR)


def test_a_crowd_of_two_and_numbers_do_not_move(database: Database) -> None:
    create_prediction(database, kind=Kind.NUMERIC)
    say(database, 1, 1, 1, hours=0, kind=Kind.NUMERIC)
    say(database, 90, 90, 90, hours=1, kind=Kind.NUMERIC)
    assert move_of(database, hours=2, kind=Kind.NUMERIC) is None


def test_two_members_are_too_few(seen: Database) -> None:
    say(seen, 0.1, 0.1, hours=0)
    say(seen, 0.9, 0.9, hours=1)
    assert move_of(seen, hours=2) is None


def test_of_options_the_largest_gap_counts(database: Database) -> None:
    create_prediction(database, kind=Kind.MULTIPLE_CHOICE)
    say(database, 0.2, 0.2, 0.2, hours=0, kind=Kind.MULTIPLE_CHOICE)
    say(database, 0.6, 0.6, 0.6, hours=1, kind=Kind.MULTIPLE_CHOICE)
    found = move_of(database, hours=2, kind=Kind.MULTIPLE_CHOICE)
    assert found is not None
    assert found.size == pytest.approx(0.4)


def test_fifteen_points_are_announced_and_fourteen_are_not(seen: Database) -> None:
    say(seen, 0.4, 0.4, 0.4, hours=0)
    say(seen, 0.54, 0.54, 0.54, hours=1)
    assert queued(seen) == []
    say(seen, 0.55, 0.55, 0.55, hours=2)
    assert len(queued(seen)) == 1
    assert rows(seen, select(Prediction.moved_at)) != [(None,)]


def test_a_move_is_announced_once(seen: Database) -> None:
    for hours, number in ((0, 0.4), (1, 0.8), (2, 0.1), (50, 0.9)):
        say(seen, number, number, number, hours=hours)
    assert len(queued(seen)) == 1


def test_where_the_crowd_is_hidden_nothing_is_noted(database: Database) -> None:
    create_prediction(database)
    say(database, 0.4, 0.4, 0.4, hours=0)
    say(database, 0.9, 0.9, 0.9, hours=1)
    assert queued(database) == []
    assert rows(database, select(Prediction.moved_at)) == [(None,)]
