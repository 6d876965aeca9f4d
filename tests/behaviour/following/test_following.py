"""Members follow predictions, tags and packs, and hear what's new in their daily message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.services.following import follows
from bot.services.members import guilds
from db.models import Follow
from tests import factories
from tests.behaviour.conftest import World, forge, slash
from tests.behaviour.reminding.test_digests import letters
from tests.factories import OTHER_GUILD

DAY, HOUR = 86400.0, 3600.0


async def mornings(world: World, number: int = 1) -> None:
    """Let a number of mornings pass. The simulated world begins at midnight, and a day's message comes at nine."""
    for _ in range(number):
        await world.advance(DAY)


def letter_of(member: Any) -> str:
    (letter,) = letters(member)
    return letter


async def test_follow_answers_with_what_you_follow_and_how_you_hear_of_it(world: World) -> None:
    world.create_prediction("It rains", tags=("weather",))
    seen = await slash(world.ada, world, "prediction follow", prediction="1")
    assert seen.is_private
    assert "You now follow **#1** It rains." in seen.text
    assert "You follow 1 thing here" in seen.text
    assert "daily message" in seen.text
    seen = await slash(world.ada, world, "prediction follow", tag="Weather")
    assert "You now follow the tag **weather**." in seen.text
    assert "You follow 2 things here" in seen.text
    again = await slash(world.ada, world, "prediction follow", tag="weather")
    assert "You follow 2 things here" in again.text


async def test_details_have_a_switch(world: World) -> None:
    world.create_prediction("It rains")
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    followed = await details.click("Follow")
    assert "You now follow **#1**" in followed.text
    details = await (await followed.click("Back to the card")).click("Details")
    left = await details.click("Following")
    assert "You no longer follow **#1**" in left.text
    assert "You don't follow anything yet" in left.text
    back = await left.click("Follow again")
    assert "You now follow **#1**" in back.text


async def test_a_public_card_has_no_switch(world: World) -> None:
    world.create_prediction("It rains")
    await slash(world.ada, world, "prediction follow", prediction="1")
    public = await slash(world.ada, world, "prediction show", prediction="1", public=True)
    assert "Follow" not in public.text


async def test_forecasting_follows_by_itself_until_it_is_left_or_switched_off(world: World) -> None:
    for statement in ("It rains", "It snows"):
        world.create_prediction(statement)
    for code in ("1", "2"):
        await slash(world.ada, world, "forecast", prediction=code, probability="70")
    listed = await slash(world.ada, world, "prediction follow")
    assert "**#1** It rains · you've forecast it" in listed.text
    left = await listed.choose("Unfollow one…", "p:1")
    assert "You no longer follow **#1**" in left.text
    await slash(world.ada, world, "forecast", prediction="1", probability="60")
    assert "#1" not in (await slash(world.ada, world, "prediction follow")).text
    await slash(world.ada, world, "settings me", follow_own=False)
    assert "You don't follow anything yet" in (await slash(world.ada, world, "prediction follow")).text


async def test_nobody_gets_a_message_who_only_forecast(world: World) -> None:
    world.create_prediction("It rains")
    await slash(world.ada, world, "forecast", prediction="1", probability="70")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains a lot")
    await mornings(world, 2)
    assert letters(world.ada) == []
    await slash(world.ada, world, "settings me", news="daily message")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains a lot more")
    await mornings(world)
    assert "It rains a lot more · new words" in letter_of(world.ada)


async def test_changes_reasons_and_results_come_in_one_message(world: World) -> None:
    for statement in ("It rains", "It snows", "It hails"):
        world.create_prediction(statement)
        await slash(world.ada, world, "prediction follow", prediction=str(len(world.rows(select(Follow.id))) + 1))
    await slash(world.manager, world, "settings guild", channel=world.channel)
    await slash(world.bob, world, "forecast", prediction="2", probability="70", reason="The clouds are grey.")
    posted = await slash(world.bob, world, "forecast", prediction="2", probability="75", reason="They got darker.")
    await posted.click("Post my reason")
    await slash(world.manager, world, "prediction edit", prediction="1", by="31 Dec 2027", statement="It rains in Rome")
    await slash(world.manager, world, "resolution override", prediction="3", outcome="yes", reason="I saw it.")
    await mornings(world)
    letter = letter_of(world.ada)
    assert "News of 3 predictions you follow" in letter
    assert "**#3** It hails · result: **Yes**" in letter
    assert "**#1** It rains in Rome · new words · new date: by 31 Dec 2027" in letter
    assert "**#2** It snows · 1 new reason" in letter
    assert "grey" not in letter
    await mornings(world, 2)
    assert len(letters(world.ada)) == 1


async def test_new_predictions_of_a_tag_and_a_pack_are_told(world: World) -> None:
    world.create_prediction("It rains", tags=("weather",))
    world.load(factories.create_document({"statement": "GPT-6 is out"}))
    await world.advance(60)
    await slash(world.ada, world, "prediction follow", tag="weather", pack="pack")
    await slash(world.bob, world, "prediction follow", prediction="1")
    world.create_prediction("It snows", tags=("weather",))
    world.create_prediction("Somebody wins")
    world.load(factories.create_document({"statement": "GPT-6 is out"}, {"statement": "GPT-7 is out"}))
    await mornings(world)
    letter = letter_of(world.ada)
    assert "It snows · new" in letter
    assert "GPT-7 is out · new" in letter
    assert "Somebody wins" not in letter
    assert "GPT-6 is out" not in letter
    assert letters(world.bob) == []


