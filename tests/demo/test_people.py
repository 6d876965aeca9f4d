"""What the demo's guild has lived through before anyone comes."""

from __future__ import annotations

from sqlalchemy import select

from bot.client import Almanac
from bot.demo.people import DemoServer, settle_in
from bot.demo.simulation import Simulation
from db.database import Database
from db.models import Prediction, Vote


async def test_the_past_is_decided_and_one_vote_waits_for_you(database: Database) -> None:
    env = Simulation(Almanac(database, now=lambda: env.now(), every=None))
    try:
        settle_in(env, database, DemoServer(env))
    finally:
        await env.shutdown()

    codes = select(Prediction.code).join(Vote, Vote.prediction_id == Prediction.id)
    assert database.run_here(lambda session: session.scalars(codes.where(Vote.ended_at.is_(None))).all()) == [92]
    assert len(database.run_here(lambda session: session.scalars(codes.where(Vote.ended_at.is_not(None))).all())) > 20
