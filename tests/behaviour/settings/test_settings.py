"""A server's settings, and who may change them."""

from __future__ import annotations

import discord

from bot.services.members import guilds
from tests import factories
from tests.behaviour.conftest import World, slash


def settings(world: World) -> guilds.GuildSettings:
    """What is stored."""
    return world.database.read_here(guilds.settings_of, world.guild.id)


async def test_each_setting_is_stored_and_shown(world: World) -> None:
    voters = world.guild.create_role("Voters")
    mods = world.guild.create_role("Forecast mods")
    channel = world.guild.create_text_channel("almanac")
    for given, name, stored, line in (
        ({"channel": channel}, "post_channel_id", channel.id, f"**Channel for posts** <#{channel.id}>"),
        ({"manager_role": mods}, "manager_role_id", mods.id, f"members with Manage Server, and <@&{mods.id}>"),
        ({"voter_role": voters}, "voter_role_id", voters.id, f"**Voters** <@&{voters.id}>"),
        ({"zone": "europe/berlin"}, "zone", "Europe/Berlin", "**Time zone** Europe/Berlin"),
        (
            {"reminders": "14, 3 0"},
            "reminder_days",
            (14, 3, 0),
            "**Reminders** 14 days and 3 days before a date, and on the date",
        ),
        ({"reminders": "off"}, "reminder_days", (), "**Reminders** off"),
        ({"quiet": "11pm to 7:30"}, "quiet_to_minute", 450, "**Quiet hours** 23:00 to 07:30"),
        ({"quiet": "off"}, "quiet_from_minute", None, "**Quiet hours** none"),
        ({"add": "managers"}, "members_may_add", False, "**Who can add predictions** managers"),
        ({"hide_author": True}, "hides_author", True, "the author's number too"),
        ({"reveal_count": 5}, "reveal_at_count", 5, "revealed to everyone at 5 forecasts"),
        ({"reveal_date": "31 Jan 2026"}, "reveal_at", None, "revealed to everyone on <t:1769904000:D>"),
        ({"blind": False}, "is_blind", False, "off: everyone sees the crowd right away"),
    ):
        seen = await slash(world.manager, world, "settings guild", **given)
        assert seen.is_private
        assert "saved" in seen.text
        assert line in seen.text, given
        if stored is not None:
            assert getattr(settings(world), name) == stored
    assert settings(world).reveal_at is not None


async def test_several_settings_change_at_once(world: World) -> None:
    await slash(world.manager, world, "settings guild", zone="UTC", add="managers", blind=False)
    assert (settings(world).members_may_add, settings(world).is_blind) == (False, False)
    await slash(world.manager, world, "settings guild", add="all members", blind=True)
    assert (settings(world).members_may_add, settings(world).is_blind) == (True, True)


async def test_without_options_they_are_shown_and_nothing_changes(world: World) -> None:
    before = settings(world)
    seen = await slash(world.manager, world, "settings guild")
    assert seen.is_private
    assert "saved" not in seen.text
    assert "none: new cards appear where they're added" in seen.text
    assert "**Voters** all members" in seen.text
    assert "**Time zone** UTC" in seen.text
    assert "on: members see the crowd once they've forecast" in seen.text
    assert settings(world) == before


async def test_a_setting_can_be_cleared(world: World) -> None:
    role = world.guild.create_role("Role")
    await slash(
        world.manager,
        world,
        "settings guild",
        channel=world.channel,
        manager_role=role,
        voter_role=role,
        reveal_count=5,
        reveal_date="31 Jan 2026",
    )
    for clear, names in (
        ("channel for posts", ["post_channel_id"]),
        ("manager role", ["manager_role_id"]),
        ("voter role", ["voter_role_id"]),
        ("reveal at a count or date", ["reveal_at_count", "reveal_at"]),
    ):
        assert all(getattr(settings(world), name) is not None for name in names)
        seen = await slash(world.manager, world, "settings guild", clear=clear)
        assert "saved" in seen.text
        assert all(getattr(settings(world), name) is None for name in names)
    assert settings(world) == guilds.GuildSettings()


async def test_members_may_look_but_not_change(world: World) -> None:
    assert "### This server's settings" in (await slash(world.ada, world, "settings guild")).text
    for given in ({"blind": False}, {"clear": "manager role"}, {"channel": world.channel}, {"zone": "UTC"}):
        refused = await slash(world.ada, world, "settings guild", **given)
        assert refused.is_private
        assert "Only managers can change the server's settings" in refused.text
        assert "Manage Server" in refused.text
    assert settings(world) == guilds.GuildSettings()


