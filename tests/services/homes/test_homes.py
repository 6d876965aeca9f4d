"""Which homes are missing, which come first, and what a channel, a post or a right that is lost does to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.errors import NotAManager, Refused
from bot.domain.homes import Stage
from bot.services import outbox
from bot.services.homes import card_homes, making, places
from bot.services.homes.card_homes import HomeThread
from bot.services.homes.making import IN_A_CHANNEL, IN_A_FORUM, LOOK_AGAIN, HomesMade
from bot.services.homes.places import HomeChannel
from bot.services.outbox import MessageKind
from bot.services.settings import changing
from db.database import Database
from db.models import ChannelTrouble, Guild, OutboxMessage, PostedCard, Prediction
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import rows, values

FORUM, OWN, TEXT = 71, 72, 73
MONA = create_actor("mona", manager=True)


def choose(database: Database, **changes: Any) -> None:
    given = {"home_channel_id": FORUM, "home_is_forum": True, "quiet_from_minute": None, "quiet_to_minute": None} | changes
    database.run_here(changing.change_guild_settings, MONA, changes=given, now=NOW)


def make(database: Database, *, now: datetime = NOW) -> list[int]:
    """Ask for whatever is due; the predictions whose cards wait to be posted."""
    while database.run_here(making.make_next, now=now):
        pass
    waiting = select(OutboxMessage.payload).where(
        OutboxMessage.kind == MessageKind.POST_CARD, OutboxMessage.sent_at.is_(None), OutboxMessage.buried_at.is_(None)
    )
    return [payload["prediction_id"] for payload in values(database, waiting.order_by(OutboxMessage.id))]


def post(database: Database, prediction_id: int, *, forum: int = FORUM, now: datetime = NOW) -> None:
    """The home is on Discord."""
    (message_id,) = values(
        database, select(OutboxMessage.id).where(OutboxMessage.dedupe_key == f"{MessageKind.POST_CARD}:{prediction_id}")
    )
    thread = HomeThread(900 + prediction_id, forum, Stage.OPEN, "look")
    here: dict[str, Any] = {"channel_id": 900 + prediction_id, "message_id": 900 + prediction_id}
    database.run_here(card_homes.note_card, prediction_id=prediction_id, thread=thread, now=now, **here)
    database.run_here(outbox.mark_sent, message_id, now=now, channel_id=here["channel_id"], discord_id=here["message_id"])


def test_the_soonest_date_comes_first_and_the_next_one_only_after_a_while(database: Database) -> None:
    choose(database)
    for days in (30, 10, 20):
        create_prediction(database, resolves_at=NOW + timedelta(days=days))
    database.run_here(lambda session: session.execute(update(OutboxMessage).values(buried_at=NOW, dedupe_key=None)))
    late, soon, middle = values(database, select(Prediction.id).order_by(Prediction.id))
    database.run_here(outbox.ask_for_homes, [GUILD], now=NOW)
    assert make(database) == [soon]
    post(database, soon)
    assert make(database, now=NOW + IN_A_FORUM / 2) == []
    assert database.read_here(making.next_due_at) == NOW + IN_A_FORUM
    assert make(database, now=NOW + IN_A_FORUM) == [middle]
    assert database.read_here(making.homes_made, GUILD) == HomesMade(1, 3)
    assert make(database, now=NOW + 2 * IN_A_FORUM) == [middle, late]
    assert make(database, now=NOW + 3 * IN_A_FORUM) == [middle, late]
    assert values(database, select(Guild.next_home_at)) == [None]


def test_what_does_not_arrive_is_waited_for(database: Database) -> None:
    choose(database)
    load(database, create_document(*({} for _ in range(9))))
    for step in range(making.MOST_ON_THEIR_WAY + 1):
        make(database, now=NOW + step * IN_A_FORUM)
    assert len(make(database, now=NOW + 4 * IN_A_FORUM)) == making.MOST_ON_THEIR_WAY
    (again,) = values(database, select(Guild.next_home_at))
    assert again == NOW + making.MOST_ON_THEIR_WAY * IN_A_FORUM + LOOK_AGAIN


def test_a_text_channel_gets_them_far_apart_and_never_in_quiet_hours(database: Database) -> None:
    choose(database, home_channel_id=TEXT, home_is_forum=False, quiet_from_minute=12 * 60 + 10, quiet_to_minute=13 * 60)
    load(database, create_document({}, {}))
    assert len(make(database)) == 1
    assert len(make(database, now=NOW + IN_A_CHANNEL)) == 1
    assert values(database, select(Guild.next_home_at)) == [NOW + timedelta(hours=1)]
    assert len(make(database, now=NOW + timedelta(hours=1))) == 2


def test_without_a_channel_for_homes_none_are_made(database: Database) -> None:
    choose(database, home_channel_id=None, home_is_forum=False, post_channel_id=TEXT)
    load(database, create_document({}))
    assert values(database, select(Guild.next_home_at)) == [None]
    assert database.read_here(making.homes_made, GUILD) == HomesMade(0, 0)


def test_a_pack_wins_over_a_tag_and_a_tag_over_the_server(database: Database) -> None:
    choose(database)
    load(database, create_document({"tags": ["ai"]}), slug="first")
    load(database, create_document({"tags": ["ai"]}), slug="second")
    load(database, create_document({}), slug="third")
    for place in (
        {"pack": "first", "tag": None, "channel": HomeChannel(TEXT, False)},
        {"pack": None, "tag": "AI ", "channel": HomeChannel(OWN, True)},
    ):
        database.run_here(places.choose_place, MONA, now=NOW, **place)
    found = [
        database.read_here(places.place_of, one) for one in values(database, select(Prediction.id).order_by(Prediction.id))
    ]
    assert found == [HomeChannel(TEXT, False), HomeChannel(OWN, True), HomeChannel(FORUM, True)]


def test_the_last_choice_for_a_tag_holds_and_another_servers_place_is_not_ours(database: Database) -> None:
    for channel in (OWN, TEXT):
        place = database.run_here(
            places.choose_place, MONA, pack=None, tag="ai", channel=HomeChannel(channel, True), now=NOW
        )
    assert [(one.tag, one.channel_id) for one in database.read_here(places.own_places, GUILD)] == [("ai", TEXT)]
    stranger = create_actor(guild_id=OTHER_GUILD, manager=True)
    with pytest.raises(Refused, match="removed already"):
        database.run_here(places.remove_place, stranger, place_id=place.id, now=NOW)
    with pytest.raises(NotAManager):
        database.run_here(places.remove_place, create_actor(), place_id=place.id, now=NOW)
    database.run_here(places.remove_place, MONA, place_id=place.id, now=NOW)
    assert database.read_here(places.own_places, GUILD) == []


def test_a_forum_that_is_gone_takes_its_homes_along_and_they_are_made_again(database: Database) -> None:
    choose(database)
    load(database, create_document({}, {}))
    for step in range(2):
        post(database, make(database, now=NOW + step * IN_A_FORUM)[0])
    make(database, now=NOW + 2 * IN_A_FORUM)
    database.run_here(card_homes.note_channel_gone, FORUM, now=NOW)
    assert database.read_here(making.homes_made, GUILD) == HomesMade(0, 2)
    assert len(make(database)) == 1


def test_a_channel_that_is_closed_to_us_is_left_alone_until_something_arrives_there(database: Database) -> None:
    choose(database)
    load(database, create_document({}, {}, {}))
    (first,) = make(database)
    (message_id,) = values(database, select(OutboxMessage.id).where(OutboxMessage.kind == MessageKind.POST_CARD))
    later = NOW + timedelta(hours=1)
    database.run_here(
        outbox.mark_unreachable, message_id, channel_id=FORUM, reason="I need Create Posts there", retry_at=later, now=NOW
    )
    assert make(database, now=NOW + timedelta(minutes=30)) == [first]
    assert values(database, select(Guild.next_home_at)) == [None]
    post(database, first, now=later)
    assert values(database, select(ChannelTrouble.channel_id)) == []
    assert len(make(database, now=later)) == 1


def test_a_card_without_a_thread_gives_way_to_a_post(database: Database) -> None:
    choose(database, home_channel_id=None, home_is_forum=False, post_channel_id=TEXT)
    view = create_prediction(database)
    database.run_here(card_homes.note_card, prediction_id=view.id, channel_id=TEXT, message_id=1, now=NOW)
    database.run_here(lambda session: session.execute(update(OutboxMessage).values(sent_at=NOW, dedupe_key=None)))
    choose(database)
    assert make(database) == [view.id]
    post(database, view.id)
    assert rows(database, select(PostedCard.message_id, PostedCard.is_home).order_by(PostedCard.id)) == [
        (1, False),
        (900 + view.id, True),
    ]


def test_the_tag_changes_once_when_a_date_comes_near(database: Database) -> None:
    choose(database)
    view = create_prediction(database, resolves_at=NOW + timedelta(days=10))
    post(database, view.id)
    make(database)
    assert database.read_here(making.next_due_at) == NOW + timedelta(days=3)
    assert database.run_here(making.mark_closing, now=NOW + timedelta(days=2)) == 0
    assert database.run_here(making.mark_closing, now=NOW + timedelta(days=3)) == 1
    assert database.run_here(making.mark_closing, now=NOW + timedelta(days=3)) == 0
    assert database.read_here(making.next_due_at) is None
