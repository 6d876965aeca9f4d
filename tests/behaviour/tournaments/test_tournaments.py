"""/tournament, as managers and members see it."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from sqlalchemy import select, update

from bot.services.moderation import leaving_out
from db.models import Guild, OutboxMessage, Tournament, TournamentWinner
from tests.behaviour.conftest import Seen, World, ask, click, complete, forge, shown, slash
from tests.behaviour.homes.forums import manager_of
from tests.behaviour.scoring.test_leaderboard import decide

DAY = 86400.0
CUP = "Spring cup"
GIVES_ROLES = discord.Permissions(manage_roles=True).value


def roles_of(world: World, member: Any) -> list[int]:
    return world.env.backend.get_member(world.guild.id, member.id).role_ids


async def forbid_roles(world: World) -> None:
    """The bot may not give anyone a role."""
    mine = next(one for one in world.env.backend.get_guild(world.guild.id).roles.values() if one.managed)
    world.env.backend.edit_role(world.guild.id, mine.id, {"permissions": mine.permissions & ~(1 << 28) & ~8})
    await world.env.settle()


async def create_prize(world: World, name: str = "Champion", **given: Any) -> Any:
    """A role that the manager could give anyone by hand."""
    mods = next(one for one in world.env.backend.get_guild(world.guild.id).roles.values() if one.name == "Mods")
    world.env.backend.edit_role(world.guild.id, mods.id, {"permissions": mods.permissions | GIVES_ROLES})
    role = world.guild.create_role(name, **given)
    await world.env.settle()
    return role


async def open_channel(world: World, **more: Any) -> None:
    """Posts go to the channel, at any hour."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off", **more)


async def create(world: World, number: int = 4, **given: Any) -> Any:
    """A cup of predictions that close in 30 days, and end with it, which Ada and Bob forecast."""
    for at in range(1, number + 1):
        world.create_prediction(f"Thing {at} happens")
    which = {"name": CUP, "last_day": "in 40 days", "codes": f"1-{number}"}
    made = await slash(world.manager, world, "tournament create", **which, **given)
    for code in range(1, number + 1):
        await slash(world.ada, world, "forecast", prediction=str(code), probability="90")
        await slash(world.bob, world, "forecast", prediction=str(code), probability="30")
    return made


async def test_a_manager_sees_everything_before_it_is_created_and_members_see_it_then(world: World) -> None:
    await open_channel(world)
    world.create_prediction("Thing 1 happens")
    role = await create_prize(world)
    await forbid_roles(world)
    given = {"name": "Spring *cup*", "last_day": "31 Dec 2099", "codes": "1, 7", "role": role}
    asked = await ask(world.manager, world, "tournament create", **given)
    assert "is more than three years after it begins" in asked.text
    given["last_day"] = "in 60 days"
    asked = await ask(world.manager, world, "tournament create", **given)
    assert asked.is_private
    assert "### Create “Spring \\*cup\\*”?" in asked.text
    assert "**#1** Thing 1 happens" in asked.text
    assert "Left out: #7 is not on this server." in asked.text
    assert f"**Role for the winner** <@&{role.id}>" in asked.text
    assert f"**Its end is told** in <#{world.channel.id}>" in asked.text
    assert "A rank needs 3 predictions, and it has 1 so far." in asked.text
    assert "I need Manage Roles on this server." in asked.text
    assert world.rows(select(Tournament.id)) == []
    made = await asked.click("Create it")
    assert "### 🏆 Spring \\*cup\\*" in made.text
    listed = await slash(world.ada, world, "tournament list")
    assert "**Spring \\*cup\\*** · running" in listed.text
    opened = await listed.choose("Open one…", "1")
    assert "To take part, forecast on its predictions" in opened.text
    predictions = await opened.click("Its predictions")
    assert "🟢 #1 Thing 1 happens" in predictions.text
    assert "Thing 1 happens" in (await predictions.choose("Open one…", "1")).text


