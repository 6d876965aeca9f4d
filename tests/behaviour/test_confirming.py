"""What others see, or what can't be taken back, is asked about first; the question says what would happen."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.domain.types import State
from db.models import Adoption, Event, Prediction
from tests import factories
from tests.behaviour.conftest import World, ask, custom_id, forge, slash

HOUR = 3600.0


def stored(world: World) -> list[object]:
    """What a question must leave as it was."""
    facts = select(Prediction.code, Prediction.state, Prediction.statement, Prediction.outcome, Prediction.resolves_at)
    return [
        *world.rows(facts.order_by(Prediction.id)),
        *world.rows(select(func.count()).select_from(Event)),
        *world.rows(select(func.count()).select_from(Adoption)),
    ]


async def decided_by_vote(world: World) -> None:
    """Three members vote Yes on #1, and the result waits for objections."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    await slash(world.manager, world, "prediction add", statement="It rains", by="2 Jan 2026")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(2 * 86400 + HOUR)
    for member in (world.ada, world.bob, world.manager):
        await (await slash(member, world, "vote", prediction="1")).click("Yes")
    await world.advance(25 * HOUR)
    assert world.view(1).state is State.PROVISIONAL


async def test_dropping_a_pack_says_what_goes_and_what_stays_with_how_many_forecasts(world: World) -> None:
    world.load(factories.create_document({}, {}, {}, title="Trends"), slug="trends")
    for member in (world.ada, world.bob):
        await slash(member, world, "forecast", prediction="2", probability="70")
    before = stored(world)
    asked = await ask(world.manager, world, "pack drop", pack="trends")
    assert asked.is_private
    assert "Drop Trends?" in asked.text
    assert "2 predictions without forecasts are annulled: #1, #3." in asked.text
    assert "1 prediction with 2 forecasts stays, on their own." in asked.text
    assert stored(world) == before
    assert "Nothing was changed" in (await asked.click("Cancel")).text
    assert stored(world) == before
    dropped = await (await ask(world.manager, world, "pack drop", pack="trends")).click("Drop it")
    assert "Trends is dropped" in dropped.text
    assert [world.view(code).state for code in (1, 2, 3)] == [State.ANNULLED, State.OPEN, State.ANNULLED]


async def test_adopting_a_pack_can_be_undone_at_once(world: World) -> None:
    world.load(factories.create_document({}, title="Trends"), slug="trends", adopted=False)
    adopted = await slash(world.manager, world, "pack adopt", pack="trends")
    asked = await adopted.click("Undo…")
    assert "1 prediction without forecasts is annulled: #1." in asked.text
    await asked.click("Drop it")
    assert world.rows(select(func.count()).select_from(Adoption))[0][0] == 0


async def test_deciding_against_the_members_vote_is_said_before_and_in_the_announcement(world: World) -> None:
    await decided_by_vote(world)
    before = stored(world)
    asked = await ask(world.manager, world, "resolution override", prediction="1", outcome="no", reason="It was dew.")
    assert asked.is_private
    assert "**Members voted otherwise.** 3 votes: Yes **3**. The announcement says so." in asked.text
    assert "You're about to decide **No**. It has 1 forecast to score." in asked.text
    assert "Everyone will see this with your reason:\n> It was dew." in asked.text
    assert "/resolution reopen" in asked.text
    assert asked.buttons == ["Decide No", "Cancel"]
    assert stored(world) == before
    decided = await asked.click("Decide No")
    assert "is decided: **No**" in decided.text
    await world.advance(60)
    assert any("Against the members' vote: 3 votes: Yes **3**." in post for post in world.posts())


async def test_deciding_as_the_members_voted_or_without_a_vote_says_nothing_of_a_vote(world: World) -> None:
    await decided_by_vote(world)
    asked = await ask(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="I saw it.")
    assert "voted otherwise" not in asked.text
    await asked.click("Decide Yes")
    world.create_prediction()
    asked = await ask(world.manager, world, "resolution override", prediction="2", outcome="no", reason="It's off.")
    assert "voted otherwise" not in asked.text
    await asked.click("Decide No")
    await world.advance(60)
    assert not any("Against the members' vote" in post for post in world.posts())


