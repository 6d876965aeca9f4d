"""Whoever added a prediction can withdraw it while nobody else has a part in it, and sees what's there already before."""

from __future__ import annotations

from tests.behaviour.conftest import World, ask, slash


async def test_ones_own_prediction_is_withdrawn_while_nobody_else_has_forecast(world: World) -> None:
    await slash(world.ada, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    asked = await ask(world.ada, world, "prediction annul", prediction="1", reason="I typed nonsense")
    assert "You're about to **annul** it" in asked.text
    assert world.view(1).is_open
    await asked.click("Annul it")
    assert world.view(1).outcome == "annulled"
    log = (await slash(world.bob, world, "resolution log", prediction="1")).text
    assert f"**Annulled** by <@{world.ada.id}>" in log
    assert "> I typed nonsense" in log


async def test_others_predictions_and_those_with_others_forecasts_are_for_managers(world: World) -> None:
    await slash(world.ada, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")
    other = await slash(world.bob, world, "prediction annul", prediction="1", reason="x")
    assert "Only managers can annul a prediction that someone else added" in other.text
    await slash(world.ada, world, "prediction add", **{"statement": "It's open", "by": "31 Dec 2027", "if": "1"})
    hanging = await slash(world.ada, world, "prediction annul", prediction="1", reason="x")
    assert "Only managers can annul a prediction that others depend on" in hanging.text
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    touched = await slash(world.ada, world, "prediction annul", prediction="1", reason="x")
    assert "Only managers can annul a prediction that others have forecast on" in touched.text
    assert world.view(1).is_open


async def test_the_three_nearest_are_shown_before_adding_and_open_beside_it(world: World) -> None:
    for number in range(4):
        world.create_prediction(f"GPT-6 is released by OpenAI before summer {2027 + number}")
    new = "GPT-6 is released by OpenAI before summer 2026"
    preview = await ask(world.ada, world, "prediction add", statement=new, by="1 Jun 2026")
    assert preview.text.count("Looks a lot like") == 3
    options = preview.options("Open a similar one…")
    assert len(options) == 3
    code = next(iter(options))
    beside = await preview.choose("Open a similar one…", code)
    assert f"#{code} · GPT-6 is released by OpenAI" in beside.text
    assert "Post it" in preview.buttons
