"""A server's settings, and who may change them."""

from __future__ import annotations

from typing import Any

import discord

from bot.services.members import guilds, people
from bot.ui.cards.settings.panel import Change, guild_panel, own_panel
from bot.ui.cards.settings.table import GROUPS, OWN
from tests import factories
from tests.behaviour.conftest import Seen, World, custom_id, forge, raw, slash, walk


async def panel(world: World, member: Any = None) -> Seen:
    """The page about posts, past the first steps."""
    return await (await slash(member or world.manager, world, "settings guild")).click("Posts")


async def pick(seen: Seen, placeholder: str, *handles: Any) -> Seen:
    """Pick channels or roles in the list with this placeholder; none clears it."""
    used = await seen.member.select(seen.message, list(handles), custom_id=custom_id(seen.message, placeholder))
    return Seen(seen.member, used)


def settings(world: World) -> guilds.GuildSettings:
    """What is stored."""
    return world.database.read_here(guilds.settings_of, world.guild.id)


async def test_each_setting_is_stored_and_shown(world: World) -> None:
    voters = world.guild.create_role("Voters")
    mods = world.guild.create_role("Forecast mods")
    channel = world.guild.create_text_channel("almanac")
    for given, name, stored, line in (
        ({"channel": channel}, "post_channel_id", channel.id, f"**Channel for posts** is now <#{channel.id}>"),
        ({"manager_role": mods}, "manager_role_id", mods.id, f"**Managers** is now <@&{mods.id}>"),
        ({"voter_role": voters}, "voter_role_id", voters.id, f"**Voters** is now <@&{voters.id}>"),
        ({"zone": "europe/berlin"}, "zone", "Europe/Berlin", "**Time zone** is now Europe/Berlin"),
        (
            {"reminders": "14, 3 0"},
            "reminder_days",
            (14, 3, 0),
            "**Reminders** is now 14 days and 3 days before, and on the date",
        ),
        ({"reminders": "off"}, "reminder_days", (), "**Reminders** is now off"),
        ({"quiet": "11pm to 7:30"}, "quiet_to_minute", 450, "**Quiet hours** is now 23:00 to 07:30"),
        ({"quiet": "off"}, "quiet_from_minute", None, "**Quiet hours** is now none"),
        ({"add": "managers"}, "members_may_add", False, "**Who can add predictions** is now managers"),
        ({"hide_author": True}, "hides_author", True, "is now hidden until you forecast"),
        ({"reveal_count": 5}, "reveal_at_count", 5, "**Reveal by number** is now 5 forecasts"),
        ({"reveal_date": "31 Jan 2026"}, "reveal_at", None, "is now after 31 Jan 2026"),
        ({"blind": False}, "is_blind", False, "off: everyone sees the crowd right away"),
    ):
        seen = await slash(world.manager, world, "settings guild", **given)
        assert seen.is_private
        assert line in seen.text, given
        if stored is not None:
            assert getattr(settings(world), name) == stored
    assert settings(world).reveal_at is not None


async def test_several_settings_change_at_once_and_each_can_be_undone(world: World) -> None:
    seen = await slash(world.manager, world, "settings guild", zone="Asia/Tokyo", add="managers", blind=False)
    assert (settings(world).zone, settings(world).members_may_add, settings(world).is_blind) == ("Asia/Tokyo", False, False)
    assert "### 3 settings changed" in seen.text
    assert seen.buttons == ["Undo", "Undo", "Undo", "All settings"]
    await seen.click("Undo")  # the first
    assert (settings(world).zone, settings(world).members_may_add, settings(world).is_blind) == ("UTC", False, False)


async def test_without_options_they_are_shown_and_nothing_changes(world: World) -> None:
    before = settings(world)
    seen = await panel(world)
    assert seen.is_private
    assert "is now" not in seen.text
    assert "until you choose a channel" in seen.text
    assert "**Time zone** UTC" in seen.text
    assert "**Voters** no role" in (await seen.click("People")).text
    assert "on: the crowd is hidden until you forecast" in (await seen.click("Crowd")).text
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
        assert "now" in seen.text
        assert all(getattr(settings(world), name) is None for name in names)
    assert settings(world) == guilds.GuildSettings()


