"""`python -m bot run`, as a process, against a Discord over real sockets."""

from __future__ import annotations

import signal
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from db.database import Database
from tests import factories
from tests.wire.__main__ import APPLICATION_ID, GUILD_ID, GUILDS
from tests.wire.client import PATIENCE, Wire, bot_process, wire

ASKED_FOR = {
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
    "MENTION_EVERYONE": 1 << 17,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "PIN_MESSAGES": 1 << 51,
}
"""As Discord's documentation counts them."""


def add_prediction(url: str) -> None:
    """A prediction whose date is still to come: this bot runs by the computer's clock."""
    database = Database(url)
    manager = factories.create_actor("mona", guild_id=int(GUILD_ID), manager=True)
    factories.create_prediction(database, now=datetime.now(UTC), by=manager, statement="GPT-6 is released")
    database.dispose()


def see(server: Wire, done: dict[str, Any], text: str) -> None:
    """What was answered says so; a bot on a busy machine asks for time first, and says it then."""
    if text not in str(done["answer"]):
        assert done["answer"]["type"] == 5, done
        server.wait_for(lambda state: text in str(state["messages"]))


def test_the_bot_connects_answers_and_goes_on_after_being_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'almanac.db'}"
    with wire() as server:
        with bot_process(server, database_url=url, log=tmp_path / "log") as process:
            server.wait_for(lambda state: state["connected"] == 1)
            add_prediction(url)
            said = server.slash("forecast", prediction="1", probability="7/10", user="4002")
            see(server, said, "You said **70%**")
            assert said["answer"]["data"]["flags"] & 64, "the answer is private"
            refused = server.slash("forecast", prediction="1", probability="7/0", user="4002")
            see(server, refused, "divides by zero")
            process.kill()
            process.wait()
        server.wait_for(lambda state: state["connected"] == 0)
        with bot_process(server, database_url=url, log=tmp_path / "log") as process:
            server.wait_for(lambda state: state["connected"] == 1)
            again = server.slash("forecasts", user="4002")
            see(server, again, "you 70%")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE) == 0
    log = (tmp_path / "log").read_text()
    assert "good-token" not in log
    assert "Traceback" not in log


def test_the_log_names_the_bot_and_where_to_invite_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with wire() as server, bot_process(server, database_url=f"sqlite:///{tmp_path / 'a.db'}", log=log):
        server.wait_for(lambda _: "invite it to a server" in log.read_text())
    assert f"ready as Almanac ({APPLICATION_ID}); servers: {GUILDS}\n" in log.read_text()
    asked = parse_qs(urlsplit(log.read_text().split("invite it to a server: ")[1].split()[0]).query)
    assert asked == {
        "client_id": [APPLICATION_ID],
        "scope": ["bot applications.commands"],
        "permissions": [str(sum(ASKED_FOR.values()))],
    }


def test_an_answer_that_takes_long_asks_for_time_and_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "almanac.db"
    with wire() as server, bot_process(server, database_url=f"sqlite:///{path}", log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 1)
        add_prediction(f"sqlite:///{path}")
        with sqlite3.connect(path, isolation_level=None) as writer:  # somebody else writes for a while
            writer.execute("BEGIN IMMEDIATE")
            asked = server.slash("forecast", prediction="1", probability="70")
            assert asked["answer"] == {"type": 5, "data": {"flags": 64}}
            writer.execute("ROLLBACK")
        server.wait_for(lambda state: "You said **70%**" in str(state["messages"]))


def test_a_bad_token_ends_with_a_sentence(tmp_path: Path) -> None:
    with (
        wire() as server,
        bot_process(server, database_url=f"sqlite:///{tmp_path / 'a.db'}", log=tmp_path / "log", token="bad") as process,
    ):
        assert process.wait(timeout=PATIENCE) == 2
    log = (tmp_path / "log").read_text()
    assert "Discord rejected DISCORD_TOKEN" in log
    assert "Traceback" not in log
