"""What a group is called, and the labels of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import groups as rules
from bot.domain.errors import Refused
from bot.domain.groups import GroupLine
from bot.domain.texts import clean_line
from bot.domain.types import MAX_STATEMENT, Actor, State
from bot.services import outbox
from bot.services.groups import membership
from bot.services.groups.views import GroupView, group_view
from bot.services.members import guilds
from db.models import GroupedPrediction, Prediction

LONGEST = MAX_STATEMENT - rules.LABEL - 3
"""The most characters of a title: with a label, it makes a statement."""


@dataclass(frozen=True, slots=True)
class RenamedGroup:
    """The group with its new words, and the title it had."""

    view: GroupView
    old_title: str


def rename(
    session: Session, actor: Actor, *, group_id: int, title: str, lines: tuple[GroupLine, ...], now: datetime
) -> RenamedGroup:
    """Give a group a title, and each of its predictions a label; what they state stays. For managers and whoever made it.

    Raises Refused or NotAManager.
    """
    member_id = guilds.member_of(session, actor, now=now)
    group = membership.held(session, actor.guild_id, group_id)
    if group.author_id != member_id:
        guilds.require_manager(session, actor, "rename a group that someone else made")
        group.author_id = member_id  # from here on these are a manager's words, and whoever made it doesn't write over them
    membership.require_own_words(session, actor)
    title = checked_title(title)
    in_it = (
        select(GroupedPrediction, Prediction.code, Prediction.state)
        .join(Prediction, Prediction.id == GroupedPrediction.prediction_id)
        .where(GroupedPrediction.group_id == group_id)
    )
    found = session.execute(in_it).all()
    rows = {code: row for row, code, state in found if state is not State.DRAFT}
    labels = {line.code: rules.checked_label(line.label) for line in lines}
    if set(labels) != set(rows):
        codes = ", ".join(f"#{code}" for code in sorted(rows))
        raise Refused(
            f"The lines have to be about {codes}, each once: a label, a colon and the code. "
            "/group join and /group leave change what's in it."
        )
    taken = {row.label.casefold() for row, _, state in found if state is State.DRAFT}
    if clash := next((label for label in labels.values() if label.casefold() in taken), None):
        raise Refused(f"“{clash}” is the label of a prediction that waits for approval. Choose another.")
    for code, row in rows.items():
        row.label = f"\x1f{code}"  # no label that someone typed, so that two can change places
    session.flush()
    for code, row in rows.items():
        row.label = labels[code]
    old_title, group.title = group.title, title
    session.flush()
    outbox.queue_group_refresh(session, guild_id=actor.guild_id, group_id=group_id, now=now)
    for row in rows.values():
        outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=row.prediction_id, now=now)
    view = group_view(session, guild_id=actor.guild_id, group_id=group_id, member_id=member_id, now=now)
    assert view is not None
    return RenamedGroup(view, old_title)


def checked_title(text: str) -> str:
    """A title on one line. Refuses an empty one, and one that's too long."""
    title = clean_line(text)
    if not any(character.isalnum() for character in title):
        raise Refused("The title is empty. Say what all of them are about, for example: GPT-6 is released by …")
    if len(title) > LONGEST:
        raise Refused(f"The title has {len(title):,} characters; at most {LONGEST} fit. Move the details to the criteria.")
    return title
