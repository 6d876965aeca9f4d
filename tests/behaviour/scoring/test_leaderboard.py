"""/leaderboard, and the scores on the cards of results, as people see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.leaderboard import Ranking
from bot.domain.seasons import ALL_TIME, Season, read_season
from bot.services.scoring.leaderboards import LeaderboardChoice
from bot.ui.cards.scoring.leaderboard import decode, encode
from bot.ui.items import custom_id
from db.models import Member
from tests import factories
from tests.behaviour.conftest import Seen, World, complete, forge, shown, slash

DAY = 86400.0
SCORE, SEASON = "Another score…", "Another season…"


async def arrange(world: World, number: int = 1, **given: Any) -> None:
    """Predictions that Ada and Bob forecast, decided by the manager after half of their month."""
    for _ in range(number):
        world.create_prediction(**given)
    for code in range(1, 1 + number):
        await slash(world.ada, world, "forecast", prediction=str(code), probability="80")
        await slash(world.bob, world, "forecast", prediction=str(code), probability="40")
    await world.advance(15 * DAY)
    for code in range(1, 1 + number):
        await decide(world, code)


async def decide(world: World, code: int = 1, outcome: str = "yes") -> None:
    """The manager decides, an instant after the last forecast."""
    await world.advance(1)
    await slash(world.manager, world, "resolution override", prediction=str(code), outcome=outcome, reason="It was seen.")


async def test_a_leaderboard_ranks_members_and_explains_its_score(world: World) -> None:
    await arrange(world, 5)
    seen = await slash(world.ada, world, "leaderboard")
    assert seen.is_private
    assert "### 🏆 Leaderboard · Peer score" in seen.text
    assert "All time · 5 predictions · 2 members" in seen.text
    assert "Higher is better; 0 = as good as the others. You need 5 predictions for a rank." in seen.text
    # Five times 69.31 for half of the planned time, over 30 predictions at least.
    assert f"**1** <@{world.ada.id}> · **+5.78**\n-# 5 predictions · forecasting 50% of the time" in seen.text
    assert "👥 *the crowd* · **" in seen.text
    assert f"**2** <@{world.bob.id}> · **-5.78**" in seen.text
    assert "**You** +5.78 · rank 1 of 2" in seen.text
    baseline = await seen.choose(SCORE, "baseline")
    assert f"**1** <@{world.ada.id}> · **+169.5**" in baseline.text
    brier = await baseline.choose(SCORE, "brier")
    # The mean of 0.04 and 0.36, less 0.04, for half of the time: five times 0.08 over 15.
    assert (
        f"**1** <@{world.ada.id}> · **+0.027**\n-# 5 predictions · forecasting 50% of the time · Brier 0.040" in brier.text
    )
    assert "Higher is better" in brier.text


async def test_with_fewer_than_five_predictions_nobody_has_a_rank_by_peer_score_or_brier(world: World) -> None:
    await arrange(world, 4)
    for by in ("peer", "brier"):
        seen = await slash(world.ada, world, "leaderboard", by=by)
        assert "Nobody has 5 scored predictions" in seen.text
        assert "**You** have 4 of the 5 predictions you need for a rank." in seen.text


async def test_what_a_member_added_counts_once_a_manager_approves_it(world: World) -> None:
    await slash(world.ada, world, "prediction add", statement="I finish my book", by="31 Jan 2027")
    world.create_forecasts(1, (0.8,), (0.3,))
    await decide(world)
    assert "Nothing counts here yet." in (await slash(world.ada, world, "leaderboard", by="baseline")).text
    refused = await (await (await slash(world.ada, world, "prediction show", prediction="1")).click("Details")).click(
        "Approve for rankings"
    )
    assert "Only managers can approve a prediction for the rankings" in refused.text
    details = await (await slash(world.manager, world, "prediction show", prediction="1")).click("Details")
    assert "It counts in the rankings once a manager approves it." in details.text
    approved = await details.click("Approve for rankings")
    assert "Approve for rankings" not in approved.buttons
    assert "1 prediction · 2 members" in (await slash(world.ada, world, "leaderboard", by="baseline")).text
    assert "**Approved for rankings**" in (await slash(world.bob, world, "resolution log", prediction="1")).text


async def test_who_has_too_little_or_nothing_is_told_what_is_missing(world: World) -> None:
    await arrange(world, 5)
    world.create_prediction("One that everybody skipped")
    cleo = world.guild.add_member(world.env.create_user("cleo"))
    await world.env.settle()
    assert "**You** have no score here yet. `/next`" in (await slash(cleo, world, "leaderboard")).text
    for member, chance in ((cleo, "50"), (world.bob, "60")):
        await slash(member, world, "forecast", prediction="6", probability=chance)
    await decide(world, 6)
    seen = await slash(cleo, world, "leaderboard", by="brier")
    assert "**You** have 1 of the 5 predictions you need for a rank." in seen.text
    assert f"**1** <@{world.ada.id}>" in seen.text


async def test_it_is_posted_for_everybody_without_anybodys_own_line(world: World) -> None:
    await arrange(world, 5)
    private = await slash(world.ada, world, "leaderboard", by="baseline")
    posted = await private.click("Post here")
    assert not posted.is_private
    assert "### 🏆 Leaderboard · Baseline score" in posted.text
    assert "**You**" not in posted.text
    assert "[Post here]" not in posted.text
    copy = Seen(world.bob, (await (Seen(world.bob, posted.result)).choose(SCORE, "peer")).result)
    assert copy.is_private, "a click on the public one opens one's own"
    assert "**You** -5.78 · rank 2 of 2" in copy.text
    assert sum("### 🏆" in post for post in world.posts()) == 1


async def test_an_empty_leaderboard_says_what_to_do(world: World) -> None:
    seen = await slash(world.ada, world, "leaderboard")
    assert "Nothing counts here yet." in seen.text
    assert "`/vote`" in seen.text
    assert seen.buttons == ["Which predictions count"]
    assert "Nothing has been scored here." in (await slash(world.ada, world, "leaderboard", season="2025")).text


async def test_pages_turn_after_a_restart(world: World) -> None:
    world.create_prediction()
    world.create_forecasts(1, *((number / 30,) for number in range(1, 25)))
    await decide(world)
    seen = await slash(world.ada, world, "leaderboard", by="baseline")
    assert seen.buttons == ["◂ Back", "Page 1 of 3", "More ▸", "Post here", "Which predictions count"]
    await world.restart()
    second = await seen.click("More ▸")
    assert "[Page 2 of 3] (off)" in second.text
    last = await second.click("More ▸")
    assert "**24** <@" in last.text
    assert "[More ▸] (off)" in last.text
    assert "[Page 2 of 3]" in (await last.click("◂ Back")).text


async def test_season_tag_and_pack_are_offered_and_narrow_it(world: World) -> None:
    await arrange(world, tags=("ai",))
    await world.advance(100 * DAY)
    world.load(factories.create_document({"window": {"end": "2026-12-31"}}, title="Trends"), slug="trends")
    for member in (world.ada, world.manager):
        await slash(member, world, "forecast", prediction="2", probability="20")
    await decide(world, 2, "no")
    assert list(await complete(world.ada, world, "leaderboard", "season", "")) == ["All time", "2026", "2026 Q2", "2026 Q1"]
    assert list(await complete(world.ada, world, "leaderboard", "season", "q1")) == ["2026 Q1"]
    assert list(await complete(world.ada, world, "leaderboard", "tag", "a")) == ["ai"]
    seen = await slash(world.bob, world, "leaderboard", by="baseline", season="q1 2026", tag="AI")
    assert "2026 Q1 · tag ai · 1 prediction · 2 members" in seen.text
    seen = await seen.choose(SEASON, "2026 Q2")
    assert "Nothing has been scored here." in seen.text
    seen = await slash(world.bob, world, "leaderboard", by="baseline", pack="trends")
    assert "All time · pack trends · 1 prediction · 2 members" in seen.text
    assert "**You** have no score here yet." in seen.text
    assert "2026 Q2 · 1 prediction" in (await slash(world.bob, world, "leaderboard", season="2026-Q2")).text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"season": "spring"}, "I can't read “spring” as a season. Try all time, 2026, or 2026 Q3."),
        ({"season": "1066"}, "is out of range. Choose a season from 1970 to 2200"),
        ({"tag": "nothing"}, "No prediction on this server has the tag “nothing”"),
        ({"pack": "theirs"}, "No prediction on this server comes from the pack “theirs”. See its packs with /pack list"),
    ],
)
async def test_what_there_is_not_is_refused(world: World, given: dict[str, str], sentence: str) -> None:
    await arrange(world)
    theirs = factories.create_document({}, title="Theirs")
    factories.load(world.database, theirs, guild_id=factories.OTHER_GUILD, now=world.now, slug="theirs")
    refused = await slash(world.ada, world, "leaderboard", **given)
    assert refused.is_private
    assert f"⚠️ {sentence}" in refused.text.replace("\n", " ") or sentence in refused.text


async def test_filters_that_do_not_fit_a_button_are_refused(world: World) -> None:
    tag, slug = "t" * 40, "p" * 60
    await arrange(world, tags=(tag,))
    world.load(factories.create_document({"tags": [tag]}), slug=slug)
    assert "too long to page through" in (await slash(world.ada, world, "leaderboard", tag=tag, pack=slug)).text
    assert f"tag {tag}" in (await slash(world.ada, world, "leaderboard", tag=tag)).text
    assert f"pack {slug}" in (await slash(world.ada, world, "leaderboard", pack=slug)).text


async def test_forged_buttons_are_refused(world: World) -> None:
    await arrange(world)
    message = (await slash(world.ada, world, "help")).message
    forged = [
        "0|best|||",
        "x|peer|||",
        "-1|peer|||",
        "99999|peer|||",
        "0|peer|spring||",
        "0|peer|1066||",
        "",
        "0",
        "²|peer|||",
    ]
    for argument in forged:
        for name in ("board.page", "board.post"):
            assert "another version of the bot" in (await forge(world.ada, message, f"{name}:{argument}")).text, argument
    for argument in ("0|peer||nothing|", "0|peer|||nothing"):
        assert "No prediction on this server" in (await forge(world.ada, message, f"board.page:{argument}")).text
    message = (await slash(world.ada, world, "leaderboard")).message
    assert "no such score" in (await forge(world.ada, message, "board.by:peer|||", "best")).text
    message = (await slash(world.ada, world, "leaderboard")).message
    assert "as a season" in (await forge(world.ada, message, "board.season:peer|||", "spring")).text
    message = (await slash(world.ada, world, "leaderboard")).message
    assert "another version" in (await forge(world.ada, message, "board.season:peer", "2026")).text


@pytest.mark.parametrize("by", list(Ranking))
@pytest.mark.parametrize("season", [ALL_TIME, Season(2026), Season(2026, 3)])
@pytest.mark.parametrize(("tag", "pack"), [(None, None), ("a|b", None), ("t" * 40, "p" * 20), (None, "p" * 64)])
def test_a_button_keeps_the_whole_leaderboard(by: Ranking, season: Season, tag: str | None, pack: str | None) -> None:
    board = LeaderboardChoice(by, season, tag, pack)
    assert decode(encode(board)) == board
    assert len(custom_id("board.page", f"9999|{encode(board)}")) <= 100
    assert read_season(str(season)) == season


async def test_who_was_forgotten_is_a_former_member(world: World) -> None:
    await arrange(world, 5)
    gone = update(Member).where(Member.user_id == world.ada.id)
    world.change(gone.values(user_id=None, name=None, forgotten_at=datetime(2026, 1, 20, tzinfo=world.now.tzinfo)))
    seen = await slash(world.bob, world, "leaderboard")
    assert "**1** a former member · **+5.78**" in seen.text
    assert str(world.ada.id) not in world.sent_since(world.mark - 1)


# Results.


async def test_a_result_says_how_the_crowd_and_the_author_did_and_who_was_best(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    document = factories.create_document(
        {"statement": "GPT-6 is released", "window": {"end": "2026-01-30"}, "probability": 0.9}, title="Trends"
    )
    world.load(document)
    await slash(world.ada, world, "forecast", prediction="1", probability="80")
    await slash(world.bob, world, "forecast", prediction="1", probability="40")
    await world.advance(15 * DAY)
    await decide(world)
    (post,) = [post for post in world.posts() if "🏁 Yes" in post]
    assert "**Crowd** peer +5.9 · baseline +13.2 — **Author** peer +46.4 · baseline +42.4" in post
    assert f"🏅 Best of 2 members by peer score: <@{world.ada.id}> (+34.7)" in post
    private = await slash(world.bob, world, "prediction show", prediction="1")
    assert "**Your score** peer -34.7 · baseline -16.1 · forecasting 50% of the time" in private.text
    public = await private.click("Post here")
    assert "Your score" not in public.text
    await slash(world.manager, world, "resolution reopen", prediction="1", reason="A mistake.")
    await world.wake()
    (post,) = [shown(message) for message in world.messages() if "Result withdrawn" in shown(message)]
    assert "Best of" not in post
    assert "Your score" not in (await slash(world.bob, world, "prediction show", prediction="1")).text


async def test_nobody_is_best_alone_and_nothing_is_said_of_nobody(world: World) -> None:
    await slash(world.manager, world, "settings guild", channel=world.channel, quiet="off")
    for _ in range(2):
        world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="80")
    for code in (1, 2):
        await decide(world, code)
    first, second = (post for post in world.posts() if "🏁 Yes" in post)
    assert "Best of" not in first
    assert "📊 **Crowd**" in first
    assert "📊" not in second
