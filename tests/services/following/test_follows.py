from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.services.following import calls, follows, news
from bot.services.following.follows import Followable
from bot.services.forecasting import forecasts, reasons
from bot.services.members.people import FollowNews
from bot.services.outbox import DueMessage, MessageKind
from bot.services.predictions import editing
from bot.services.reminding import digests, week, weekly
from bot.services.settings import changing
from db.database import Database
from db.models import Follow, Guild, OutboxMessage
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import values

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def follow(database: Database, actor: Actor, **what: Any) -> None:
    database.run_here(follows.follow, actor, now=NOW, **what)


def told(database: Database, actor: Actor, *, until: timedelta = DAY) -> list[str]:
    """What's new for somebody in their only guild: codes with what is said of each."""
    found = database.read_here(news.news_of, user_id=actor.user_id, since=NOW, until=NOW + until, now=NOW + until)
    return [f"{one.view.code}{said(one)}" for one in found.get(actor.guild_id, ())]


def said(one: news.FollowedNews) -> str:
    parts = {
        "result": one.has_result,
        "words": one.has_new_words,
        "date": one.has_new_date,
        "move": one.move is not None,
        "reasons": one.reasons > 0,
        "new": one.is_new,
    }
    return "".join(f" {name}" for name, is_said in parts.items() if is_said)


def place(database: Database, code: int, *numbers: float, after: timedelta = timedelta(0)) -> None:
    for number in numbers:
        database.run_here(forecasts.place, create_actor(), code=code, values=(number,), now=NOW + after)


def test_all_kinds_of_news_are_found_and_each_only_in_its_span(database: Database) -> None:
    ada, manager = create_actor(), create_actor("mona", manager=True)
    for tags in (("labs",), ("labs",), ()):
        create_prediction(database, now=NOW - DAY, tags=tags)
    load(database, create_document({}), now=NOW - DAY)
    follow(database, ada, tag="labs", pack="pack")
    follow(database, ada, code=3)
    database.run_here(changing.change_guild_settings, manager, changes={"is_blind": False, "post_channel_id": 77}, now=NOW)
    place(database, 1, 0.3, 0.3, 0.3, after=-HOUR)
    place(database, 1, 0.8, 0.8, 0.8, 0.8, after=HOUR)
    writer = create_actor()
    placed = database.run_here(forecasts.place, writer, code=2, values=(0.5,), reason="Because", now=NOW + HOUR)
    database.run_here(reasons.post_reason, writer, forecast_id=placed.forecast_id, now=NOW + HOUR)
    changes = editing.PredictionChanges(statement="Reworded", resolves_at=NOW + 90 * DAY)
    database.run_here(editing.edit, manager, code=3, changes=changes, now=NOW + HOUR)
    create_prediction(database, now=NOW + HOUR, tags=("labs",))
    load(database, create_document({}, {}), now=NOW + HOUR)
    assert told(database, ada) == ["3 words date", "1 move", "2 reasons", "5 new", "6 new"]
    assert told(database, ada, until=HOUR) == []
    assert told(database, writer) == []


def test_what_is_followed_by_several_ways_is_told_once(database: Database) -> None:
    ada, manager = create_actor(), create_actor("mona", manager=True)
    create_prediction(database, now=NOW - DAY, tags=("labs", "models"))
    for what in ({"code": 1}, {"tag": "labs"}, {"tag": "models"}):
        follow(database, ada, **what)
    database.run_here(forecasts.place, ada, code=1, values=(0.5,), now=NOW)
    database.run_here(changing.change_guild_settings, manager, changes={"post_channel_id": 77}, now=NOW)
    writer = create_actor()
    placed = database.run_here(forecasts.place, writer, code=1, values=(0.5,), reason="Because", now=NOW + HOUR)
    database.run_here(reasons.post_reason, writer, forecast_id=placed.forecast_id, now=NOW + HOUR)
    found = database.read_here(news.news_of, user_id=ada.user_id, since=NOW, until=NOW + DAY, now=NOW + DAY)
    assert [(one.view.code, one.reasons) for one in found[GUILD]] == [(1, 1)]
    assert database.read_here(follows.list_followed, ada).total == 3


