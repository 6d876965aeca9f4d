"""The noise budget: a few weeks around a date on which many predictions end, with forty members who forecast and vote."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from db.database import Database
from tests.bench.two_years import ZONE, Guild, busiest_morning, times_named


async def test_a_busy_date_makes_two_posts_a_morning_and_none_at_night(sqlite: Database) -> None:
    guild = Guild(sqlite, start=datetime(2026, 3, 20, tzinfo=UTC))
    posts = await guild.play(24)
    made = [post for post in posts if post.is_by_clock]
    assert len(made) > 5
    assert [post for post in made if post.is_at_night] == []
    assert busiest_morning(posts) <= 2
    kinds = Counter((post.at.astimezone(ZONE).date(), post.is_ladder) for post in made)
    assert max(kinds.values()) == 1
    assert times_named(posts)[-1] <= 3
    assert any(post.words.startswith("### 🗳️ What happened?") and len(post.codes) > 1 for post in made)
