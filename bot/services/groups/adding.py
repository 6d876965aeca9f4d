"""Making groups of new predictions, and of predictions that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import groups as rules
from bot.domain.groups import GroupLine
from bot.domain.types import Actor, State
from bot.services import outbox
from bot.services.groups import membership, wording
from bot.services.groups.views import GroupView, group_view
from bot.services.homes import places
from bot.services.members import guilds
from bot.services.predictions import editing
from bot.services.predictions.editing import NewPrediction
from db.models import GroupedPrediction, Prediction, PredictionGroup


@dataclass(frozen=True, slots=True)
class NewRow:
    """A prediction to add under this label with the moment its last day ends; or the code of one that's there."""

    label: str
    resolves_at: datetime | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What someone adds by hand. Criteria and tags go to each new prediction. `is_cumulative`: None leaves it to the words."""

    title: str
    rows: tuple[NewRow, ...]
    criteria: str | None = None
    tags: tuple[str, ...] = ()
    is_cumulative: bool | None = None


@dataclass(frozen=True, slots=True)
class AddedGroup:
    """The added group, and the channel or forum its card goes to, if there's one. `is_draft`: managers approve the predictions
    first."""

    view: GroupView
    post_channel_id: int | None
    is_draft: bool


def add(session: Session, actor: Actor, *, new: NewGroup, now: datetime) -> AddedGroup:
    """Add a group with its predictions; all of it or nothing. What's there already is grouped by managers or by its author.

    Raises what adding a prediction raises, and Refused with what's wrong with the group.
    """
    member_id = guilds.member_of(session, actor, now=now)
    title = wording.checked_title(new.title)
    rules.check_size(len(new.rows))
    lines = tuple(GroupLine(rules.checked_label(row.label), code=row.code) for row in new.rows)
    rules.check_labels(lines)
    if any(line.code is not None for line in lines):
        membership.require_own_words(session, actor)
    is_cumulative = new.is_cumulative
    if is_cumulative is None:
        is_cumulative = rules.is_cumulative(title, tuple(line.label for line in lines))
    group = PredictionGroup(
        guild_id=actor.guild_id, title=title, is_cumulative=is_cumulative, author_id=member_id, created_at=now
    )
    session.add(group)
    session.flush()
    added: list[Prediction] = []
    # Locks always in this order; and what's there is looked for before there's more.
    in_order = sorted(zip(lines, new.rows, strict=True), key=lambda pair: (pair[0].code is None, pair[0].code or 0))
    for line, row in in_order:
        if line.code is not None:
            prediction = membership.held_for_grouping(session, actor, code=line.code, member_id=member_id)
        else:
            assert row.resolves_at is not None
            one = NewPrediction(
                rules.row_statement(title, line.label), row.resolves_at, criteria=new.criteria, tags=new.tags
            )
            prediction = editing.create(session, actor, new=one, member_id=member_id, now=now)
            added.append(prediction)
        session.add(GroupedPrediction(prediction_id=prediction.id, group_id=group.id, label=line.label))
        session.flush()
    for prediction in added:
        editing.post_or_ask(session, prediction, now=now)
    is_draft = all(prediction.state is State.DRAFT for prediction in added) and len(added) == len(lines)
    first = session.get_one(Prediction, _first(session, group.id))
    channel_id = places.post_channel_of(session, first)
    if channel_id is not None and not is_draft:
        outbox.queue_group_card(session, guild_id=actor.guild_id, group_id=group.id, now=now)
    view = group_view(session, guild_id=actor.guild_id, group_id=group.id, member_id=member_id, now=now, with_drafts=True)
    assert view is not None
    return AddedGroup(view, channel_id, is_draft)


def _first(session: Session, group_id: int) -> int:
    first = select(GroupedPrediction.prediction_id).where(GroupedPrediction.group_id == group_id)
    return session.scalars(first.order_by(GroupedPrediction.prediction_id).limit(1)).one()
