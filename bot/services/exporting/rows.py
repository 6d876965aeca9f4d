"""What belongs to predictions in an export: forecasts, the crowd, stored scores, the log. Read for some predictions at a time,
in a fixed number of statements, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import numpy as np
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.aggregation import crowd_history
from bot.domain.cases import CROWD_ID, numbered
from bot.domain.documents.export import SUM_TOLERANCE
from bot.domain.documents.export_writing import written_moment, written_value
from bot.domain.documents.results import crowd_document
from bot.domain.leaderboard import ForecasterResult, counts_in_rankings
from bot.domain.timelines import Forecasts, ForecastWindow, timeline_of
from bot.domain.types import Kind, Role
from bot.services.predictions import posted_reasons
from bot.services.predictions.views import PredictionView
from db.base import AnyRow
from db.models import Event, Forecast, Member, Prediction, PredictionRevision, Reason, Score, User

_PUBLIC_FACTS = frozenset(
    {
        *("outcome", "value", "link", "is_interested", "number", "closes_at", "resolves_at"),
        *("verdict", "total", "quorum", "majority", "counts", "choice", "position", "new_date", "what"),
    }
)
"""Which of a step's data is written: no ids, and of ballots only what the step told everyone. Add new fields here."""
_SCORES = ("brier", "log", "baseline", "peer", "wis")
_SCORED = ("prediction_id", "member_id", "source_id", "coverage", "presence", "relative_brier", *_SCORES)


@dataclass(slots=True)
class PredictionBelongings:
    """What belongs to one prediction. `forecasts` are authors' rows, and members' rows if asked for. `creator` is the number of the
    member who made it; `is_approved` says whether it may count in rankings."""

    closed_at: datetime | None = None
    happened_at: datetime | None = None
    last_day: float | None = None
    creator: str | None = None
    is_approved: bool = False
    forecasts: list[AnyRow] = field(default_factory=list[AnyRow])
    scores: list[AnyRow] = field(default_factory=list[AnyRow])
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    revisions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def belongings_of(session: Session, ids: Sequence[int], *, of_members: Sequence[int]) -> dict[int, PredictionBelongings]:
    """What belongs to these predictions. Members' forecasts and scores are only read for those in `of_members`."""
    found = {key: PredictionBelongings() for key in ids}
    facts = (Prediction.closed_at, Prediction.happened_at, Prediction.last_day, Prediction.author_id, Prediction.approved_at)
    for key, closed_at, happened_at, last_day, author_id, approved_at in session.execute(
        select(Prediction.id, *facts).where(Prediction.id.in_(ids))
    ):
        creator = None if author_id is None else str(author_id)
        found[key] = PredictionBelongings(closed_at, happened_at, last_day, creator, approved_at is not None)
    private = select(Member.id).join(User, User.id == Member.user_id).where(User.shows_calibration.is_(False))
    posted = and_(Reason.forecast_id == Forecast.id, posted_reasons.is_public(), Forecast.member_id.not_in(private))
    forecasts = (
        select(
            Forecast.prediction_id,
            Forecast.member_id,
            Forecast.source_id,
            Forecast.values.label("numbers"),
            Forecast.created_at,
            Forecast.ended_at,
            Reason.words,
        )
        .outerjoin(Reason, posted)
        .where(
            Forecast.prediction_id.in_(ids),
            or_(Forecast.source_id.is_not(None), Forecast.prediction_id.in_(of_members)),
        )
        .order_by(Forecast.created_at, Forecast.id)
    )
    for row in session.execute(forecasts):
        found[row.prediction_id].forecasts.append(row)
    scores = select(
        *(getattr(Score, name) for name in _SCORED),
        *(getattr(Score, f"spot_{name}") for name in _SCORES),
    )
    # Members, the crowd, authors: each once per prediction.
    order = (Score.member_id.is_(None), Score.member_id, Score.source_id.is_not(None), Score.source_id, Score.id)
    for row in session.execute(scores.where(Score.prediction_id.in_(of_members)).order_by(*order)):
        found[row.prediction_id].scores.append(row)
    for event in session.scalars(select(Event).where(Event.prediction_id.in_(ids)).order_by(Event.id)):
        found[event.prediction_id].events.append(_event_block(event))
    revisions = select(PredictionRevision).where(PredictionRevision.prediction_id.in_(ids))
    for revision in session.scalars(revisions.order_by(PredictionRevision.number)):
        found[revision.prediction_id].revisions.append(
            {
                "number": revision.number,
                "statement": revision.statement,
                "criteria": revision.criteria,
                "replaced_at": written_moment(revision.replaced_at),
            }
        )
    return found


def forecaster_key(member_id: int | None, source_id: int | None) -> str:
    """Who it is in the file: a member's number, a document's number, or the crowd. None of these is Discord's id."""
    return str(member_id) if member_id is not None else CROWD_ID if source_id is None else f"source-{source_id}"


