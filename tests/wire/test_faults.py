"""What goes wrong on the way to Discord: a channel that hangs, answers that are lost, what comes twice, and the bot's end."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.types import State as PredictionState
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.settings import changing
from db.database import Database
from db.models import Forecast, Member, OutboxMessage, Prediction
from tests.factories import create_actor, create_prediction
from tests.rows import values
from tests.wire.__main__ import CHANNEL_ID, GUILD_ID
from tests.wire.client import PATIENCE, Wire, bot_process

FIRST, SECOND = int(GUILD_ID), int(GUILD_ID) + 1
HERE, THERE = CHANNEL_ID, str(int(CHANNEL_ID) + 1)
IN_SECOND = {"guild": 1}

State = dict[str, Any]


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def settle(database: Database) -> None:
    """Both guilds have a channel for posts."""
    for guild_id, channel in ((FIRST, HERE), (SECOND, THERE)):
        manager = create_actor(guild_id=guild_id, manager=True)
        changes = {"post_channel_id": int(channel), "quiet_from_minute": None, "quiet_to_minute": None}
        database.run_here(changing.change_guild_settings, manager, changes=changes, now=datetime.now(UTC))


def add(server: Wire, statement: str = "GPT-6 is released", **how: Any) -> State:
    """Add a prediction: ask for it, and post it once its card was shown."""
    asked = ask(server, statement, **how)
    return asked if asked["answer"] is None else post(server, asked, **how)


def ask(server: Wire, statement: str = "GPT-6 is released", **how: Any) -> State:
    """Ask for a prediction, whose card is shown to the member alone."""
    by = f"31 Dec {datetime.now(UTC).year + 1}"
    return server.slash("prediction add", statement=statement, by=by, manager=True, how=how)


def post(server: Wire, asked: State, **how: Any) -> State:
    """Post it."""
    found = re.search(r"waiting\.take:[^\"]+", json.dumps(asked["answer"]))
    return asked if found is None else server.click(found[0], on=asked["answer"]["data"], manager=True, how=how)


def said_in(state: State, channel: str) -> list[State]:
    """What everybody sees in a channel."""
    return [one for one in state["messages"].values() if one["channel_id"] == channel and not one["flags"] & 64]


def tried_in(state: State, channel: str) -> list[State]:
    return [entry for entry in state["journal"] if entry.get("path", "").endswith(f"/channels/{channel}/messages")]


@pytest.mark.parametrize("fault", ["hold", "502", "429"])
def test_a_channel_that_hangs_or_fails_holds_up_neither_others_nor_the_clock(
    server: Wire, sqlite: Database, tmp_path: Path, fault: str
) -> None:
    settle(sqlite)
    now = datetime.now(UTC)
    author = create_actor(guild_id=SECOND)
    create_prediction(sqlite, by=author, now=now - timedelta(days=1), resolves_at=now + timedelta(seconds=20))
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 1)
        server.fault(f"/channels/{HERE}/messages", fault, times=1000)
        add(server)
        server.wait_for(lambda state: tried_in(state, HERE))
        add(server, "It rains", **IN_SECOND)
        server.wait_for(lambda state: "It rains" in str(said_in(state, THERE)))
        server.wait_for(
            lambda _: values(sqlite, select(Prediction.state).order_by(Prediction.id))[0] != PredictionState.OPEN
        )
        assert said_in(server.state(), HERE) == []
        server.mend()
        server.wait_for(lambda state: said_in(state, HERE))
        server.wait_for(lambda _: None not in values(sqlite, select(OutboxMessage.sent_at)))
    assert len(said_in(server.state(), HERE)) == 1
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_twenty_servers_take_turns_and_each_channel_keeps_its_order(server: Wire, sqlite: Database, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for number in range(20):
        manager = create_actor(guild_id=FIRST + number, manager=True)
        changes = {"post_channel_id": int(HERE) + number}
        sqlite.run_here(changing.change_guild_settings, manager, changes=changes, now=now)
        for place in range(5):
            new = NewPrediction(f"Statement {place}", resolves_at=now + timedelta(days=30))
            sqlite.run_here(editing.add, manager, new=new, now=now)
    server.fault("/messages", "late", times=1000)
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda _: None not in values(sqlite, select(OutboxMessage.sent_at)))
    tried = [entry for entry in server.state()["journal"] if entry.get("path", "").endswith("/messages")]
    times_tried = Counter[str]()
    for entry in tried:
        times_tried[entry["path"]] += 1
        assert times_tried[entry["path"]] < 3 or len(times_tried) == 20, "some had three before others had one"
    assert set(times_tried.values()) == {5}
    for path in times_tried:
        said = re.findall(r"Statement (\d)", str([entry["body"] for entry in tried if entry["path"] == path]))
        assert list(dict.fromkeys(said)) == ["0", "1", "2", "3", "4"]
    took = {path: [e["at"] for e in tried if e["path"] == path] for path in {e["path"] for e in tried}}
    alone = max(times[-1] - times[0] for times in took.values())
    print(f"all {tried[-1]['at'] - tried[0]['at']:.2f} s, the slowest channel {alone:.2f} s")


def test_a_card_whose_answer_was_lost_comes_once_and_is_brought_up_to_date(
    server: Wire, sqlite: Database, tmp_path: Path
) -> None:
    settle(sqlite)
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 1)
        server.fault(f"/channels/{HERE}/messages", "store-and-drop", method="POST")
        add(server)
        server.wait_for(lambda state: said_in(state, HERE))
        server.slash("forecast", prediction="1", probability="70", user="4002")
        server.wait_for(lambda state: "**1 forecast**" in str(said_in(state, HERE)[0]))
    assert len(said_in(server.state(), HERE)) == 1


def test_a_message_whose_answer_was_lost_long_ago_is_found_by_its_mark(
    server: Wire, sqlite: Database, tmp_path: Path
) -> None:
    settle(sqlite)
    now = datetime.now(UTC)
    new = NewPrediction("GPT-6 is released", resolves_at=now + timedelta(days=30))
    sqlite.run_here(editing.add, create_actor(guild_id=FIRST, manager=True), new=new, now=now - timedelta(minutes=6))
    server.fault(f"/channels/{HERE}/messages", "store-and-drop")
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda state: said_in(state, HERE))
        server.forget()
        server.wait_for(lambda _: None not in values(sqlite, select(OutboxMessage.sent_at)))
    (card,) = said_in(server.state(), HERE)
    assert values(sqlite, select(OutboxMessage.message_id)) == [int(card["id"])]


@pytest.mark.parametrize("fault", ["store-and-drop", "drop"])
def test_an_answer_that_is_lost_says_nothing_of_a_failure_and_its_card_is_kept_up_to_date(
    server: Wire, sqlite: Database, tmp_path: Path, fault: str
) -> None:
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 1)
        asked = ask(server)
        server.fault("/callback", fault)
        post(server, asked)
        server.wait_for(lambda _: values(sqlite, select(Prediction.id)))
        server.slash("forecast", prediction="1", probability="70", user="4002")
        server.wait_for(lambda state: "**1 forecast**" in str(said_in(state, HERE)))
    assert len(values(sqlite, select(Prediction.id))) == 1
    assert "Something went wrong" not in str(server.state()["journal"])
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("again", [1, 5])
def test_what_discord_delivers_again_is_done_once(server: Wire, sqlite: Database, tmp_path: Path, again: int) -> None:
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 1)
        asked = [add(server)]
        server.wait_for(lambda _: values(sqlite, select(Prediction.id)))
        asked.append(server.slash("forecast", prediction="1", probability="70", user="4002"))
        server.wait_for(lambda _: values(sqlite, select(Forecast.id)))
        for one in asked:
            for _ in range(again):
                server.again(one["id"], fresh=True)
            server.wait_for(lambda state, one=one: str(state["journal"]).count("already done") >= asked.index(one) + 1)
    assert (len(values(sqlite, select(Prediction.id))), len(values(sqlite, select(Forecast.id)))) == (1, 1)
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_second_process_waits_as_a_spare_and_takes_over(server: Wire, shared: Database, tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(bot_process(server, database_url=url_of(shared), log=tmp_path / "first"))
        server.wait_for(lambda state: state["connected"] == 1)
        stack.enter_context(bot_process(server, database_url=url_of(shared), log=tmp_path / "second"))
        server.wait_for(lambda _: "waiting as a spare" in (tmp_path / "second").read_text())
        add(server)
        server.wait_for(lambda _: values(shared, select(Prediction.id)))
        first.kill()
        first.wait()
        server.wait_for(lambda state: state["connected"] == 0)
        server.wait_for(lambda state: state["connected"] == 1)
        add(server, "It rains")
        server.wait_for(lambda _: len(values(shared, select(Prediction.id))) == 2)
    assert "taking over" in (tmp_path / "second").read_text()
    assert "spare" not in (tmp_path / "first").read_text()


def test_what_was_asked_for_before_the_end_is_done_and_answered(server: Wire, sqlite: Database, tmp_path: Path) -> None:
    create_prediction(sqlite, now=datetime.now(UTC))
    with (
        bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log") as process,
        ThreadPoolExecutor(60) as members,
    ):
        server.wait_for(lambda state: state["connected"] == 1)
        asked = [
            members.submit(
                server.slash, "forecast", user=str(5000 + number), prediction="1", probability="70", how={"patience": 20}
            )
            for number in range(120)
        ]
        server.wait_for(
            lambda state: len([entry for entry in state["journal"] if "/callback" in entry.get("path", "")]) > 20
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        ids = {str(5000 + number): one.result()["id"] for number, one in enumerate(asked)}
    messages = server.state()["messages"]
    answered = {user for user, one in ids.items() if "You said" in str(messages.get(f"original-token-{one}"))}
    stored = {str(user) for user in values(sqlite, select(Member.user_id).join(Forecast, Forecast.member_id == Member.id))}
    assert answered == stored
    assert len(stored) > 0
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        ("/users/@me", "503", "can't reach Discord (it answers 503"),
        ("/commands", "403", "Discord didn't take the list of commands"),
        ("/commands", "503", "Discord didn't take the list of commands"),
    ],
)
def test_an_outage_at_the_start_is_waited_for(
    server: Wire, sqlite: Database, tmp_path: Path, path: str, fault: str, said: str
) -> None:
    server.fault(path, fault)
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log"):
        server.wait_for(lambda state: state["connected"] == 1)
    assert said in (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("variable", "address"),
    [("DISCORD_API_BASE", "http://127.0.0.1:9/api/v10"), ("DISCORD_GATEWAY_URL", "ws://127.0.0.1:9/gateway/")],
)
def test_without_a_network_the_bot_says_so_waits_and_can_be_stopped(
    server: Wire, sqlite: Database, tmp_path: Path, variable: str, address: str
) -> None:
    log = tmp_path / "log"
    with bot_process(server, database_url=url_of(sqlite), log=log, **{variable: address}) as process:
        server.wait_for(lambda _: "trying again in" in log.read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(
    ("token", "fault", "said"),
    [("good-token\nx", "", "DISCORD_TOKEN has a blank or a line break"), ("good-token", "403", "Discord refuses this bot")],
)
def test_what_waiting_does_not_mend_ends_with_a_sentence(
    server: Wire, sqlite: Database, tmp_path: Path, token: str, fault: str, said: str
) -> None:
    if fault:
        server.fault("/users/@me", fault)
    with bot_process(server, database_url=url_of(sqlite), log=tmp_path / "log", token=token) as process:
        assert process.wait(timeout=PATIENCE) == 2
    assert said in (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()