def test_following_twice_or_after_leaving_keeps_one_row(database: Database) -> None:
    ada = create_actor()
    create_prediction(database)
    database.run_here(forecasts.place, ada, code=1, values=(0.5,), now=NOW)
    for is_on in (True, True):
        follow(database, ada, code=1)
        assert values(database, select(Follow.is_on)) == [is_on]
    database.run_here(follows.unfollow, ada, what=Followable.PREDICTION, name="1", now=NOW)
    assert values(database, select(Follow.is_on)) == [False]
    with pytest.raises(Refused, match="don't follow that"):
        database.run_here(follows.unfollow, ada, what=Followable.PREDICTION, name="1", now=NOW)
    follow(database, ada, code=1)
    assert values(database, select(Follow.is_on)) == [True]


def test_another_guilds_tags_and_packs_bring_no_news(database: Database) -> None:
    ada = create_actor()
    create_prediction(database, now=NOW - DAY, tags=("labs",))
    follow(database, ada, tag="labs")
    outsider = create_actor(guild_id=OTHER_GUILD, manager=True)
    create_prediction(database, now=NOW + HOUR, by=outsider, tags=("labs",))
    assert told(database, ada) == []


def test_a_digest_is_queued_only_for_those_for_whom_there_may_be_news(database: Database) -> None:
    ada, bob, manager = create_actor(), create_actor(), create_actor("mona", manager=True)
    for _ in range(2):
        create_prediction(database, now=NOW - DAY)
    follow(database, ada, code=1)
    follow(database, bob, code=2)
    changes = editing.PredictionChanges(statement="Reworded")
    database.run_here(editing.edit, manager, code=1, changes=changes, now=NOW + HOUR)
    database.run_here(digests.plan, now=NOW + DAY)
    payloads = values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == "digest"))
    assert [payload["user_id"] for payload in payloads] == [ada.user_id]


def test_a_post_mentions_followers_who_asked_for_it_and_the_role_only_by_the_clock(database: Database) -> None:
    people = {name: create_actor(name) for name in ("asked", "daily", "author")}
    create_prediction(database, now=NOW - DAY, tags=("labs",))
    for name, actor in people.items():
        how = FollowNews.DAILY if name == "daily" else FollowNews.MENTION
        database.run_here(changing.change_own_settings, actor, changes={"follow_news": how}, now=NOW)
        follow(database, actor, tag="labs")
    database.run_here(changing.change_guild_settings, create_actor(manager=True), changes={"ping_role_id": 99}, now=NOW)
    new = create_prediction(database, by=people["author"], tags=("labs",))

    def called(kind: MessageKind, **payload: object) -> calls.Call:
        message = DueMessage(1, GUILD, kind, {"prediction_id": new.id} | payload, 1, NOW)
        return database.read_here(calls.call_of, message)

    asked, author = people["asked"].user_id, people["author"].user_id
    assert called(MessageKind.POST_CARD) == calls.Call((asked,), None)
    assert called(MessageKind.MOVED, user_id=asked) == calls.Call((author,), None)
    assert called(MessageKind.RESULT) == calls.Call(tuple(sorted((asked, author))), 99)
    assert called(MessageKind.RESULT, is_direct=True).role_id is None
    assert called(MessageKind.VOTE) == calls.Call((), 99)
    assert called(MessageKind.REFRESH_CARD) == calls.Call()


def test_the_week_counts_everything_and_is_queued_once(database: Database) -> None:
    manager = create_actor("mona", manager=True)
    changes = {"post_channel_id": 77, "weekly_day": 2, "zone": "Europe/Berlin"}
    database.run_here(changing.change_guild_settings, manager, changes=changes, now=NOW)
    due = NOW + timedelta(days=2, hours=19)  # NOW is Sunday noon; 08:00 in Berlin is 07:00 UTC
    assert values(database, select(Guild.next_weekly_at)) == [due]
    for _ in range(12):
        create_prediction(database, resolves_at=NOW + 8 * DAY)
    place(database, 1, 0.3, 0.4, 0.5)
    for now in (due - HOUR, due, due, due + HOUR):
        while database.run_here(weekly.plan, now=now):
            pass
    queued = values(database, select(OutboxMessage.payload).where(OutboxMessage.kind == MessageKind.WEEKLY.value))
    assert queued == [{"until": due.isoformat()}]
    found = database.read_here(week.week_of, guild_id=GUILD, until=due, now=due)
    assert found is not None
    assert (found.counts["new"], len(found.new), found.counts["closing"]) == (12, 10, 12)
    assert database.read_here(week.week_of, guild_id=OTHER_GUILD, until=due, now=due) is None
    database.run_here(changing.change_guild_settings, manager, changes={"weekly_day": None}, now=NOW)
    assert values(database, select(Guild.next_weekly_at)) == [None]
