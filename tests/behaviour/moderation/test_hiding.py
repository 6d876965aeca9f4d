"""Managers hide what members wrote: it's gone from everywhere, the log says that and by whom, and it can be shown again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from db.models import Event, HiddenText, Reason
from tests.behaviour.conftest import Seen, World, click, slash
from tests.behaviour.voting.test_votes import DATE, arrange, posted, until

SECRET = "Their leak, word for word"


async def give_reason(world: World, member: Any = None, code: int = 1) -> Any:
    """A posted reason; returns its message."""
    placed = await slash(member or world.ada, world, "forecast", prediction=str(code), probability="70", reason=SECRET)
    await placed.click("Post my reason")
    return world.messages()[-1]


async def add(world: World) -> Seen:
    return await slash(world.manager, world, "prediction add", statement="GPT-6 is released", by="31 Dec 2027")


async def hide_reason(world: World, message: Any, member: Any = None) -> Seen:
    member = member or world.manager
    return Seen(member, await member.context_menu(world.channel, "Hide this reason", message))


async def everything_seen(world: World, member: Any) -> str:
    """What the bot says to a member who looks everywhere."""
    mark = world.mark
    for name in ("prediction show", "forecast", "resolution status", "resolution log"):
        await slash(member, world, name, prediction="1")
    await slash(member, world, "export data")
    return world.sent_since(mark)


async def test_a_reason_is_hidden_from_its_own_message_and_can_be_shown_again(world: World) -> None:
    await add(world)
    message = await give_reason(world)
    assert SECRET in world.posts()[-1]
    hidden = await hide_reason(world, message)
    assert hidden.is_private
    assert "Nobody can read it now" in hidden.text
    await world.advance(60)
    assert not any(SECRET in post for post in world.posts())
    assert "A reason on **#1** that a manager has hidden" in "\n".join(world.posts())
    assert SECRET not in await everything_seen(world, world.bob)
    log = (await slash(world.bob, world, "resolution log", prediction="1")).text
    assert f"**Text hidden** by <@{world.manager.id}> (manager): a reason" in log
    again = await hidden.click("Show it again")
    assert "Everyone can read it again." in again.text
    await world.advance(60)
    assert sum(SECRET in post for post in world.posts()) == 2, "on its own, and on the card"
    assert "**Text shown again**" in (await slash(world.bob, world, "resolution log", prediction="1")).text
    assert world.rows(select(HiddenText.id)) == []


async def test_an_export_has_no_hidden_reason(world: World) -> None:
    await add(world)
    await slash(world.manager, world, "settings guild", blind=False)
    message = await give_reason(world)
    assert SECRET in await exported(world)
    await hide_reason(world, message)
    assert SECRET not in await exported(world)


async def exported(world: World) -> str:
    from bot.services.exporting import guild_export

    pieces: list[bytes] = []
    world.database.read_here(
        guild_export.export, guild_id=world.guild.id, now=world.now, put=lambda _name, piece: pieces.append(piece)
    )
    return b"".join(pieces).decode()


async def test_what_is_hidden_already_cannot_be_hidden_twice(world: World) -> None:
    await add(world)
    message = await give_reason(world)
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    await hide_reason(world, message)
    assert "hidden already" in (await hide_reason(world, message)).text
    (key,) = listed.options("Hide one…")
    assert "hidden already" in (await listed.choose("Hide one…", key)).text
    assert len(world.rows(select(HiddenText.id))) == 1


async def test_members_who_are_no_managers_hide_nothing(world: World) -> None:
    await add(world)
    message = await give_reason(world)
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    assert "Only managers can hide" in (await hide_reason(world, message, world.bob)).text
    assert "Only managers can hide" in (await slash(world.bob, world, "moderation hide", prediction="1")).text
    public = await slash(world.manager, world, "prediction show", prediction="1", public=True)
    (key,) = listed.options("Hide one…")
    from tests.behaviour.conftest import forge

    assert "Only managers can" in (await forge(world.bob, public.message, f"text.again:{key}")).text
    assert world.rows(select(HiddenText.id)) == []


async def test_another_message_is_no_reason(world: World) -> None:
    card = await add(world)
    said = await world.bob.send(world.channel, "Hello")
    for message in (card.message, said):
        assert "isn't a reason I posted" in (await hide_reason(world, message)).text


async def test_the_list_hides_and_shows_what_a_proposal_and_its_log_say(world: World) -> None:
    await add(world)
    await world.advance(3 * 86400)
    link = "https://spam.example/buy"
    await slash(
        world.ada, world, "resolution propose", prediction="1", outcome="yes", happened="today", link=link, words=SECRET
    )
    assert SECRET in (await slash(world.bob, world, "resolution status", prediction="1")).text
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    (key,) = listed.options("Hide one…")
    hidden = await listed.choose("Hide one…", key)
    seen = await everything_seen(world, world.bob)
    assert SECRET not in seen
    assert link not in seen
    assert link not in str([row.data for row in world.rows(select(Event.data))])
    await hidden.choose("Show one again…", key)
    status = (await slash(world.bob, world, "resolution status", prediction="1")).text
    assert SECRET in status
    assert link in status
    assert SECRET in (await slash(world.bob, world, "resolution log", prediction="1")).text


async def test_what_comes_with_ballots_is_not_listed_while_the_vote_runs(world: World) -> None:
    people = await arrange(world)
    await until(world, DATE)
    paper = await click(people[0], posted(world, "What happened?"), "Vote")
    voted = await paper.click("Yes")
    form = await voted.click("Say when, add link or comment…")
    await form.fill_in(link_that_shows_it="https://spam.example/buy", comment=SECRET)
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    assert "Nobody has written anything here" in listed.text


async def test_a_reason_that_was_given_again_keeps_the_hidden_one_hidden(world: World) -> None:
    await add(world)
    message = await give_reason(world)
    hidden = await hide_reason(world, message)
    history = await slash(world.ada, world, "forecasts", prediction="1")
    assert SECRET not in history.text
    form = await (await slash(world.ada, world, "forecast", prediction="1")).click("Exact…")
    assert form.result.modal is not None
    from bot.services.forecasting import reasons

    (forecast_id,) = world.rows(select(HiddenText.target_id))[0]
    await world.bot.write(
        reasons.add_reason, world.actor(world.ada), forecast_id=forecast_id, words="A calmer one", now=world.now
    )
    assert "another reason for this forecast since" in (await hidden.click("Show it again")).text
    assert world.rows(select(Reason.words)) == [("A calmer one",)]


async def test_a_manager_who_forecast_says_so_or_may_not(world: World) -> None:
    await add(world)
    await slash(world.manager, world, "forecast", prediction="1", probability="30")
    message = await give_reason(world)
    await slash(world.manager, world, "settings votes", interested_managers=False)
    assert "a manager who didn't has to hide" in (await hide_reason(world, message)).text
    await slash(world.manager, world, "settings votes", interested_managers=True)
    await hide_reason(world, message)
    log = (await slash(world.bob, world, "resolution log", prediction="1")).text
    assert "a reason · forecast on it themselves" in log


async def test_another_guilds_texts_are_not_there(world: World) -> None:
    await add(world)
    await give_reason(world)
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    (key,) = listed.options("Hide one…")
    from bot.domain.errors import Refused
    from bot.services.moderation import hiding
    from cogs.moderation import _key_of
    from tests import factories

    stranger = factories.create_actor("olaf", manager=True)
    with pytest.raises(Refused, match="isn't there any more"):
        world.database.run_here(hiding.hide, stranger, key=_key_of(key), now=world.now)


async def test_the_words_of_a_prediction_in_use_stay_and_of_an_annulled_one_can_be_hidden(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    options = {"statement": f"{SECRET} happens", "by": "31 Dec 2027", "tags": "slander", "criteria": f"As in {SECRET}"}
    await slash(world.ada, world, "prediction add", **options)
    await slash(world.ada, world, "prediction edit", prediction="1", criteria=f"More of {SECRET}")
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    assert "annul the prediction first" in listed.text
    assert "Hide one…" not in listed.text
    await slash(world.manager, world, "prediction annul", prediction="1", reason="Off limits")
    await world.advance(60)
    assert any(SECRET in post for post in world.posts())
    listed = await slash(world.manager, world, "moderation hide", prediction="1")
    (key,) = listed.options("Hide one…")
    hidden = await listed.choose("Hide one…", key)
    await world.advance(60)
    assert not any(SECRET in post for post in world.posts())
    assert SECRET not in await everything_seen(world, world.bob)
    assert SECRET not in await exported(world)
    assert "slander" not in await exported(world)
    assert (
        "are hidden. Show them again first"
        in (await slash(world.manager, world, "resolution reopen", prediction="1", reason="x")).text
    )
    await hidden.choose("Show one again…", key)
    card = (await slash(world.bob, world, "prediction show", prediction="1")).text
    assert f"{SECRET} happens" in card
    assert f"More of {SECRET}" in card
    assert f"{SECRET} happens" in (await slash(world.bob, world, "prediction search", words="leak")).text
