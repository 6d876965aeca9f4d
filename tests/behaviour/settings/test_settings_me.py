"""A member's own settings."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.services.members import people
from bot.services.members.people import Nudge, PersonSettings
from bot.ui.cards.settings.person import NUDGE_WORDS
from db.models import User
from tests.behaviour.conftest import World, complete, slash
from tests.rows import everything


def settings(world: World) -> PersonSettings:
    """What ada has set."""
    return world.database.read_here(people.settings_of_person, world.ada.id, guild_id=world.guild.id)


async def test_without_options_they_are_shown_and_nothing_is_stored(world: World) -> None:
    await slash(world.manager, world, "settings guild", zone="Europe/London")
    before = everything(world.database)
    seen = await slash(world.ada, world, "settings me")
    assert seen.is_private
    assert "### Your settings\n" in seen.text
    assert "**Time zone** the server's: Europe/London" in seen.text
    assert "**Notifications on**" not in seen.text
    for words in NUDGE_WORDS.values():
        assert f"- {words}" in seen.text
    assert "at 09:00 your time" in seen.text
    assert "⚠️" not in seen.text
    assert everything(world.database) == before


async def test_each_setting_is_stored_and_shown(world: World) -> None:
    seen = await slash(world.ada, world, "settings me", zone="europe/berlin")
    assert seen.is_private
    assert "### Your settings · saved" in seen.text
    assert "**Time zone** Europe/Berlin" in seen.text
    for number, nudge in enumerate(Nudge, 1):
        seen = await slash(world.ada, world, "settings me", **{nudge.value: True})
        assert seen.is_private
        told = seen.text.split("**Notifications on**")[1].split("**Notifications off**")[0]
        assert f"- {NUDGE_WORDS[nudge]}" in told
        assert len(settings(world).nudges) == number
    assert "**Notifications off**" not in seen.text
    assert settings(world).nudges == set(Nudge)


async def test_the_next_look_is_shown_and_goes_when_all_are_off(world: World) -> None:
    seen = await slash(world.ada, world, "settings me", zone="Europe/Berlin", closing=True)
    at = settings(world).next_digest_at
    assert at is not None
    assert at == datetime(2026, 1, 1, 8, tzinfo=UTC)  # 01:00 there now
    assert f"Next one: <t:{int(at.timestamp())}:R>" in seen.text
    seen = await slash(world.ada, world, "settings me", closing=False)
    assert "The next look" not in seen.text
    assert settings(world).next_digest_at is None


async def test_what_was_set_in_one_guild_is_shown_when_looked_at_again(world: World) -> None:
    await slash(world.ada, world, "settings me", zone="UTC", votes=True, results=False)
    seen = await slash(world.ada, world, "settings me")
    assert "saved" not in seen.text
    assert "**Time zone** UTC" in seen.text
    assert f"**Notifications on**\n- {NUDGE_WORDS[Nudge.VOTES]}\n**Notifications off**" in seen.text


async def test_the_servers_zone_counts_again_once_one_says_so(world: World) -> None:
    await slash(world.manager, world, "settings guild", zone="Europe/London")
    await slash(world.ada, world, "settings me", zone="Asia/Tokyo", stale=True)
    kept = await slash(world.ada, world, "settings me", closing=True)
    assert "**Time zone** Asia/Tokyo" in kept.text
    assert next(iter(await complete(world.ada, world, "settings me", "zone", ""))) == "the server's"
    seen = await slash(world.ada, world, "settings me", zone="The server's")
    assert "**Time zone** the server's: Europe/London" in seen.text
    looked = world.rows(select(User.next_digest_at).where(User.id == world.ada.id))
    assert [at.astimezone(ZoneInfo("Europe/London")).hour for (at,) in looked] == [9]


async def test_a_zone_that_does_not_exist_is_refused_and_nothing_is_stored(world: World) -> None:
    before = everything(world.database)
    for given in ("Atlantis", "x" * 4000, "@everyone"):
        seen = await slash(world.ada, world, "settings me", zone=given, stale=True)
        assert seen.is_private
        assert "isn't a time zone I know. Write one like Europe/Berlin" in seen.text
    assert everything(world.database) == before


async def test_zones_are_completed(world: World) -> None:
    assert "Europe/London" in await complete(world.ada, world, "settings me", "zone", "")
    assert "America/New_York" in await complete(world.ada, world, "settings me", "zone", "new york")


async def test_who_cannot_be_reached_is_told_what_to_do(world: World) -> None:
    await slash(world.ada, world, "settings me", stale=True)
    with world.database.engine.begin() as connection:
        connection.execute(update(User).values(unreachable_at=world.now))
    (at,) = world.rows(select(User.unreachable_at))[0]
    seen = await slash(world.ada, world, "settings me")
    told = f"⚠️ My last direct message to you couldn't be delivered <t:{int(at.timestamp())}:R>. "
    assert told + "To get the next one, allow direct messages from this server's members" in seen.text
    assert "⚠️" not in (await slash(world.bob, world, "settings me")).text


async def test_one_members_settings_are_not_anothers(world: World) -> None:
    await slash(world.bob, world, "settings me", zone="Asia/Tokyo", stale=True)
    assert settings(world) == PersonSettings("UTC")


async def test_ones_record_is_shown_to_others_until_one_says_otherwise(world: World) -> None:
    assert "**Record** others can see your `/profile`" in (await slash(world.ada, world, "settings me")).text
    seen = await slash(world.ada, world, "settings me", record=False)
    assert "### Your settings · saved" in seen.text
    assert "**Record** only you can see your `/profile` and `/calibration`" in seen.text
    await slash(world.ada, world, "settings me", stale=True)
    assert not settings(world).shows_record
    await slash(world.ada, world, "settings me", record=True)
    assert settings(world).shows_record