async def test_it_ends_by_the_clock_once_with_winners_a_role_and_a_post(world: World) -> None:
    await open_channel(world)
    role = await create_prize(world)
    await slash(world.ada, world, "settings me", calls=True)
    await create(world, role=role)
    await world.advance(29 * DAY)
    for code in (1, 2, 3):
        await decide(world, code)
    standings = await slash(world.ada, world, "tournament show", tournament=CUP.upper())
    assert f"**1** <@{world.ada.id}>" in standings.text
    assert "rank 1 of 2" in standings.text
    assert f"the winner gets <@&{role.id}>" in standings.text
    await slash(world.manager, world, "resolution override", prediction="4", outcome="annulled", reason="Unclear.")
    await world.advance(15 * DAY)
    told = [post for post in world.posts() if f"### 🏆 {CUP} is over" in post]
    assert len(told) == 1
    assert f"🥇 <@{world.ada.id}> · 🥈 <@{world.bob.id}>" in told[0]
    assert f"<@{world.ada.id}> has the role <@&{role.id}> now." in told[0]
    assert "3 predictions counted · 2 members ranked by peer score" in told[0]
    assert "👥 *the crowd*" in told[0]
    assert "🎯 Best early call" in told[0]
    assert "Thing" in told[0]
    assert roles_of(world, world.ada) == [role.id]
    assert roles_of(world, world.bob) == []
    await world.restart()
    await world.advance(20 * DAY)
    assert sum(f"{CUP} is over" in post for post in world.posts()) == 1
    over = await slash(world.bob, world, "tournament show", tournament=CUP)
    assert f"🥇 <@{world.ada.id}>" in over.text
    assert "**You** " in over.text
    refused = await ask(world.manager, world, "tournament end", tournament=CUP)
    assert "is over already" in refused.text


async def test_without_the_right_to_give_the_role_the_post_says_why(world: World) -> None:
    await open_channel(world)
    role = await create_prize(world)
    await forbid_roles(world)
    await create(world, role=role)
    await world.advance(29 * DAY)
    for code in (1, 2, 3, 4):
        await decide(world, code)
    await world.advance(15 * DAY)
    (told,) = [post for post in world.posts() if f"{CUP} is over" in post]
    assert f"-# To give members <@&{role.id}> I need Manage Roles on this server." in told
    assert "has the role" not in told
    assert roles_of(world, world.ada) == []
    assert "⚠️ To give members" in (await slash(world.manager, world, "tournament show", tournament=CUP)).text
    assert "⚠️" not in (await slash(world.ada, world, "tournament show", tournament=CUP)).text


async def test_it_waits_for_results_but_not_for_ever(world: World) -> None:
    await open_channel(world)
    await create(world)
    await world.advance(29 * DAY)
    for code in (1, 2, 3):
        await decide(world, code)
    await world.advance(13 * DAY)
    waiting = await slash(world.ada, world, "tournament show", tournament=CUP)
    assert "waits for 1 result" in waiting.text
    assert not any("is over" in post for post in world.posts())
    await decide(world, 4, "no")
    await world.wake()
    assert sum(f"{CUP} is over" in post for post in world.posts()) == 1
    assert "4 predictions counted" in next(post for post in world.posts() if "is over" in post)


async def test_in_quiet_hours_its_end_waits_for_the_morning(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="22:00-08:00")
    await create(world)
    await world.advance(29 * DAY)
    for code in (1, 2, 3, 4):
        await decide(world, code)
    ends_at = world.rows(select(Tournament.ends_at))[0][0]
    await world.advance((ends_at - world.now).total_seconds() + 1)
    assert world.rows(select(Tournament.closed_at))[0][0] is not None
    assert not any(f"{CUP} is over" in post for post in world.posts())
    await world.advance(8 * 3600)
    assert sum(f"{CUP} is over" in post for post in world.posts()) == 1


