from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.services.members import guilds, people
from bot.services.members.people import Nudge, PersonSettings
from bot.services.settings import changing
from db.database import Database
from db.models import Member, User
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor
from tests.rows import count, everything, rows, values

DAY = timedelta(days=1)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The morning after NOW, in UTC."""


def change(database: Database, actor: Actor, *, now: datetime = NOW, **changes: Any) -> PersonSettings:
    return database.run_here(changing.change_own_settings, actor, changes=changes, now=now).settings


def settings(database: Database, actor: Actor, *, guild_id: int = GUILD) -> PersonSettings:
    return database.read_here(people.settings_of_person, actor.user_id, guild_id=guild_id)


def set_guild_zone(database: Database, zone: str, *, guild_id: int = GUILD) -> None:
    manager = create_actor(guild_id=guild_id, manager=True)
    database.run_here(changing.change_guild_settings, manager, changes={"zone": zone}, now=NOW)


def elsewhere(actor: Actor, guild_id: int = OTHER_GUILD) -> Actor:
    return Actor(guild_id=guild_id, user_id=actor.user_id, name=actor.name)


def zone(database: Database, actor: Actor) -> str:
    return database.read_here(people.digest_zones, [actor.user_id])[actor.user_id].key


def test_who_set_nothing_is_told_of_nothing_and_has_the_guilds_zone(database: Database) -> None:
    ada = create_actor()
    assert settings(database, ada) == PersonSettings("UTC")
    set_guild_zone(database, "Europe/London")
    assert settings(database, ada) == PersonSettings("Europe/London")
    assert database.read_here(people.settings_of_person, ada.user_id) == PersonSettings("UTC")
    assert count(database, User) == 0


def test_a_change_leaves_the_other_settings_and_people_alone(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    change(database, bob, votes=True)
    assert change(database, ada, zone="europe/berlin").zone == "Europe/Berlin"
    changed = change(database, ada, stale=True, results=True)
    assert changed == settings(database, ada)
    assert (changed.zone, changed.nudges) == ("Europe/Berlin", {Nudge.STALE, Nudge.RESULTS})
    assert change(database, ada, stale=False).nudges == {Nudge.RESULTS}
    assert (settings(database, bob).zone, settings(database, bob).nudges) == (None, {Nudge.VOTES})


def test_they_are_the_same_in_all_guilds(database: Database) -> None:
    ada = create_actor()
    change(database, ada, zone="Asia/Tokyo", closing=True)
    assert settings(database, ada) == settings(database, ada, guild_id=OTHER_GUILD)
    assert change(database, elsewhere(ada), votes=True).nudges == {Nudge.CLOSING, Nudge.VOTES}
    assert count(database, User) == 1


@pytest.mark.parametrize("given", ["Mars/Phobos", "", "localtime"])
def test_a_zone_that_does_not_exist_is_refused_and_nothing_is_stored(database: Database, given: str) -> None:
    ada = create_actor()
    before = everything(database)
    with pytest.raises(Refused, match="isn't a time zone"):
        change(database, ada, zone=given, stale=True)
    assert everything(database) == before


def test_bots_are_refused(database: Database) -> None:
    with pytest.raises(Refused, match="Bots can't have settings"):
        change(database, create_actor(is_bot=True), stale=True)
    assert count(database, User) == 0


def test_a_setting_that_does_not_exist_is_a_fault_of_ours(database: Database) -> None:
    with pytest.raises(ValueError, match="unknown settings"):
        change(database, create_actor(), next_digest_at=NOW)


async def test_first_changes_at_the_same_moment_are_all_kept(database: Database) -> None:
    ada = create_actor()
    wishes: list[dict[str, Any]] = [{nudge.value: True} for nudge in Nudge] * 3
    await asyncio.gather(*(database.run(changing.change_own_settings, ada, changes=wish, now=NOW) for wish in wishes))
    assert settings(database, ada).nudges == set(Nudge)
    assert count(database, User) == 1


# When the next digest is due.


def test_it_is_due_at_the_next_nine_in_ones_own_zone(database: Database) -> None:
    ada = create_actor()
    set_guild_zone(database, "Asia/Tokyo")
    change(database, ada, zone="America/New_York")
    assert settings(database, ada).next_digest_at is None
    assert change(database, ada, stale=True).next_digest_at == datetime(2026, 3, 1, 14, tzinfo=UTC)  # 07:00 there now


def test_without_a_zone_of_ones_own_the_guilds_counts_and_else_utc(database: Database) -> None:
    assert change(database, create_actor(), votes=True).next_digest_at == NINE
    set_guild_zone(database, "Asia/Tokyo")
    assert change(database, create_actor(), votes=True).next_digest_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert change(database, create_actor(guild_id=OTHER_GUILD), votes=True).next_digest_at == NINE


def test_it_is_strictly_after_the_change(database: Database) -> None:
    assert change(database, create_actor(), now=NINE, votes=True).next_digest_at == NINE + DAY


def test_it_is_empty_when_all_are_off(database: Database) -> None:
    ada = create_actor()
    change(database, ada, stale=True, closing=True)
    assert change(database, ada, stale=False).next_digest_at == NINE
    assert change(database, ada, closing=False).next_digest_at is None
    assert change(database, ada, zone="Asia/Tokyo").next_digest_at is None


def test_another_zone_moves_it_and_another_nudge_does_not(database: Database) -> None:
    ada = create_actor()
    change(database, ada, stale=True)
    assert change(database, ada, now=NINE, votes=True).next_digest_at == NINE
    assert change(database, ada, zone="utc").next_digest_at == NINE
    assert change(database, ada, zone="Europe/Berlin").next_digest_at == NINE - timedelta(hours=1)
    assert change(database, ada, now=NINE, zone="europe/berlin").next_digest_at == NINE - timedelta(hours=1)


def test_who_had_none_on_begins_anew_and_who_had_some_goes_on(database: Database) -> None:
    ada = create_actor()
    told_until = select(User.last_digest_at)
    change(database, ada, stale=True)
    with database.engine.begin() as connection:
        connection.execute(update(User).values(last_digest_at=NOW))
    change(database, ada, votes=True, zone="Europe/Berlin")
    assert values(database, told_until) == [NOW]
    change(database, ada, votes=False, stale=False)
    assert values(database, told_until) == [NOW]
    change(database, ada, stale=True)
    assert values(database, told_until) == [None]


# Zones.


def test_the_zone_of_a_person_in_a_guild_is_their_own_or_the_guilds(database: Database) -> None:
    ada = create_actor()
    set_guild_zone(database, "Asia/Tokyo")
    for guild_id, expected in ((GUILD, "Asia/Tokyo"), (OTHER_GUILD, "UTC")):
        assert database.read_here(people.zone_of, user_id=ada.user_id, guild_id=guild_id).key == expected
    change(database, ada, zone="Europe/Berlin")
    assert database.read_here(people.zone_of, user_id=ada.user_id, guild_id=GUILD).key == "Europe/Berlin"


def test_a_digests_zone_is_ones_own_or_that_of_the_guild_one_came_to_first(database: Database) -> None:
    ada, bob = create_actor("ada"), create_actor("bob")
    set_guild_zone(database, "Asia/Tokyo")
    set_guild_zone(database, "Europe/Berlin", guild_id=OTHER_GUILD)
    change(database, ada, stale=True)
    change(database, elsewhere(ada), stale=True)
    change(database, elsewhere(bob), stale=True)
    assert (zone(database, ada), zone(database, bob)) == ("Asia/Tokyo", "Europe/Berlin")
    database.run_here(guilds.say_goodbye, GUILD, now=NOW)
    assert zone(database, ada) == "Europe/Berlin"
    with database.engine.begin() as connection:
        connection.execute(update(Member).where(Member.guild_id == OTHER_GUILD).values(forgotten_at=NOW))
    assert zone(database, ada) == "UTC"
    change(database, ada, zone="America/New_York")
    assert zone(database, ada) == "America/New_York"


def test_a_person_who_is_gone_has_no_zone(database: Database) -> None:
    ada = create_actor()
    change(database, ada, stale=True)
    with database.engine.begin() as connection:
        connection.execute(delete(User))
    assert database.read_here(people.digest_zones, [ada.user_id]) == {}
    assert rows(database, select(User.id)) == []