def forecast_blocks(view: PredictionView, rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Forecasts as the format has them, oldest first."""
    blocks: list[dict[str, Any]] = []
    for row in rows:
        block: dict[str, Any] = {
            "forecaster": forecaster_key(row.member_id, row.source_id),
            "time": written_moment(row.created_at),
            "values": [written_value(view.kind, float(number)) for number in row.numbers],
            "end": None if row.ended_at is None else written_moment(row.ended_at),
        }
        if row.source_id is not None:
            block["role"] = Role.AUTHOR
        if row.words is not None:
            block["reason"] = row.words
        blocks.append(block)
    return blocks


def fits(view: PredictionView, row: AnyRow) -> bool:
    """Whether an author's forecast fits the prediction as it is now: before members forecast, a pack may change its kind
    and options."""
    values, kind = row.numbers, view.kind
    size = 1 if kind is Kind.BINARY else len(view.options) if kind is Kind.MULTIPLE_CHOICE else 3
    if len(values) != size:
        return False
    if not kind.is_distribution:
        return values == sorted(values)
    is_whole = kind is Kind.BINARY or abs(sum(values) - 1) <= SUM_TOLERANCE
    return is_whole and all(0 <= value <= 1 for value in values)


def is_anybody_active(view: PredictionView, rows: Sequence[AnyRow], window: ForecastWindow | None) -> bool:
    """Whether anyone had a forecast while it counted; otherwise there's nothing to score."""
    begun = [(max(row.created_at, view.opens_at), row.ended_at) for row in rows]
    closed_at = np.inf if window is None else window.closed_at
    return any(start.timestamp() < closed_at and (end is None or start < end) for start, end in begun)


def crowd_of(view: PredictionView, rows: Sequence[AnyRow], window: ForecastWindow | None) -> dict[str, Any]:
    """The crowd at the close, or at the last change, and over time."""
    members = [row for row in rows if row.member_id is not None]
    size = len(view.options) if view.kind is Kind.MULTIPLE_CHOICE else 1 if view.kind is Kind.BINARY else 3
    _, who = numbered([str(row.member_id) for row in members])
    forecasts = Forecasts(
        who,
        np.array([row.created_at.timestamp() for row in members], dtype=np.float64),
        np.array([np.inf if row.ended_at is None else row.ended_at.timestamp() for row in members], dtype=np.float64),
        np.array([row.numbers for row in members], dtype=np.float64).reshape(-1, size),
    )
    closed_at = np.inf if window is None else window.closed_at
    timeline = timeline_of(forecasts, opens_at=view.opens_at.timestamp(), closed_at=closed_at)
    return crowd_document(crowd_history(view.kind, timeline))


def score_blocks(rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Stored scores as the format has them."""
    blocks: list[dict[str, Any]] = []
    for row in rows:
        over_time = {name: getattr(row, name) for name in _SCORES}
        spot = {name: getattr(row, f"spot_{name}") for name in _SCORES}
        over_time |= {"relative_brier": row.relative_brier, "coverage": row.coverage}
        blocks.append(_who(row) | over_time | {"spot": spot})
    return blocks


def results_of(
    belongings: PredictionBelongings, of_experienced: ForecasterResult | None = None
) -> Iterator[ForecasterResult]:
    """What rankings are computed from: the stored scores of a prediction, and how the experienced crowd did, if it counts."""
    rows = belongings.scores
    members = [str(row.member_id) for row in rows if row.member_id is not None]
    if not counts_in_rankings(is_approved=belongings.is_approved, creator=belongings.creator, forecasters=members):
        return
    for row in rows:
        name, role = _who(row).values()
        yield ForecasterResult(
            name, role, row.coverage, row.presence, row.peer, row.baseline, row.brier, 0.0, row.relative_brier
        )
    if of_experienced is not None:
        yield of_experienced


def _who(row: AnyRow) -> dict[str, Any]:
    role = Role.MEMBER if row.member_id is not None else Role.CROWD if row.source_id is None else Role.AUTHOR
    return {"forecaster": forecaster_key(row.member_id, row.source_id), "role": role}


def _event_block(event: Event) -> dict[str, Any]:
    return {
        "at": written_moment(event.at),
        "kind": event.kind,
        "forecaster": None if event.member_id is None else str(event.member_id),
        "from_state": event.from_state,
        "to_state": event.to_state,
        "words": event.words,
        "facts": _ordered({name: fact for name, fact in event.data.items() if name in _PUBLIC_FACTS}),
    }


def _ordered(fact: Any) -> Any:
    """The same with its keys sorted: each database has its own order."""
    if isinstance(fact, dict):
        block = cast("dict[str, Any]", fact)
        return {name: _ordered(block[name]) for name in sorted(block)}
    return [_ordered(one) for one in cast("list[Any]", fact)] if isinstance(fact, list) else fact
