"""A member's own settings."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.services.members import people
from bot.services.members.people import Nudge, PersonSettings
from db.models import User
from tests.behaviour.conftest import World, complete, slash
from tests.rows import everything


def settings(world: World) -> PersonSettings:
    """What ada has set."""
    return world.database.read_here(people.settings_of_person, world.ada.id, guild_id=world.guild.id)


TITLES = {
    Nudge.STALE: "Old forecasts",
    Nudge.CLOSING: "Closing soon",
    Nudge.VOTES: "Votes",
    Nudge.RESULTS: "Results",
}


async def test_without_options_they_are_shown_and_nothing_is_stored(world: World) -> None:
    await slash(world.manager, world, "settings guild", zone="Europe/London")
    before = everything(world.database)
    seen = await slash(world.ada, world, "settings me")
    assert seen.is_private
    assert "### Your settings\n" in seen.text
    assert "**Time zone** the server's: Europe/London" in seen.text
    for title in TITLES.values():
        assert f"**{title}** off" in seen.text
    assert "at most one direct message a day" in seen.text
    assert "⚠️" not in seen.text
    assert everything(world.database) == before


async def test_each_setting_is_stored_and_shown(world: World) -> None:
    seen = await slash(world.ada, world, "settings me", zone="europe/berlin")
    assert seen.is_private
    assert "**Time zone** is now Europe/Berlin.\n-# It was the server's." in seen.text
    for number, nudge in enumerate(Nudge, 1):
        seen = await slash(world.ada, world, "settings me", **{nudge.value: True})
        assert seen.is_private
        assert f"**{TITLES[nudge]}** is now on." in seen.text
        assert f"**{TITLES[nudge]}** on\n" in seen.text
        assert len(settings(world).nudges) == number
    assert settings(world).nudges == set(Nudge)


async def test_every_switch_turns_on_and_off_and_is_undone(world: World) -> None:
    seen = await slash(world.ada, world, "settings me")
    for nudge, title in TITLES.items():
        seen = await seen.click("Turn on")  # the first that is off
        assert f"**{title}** is now on." in seen.text
        assert nudge in settings(world).nudges
    seen = await seen.click("Undo")
    assert settings(world).nudges == set(Nudge) - {Nudge.RESULTS}
    seen = await seen.click("Hide it")
    assert not settings(world).shows_record
    assert "**Your record** only you can see it" in seen.text
    assert (await seen.click("Undo")).is_private
    assert settings(world).shows_record


async def test_a_zone_is_chosen_or_typed(world: World) -> None:
    seen = await slash(world.ada, world, "settings me")
    seen = await seen.choose("Time zone: change…", "Asia/Tokyo")
    assert settings(world).zone == "Asia/Tokyo"
    form = await seen.choose("Time zone: change…", "another")
    assert form.form_title == "Time zone"
    assert "isn't a time zone I know" in (await form.fill_in(time_zone="Atlantis")).text
    assert settings(world).zone == "Asia/Tokyo"
    form = await seen.choose("Time zone: change…", "another")
    assert "**Time zone** is now Europe/Madrid." in (await form.fill_in(time_zone="madrid")).text
    assert settings(world).zone == "Europe/Madrid"
    await (await slash(world.ada, world, "settings me")).choose("Time zone: change…", "none")
    assert settings(world).zone is None


async def test_the_next_look_is_shown_and_goes_when_all_are_off(world: World) -> None:
    seen = await slash(world.ada, world, "settings me", zone="Europe/Berlin", closing=True)
    assert "### 2 settings changed" in seen.text
    at = settings(world).next_digest_at
    assert at is not None
    assert at == datetime(2026, 1, 1, 8, tzinfo=UTC)  # 01:00 there now
    assert f"Next one: <t:{int(at.timestamp())}:R>" in (await slash(world.ada, world, "settings me")).text
    seen = await slash(world.ada, world, "settings me", closing=False)
    assert "Next one" not in seen.text
    assert settings(world).next_digest_at is None


async def test_what_was_set_in_one_guild_is_shown_when_looked_at_again(world: World) -> None:
    await slash(world.ada, world, "settings me", zone="UTC", votes=True, results=False)
    seen = await slash(world.ada, world, "settings me")
    assert "is now" not in seen.text
    assert "**Time zone** UTC" in seen.text
    assert "**Votes** on\n" in seen.text
    assert "**Results** off\n" in seen.text


async def test_the_servers_zone_counts_again_once_one_says_so(world: World) -> None:
    await slash(world.manager, world, "settings guild", zone="Europe/London")
    await slash(world.ada, world, "settings me", zone="Asia/Tokyo", stale=True)
    await slash(world.ada, world, "settings me", closing=True)
    assert "**Time zone** Asia/Tokyo" in (await slash(world.ada, world, "settings me")).text
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
    assert "**Your record** everyone can see it" in (await slash(world.ada, world, "settings me")).text
    seen = await slash(world.ada, world, "settings me", record=False)
    assert "**Your record** is now only you can see it" in seen.text
    await slash(world.ada, world, "settings me", stale=True)
    assert not settings(world).shows_record
    await slash(world.ada, world, "settings me", record=True)
    assert settings(world).shows_record
