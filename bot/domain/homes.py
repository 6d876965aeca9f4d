"""A prediction's post in a forum: its title, and its tags, of which Discord allows twenty in a forum and five on a post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.types import State

MOST_TAGS, MOST_APPLIED, TAG_LENGTH, TITLE_LENGTH = 20, 5, 20, 100
CLOSING_WITHIN = timedelta(days=7)


class Stage(StrEnum):
    """What a post's first tag says."""

    OPEN = "Open"
    CLOSING = "Closing soon"
    CLOSED = "Closed"
    VOTING = "Voting"
    RESOLVED = "Resolved"
    ANNULLED = "Annulled"


def stage_of(state: State, *, closes_at: datetime | None, now: datetime) -> Stage:
    """The stage of a prediction in this state."""
    match state:
        case State.OPEN if closes_at is not None and closes_at <= now:
            return Stage.CLOSED  # the sweep comes in a moment
        case State.OPEN:
            is_closing = closes_at is not None and closes_at <= now + CLOSING_WITHIN
            return Stage.CLOSING if is_closing else Stage.OPEN
        case State.DRAFT | State.CLOSED | State.REOPENED:
            return Stage.CLOSED
        case State.VOTING | State.PROVISIONAL:
            return Stage.VOTING
        case State.RESOLVED:
            return Stage.RESOLVED
        case State.ANNULLED:
            return Stage.ANNULLED


_FIRST = (Stage.CLOSING, Stage.OPEN, Stage.VOTING, Stage.CLOSED, Stage.RESOLVED, Stage.ANNULLED)


def stage_of_group(stages: Iterable[Stage]) -> Stage:
    """The stage of a group whose predictions are in these: that of whatever members can do something about first."""
    return min(stages, key=_FIRST.index)


def title_of(code: int, statement: str) -> str:
    """What a prediction's post or thread is called."""
    return fitting_title(f"{title_start(code)}{' '.join(statement.split())}")


def fitting_title(title: str) -> str:
    """A title as far as there's room for it."""
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1].rstrip() + "…"


def title_start(code: int) -> str:
    """What its title begins with, and no other prediction's in the same server."""
    return f"#{code} · "


def tag_name(topic: str) -> str:
    """A topic as the name of a forum's tag."""
    return topic[:TAG_LENGTH].strip()


def tags_to_add(there: Iterable[str], topics: Sequence[str]) -> list[str]:
    """The tags that a forum lacks and has room for: first the stages, then the topics, the most used first."""
    known = [name.casefold() for name in there]
    missing = [name for name in wanted_tags(topics) if name.casefold() not in known]
    return missing[: max(MOST_TAGS - len(known), 0)]


def wanted_tags(topics: Sequence[str]) -> list[str]:
    """The tags of a forum that has no others: the stages, and the most used topics."""
    wanted = {name.casefold(): name for name in (*Stage, *map(tag_name, topics)) if name}
    return [str(name) for name in wanted.values()][:MOST_TAGS]


def tags_of_post(stage: Stage, topics: Iterable[str]) -> list[str]:
    """What a post is tagged with, the most important first: more of them than there's room for, as a forum may lack some."""
    return [str(name) for name in dict.fromkeys((stage, *map(tag_name, topics))) if name]
