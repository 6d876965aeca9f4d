"""What members add waits for a manager where the server wants that: nobody else sees it, and whoever added it is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.types import State
from db.models import OutboxMessage, Prediction, SearchWord
from tests.behaviour.conftest import Seen, World, ask, complete, shown, slash

DAY = 86400.0
STATEMENT = "Zyxomma odonata is seen in Oslo"


@pytest.fixture
async def asked(world: World) -> World:
    """A server that approves what members add."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    seen = await slash(world.manager, world, "settings guild")
    seen = await (await seen.click("People")).click("Turn on")
    assert "**Approve what members add** is now on" in seen.text
    return world


async def add(world: World, member: Any = None, **given: Any) -> Seen:
    options = {"statement": STATEMENT, "by": "31 Mar 2027", "tags": "dragonflies"} | given
    return await slash(member or world.ada, world, "prediction add", **options)


async def opened(world: World, member: Any = None, code: int = 1) -> Seen:
    queue = await slash(member or world.manager, world, "prediction queue")
    return await queue.choose("Open one…", str(code))


def letters(world: World, member: Any) -> list[str]:
    channel = member.user.dm_channel
    return [] if channel is None else [shown(one) for one in channel.history()]


def states(world: World) -> list[State]:
    return [state for (state,) in world.rows(select(Prediction.state).order_by(Prediction.id))]


async def test_what_a_member_adds_is_seen_by_nobody_else_until_a_manager_approves_it(asked: World) -> None:
    world = asked
    preview = await ask(world.ada, world, "prediction add", statement=STATEMENT, by="31 Mar 2027", tags="dragonflies")
    assert "once a manager has approved it" in preview.text
    sent = await preview.click("Send it to the managers")
    assert "Sent to the managers as **#1**" in sent.text
    await world.advance(60)
    assert states(world) == [State.DRAFT]
    assert world.posts() == []
    mark = world.mark
    for name, options in (
        ("prediction show", {"prediction": "1"}),
        ("forecast", {"prediction": "1", "probability": "70"}),
        ("forecast", {"prediction": "1"}),
        ("resolution status", {"prediction": "1"}),
        ("resolution log", {"prediction": "1"}),
        ("remind", {"prediction": "1", "when": "in 2 weeks"}),
        ("prediction edit", {"prediction": "1"}),
        ("prediction search", {"words": "odonata"}),
        ("prediction list", {"show": "all"}),
        ("prediction queue", {}),
        ("next", {}),
        ("export data", {}),
        ("export calendar", {}),
    ):
        await slash(world.bob, world, name, **options)
    assert await complete(world.bob, world, "prediction show", "prediction", "Zyx") == {}
    assert await complete(world.bob, world, "prediction list", "tag", "dra") == {}
    assert "Zyxomma" not in world.sent_since(mark)
    assert world.rows(select(SearchWord.word).where(SearchWord.word == "odonata")) == []
    own = await slash(world.ada, world, "prediction show", prediction="1")
    assert STATEMENT in own.text
    assert "Draft" in own.text
    done = await (await opened(world)).click("Approve")
    assert "**#1** is open, and everyone sees it" in done.text
    await world.advance(60)
    assert states(world) == [State.OPEN]
    assert sum(STATEMENT in post for post in world.posts()) == 1
    assert "is open on" in letters(world, world.ada)[-1]
    assert await complete(world.bob, world, "prediction list", "tag", "dra") == {"dragonflies": "dragonflies"}
    assert "You said **70%**" in (await slash(world.bob, world, "forecast", prediction="1", probability="70")).text
    log = (await slash(world.bob, world, "resolution log", prediction="1")).text
    assert f"**Approved** by <@{world.manager.id}> (manager)" in log


async def test_managers_hear_of_a_queue_that_was_empty_and_their_own_need_no_approval(asked: World) -> None:
    world = asked
    await add(world, world.manager)
    assert states(world) == [State.OPEN]
    await add(world)
    await world.advance(60)
    await add(world, statement="Another one")
    await world.advance(60)
    heard = [one for one in letters(world, world.manager) if "approval" in one]
    assert len(heard) == 1
    assert "/prediction queue" in heard[0]
    queue = await slash(world.manager, world, "prediction queue")
    assert "2 predictions to approve" in queue.text


