from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.services import outbox
from bot.services.forecasting import forecasts
from bot.services.homes import card_homes
from bot.services.outbox import CARD_EDIT_EVERY, LEASE, DueMessage, MessageKind
from bot.services.predictions import editing
from bot.services.predictions.editing import PredictionChanges
from db.database import Database
from db.models import OutboxMessage, PostedCard
from tests.factories import GUILD, NOW, create_actor, create_prediction
from tests.processes import crowd
from tests.rows import count, rows, values

CLAIM = """
from datetime import datetime
from db.database import Database
from bot.services import outbox

database = None

def step(line):
    global database
    url, now = line.split()
    database = database or Database(url)
    claimed = []
    while some := database.run_here(outbox.claim_due, now=datetime.fromisoformat(now), limit=3):
        claimed += [message.id for message in some]
    return claimed
"""


def queue(
    database: Database, *, due_at: datetime = NOW, payload: dict[str, Any] | None = None, key: str | None = None
) -> None:
    database.run_here(outbox.queue, MessageKind.REASON, guild_id=None, payload=payload or {}, due_at=due_at, key=key)


def claim(database: Database, *, now: datetime = NOW, limit: int = 10) -> list[DueMessage]:
    return list(database.run_here(outbox.claim_due, now=now, limit=limit))


def ids(messages: list[DueMessage]) -> list[int]:
    return [message.id for message in messages]


def next_due(database: Database) -> datetime | None:
    return database.read_here(outbox.next_due_at)


def create_home(database: Database, *, now: datetime = NOW) -> int:
    view = create_prediction(database, now=now)
    database.run_here(card_homes.note_card, prediction_id=view.id, channel_id=7, message_id=100 + view.id, now=now)
    return view.id


def refreshes(database: Database) -> list[datetime]:
    asked = select(OutboxMessage.due_at).where(OutboxMessage.kind == "refresh_card").order_by(OutboxMessage.id)
    return values(database, asked)


# Claiming


def test_a_message_is_claimed_when_its_time_has_come_and_not_before(database: Database) -> None:
    queue(database, due_at=NOW, payload={"prediction_id": 5})
    assert claim(database, now=NOW - timedelta(microseconds=1)) == []
    (message,) = claim(database)
    assert (message.kind, message.payload, message.attempts) == (MessageKind.REASON, {"prediction_id": 5}, 1)


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(database: Database) -> None:
    queue(database)
    claim(database)
    assert claim(database, now=NOW + LEASE - timedelta(microseconds=1)) == []
    (again,) = claim(database, now=NOW + LEASE)
    assert again.attempts == 2


def test_a_clock_that_stands_a_little_behind_takes_nothing_from_another_process(database: Database) -> None:
    queue(database, due_at=NOW - timedelta(minutes=5))
    claim(database)
    for behind in (timedelta(milliseconds=1), timedelta(seconds=30)):
        assert claim(database, now=NOW - behind) == []


def test_what_a_wrong_clock_claimed_for_days_is_free_when_the_clock_is_right_again(database: Database) -> None:
    queue(database)
    claim(database, now=NOW + timedelta(days=3))
    assert len(claim(database)) == 1