async def test_the_manager_role_makes_managers(world: World) -> None:
    world.load(factories.create_document({"statement": "It rains"}), slug="rain", adopted=False)
    role = world.guild.create_role("Forecast mods")
    cleo = world.guild.add_member(world.env.create_user("cleo"), roles=[role])
    assert "Only managers" in (await slash(cleo, world, "pack adopt", pack="rain")).text
    assert "For managers" not in (await slash(cleo, world, "help")).text
    await slash(world.manager, world, "settings guild", manager_role=role)
    assert "is adopted" in (await slash(cleo, world, "pack adopt", pack="rain")).text
    assert "For managers" in (await slash(cleo, world, "help")).text
    assert "Changed on **#1**" in (await slash(cleo, world, "prediction edit", prediction="1", statement="It snows")).text
    assert "saved" in (await slash(cleo, world, "settings guild", zone="UTC")).text
    assert "Only managers" in (await slash(world.ada, world, "pack drop", pack="rain")).text


async def test_a_channel_in_which_the_bot_may_not_write_is_refused(world: World) -> None:
    me = world.guild.me
    assert me is not None
    for denied, name in (({"send_messages": False}, "Send Messages"), ({"view_channel": False}, "View Channel")):
        locked = world.guild.create_text_channel("locked", overwrites={me: discord.PermissionOverwrite(**denied)})
        refused = await slash(world.manager, world, "settings guild", channel=locked)
        assert refused.is_private
        assert f"I can't post in <#{locked.id}>" in refused.text
        assert name in refused.text
        assert "choose another channel" in refused.text
    assert settings(world).post_channel_id is None


async def test_what_cannot_be_is_refused(world: World) -> None:
    for given, said in (
        ({"zone": "Atlantis"}, "“Atlantis” isn't a time zone I know. Write one like Europe/Berlin"),
        ({"zone": "x" * 4000}, "isn't a time zone"),
        ({"reveal_count": 0}, "Choose 1 to 1000 forecasts, or leave it out. You gave 0."),
        ({"reveal_count": -5}, "You gave -5."),
        ({"reveal_count": 1001}, "You gave 1001."),
        ({"reveal_date": "soon"}, "I can't read “soon” as a date"),
    ):
        refused = await slash(world.manager, world, "settings guild", **given)
        assert refused.is_private
        assert said in refused.text
    assert settings(world) == guilds.GuildSettings()


async def test_one_guilds_settings_are_not_anothers(world: World) -> None:
    await slash(world.manager, world, "settings guild", blind=False)
    assert world.database.read_here(guilds.settings_of, factories.OTHER_GUILD).is_blind


async def test_how_votes_are_counted_is_stored_and_shown(world: World) -> None:
    seen = await slash(
        world.manager, world, "settings votes", hours=48, needed_percent=50.0, majority_percent=75.0, hidden_ballots=False
    )
    assert "**A vote runs** 48 hours" in seen.text
    assert "**Quorum** 50% of the members who forecast, at least 3 and at most 25 ballots" in seen.text
    assert "**Majority** Three quarters of the votes" in seen.text
    assert "**Count** public while the vote runs" in seen.text
    stored = settings(world)
    assert (stored.vote_hours, stored.quorum_share, stored.majority_share, stored.ballots_are_secret) == (
        48,
        0.5,
        0.75,
        False,
    )
    assert (await slash(world.manager, world, "settings votes", majority_percent=67.0)).text.count(
        "Two thirds of the votes"
    ) == 1


async def test_a_rule_of_votes_that_cannot_be_is_refused(world: World) -> None:
    before = settings(world)
    for given, sentence in (
        ({"majority_percent": 30.0}, "Choose a value from 50% to 100% for the majority. You gave 30%."),
        ({"hours": 0}, "Choose a value from 1 to 720 for the hours of a vote. You gave 0."),
        ({"open_at_once": 100}, "Choose a value from 3 to 25"),
    ):
        seen = await slash(world.manager, world, "settings votes", **given)
        assert sentence in seen.text
        assert seen.is_private
    assert "Only managers can" in (await slash(world.ada, world, "settings votes", hours=3)).text
    assert settings(world) == before
