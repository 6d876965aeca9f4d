"""Posted reasons: at home with their forecast, the newest on the card, and all of them in a list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.domain.types import State
from db.database import Database
from db.models import Prediction, Reason
from tests import factories
from tests.behaviour.conftest import Seen, World, click, forge, new_world, slash
from tests.behaviour.voting.test_early_blindness import differences, parts
from tests.rows import empty, everything

DAY = 86400.0


async def set_out(world: World, **settings: Any) -> None:
    """A prediction with its card in the server's channel."""
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off", **settings)
    await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")


async def say(member: Any, world: World, probability: str, reason: str, *, code: str = "1") -> Seen:
    """Forecast with a reason, and post it."""
    placed = await slash(member, world, "forecast", prediction=code, probability=probability, reason=reason)
    return await placed.click("Post my reason")


async def test_a_reason_shows_the_forecast_before_and_after_where_the_crowd_may_be_seen(world: World) -> None:
    await set_out(world, blind=False)
    await slash(world.ada, world, "forecast", prediction="1", probability="40")
    await say(world.ada, world, "70", "The weights leaked")
    assert f"💬 <@{world.ada.id}> says **40% → 70%** on **#1**" in world.posts()[-1]
    await world.advance(60)
    assert f"💬 <@{world.ada.id}> **40% → 70%** “The weights leaked”" in world.posts()[0]
    listed = await click(world.bob, world.messages()[0], "All reasons")
    assert listed.is_private
    assert f"<@{world.ada.id}> **40% → 70%**" in listed.text
    assert "> The weights leaked" in listed.text


async def test_while_the_crowd_is_hidden_a_reason_has_no_number(world: World) -> None:
    await set_out(world)
    await slash(world.ada, world, "forecast", prediction="1", probability="41")
    await say(world.ada, world, "73", "The weights leaked")
    await world.advance(60)
    assert f"💬 <@{world.ada.id}> “The weights leaked”" in world.posts()[0]
    assert f"💬 <@{world.ada.id}> on **#1**" in world.posts()[1]
    mark = world.mark
    listed = await click(world.bob, world.messages()[0], "All reasons")
    assert "without numbers until you make your own forecast" in listed.text
    await slash(world.bob, world, "prediction show", prediction="1")
    for number in ("41", "73"):
        assert f"{number}%" not in world.sent_since(mark) + "".join(world.posts())
    await slash(world.bob, world, "forecast", prediction="1", probability="50")
    assert "**41% → 73%**" in (await slash(world.bob, world, "prediction show", prediction="1")).text
    assert "**41% → 73%**" in (await click(world.bob, world.messages()[0], "All reasons")).text
    await slash(world.manager, world, "settings guild", blind=False)
    await slash(world.manager, world, "forecast", prediction="1", probability="50")
    await world.advance(60)
    assert "**41% → 73%**" in world.posts()[0]


async def test_the_card_has_the_newest_three_and_the_list_has_all(world: World) -> None:
    await set_out(world)
    people = [world.guild.add_member(world.env.create_user(f"member{number}")) for number in range(7)]
    await world.env.settle()
    for number, person in enumerate(people):
        await say(person, world, "50", f"Reason {number}!")
        await world.advance(60)
    card = world.posts()[0]
    assert [number for number in range(7) if f"Reason {number}!" in card] == [4, 5, 6]
    assert card.index("Reason 6!") < card.index("Reason 4!")
    first = await click(world.bob, world.messages()[0], "All reasons")
    assert [number for number in range(7) if f"Reason {number}!" in first.text] == [2, 3, 4, 5, 6]
    assert "7 reasons" in first.text
    second = await first.click("More ▸")
    assert [number for number in range(7) if f"Reason {number}!" in second.text] == [0, 1]
    assert "Reason 6!" in (await second.click("◂ Back")).text


async def test_reasons_survive_the_result(world: World) -> None:
    await set_out(world)
    await say(world.ada, world, "70", "The weights leaked")
    await slash(world.manager, world, "resolution override", prediction="1", outcome="yes", reason="It is out")
    await world.advance(60)
    assert "**70%** “The weights leaked”" in world.posts()[0]
    listed = await (await slash(world.bob, world, "prediction show", prediction="1")).click("All reasons")
    assert "**70%**" in listed.text
    assert "> The weights leaked" in listed.text


async def test_a_long_reason_can_be_read_whole(world: World) -> None:
    await set_out(world)
    for member in (world.ada, world.bob):
        await say(member, world, "70", ("*_~`" * 250)[:1000])
    await world.advance(60)
    listed = await click(world.manager, world.messages()[0], "All reasons")
    assert "*_~`" * 250 in await listed.file()


async def test_a_reason_of_four_thousand_characters_is_refused(world: World) -> None:
    await set_out(world)
    refused = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="x" * 4000)
    assert refused.text.startswith("⚠️")
    assert "at most 1,000 fit" in refused.text


