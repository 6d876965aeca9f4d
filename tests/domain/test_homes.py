from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.homes import Stage, stage_of, tags_of_post, tags_to_add, title_of, wanted_tags
from bot.domain.types import State

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "days", "stage"),
    [
        (State.OPEN, 8, Stage.OPEN),
        (State.OPEN, None, Stage.OPEN),
        (State.OPEN, 7, Stage.CLOSING),
        (State.OPEN, 0, Stage.CLOSED),
        (State.CLOSED, -1, Stage.CLOSED),
        (State.REOPENED, 8, Stage.CLOSED),
        (State.VOTING, -1, Stage.VOTING),
        (State.PROVISIONAL, -1, Stage.VOTING),
        (State.RESOLVED, -1, Stage.RESOLVED),
        (State.ANNULLED, 8, Stage.ANNULLED),
    ],
)
def test_a_posts_first_tag_says_where_its_prediction_stands(state: State, days: int | None, stage: Stage) -> None:
    closes_at = None if days is None else NOW + timedelta(days=days)
    assert stage_of(state, closes_at=closes_at, now=NOW) is stage


def test_a_title_has_the_code_and_as_much_of_the_statement_as_discord_takes() -> None:
    assert title_of(14, "DeepSeek\nreleases  R2") == "#14 · DeepSeek releases R2"
    long = title_of(14, "x" * 300)
    assert len(long) == 100
    assert long.endswith("x…")


def test_a_forum_gets_the_stages_first_and_then_the_most_used_topics_until_it_is_full() -> None:
    topics = [f"topic {number}" for number in range(30)]
    assert wanted_tags(topics)[:7] == [*Stage, "topic 0"]
    assert len(wanted_tags(topics)) == 20
    assert tags_to_add(["OPEN", "voting", "Topic 0"], topics)[:5] == [
        "Closing soon",
        "Closed",
        "Resolved",
        "Annulled",
        "topic 1",
    ]
    assert len(tags_to_add(["OPEN", "voting", "Topic 0"], topics)) == 17
    assert tags_to_add([f"own {number}" for number in range(20)], topics) == []


def test_a_topic_is_cut_to_what_a_tag_may_be_and_stands_once() -> None:
    assert tags_of_post(Stage.OPEN, ["a topic with a rather long name", "ai", "ai"]) == [
        "Open",
        "a topic with a rathe",
        "ai",
    ]
