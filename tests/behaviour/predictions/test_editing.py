"""Changing a prediction, and what members are told of it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from bot.domain.types import State
from db.models import PredictionRevision
from tests import factories
from tests.behaviour.conftest import Seen, World, slash

DAY = 86400.0


async def add(member: object, world: World, **given: object) -> Seen:
    """A prediction with its card in the channel."""
    wanted = {"statement": "GPT-6 is released", "by": "31 Dec 2026", "criteria": "OpenAI says so"} | given
    return await slash(member, world, "prediction add", **wanted)


async def edit(member: object, world: World, **given: object) -> Seen:
    """/prediction edit of #1."""
    return await slash(member, world, "prediction edit", prediction="1", **given)


async def test_each_option_changes_its_own_thing(world: World) -> None:
    await add(world.ada, world, tags="one, two")
    told = await edit(world.ada, world, statement="GPT-7 is released")
    assert told.is_private
    assert "GPT-7 is released" in told.text
    assert "statement" in told.text
    await edit(world.ada, world, criteria="Anybody says so")
    await edit(world.ada, world, by="30 Jun 2027")
    await edit(world.ada, world, closes="31 Mar 2027")
    await edit(world.ada, world, tags="three")
    view = world.view(1)
    assert (view.statement, view.criteria, view.tags) == ("GPT-7 is released", "Anybody says so", ("three",))
    assert view.resolves_at == datetime(2027, 7, 1, tzinfo=UTC)
    assert view.closes_at == datetime(2027, 4, 1, tzinfo=UTC)


async def test_several_things_change_at_once_and_all_are_named(world: World) -> None:
    await add(world.ada, world)
    told = await edit(world.ada, world, statement="GPT-7 is released", by="30 Jun 2027", tags="three")
    for name in ("statement", "date", "tags"):
        assert name in told.text.split("\n")[0]
    assert "by 30 Jun 2027" in told.text


async def test_without_options_a_form_opens_with_what_it_says_now(world: World) -> None:
    await add(world.ada, world)
    form = await edit(world.ada, world)
    assert form.form == {
        "Statement": "GPT-6 is released",
        "By when": "31 Dec 2026",
        "Criteria": "OpenAI says so",
        "Topics": "",
        "Last day for forecasts": "",
    }
    await form.fill_in(statement="GPT-7 is released", by_when="30 Jun 2027", criteria="")
    view = world.view(1)
    assert (view.statement, view.criteria) == ("GPT-7 is released", None)
    assert view.resolves_at == datetime(2027, 7, 1, tzinfo=UTC)


async def test_the_form_keeps_what_is_left_as_it_was(world: World) -> None:
    await add(world.ada, world, closes="30 Jun 2026")
    await (await edit(world.ada, world)).fill_in(criteria="Anybody says so")
    view = world.view(1)
    assert view.closes_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert view.resolves_at == datetime(2027, 1, 1, tzinfo=UTC)


async def test_one_without_a_date_can_be_edited_in_the_form_and_stays_without(world: World) -> None:
    world.load(factories.create_document({"statement": "Some day"}))
    form = await edit(world.manager, world)
    assert form.form["By when"] == ""
    told = await form.fill_in(statement="One day")
    assert "One day" in told.text
    assert world.view(1).resolves_at is None


async def test_an_edit_that_changes_nothing_is_refused(world: World) -> None:
    await add(world.ada, world)
    refused = await edit(world.ada, world, statement="GPT-6 is released")
    assert "That wouldn't change anything" in refused.text
    refused = await (await edit(world.ada, world)).fill_in()
    assert "That wouldn't change anything" in refused.text


async def test_what_cannot_be_is_refused_and_nothing_changes(world: World) -> None:
    await add(world.ada, world)
    for given, said in (
        ({"statement": " "}, "The statement is empty"),
        ({"statement": "x" * 301}, "The statement has 301 characters; at most 300 fit"),
        ({"criteria": "x" * 2001}, "The criteria have 2,001 characters"),
        ({"by": "31 Dec 2025"}, "already over"),
        ({"by": "3/4/2026"}, "could be two days"),
        ({"closes": "31 Jan 2027"}, "can't close after"),
        ({"tags": ",".join(map(str, range(9)))}, "You gave 9 tags"),
    ):
        refused = await edit(world.ada, world, **given)
        assert refused.is_private
        assert said in refused.text, given
    refused = await (await edit(world.ada, world)).fill_in(by_when="soon", statement="Lost?")
    assert "as a date. Try" in refused.text
    assert "Statement: Lost?" in refused.text
    view = world.view(1)
    assert (view.statement, view.resolves_at) == ("GPT-6 is released", datetime(2027, 1, 1, tzinfo=UTC))


# Who may.


