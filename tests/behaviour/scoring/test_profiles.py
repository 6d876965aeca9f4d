"""/profile and /calibration, as members use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.types import Actor
from bot.ui.charts.data import CalibrationChart
from bot.ui.charts.pictures import draw
from tests import factories
from tests.behaviour.conftest import Seen, World, complete, forge, raw, slash, walk
from tests.rows import everything
from tests.services.scoring import scored

NUMBER = "63.7"
SAID = [(0.7, True)] * 7 + [(0.7, False)] * 3 + [(0.2, False)] * 4


@pytest.fixture(scope="module", autouse=True)
def _drawn_before() -> None:
    """The first picture takes seconds."""
    draw(CalibrationChart("", "", ()))


def alt(seen: Seen) -> str:
    """The alt text of the only picture."""
    (item,) = (item for found in walk(raw(seen.message)) for item in found.get("items", ()))
    return item["description"]


def live(world: World, *members: Any, tags: tuple[str, ...] = ()) -> None:
    """Fourteen predictions that these members forecast alike, and that came out as they said."""
    actors = [world.actor(member) for member in members]
    scored.live_through(world.database, SAID, *actors, guild_id=world.guild.id, now=world.now, tags=tags)


async def test_ones_own_profile_has_the_record_and_what_stands(world: World) -> None:
    live(world, world.ada, world.bob)
    code = str(world.create_prediction("It rains in Paris").code)
    world.create_forecasts(int(code), (0.1,), (0.2,))
    await slash(world.ada, world, "forecast", prediction=code, probability=NUMBER)
    seen = await slash(world.ada, world, "profile")
    assert seen.is_private
    assert "### Your record" in seen.text
    assert "**1 forecast on open predictions** · only you can see this part" in seen.text
    assert f"**#{code}** It rains in Paris\n-# you {NUMBER}% · crowd 20%" in seen.text
    assert alt(seen).startswith("Record of ada, all time. 14 predictions resolved; rank 1 of 2")
    assert [attachment.filename for attachment in seen.message.attachments] == ["profile.png"]


async def test_its_buttons_lead_to_what_stands_and_to_calibration_and_back(world: World) -> None:
    live(world, world.ada)
    for _ in range(9):
        code = str(world.create_prediction().code)
        await slash(world.ada, world, "forecast", prediction=code, probability="50")
    standing = await (await slash(world.ada, world, "profile")).click("Current forecasts")
    assert "### Your current forecasts · 9 open predictions" in standing.text
    assert standing.message.attachments == []
    second = await standing.click("More ▸")
    assert second.text.count("**#") == 1
    profile = await second.click("Profile")
    calibration = await profile.click("Calibration")
    assert "### Your calibration" in calibration.text
    assert [attachment.filename for attachment in calibration.message.attachments] == ["calibration.png"]
    assert "14 predictions with a forecast" not in calibration.text
    assert "### Your record" in (await calibration.click("Profile")).text


async def test_anothers_profile_has_their_record_and_nothing_of_what_they_think_now(world: World) -> None:
    live(world, world.ada)
    code = str(world.create_prediction("It rains in Paris").code)
    await slash(world.ada, world, "forecast", prediction=code, probability=NUMBER)
    await slash(world.bob, world, "forecast", prediction=code, probability="5")
    mark = world.mark
    seen = await slash(world.bob, world, "profile", member=world.ada)
    assert seen.is_private
    assert "### ada's record" in seen.text
    assert alt(seen).startswith("Record of ada, all time. 14 predictions resolved")
    assert seen.buttons == ["Calibration"]
    theirs = await seen.click("Calibration")
    assert "### Calibration of ada" in theirs.text
    await forge(world.bob, theirs.message, "profile.standing:0")
    sent = world.sent_since(mark)
    assert NUMBER not in sent
    assert "1 forecast of" not in sent.replace("1 forecast of yours", "")


async def test_calibration_says_in_words_how_often_it_happened(world: World) -> None:
    live(world, world.ada)
    seen = await slash(world.ada, world, "calibration")
    assert seen.is_private
    assert "**5.7 points off on average** over 14 forecasts · Chance alone could explain the difference." in seen.text
    assert "When you said …, it happened …" in seen.text
    assert "- 10–20%: **0%** of the time (4 forecasts)\n- 60–70%: **70%** of the time (10 forecasts)" in seen.text
    for word in ("Reliability 0.011", "Resolution 0.100", "Uncertainty 0.250"):
        assert word in seen.text
    assert alt(seen).startswith("Calibration of ada, all time. 2 of 2 bins within the 90% band")


async def test_what_chance_does_not_explain_is_marked(world: World) -> None:
    scored.live_through(world.database, [(0.15, True)] * 10, world.actor(world.ada), guild_id=world.guild.id, now=world.now)
    seen = await slash(world.ada, world, "calibration")
    assert "Chance alone could explain 0 of 1 bin; the others are marked." in seen.text
    assert "- 10–20%: **100%** of the time (10 forecasts) · said too low" in seen.text


async def test_with_too_few_it_says_how_many_are_missing(world: World) -> None:
    scored.live_through(world.database, SAID[:9], world.actor(world.ada), guild_id=world.guild.id, now=world.now)
    seen = await slash(world.ada, world, "calibration")
    assert "Your chart appears after 10 resolved forecasts. You have **9**." in seen.text
    assert seen.message.attachments == []
    seen = await slash(world.bob, world, "calibration", member=world.ada)
    assert "This chart appears after 10 resolved forecasts. ada has **9**." in seen.text


async def test_the_crowd_and_authors_have_one_too_and_a_tag_stays_while_one_switches(world: World) -> None:
    live(world, world.ada, tags=("weather",))
    items = [{"statement": f"It rains {number}", "probability": 0.9} for number in range(10)]
    world.load(factories.create_document(*items, title="Weather of the year", authors=["Ann Author"]))
    for code in range(15, 25):
        later = world.now + timedelta(hours=1)
        scored.resolve(world.database, code, scored.Outcome("yes"), guild_id=world.guild.id, now=later)
    offered = await complete(world.bob, world, "calibration", "of", "")
    assert list(offered.values()) == ["The crowd", "Ann Author · Weather of the year"]
    assert list((await complete(world.bob, world, "calibration", "of", "YEAR ann")).values()) == list(offered.values())[1:]
    for value, title in zip(offered, ("the crowd", "Ann Author, as stated in the document"), strict=True):
        assert f"### Calibration of {title}" in (await slash(world.bob, world, "calibration", of=value)).text
    assert "### Calibration of Ann Author" in (await slash(world.bob, world, "calibration", of="ann author")).text
    seen = await slash(world.ada, world, "calibration", tag="weather")
    assert "### Your calibration · tag weather" in seen.text
    crowd = await seen.click("The crowd's")
    assert "### Calibration of the crowd · tag weather" in crowd.text
    assert alt(crowd).startswith("Calibration of the crowd, tag weather")
    mine = await crowd.click("Mine")
    assert "### Your calibration · tag weather" in mine.text
    assert (await mine.click("All tags")).text.startswith("### Your calibration\n")


async def test_a_season_stays_while_one_switches_and_another_is_one_choice_away(world: World) -> None:
    live(world, world.ada, tags=("weather",))
    ended = world.now + timedelta(days=30)
    year, before = str(ended.year), str(ended.year - 1)
    offered = await complete(world.ada, world, "calibration", "season", "")
    assert list(offered) == ["All time", year, f"{year} Q1"]
    seen = await slash(world.ada, world, "calibration", tag="weather", season=before)
    assert seen.text.startswith(f"### Your calibration · tag weather · {before}\n")
    assert "Your chart appears after 10 resolved forecasts. You have **0**." in seen.text
    crowd = await seen.click("The crowd's")
    assert crowd.text.startswith(f"### Calibration of the crowd · tag weather · {before}\n")
    chosen = await crowd.choose("Another season…", year)
    assert chosen.text.startswith(f"### Calibration of the crowd · tag weather · {year}\n")
    assert alt(chosen).startswith(f"Calibration of the crowd, tag weather · {year}. ")
    assert (await chosen.choose("Another season…", "All time")).text.startswith(
        "### Calibration of the crowd · tag weather\n"
    )


@pytest.mark.parametrize(
    ("season", "told"), [("last year", "as a season"), ("9999", "is out of range"), ("2026 Q5", "as a season")]
)
async def test_what_is_no_season_is_refused(world: World, season: str, told: str) -> None:
    seen = await slash(world.ada, world, "calibration", season=season)
    assert told in seen.text
    assert seen.is_private


async def test_who_keeps_it_to_themselves_is_shown_to_nobody_else_not_even_by_an_old_button(world: World) -> None:
    live(world, world.ada)
    before = await slash(world.bob, world, "profile", member=world.ada)
    await slash(world.ada, world, "settings me", record=False)
    told = "ada keeps their record private"
    for seen in (
        await slash(world.bob, world, "profile", member=world.ada),
        await slash(world.manager, world, "calibration", member=world.ada),
        await before.click("Calibration"),
    ):
        assert told in seen.text
        assert seen.is_private
        assert seen.message.attachments == []
    assert "### Your record" in (await slash(world.ada, world, "profile")).text
    assert "### Your calibration" in (await slash(world.ada, world, "calibration")).text


async def test_bots_strangers_and_the_unknown_are_refused_and_nothing_is_stored(world: World) -> None:
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await slash(world.ada, world, "settings me", zone="UTC")
    before = everything(world.database)
    for name in ("profile", "calibration"):
        assert "is a bot, and bots can't forecast here" in (await slash(world.ada, world, name, member=robot)).text
        assert "bob hasn't forecast here yet" in (await slash(world.ada, world, name, member=world.bob)).text
    for words in ("nobody", "999999", "@everyone", "x" * 3000, "%"):
        seen = await slash(world.ada, world, "calibration", of=words)
        assert "No document here matches" in seen.text
    seen = await slash(world.ada, world, "calibration", of="the crowd", member=world.bob)
    assert "That's two at once" in seen.text
    assert everything(world.database) == before


async def test_without_any_record_one_is_told_how_to_begin(world: World) -> None:
    world.create_prediction("GPT-6 is released")
    seen = await slash(world.ada, world, "profile")
    assert "None of the predictions you forecast has a result yet." in seen.text
    assert "You have no forecasts on open predictions." in seen.text
    assert seen.message.attachments == []
    calibration = await slash(world.ada, world, "calibration")
    assert "Your chart appears after 10 resolved forecasts. You have **0**." in calibration.text
    assert "How likely is it?" in (await seen.click("Forecast ▸")).text


async def test_forged_buttons_lead_to_a_sentence_and_to_nobody_elses_record(world: World) -> None:
    eve = Actor(factories.OTHER_GUILD, 77, "eve")
    scored.live_through(world.database, SAID, eve, guild_id=factories.OTHER_GUILD, now=world.now)
    items = [{"statement": f"It rains {number}", "probability": 0.9} for number in range(10)]
    factories.load(
        world.database, factories.create_document(*items, title="Elsewhere"), guild_id=factories.OTHER_GUILD, now=world.now
    )
    live(world, world.ada)
    names = [f"profile.standing:{argument}" for argument in ("x", "", "-1", "9" * 12)]
    names += [
        f"calibration.show:{of}"
        for of in ("", "x", "m77", "a1", "a", "a" + "9" * 20, "m" + "9" * 20, "m-1", "mx", "m@", "c@9999", "c@x|")
    ]
    for name in names:
        profile = await slash(world.bob, world, "profile", member=world.ada)
        seen = await forge(world.bob, profile.message, name)
        assert seen.is_private, name
        assert "⚠️" in seen.text, name
        assert "Something went wrong" not in seen.text, name
        assert "Elsewhere" not in seen.text
        assert "eve" not in seen.text.split()


async def test_hostile_names_and_tags_break_no_card(world: World) -> None:
    odd = world.guild.add_member(world.env.create_user("odd", global_name="**@everyone** [x](http://y) `#1"))
    live(world, odd, tags=("**@everyone**",))
    for name in ("profile", "calibration"):
        seen = await slash(world.bob, world, name, member=odd)
        assert "\\*\\*" in seen.text
        assert "](" not in seen.text
    seen = await slash(odd, world, "calibration", tag="**@everyone**")
    assert len(seen.message.attachments) == 1
    seen = await slash(odd, world, "calibration", tag="|" * 3000)
    assert "No prediction on this server has the tag" in seen.text
