"""After the result: who saw it coming, and why members said what they said."""

from __future__ import annotations

from datetime import timedelta

from tests.behaviour.conftest import World, click, slash
from tests.behaviour.voting.test_votes import posted

DAY = 86400.0


async def set_out(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    world.create_prediction(resolves_at=world.now + timedelta(days=30))
    world.create_forecasts(1, (0.4,), (0.4,))


async def resolve(world: World) -> None:
    await world.advance(20 * DAY)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="It is out")
    await world.advance(60)


async def test_the_result_names_the_best_early_call_of_whoever_lets_it(world: World) -> None:
    await set_out(world)
    changed = await slash(world.ada, world, "settings me", calls=True)
    assert "**Your best call** is now named in results." in changed.text
    await world.advance(3600)
    for member, probability in ((world.ada, "85"), (world.bob, "95")):
        await slash(member, world, "forecast", prediction="1", probability=probability)
    await resolve(world)
    result = posted(world, "🏁")
    text = "\n".join(post for post in world.posts() if "🏁" in post)
    assert f"🎯 Best early call: <@{world.ada.id}>, 85% on <t:" in text
    assert "the crowd said 40% then" in text
    assert "95%" not in text, "bob didn't ask to be named"
    said = await click(world.bob, result, "Who said what")
    assert "85%" in said.text


async def test_a_member_with_a_private_record_is_not_named_as_the_best(world: World) -> None:
    await set_out(world)
    await slash(world.ada, world, "settings me", record=False)
    await slash(world.ada, world, "settings me", calls=True)
    await slash(world.ada, world, "forecast", prediction="1", probability="85")
    await resolve(world)
    text = "\n".join(post for post in world.posts() if "🏁" in post)
    assert f"<@{world.ada.id}>" not in text
    assert "Best of 3 members by peer score: an unnamed member" in text


async def test_who_said_what_has_the_reasons_of_those_it_names(world: World) -> None:
    await set_out(world)
    for member, words in ((world.ada, "A leak said so"), (world.bob, "A hunch")):
        placed = await slash(member, world, "forecast", prediction="1", probability="70", reason=words)
        await placed.click("Post my reason")
    await slash(world.manager, world, "forecast", prediction="1", probability="70", reason="For myself alone")
    await slash(world.bob, world, "settings me", record=False)
    await resolve(world)
    said = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Who said what")
    assert "> A leak said so" in said.text
    assert "A hunch" not in said.text, "it would say who the member without a name is"
    assert "For myself alone" not in said.text
    assert "> A hunch" in (await said.click("All reasons")).text