async def test_members_may_look_but_not_change(world: World) -> None:
    looked = await slash(world.ada, world, "settings guild")
    assert "### This server's settings" in looked.text
    assert "Only managers can change these." in looked.text
    controls = [part for part in walk(raw(looked.message)) if part["type"] in (3, 5, 6, 8)]
    assert controls
    assert all(control["disabled"] for control in controls)
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
    assert "was already UTC" in (await slash(cleo, world, "settings guild", zone="UTC")).text
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
    assert "**A vote runs** is now 48 hours.\n-# It was 72 hours." in seen.text
    assert "**Quorum** is now 50%" in seen.text
    assert "**Majority** is now Three quarters" in seen.text
    assert "**Count** is now public while the vote runs" in seen.text
    stored = settings(world)
    assert (stored.vote_hours, stored.quorum_share, stored.majority_share, stored.ballots_are_secret) == (
        48,
        0.5,
        0.75,
        False,
    )
    seen = await slash(world.manager, world, "settings votes", majority_percent=67.0)
    assert "**Majority** is now Two thirds" in seen.text
    assert settings(world).majority_share == 2 / 3


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


CHOSEN = {
    "reminders": ("Posts", "Reminders: change…", "7,1,0", {"reminder_days": (7, 1, 0)}),
    "quiet": ("Posts", "Quiet hours: change…", "off", {"quiet_from_minute": None, "quiet_to_minute": None}),
    "zone": ("Posts", "Time zone: change…", "Asia/Tokyo", {"zone": "Asia/Tokyo"}),
    "count": ("Crowd", "Reveal by number: change…", "5", {"reveal_at_count": 5}),
    "share": ("Votes", "Quorum: change…", "50%", {"quorum_share": 0.5}),
    "majority": ("Votes", "Majority: change…", "75%", {"majority_share": 0.75}),
    "undecided": ("Results", "Time for managers to decide: change…", "7", {"undecided_days": 7}),
    "added": ("Limits", "Predictions a day: change…", "5", {"added_a_day": 5}),
    "reasons": ("Limits", "Reasons an hour: change…", "3", {"reasons_an_hour": 3}),
    "proposals": ("Limits", "Proposed results a day: change…", "60", {"proposals_a_day": 60}),
}


async def test_each_list_of_the_panel_changes_its_setting_and_undo_puts_it_back(world: World) -> None:
    for page, placeholder, value, expected in CHOSEN.values():
        seen = await (await slash(world.manager, world, "settings guild")).click(page)
        seen = await seen.choose(placeholder, value)
        assert seen.is_private
        assert " is now " in seen.text.splitlines()[0]
        assert {name: getattr(settings(world), name) for name in expected} == expected
        await seen.click("Undo")
        assert settings(world) == guilds.GuildSettings()


async def test_each_switch_of_the_panel_turns_and_undo_puts_it_back(world: World) -> None:
    for page, label, name in (
        ("Crowd", "Turn off", "is_blind"),
        ("Crowd", "Hide it", "hides_author"),
        ("People", "Managers only", "members_may_add"),
        ("Results", "Show it", "ballots_are_secret"),
        ("Results", "Forbid it", "interested_override"),
    ):
        before = getattr(settings(world), name)
        seen = await (await (await slash(world.manager, world, "settings guild")).click(page)).click(label)
        assert getattr(settings(world), name) is not before
        await seen.click("Undo")
        assert getattr(settings(world), name) is before


async def test_channels_and_roles_are_picked_cleared_and_put_back(world: World) -> None:
    elsewhere, role = world.guild.create_text_channel("elsewhere"), world.guild.create_role("Forecast mods")
    seen = await pick(await panel(world), "Channel for posts: choose…", elsewhere)
    assert f"**Channel for posts** is now <#{elsewhere.id}>.\n-# It was no channel." in seen.text
    assert settings(world).post_channel_id == elsewhere.id
    seen = await pick(seen, "Channel for posts: choose…")
    assert settings(world).post_channel_id is None
    await seen.click("Undo")
    assert settings(world).post_channel_id == elsewhere.id
    people = await seen.click("People")
    await pick(people, "Managers: choose…", role)
    assert settings(world).manager_role_id == role.id