async def test_managers_add_and_take_out_until_it_begins_and_only_what_nobody_forecast_after(world: World) -> None:
    await create(world, 3)
    for name in ("Thing 4 happens", "Thing 5 happens"):
        world.create_prediction(name)
    await slash(world.bob, world, "forecast", prediction="4", probability="30")
    asked = await ask(world.manager, world, "tournament add", tournament=CUP, codes="3-5")
    assert "### Add 1 prediction to “Spring cup”?" in asked.text
    assert "#3 is already in it; #4 is forecast by someone already, and the tournament has begun." in asked.text
    assert "🟢 #5 Thing 5 happens" in (await asked.click("Add them")).text
    refused = await ask(world.manager, world, "tournament remove", tournament=CUP, codes="1")
    assert "Nothing changes: #1 is forecast by someone already" in refused.text
    removed = await slash(world.manager, world, "tournament remove", tournament=CUP, codes="5")
    assert "Thing 5" not in removed.text
    for command, given in (
        ("add", {"codes": "5"}),
        ("remove", {"codes": "5"}),
        ("edit", {"name": "Mine"}),
        ("end", {}),
    ):
        refused = await ask(world.ada, world, f"tournament {command}", tournament=CUP, **given)
        assert "Only managers can" in refused.text
    refused = await ask(world.ada, world, "tournament create", name="Mine", last_day="in 2 weeks")
    assert "Only managers can create tournaments." in refused.text


async def test_what_cannot_be_read_or_found_is_refused_with_a_sentence(world: World) -> None:
    await create(world, 1)
    for given, words in (
        ({"name": "spring CUP", "last_day": "in 2 weeks"}, "There's a tournament called “spring CUP”"),
        ({"name": "Next", "last_day": "soonish"}, "I can't read “soonish”"),
        ({"name": "Next", "last_day": "1 Jan 2020"}, "1 Jan 2020 is already over."),
        ({"name": "Next", "last_day": "in 2 weeks", "first_day": "1 Jan 2020"}, "can't begin in the past"),
        ({"name": "Next", "last_day": "in 2 weeks", "first_day": "in 3 weeks"}, "before it begins"),
        ({"name": "Next", "last_day": "in 2 weeks", "codes": "1; x"}, "I can't read “x” as codes"),
        ({"name": "Next", "last_day": "in 2 weeks", "codes": "1"}, "#1 is open for longer than the tournament runs"),
        ({"name": "Next", "last_day": "in 2 weeks", "tag": "none"}, "No prediction on this server has the tag “none”"),
    ):
        assert words in (await ask(world.manager, world, "tournament create", **given)).text
    admins = await create_prize(world, "Admins", permissions=discord.Permissions(administrator=True))
    given = {"name": "Next", "last_day": "in 2 weeks", "role": admins}
    assert "nobody should win it" in (await ask(world.manager, world, "tournament create", **given)).text
    assert (
        "There's no tournament called “Nope”" in (await slash(world.ada, world, "tournament show", tournament="Nope")).text
    )
    assert world.rows(select(Tournament.name)) == [(CUP,)]
    card = await slash(world.ada, world, "tournament show", tournament=CUP)
    assert "That tournament isn't on this server." in (await forge(world.ada, card.message, "tournament.page:99:0")).text
    assert "from another version" in (await forge(world.ada, card.message, "tournament.page:x")).text


async def test_until_it_begins_it_can_be_changed_and_called_off(world: World) -> None:
    world.create_prediction("Thing 1 happens")
    given = {"name": CUP, "first_day": "in 1 week", "last_day": "in 60 days", "codes": "1"}
    made = await slash(world.manager, world, "tournament create", **given)
    assert "begins <t:" in made.text
    asked = await ask(
        world.manager, world, "tournament edit", tournament=CUP, name="May cup", least=5, last_day="in 20 days"
    )
    assert "**Name** May cup" in asked.text
    assert "a rank needs 5 scored predictions" in asked.text
    assert "1 prediction would close after its end, and not count." in asked.text
    assert "### 🏆 May cup" in (await asked.click("Change it")).text
    asked = await ask(world.manager, world, "tournament end", tournament="May cup")
    assert "### Call off “May cup”?" in asked.text
    assert "“May cup” is called off." in (await asked.click("Call it off")).text
    assert world.rows(select(OutboxMessage.id).where(OutboxMessage.kind == "tournament")) == []
    assert "**May cup** · called off" in (await slash(world.ada, world, "tournament list")).text
    assert (
        "so nothing about it changes"
        in (await ask(world.manager, world, "tournament edit", tournament="May cup", name="X")).text
    )


