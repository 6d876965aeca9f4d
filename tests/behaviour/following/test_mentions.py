"""Followers who asked for it are mentioned where news is posted, and nobody else."""

from __future__ import annotations

from typing import Any

from bot.services.following import calls
from tests.behaviour.conftest import World, shown, slash
from tests.behaviour.reminding.test_digests import letters


async def arrange(world: World) -> None:
    """A channel, and a follower who wants to be mentioned beside one who gets a daily message."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    world.create_prediction("It rains", tags=("weather",))
    await slash(world.ada, world, "settings me", news="mention")
    await slash(world.ada, world, "prediction follow", prediction="1")
    await slash(world.bob, world, "prediction follow", prediction="1")
    world.may_mention.add(world.ada.id)


def pinged(world: World, words: str) -> list[int]:
    """Whom the last post with these words pinged."""
    post = [message for message in world.messages() if words in shown(message)][-1]
    stored = world.env.backend.get_message(world.channel.id, post.id)
    return sorted(stored.ping_user_ids)


async def test_who_asked_for_it_is_mentioned_where_a_change_is_posted(world: World) -> None:
    await arrange(world)
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome", by="31 Dec 2027")
    await world.advance(60)
    for words in ("Before", "has a new date"):
        assert pinged(world, words) == [world.ada.id]
    assert f"🔔 For <@{world.ada.id}>" in world.posts()[-1]
    await world.advance(86400)
    assert letters(world.ada) == []
    assert len(letters(world.bob)) == 1


async def test_a_reason_mentions_its_readers_and_not_its_writer(world: World) -> None:
    await arrange(world)
    for member, why in ((world.ada, "I saw clouds."), (world.bob, "So did I.")):
        placed = await slash(member, world, "forecast", prediction="1", probability="70", reason=why)
        await placed.click("Post my reason")
        await world.advance(60)
    assert pinged(world, "I saw clouds.") == []
    assert pinged(world, "So did I.") == [world.ada.id]


async def test_a_result_mentions_those_who_forecast_and_want_to_be(world: World) -> None:
    await arrange(world)
    await slash(world.bob, world, "settings me", news="mention")
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    world.may_mention.add(world.bob.id)
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="I saw it.")
    await world.advance(60)
    assert pinged(world, "🏁") == sorted([world.ada.id, world.bob.id])


async def test_a_new_prediction_mentions_those_who_follow_its_tag(world: World) -> None:
    await arrange(world)
    await slash(world.ada, world, "prediction follow", tag="weather")
    await slash(world.bob, world, "prediction follow", tag="weather")
    for statement, tags in (("It snows", "weather"), ("Somebody wins", "sports")):
        await slash(world.manager, world, "prediction add", statement=statement, by="31 Dec 2027", tags=tags)
        await world.advance(60)
    assert pinged(world, "It snows") == [world.ada.id]
    assert pinged(world, "Somebody wins") == []


async def test_more_than_a_post_can_name_are_not_mentioned(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(calls, "MOST", 2)
    await arrange(world)
    members = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(4)]
    await world.env.settle()
    for member in members:
        await slash(member, world, "settings me", news="mention")
        await slash(member, world, "prediction follow", prediction="1")
        world.may_mention.add(member.id)
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    await world.advance(60)
    assert len(pinged(world, "Rome")) == 2


async def test_who_unfollowed_is_not_mentioned(world: World) -> None:
    await arrange(world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    listed = await slash(world.ada, world, "prediction follow")
    await listed.choose("Unfollow one…", "p:1")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    await world.advance(60)
    assert pinged(world, "Rome") == []
