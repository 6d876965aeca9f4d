"""Where people can be in the demo."""

from __future__ import annotations

from pathlib import Path

from bot.demo.places import places_in
from tests.demo.walking import Person, walked_demo


async def test_the_forum_has_posts_with_tags_and_a_new_prediction_gets_one(tmp_path: Path) -> None:
    async with walked_demo(tmp_path) as preview:
        names = [channel["name"] for place in places_in(preview.env) for channel in place["channels"]]
        assert names[0] == "# predictions"
        assert names[-1] == "# general"
        assert "#92 · The club's tree is lit before the Christmas market opens · Voting" in names
        assert len([name for name in names if " · Open" in name]) == 2

        ada = Person(preview, preview.viewers[2])
        await ada.type("prediction add", statement="It snows on Sunday", by="in 2 weeks", tags="weather")
        await ada.press("Post it")
        ada.go("It snows on Sunday · Open")
        assert "No forecasts yet" in ada.screen


async def test_the_past_year_counts_on_the_leaderboard(tmp_path: Path) -> None:
    async with walked_demo(tmp_path) as preview:
        you = Person(preview, preview.viewers[0])
        await you.type("leaderboard")
        for member in preview.viewers[1:]:
            assert f"<@{member.id}>" in you.screen


async def test_a_new_server_has_the_same_people_and_knows_nothing_of_the_other(tmp_path: Path) -> None:
    async with walked_demo(tmp_path) as preview:
        ada = Person(preview, preview.viewers[2])
        ada.go("# general")
        await ada.type("prediction list")
        assert "#14" not in ada.screen
        await ada.type("settings guild")
        assert "1 of 3" not in ada.screen, "only managers set the bot up"
