"""A member's own forecasts as a document, to take to another platform."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.documents.models import FORMAT, FileSource, PredictionFile
from bot.domain.documents.models import FilePrediction as Written
from bot.domain.documents.parts import DatedForecast, Option, Window
from bot.domain.outcomes import ANNULLED, NO, OPTION, YES
from bot.domain.times import last_day_before
from bot.domain.types import Actor, Kind
from bot.services.members import guilds
from bot.services.predictions.views import options_and_tags
from db.base import AnyRow
from db.models import Forecast, Prediction

TAKEN = (Kind.BINARY, Kind.MULTIPLE_CHOICE)
MOST = 5000
"""How many predictions, newest first, fit in one document."""


def own_document(session: Session, actor: Actor) -> PredictionFile | None:
    """Everything the member has forecast in probabilities, with times, withdrawals and results; None if nothing.

    Leaves out forecasts that ended the moment they began. Three statements.
    """
    member_id = guilds.known_member(session, actor)
    made = (
        select(Forecast.prediction_id, Forecast.values.label("numbers"), Forecast.created_at, Forecast.ended_at)
        .where(Forecast.member_id == member_id, Forecast.ended_at.is_(None) | (Forecast.ended_at > Forecast.created_at))
        .order_by(Forecast.created_at, Forecast.id)
    )
    forecasts: dict[int, list[AnyRow]] = defaultdict(list)
    for row in session.execute(made):
        forecasts[row.prediction_id].append(row)
    theirs = select(Prediction).where(Prediction.guild_id == actor.guild_id, Prediction.kind.in_(TAKEN))
    found = session.scalars(
        theirs.where(Prediction.id.in_(made.with_only_columns(Forecast.prediction_id).order_by(None)))
        .order_by(Prediction.code.desc())
        .limit(MOST)
    ).all()
    if not found:
        return None
    options, _ = options_and_tags(session, [row.id for row in found])
    items = tuple(_written(row, forecasts[row.id], options[row.id]) for row in reversed(found))
    return PredictionFile(format=FORMAT, source=FileSource(authors=(actor.name,)), predictions=items)


def _written(row: Prediction, made: list[AnyRow], options: list[str]) -> Written:
    replaced_at = {one.created_at for one in made}
    facts: dict[str, Any] = {
        "id": str(row.code),
        "statement": row.statement,
        "kind": row.kind,
        "options": tuple(Option(name=name) for name in options) if row.kind is Kind.MULTIPLE_CHOICE else (),
        "forecasts": tuple(
            DatedForecast(
                at=one.created_at,
                values=tuple(one.numbers),
                ended=None if one.ended_at in replaced_at else one.ended_at,
            )
            for one in made
        ),
        "created": row.opens_at,
        "window": Window(end=None if row.resolves_at is None else last_day_before(row.resolves_at)),
    }
    if row.outcome is not None:
        facts |= {"outcome": _outcome(row, options), "resolved": row.resolved_at}
    return Written(**facts)


def _outcome(row: Prediction, options: list[str]) -> bool | str:
    if row.outcome == OPTION:
        return options[int(row.outcome_value or 0)]
    return {YES: True, NO: False}.get(row.outcome or "", ANNULLED)