async def test_deciding_in_the_middle_of_a_vote_says_that_it_ends(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    await slash(world.manager, world, "prediction add", statement="It rains", by="2 Jan 2026")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await world.advance(2 * 86400 + HOUR)
    await (await slash(world.ada, world, "vote", prediction="1")).click("Yes")
    asked = await ask(world.manager, world, "resolution override", prediction="1", outcome="no", reason="It was dew.")
    assert "**A vote is running.** It ends without a result, and nobody sees its count." in asked.text
    assert "Yes" not in asked.text
    await asked.click("Cancel")
    assert world.view(1).state is State.VOTING


async def test_annulling_says_how_many_forecasts_go_and_what_goes_with_it(world: World) -> None:
    items = [{"id": "base", "statement": "The talks begin"}, {"statement": "They end well"}]
    items[1] |= {"parent": "base", "relation": "conditional"}
    world.load(factories.create_document(*items))
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    before = stored(world)
    asked = await ask(world.manager, world, "prediction annul", prediction="1", reason="Asked twice")
    assert "You're about to **annul** it. It has 1 forecast; none will count." in asked.text
    assert "Annulled with it: #2." in asked.text
    assert stored(world) == before
    await asked.click("Annul it")
    assert [world.view(code).state for code in (1, 2)] == [State.ANNULLED, State.ANNULLED]


async def test_withdrawing_a_result_says_which_and_how_many_scores_go(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="Seen")
    before = stored(world)
    asked = await ask(world.manager, world, "resolution reopen", prediction="1", reason="It was not so")
    assert "You're about to withdraw the result **Yes**. The scores of 1 forecast go with it." in asked.text
    assert stored(world) == before
    await asked.click("Withdraw the result")
    assert world.view(1).outcome is None


async def test_an_objection_is_asked_about_since_it_cannot_be_taken_back(world: World) -> None:
    await decided_by_vote(world)
    before = stored(world)
    asked = await ask(world.ada, world, "resolution object", prediction="1", reason="It was dew")
    assert "One more starts a second round. You can't take it back." in asked.text
    assert "> It was dew" in asked.text
    assert stored(world) == before
    assert "You objected to the result of **#1**" in (await asked.click("Object")).text


async def test_changing_what_members_have_forecast_on_shows_before_and_now(world: World) -> None:
    world.create_prediction("It rains")
    told = await ask(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    assert "Changed on **#1**" in told.text
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    before = stored(world)
    given = {"statement": "It snows in Rome", "by": "31 Dec 2027"}
    asked = await ask(world.manager, world, "prediction edit", prediction="1", **given)
    assert "**Before** It rains in Rome\n**Now** It snows in Rome" in asked.text
    assert "**Date now** by 31 Dec 2027" in asked.text
    assert "It has 1 forecast already. What changes is announced" in asked.text
    assert stored(world) == before
    await asked.click("Change it")
    assert world.view(1).statement == "It snows in Rome"


async def test_a_question_is_for_whoever_was_asked_and_refusals_come_before_it(world: World) -> None:
    world.load(factories.create_document({}, title="Trends"), slug="trends")
    refused = await ask(world.ada, world, "pack drop", pack="trends")
    assert refused.text.startswith("⚠️ Only managers")
    asked = await ask(world.manager, world, "pack drop", pack="trends")
    own = await slash(world.ada, world, "help")
    stolen = await forge(world.ada, own.message, custom_id(asked.message, "Drop it"))
    assert "This button has expired, and nothing was changed." in stolen.text
    await world.restart()
    late = await asked.click("Drop it")
    assert "This button has expired, and nothing was changed." in late.text
    assert world.view(1).state is State.OPEN