async def test_a_picked_channel_that_is_closed_to_the_bot_is_named_with_what_is_missing(world: World) -> None:
    me = world.guild.me
    assert me is not None
    locked = world.guild.create_text_channel("locked", overwrites={me: discord.PermissionOverwrite(send_messages=False)})
    seen = await pick(await panel(world), "Channel for posts: choose…", locked)
    assert seen.is_private
    assert f"⚠️ I can't post in <#{locked.id}>: I need Send Messages there." in seen.text
    assert "**Channel for posts** no channel" in seen.text  # the panel shows what still holds
    assert settings(world).post_channel_id is None


async def test_two_managers_change_settings_side_by_side_and_neither_loses_anything(world: World) -> None:
    role = world.guild.create_role("Forecast mods")
    await slash(world.manager, world, "settings guild", manager_role=role)
    other = world.guild.add_member(world.env.create_user("otto"), roles=[role])
    one, two = await panel(world), await panel(world, other)
    one = await one.choose("Time zone: change…", "Asia/Tokyo")
    two = await two.choose("Reminders: change…", "7,1,0")
    assert (settings(world).zone, settings(world).reminder_days) == ("Asia/Tokyo", (7, 1, 0))
    assert "**Time zone** Asia/Tokyo" in two.text  # each sees what the other did
    two = await two.choose("Time zone: change…", "Europe/Berlin")
    one = await one.click("Undo")
    assert "changed again since then" in one.text
    assert settings(world).zone == "Europe/Berlin"
    await two.click("Undo")
    assert settings(world).zone == "Asia/Tokyo"


async def test_what_is_typed_instead_is_read_or_refused_with_the_form(world: World) -> None:
    seen = await panel(world)
    form = await seen.choose("Quiet hours: change…", "another")
    assert "I can't read “whenever” as quiet hours" in (await form.fill_in(quiet_hours="whenever")).text
    form = await seen.choose("Quiet hours: change…", "another")
    await form.fill_in(quiet_hours="11pm to 7:30")
    assert (settings(world).quiet_from_minute, settings(world).quiet_to_minute) == (1380, 450)
    votes = await (await panel(world)).click("Votes")
    form = await votes.choose("Largest quorum: change…", "another")
    assert (
        "Choose a value from 1 to 1000 for the largest quorum. You gave 0." in (await form.fill_in(largest_quorum="0")).text
    )
    form = await votes.choose("Largest quorum: change…", "another")
    assert "I can't read “many” as a whole number" in (await form.fill_in(largest_quorum="many")).text
    form = await votes.choose("Quorum: change…", "another")
    await form.fill_in(quorum="33 %")
    assert settings(world).quorum_share == 0.33


async def test_members_and_old_buttons_change_nothing(world: World) -> None:
    looked, listed = await slash(world.ada, world, "help"), await slash(world.ada, world, "settings me")
    for message, name, *values in (
        (looked.message, "setting.set:blind|off"),
        (looked.message, "setting.undo:zone|UTC|Asia/Tokyo"),
        (listed.message, "setting.choose:zone|0", "Asia/Tokyo"),
    ):
        refused = await forge(world.ada, message, name, *values)
        assert refused.is_private
        assert "Only managers can change the server's settings" in refused.text
    for name in ("setting.set:blind|maybe", "setting.set:nothing|on", "setting.undo:zone", "setting.set:zone|Atlantis"):
        refused = await forge(world.manager, (await slash(world.manager, world, "help")).message, name)
        assert refused.is_private
        assert "⚠️" in refused.text
    for name in (
        "setting.set:channel|1",
        "setting.set:manager|1",
        f"setting.set:manager|{world.guild.id}",
        "setting.set:channel|²",
    ):
        refused = await forge(world.manager, (await slash(world.manager, world, "help")).message, name)
        assert "⚠️" in refused.text
    assert settings(world) == guilds.GuildSettings()


async def test_every_page_fits_into_a_message(world: World) -> None:
    for page, (_, table) in GROUPS.items():
        everything = [Change(setting, guilds.GuildSettings().values, guilds.GuildSettings().values) for setting in table[:1]]
        if page == OWN:
            card = own_panel(people.PersonSettings("UTC"), now=world.now, changes=())
        else:
            card = guild_panel(
                guilds.GuildSettings().values, group=page, now=world.now, is_manager=True, changes=everything, stuck=1
            )
        assert card.total_children_count <= 40
        assert card.content_length() <= 4000
