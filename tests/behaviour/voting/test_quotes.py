"""Right click on a message → Apps → Quote as evidence: for everyone who votes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from db.models import Prediction, Quote
from tests.behaviour.conftest import Seen, World, forge, slash
from tests.behaviour.voting.test_votes import DATE, DAY, arrange, until

CHOOSE, REMOVE = "Choose the vote…", "Remove one…"


async def menu(member: Any, world: World, message: Any) -> Seen:
    """The message's menu."""
    return Seen(member, await member.context_menu(world.channel, "Quote as evidence", message))


async def with_vote(world: World, members: int = 3) -> list[Any]:
    """A vote is open; returns members who may vote."""
    people = await arrange(world, members=members)
    await until(world, DATE)
    return people


async def test_a_quoted_message_is_on_the_ballot_paper_and_in_the_details(world: World) -> None:
    people = await with_vote(world)
    said = await world.bob.send(world.channel, "OpenAI has **just** released\nGPT-6 @everyone")
    asked = await menu(people[0], world, said)
    assert asked.is_private
    assert "OpenAI has" in asked.text
    assert list(asked.options(CHOOSE).values()) == ["#1 GPT-6 is released by the end of February"]
    quoted = await asked.choose(CHOOSE, "1")
    assert "Quoted in the vote on #1." in quoted.text
    paper = await slash(people[1], world, "vote", prediction="1")
    details = await (await slash(people[1], world, "prediction show", prediction="1")).click("Details")
    for seen in (paper, details):
        assert f"[Message]({said.jump_url}) from <@{world.bob.id}>: “OpenAI has \\*\\*just\\*\\* released GPT-6" in seen.text
        assert f"quoted by <@{people[0].id}>" in seen.text
        assert "@everyone" not in seen.text
    assert "OpenAI has" in (await paper.click("See evidence")).text


async def test_the_vote_is_chosen_among_those_that_are_open(world: World) -> None:
    people = await arrange(world)
    await slash(world.manager, world, "prediction add", statement="It rains", by="28 Feb 2026")
    await slash(world.manager, world, "prediction add", statement="Later", by="31 Dec 2026")
    world.create_forecasts(2, (0.5,))
    await until(world, DATE)
    said = await world.bob.send(world.channel, "It poured all day")
    asked = await menu(people[0], world, said)
    assert sorted(asked.options(CHOOSE)) == ["1", "2"]
    await asked.choose(CHOOSE, "2")
    assert "poured" in (await slash(people[1], world, "vote", prediction="2")).text
    assert "poured" not in (await slash(people[1], world, "vote", prediction="1")).text


async def test_without_an_open_vote_there_is_nothing_to_quote_in(world: World) -> None:
    world.create_prediction()
    refused = await menu(world.ada, world, await world.bob.send(world.channel, "GPT-6 is out"))
    assert refused.text.startswith("⚠️ No vote is open here now.")
    assert "/resolution propose" in refused.text
    assert world.rows(select(Quote.id)) == []


async def test_who_may_not_vote_may_not_quote(world: World) -> None:
    await with_vote(world)
    late = world.guild.add_member(world.env.create_user("late"))
    await world.env.settle()
    refused = await menu(late, world, await world.bob.send(world.channel, "GPT-6 is out"))
    assert refused.text.startswith("⚠️")
    assert "24 hours before this vote opened" in refused.text


@pytest.mark.parametrize("why", ["ours", "empty", "notice"])
async def test_what_is_no_evidence_is_refused(world: World, why: str) -> None:
    people = await with_vote(world)
    if why == "ours":
        message = world.messages()[0]
    else:
        message = await world.bob.send(world.channel, "words")
        stored = world.env.backend.get_message(world.channel.id, message.id)
        stored.content = "" if why == "empty" else "pinned a message"
        stored.type = 6 if why == "notice" else 0
    said = {"ours": "I wrote that message myself", "empty": "That message is empty", "notice": "a notice from Discord"}
    refused = await menu(people[0], world, message)
    assert said[why] in refused.text
    assert refused.text.startswith("⚠️")
    assert world.rows(select(Quote.id)) == []


