"""A group as one reader may see it: its predictions come from their own views, so the blind rule holds for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.types import Actor, State
from bot.services.members import guilds
from bot.services.predictions.views import PredictionView, prediction_views
from db.models import GroupedPrediction, Prediction, PredictionGroup

GONE = "That group was taken apart. Its predictions go on: find them with /prediction list."


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One prediction of a group, under its label."""

    label: str
    view: PredictionView


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its predictions, the earliest date first. `is_cumulative`: a later date includes the earlier ones."""

    id: int
    guild_id: int
    title: str
    is_cumulative: bool
    rows: tuple[GroupRow, ...]

    @property
    def open_rows(self) -> tuple[GroupRow, ...]:
        """Those that take forecasts."""
        return tuple(row for row in self.rows if row.view.is_open)


def show(session: Session, actor: Actor, *, group_id: int, now: datetime) -> GroupView:
    """A group as this member may see it. Raises Refused if it isn't there, or another server's."""
    member_id = guilds.known_member(session, actor)
    found = group_view(session, guild_id=actor.guild_id, group_id=group_id, member_id=member_id, now=now)
    if found is None:
        raise Refused(GONE)
    return found


def show_publicly(session: Session, *, guild_id: int, group_id: int, now: datetime) -> GroupView | None:
    """A group as everyone may see it; None if it's gone, or nothing of it is public yet."""
    return group_view(session, guild_id=guild_id, group_id=group_id, member_id=None, now=now)


def group_view(
    session: Session, *, guild_id: int, group_id: int, member_id: int | None, now: datetime, with_drafts: bool = False
) -> GroupView | None:
    """A group for one member (None: for everyone); None if there's nothing of it to see. Drafts only `with_drafts`."""
    group = session.execute(
        select(PredictionGroup.title, PredictionGroup.is_cumulative).where(
            PredictionGroup.id == group_id, PredictionGroup.guild_id == guild_id, PredictionGroup.ended_at.is_(None)
        )
    ).first()
    if group is None:
        return None
    found = (
        select(GroupedPrediction.prediction_id, GroupedPrediction.label)
        .join(Prediction, Prediction.id == GroupedPrediction.prediction_id)
        .where(GroupedPrediction.group_id == group_id)
        .order_by(Prediction.resolves_at.is_(None), Prediction.resolves_at, Prediction.code)
    )
    if not with_drafts:
        found = found.where(Prediction.state != State.DRAFT)
    labels = {row.prediction_id: row.label for row in session.execute(found)}
    if not labels:
        return None
    views = prediction_views(session, guild_id=guild_id, prediction_ids=list(labels), member_id=member_id, now=now)
    rows = tuple(GroupRow(labels[view.id], view) for view in views)
    return GroupView(group_id, guild_id, group.title, group.is_cumulative, rows)
