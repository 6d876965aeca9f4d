"""A member sees the crowd of an open prediction only after forecasting on it, wherever they look."""

from __future__ import annotations

from tests import factories
from tests.behaviour.conftest import World, ask, complete, forge, slash

DAY = 86400.0
NUMBER = "63.7"
"""What the crowd says, in every test here: no date, id or count holds these figures."""


async def arrange(world: World, **settings: object) -> None:
    """A binary, a multiple-choice and a numeric prediction in the guild's channel, each with a crowd of two at 63.7."""
    await slash(world.manager, world, "settings guild", channel=world.channel, **settings)
    for given in (
        {"statement": "It rains in Paris"},
        {"statement": "Who leads?", "kind": "multiple_choice", "options": "OpenAI; Google", "tags": "labs"},
        {"statement": "How much?", "kind": "numeric", "unit": "USD"},
    ):
        await slash(world.manager, world, "prediction add", by="31 Dec 2026", **given)
    world.create_forecasts(1, (0.637,), (0.637,))
    world.create_forecasts(2, (0.637, 0.363), (0.637, 0.363))
    world.create_forecasts(3, (1.0, 63.7, 90.0), (1.0, 63.7, 90.0))
    await world.advance(60)


async def look_everywhere(member: object, world: World) -> str:
    """All that Discord is told while a member looks at everything that shows predictions, without forecasting."""
    mark = world.mark
    for code in ("1", "2", "3"):
        card = await slash(member, world, "prediction show", prediction=code)
        await card.click("Details")
        await card.click("Back to the card")
        chart = await card.click("Chart")
        for what in ("history", "spread"):
            await forge(member, chart.message, f"chart.{what}:{code}")
            await forge(member, chart.message, f"chart.post:{code}:{what}")
        if "My history" in card.buttons:
            await card.click("My history")
        await slash(member, world, "forecasts", prediction=code)
        panel = await slash(member, world, "forecast", prediction=code)
        await panel.click(next(label for label in panel.buttons if label.endswith("…")))
        await slash(member, world, "prediction edit", prediction=code)
        await slash(member, world, "moderation hide", prediction=code)
    await ask(member, world, "moderation annul", reason="Off topic", codes="1-3")
    await ask(member, world, "moderation member", member=world.ada)
    await slash(member, world, "prediction queue")
    listed = await slash(member, world, "prediction list")
    for show in listed.options("Show other predictions…"):
        listed = await listed.choose("Show other predictions…", show)
    listed = await slash(member, world, "prediction list", show="all", order="busiest")
    for code in listed.options("Open one…"):
        await listed.choose("Open one…", code)
    await slash(member, world, "prediction list", tag="labs")
    await slash(member, world, "prediction search", words="rains paris")
    await slash(member, world, "forecasts")
    walk = await slash(member, world, "next")
    while "Skip" in walk.buttons:
        walk = await walk.click("Skip")
    for of in (world.ada, world.bob, world.manager):
        await slash(member, world, "profile", member=of)
        await slash(member, world, "calibration", member=of)
    await slash(member, world, "calibration", of="the crowd")
    await slash(member, world, "pack list")
    await slash(member, world, "help")
    await slash(member, world, "settings guild")
    for command in ("forecast", "forecasts", "prediction show", "prediction edit"):
        await complete(member, world, command, "prediction", "")
    await complete(member, world, "prediction list", "tag", "")
    return world.sent_since(mark)


def channel_text(world: World) -> str:
    """All that stands in the channel."""
    return "\n".join(world.posts())


async def test_nothing_that_one_can_look_at_has_the_crowds_number(world: World) -> None:
    await arrange(world)
    for member in (world.bob, world.manager):
        assert NUMBER not in await look_everywhere(member, world)
    assert NUMBER not in channel_text(world)


async def test_how_many_have_forecast_is_shown(world: World) -> None:
    await arrange(world)
    card = await slash(world.bob, world, "prediction show", prediction="1")
    assert "**2 forecasts** · the crowd is hidden until you make yours" in card.text
    assert "**2 forecasts**" in world.posts()[0]


async def test_after_ones_own_forecast_it_shows_to_oneself(world: World) -> None:
    await arrange(world)
    for code, typed in {"1": "10", "2": "50; 50", "3": "1; 2; 3"}.items():
        placed = await slash(world.bob, world, "forecast", prediction=code, probability=typed)
        assert NUMBER in placed.text
    for name in ("prediction show", "forecast"):
        for code in ("1", "2", "3"):
            assert NUMBER in (await slash(world.bob, world, name, prediction=code)).text
    assert (await slash(world.bob, world, "forecasts")).text.count(NUMBER) == 3


async def test_after_ones_own_forecast_it_stays_hidden_from_the_others_and_the_channel(world: World) -> None:
    await arrange(world)
    for code, typed in {"1": "10", "2": "50; 50", "3": "1; 2; 3"}.items():
        await slash(world.bob, world, "forecast", prediction=code, probability=typed, reason="My own reason")
        await (await slash(world.bob, world, "forecasts", prediction=code)).click("Post my reason")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Paris or Rome")
    await world.advance(60)
    await slash(world.bob, world, "prediction show", prediction="1", public=True)
    assert "My own reason" in channel_text(world)
    assert NUMBER not in channel_text(world)
    assert NUMBER not in await look_everywhere(world.ada, world)


