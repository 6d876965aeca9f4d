"""When the bot looks for what's due: exactly when it is, and not after every forecast."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from bot.domain.types import State
from bot.scheduler import SAFETY_NET
from bot.services.voting.clocks import HESITATION
from bot.services.voting.votes import QUICK_HOURS
from db.models import Prediction
from tests.behaviour.conftest import World, slash
from tests.behaviour.voting.test_votes import DATE, arrange, state, until, vote

SECOND = timedelta(seconds=1)


async def let_time_pass(world: World, span: timedelta) -> None:
    """Let time pass as the scheduler wants it: to each moment for which it's to be woken, and no other."""
    end = world.now + span
    while (at := world.bot.scheduler.woken_for) is not None and at <= end:
        world.env.backend.advance_clock(max((at - world.now).total_seconds(), 0))
        with world.env._bot_scope():
            world.bot.scheduler.wake(world.now)
        await world.env.settle()
    world.env.backend.advance_clock((end - world.now).total_seconds())


async def test_a_vote_on_which_all_agree_ends_at_its_very_moment(world: World) -> None:
    people = await arrange(world, members=5)
    await until(world, DATE)
    await let_time_pass(world, timedelta(hours=QUICK_HOURS) - HESITATION / 2)
    for person in people:
        await vote(person, world, "Yes")
    await let_time_pass(world, HESITATION - SECOND)
    assert state(world) is State.VOTING
    await let_time_pass(world, SECOND)
    assert state(world) is State.PROVISIONAL


async def test_what_another_process_brings_about_is_found_soon_and_not_by_every_forecast(world: World) -> None:
    world.create_prediction()
    world.create_prediction("It rains")
    await world.wake()
    world.change(update(Prediction).where(Prediction.code == 2).values(closes_at=world.now - SECOND))
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert state(world, 2) is State.OPEN
    world.env.backend.advance_clock(SAFETY_NET.total_seconds())
    with world.env._bot_scope():
        world.bot.scheduler.wake(world.now)
    await world.env.settle()
    assert state(world, 2) is State.CLOSED
