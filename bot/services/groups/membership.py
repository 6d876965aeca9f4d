"""Who is in a group: putting predictions in, taking them out, and finding a group by its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import groups as rules
from bot.domain.errors import NotAManager, Refused
from bot.domain.lifecycle import ENDED
from bot.domain.types import Actor, State
from bot.services import outbox
from bot.services.groups.views import GONE, GroupView, group_view
from bot.services.members import guilds
from bot.services.predictions import grouping, steps
from db.models import GroupedPrediction, Prediction, PredictionGroup

MOST_FOUND = 25


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group for a list to choose from."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class LeftGroup:
    """A prediction that was taken out: its code and label, the group's title, and what's left of it; None if that was taken
    apart."""

    code: int
    label: str
    title: str
    group: GroupView | None


def find(session: Session, *, guild_id: int, text: str) -> list[GroupName]:
    """The guild's groups that have a prediction of this code, or these words in their title, the newest first."""
    public = select(GroupedPrediction.group_id).join(Prediction, Prediction.id == GroupedPrediction.prediction_id)
    groups = select(PredictionGroup.id, PredictionGroup.title).where(
        PredictionGroup.guild_id == guild_id,
        PredictionGroup.ended_at.is_(None),
        PredictionGroup.id.in_(public.where(Prediction.guild_id == guild_id, Prediction.state != State.DRAFT)),
    )
    wanted = text.strip().casefold()
    code = wanted.removeprefix("#").strip()
    if code.isascii() and code.isdigit() and len(code) <= 9:
        of_code = public.where(Prediction.guild_id == guild_id, Prediction.code == int(code))
        its = groups.where(PredictionGroup.id.in_(of_code))
        if found := session.execute(its).all():
            return [GroupName(*row) for row in found]
    rows = session.execute(groups.order_by(PredictionGroup.id.desc())).all()
    fitting = [GroupName(*row) for row in rows if all(word in row.title.casefold() for word in wanted.split())]
    exact = [one for one in fitting if one.title.casefold() == wanted]
    return (exact or fitting)[:MOST_FOUND]


def join(session: Session, actor: Actor, *, group_id: int, code: int, label: str, now: datetime) -> GroupView:
    """Put a prediction into a group. Managers may; so may whoever added both. Raises Refused, NotFound or NotAManager."""
    member_id = guilds.member_of(session, actor, now=now)
    prediction = held_for_grouping(session, actor, code=code, member_id=member_id)
    group = held(session, actor.guild_id, group_id)
    if group.author_id != member_id:
        guilds.require_manager(session, actor, "add to a group that someone else made")
    require_own_words(session, actor)
    label = rules.checked_label(label)
    labels = list(session.scalars(select(GroupedPrediction.label).where(GroupedPrediction.group_id == group_id)))
    if len(labels) >= rules.MOST:
        raise Refused(
            f"That group has {rules.MOST} predictions, and that's the most. Take one out first, with /group leave."
        )
    if label.casefold() in [other.casefold() for other in labels]:
        raise Refused(f"“{label}” is in that group already. Give #{code} its own label.")
    session.add(GroupedPrediction(prediction_id=prediction.id, group_id=group_id, label=label))
    session.flush()
    outbox.queue_group_refresh(session, guild_id=actor.guild_id, group_id=group_id, now=now)
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=prediction.id, now=now)
    view = group_view(session, guild_id=actor.guild_id, group_id=group_id, member_id=member_id, now=now)
    assert view is not None
    return view


def leave(session: Session, actor: Actor, *, code: int, now: datetime) -> LeftGroup:
    """Take a prediction out of its group; a group with one left is taken apart. For managers and whoever added the prediction.

    Raises Refused, NotFound or NotAManager.
    """
    member_id = guilds.member_of(session, actor, now=now)
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    its = session.get(GroupedPrediction, prediction.id)
    if its is None:
        raise Refused(f"#{code} isn't in a group.")
    _require_own(session, actor, prediction, member_id, "take it out of its group")
    group_id, label = its.group_id, its.label
    title = session.get_one(PredictionGroup, group_id).title
    grouping.take_out(session, prediction, now=now)
    view = group_view(session, guild_id=actor.guild_id, group_id=group_id, member_id=member_id, now=now)
    return LeftGroup(code, label, title, view)


def held_for_grouping(session: Session, actor: Actor, *, code: int, member_id: int) -> Prediction:
    """A prediction that this member may put into a group, locked. Raises NotFound, NotAManager or Refused."""
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    _require_own(session, actor, prediction, member_id, "put it into a group")
    if prediction.state in ENDED:
        raise Refused(f"#{code} is {prediction.state.value} already. Choose one that's still going on.")
    taken = select(PredictionGroup.title).join(GroupedPrediction, GroupedPrediction.group_id == PredictionGroup.id)
    title = session.scalar(taken.where(GroupedPrediction.prediction_id == prediction.id))
    if title is not None:
        raise Refused(f"#{code} is in the group “{title[:100]}” already. Take it out first, with /group leave.")
    return prediction


def require_own_words(session: Session, actor: Actor) -> None:
    """Raises Refused for members whose words managers approve first: nobody would approve a title or a label."""
    if guilds.settings_of(session, actor.guild_id).approves_added and not guilds.is_manager(session, actor):
        raise Refused(
            "Managers approve what's added here, and a group's words would be seen at once. Ask a manager to do it, or "
            "start a group of new predictions with /group add."
        )


def held(session: Session, guild_id: int, group_id: int) -> PredictionGroup:
    """A guild's group, locked. Raises Refused if it's gone."""
    its = (PredictionGroup.id == group_id, PredictionGroup.guild_id == guild_id, PredictionGroup.ended_at.is_(None))
    group = session.scalar(select(PredictionGroup).where(*its).with_for_update())
    if group is None:
        raise Refused(GONE)
    return group


def _require_own(session: Session, actor: Actor, prediction: Prediction, member_id: int, action: str) -> None:
    if prediction.author_id != member_id and not guilds.is_manager(session, actor):
        raise NotAManager(f"{action}, unless you added it: #{prediction.code} isn't yours")
