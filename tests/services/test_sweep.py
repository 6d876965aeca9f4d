from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.domain.types import State
from bot.services import sweep
from bot.services.homes import card_homes
from db.database import Database
from db.models import Event, OutboxMessage, Prediction
from tests.factories import NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import everything, rows, values

DAY = timedelta(days=1)


def states(database: Database) -> list[State]:
    return values(database, select(Prediction.state).order_by(Prediction.id))


def test_what_is_due_closes_at_its_own_time_in_every_guild(database: Database) -> None:
    create_prediction(database, resolves_at=NOW + DAY)
    create_prediction(database, resolves_at=NOW + 2 * DAY, closes_at=NOW + DAY, by=create_actor(guild_id=OTHER_GUILD))
    create_prediction(database, resolves_at=NOW + 3 * DAY)
    load(database, create_document({}))
    assert database.run_here(sweep.close_due, now=NOW + 2 * DAY) == 2
    assert states(database) == [State.CLOSED, State.CLOSED, State.OPEN, State.OPEN]
    closed = rows(database, select(Prediction.closed_at).where(Prediction.state == State.CLOSED))
    assert closed == [(NOW + DAY,), (NOW + DAY,)]
    events = select(Event.at, Event.from_state, Event.to_state).where(Event.kind == "closed")
    assert rows(database, events) == [(NOW + DAY, State.OPEN, State.CLOSED)] * 2


def test_it_closes_at_the_moment_and_not_before(database: Database) -> None:
    create_prediction(database, resolves_at=NOW + DAY)
    assert database.run_here(sweep.close_due, now=NOW + DAY - timedelta(microseconds=1)) == 0
    assert database.run_here(sweep.close_due, now=NOW + DAY) == 1


def test_sweeping_again_changes_nothing(database: Database) -> None:
    create_prediction(database, resolves_at=NOW + DAY)
    database.run_here(sweep.close_due, now=NOW + DAY)
    before = everything(database)
    assert database.run_here(sweep.close_due, now=NOW + 2 * DAY) == 0
    assert everything(database) == before


def test_only_open_predictions_close(database: Database) -> None:
    for _ in range(len(State)):
        create_prediction(database, resolves_at=NOW + DAY)
    with database.engine.begin() as connection:
        for code, state in enumerate(State, 1):
            connection.execute(update(Prediction).where(Prediction.code == code).values(state=state))
    assert database.run_here(sweep.close_due, now=NOW + DAY) == 1
    assert states(database) == [State.CLOSED if state is State.OPEN else state for state in State]


def test_the_card_of_what_closes_is_brought_up_to_date(database: Database) -> None:
    view = create_prediction(database, resolves_at=NOW + DAY)
    create_prediction(database, resolves_at=NOW + DAY)
    database.run_here(card_homes.note_card, prediction_id=view.id, channel_id=7, message_id=8, now=NOW)
    database.run_here(sweep.close_due, now=NOW + DAY)
    found = rows(database, select(OutboxMessage.kind, OutboxMessage.payload, OutboxMessage.due_at))
    assert found == [("refresh_card", {"prediction_id": view.id}, NOW + DAY)]


def test_the_next_close_is_the_soonest_of_what_is_open(database: Database) -> None:
    assert database.read_here(sweep.next_close_at) is None
    load(database, create_document({}))
    assert database.read_here(sweep.next_close_at) is None
    for days in (3, 1, 2):
        create_prediction(database, resolves_at=NOW + days * DAY)
    assert database.read_here(sweep.next_close_at) == NOW + DAY
    database.run_here(sweep.close_due, now=NOW + DAY)
    assert database.read_here(sweep.next_close_at) == NOW + 2 * DAY
