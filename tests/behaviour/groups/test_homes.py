"""Where a group's card stands: one post in a forum, or one card with a thread, made again when it's lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.behaviour.conftest import World, click, shown, slash
from tests.behaviour.homes.forums import choose, choose_forum, is_put_away, make_homes, said_in, tags_of, titles

TITLE = "GPT-6 is released by …"


async def add(world: World, predictions: str = "Q1 2027; Q2 2027", **given: Any) -> None:
    await slash(world.ada, world, "group add", title=TITLE, predictions=predictions, tags="ai", **given)
    await world.advance(1)


async def test_a_group_has_one_post_in_a_forum_which_follows_it_to_its_end(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    await make_homes(world, 3)
    (post,) = forum.threads
    assert post.name == TITLE
    assert tags_of(forum, post) == ["Open", "ai"]
    form = await click(world.bob, post.history()[0], "Forecast all")
    placed = await form.submit(q1_2027="10", q2_2027="30")
    assert "You forecast **2**" in placed.text
    reasoned = await slash(world.bob, world, "forecast", prediction="1", probability="20", reason="A leak said so")
    await reasoned.click("Post my reason")
    await world.advance(60)
    assert "A leak said so" in said_in(post)[1], "what belongs to a row is said in the group's post"
    for code in ("1", "2"):
        await slash(
            world.manager, world, "resolution override", prediction=code, outcome="no", reason="Never", happened="1 Jan 2026"
        )
    await world.advance(60)
    assert tags_of(forum, post)[0] == "Resolved"
    assert is_put_away(post)
    assert titles(forum) == [TITLE]


async def test_a_post_that_was_deleted_is_made_again_once(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    (post,) = forum.threads
    world.env.backend.delete_channel(post.id)
    await slash(world.bob, world, "forecast", prediction="1", probability="20")
    await world.advance(60)
    await make_homes(world, 3)
    assert titles(forum) == [TITLE]
    assert "-# 1 forecast" in said_in(forum.threads[0])[0]


async def test_a_tag_says_when_the_next_of_a_group_closes_soon(world: World) -> None:
    forum = choose_forum(world)
    day = (world.now + timedelta(days=20)).strftime("%d %b %Y")
    await add(world, f"soon: {day}; later: 2030")
    (post,) = forum.threads
    await world.advance(timedelta(days=12).total_seconds())
    assert tags_of(forum, post)[0] == "Open"
    await world.advance(timedelta(days=3).total_seconds())
    await world.advance(31)
    assert tags_of(forum, post)[0] == "Closing soon"


async def test_in_a_text_channel_a_group_has_a_card_with_a_thread(world: World) -> None:
    choose(world, {"post_channel_id": world.channel.id, "home_channel_id": world.channel.id, "home_threads": True})
    await add(world)
    await make_homes(world, 3)
    (card,) = [message for message in world.messages() if f"### {TITLE}" in shown(message)]
    (thread,) = world.channel.threads
    assert (thread.id, thread.name) == (card.id, TITLE)
    assert not any("### #" in shown(message) for message in world.messages())


async def test_a_card_that_was_deleted_leaves_the_predictions_as_they_are(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await add(world)
    (card,) = [message for message in world.messages() if f"### {TITLE}" in shown(message)]
    world.env.backend.delete_message(world.channel.id, card.id)
    await slash(world.bob, world, "forecast", prediction="1", probability="20")
    await world.advance(60)
    await slash(world.manager, world, "group show", group="GPT-6", public=True)
    await slash(world.bob, world, "forecast", prediction="2", probability="30")
    await world.advance(60)
    (card,) = [message for message in world.messages() if f"### {TITLE}" in shown(message)]
    assert shown(card).count("-# 1 forecast") == 2, "the one that was posted by hand is kept current"


async def test_the_post_of_a_group_that_is_taken_apart_keeps_none_of_its_words(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    await make_homes(world, 3)
    (post,) = forum.threads
    await slash(world.manager, world, "group leave", prediction="1")
    await world.advance(31)
    assert post.name == "A group that was taken apart"
    assert tags_of(forum, post) == ["Annulled"]
    assert is_put_away(post)
