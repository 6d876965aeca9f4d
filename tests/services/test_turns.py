"""Whose turn it is: guilds one after the other, channels in order, and nobody hidden behind another's flood."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.domain.when import ReminderTime
from bot.services import outbox
from bot.services.homes import card_homes
from bot.services.outbox import MessageKind
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from bot.services.reminding import reminders
from bot.services.settings import changing
from bot.services.turns import MOST_OF_A_LANE, Turn, turns
from db.database import Database
from db.models import OutboxMessage
from tests.factories import GUILD, NOW, create_actor, create_prediction

OTHER = GUILD + 1


def settle(database: Database, guild_id: int, channel_id: int) -> None:
    changes = {"post_channel_id": channel_id}
    manager = create_actor(guild_id=guild_id, manager=True)
    database.run_here(changing.change_guild_settings, manager, changes=changes, now=NOW)


def add(database: Database, guild_id: int, number: int = 1) -> None:
    """Predictions whose cards wait to be posted in the guild's channel."""
    for _ in range(number):
        new = NewPrediction("GPT-6 is released", NOW + timedelta(days=100))
        database.run_here(editing.add, create_actor(guild_id=guild_id, manager=True), new=new, now=NOW)


def due(database: Database, **given: Any) -> list[Turn]:
    return list(database.read_here(turns, now=given.get("now", NOW)))


def test_guilds_take_turns_however_much_one_of_them_has(database: Database) -> None:
    settle(database, GUILD, 71)
    settle(database, OTHER, 72)
    add(database, GUILD, 40)
    add(database, OTHER, 2)
    assert [turn.lane for turn in due(database)][:4] == [71, 72, 71, 72]
    assert len(due(database)) == MOST_OF_A_LANE + 2


def test_a_channel_with_many_messages_hides_no_other_channel_of_its_guild(database: Database) -> None:
    settle(database, GUILD, 71)
    add(database, GUILD, 80)
    database.run_here(card_homes.note_card, prediction_id=80, channel_id=73, message_id=9, now=NOW)
    database.run_here(outbox.queue_card_refresh, guild_id=GUILD, prediction_id=80, now=NOW)
    assert 73 in [turn.lane for turn in due(database)]


def test_the_messages_of_a_channel_come_in_their_order_also_after_a_failure(database: Database) -> None:
    settle(database, GUILD, 71)
    add(database, GUILD, 3)
    (first,) = database.run_here(outbox.claim_due, now=NOW, limit=1)
    assert [turn.message_id for turn in due(database)] == [first.id + 1, first.id + 2]
    later = NOW + timedelta(seconds=5)
    database.run_here(outbox.mark_failed, first.id, reason="500", retry_at=later, now=NOW)
    assert [turn.message_id for turn in due(database, now=later)] == [first.id, first.id + 1, first.id + 2]
    with database.engine.begin() as connection:
        connection.execute(update(OutboxMessage).where(OutboxMessage.id == first.id).values(attempts=5))
    assert [turn.message_id for turn in due(database, now=later)][-1] == first.id


def test_each_kind_waits_for_the_channel_or_the_person_it_goes_to(database: Database) -> None:
    settle(database, GUILD, 71)
    view = create_prediction(database, now=NOW)
    ada, bob = create_actor("ada"), create_actor("bob")
    for actor, at_home in ((ada, False), (bob, True)):
        at = ReminderTime(NOW + timedelta(minutes=1))
        database.run_here(reminders.keep, actor, code=view.code, when=at, at_home=at_home, now=NOW)
    now = NOW + timedelta(minutes=2)
    database.run_here(reminders.queue_due, now=now)
    for kind, payload in (
        (MessageKind.LADDER, {"channel_id": 2**60}),
        (MessageKind.DIGEST, {"user_id": 2**60 + 1}),
        (MessageKind.TROUBLE, {"channel_id": 71}),
        (MessageKind.VOTE_NEWS, {"vote_ids": [1]}),
        (MessageKind.PACK_ADOPTED, {"pack": "p"}),
        (MessageKind.LEFT_OUT, {"user_id": 2**60 + 2}),
        (MessageKind.DRAFT_ANSWER, {"user_id": 2**60 + 3}),
        (MessageKind.DRAFTS, {}),
        (MessageKind.REFRESH_REASON, {"channel_id": 2**60 + 4}),
        (MessageKind.TOURNAMENT, {"tournament_id": 1, "channel_id": 2**60 + 5}),
        (MessageKind.TOURNAMENT, {"tournament_id": 2, "channel_id": None}),
    ):
        guild_id = None if kind is MessageKind.DIGEST else GUILD
        database.run_here(outbox.queue, kind, guild_id=guild_id, payload=payload, due_at=now)
    lanes = {turn.message_id: turn.lane for turn in due(database, now=now)}
    known = [ada.user_id, 71, 2**60, 2**60 + 1, GUILD, 71, 71, 2**60 + 2, 2**60 + 3, GUILD, 2**60 + 4, 2**60 + 5, 71]
    assert [lanes[message_id] for message_id in sorted(lanes)][-len(known) :] == known


def test_what_nobody_can_place_waits_for_nothing(database: Database) -> None:
    for _ in range(2):
        database.run_here(outbox.queue, MessageKind.REASON, guild_id=None, payload={}, due_at=NOW)
    assert len({turn.lane for turn in due(database)}) == 2
