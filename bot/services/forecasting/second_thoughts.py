"""What to ask a member about a forecast that they have just made, in the light of what they said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import coherence
from bot.domain.types import Kind, Relation, Values
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, RelatedPrediction
from db.models import Forecast, GroupedPrediction, Prediction

SLIP = timedelta(minutes=10)
"""Who corrects a forecast within this time knows what they're doing."""
MOST = 3


@dataclass(frozen=True, slots=True)
class Jumped:
    """The probability moved by this much, with its sign, since a moment."""

    by: float
    since: datetime


@dataclass(frozen=True, slots=True)
class NoRoom:
    """These options were given no chance."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AboveParent:
    """A prediction that they call likelier than the one it needs: codes, probabilities and the relation."""

    child: int
    parent: int
    child_probability: float
    parent_probability: float
    relation: Relation


@dataclass(frozen=True, slots=True)
class Falls:
    """In a group where a later date includes the earlier ones, they call a later one less likely: labels, and what they say."""

    earlier: str
    later: str
    earlier_probability: float
    later_probability: float


SecondThought = Jumped | NoRoom | AboveParent | Falls


def second_thoughts(
    session: Session,
    view: PredictionView,
    *,
    values: Values,
    previous: Values | None,
    previous_at: datetime | None,
    member_id: int,
    now: datetime,
) -> tuple[SecondThought, ...]:
    """What to ask about these values; nothing where all goes together."""
    found: list[SecondThought] = []
    if previous is not None and previous_at is not None and now - previous_at >= SLIP:
        moved = coherence.jump(view.kind, previous, values)
        if moved is not None:
            found.append(Jumped(moved, previous_at))
    known = () if previous is None else coherence.without_room(view.kind, previous)
    if empty := [at for at in coherence.without_room(view.kind, values) if at not in known]:
        found.append(NoRoom(tuple(view.options[at] for at in empty)))
    if view.kind is Kind.BINARY:
        found += _against_relatives(session, view, values[0], member_id)
        if view.group is not None and view.group.is_cumulative:
            falls = falls_in(session, group_id=view.group.id, member_id=member_id, now=now)
            found += [fall for fall in falls if view.group.label in (fall.earlier, fall.later)]
    return tuple(found[:MOST])


def falls_in(session: Session, *, group_id: int, member_id: int, now: datetime) -> list[Falls]:
    """Where a member's own forecasts on a group's open yes-or-no predictions fall from one date to the next that they answered."""
    own = (
        select(GroupedPrediction.label, Prediction.resolves_at, Forecast.values.label("numbers"))
        .join(Prediction, Prediction.id == GroupedPrediction.prediction_id)
        .join(Forecast, Forecast.prediction_id == Prediction.id)
        .where(GroupedPrediction.group_id == group_id, Prediction.kind == Kind.BINARY, *open_now(now))
        .where(Forecast.member_id == member_id, Forecast.ended_at.is_(None), Prediction.resolves_at.is_not(None))
        .order_by(Prediction.resolves_at, Prediction.code)
    )
    rows = session.execute(own).all()
    return [
        Falls(one.label, other.label, one.numbers[0], other.numbers[0])
        for one, other in pairwise(rows)
        if one.resolves_at < other.resolves_at and coherence.is_above(one.numbers[0], other.numbers[0])
    ]


def _against_relatives(session: Session, view: PredictionView, said: float, member_id: int) -> list[SecondThought]:
    parent = view.parent if view.parent is not None and view.parent.relation in coherence.BOUNDED else None
    children = [child for child in view.children if child.relation in coherence.BOUNDED]
    if parent is None and not children:
        return []
    codes = [one.code for one in (*children, *([parent] if parent else []))]
    own = _own(session, view.guild_id, codes, member_id)
    pairs: list[tuple[RelatedPrediction, int, int, float, float]] = []
    if parent is not None and parent.code in own:
        pairs.append((parent, view.code, parent.code, said, own[parent.code]))
    pairs += [(child, child.code, view.code, own[child.code], said) for child in children if child.code in own]
    return [
        AboveParent(low, high, of_child, of_parent, one.relation)
        for one, low, high, of_child, of_parent in pairs
        if coherence.is_above(of_child, of_parent)
    ]


def _own(session: Session, guild_id: int, codes: list[int], member_id: int) -> dict[int, float]:
    """What the member says on these yes-or-no predictions, by their codes."""
    standing = select(Prediction.code, Forecast.values.label("numbers")).join(
        Forecast, Forecast.prediction_id == Prediction.id
    )
    its = (Prediction.guild_id == guild_id, Prediction.code.in_(codes), Prediction.kind == Kind.BINARY)
    mine = (Forecast.member_id == member_id, Forecast.ended_at.is_(None))
    return {row.code: row.numbers[0] for row in session.execute(standing.where(*its, *mine))}