async def test_a_message_with_only_a_picture_is_quoted_by_its_link(world: World) -> None:
    people = await with_vote(world)
    picture = await world.bob.send(world.channel, "", attachments=[("chart.png", b"png")])
    await (await menu(people[0], world, picture)).choose(CHOOSE, "1")
    paper = await slash(people[1], world, "vote", prediction="1")
    assert f"[Message]({picture.jump_url}) from <@{world.bob.id}>, without words" in paper.text


async def test_long_and_nasty_words_are_cut_and_tamed(world: World) -> None:
    people = await with_vote(world)
    nasty = await world.bob.send(world.channel, "[a](https://evil.example) <@1> \u202e" + "*long* " * 250)
    await (await menu(people[0], world, nasty)).choose(CHOOSE, "1")
    (words,) = world.rows(select(Quote.words))[0]
    assert len(words) <= 300
    assert "\u202e" not in words
    paper = await slash(people[1], world, "vote", prediction="1")
    assert "](https://evil" not in paper.text
    assert "<@1>" not in paper.text


async def test_the_same_message_is_quoted_once_and_ten_are_the_most(world: World) -> None:
    people = await with_vote(world)
    said = [await world.bob.send(world.channel, f"Report {number}") for number in range(11)]
    for message in said[:10]:
        await (await menu(people[0], world, message)).choose(CHOOSE, "1")
    assert "already quoted on #1" in (await (await menu(people[1], world, said[0])).choose(CHOOSE, "1")).text
    assert "has 10 quotes" in (await (await menu(people[1], world, said[10])).choose(CHOOSE, "1")).text
    paper = await slash(people[1], world, "vote", prediction="1")
    assert "and 7 more" in paper.text
    listed = await paper.click("See evidence")
    assert all(f"Report {number}" in listed.text for number in range(10))


async def test_only_who_quoted_it_and_managers_can_remove_it(world: World) -> None:
    people = await with_vote(world)
    for number, person in enumerate((people[0], people[0], people[1])):
        said = await world.bob.send(world.channel, f"Report {number}")
        await (await menu(person, world, said)).choose(CHOOSE, "1")
    first, second, third = (str(row.id) for row in world.rows(select(Quote.id).order_by(Quote.id)))
    others = await (await slash(people[1], world, "vote", prediction="1")).click("See evidence")
    assert list(others.options(REMOVE)) == [third]
    assert "Only whoever quoted it" in (await forge(people[1], others.message, "quote.remove:1", first)).text
    assert "another version" in (await forge(people[1], others.message, "quote.remove:1", "x")).text
    assert "gone already" in (await forge(people[1], others.message, "quote.remove:1", "99")).text
    own = await (await slash(people[0], world, "vote", prediction="1")).click("See evidence")
    assert "Report 0" not in (await own.choose(REMOVE, first)).text
    theirs = await (await slash(world.manager, world, "vote", prediction="1")).click("See evidence")
    theirs = await theirs.choose(REMOVE, second)
    assert "Nothing is quoted here" in (await theirs.choose(REMOVE, third)).text


async def test_when_the_vote_is_over_it_takes_no_more_but_the_evidence_stays(world: World) -> None:
    people = await with_vote(world)
    said = await world.bob.send(world.channel, "OpenAI has released it")
    asked = await menu(people[0], world, said)
    late = await menu(people[1], world, await world.bob.send(world.channel, "Me too"))
    await asked.choose(CHOOSE, "1")
    for person in people:
        await (await slash(person, world, "vote", prediction="1")).click("Yes")
    await world.advance(5 * DAY)
    assert "has no open vote" in (await late.choose(CHOOSE, "1")).text
    details = await (await slash(people[1], world, "prediction show", prediction="1")).click("Details")
    assert "OpenAI has released it" in details.text
    assert "Vote" not in (await details.click("See evidence")).buttons


async def test_whoever_wrote_or_quoted_it_can_have_it_forgotten(world: World) -> None:
    people = await with_vote(world)
    said = await people[2].send(world.channel, "OpenAI has released it")
    await (await menu(people[0], world, said)).choose(CHOOSE, "1")
    given = await slash(people[2], world, "privacy export")
    assert "OpenAI has released it" in await given.file()
    await (await slash(people[2], world, "privacy forget")).click("Forget me here")
    assert world.rows(select(Quote.id)) == []
    assert world.rows(select(Prediction.code)) == [(1,)]