async def test_a_move_is_told_to_those_who_may_see_the_crowd(world: World) -> None:
    world.create_prediction("It rains")
    world.create_forecasts(1, (0.3,), (0.3,))
    await slash(world.ada, world, "forecast", prediction="1", probability="30")
    await slash(world.ada, world, "prediction follow", prediction="1")
    await slash(world.bob, world, "prediction follow", prediction="1")
    await mornings(world)
    world.create_forecasts(1, *[(0.8,)] * 6)
    await mornings(world)
    assert "It rains · the crowd moved from 30% to" in letter_of(world.ada)
    assert letters(world.bob) == []


async def test_what_one_did_oneself_is_no_news(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel)
    world.create_prediction("It rains")
    await slash(world.manager, world, "prediction follow", prediction="1")
    placed = await slash(world.manager, world, "forecast", prediction="1", probability="70", reason="The clouds are grey.")
    await placed.click("Post my reason")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    await mornings(world, 2)
    assert [letter for letter in letters(world.manager) if "What's new" in letter] == []


async def test_a_prediction_that_was_left_stays_quiet_although_its_tag_is_followed(world: World) -> None:
    world.create_prediction("It rains", tags=("weather",))
    await slash(world.ada, world, "prediction follow", tag="weather")
    details = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")
    await details.click("Following")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    await mornings(world, 2)
    assert letters(world.ada) == []


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"prediction": "5"}, "#5"),
        ({"prediction": "2"}, "#2 is annulled, so there's no more news of it."),
        ({"tag": "nobody uses this"}, "No prediction here has the tag “nobody uses this”"),
        ({"tag": "theirs"}, "No prediction here has the tag “theirs”"),
        ({"pack": "unknown"}, "This server has no pack “unknown”"),
        ({"pack": "library-only"}, "This server has no pack “library-only”"),
    ],
)
async def test_what_cannot_be_followed_is_refused(world: World, given: dict[str, str], refusal: str) -> None:
    world.create_prediction("It rains")
    world.create_prediction("It snows")
    outsider = factories.create_actor("olaf", guild_id=OTHER_GUILD, manager=True)
    for _ in range(6):
        factories.create_prediction(world.database, now=world.now, by=outsider, tags=("theirs",))
    world.load(factories.create_document({"statement": "GPT-6 is out"}), slug="library-only", adopted=False)
    await slash(world.manager, world, "prediction annul", prediction="2", reason="A mistake.")
    seen = await slash(world.ada, world, "prediction follow", **given)
    assert seen.text.startswith("⚠️")
    assert refusal in seen.text
    assert world.rows(select(Follow.id)) == []


async def test_there_is_a_limit_and_it_is_told_kindly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "MOST", 3)
    for number in range(4):
        world.create_prediction(f"It rains in town {number}")
    for code in ("1", "2", "3", "4"):
        seen = await slash(world.ada, world, "prediction follow", prediction=code)
    assert "You already follow 3 things here" in seen.text
    assert world.rows(select(func.count(Follow.id))) == [(3,)]
    assert "You now follow" in (await slash(world.ada, world, "prediction follow", prediction="1")).text


async def test_nobody_leaves_what_they_do_not_follow(world: World) -> None:
    world.create_prediction("It rains", tags=("weather",))
    seen = await slash(world.ada, world, "prediction follow", prediction="1", tag="weather")
    for argument in ("p:1", "t:weather", "k:pack", "p:99999999999999999999", "p:²", "x:1", "t:", ""):
        answer = await forge(world.bob, seen.message, f"follow.off:{argument}")
        assert answer.text.startswith("⚠️"), argument
    assert len(world.rows(select(Follow.id).where(Follow.is_on))) == 2


async def test_a_list_longer_than_a_page_is_turned(world: World) -> None:
    for number in range(30):
        world.create_prediction(f"It rains in town {number}")
        await slash(world.ada, world, "forecast", prediction=str(number + 1), probability="70")
    listed = await slash(world.ada, world, "prediction follow")
    assert "You follow 30 things here" in listed.text
    second = await listed.click("More")
    assert "#30" in second.text
    left = await second.choose("Unfollow one…", "p:30")
    assert "You follow 29 things here" in left.text


async def test_a_followers_message_stops_when_they_turn_it_off(world: World) -> None:
    world.create_prediction("It rains")
    seen = await slash(world.ada, world, "prediction follow", prediction="1")
    panel = await seen.click("How you hear of it")
    assert "**News of what you follow** in your daily message" in panel.text
    changed = await panel.choose("News of what you follow: change…", "off")
    assert "not at all" in changed.text
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    await mornings(world, 2)
    assert letters(world.ada) == []
    back = await changed.click("Undo")
    assert "**News of what you follow** is now in your daily message" in back.text


async def test_where_the_bot_has_left_nothing_is_told(world: World) -> None:
    world.create_prediction("It rains")
    await slash(world.ada, world, "prediction follow", prediction="1")
    await slash(world.manager, world, "prediction edit", prediction="1", statement="It rains in Rome")
    world.database.run_here(guilds.say_goodbye, world.guild.id, now=world.now + timedelta(hours=1))
    await mornings(world, 2)
    assert letters(world.ada) == []


async def test_who_is_forgotten_follows_nothing(world: World) -> None:
    world.create_prediction("It rains", tags=("weather",))
    await slash(world.ada, world, "prediction follow", prediction="1", tag="weather")
    exported = await (await slash(world.ada, world, "privacy export")).file()
    assert '"follows"' in exported
    await (await slash(world.ada, world, "privacy forget")).click("Forget me here")
    assert world.rows(select(Follow.id)) == []