async def test_once_it_has_begun_its_rules_stay_and_a_manager_can_end_it(world: World) -> None:
    await open_channel(world)
    await create(world)
    refused = await ask(world.manager, world, "tournament edit", tournament=CUP, least=1)
    assert "has begun, so its days, its score and how many predictions a rank needs stay" in refused.text
    assert (
        "### 🏆 Easter cup" in (await slash(world.manager, world, "tournament edit", tournament=CUP, name="Easter cup")).text
    )
    await world.advance(15 * DAY)
    for code in (1, 2, 3):
        await decide(world, code)
    asked = await ask(world.manager, world, "tournament end", tournament="Easter cup")
    assert "1 prediction without a result won't count. Who leads now wins" in asked.text
    await asked.click("End it now")
    (told,) = [post for post in world.posts() if "Easter cup is over" in post]
    assert "ended early by the managers, without waiting for 1 result" in told
    assert (
        "Didn't count: it had no result in time"
        in (await click(world.bob, next(m for m in world.messages() if "is over" in shown(m)), "Its predictions")).text
    )
    assert world.rows(select(TournamentWinner.rank).order_by(TournamentWinner.rank)) == [(1,), (2,)]


async def test_standings_are_posted_for_everyone_and_names_complete(world: World) -> None:
    await create(world)
    card = await slash(world.ada, world, "tournament show", tournament=CUP)
    posted = await card.click("Post here")
    assert not posted.is_private
    assert "[Post here]" not in posted.text
    assert await complete(world.ada, world, "tournament show", "tournament", "SPR") == {CUP: "Spring cup (running)"}


async def test_whoever_could_not_give_a_role_by_hand_cannot_make_it_a_prize(world: World) -> None:
    mods, secret = world.guild.create_role("Forecast managers"), world.guild.create_role("Board members")
    await world.env.settle()
    await open_channel(world, manager_role=mods)
    world.env.backend.add_member_role(world.guild.id, world.bob.id, mods.id)
    await create(world)
    given = {"name": "Next", "last_day": "in 2 weeks", "role": secret}
    for command in (given, {"tournament": CUP, "role": secret}):
        name = "tournament create" if "name" in command else "tournament edit"
        assert "you need Manage Roles on this server yourself" in (await ask(world.bob, world, name, **command)).text
    own = world.guild.create_text_channel("own", overwrites={world.bob: discord.PermissionOverwrite(manage_roles=True)})
    refused = Seen(world.bob, await world.bob.slash(own, "tournament create", **given))
    assert "you need Manage Roles on this server yourself" in refused.text, "in a channel it means something else"
    world.env.backend.edit_role(world.guild.id, mods.id, {"permissions": GIVES_ROLES})
    await world.env.settle()
    asked = await ask(world.bob, world, "tournament create", **given)
    world.env.backend.edit_role(world.guild.id, mods.id, {"permissions": 0})
    await world.env.settle()
    assert "you need Manage Roles" in (await asked.click("Create it")).text
    world.env.backend.edit_role(world.guild.id, mods.id, {"permissions": GIVES_ROLES})
    above = world.guild.create_role("Above")
    world.env.backend.reorder_roles(world.guild.id, [{"id": above.id, "position": 50}])
    await world.env.settle()
    refused = await ask(world.bob, world, "tournament create", **given | {"role": above})
    assert "isn't below your own highest role" in refused.text
    world.env.backend.edit_role(world.guild.id, mods.id, {"permissions": discord.Permissions(administrator=True).value})
    await world.env.settle()
    assert "Create it" in (await ask(world.bob, world, "tournament create", **given | {"role": above})).buttons
    assert world.rows(select(Tournament.name)) == [(CUP,)]


