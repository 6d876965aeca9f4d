"""Which predictions a leaderboard counts, and who said what, as people see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.services.scoring import scores
from db.models import Member, Prediction
from tests.behaviour.conftest import World, forge, slash
from tests.behaviour.scoring.test_leaderboard import DAY, SCORE, arrange, decide


async def test_a_leaderboard_shows_which_predictions_it_counts_and_why_not_the_others(world: World) -> None:
    world.create_prediction("A sure thing")
    world.create_prediction("How many there are", kind="numeric")
    await slash(world.ada, world, "prediction add", statement="I finish my book", by="31 Jan 2027")
    world.create_prediction("Only Ada forecasts this")
    for code in (1, 3):
        world.create_forecasts(code, (0.8,), (0.3,), (0.4,))
    world.create_forecasts(2, (1, 2, 3), (2, 3, 4))
    world.create_forecasts(4, (0.5,))
    for code in (1, 3, 4):
        await decide(world, code)
    await decide(world, 2, "3")
    board = await slash(world.ada, world, "leaderboard")
    seen = await board.click("Which predictions count")
    assert seen.is_private
    assert "### Peer score: which predictions count\n-# All time · 2 of 4 resolved predictions" in seen.text
    assert "✅ #1 A sure thing\n✅ #2 How many there are" in seen.text
    assert "➖ #3 I finish my book\n-# A member added it, and no manager has approved it for the rankings." in seen.text
    assert "➖ #4 Only Ada forecasts this\n-# Only one member besides its creator had a forecast on it." in seen.text
    assert "### 🏆 Leaderboard · Peer score" in (await seen.click("Back to the leaderboard")).text

    brier = await (await (await slash(world.ada, world, "leaderboard")).choose(SCORE, "brier")).click(
        "Which predictions count"
    )
    assert "1 of 4 resolved predictions" in brier.text
    assert "➖ #2 How many there are\n-# It has no score of this kind." in brier.text


async def test_what_a_leaderboard_counts_is_paged_ten_at_a_time(world: World) -> None:
    await arrange(world, 12)
    board = await slash(world.bob, world, "leaderboard", season="2026")
    first = await board.click("Which predictions count")
    assert "2026 · 12 of 12 resolved predictions" in first.text
    assert "#10" in first.text
    assert "#11" not in first.text
    second = await first.click("More ▸")
    assert "✅ #11" in second.text
    assert "[Page 2 of 2]" in second.text
    posted = await (await slash(world.bob, world, "leaderboard")).click("Post here")
    assert (await posted.click("Which predictions count")).is_private


def rescore(session: Session, *, now: datetime) -> None:
    """Score everything anew, as after a change of the rules."""
    session.execute(update(Prediction).values(scored_at=None))
    scores.record_missing(session, now=now)


async def hide_record(world: World, member: Any) -> None:
    await slash(member, world, "settings me", record=False)


async def test_everyone_sees_who_said_what_once_there_is_a_result(world: World) -> None:
    await arrange(world)
    seen = await (await slash(world.manager, world, "prediction show", prediction="1")).click("Who said what")
    assert seen.is_private
    assert "### Who said what · #1" in seen.text
    ada, bob = (f"<@{member.id}>" for member in (world.ada, world.bob))
    assert f"{ada} 80% · <t:" in seen.text
    assert f"{bob} 40% · <t:" in seen.text
    assert seen.text.index(ada) < seen.text.index(bob)
    assert "-# peer +34.7 · baseline +33.9 · forecasting 50% of the time" in seen.text
    own = await (await slash(world.ada, world, "prediction show", prediction="1")).click("Who said what")
    assert f"{ada} (you) 80%" in own.text


async def test_a_private_record_is_a_number_that_says_nothing_about_other_predictions(world: World) -> None:
    await hide_record(world, world.bob)
    await hide_record(world, world.ada)
    await arrange(world, 2)
    world.change(update(Prediction).where(Prediction.code == 2).values(statement="The other"))
    # Bob was the worse one on the first, and is the better one on the second.
    await slash(world.manager, world, "resolution reopen", prediction="2", reason="It was not so.")
    await decide(world, 2, "no")
    for reader in (world.manager, world.bob):
        shown = [
            (await (await slash(reader, world, "prediction show", prediction=code)).click("Who said what")).text
            for code in ("1", "2")
        ]
        for words in shown:
            assert "<@" not in words
        you = " (you)" if reader is world.bob else ""
        assert "*Member 1* 80%" in shown[0]
        assert f"*Member 2*{you} 40%" in shown[0]
        assert f"*Member 1*{you} 40%" in shown[1]
        assert "keep their record private" in shown[0]


async def test_someone_who_left_has_no_name_there(world: World) -> None:
    await arrange(world)
    world.change(update(Member).where(Member.user_id == world.ada.id).values(forgotten_at=world.now, user_id=None))
    seen = await (await slash(world.bob, world, "prediction show", prediction="1")).click("Who said what")
    assert "*Member 1* 80%" in seen.text
    assert str(world.ada.id) not in seen.text


async def test_what_was_said_once_it_had_happened_is_marked(world: World) -> None:
    world.create_prediction()
    await slash(world.ada, world, "forecast", prediction="1", probability="80")
    await world.advance(2 * DAY)
    await slash(world.ada, world, "forecast", prediction="1", probability="99")
    await slash(world.bob, world, "forecast", prediction="1", probability="97")
    await decide(world)
    happened_at = world.now - timedelta(days=1)
    world.change(update(Prediction).values(happened_at=happened_at))
    world.database.run_here(rescore, now=world.now)
    seen = await (await slash(world.bob, world, "prediction show", prediction="1")).click("Who said what")
    lines = seen.text.splitlines()
    ada, bob = (next(at for at, line in enumerate(lines) if f"<@{member.id}>" in line) for member in (world.ada, world.bob))
    assert ada < bob, "who has a score comes first"
    assert "80% · <t:" in lines[ada]
    assert "— 99% · <t:" in lines[ada]
    assert lines[ada].endswith("· after the fact")
    assert "changed once" in lines[ada + 1]
    assert "(you) 97% · <t:" in lines[bob]
    assert lines[bob].endswith("· after the fact")
    assert lines[bob + 1] == "-# not scored"


async def test_before_the_result_nobody_sees_who_said_what(world: World) -> None:
    world.create_prediction()
    world.create_forecasts(1, (0.8,), (0.3,))
    card = await slash(world.ada, world, "prediction show", prediction="1")
    assert "Who said what" not in card.buttons
    refused = await forge(world.ada, card.message, "said.show:1")
    assert "#1 has no result now, so who said what stays hidden." in refused.text
    assert "%" not in refused.text
    await world.advance(DAY)
    await decide(world)
    resolved = await slash(world.ada, world, "prediction show", prediction="1")
    await slash(world.manager, world, "resolution reopen", prediction="1", reason="It was not so.")
    assert "has no result now" in (await resolved.click("Who said what")).text
