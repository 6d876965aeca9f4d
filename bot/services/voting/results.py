"""How a prediction ended, for its announcement: who decided, who gains, how everyone did, and where that was posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.aggregation import crowd_of
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import YES
from bot.domain.types import Kind, Values
from bot.domain.voting import Answer, Choice
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import calls, experienced, scores
from bot.services.scoring.calls import EarlyCall
from bot.services.scoring.scores import ScoreSummary
from bot.services.voting.views import VoteView, vote_view
from db.models import Ballot, Event, Forecast, Member, Prediction

NAMES_NOBODY = 3
"""Fewer ballots than this, counted by who gains, would say who cast them."""


@dataclass(frozen=True, slots=True)
class VoterInterest:
    """How many of those who voted for the outcome, and of the others, gain points, lose points, or neither."""

    gain_for: int
    lose_for: int
    neither_for: int
    gain_against: int
    lose_against: int
    neither_against: int


@dataclass(frozen=True, slots=True)
class ResultView:
    """How a prediction ended, for its announcement, and how everyone did; `view` says it of the experienced crowd. `decided_by` is
    the manager who decided, with their reason."""

    view: PredictionView
    vote: VoteView | None
    interest: VoterInterest | None
    decided_by: int | None
    is_interested: bool
    words: str | None
    is_superseded: bool
    scores: ScoreSummary | None
    happened_at: datetime | None
    """Since when it was known, if that was before the close: forecasts made from then on don't count."""
    overruled: VoteView | None = None
    """The members' vote that said something else than the manager."""
    early_call: EarlyCall | None = None
    """Who saw it coming, if they let results name them."""


def result_of(session: Session, *, guild_id: int, prediction_id: int, now: datetime) -> ResultView | None:
    """How a prediction ended; None if it belongs to another guild."""
    views = prediction_views(session, guild_id=guild_id, prediction_ids=[prediction_id], member_id=None, now=now)
    if not views:
        return None
    (view,) = views
    ended = select(Event.kind, Event.words, Event.data, Member.user_id).outerjoin(Member, Member.id == Event.member_id)
    last = session.execute(
        ended.where(Event.prediction_id == prediction_id, Event.to_state.in_(ENDED)).order_by(Event.id.desc()).limit(1)
    ).first()
    data: dict[str, Any] = last.data if last is not None else {}
    vote = vote_id = None
    if (vote_id := data.get("vote_id")) is not None:
        vote = vote_view(session, guild_id=guild_id, vote_id=vote_id, now=now)
    overruled = None
    if (overruled_id := data.get("overruled")) is not None:
        overruled = vote_view(session, guild_id=guild_id, vote_id=overruled_id, now=now)
    is_superseded = view.outcome is None
    if not is_superseded:
        view = experienced.with_experienced(session, view, now=now)
    moment = session.scalar(select(Prediction.happened_at).where(Prediction.id == prediction_id))
    return ResultView(
        view,
        vote,
        None if vote is None or is_superseded else _interest(session, vote),
        last.user_id if last is not None and last.kind == EventKind.OVERRIDDEN else None,
        bool(data.get("is_interested")),
        last.words if last is not None else None,
        is_superseded,
        None if is_superseded else scores.summary_of(session, prediction_id),
        None if view.closes_at is not None and moment is not None and moment >= view.closes_at else moment,
        overruled,
        None if is_superseded else calls.best_early_call(session, prediction_id),
    )


def note_result_posted(session: Session, prediction_id: int, *, channel_id: int, message_id: int) -> None:
    """Remember where a result was announced."""
    prediction = session.get_one(Prediction, prediction_id)
    prediction.result_channel_id, prediction.result_message_id = channel_id, message_id


def place_of_result(session: Session, prediction_id: int) -> tuple[int, int] | None:
    """Channel and message of the latest announced result."""
    row = session.get(Prediction, prediction_id)
    if row is None or row.result_channel_id is None or row.result_message_id is None:
        return None
    return row.result_channel_id, row.result_message_id


def _interest(session: Session, vote: VoteView) -> VoterInterest | None:
    """Who gains: those whose forecast, when the vote opened, was closer to the outcome than the crowd's.

    Said only where each number stands for at least three ballots, so that it names nobody.
    """
    if vote.answer is None or vote.answer.choice is Choice.VOID:
        return None
    stood = (
        select(Forecast.member_id, Forecast.values.label("numbers"))
        .where(
            Forecast.prediction_id == vote.view.id, Forecast.member_id.is_not(None), Forecast.created_at <= vote.opened_at
        )
        .where((Forecast.ended_at.is_(None)) | (Forecast.ended_at > vote.opened_at))
        .order_by(Forecast.created_at, Forecast.member_id)
    )
    forecasts = {row.member_id: tuple(row.numbers) for row in session.execute(stood)}
    if not forecasts:
        return None
    crowd = crowd_of(vote.view.kind, np.array(list(forecasts.values()), dtype=np.float64))
    if crowd is None:
        return None
    columns = (Ballot.member_id, Ballot.choice, Ballot.position, Ballot.value)
    ballots = session.execute(select(*columns).where(Ballot.vote_id == vote.id))
    counted = {(side, is_for): 0 for side in (1, -1, 0) for is_for in (True, False)}
    for ballot in ballots:
        is_for = Answer(ballot.choice, ballot.position, ballot.value) == vote.answer
        own = forecasts.get(ballot.member_id)
        counted[0 if own is None else _side(vote, own, crowd.values), is_for] += 1
    named = [number for number in counted.values() if number]
    if min(named, default=0) < NAMES_NOBODY or not (counted[1, True] and counted[-1, True]):
        return None
    return VoterInterest(*(counted[side, is_for] for is_for in (True, False) for side in (1, -1, 0)))


def _side(vote: VoteView, own: Values, crowd: Values) -> int:
    """1 for a forecast closer to the outcome than the crowd's, -1 for one further away, 0 for a tie."""
    assert vote.answer is not None
    match vote.view.kind:
        case Kind.BINARY:
            sign = 1 if vote.view.outcome == YES else -1
            difference = sign * (own[0] - crowd[0])
        case Kind.MULTIPLE_CHOICE:
            position = int(vote.view.outcome_value or 0)
            difference = own[position] - crowd[position]
        case Kind.NUMERIC | Kind.DATE:
            value = vote.view.outcome_value
            difference = 0.0 if value is None else abs(crowd[1] - value) - abs(own[1] - value)
    return 0 if abs(difference) < 1e-9 else 1 if difference > 0 else -1
