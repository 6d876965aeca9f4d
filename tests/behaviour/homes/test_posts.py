"""Each prediction has its post in a forum: with its tags, its talk, and its end."""

from __future__ import annotations

import discord
import pytest
from sqlalchemy import delete, select, update

from db.models import ChannelTrouble, Guild, OutboxMessage, PostedCard
from tests.behaviour.conftest import Seen, World, click, confirm, shown, slash
from tests.behaviour.homes.forums import (
    choose,
    choose_forum,
    choose_own_place,
    deny,
    document,
    homes,
    is_put_away,
    make_homes,
    said_in,
    tags_of,
    titles,
)
from tests.behaviour.settings.test_troubles import letters

POSTS = discord.Permissions(send_messages=True).value
THREADS = discord.Permissions(send_messages_in_threads=True).value


async def add(world: World, statement: str = "GPT-6 is released", **more: str) -> None:
    await slash(world.ada, world, "prediction add", statement=statement, **{"by": "31 Dec 2027"} | more)


async def test_a_prediction_that_is_added_gets_its_post_at_once_with_its_tags(world: World) -> None:
    forum = choose_forum(world)
    asked = await world.ada.slash(
        world.channel, "prediction add", statement="GPT-6 is released", by="31 Dec 2027", tags="ai, openai"
    )
    assert f"<#{forum.id}>" in shown(asked.response)
    await confirm(Seen(world.ada, asked))
    (post,) = forum.threads
    assert post.name == "#1 · GPT-6 is released"
    assert tags_of(forum, post) == ["Open", "ai", "openai"]
    assert "No forecasts yet" in said_in(post)[0]
    assert world.posts() == []
    panel = await click(world.bob, post.history()[0], "Forecast")
    assert "You said **70%**" in (await panel.choose("How likely is it?", "0.7")).text
    await world.advance(60)
    assert "**1 forecast**" in said_in(post)[0]


async def test_reasons_and_clarifications_are_said_in_the_post_and_votes_and_results_in_the_channel(world: World) -> None:
    forum = choose_forum(world)
    choose(world, {"quiet_from_minute": None, "quiet_to_minute": None, "voter_hours": 0, "voter_account_days": 0})
    await add(world, by="2 Jan 2026")
    (post,) = forum.threads
    placed = await slash(world.bob, world, "forecast", prediction="1", probability="70", reason="A leak said so")
    await placed.click("Post my reason")
    assert "A leak said so" in said_in(post)[1]
    await slash(world.manager, world, "prediction edit", prediction="1", criteria="As announced by OpenAI")
    assert "was clarified" in said_in(post)[2]
    assert world.posts() == []
    await world.advance(2 * 86400 + 3600)
    assert "What happened?" in world.posts()[0]
    assert tags_of(forum, post) == ["Voting"]
    await slash(
        world.manager, world, "resolution override", prediction="1", outcome="yes", reason="It is out", happened="1 Jan 2026"
    )
    await world.advance(60)
    assert tags_of(forum, post) == ["Resolved"]
    assert is_put_away(post)
    assert len(said_in(post)) == 3
    assert "Resolved" in said_in(post)[0]
    assert any("It is out" in text for text in world.posts())
    await slash(world.manager, world, "resolution reopen", prediction="1", reason="Too soon")
    await world.advance(60)
    assert not is_put_away(post)


async def test_the_tag_says_when_a_prediction_closes_soon_and_when_it_is_closed(world: World) -> None:
    forum = choose_forum(world)
    await add(world, by="20 Jan 2026", closes="15 Jan 2026")
    (post,) = forum.threads
    assert tags_of(forum, post) == ["Open"]
    await world.advance(9 * 86400)
    await world.advance(60)
    assert tags_of(forum, post) == ["Closing soon"]
    await world.advance(7 * 86400)
    await world.advance(60)
    assert tags_of(forum, post) == ["Closed"]
    changes = [request for request in world.requests("PATCH", f"/channels/{post.id}") if "/messages" not in request.path]
    assert len(changes) == 2


async def test_sixty_homes_are_made_in_the_order_of_their_dates_one_after_the_other(world: World) -> None:
    forum = choose_forum(world)
    world.load(document(60))
    await world.wake()
    assert titles(forum) == ["#60 · Statement 60 is true"]
    await make_homes(world, 22)
    assert len(titles(forum)) == 23
    listed = await slash(world.ada, world, "pack list")
    assert "23 of 60 homes made" in listed.text
    await make_homes(world, 60)
    assert titles(forum) == [f"#{code} · Statement {code} is true" for code in range(60, 0, -1)]
    assert "homes made" not in (await slash(world.ada, world, "pack list")).text
    assert world.rows(select(Guild.next_home_at).where(Guild.id == world.guild.id)) == [(None,)]
    assert len(world.requests("PATCH", f"/channels/{forum.id}")) == 1