@pytest.mark.parametrize("setting", ["manager_role", "voter_role"])
async def test_a_prize_that_came_to_decide_what_its_members_may_do_is_not_given(world: World, setting: str) -> None:
    role = await create_prize(world)
    await open_channel(world)
    await create(world, role=role)
    refused = await ask(world.manager, world, "settings guild", **{setting: role})
    assert f"Whoever wins “{CUP}” gets that role" in refused.text
    world.change(update(Guild).values(**{f"{setting}_id": role.id}))
    await world.advance(29 * DAY)
    for code in (1, 2, 3, 4):
        await decide(world, code)
    await world.advance(15 * DAY)
    (told,) = [post for post in world.posts() if f"{CUP} is over" in post]
    assert "-# The managers', the voters' and everyone's role can't be won" in told
    assert roles_of(world, world.ada) == []


async def test_a_first_day_that_is_a_month_or_quarter_is_its_first(world: World) -> None:
    for first, last, days in (
        ("Q1 2031", "Q4 2031", "1 Jan – 31 Dec 2031"),
        ("Feb 2031", "Q1 2031", "1 Feb – 31 Mar 2031"),
        ("2031", "15 Jun 2031", "1 Jan – 15 Jun 2031"),
        ("3 Jan 2031", "5 Feb 2031", "3 Jan – 5 Feb 2031"),
    ):
        asked = await ask(world.manager, world, "tournament create", name="Cup", first_day=first, last_day=last)
        assert f"**Days** {days}, in UTC" in asked.text


async def test_the_post_says_that_managers_did_not_wait_for_results_after_its_last_day(world: World) -> None:
    await open_channel(world)
    await create(world)
    await world.advance(29 * DAY)
    for code in (1, 2):
        await decide(world, code)
    await world.advance(13 * DAY)
    await slash(world.manager, world, "tournament end", tournament=CUP)
    (told,) = [post for post in world.posts() if f"{CUP} is over" in post]
    assert " · ended by the managers, without waiting for 2 results · 2 predictions counted" in told


async def test_a_winner_who_is_left_out_before_the_post_gets_no_role(world: World) -> None:
    role = await create_prize(world)
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="22:00-08:00")
    await create(world, role=role)
    await world.advance(29 * DAY)
    for code in (1, 2, 3, 4):
        await decide(world, code)
    ends_at = world.rows(select(Tournament.ends_at))[0][0]
    await world.advance((ends_at - world.now).total_seconds() + 1)
    assert len(world.rows(select(TournamentWinner.rank))) == 2
    by = manager_of(world)
    world.database.run_here(leaving_out.leave_out, by, user_id=world.ada.id, now=world.now)
    await world.advance(9 * 3600)
    (told,) = [post for post in world.posts() if f"{CUP} is over" in post]
    assert f"**🥈 <@{world.bob.id}>**" in told
    assert f"<@{world.ada.id}>" not in told
    assert roles_of(world, world.ada) == roles_of(world, world.bob) == []


async def test_its_role_and_its_channel_can_be_taken_away_again(world: World) -> None:
    await open_channel(world)
    role, own = await create_prize(world), world.guild.create_text_channel("cups")
    await world.env.settle()
    await create(world, 1, role=role, channel=own)
    both = await ask(world.manager, world, "tournament edit", tournament=CUP, role=role, no_role=True)
    assert "can't be given and taken away at once" in both.text
    asked = await ask(world.manager, world, "tournament edit", tournament=CUP, no_role=True, no_channel=True)
    assert "**Role for the winner** none any more" in asked.text
    assert f"**Its end is told** in <#{world.channel.id}>" in asked.text
    await asked.click("Change it")
    assert world.rows(select(Tournament.winner_role_id, Tournament.channel_id)) == [(None, None)]
    again = await ask(world.manager, world, "tournament edit", tournament=CUP, no_role=True)
    assert "That wouldn't change anything." in again.text
