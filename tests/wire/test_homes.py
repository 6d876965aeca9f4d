"""Posts in a forum over the wire: no faster than Discord takes them, and none twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.services.homes.making import IN_A_FORUM
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.settings import changing
from db.database import Database
from db.models import OutboxMessage, PostedCard
from tests.factories import create_actor, create_document, load
from tests.rows import values
from tests.wire.__main__ import CHANNEL_ID, FORUM_ID, GUILD_ID
from tests.wire.client import PATIENCE, Wire, bot_process

GUILD = int(GUILD_ID)


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def choose_forum(database: Database) -> None:
    """Homes are posts in the forum."""
    manager = create_actor(guild_id=GUILD, manager=True)
    changes = {"post_channel_id": int(CHANNEL_ID), "home_channel_id": int(FORUM_ID), "home_is_forum": True}
    database.run_here(changing.change_guild_settings, manager, changes=changes, now=datetime.now(UTC))


@pytest.mark.parametrize("number", [pytest.param(7, marks=pytest.mark.soak), pytest.param(60, marks=pytest.mark.soak)])
def test_the_homes_of_a_pack_are_made_without_ever_being_told_to_slow_down(
    server: Wire, sqlite: Database, tmp_path: Path, number: int
) -> None:
    choose_forum(sqlite)
    load(sqlite, create_document(*({} for _ in range(number))), guild_id=GUILD, now=datetime.now(UTC))
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        patience = PATIENCE + number * IN_A_FORUM.total_seconds()
        state = server.wait_for(lambda state: len(state["threads"]) == number, patience=patience)
        server.wait_for(lambda _: len(values(sqlite, select(PostedCard.id))) == number)
    assert [entry for entry in state["journal"] if "limited" in entry] == []
    assert len({thread["name"] for thread in state["threads"]}) == number
    assert all(thread["applied_tags"] for thread in state["threads"])
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_post_whose_answer_was_lost_is_found_and_not_made_twice(server: Wire, sqlite: Database, tmp_path: Path) -> None:
    choose_forum(sqlite)
    now = datetime.now(UTC)
    new = NewPrediction("GPT-6 is released", resolves_at=now + timedelta(days=30))
    sqlite.run_here(editing.add, create_actor(guild_id=GUILD, manager=True), new=new, now=now)
    server.fault(f"/channels/{FORUM_ID}/threads", "store-and-drop", method="POST", times=1)
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda _: None not in values(sqlite, select(OutboxMessage.sent_at)))
    (thread,) = server.state()["threads"]
    assert values(sqlite, select(PostedCard.thread_id)) == [int(thread["id"])]
    assert "Traceback" not in (tmp_path / "log").read_text()