async def test_changes_are_asked_for_made_and_approved(asked: World) -> None:
    world = asked
    await add(world)
    form = await (await opened(world)).click("Ask for changes…")
    back = await form.submit(what_should_change="Say who has to see it")
    assert "Whoever added it is asked for changes" in back.text
    await world.advance(60)
    assert "> Say who has to see it" in letters(world, world.ada)[-1]
    mine = await slash(world.ada, world, "prediction queue")
    assert "changes asked for" in mine.text
    changed = await slash(world.ada, world, "prediction edit", prediction="1", criteria="A ranger sees it")
    assert "Changed on **#1**" in changed.text
    await world.advance(60)
    assert "waits for approval" in letters(world, world.manager)[-1]
    draft = await opened(world)
    assert "A ranger sees it" in draft.text
    await draft.click("Approve")
    assert states(world) == [State.OPEN]


async def test_what_is_declined_stays_unseen_and_a_manager_may_change_their_mind(asked: World) -> None:
    world = asked
    await add(world)
    form = await (await opened(world)).click("Decline…")
    declined = await form.submit(why="Not about our topic")
    await world.advance(60)
    assert "declined" in letters(world, world.ada)[-1]
    assert "> Not about our topic" in letters(world, world.ada)[-1]
    assert "Nothing waits for approval" in (await slash(world.manager, world, "prediction queue")).text
    assert "There's no prediction #1" in (await slash(world.bob, world, "prediction show", prediction="1")).text
    mine = await opened(world, world.ada)
    assert "Declined" in mine.text
    assert "Approve" not in mine.buttons
    assert "nothing to edit" in (await slash(world.ada, world, "prediction edit", prediction="1", criteria="x")).text
    again = await declined.click("Open #1 again")
    assert "Approve it if you've changed your mind" in again.text
    await again.click("Approve")
    assert states(world) == [State.OPEN]


async def test_two_managers_answer_one_draft(asked: World) -> None:
    world = asked
    await add(world)
    first, second, third = await opened(world), await opened(world), await opened(world)
    form = await second.click("Decline…")
    await first.click("Approve")
    late = await form.submit(why="Too late")
    assert "isn't waiting for approval: mona approved it" in late.text
    assert "isn't waiting for approval" in (await third.click("Approve")).text
    assert states(world) == [State.OPEN]


async def test_a_draft_that_nobody_answers_lapses_on_its_last_day(asked: World) -> None:
    world = asked
    await add(world, by="in 3 days")
    late = await opened(world)
    await world.advance(5 * DAY)
    assert "had approved" in letters(world, world.ada)[-1]
    assert "is over. Ask for another date" in (await late.click("Approve")).text
    assert states(world) == [State.DRAFT]
    assert "not approved in time" in (await slash(world.ada, world, "prediction queue")).text
    assert world.posts() == []


async def test_whoever_added_a_draft_can_withdraw_it(asked: World) -> None:
    world = asked
    await add(world)
    manager = await opened(world)
    mine = await opened(world, world.ada)
    assert "Approve" not in mine.buttons
    assert "Withdrawn: **#1**" in (await mine.click("Withdraw")).text
    assert "isn't waiting for approval any more" in (await manager.click("Decline…")).text
    assert "Nothing waits" in (await slash(world.manager, world, "prediction queue")).text


async def test_only_managers_answer_and_only_its_member_withdraws(asked: World) -> None:
    world = asked
    await add(world)
    card = await slash(world.manager, world, "prediction add", statement="A public one", by="31 Mar 2027")
    from tests.behaviour.conftest import forge

    for action, said in (
        ("draft.accept:1", "Only managers can approve"),
        ("draft.change:1", "Only managers can approve"),
        ("draft.decline:1", "Only managers can approve"),
        ("draft.withdraw:1", "isn't yours to withdraw"),
    ):
        assert said in (await forge(world.bob, card.message, action)).text
    assert states(world)[0] is State.DRAFT


async def test_without_the_setting_members_predictions_open_at_once(world: World) -> None:
    await add(world)
    assert states(world) == [State.OPEN]
    assert world.rows(select(OutboxMessage.id).where(OutboxMessage.kind == "drafts")) == []