async def test_the_number_of_a_private_record_stays_private(world: World) -> None:
    await set_out(world, blind=False)
    await slash(world.ada, world, "settings me", record=False)
    await slash(world.ada, world, "forecast", prediction="1", probability="41")
    await say(world.ada, world, "73", "The weights leaked")
    await world.advance(60)
    told = "\n".join([*world.posts(), (await click(world.bob, world.messages()[0], "All reasons")).text])
    assert "The weights leaked" in told
    assert "41%" not in told
    assert "→" not in told


async def test_a_forgotten_member_takes_their_reasons_along(world: World) -> None:
    await set_out(world)
    await say(world.ada, world, "70", "The weights leaked")
    await world.advance(60)
    await (await slash(world.ada, world, "privacy forget")).click("Forget me here")
    await world.advance(60)
    assert "weights" not in world.posts()[0]
    listed = await forge(world.bob, world.messages()[0], "reason.list:1")
    assert "Nobody has posted a reason" in listed.text


async def test_a_reason_on_an_annulled_prediction_stays_private(world: World) -> None:
    await set_out(world)
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70", reason="The weights leaked")
    await slash(world.manager, world, "prediction annul", prediction="1", reason="A double")
    refused = await placed.click("Post my reason")
    assert "#1 is annulled" in refused.text
    assert world.rows(select(Reason.posted_at)) == [(None,)]
    assert world.rows(select(Prediction.state)) == [(State.ANNULLED,)]


async def test_a_list_of_another_server_or_version_is_refused(world: World) -> None:
    await set_out(world)
    factories.create_prediction(world.database, now=world.now, statement="Theirs")
    factories.create_prediction(world.database, now=world.now, statement="Theirs too")
    for argument, said in {"2": "There's no prediction #2", "1:x": "another version", "": "another version"}.items():
        refused = await forge(world.bob, world.messages()[0], f"reason.list:{argument}" if argument else "reason.list")
        assert said in refused.text
    assert "Nobody has posted" in (await forge(world.bob, world.messages()[0], "reason.list:1:99")).text


async def test_where_a_reason_was_posted_is_linked(world: World) -> None:
    await set_out(world)
    await say(world.ada, world, "70", "The weights leaked")
    await world.advance(60)
    listed = await click(world.bob, world.messages()[0], "All reasons")
    assert (
        f"[Open](https://discord.com/channels/{world.guild.id}/{world.channel.id}/{world.messages()[1].id})" in listed.text
    )
    world.change(update(Reason).values(channel_id=None, message_id=None))  # as an older version left it
    assert "[Open]" not in (await click(world.bob, world.messages()[0], "All reasons")).text


async def seen_with(database: Database, numbers: tuple[str, str]) -> list[str]:
    """What a member without a forecast, and the channel, see of reasons whose members said these numbers."""
    async with new_world(database) as world:
        await set_out(world)
        await slash(
            world.manager,
            world,
            "prediction add",
            statement="Who?",
            by="31 Dec 2027",
            options="a; b",
            kind="multiple_choice",
        )
        for member, words in ((world.ada, "A leak"), (world.manager, "A hunch")):
            for number in numbers:
                await say(member, world, number, f"{words}, once more")
                answer = f"{number}; {100 - int(number)}"
                await say(member, world, answer, words, code="2")
                await world.advance(3600)
        mark = world.mark
        for code in ("1", "2"):
            card = await slash(world.bob, world, "prediction show", prediction=code)
            await card.click("Details")
            await (await slash(world.bob, world, "prediction show", prediction=code)).click("All reasons")
            await slash(world.bob, world, "prediction show", prediction=code, public=True)
        return parts("\n".join([world.sent_since(mark), *world.posts()]))


async def test_two_worlds_with_different_crowds_have_the_same_reasons(sqlite: Database) -> None:
    low = await seen_with(sqlite, ("11", "47"))
    empty(sqlite)
    high = await seen_with(sqlite, ("88", "89"))
    assert not differences(low, high), "\n".join(differences(low, high))
    assert any("A leak" in part for part in low)


async def test_replies_to_a_posted_reason_are_counted_and_nothing_of_them_is_kept(world: World) -> None:
    await set_out(world)
    await say(world.ada, world, "70", "The weights leaked")
    post = world.messages()[-1]
    await world.bob.send(world.channel, "Is that so? canary", reply_to=post)
    await world.manager.send(world.channel, "Yes", reply_to=post)
    await world.bob.send(world.channel, "no reply")
    await world.bob.send(world.channel, "to the card", reply_to=world.messages()[0])
    said = await world.ada.send(world.channel, "to a member")
    await world.bob.send(world.channel, "to a member, too", reply_to=said)
    assert world.rows(select(Reason.replies)) == [(2,)]
    listed = await (await slash(world.bob, world, "prediction show", prediction="1")).click("All reasons")
    assert "2 replies" in listed.text
    assert "(2 replies) “The weights leaked”" in (await slash(world.bob, world, "prediction show", prediction="1")).text
    assert "canary" not in str(everything(world.database))
