"""A result that thousands wait for: whoever decides it is answered, and the post comes with the scores."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.services.scoring.scores import MOST_AT_ONCE
from db.models import Forecast, Score
from tests.behaviour.conftest import World, confirm, slash
from tests.bench import resolving


async def test_a_result_is_posted_once_everyone_is_scored(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    members = MOST_AT_ONCE // 5 + 1
    resolving.fill(world.database, members=members, each=5, guild_id=world.guild.id, now=world.now)
    await world.advance(timedelta(days=50).total_seconds())
    asked = await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="It came true.")
    decided = await confirm(asked)
    assert "Yes" in decided.text
    await world.bot.scoring.wait()
    await world.advance(60)
    early = select(func.count(Forecast.member_id.distinct())).where(Forecast.created_at < world.now)
    assert world.rows(select(func.count()).select_from(Score))[0][0] == world.rows(early)[0][0] + 1, "and the crowd"
    (post,) = [post for post in world.posts() if "It came true." in post]
    assert "Best" in post