def test_no_more_are_claimed_than_asked_for_whatever_way_postgresql_finds_them(database: Database) -> None:
    for minutes in (3, 1, 2, 5, 4):
        queue(database, due_at=NOW + timedelta(minutes=minutes))

    def claim_row_by_row(session: Session) -> int:
        if not database.is_sqlite:
            for way in ("hashjoin", "hashagg", "mergejoin", "material", "sort"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        return len(outbox.claim_due(session, now=NOW + timedelta(hours=1), limit=2))

    assert [database.run_here(claim_row_by_row) for _ in range(4)] == [2, 2, 1, 0]


def test_the_longest_due_are_claimed_first_and_no_more_than_asked_for(database: Database) -> None:
    for minutes in (3, 1, 2, 5, 4):
        queue(database, due_at=NOW + timedelta(minutes=minutes), payload={"minutes": minutes})
    later = NOW + timedelta(hours=1)
    claimed = [[message.payload["minutes"] for message in claim(database, now=later, limit=2)] for _ in range(4)]
    assert [sorted(some) for some in claimed] == [[1, 2], [3, 4], [5], []]


def test_what_is_sent_is_never_claimed_again(database: Database) -> None:
    queue(database)
    (message,) = claim(database)
    database.run_here(outbox.mark_sent, message.id, now=NOW, channel_id=7, discord_id=8)
    assert claim(database, now=NOW + timedelta(days=1)) == []
    stored = select(OutboxMessage.sent_at, OutboxMessage.channel_id, OutboxMessage.message_id)
    assert rows(database, stored) == [(NOW, 7, 8)]
    assert next_due(database) is None


def test_what_is_sent_stays_as_it_was_first_marked(database: Database) -> None:
    queue(database)
    (message,) = claim(database)
    database.run_here(outbox.mark_sent, message.id, now=NOW, discord_id=8)
    database.run_here(outbox.mark_sent, message.id, now=NOW + LEASE, discord_id=9)
    assert rows(database, select(OutboxMessage.sent_at, OutboxMessage.message_id)) == [(NOW, 8)]


def test_a_failure_is_tried_again_at_its_time_with_its_reason_kept(database: Database) -> None:
    queue(database)
    (message,) = claim(database)
    retry_at = NOW + timedelta(seconds=10)
    database.run_here(outbox.mark_failed, message.id, reason="x" * 2000, retry_at=retry_at, now=NOW)
    assert claim(database, now=retry_at - timedelta(seconds=1)) == []
    assert next_due(database) == retry_at
    (again,) = claim(database, now=retry_at)
    assert (again.id, again.attempts) == (message.id, 2)
    assert values(database, select(OutboxMessage.failed_reason)) == ["x" * 500]


def test_a_failure_for_good_is_buried_with_its_reason(database: Database) -> None:
    queue(database)
    (message,) = claim(database)
    database.run_here(outbox.mark_failed, message.id, reason="Missing Access", retry_at=None, now=NOW)
    assert claim(database, now=NOW + timedelta(days=1)) == []
    assert next_due(database) is None
    assert rows(database, select(OutboxMessage.buried_at, OutboxMessage.failed_reason)) == [(NOW, "Missing Access")]


def test_a_failure_noticed_after_another_process_has_sent_it_changes_nothing(database: Database) -> None:
    prediction_id = create_home(database)
    refresh = {"guild_id": GUILD, "prediction_id": prediction_id}
    database.run_here(outbox.queue_card_refresh, **refresh, now=NOW)
    (slow,), (other,) = claim(database), claim(database, now=NOW + LEASE)
    database.run_here(outbox.mark_sent, other.id, now=NOW + LEASE)
    for retry_at in (NOW + 2 * LEASE, None):
        database.run_here(outbox.mark_failed, slow.id, reason="Timed out", retry_at=retry_at, now=NOW + LEASE)
    stored = select(OutboxMessage.sent_at, OutboxMessage.buried_at, OutboxMessage.failed_reason, OutboxMessage.due_at)
    assert rows(database, stored) == [(NOW + LEASE, None, None, NOW)]
    later = NOW + timedelta(hours=1)
    database.run_here(outbox.queue_card_refresh, **refresh, now=later)
    assert refreshes(database) == [NOW, later]


def test_the_next_message_is_due_when_it_may_be_claimed(database: Database) -> None:
    assert next_due(database) is None
    queue(database, due_at=NOW)
    queue(database, due_at=NOW + timedelta(hours=1))
    assert next_due(database) == NOW
    claim(database)
    assert next_due(database) == NOW + LEASE


def test_a_key_is_waiting_once(database: Database) -> None:
    for number in (1, 2):
        queue(database, key="the same", payload={"number": number})
    queue(database, key="another")
    queue(database)
    queue(database)
    assert count(database, OutboxMessage) == 4
    assert claim(database)[0].payload == {"number": 1}


async def test_no_two_claimers_of_one_process_get_the_same_message(database: Database) -> None:
    for _ in range(40):
        queue(database)
    claims = await asyncio.gather(*(database.run(outbox.claim_due, now=NOW, limit=3) for _ in range(20)))
    claimed = [message.id for some in claims for message in some]
    assert all(len(some) <= 3 for some in claims)
    assert len(claimed) == len(set(claimed)) == 40


def test_no_two_processes_get_the_same_message(database: Database) -> None:
    with crowd(CLAIM, processes=3) as processes:
        for number in range(4):
            for _ in range(40):
                queue(database)
            url, now = database.url.render_as_string(hide_password=False), NOW + number * timedelta(seconds=1)
            answers = [listed(answer) for answer in processes.all_at_once(f"{url} {now.isoformat()}")]
            claimed = [message_id for some in answers for message_id in some]
            assert sorted(claimed) == list(range(40 * number + 1, 40 * number + 41))


def listed(text: str) -> list[int]:
    return [int(part) for part in text.strip("[]").split(",") if part]


def test_a_transaction_that_fails_queues_nothing(database: Database) -> None:
    def queue_and_fail(session: Any) -> None:
        outbox.queue(session, MessageKind.REASON, guild_id=None, payload={}, due_at=NOW)
        raise RuntimeError("after queueing")

    with pytest.raises(RuntimeError):
        database.run_here(queue_and_fail)
    assert count(database, OutboxMessage) == 0


# Cards


def test_changes_within_30_seconds_of_an_edit_become_one_later_edit(database: Database) -> None:
    prediction_id = create_home(database)
    database.run_here(card_homes.note_card_edited, 1, now=NOW)
    for seconds in (1, 2, 29):
        now = NOW + timedelta(seconds=seconds)
        database.run_here(outbox.queue_card_refresh, guild_id=GUILD, prediction_id=prediction_id, now=now)
    assert refreshes(database) == [NOW + CARD_EDIT_EVERY]


def test_a_change_long_after_the_last_edit_is_shown_at_once(database: Database) -> None:
    prediction_id = create_home(database)
    now = NOW + timedelta(hours=1)
    database.run_here(outbox.queue_card_refresh, guild_id=GUILD, prediction_id=prediction_id, now=now)
    assert refreshes(database) == [now]


def test_a_change_while_the_card_is_being_edited_is_not_lost_and_waits_its_30_seconds(database: Database) -> None:
    prediction_id = create_home(database)
    refresh = {"guild_id": GUILD, "prediction_id": prediction_id}
    first, second = NOW + timedelta(minutes=1), NOW + timedelta(minutes=1, seconds=1)
    database.run_here(outbox.queue_card_refresh, **refresh, now=first)
    (held,) = claim(database, now=first)
    database.run_here(outbox.queue_card_refresh, **refresh, now=second)
    database.run_here(card_homes.note_card_edited, 1, now=second)
    database.run_here(outbox.mark_sent, held.id, now=second)
    assert refreshes(database) == [first, first + CARD_EDIT_EVERY]
    (again,) = claim(database, now=first + CARD_EDIT_EVERY)
    assert (again.kind, again.id) == (MessageKind.REFRESH_CARD, held.id + 1)


def test_nothing_is_queued_for_a_prediction_without_a_card_or_with_a_lost_one(database: Database) -> None:
    refresh = {"guild_id": GUILD, "prediction_id": create_prediction(database).id}
    database.run_here(outbox.queue_card_refresh, **refresh, now=NOW)
    assert refreshes(database) == []
    database.run_here(card_homes.note_card, prediction_id=refresh["prediction_id"], channel_id=7, message_id=8, now=NOW)
    database.run_here(card_homes.note_card_lost, 1, now=NOW)
    database.run_here(outbox.queue_card_refresh, **refresh, now=NOW)
    assert refreshes(database) == []


@pytest.mark.parametrize("act", ["forecast", "withdraw", "edit"])
def test_whatever_changes_a_card_asks_for_its_refresh(database: Database, act: str) -> None:
    create_home(database)
    ada, later = create_actor("ada", manager=True), NOW + timedelta(minutes=5)
    if act == "edit":
        database.run_here(editing.edit, ada, code=1, changes=PredictionChanges(statement="Other words"), now=later)
    else:
        database.run_here(forecasts.place, ada, code=1, values=(0.5,), now=later)
    if act == "withdraw":
        (refresh,) = claim(database, now=later)
        database.run_here(card_homes.note_card_edited, 1, now=later)
        database.run_here(outbox.mark_sent, refresh.id, now=later)
        database.run_here(forecasts.withdraw, ada, code=1, now=later)
    assert refreshes(database)[-1] == later + (CARD_EDIT_EVERY if act == "withdraw" else timedelta())


def test_the_first_card_is_home_until_it_is_lost_and_then_the_next(database: Database) -> None:
    prediction_id = create_prediction(database).id
    assert database.read_here(card_homes.home_of, prediction_id) is None
    for message_id in (8, 9, 9):
        database.run_here(card_homes.note_card, prediction_id=prediction_id, channel_id=7, message_id=message_id, now=NOW)
    home = database.read_here(card_homes.home_of, prediction_id)
    assert home is not None
    assert home.card_id is not None
    assert (home.channel_id, home.message_id) == (7, 8)
    assert count(database, PostedCard) == 2
    database.run_here(card_homes.note_card_lost, home.card_id, now=NOW)
    assert database.read_here(card_homes.home_of, prediction_id) is None
    database.run_here(card_homes.note_card, prediction_id=prediction_id, channel_id=7, message_id=10, now=NOW)
    home = database.read_here(card_homes.home_of, prediction_id)
    assert home is not None
    assert home.message_id == 10


def test_a_month_later_posts_in_channels_are_known_and_the_rest_is_gone(database: Database) -> None:
    for kind, message_id in (
        (MessageKind.CLARIFICATION, 1),
        (MessageKind.TOURNAMENT, 2),
        (MessageKind.CLARIFICATION, None),
        (MessageKind.DIGEST, 3),
        (MessageKind.REFRESH_CARD, None),
    ):
        database.run_here(outbox.queue, kind, guild_id=None, payload={"prediction_id": 1, "at": message_id}, due_at=NOW)
        (message,) = claim(database)
        place = {} if message_id is None else {"channel_id": 7, "discord_id": message_id}
        database.run_here(outbox.mark_sent, message.id, now=NOW, **place)
    database.run_here(outbox.prune, now=NOW + timedelta(days=29))
    assert count(database, OutboxMessage) == 5
    database.run_here(outbox.prune, now=NOW + timedelta(days=31))
    assert values(database, select(OutboxMessage.message_id).order_by(OutboxMessage.id)) == [1, 2]
