"""/moderation member: leaving a member out and taking them back in, as everybody sees it."""

from __future__ import annotations

from tests.behaviour.conftest import World, ask, shown, slash


async def test_a_member_is_left_out_told_once_and_taken_back_in(world: World) -> None:
    await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    for member, chance in ((world.ada, "20"), (world.bob, "99")):
        await slash(member, world, "forecast", prediction="1", probability=chance)
    asked = await ask(world.manager, world, "moderation member", member=world.bob, reason="Sock puppets")
    assert f"Leave <@{world.bob.id}> out?" in asked.text
    assert "1 forecast on open predictions ends now" in asked.text
    assert "> Sock puppets" in asked.text
    assert world.view(1, world.ada).forecasters == 2
    done = await asked.click("Leave them out")
    assert "is left out: 1 forecast on open predictions no longer counts" in done.text
    await world.advance(60)
    crowd = world.view(1, world.ada).crowd
    assert crowd is not None
    assert (crowd.members, crowd.values) == (1, (0.2,))
    assert "1 forecast" in world.posts()[0]
    letters = [one for one in world.bob.user.dm_channel.history() if "left you out" in shown(one)]
    assert len(letters) == 1
    refused = await slash(world.bob, world, "forecast", prediction="1", probability="50")
    assert "left you out since" in refused.text
    assert "“Sock puppets”" in refused.text
    log = (await slash(world.ada, world, "resolution log", prediction="1")).text
    assert f"**Member left out** by <@{world.manager.id}> (manager): <@{world.bob.id}>" in log
    assert "Sock puppets" not in log
    back = await slash(world.manager, world, "moderation member", member=world.bob)
    assert "is back in: 1 forecast on open predictions counts again" in back.text
    assert world.standing_of(world.bob) == (0.99,)


async def test_only_managers_leave_members_out(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="20")
    refused = await slash(world.bob, world, "moderation member", member=world.ada)
    assert "Only managers can leave members out" in refused.text
    stranger = await slash(world.manager, world, "moderation member", member=world.bob)
    assert "has never forecast or voted here" in stranger.text