async def test_homes_go_on_after_a_restart_and_none_is_made_twice(world: World) -> None:
    forum = choose_forum(world)
    world.load(document(5))
    await world.wake()
    await make_homes(world, 1)
    await world.restart()
    await make_homes(world, 6)
    assert sorted(titles(forum)) == [f"#{code} · Statement {code} is true" for code in range(1, 6)]


async def test_a_post_whose_answer_was_lost_is_found_again(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    (post,) = forum.threads
    waiting = {"sent_at": None, "claimed_until": None, "attempts": 1, "dedupe_key": "post_card:1"}
    world.change(update(OutboxMessage).values(waiting))
    world.change(delete(PostedCard))
    await world.restart()
    await world.advance(31)
    assert [thread.id for thread in forum.threads] == [post.id]
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await world.advance(60)
    assert "**1 forecast**" in said_in(post)[0]


async def test_packs_and_tags_have_channels_of_their_own(world: World) -> None:
    forum = choose_forum(world)
    medicine, other = world.guild.create_forum_channel("medicine"), world.guild.create_text_channel("other")
    world.load(document(1), slug="elsewhere")
    await world.wake()
    world.load(document(2, tags=["medicine"]), adopted=False)
    choose_own_place(world, medicine, is_forum=True, tag="medicine")
    choose_own_place(world, other, is_forum=False, pack="pack")
    await add(world, tags="medicine")
    await add(world, "It rains", tags="weather")
    assert (titles(medicine), titles(forum)) == (["#2 · GPT-6 is released"], ["#1 · Statement 1 is true", "#3 · It rains"])
    choose(world, {"quiet_from_minute": None, "quiet_to_minute": None})
    world.load(document(2, tags=["medicine"]))
    await make_homes(world, 1)
    assert ["#5" in post for post in world.posts(other)] == [True]
    await world.advance(15 * 60)
    assert ["#4" in post for post in world.posts(other)] == [False, True]


async def test_a_card_in_a_text_channel_gets_a_thread_where_its_reasons_go(world: World) -> None:
    choose(world, {"post_channel_id": world.channel.id, "home_channel_id": world.channel.id, "home_threads": True})
    await add(world)
    (thread,) = world.channel.threads
    assert thread.name == "#1 · GPT-6 is released"
    placed = await slash(world.bob, world, "forecast", prediction="1", probability="70", reason="A leak said so")
    await placed.click("Post my reason")
    assert "A leak said so" in said_in(thread)[-1]
    await world.advance(60)
    assert "**1 forecast**" in world.posts()[0]
    await slash(world.manager, world, "prediction annul", prediction="1", reason="Nobody can tell")
    await world.advance(60)
    assert is_put_away(thread)


async def test_without_the_right_to_open_threads_the_card_is_the_home_alone(world: World) -> None:
    choose(world, {"post_channel_id": world.channel.id, "home_channel_id": world.channel.id, "home_threads": True})
    deny(world, world.channel, discord.Permissions(create_public_threads=True).value)
    await add(world)
    assert world.channel.threads == []
    assert homes(world) == [1]
    assert letters(world) == []


async def test_cards_of_before_move_into_the_forum_and_say_where_they_went(world: World) -> None:
    choose(world, {"post_channel_id": world.channel.id})
    await add(world)
    forum = choose_forum(world)
    await world.wake()
    await make_homes(world, 2)
    (post,) = forum.threads
    assert f"now has its own post: <#{post.id}>" in world.posts()[0]
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await world.advance(60)
    assert "**1 forecast**" in said_in(post)[0]
    assert titles(forum) == ["#1 · GPT-6 is released"]


async def test_a_post_that_was_put_away_is_brought_back_when_its_card_changes(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    (post,) = forum.threads
    world.env.backend.edit_channel(post.id, {}, thread_metadata={"archived": True})
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await world.advance(60)
    assert "**1 forecast**" in said_in(post)[0]
    assert not is_put_away(post)
    assert letters(world) == []


async def test_a_locked_post_is_told_of_once_and_goes_on_when_it_is_unlocked(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    await add(world, "It rains")
    first, second = forum.threads
    world.env.backend.edit_channel(first.id, {}, thread_metadata={"locked": True, "archived": True})
    deny(world, forum, discord.Permissions(manage_threads=True).value)
    for member, percent in ((world.bob, "70"), (world.ada, "60")):
        await slash(member, world, "forecast", prediction="1", probability=percent)
        await slash(member, world, "forecast", prediction="2", probability=percent)
        await world.advance(3700)
    (told,) = letters(world)
    assert f"<#{first.id}>" in told
    assert "its post is locked" in told
    assert "**2 forecasts**" in said_in(second)[0]
    world.env.backend.edit_channel(first.id, {}, thread_metadata={"locked": False})
    await world.advance(4400)
    assert "**2 forecasts**" in said_in(first)[0]


async def test_a_deleted_post_is_made_again(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    world.env.backend.delete_channel(forum.threads[0].id)
    await world.env.settle()
    await make_homes(world, 2)
    assert titles(forum) == ["#1 · GPT-6 is released"]
    assert homes(world) == [1]


async def test_a_right_that_is_taken_away_midway_is_told_once_and_the_homes_go_on_when_it_is_back(world: World) -> None:
    forum = choose_forum(world)
    world.load(document(20))
    await world.wake()
    await make_homes(world, 4)
    deny(world, forum, POSTS)
    for _ in range(20):
        await make_homes(world, 2)
        await world.advance(1800)
    assert len(titles(forum)) == 5
    (told,) = letters(world)
    assert f"I can't post in <#{forum.id}>" in told
    assert "I need Create Posts there" in told
    waiting = select(OutboxMessage.id).where(OutboxMessage.kind == "post_card", OutboxMessage.sent_at.is_(None))
    assert len(world.rows(waiting)) == 1
    deny(world, forum, POSTS, allow=True)
    await world.env.settle()
    await make_homes(world, 20)
    assert len(titles(forum)) == 20
    assert world.rows(select(ChannelTrouble.channel_id)) == []
    assert len(letters(world)) == 1


async def test_a_right_to_write_in_posts_that_is_taken_away_is_told_once_for_all_posts(world: World) -> None:
    forum = choose_forum(world)
    for number in range(4):
        await add(world, f"Statement {number}")
    deny(world, forum, THREADS)
    for code in ("1", "2", "3", "4"):
        placed = await slash(world.bob, world, "forecast", prediction=code, probability="70", reason="A leak said so")
        await placed.click("Post my reason")
    await world.advance(60)
    (told,) = letters(world)
    assert "I need Send Messages in Threads there" in told
    deny(world, forum, THREADS, allow=True)
    await world.env.settle()
    assert all("A leak said so" in said_in(post)[1] for post in forum.threads)
    assert len(letters(world)) == 1


@pytest.mark.soak
async def test_a_forum_that_is_deleted_with_300_posts_is_told_once_and_its_homes_find_another(world: World) -> None:
    forum = choose_forum(world)
    world.load(document(300))
    await world.wake()
    await make_homes(world, 300)
    assert len(titles(forum)) == 300
    for thread in forum.threads:
        world.env.backend.messages.pop(thread.id)
        del world.env.backend.channels[thread.id]
    mark = world.mark
    world.env.backend.delete_channel(forum.id)
    await world.env.settle()
    for code in range(1, 40):
        await slash(world.bob, world, "forecast", prediction=str(code), probability="70")
    for _ in range(50):
        await world.advance(3600)
    (told,) = letters(world)
    assert "the forum was deleted" in told
    to_discord = [
        one for one in world.env.http_requests[mark:] if "/interactions" not in one.path and "/webhooks" not in one.path
    ]
    assert len(to_discord) < 100
    another = choose_forum(world, "forecasts-2")
    await world.wake()
    await make_homes(world, 310)
    assert len(titles(another)) == 300
    assert len(letters(world)) == 1


async def test_a_guild_that_gave_the_bot_no_permission_at_all_is_told_what_it_needs(world: World) -> None:
    forum = choose_forum(world)
    deny(world, forum, discord.Permissions.all().value)
    await add(world)
    (told,) = letters(world)
    assert "I need View Channel" in told
    assert homes(world) == []


@pytest.mark.parametrize("may", [True, False])
async def test_a_forum_with_twenty_tags_of_its_own_keeps_them_and_those_of_the_same_name_are_used(
    world: World, may: bool
) -> None:
    forum = choose_forum(world)
    own = [
        {"id": str(9000 + n), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        for n, name in enumerate(["open", "AI", *(f"own {n}" for n in range(18))])
    ]
    world.env.backend.edit_channel(forum.id, {"available_tags": own[: 20 if may else 2]})
    if not may:
        deny(world, forum, discord.Permissions(manage_channels=True).value)
    await add(world, tags="ai, other")
    (post,) = forum.threads
    assert tags_of(forum, post) == ["open", "AI"]
    assert world.requests("PATCH", f"/channels/{forum.id}") == []
    assert letters(world) == []


async def test_two_hundred_forecasts_in_ten_minutes_change_a_card_at_most_every_thirty_seconds(world: World) -> None:
    forum = choose_forum(world)
    await add(world)
    (post,) = forum.threads
    mark = world.mark
    for _ in range(200):
        world.create_forecasts(1, [0.5])
        await world.advance(3)
    await world.advance(60)
    edits = [one for one in world.env.http_requests[mark:] if one.method == "PATCH" and f"/channels/{post.id}" in one.path]
    print(len(edits), "edits")
    assert 15 <= len(edits) <= 21
    assert "**200 forecasts**" in said_in(post)[0]
