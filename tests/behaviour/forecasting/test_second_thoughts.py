"""A gentle question where a forecast doesn't go with what the member said before; it's stored all the same."""

from __future__ import annotations

from sqlalchemy import update

from bot.domain.types import Kind, Relation
from db.models import Prediction
from tests.behaviour.conftest import World, ask, confirm, slash
from tests.factories import create_document

HOUR = 3600.0


async def test_a_jump_from_ones_own_last_is_asked_about_and_undone(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="10")
    slip = await slash(world.ada, world, "forecast", prediction="1", probability="72")
    assert "Meant it?" not in slip.text
    await slip.click("Undo")
    await world.advance(HOUR)
    jumped = await slash(world.ada, world, "forecast", prediction="1", probability="72")
    assert "That's 62 points above what you said" in jumped.text
    assert "Meant it? *Undo* takes it back." in jumped.text
    assert world.standing_of(world.ada) == (0.72,)
    undone = await jumped.click("Undo")
    assert "Meant it?" not in undone.text
    assert world.standing_of(world.ada) == (0.1,)
    near = await slash(world.ada, world, "forecast", prediction="1", probability="50")
    assert "Meant it?" not in near.text


async def test_more_than_what_it_needs_is_asked_about_from_both_sides(world: World) -> None:
    for relation, said in ((Relation.REQUIRES, "can't happen without"), (Relation.INSTANCE, "is a case of")):
        document = create_document({"id": "a"}, {"id": "b", "parent": "a", "relation": relation})
        world.load(document, slug=relation)
        parent, child = (2 * list(Relation).index(relation) - 1 + at for at in (0, 1))
        await slash(world.ada, world, "forecast", prediction=str(parent), probability="40")
        below = await slash(world.ada, world, "forecast", prediction=str(child), probability="30")
        assert "Meant it?" not in below.text
        above = await slash(world.ada, world, "forecast", prediction=str(child), probability="70")
        assert f"#{child} {said} #{parent}, and you say 70% to the one and 40% to the other. Meant it?" in above.text
        lowered = await slash(world.ada, world, "forecast", prediction=str(parent), probability="20")
        assert f"#{child} {said} #{parent}, and you say 70% to the one and 20% to the other." in lowered.text
        other = await slash(world.bob, world, "forecast", prediction=str(child), probability="90")
        assert "Meant it?" not in other.text


async def test_a_condition_and_a_consequence_bound_nothing(world: World) -> None:
    for number, relation in enumerate((Relation.CONDITIONAL, Relation.CONSEQUENCE)):
        world.load(create_document({"id": "a"}, {"id": "b", "parent": "a", "relation": relation}), slug=relation)
        await slash(world.ada, world, "forecast", prediction=str(2 * number + 1), probability="10")
        child = await slash(world.ada, world, "forecast", prediction=str(2 * number + 2), probability="55")
        assert "Meant it?" not in child.text


async def test_an_option_without_room_is_asked_about_once(world: World) -> None:
    world.create_prediction("Who leads?", kind=Kind.MULTIPLE_CHOICE)
    first = await slash(world.ada, world, "forecast", prediction="1", probability="60; 40; 0")
    assert "You left no room for “Anthropic”. Meant it?" in first.text
    again = await slash(world.ada, world, "forecast", prediction="1", probability="70; 30; 0")
    assert "Meant it?" not in again.text


async def test_what_is_asked_does_not_depend_on_the_hidden_crowd(world: World) -> None:
    answers: list[str] = []
    for crowd in (0.05, 0.95):
        view = world.create_prediction(f"Statement {crowd}")
        for _ in range(3):
            world.create_forecasts(view.code, (crowd,))
        await slash(world.ada, world, "forecast", prediction=str(view.code), probability="10")
        await world.advance(HOUR)
        jumped = await slash(world.ada, world, "forecast", prediction=str(view.code), probability="80")
        answers.append(next(line.split("<t:")[0] for line in jumped.text.splitlines() if "🤔" in line))
    assert answers[0] == answers[1]


async def test_a_prediction_can_be_added_that_only_counts_if_another_comes_true(world: World) -> None:
    world.create_prediction("The model is released")
    added = await slash(
        world.ada, world, "prediction add", **{"statement": "It tops the chart", "by": "31 Dec 2027", "if": "1"}
    )
    assert "Only counts if #1: The model is released" in added.text
    view = world.view(2)
    assert view.parent is not None
    assert (view.parent.code, view.parent.relation) == (1, Relation.CONDITIONAL)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="no", reason="Cancelled")
    assert world.view(2).outcome == "annulled"


async def test_of_a_pair_on_one_condition_the_one_that_fails_is_annulled(world: World) -> None:
    for outcome, (stays, goes) in (("yes", (2, 3)), ("no", (6, 5))):
        condition = world.create_prediction("The model is released").code
        new = {"statement": "It tops the chart", "by": "31 Dec 2027"}
        await slash(world.ada, world, "prediction add", **new, **{"if": str(condition)})
        negated = await slash(world.ada, world, "prediction add", **new, if_not=str(condition))
        assert f"Only counts if #{condition} doesn't come true: The model is released" in negated.text
        for code in (condition + 1, condition + 2):
            await slash(world.bob, world, "forecast", prediction=str(code), probability="60")
        asked = await ask(
            world.manager, world, "resolution override", prediction=str(condition), outcome=outcome, reason="Seen"
        )
        assert f"Annulled with it: #{goes}." in asked.text
        await confirm(asked)
        assert (world.view(goes).outcome, world.view(stays).is_open) == ("annulled", True)
        log = (await slash(world.bob, world, "resolution log", prediction=str(goes))).text
        assert ("didn't come true, and it did" in log) is (outcome == "yes")
        await slash(world.manager, world, "resolution reopen", prediction=str(condition), reason="Not so")
        assert world.view(goes).is_open
    both = {"if": "1", "if_not": "4"}
    refused = await slash(world.ada, world, "prediction add", statement="x", by="31 Dec 2027", **both)
    assert "Give one condition" in refused.text


async def test_a_condition_that_cannot_be_one_is_refused(world: World) -> None:
    world.create_prediction("How many?", kind=Kind.NUMERIC)
    world.create_prediction("Over already")
    await slash(world.manager, world, "resolution override", prediction="2", outcome="yes", reason="Seen")
    new = {"statement": "It tops the chart", "by": "31 Dec 2027"}
    for code, said in (("1", "isn't a yes-or-no prediction"), ("2", "is resolved already"), ("9", "no prediction #9")):
        assert said in (await slash(world.ada, world, "prediction add", **new, **{"if": code})).text
    world.change(update(Prediction).where(Prediction.code == 1).values(state="draft", kind=Kind.BINARY))
    assert "no prediction #1" in (await slash(world.ada, world, "prediction add", **new, **{"if": "1"})).text