async def test_after_withdrawing_it_is_hidden_again(world: World) -> None:
    await arrange(world)
    await slash(world.bob, world, "forecast", prediction="1", probability="10")
    await (await slash(world.bob, world, "forecast", prediction="1")).click("Withdraw")
    withdrawn = world.env.http_requests[-1].json
    assert NUMBER not in str(withdrawn)
    mark = world.mark
    await slash(world.bob, world, "prediction show", prediction="1")
    assert NUMBER not in world.sent_since(mark)


async def test_a_closed_prediction_shows_it_to_all(world: World) -> None:
    await arrange(world)
    await world.advance(365 * DAY)
    cards = [post for post in world.posts() if "🗳️" not in post]
    assert len(cards) > 0
    for post in cards:
        assert NUMBER in post
    for code in ("1", "2", "3"):
        assert NUMBER in (await slash(world.bob, world, "prediction show", prediction=code)).text
    assert NUMBER in (await slash(world.bob, world, "prediction list", show="closed")).text


async def test_a_guild_may_turn_it_off(world: World) -> None:
    await arrange(world, blind=False)
    assert NUMBER in (await slash(world.bob, world, "prediction show", prediction="1")).text
    assert NUMBER in (await slash(world.bob, world, "prediction list")).text
    assert NUMBER in (await slash(world.bob, world, "forecast", prediction="1")).text


async def test_it_may_be_revealed_from_a_number_of_forecasts_on(world: World) -> None:
    await arrange(world, reveal_count=3)
    assert NUMBER not in (await slash(world.bob, world, "prediction show", prediction="1")).text
    world.create_forecasts(1, (0.637,))
    card = await slash(world.bob, world, "prediction show", prediction="1")
    assert f"**Crowd** {NUMBER}%" in card.text
    assert "· 3 forecasts" in card.text
    assert NUMBER not in (await slash(world.bob, world, "prediction show", prediction="2")).text


async def test_it_may_be_revealed_after_a_day(world: World) -> None:
    await arrange(world, reveal_date="31 Jan 2026")
    assert NUMBER not in (await slash(world.bob, world, "prediction show", prediction="1")).text
    await world.advance(31 * DAY)
    assert NUMBER in (await slash(world.bob, world, "prediction show", prediction="1")).text


# The document's author.


def stated(world: World) -> None:
    """A document whose author says 63.7 %."""
    world.load(factories.create_document({"statement": "It rains", "probability": 0.637}, authors=["Ann Author"]))


async def test_the_authors_number_shows_beside_the_members_unless_the_guild_hides_it(world: World) -> None:
    stated(world)
    assert f"**Ann Author** {NUMBER}%" in (await slash(world.bob, world, "prediction show", prediction="1")).text
    await slash(world.manager, world, "settings guild", hide_author=True)
    mark = world.mark
    for name in ("prediction show", "forecast", "forecasts"):
        seen = await slash(world.bob, world, name, prediction="1")
    card = await slash(world.bob, world, "prediction show", prediction="1")
    details = await card.click("Details")
    assert "**Ann Author** gave a forecast, hidden until you make yours" in details.text
    await slash(world.bob, world, "prediction list", show="all")
    await slash(world.bob, world, "next")
    await slash(world.bob, world, "prediction show", prediction="1", public=True)
    assert NUMBER not in world.sent_since(mark)
    assert seen.is_private
    placed = await slash(world.bob, world, "forecast", prediction="1", probability="10")
    assert f"**Ann Author** {NUMBER}%" in placed.text


async def test_hiding_the_author_hides_what_the_document_says_of_the_number_elsewhere(world: World) -> None:
    document = factories.create_document(
        {"id": "parent", "statement": "It rains"},
        {
            "statement": "It pours",
            "verbal": f"about {NUMBER} in a hundred",
            "notes": f"The post says {NUMBER} %",
            "parent": "parent",
            "relation": "requires",
            "relation_note": f"Of which {NUMBER} %",
        },
        {"statement": "How much?", "kind": "numeric", "numeric": {"low": 63.7, "high": 99, "unit": "mm"}},
    )
    world.load(document)
    for code in ("2", "3"):
        card = await slash(world.bob, world, "prediction show", prediction=code)
        assert NUMBER in (await card.click("Details")).text
    await slash(world.manager, world, "settings guild", hide_author=True)
    assert NUMBER not in await look_everywhere(world.bob, world)
    card = await slash(world.bob, world, "prediction show", prediction="3")
    assert "**A document** gave a forecast, hidden until you make yours" in card.text
    placed = await slash(world.bob, world, "forecast", prediction="3", probability="1; 2; 3")
    assert NUMBER in placed.text


async def test_the_file_of_a_long_prediction_does_not_have_it_either(world: World) -> None:
    long = "*" * 2000
    document = factories.create_document({"statement": "It rains", "criteria": long, "probability": 0.637})
    world.load(document)
    await slash(world.manager, world, "settings guild", hide_author=True)
    world.create_forecasts(1, (0.637,))
    details = await (await slash(world.bob, world, "prediction show", prediction="1")).click("Details")
    assert NUMBER not in await details.file()
    assert "0.637" not in await details.file()
