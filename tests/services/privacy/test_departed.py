"""A server that removed the bot: its data is kept for 30 days, then deleted."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select, update

from bot.services.forecasting import forecasts
from bot.services.members import guilds
from bot.services.privacy import departed
from bot.services.settings import changing
from db.base import Base
from db.database import Database
from db.models import Guild, Import, Member, OutboxMessage, Prediction, User
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_document, create_prediction, load
from tests.rows import count, everything, rows, values
from tests.services.privacy.test_privacy import do_everything, zebediah
from tests.services.voting.polls import wake

MONTH = timedelta(days=30)


def leave(database: Database) -> None:
    database.run_here(guilds.say_goodbye, GUILD, now=NOW)


def test_everything_of_a_server_goes_30_days_after_it_was_left_and_nothing_of_others(database: Database) -> None:
    elsewhere = create_actor(guild_id=OTHER_GUILD, manager=True)
    view = create_prediction(database, by=elsewhere)
    database.run_here(forecasts.place, elsewhere, code=view.code, values=(0.3,), reason="Mine", now=NOW)
    database.run_here(changing.change_own_settings, elsewhere, changes={"zone": "Europe/Paris"}, now=NOW)
    load(database, create_document({}), guild_id=OTHER_GUILD)
    before = everything(database)
    do_everything(database, zebediah())
    load(database, create_document({}, {}), slug="another")
    with database.engine.begin() as connection:
        connection.execute(
            insert(OutboxMessage).values(
                kind="digest", payload={"user_id": zebediah().user_id}, created_at=NOW, due_at=NOW, attempts=0
            )
        )
        connection.execute(update(Guild).where(Guild.id == GUILD).values(left_at=NOW))
    pieces = 0
    while database.run_here(departed.delete_departed, now=NOW + MONTH):
        pieces += 1
    assert pieces >= 3
    assert count(database, Import) == 0
    left = everything(database)
    own = ("members", "users", "forecasts", "reasons", "adoptions")
    assert [left[name] for name in own] == [before[name] for name in own]
    assert not [
        name
        for name, table in Base.metadata.tables.items()
        if "guild_id" in table.c and GUILD in values(database, select(table.c.guild_id))
    ]
    assert zebediah().user_id not in {one.get("user_id") for one in values(database, select(OutboxMessage.payload))}


def test_a_server_that_comes_back_in_time_finds_everything(database: Database) -> None:
    create_prediction(database)
    leave(database)
    wake(database, NOW + MONTH - timedelta(microseconds=1))
    database.run_here(guilds.welcome, GUILD, now=NOW + MONTH)
    wake(database, NOW + 2 * MONTH)
    assert count(database, Prediction) == 1
    assert rows(database, select(Guild.left_at)) == [(None,)]


def test_the_30_days_count_from_the_first_sign_and_the_sweep_wakes_for_them(database: Database) -> None:
    create_prediction(database)
    leave(database)
    database.run_here(guilds.say_goodbye, GUILD, now=NOW + timedelta(days=20))
    assert database.read_here(departed.next_due_at) == NOW + MONTH
    wake(database, NOW + MONTH)
    assert (count(database, Guild), count(database, Member)) == (0, 0)
    assert database.read_here(departed.next_due_at) is None


def test_who_is_known_elsewhere_keeps_their_settings(database: Database) -> None:
    create_prediction(database)
    for guild_id in (GUILD, OTHER_GUILD):
        database.run_here(
            changing.change_own_settings, zebediah(guild_id=guild_id), changes={"zone": "Europe/Paris"}, now=NOW
        )
    here_only = create_actor()
    database.run_here(changing.change_own_settings, here_only, changes={"zone": "Europe/Paris"}, now=NOW)
    leave(database)
    wake(database, NOW + MONTH)
    assert values(database, select(User.id)) == [zebediah().user_id]


def test_a_large_server_goes_in_pieces(database: Database) -> None:
    load(database, create_document(*({} for _ in range(2 * departed.AT_ONCE + 1))))
    leave(database)
    left: list[int] = []
    while database.run_here(departed.delete_departed, now=NOW + MONTH):
        left += values(database, select(func.count()).select_from(Prediction))
    assert left == [departed.AT_ONCE + 1, 1, 0, 0]
