"""The words of a prediction that was annulled, hidden as a whole: statement, criteria, options, topics, and earlier ones."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.predictions import steps
from db.models import Prediction, PredictionOption, PredictionRevision, PredictionTag

HIDDEN = "Hidden by a manager"


def take(session: Session, prediction: Prediction) -> dict[str, Any]:
    """Empty everything that was written; returns what it takes to give it back."""
    tags = select(PredictionTag.tag).where(PredictionTag.prediction_id == prediction.id).order_by(PredictionTag.tag)
    kept: dict[str, Any] = {
        "words": prediction.statement,
        "link": prediction.link,
        "criteria": prediction.criteria,
        "details": prediction.details,
        "unit": prediction.unit,
        "tags": list(session.scalars(tags)),
        "options": {str(option.position): option.name for option in _options(session, prediction)},
        "revisions": {
            str(revision.number): [revision.statement, revision.criteria] for revision in _revisions(session, prediction)
        },
    }
    prediction.statement, prediction.criteria, prediction.link, prediction.details = HIDDEN, None, None, {}
    prediction.unit = None if prediction.unit is None else "hidden"
    for option in _options(session, prediction):
        option.name = f"Option {option.position + 1}"
    for revision in _revisions(session, prediction):
        revision.statement, revision.criteria = HIDDEN, None
    _found_by(session, prediction, ())
    return kept


def give_back(session: Session, prediction: Prediction, kept: dict[str, Any]) -> None:
    """Write everything again."""
    prediction.statement, prediction.link = kept["words"], kept["link"]
    prediction.criteria, prediction.details, prediction.unit = kept["criteria"], kept["details"], kept["unit"]
    for option in _options(session, prediction):
        option.name = kept["options"].get(str(option.position), option.name)
    for revision in _revisions(session, prediction):
        revision.statement, revision.criteria = kept["revisions"].get(str(revision.number), [HIDDEN, None])
    _found_by(session, prediction, kept["tags"])


def _options(session: Session, prediction: Prediction) -> list[PredictionOption]:
    its = select(PredictionOption).where(PredictionOption.prediction_id == prediction.id)
    return list(session.scalars(its.order_by(PredictionOption.position)))


def _revisions(session: Session, prediction: Prediction) -> list[PredictionRevision]:
    its = select(PredictionRevision).where(PredictionRevision.prediction_id == prediction.id)
    return list(session.scalars(its.order_by(PredictionRevision.number)))


def _found_by(session: Session, prediction: Prediction, tags: Any) -> None:
    steps.set_tags(session, guild_id=prediction.guild_id, prediction_id=prediction.id, tags=tags)
    steps.index(session, guild_id=prediction.guild_id, prediction_ids=[prediction.id])
