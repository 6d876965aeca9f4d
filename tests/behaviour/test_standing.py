"""Whoever can't do something is told so before a form opens, not after filling it in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.types import Kind
from db.models import Prediction
from tests.behaviour.conftest import World, forge, slash


@pytest.mark.parametrize("who", ["newcomer", "stranger"])
async def test_who_is_no_voter_sees_no_form_of_a_vote(world: World, who: str) -> None:
    world.env.backend.advance_clock(3 * 86400)
    world.create_prediction()
    world.create_prediction("How many?", kind=Kind.NUMERIC, unit="USD", resolves_at=world.now + timedelta(hours=1))
    world.create_forecasts(2, (1.0, 2.0, 3.0))
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await world.advance(3 * 3600)
    age = timedelta(days=1 if who == "newcomer" else 400)
    member = world.guild.add_member(world.env.create_user(who, account_age=age))
    await world.env.settle()
    for name in ("vote.propose:1", "vote.value:2:1", "vote.words:2:1", "vote.open:2"):
        told = await forge(member, card.message, name)
        assert told.result.modal is None, name
        assert ("30 days old" if who == "newcomer" else "24 hours") in told.text


async def test_no_form_opens_for_what_cannot_be_done_any_more(world: World) -> None:
    world.env.backend.advance_clock(3 * 86400)
    world.create_prediction()
    card = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    world.change(update(Prediction).values(state="resolved", outcome="yes", resolved_at=world.now))
    for name, words in {
        "forecast.exact:1": "Forecasting on #1 is closed",
        "vote.propose:1": "#1 is resolved, so you can't propose a result",
        "vote.object:1": "no provisional result to object to",
    }.items():
        told = await forge(world.ada, card.message, name)
        assert told.result.modal is None, name
        assert words in told.text


async def test_a_vote_that_waits_for_its_place_does_not_promise_its_date(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    for number in range(7):
        world.create_prediction(f"Number {number}", resolves_at=world.now + timedelta(minutes=60 + number))
        world.create_forecasts(number + 1, (0.5,))
    await world.advance(3 * 3600)
    told = [(await slash(world.ada, world, "resolution status", prediction=str(code + 1))).text for code in range(7)]
    waiting = [text for text in told if "Its vote is in line" in text]
    assert len(waiting) == 2
    assert not any("opens on the date" in text for text in waiting)
