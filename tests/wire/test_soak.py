"""Mixed traffic while everything fails that can: then each thing that was asked for is there once, and every card is right."""

from __future__ import annotations

import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from db.database import Database
from db.models import Forecast, OutboxMessage, Prediction
from tests.rows import rows, values
from tests.wire.client import Wire, bot_process, wire
from tests.wire.test_faults import HERE, IN_SECOND, THERE, add, said_in, settle, shared, url_of

__all__ = ["shared"]

FAULTS = ("late", "hold", "drop", "store-and-hold", "store-and-drop", "store-and-500", "429", "502", "503")
PATHS = (f"/channels/{HERE}/messages", f"/channels/{THERE}/messages", "/callback")
GUILDS = ({}, IN_SECOND)


@dataclass
class Traffic:
    """What members did, what went wrong meanwhile, and what they were told."""

    server: Wire
    database: Database
    log: Path
    dice: random.Random
    stack: ExitStack
    bot: subprocess.Popen[bytes] | None = None
    added: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    """Statements whose author was told that they were added."""
    done: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Start the bot, or another one after it was killed."""
        self.bot = self.stack.enter_context(bot_process(self.server, database_url=url_of(self.database), log=self.log))
        self.server.wait_for(lambda state: state["connected"] == 1)

    def step(self) -> None:
        """One thing happens."""
        (what,) = self.dice.choices((self.add, self.forecast, self.spoil, self.repeat, self.kill), (20, 40, 20, 10, 1))
        self.done[what.__name__] += 1
        what()

    def add(self) -> None:
        """A member adds a prediction."""
        statement, how = f"Number {len(self.added)} comes true", self.dice.choice(GUILDS)
        self.added.append((statement, how))
        given = add(self.server, statement, patience=5, **how)
        self._note(given)
        if "Added as" in str(given["answer"]):
            self.acknowledged.append(statement)

    def forecast(self) -> None:
        """A member forecasts."""
        user, code = str(self.dice.randint(5001, 5030)), str(self.dice.randint(1, max(1, len(self.added) // 2)))
        how = {"patience": 5} | self.dice.choice(GUILDS)
        self._note(self.server.slash("forecast", prediction=code, probability="70", user=user, how=how))

    def spoil(self) -> None:
        """Something goes wrong with the next requests of a kind."""
        path = self.dice.choice(PATHS)
        self.server.fault(path, self.dice.choice(FAULTS), times=self.dice.randint(1, 2))

    def repeat(self) -> None:
        """Discord delivers something again."""
        if self.asked:
            self.server.again(self.dice.choice(self.asked))

    def kill(self) -> None:
        """The bot is killed, and another one started."""
        assert self.bot is not None
        self.bot.kill()
        self.bot.wait()
        self.server.wait_for(lambda state: state["connected"] == 0)
        self.start()

    def _note(self, given: dict[str, Any]) -> None:
        if given["id"] is not None:
            self.asked.append(given["id"])

    def violations(self) -> list[str]:
        """What isn't as it should be, once all is quiet."""
        found: list[str] = []
        state = self.server.state()
        stored = Counter(values(self.database, select(Prediction.statement)))
        found += [f"stored {number} times: {statement}" for statement, number in stored.items() if number > 1]
        found += [f"acknowledged and not stored: {one}" for one in self.acknowledged if stored[one] == 0]
        number = func.count(Forecast.id).filter(Forecast.ended_at.is_(None))
        counted = select(Prediction.guild_id, Prediction.code, Prediction.statement, number)
        counted = counted.outerjoin(Forecast, Forecast.prediction_id == Prediction.id).group_by(Prediction.id)
        texts = [str(message["components"]) for channel in (HERE, THERE) for message in said_in(state, channel)]
        for guild_id, code, statement, forecasts in rows(self.database, counted):
            cards = [text for text in texts if f"### #{code} · {statement}" in text and "Your forecast" not in text]
            if len(cards) != 1:
                found.append(f"{len(cards)} cards of #{code} of {guild_id}")
            elif (said := re.search(r"\*\*(\d+) forecasts?\*\*", cards[0])) is None or int(said[1]) != forecasts:
                shown = said[1] if said else "none"
                if (shown, forecasts) != ("none", 0):
                    found.append(f"the card of #{code} of {guild_id} shows {shown} of {forecasts} forecasts")
        stuck = select(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.failed_reason)
        found += [f"stuck: {row}" for row in rows(self.database, stuck.where(OutboxMessage.sent_at.is_(None)))]
        if "Traceback" in self.log.read_text():
            found.append("a traceback")
        return found


@pytest.fixture
def server() -> Iterator[Wire]:
    with wire() as running:
        yield running


@pytest.mark.parametrize(
    ("seconds", "seed"), [pytest.param(20, 1, marks=pytest.mark.slow), pytest.param(600, 2, marks=pytest.mark.soak)]
)
def test_traffic_with_faults_leaves_everything_once_and_every_card_right(
    server: Wire, shared: Database, tmp_path: Path, seconds: float, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(shared)
    with ExitStack() as stack:
        traffic = Traffic(server, shared, tmp_path / "log", random.Random(seed), stack)
        traffic.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            traffic.step()
        server.mend()
        traffic.kill()
        waiting = select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None), OutboxMessage.buried_at.is_(None))
        server.wait_for(lambda _: not values(shared, waiting))
    with capsys.disabled():
        print(f"\n{shared.engine.dialect.name}, seed {seed}, {seconds} s: {dict(traffic.done)}")
    assert traffic.violations() == []
