"""/moderation annul: a manager sees what goes, confirms it, and can undo it."""

from __future__ import annotations

from tests.behaviour.conftest import World, ask, slash


async def test_many_are_annulled_once_confirmed_and_undone(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    for number in range(3):
        await slash(world.manager, world, "prediction add", statement=f"Statement {number}", by="31 Dec 2027", tags="spam")
        await slash(world.ada, world, "forecast", prediction=str(number + 1), probability="70")
    asked = await ask(world.manager, world, "moderation annul", reason="Off topic", tag="spam")
    assert "Annul 3 predictions?" in asked.text
    assert "They have 3 forecasts; none will count." in asked.text
    assert "> Off topic" in asked.text
    assert world.view(1).outcome is None
    done = await asked.click("Annul 3 predictions")
    assert "Annulled: 3 predictions" in done.text
    await world.advance(60)
    announced = [post for post in world.posts() if "annulled" in post.lower() and "### 🏁" in post]
    assert len(announced) == 1
    assert [world.view(code).outcome for code in (1, 2, 3)] == ["annulled"] * 3
    undone = await done.click("Undo")
    assert "Undone: 3 predictions reopened." in undone.text
    assert [world.view(code).is_open for code in (1, 2, 3)] == [True] * 3


async def test_only_managers_annul_many(world: World) -> None:
    world.create_prediction()
    refused = await slash(world.bob, world, "moderation annul", reason="x", codes="1")
    assert "Only managers can annul predictions" in refused.text
    nothing = await slash(world.manager, world, "moderation annul", reason="x")
    assert "Choose which: give a tag, a pack, a member or codes." in nothing.text
    assert world.view(1).is_open
