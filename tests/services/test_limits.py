"""How much one member and one server can do in a while, and what they're told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.services.forecasting import forecasts, reasons
from bot.services.limits import DAY, HOUR, LIMITS, Limit, Limited, RecentWork
from bot.services.members import guilds
from bot.services.settings import changing
from db.database import Database
from tests.factories import NOW, OTHER_GUILD, create_actor, create_prediction


@pytest.fixture
def small() -> Iterator[None]:
    """The same table with small numbers, so that a test reaches them."""
    kept = dict(LIMITS)
    LIMITS.update(
        {
            Limited.PREDICTIONS: Limit(3, 5, DAY),
            Limited.OPEN_PREDICTIONS: Limit(4, 8, None),
            Limited.REASONS: Limit(2, 3, HOUR),
            Limited.CHARTS: Limit(2, 3, HOUR),
        }
    )
    yield
    LIMITS.update(kept)


@pytest.mark.usefixtures("small")
def test_a_member_adds_so_many_a_day_and_is_told_when_there_is_room_again(database: Database) -> None:
    ada = create_actor("ada")
    for hour in range(3):
        create_prediction(database, by=ada, now=NOW + timedelta(hours=hour))
    with pytest.raises(Refused) as refused:
        create_prediction(database, by=ada, now=NOW + timedelta(hours=4))
    assert str(refused.value) == "You've added 3 predictions in 1 day, and that's the most. There's room again in 20 hours."
    create_prediction(database, by=create_actor("bob"), now=NOW + timedelta(hours=4))
    create_prediction(database, by=ada, now=NOW + timedelta(hours=25))


@pytest.mark.usefixtures("small")
def test_a_server_has_its_own_limit_managers_included_and_no_other_server_feels_it(database: Database) -> None:
    manager = create_actor("mona", manager=True)
    for _ in range(5):
        create_prediction(database, by=manager)
    for actor in (manager, create_actor("bob")):
        with pytest.raises(Refused, match="This server has added 5 predictions in 1 day"):
            create_prediction(database, by=actor)
    create_prediction(database, by=create_actor("olaf", guild_id=OTHER_GUILD))


@pytest.mark.usefixtures("small")
def test_a_member_has_so_many_open_at_a_time(database: Database) -> None:
    ada = create_actor("ada")
    for day in range(4):
        create_prediction(database, by=ada, now=NOW + timedelta(days=2 * day))
    with pytest.raises(Refused) as refused:
        create_prediction(database, by=ada, now=NOW + timedelta(days=9))
    assert (
        str(refused.value) == "You have 4 predictions open, and that's the most. There's room again when one of them closes."
    )


@pytest.mark.usefixtures("small")
def test_a_member_posts_so_many_reasons_an_hour(database: Database) -> None:
    manager = create_actor("mona", manager=True)
    database.run_here(changing.change_guild_settings, manager, changes={"post_channel_id": 9}, now=NOW)
    code = create_prediction(database).code
    ada, bob = create_actor("ada"), create_actor("bob")

    def post(actor: object, minute: int) -> None:
        at = NOW + timedelta(minutes=minute)
        given = {"code": code, "values": (0.5 + minute / 1000,), "reason": "because", "now": at}
        placed = database.run_here(forecasts.place, actor, **given)  # type: ignore[arg-type]
        database.run_here(reasons.post_reason, actor, forecast_id=placed.forecast_id, now=at)  # type: ignore[arg-type]

    post(ada, 1)
    post(ada, 2)
    with pytest.raises(
        Refused, match=r"You've posted 2 reasons in 1 hour, and that's the most. There's room again in 58 minutes"
    ):
        post(ada, 3)
    post(bob, 4)
    with pytest.raises(Refused, match="This server has posted 3 reasons in 1 hour"):
        post(bob, 5)
    post(ada, 62)


@pytest.mark.usefixtures("small")
def test_work_that_leaves_nothing_behind_is_paced_too() -> None:
    pace, ada, bob = RecentWork(), create_actor("ada"), create_actor("bob")
    pace.take(ada, Limited.CHARTS, now=NOW)
    pace.take(ada, Limited.CHARTS, now=NOW + timedelta(minutes=10))
    with pytest.raises(
        Refused, match=r"You've drawn 2 charts in 1 hour, and that's the most. There's room again in 40 minutes"
    ):
        pace.take(ada, Limited.CHARTS, now=NOW + timedelta(minutes=20))
    pace.take(bob, Limited.CHARTS, now=NOW + timedelta(minutes=20))
    with pytest.raises(Refused, match="This server has drawn 3 charts"):
        pace.take(bob, Limited.CHARTS, now=NOW + timedelta(minutes=21))
    pace.take(create_actor("olaf", guild_id=OTHER_GUILD), Limited.CHARTS, now=NOW)
    pace.take(ada, Limited.CHARTS, now=NOW + timedelta(minutes=60))


def test_every_limit_has_its_words_and_a_server_never_less_than_a_member() -> None:
    assert set(LIMITS) == set(Limited)
    assert all(limit.of_guild >= limit.of_member for limit in LIMITS.values())
    assert all(len(what.value.split()) == 2 for what in Limited)


def test_a_server_chooses_how_much_a_member_does(database: Database) -> None:
    mona, ada = create_actor("mona", manager=True), create_actor("ada")
    database.run_here(changing.change_guild_settings, mona, changes={"added_a_day": 2}, now=NOW)
    create_prediction(database, by=ada)
    create_prediction(database, by=ada)
    with pytest.raises(Refused, match="You've added 2 predictions in 1 day"):
        create_prediction(database, by=ada)
    olaf = create_actor("olaf", guild_id=OTHER_GUILD)
    for _ in range(3):
        create_prediction(database, by=olaf)
    with pytest.raises(Refused, match="Choose a value from 1 to 200 for the predictions a member may add in a day"):
        database.run_here(changing.change_guild_settings, mona, changes={"added_a_day": 0}, now=NOW)


@pytest.mark.parametrize("limited", [limited for limited, limit in LIMITS.items() if limit.setting])
def test_a_servers_limit_is_at_first_the_tables(limited: Limited, database: Database) -> None:
    limit, guild_id = LIMITS[limited], create_actor("ada").guild_id
    assert limit.setting is not None
    database.run_here(guilds.welcome, guild_id, now=NOW)
    settings = database.read_here(guilds.settings_of, guild_id)
    assert getattr(settings, limit.setting) == limit.of_member == getattr(guilds.GuildSettings(), limit.setting)
