"""What is public of a reason, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import NotFound, Refused
from bot.domain.types import Actor
from bot.services.forecasting import forecasts, reasons
from bot.services.moderation import hiding
from bot.services.predictions import discussion, posted_reasons
from bot.services.predictions.discussion import ReasonsPage
from bot.services.settings import changing
from db.database import Database
from db.models import OutboxMessage
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.rows import values

HOUR = timedelta(hours=1)


def say(database: Database, actor: Actor, probability: float, words: str, *, hours: int = 0, posts: bool = True) -> int:
    """A forecast on #1 with a reason that is posted."""
    at = NOW + hours * HOUR
    placed = database.run_here(forecasts.place, actor, code=1, values=(probability,), reason=words, now=at)
    if posts:
        database.run_here(reasons.post_reason, actor, forecast_id=placed.forecast_id, now=at)
    return placed.forecast_id


def shown_to(database: Database, actor: Actor, **given: Any) -> ReasonsPage:
    """The list, for this member."""
    return database.read_here(discussion.show_reasons, actor, code=1, now=NOW + 99 * HOUR, **given)


@pytest.fixture
def set_out(database: Database) -> Database:
    """A prediction in a guild that has a channel for posts."""
    create_prediction(database)
    manager = create_actor(manager=True)
    database.run_here(changing.change_guild_settings, manager, changes={"post_channel_id": 77}, now=NOW)
    return database


def test_the_forecast_before_is_the_one_that_was_replaced(set_out: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    say(set_out, ada, 0.4, "First")
    say(set_out, ada, 0.7, "Then", hours=1)
    set_out.run_here(forecasts.withdraw, ada, code=1, now=NOW + 2 * HOUR)
    say(set_out, ada, 0.9, "Back again", hours=3)
    say(set_out, bob, 0.2, "Mine", hours=4)
    found = shown_to(set_out, bob).reasons
    told = [(one.words, one.before, one.values) for one in found]
    assert told == [
        ("Mine", None, (0.2,)),
        ("Back again", None, (0.9,)),
        ("Then", (0.4,), (0.7,)),
        ("First", None, (0.4,)),
    ]


def test_private_reasons_and_those_of_forgotten_members_are_in_no_list(set_out: Database) -> None:
    ada = create_actor("ada")
    say(set_out, ada, 0.4, "Only for me", posts=False)
    assert shown_to(set_out, ada).reasons == ()
    assert shown_to(set_out, ada).view.reason_count == 0


def test_numbers_are_for_those_who_may_see_the_crowd(set_out: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    say(set_out, ada, 0.4, "First")
    (hidden,) = shown_to(set_out, bob).reasons
    assert (hidden.values, hidden.before, hidden.words) == (None, None, "First")
    (own,) = shown_to(set_out, ada).reasons
    assert own.values == (0.4,)


def test_the_numbers_of_a_private_record_are_for_nobody(set_out: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    set_out.run_here(changing.change_own_settings, ada, changes={"shows_record": False}, now=NOW)
    say(set_out, ada, 0.4, "First")
    say(set_out, bob, 0.2, "Mine", hours=1)
    assert [one.values for one in shown_to(set_out, bob).reasons] == [(0.2,), None]


def test_pages_end_where_the_reasons_end(set_out: Database) -> None:
    for number in range(7):
        say(set_out, create_actor(f"member {number}"), 0.4, f"Reason {number}", hours=number)
    reader = create_actor("reader")
    page = shown_to(set_out, reader, page=99)
    assert (page.number, page.pages, len(page.reasons), page.view.reason_count) == (1, 2, 2, 7)
    assert [one.words for one in shown_to(set_out, reader).reasons] == [f"Reason {number}" for number in (6, 5, 4, 3, 2)]


def test_another_guild_sees_none_of_it(set_out: Database) -> None:
    say(set_out, create_actor("ada"), 0.4, "First")
    with pytest.raises(NotFound):
        shown_to(set_out, create_actor("olaf", guild_id=OTHER_GUILD))


def note_posted(database: Database, forecast_id: int) -> None:
    place = {"prediction_id": 1, "guild_id": GUILD, "channel_id": 77, "message_id": 2**62}
    database.run_here(hiding.note_reason_posted, forecast_id=forecast_id, now=NOW, **place)


def test_where_it_was_posted_is_remembered(set_out: Database) -> None:
    ada = create_actor("ada")
    forecast_id = say(set_out, ada, 0.4, "First")
    note_posted(set_out, forecast_id)
    (found,) = shown_to(set_out, ada).reasons
    assert (found.channel_id, found.message_id) == (77, 2**62)


def test_a_second_reason_of_a_member_is_one_more(set_out: Database) -> None:
    ada = create_actor("ada")
    say(set_out, ada, 0.4, "First")
    say(set_out, ada, 0.5, "Second", hours=1)
    assert shown_to(set_out, ada).view.reason_count == 2
    with pytest.raises(Refused):
        set_out.run_here(reasons.post_reason, ada, forecast_id=1, now=NOW)
    kinds = values(set_out, select(OutboxMessage.kind).where(OutboxMessage.guild_id == GUILD))
    assert kinds.count("reason") == 2


def test_replies_are_counted_in_their_own_guild(set_out: Database) -> None:
    ada = create_actor("ada")
    forecast_id = say(set_out, ada, 0.4, "First")
    note_posted(set_out, forecast_id)
    for guild_id, message_id in ((GUILD, 2**62), (GUILD, 2**62), (OTHER_GUILD, 2**62), (GUILD, 5)):
        set_out.run_here(posted_reasons.note_reply, guild_id=guild_id, message_id=message_id)
    (found,) = shown_to(set_out, ada).reasons
    assert found.replies == 2
