"""A big move of the crowd: on the card, and announced once at home with the reasons of those who moved it; never while the crowd is
hidden."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.database import Database
from db.models import OutboxMessage, Prediction
from tests.behaviour.conftest import World, click, new_world, shown, slash
from tests.behaviour.homes.forums import choose_forum, said_in
from tests.behaviour.voting.test_early_blindness import differences, parts
from tests.rows import empty

HOUR, DAY = 3600.0, 86400.0


async def set_out(world: World, *, predictions: int = 1, **settings: Any) -> list[Any]:
    """Predictions on which four members say 40 %, two days ago; returns these."""
    given = {"blind": False, "quiet": "off"} | settings
    await slash(world.manager, world, "settings guild", channel=world.channel, **given)
    people = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(4)]
    await world.env.settle()
    for code in range(1, predictions + 1):
        await slash(world.manager, world, "prediction add", statement=f"Statement {code}", by="31 Dec 2027")
        for person in people:
            await slash(person, world, "forecast", prediction=str(code), probability="40")
    await world.advance(2 * DAY)
    return people


async def move(people: list[Any], world: World, probability: str = "80", *, code: str = "1", reason: str = "") -> None:
    """Three of the four change their minds."""
    for number, person in enumerate(people[:3]):
        given = {"reason": f"{reason} {number}"} if reason else {}
        placed = await slash(person, world, "forecast", prediction=code, probability=probability, **given)
        if reason:
            await placed.click("Post my reason")


def announced(world: World) -> list[str]:
    """The posts that tell of a move."""
    return [post for post in world.posts() if "→" in post and "within 24 hours" in post]


async def test_a_big_move_is_announced_once_under_the_card_with_the_movers_reasons(world: World) -> None:
    people = await set_out(world)
    await slash(people[3], world, "forecast", prediction="1", probability="42", reason="Before it all")
    await move(people, world, reason="A leak")
    assert announced(world) == [], "whoever moved it may be writing why"
    await world.advance(15 * 60)
    (post,) = announced(world)
    assert post.startswith("### 📈 40% → 80% · #1 Statement 1")
    assert "The crowd moved within 24 hours · 4 forecasts now" in post
    assert f"💬 <@{people[0].id}> **40% → 80%** “A leak 0”" in post
    assert "Before it all" not in post, "it's private"
    for probability in ("10", "90", "5"):
        await move(people, world, probability)
        await world.advance(DAY)
    assert len(announced(world)) == 1


async def test_it_hangs_under_the_card(world: World) -> None:
    people = await set_out(world)
    await move(people, world)
    await world.advance(15 * 60)
    (request,) = [one for one in world.requests("POST", "/messages") if "The crowd moved" in str(one.json)]
    assert request.json is not None
    assert int(request.json["message_reference"]["message_id"]) == world.messages()[0].id


async def test_in_a_forum_it_is_said_in_the_post_of_the_prediction(world: World) -> None:
    forum = choose_forum(world)
    people = await set_out(world)
    (post,) = forum.threads
    await move(people, world)
    await world.advance(DAY)
    assert any("The crowd moved within 24 hours" in said for said in said_in(post))
    assert announced(world) == [], "and not in the channel as well"


async def test_the_card_says_how_far_the_crowd_has_moved_and_since_when(world: World) -> None:
    people = await set_out(world)
    assert "from 40%" not in world.posts()[0]
    await move(people, world, "47")
    await world.advance(60)
    assert "📈 up from 40% <t:" in world.posts()[0]
    assert "📈 up from 40% <t:" in (await slash(world.bob, world, "prediction show", prediction="1")).text
    await world.advance(HOUR)
    assert announced(world) == [], "7 points are no big move"
    await world.advance(2 * DAY)
    assert "from 40%" not in (await slash(world.bob, world, "prediction show", prediction="1")).text


async def test_where_the_crowd_is_hidden_no_move_is_told(world: World) -> None:
    people = await set_out(world, blind=True)
    await move(people, world)
    await world.advance(DAY)
    assert announced(world) == []
    assert world.rows(select(OutboxMessage.id).where(OutboxMessage.kind == "move")) == []
    assert world.rows(select(Prediction.moved_at)) == [(None,)]
    assert "from 40%" not in "\n".join(world.posts())
    assert "from 40%" not in (await slash(world.bob, world, "prediction show", prediction="1")).text


async def test_one_that_was_noted_before_the_crowd_was_hidden_is_not_told(world: World) -> None:
    people = await set_out(world)
    await move(people, world)
    await slash(world.manager, world, "settings guild", blind=True)
    await world.advance(DAY)
    assert announced(world) == []


async def test_it_waits_for_the_morning_where_the_server_sleeps(world: World) -> None:
    people = await set_out(world, quiet="00:00-08:00")
    await move(people, world)
    await world.advance(HOUR)
    assert announced(world) == []
    await world.advance(8 * HOUR)
    assert len(announced(world)) == 1


async def test_a_second_move_of_the_day_waits_for_the_next_and_shares_its_post(world: World) -> None:
    people = await set_out(world, predictions=3)
    await move(people, world, code="1")
    await world.advance(HOUR)
    assert len(announced(world)) == 1
    for code in ("2", "3"):
        await move(people, world, code=code, reason="A leak")
    await world.advance(HOUR)
    assert len(announced(world)) == 1
    await world.advance(1.5 * DAY)
    first, both = announced(world)
    assert "2 big moves" in both
    assert "**#2** Statement 2" in both
    assert "**#3** Statement 3" in both
    assert "A leak" in both
    assert "#1" in first


async def test_a_crowd_of_two_makes_no_move(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off", blind=False)
    await slash(world.manager, world, "prediction add", statement="Statement", by="31 Dec 2027")
    for probability in ("20", "90"):
        for member in (world.ada, world.bob):
            await slash(member, world, "forecast", prediction="1", probability=probability)
        await world.advance(HOUR)
    assert announced(world) == []


async def test_a_post_that_is_updated_keeps_its_moves(world: World) -> None:
    people = await set_out(world, predictions=1)
    await slash(world.manager, world, "prediction add", statement="Rain", by="3 Jan 2026")
    for person in people:
        await slash(person, world, "forecast", prediction="2", probability="40")
    await world.advance(DAY - 60)
    await move(people, world)
    await world.advance(20 * 60)
    (post,) = announced(world)
    assert "1 vote" in post, "both came due at once"
    message = next(message for message in world.messages() if shown(message) == post)
    await (await slash(people[0], world, "vote", prediction="2")).click("Yes")
    await world.advance(60)
    updated = next(shown(one) for one in world.messages() if one.id == message.id)
    assert updated != post
    assert "40% → 80% within 24 hours" in updated


async def seen_with(database: Database, *numbers: str) -> list[str]:
    """What the channel and a member without a forecast see where members changed their minds to these numbers."""
    async with new_world(database) as world:
        people = await set_out(world, blind=True)
        for number in numbers:
            await move(people, world, number, reason="A leak")
            await world.advance(HOUR)
        await world.advance(DAY)
        mark = world.mark
        card = await slash(world.bob, world, "prediction show", prediction="1")
        await card.click("Details")
        await click(world.bob, world.messages()[0], "All reasons")
        await slash(world.bob, world, "prediction list", order="most contested")
        return parts("\n".join([world.sent_since(mark), *world.posts()]))


async def test_two_worlds_in_one_of_which_the_hidden_crowd_moved_look_the_same(sqlite: Database) -> None:
    still = await seen_with(sqlite, "41", "42")
    empty(sqlite)
    moved = await seen_with(sqlite, "80", "5")
    assert not differences(still, moved), "\n".join(differences(still, moved))
