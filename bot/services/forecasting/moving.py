"""Noting a big move of the crowd as it happens, so that it's announced: once in a prediction's life, and only where everyone may
see the crowd. Smaller and later moves stand on the card."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.crowd_moves import LEAST, ROUNDING
from bot.services import outbox
from bot.services.predictions import moves
from bot.services.predictions.views import PredictionView
from db.models import Prediction

WAITS_FOR_REASONS = timedelta(minutes=10)
"""Whoever moved it may be writing why."""


def note_move(session: Session, view: PredictionView, *, now: datetime) -> None:
    """Queue the announcement of a big move, after a forecast on a locked prediction has begun or ended."""
    if not (view.is_open and view.shows_crowd_to_all):
        return
    move = moves.of_day(session, view.id, view.kind, now=now, least=LEAST - ROUNDING)
    if move is None:
        return
    first = update(Prediction).where(Prediction.id == view.id, Prediction.moved_at.is_(None)).values(moved_at=now)
    if session.scalar(first.returning(Prediction.id).execution_options(synchronize_session=False)) is None:
        return
    payload = {
        "prediction_id": view.id,
        "before": list(move.before),
        "after": list(move.after),
        "since": move.since.isoformat(),
        "at": now.isoformat(),
    }
    outbox.queue(session, outbox.MessageKind.MOVE, guild_id=view.guild_id, payload=payload, due_at=now + WAITS_FOR_REASONS)
