"""The scores of predictions with very many forecasts: they take seconds, so they're computed with no transaction open, once the
result is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.cases import Case
from bot.services.scoring import scores
from bot.services.scoring.cases import case_of, facts_of
from db.models import Prediction


@dataclass(frozen=True, slots=True)
class Waiting:
    """A resolved prediction that waits for its scores: what they go by, as it was read."""

    prediction_id: int
    facts: tuple[Any, ...] | None
    case: Case


def next_waiting(session: Session) -> Waiting | None:
    """The next one, with all its forecasts; None if there is none."""
    prediction = scores.first_with_very_many(session)
    if prediction is None:
        return None
    case = replace(case_of(session, prediction), last_day=scores.last_day_of(session, prediction))
    return Waiting(prediction.id, facts_of(session, prediction.id), case)


def store(session: Session, waiting: Waiting, rows: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Store the scores, unless the prediction has changed since it was read: then it's still waiting, or needs none."""
    prediction = session.get(Prediction, waiting.prediction_id, with_for_update=True)
    if prediction is None or prediction.scored_at is not None or facts_of(session, prediction.id) != waiting.facts:
        return
    scores.note_rescoring(session, [prediction], now=now)
    scores.clear(session, prediction)
    prediction.last_day = waiting.case.last_day
    scores.keep(session, prediction, rows, now=now)
