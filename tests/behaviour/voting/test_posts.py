"""Posts about votes are few: what comes together shares one, at night nothing comes, and what nobody forecast is not told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from sqlalchemy import select, update

from bot.domain.types import Actor, State
from bot.domain.voting import Answer, Choice
from bot.services.forecasting import forecasts
from bot.services.outbox import MessageKind
from bot.services.voting import ballots
from db.models import Guild, OutboxMessage, Prediction, Vote, VoteState
from tests.behaviour.conftest import World, click, custom_id, shown, slash

DATE = datetime(2026, 2, 1, tzinfo=UTC)
"""The simulated world begins on 1 January 2026."""


async def set_up(world: World, number: int, **settings: Any) -> None:
    """So many predictions of one date, each with a forecast."""
    await slash(world.manager, world, "settings guild", channel=world.channel, **settings)
    for count in range(number):
        view = world.create_prediction(f"Statement {count + 1}", resolves_at=DATE)
        world.create_forecasts(view.code, (0.5,))
    await world.wake()


async def until(world: World, moment: datetime) -> None:
    await world.advance((moment - world.now).total_seconds())


def vote(world: World, code: int, *choices: Choice) -> None:
    """Ballots of as many members, who have been here for long."""
    for number, choice in enumerate(choices):
        joined = world.now - timedelta(days=400)
        actor = Actor(world.guild.id, 9000 + number, "voter", joined_at=joined)
        world.database.run_here(ballots.cast, actor, code=code, answer=Answer(choice), now=world.now)


async def test_votes_of_one_date_share_a_post_in_the_morning_and_their_changes_are_edits(world: World) -> None:
    await set_up(world, 3)
    before = len(world.posts())
    await until(world, DATE + timedelta(hours=7, minutes=59))
    assert [text for text in world.posts()[before:] if "🗳️" in text] == []
    await until(world, DATE + timedelta(hours=8))
    (post,) = [message for message in world.messages() if "🗳️" in shown(message)]
    assert "What happened? 3 votes" in shown(post)
    paper = await world.ada.select(post, ["2"], custom_id=custom_id(post, "Vote on…"))
    assert "Statement 2" in shown(paper.response)
    assert paper.response.ephemeral
    places = world.rows(select(Vote.channel_id, Vote.message_id))
    assert places == [(world.channel.id, post.id)] * 3
    posts, edits = len(world.posts()), len(world.requests("PATCH", str(post.id)))
    for code in (1, 2, 3):
        vote(world, code, Choice.YES)
    await world.advance(10)
    assert len(world.requests("PATCH", str(post.id))) == edits + 1, "one edit shows what changed in all of them"
    vote(world, 2, Choice.YES, Choice.YES, Choice.YES)
    await until(world, DATE + timedelta(days=3, hours=9))
    assert len(world.posts()) == posts
    (now_,) = [message for message in world.messages() if message.id == post.id]
    assert "provisional" in shown(now_)
    await until(world, DATE + timedelta(days=4, hours=9))
    (result,) = world.posts()[posts:]
    assert "🏁 Yes · #2 Statement 2" in result


async def test_a_ballot_on_a_vote_whose_post_waits_for_the_morning_asks_for_no_update(world: World) -> None:
    await set_up(world, 1)
    await until(world, DATE + timedelta(hours=1))
    vote(world, 1, Choice.YES)
    await world.advance(60)
    asked = select(OutboxMessage.sent_at, OutboxMessage.failed_reason)
    ((sent_at, failed),) = world.rows(asked.where(OutboxMessage.kind == MessageKind.REFRESH_VOTE))
    assert sent_at is not None
    assert failed is None
    await until(world, DATE + timedelta(hours=8, minutes=1))
    (post,) = [message for message in world.messages() if "🗳️" in shown(message)]
    assert "**1** of **3** votes needed" in shown(post)


async def test_what_nobody_forecast_ends_without_a_vote_or_a_post(world: World) -> None:
    await set_up(world, 1)
    world.change(update(Prediction).values(forecasters=0))
    before = len(world.posts())
    for days in (0, 4, 8, 23):
        await until(world, DATE + timedelta(days=days, hours=9))
    assert world.posts()[before:] == []
    assert world.rows(select(Prediction.outcome)) == [("annulled",)]
    log = await slash(world.ada, world, "resolution log", prediction="1")
    assert "Nobody had forecast it when its date came." in log.text


async def test_votes_for_the_managers_reach_one_by_direct_message_where_there_is_no_role(world: World) -> None:
    await set_up(world, 2)
    for days in (0, 3, 6, 7):
        await until(world, DATE + timedelta(days=days, hours=9))
        await world.advance(60)
    (letter,) = [shown(message) for message in world.manager.user.dm_channel.history()]
    assert "Over to the managers: 2 votes" in letter
    assert [text for text in world.posts() if "Over to the managers" in text] == []


async def test_votes_for_the_managers_mention_their_role(world: World) -> None:
    await set_up(world, 1)
    role = world.guild.create_role("Deciders", permissions=discord.Permissions.none())
    world.may_mention.add(role.id)
    world.change(update(Guild).values(manager_role_id=role.id))
    for days in (0, 3, 6, 7):
        await until(world, DATE + timedelta(days=days, hours=9))
        await world.advance(60)
    (post,) = [message for message in world.messages() if "Over to the managers" in shown(message)]
    assert f"<@&{role.id}>" in shown(post)


async def test_a_moved_date_is_announced_once_members_have_forecast(world: World) -> None:
    await set_up(world, 1)
    world.create_prediction("Nobody's", resolves_at=DATE)
    await world.wake()
    before = len(world.posts())
    for code in ("1", "2"):
        await slash(world.manager, world, "prediction edit", prediction=code, by="31 May 2026")
    (post,) = world.posts()[before:]
    assert f"#1 has a new date by <@{world.manager.id}>" in post
    assert "**Before** by 31 Jan 2026" in post
    assert "**Now** by 31 May 2026" in post
    assert (await click(world.ada, world.messages()[-1], "Details")).is_private


@pytest.mark.soak
async def test_47_predictions_of_one_date_are_decided_within_ten_days_by_twelve_voters(world: World) -> None:
    """With the settings as they come. Each voter looks in on most evenings; in every third vote one of them sees it otherwise."""
    dice = random.Random(1)
    voters = [
        Actor(world.guild.id, 9000 + number, "voter", joined_at=world.now - timedelta(days=400)) for number in range(12)
    ]
    await slash(world.manager, world, "settings guild", channel=world.channel)
    for number in range(1, 48):
        world.create_prediction(f"Statement {number}", resolves_at=DATE)
        for voter in voters:
            world.database.run_here(forecasts.place, voter, code=number, values=(dice.random(),), now=world.now)
    await until(world, DATE - timedelta(hours=1))
    before = len(world.posts())
    open_now = select(Prediction.code).join(Vote).where(Vote.state == VoteState.OPEN, Vote.clock_started_at.is_not(None))
    day = 0
    for day in range(10):
        for hour in (8, 9, 20):
            await until(world, DATE + timedelta(days=day, hours=hour))
            await world.wake()
        for voter in dice.sample(voters, 8):
            for (code,) in world.rows(open_now):
                is_wrong = code % 3 == 0 and voter is voters[code % 12]
                answer = Answer(Choice.NO if is_wrong else Choice.YES)
                world.database.run_here(ballots.cast, voter, code=code, answer=answer, now=world.now)
        if {state for (state,) in world.rows(select(Prediction.state))} == {State.RESOLVED}:
            break
    assert {state for (state,) in world.rows(select(Prediction.state))} == {State.RESOLVED}
    posts = world.posts()[before:]
    print(f"47 predictions decided by 12 voters in {day + 1} days, {len(posts)} posts")
    assert day < 10
    assert len(posts) <= 8
    assert [post.count("votes\n") for post in posts if "🗳️ What happened?" in post] == [1, 1]


async def test_votes_for_managers_whom_nobody_could_tell_wait_until_one_looks(world: World) -> None:
    """No channel, no role, closed direct messages: their time begins when a manager is shown them."""
    await set_up(world, 2)
    for days in (0, 3):
        await until(world, DATE + timedelta(days=days, hours=9))
        await world.advance(60)
    world.change(update(Guild).values(post_channel_id=None))
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="Closed", times=10_000)
    for days in (6, 7, 30, 60):
        await until(world, DATE + timedelta(days=days, hours=9))
        await world.advance(60)
    assert world.rows(select(Vote.state, Vote.clock_started_at)) == [(VoteState.HANDED_OVER, None)] * 2
    assert "for managers" not in (await slash(world.ada, world, "vote")).text
    stuck = await (await slash(world.manager, world, "settings guild")).click("See what's stuck")
    assert "⚖️ 2 votes for managers to decide, and I couldn't reach any. `/vote` shows them." in stuck.text
    seen = await slash(world.manager, world, "vote")
    assert "### ⚖️ For managers to decide: 2 votes" in seen.text
    await until(world, DATE + timedelta(days=75, hours=10))
    assert world.rows(select(Prediction.outcome)) == [("annulled",)] * 2
