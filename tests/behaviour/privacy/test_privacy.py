"""/privacy, as members use it."""

from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy import func, insert, select

from db.models import Forecast, Guild, Member, Reason
from tests.behaviour.conftest import World, slash


async def test_a_member_gets_their_data_privately_as_a_file(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="Because of everything")
    await slash(world.bob, world, "forecast", prediction="1", probability="20", reason="Somebody else's")
    seen = await slash(world.ada, world, "privacy export")
    assert seen.is_private
    assert "everything I have stored about you on this server" in seen.text
    stored = json.loads(await seen.file())["stored"]
    assert [row["words"] for row in stored["reasons"]] == ["Because of everything"]
    assert [row["user_id"] for row in stored["members"]] == [str(world.ada.id)]


async def test_a_stranger_is_told_that_nothing_is_stored(world: World) -> None:
    assert "nothing stored about you" in (await slash(world.ada, world, "privacy export")).text
    assert "nothing to forget" in (await slash(world.ada, world, "privacy forget")).text


async def test_a_member_is_asked_told_and_forgotten(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="Because of everything")
    await slash(world.ada, world, "settings me", zone="Europe/Paris")
    asked = await slash(world.ada, world, "privacy forget")
    assert asked.is_private
    assert asked.buttons == ["Forget me here", "Keep my data"]
    assert "Your 1 forecast stay as a former member's" not in asked.text
    assert "Your 1 forecast stays as a former member's" in asked.text
    kept = await asked.click("Keep my data")
    assert kept.text == "Nothing was deleted."
    assert world.standing_of(world.ada) == (0.7,)
    asked = await slash(world.ada, world, "privacy forget")
    with caplog.at_level(logging.DEBUG):
        done = await asked.click("Forget me here")
        assert "I've forgotten you on this server" in done.text
        shown = await slash(world.bob, world, "prediction show", prediction="1")
    assert "1 forecast" in shown.text
    assert "nothing stored about you" in (await slash(world.ada, world, "privacy export")).text
    assert world.rows(select(func.count()).select_from(Forecast))[0][0] == 1
    assert world.rows(select(Reason.words)) == []
    own = [record for record in caplog.records if not record.name.startswith(("simcord", "discord", "asyncio"))]
    assert not [record for record in own if str(world.ada.id) in record.getMessage() or "Because" in record.getMessage()]


async def test_who_clicks_is_forgotten_and_nobody_else(world: World) -> None:
    world.create_prediction()
    for member in (world.ada, world.bob):
        await slash(member, world, "forecast", prediction="1", probability="70")
    asked = await slash(world.ada, world, "privacy forget")
    await (await slash(world.bob, world, "privacy forget")).click("Forget me here")
    await asked.click("Keep my data")
    left = {row.user_id for row in world.rows(select(Member.user_id))}
    assert world.ada.id in left
    assert world.bob.id not in left


async def test_the_card_at_home_no_longer_names_who_was_forgotten(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await slash(world.ada, world, "prediction add", statement="Zanzibar wins", by="31 Dec 2026")
    await world.advance(60)
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await slash(world.ada, world, "prediction add", statement="Nobody cares", by="31 Dec 2026")
    await world.advance(60)
    asked = await slash(world.ada, world, "privacy forget")
    assert "1 prediction that only you have worked on will be removed" in asked.text
    assert "1 prediction you added, and others use, will stay without your name" in asked.text
    await asked.click("Forget me here")
    await world.advance(60)
    used, removed = world.posts()
    assert "Zanzibar wins" in used
    assert "Removed by the member who added it" in removed
    assert "Annulled" in removed
    assert str(world.ada.id) not in used + removed


async def test_a_server_that_was_left_while_the_bot_was_away_is_noted(world: World) -> None:
    gone, elsewhere = world.guild.id + 4242, select(Guild.left_at).where(Guild.id == world.guild.id)
    world.change(insert(Guild).values(id=gone, joined_at=world.now))
    await world.restart()
    assert world.rows(elsewhere) == [(None,)]
    assert world.rows(select(Guild.left_at).where(Guild.id == gone))[0][0] is not None