async def test_who_added_it_may_edit_until_another_member_forecasts(world: World) -> None:
    await add(world.ada, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await edit(world.ada, world, statement="GPT-7 is released")
    assert world.view(1).statement == "GPT-7 is released"
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    refused = await edit(world.ada, world, statement="GPT-8 is released")
    assert "Only managers can edit a prediction that others have forecast on" in refused.text
    await edit(world.manager, world, statement="GPT-9 is released")
    assert world.view(1).statement == "GPT-9 is released"


async def test_others_may_not_edit_it(world: World) -> None:
    await add(world.ada, world)
    refused = await edit(world.bob, world, statement="GPT-7 is released")
    assert refused.is_private
    assert "Only managers can edit a prediction that someone else added" in refused.text
    assert world.view(1).statement == "GPT-6 is released"


async def test_who_may_not_edit_is_told_before_the_form_opens(world: World) -> None:
    await add(world.ada, world)
    refused = await edit(world.bob, world)
    assert "Only managers can edit" in refused.text


async def test_what_is_over_cannot_be_edited(world: World) -> None:
    world.load(factories.create_document({"statement": "It rains"}))
    await slash(world.manager, world, "pack drop", pack="pack")
    assert "#1 is annulled, so it can't be edited" in (await edit(world.manager, world, statement="It snows")).text
    assert world.view(1).state is State.ANNULLED


# Clarifications.


async def test_new_words_after_a_forecast_are_announced_at_home_with_the_old_ones(world: World) -> None:
    card = await add(world.manager, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    told = await edit(world.manager, world, statement="GPT-6 is released to all", criteria="OpenAI's site says so")
    assert "the change is announced" in told.text
    announced = world.messages()[-1]
    assert announced.reference is not None
    assert announced.reference.message_id == card.message.id
    shown = world.posts()[-1]
    assert f"#1 was clarified by <@{world.manager.id}>" in shown
    assert "**Before** GPT-6 is released\n**Now** GPT-6 is released to all" in shown
    assert "**Criteria before** OpenAI says so\n**Criteria now** OpenAI's site says so" in shown
    assert "[Forecast]" in shown
    (revision,) = world.rows(select(PredictionRevision.statement, PredictionRevision.is_clarification))
    assert tuple(revision) == ("GPT-6 is released", True)


async def test_only_what_changed_is_announced(world: World) -> None:
    await add(world.manager, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await edit(world.manager, world, criteria="OpenAI's site says so")
    assert "**Before**" not in world.posts()[-1]
    assert "Criteria before" in world.posts()[-1]


async def test_before_any_forecast_nothing_is_announced(world: World) -> None:
    await add(world.manager, world)
    told = await edit(world.manager, world, statement="GPT-7 is released")
    assert "announced" not in told.text
    await world.advance(60)
    assert len(world.posts()) == 1
    assert "GPT-7 is released" in world.posts()[0]


async def test_a_new_date_alone_is_no_clarification(world: World) -> None:
    await add(world.manager, world)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await edit(world.manager, world, by="30 Jun 2027")
    await world.advance(60)
    card, news = world.posts()
    assert "by 30 Jun 2027" in card
    assert "#1 has a new date" in news


async def test_a_clarification_without_a_card_is_announced_in_the_guilds_channel(world: World) -> None:
    world.load(factories.create_document({"statement": "It rains"}))
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await edit(world.manager, world, statement="It rains in Paris")
    assert "#1 was clarified" in world.posts()[-1]


async def test_the_details_say_how_often_its_words_were_changed(world: World) -> None:
    await add(world.manager, world)
    await edit(world.manager, world, statement="GPT-7 is released")
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    assert "Reworded 1 time." in details.text


async def test_a_closed_prediction_opens_again_with_a_later_date(world: World) -> None:
    await add(world.manager, world, by="31 Jan 2026", closes="2 Jan 2026")
    await world.advance(3 * DAY)
    assert world.view(1).state is State.CLOSED
    await edit(world.manager, world, closes="30 Jan 2026")
    placed = await slash(world.ada, world, "forecast", prediction="1", probability="70")
    assert "You said **70%**" in placed.text


async def test_what_a_manager_changes_after_forecasting_on_it_says_so(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await add(world.ada, world)
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    await edit(world.manager, world, statement="GPT-7 is released", by="30 Jun 2027")
    await world.advance(60)
    assert "forecast on it themselves" not in "\n".join(world.posts())
    await slash(world.manager, world, "forecast", prediction="1", probability="20")
    await edit(world.manager, world, statement="GPT-8 is released", by="31 Jul 2027")
    await edit(world.manager, world, closes="31 May 2027")
    await world.advance(60)
    told = [post for post in world.posts() if "They'd forecast on it themselves." in post]
    assert ["was clarified" in told[0], "has a new date" in told[1]] == [True, True]
    log = await slash(world.ada, world, "resolution log", prediction="1")
    assert log.text.count("forecast on it themselves") == 3, "words, date and closing time"


async def test_a_server_can_keep_managers_from_changing_what_they_forecast_on(world: World) -> None:
    await slash(world.manager, world, "settings votes", interested_managers=False)
    await add(world.manager, world)
    await slash(world.manager, world, "forecast", prediction="1", probability="20")
    assert "date" in (await edit(world.manager, world, by="30 Jun 2027")).text, "nobody else has forecast yet"
    await slash(world.bob, world, "forecast", prediction="1", probability="70")
    refused = await edit(world.manager, world, by="31 Jul 2027")
    assert "on this server a manager who didn't has to change it" in refused.text
    assert world.view(1).resolves_at == datetime(2027, 7, 1, tzinfo=UTC)
