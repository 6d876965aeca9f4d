from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from bot.domain.errors import NotAManager, Refused
from bot.domain.types import Actor
from bot.services.members import guilds
from bot.services.members.guilds import GuildSettings
from bot.services.settings import changing
from db.database import Database
from db.models import Guild, Member
from tests.factories import GUILD, NOW, OTHER_GUILD, create_actor, create_prediction
from tests.rows import count, everything, rows

LATER = NOW + timedelta(days=1)


def change(database: Database, actor: Actor | None = None, **changes: Any) -> GuildSettings:
    return database.run_here(
        changing.change_guild_settings, actor or create_actor(manager=True), changes=changes, now=NOW
    ).settings


def settings(database: Database, guild_id: int = GUILD) -> GuildSettings:
    return database.read_here(guilds.settings_of, guild_id)


def is_manager(database: Database, actor: Actor) -> bool:
    return database.read_here(guilds.is_manager, actor)


def test_a_guild_that_set_nothing_is_blind_and_lets_members_add(database: Database) -> None:
    assert settings(database) == GuildSettings()
    assert (settings(database).is_blind, settings(database).hides_author, settings(database).members_may_add) == (
        True,
        False,
        True,
    )
    database.run_here(guilds.welcome, GUILD, now=NOW)
    assert settings(database) == GuildSettings()


def test_who_may_manage_the_server_is_a_manager(database: Database) -> None:
    assert is_manager(database, create_actor(manager=True))
    assert not is_manager(database, create_actor())


def test_who_has_the_manager_role_is_a_manager_in_that_guild_only(database: Database) -> None:
    change(database, manager_role_id=77)
    assert is_manager(database, create_actor(role_ids=frozenset({76, 77})))
    assert not is_manager(database, create_actor(role_ids=frozenset({76})))
    assert not is_manager(database, create_actor(guild_id=OTHER_GUILD, role_ids=frozenset({77})))
    change(database, manager_role_id=None)
    assert not is_manager(database, create_actor(role_ids=frozenset({77})))


def test_only_managers_change_settings(database: Database) -> None:
    before = everything(database)
    with pytest.raises(
        NotAManager, match=r"Only managers can change the server's settings\. They're members with Manage Server"
    ):
        change(database, create_actor(), is_blind=False)
    assert everything(database) == before
    change(database, manager_role_id=77)
    assert not change(database, create_actor(role_ids=frozenset({77})), is_blind=False).is_blind


def test_a_change_leaves_the_other_settings_and_guilds_alone(database: Database) -> None:
    changed = change(
        database, zone="europe/berlin", hides_author=True, post_channel_id=9, reveal_at_count=5, reveal_at=LATER
    )
    expected = GuildSettings(zone="Europe/Berlin", hides_author=True, post_channel_id=9, reveal_at_count=5, reveal_at=LATER)
    assert changed == settings(database) == expected
    assert settings(database, OTHER_GUILD) == GuildSettings()
    assert change(database, reveal_at_count=None).reveal_at_count is None
    assert settings(database).zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zone": "Mars/Phobos"}, r"“Mars/Phobos” isn't a time zone I know\. Write one like Europe/Berlin"),
        ({"zone": ""}, "isn't a time zone"),
        ({"reveal_at_count": 0}, r"Choose 1 to 1000 forecasts, or leave it out\. You gave 0\."),
        ({"reveal_at_count": 1001}, "You gave 1001"),
    ],
)
def test_a_bad_setting_is_refused_and_none_is_changed(database: Database, changes: dict[str, Any], sentence: str) -> None:
    before = everything(database)
    with pytest.raises(Refused, match=sentence):
        change(database, is_blind=False, **changes)
    assert everything(database) == before


def test_a_setting_that_does_not_exist_is_a_fault_of_ours(database: Database) -> None:
    with pytest.raises(ValueError, match="unknown settings"):
        change(database, next_code=1)
    with pytest.raises(StatementError, match="naive datetime"):
        change(database, reveal_at=datetime(2026, 3, 1))  # noqa: DTZ001


def test_a_member_has_one_row_in_each_guild(database: Database) -> None:
    ada = create_actor("ada")
    elsewhere = Actor(guild_id=OTHER_GUILD, user_id=ada.user_id, name="ada")
    assert database.read_here(guilds.known_member, ada) is None
    first = database.run_here(guilds.member_of, ada, now=NOW)
    assert database.run_here(guilds.member_of, ada, now=LATER) == first
    assert database.read_here(guilds.known_member, ada) == first
    assert database.run_here(guilds.member_of, elsewhere, now=NOW) != first
    found = rows(database, select(Member.guild_id, Member.user_id, Member.name, Member.created_at).order_by(Member.id))
    assert found == [(GUILD, ada.user_id, "ada", NOW), (OTHER_GUILD, ada.user_id, "ada", NOW)]


def test_a_bot_is_no_member(database: Database) -> None:
    with pytest.raises(Refused, match="Bots can't forecast here"):
        database.run_here(guilds.member_of, create_actor(is_bot=True), now=NOW)
    assert count(database, Member) == 0


async def test_first_actions_at_the_same_moment_make_one_member(database: Database) -> None:
    ada = create_actor("x" * 300)
    made = await asyncio.gather(*(database.run(guilds.member_of, ada, now=NOW) for _ in range(10)))
    assert len(set(made)) == 1
    assert rows(database, select(Member.name)) == [("x" * 100,)]


def test_a_guild_that_comes_back_keeps_everything(database: Database) -> None:
    change(database, zone="Asia/Tokyo")
    create_prediction(database)
    database.run_here(guilds.say_goodbye, GUILD, now=LATER)
    assert rows(database, select(Guild.left_at)) == [(LATER,)]
    database.run_here(guilds.welcome, GUILD, now=LATER)
    assert rows(database, select(Guild.left_at, Guild.joined_at)) == [(None, NOW)]
    assert settings(database).zone == "Asia/Tokyo"
    assert create_prediction(database).code == 2


def test_a_goodbye_of_an_unknown_guild_is_nothing(database: Database) -> None:
    database.run_here(guilds.say_goodbye, GUILD, now=NOW)
    assert count(database, Guild) == 0
