"""What people see of a vote. This is where it's decided who may see the ballots: nobody, while they're secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.aggregation import crowd_of
from bot.domain.errors import NotFound
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import YES, Outcome
from bot.domain.times import last_day_before
from bot.domain.types import Actor, Kind, Values
from bot.domain.voting import Answer, Choice
from bot.services.members import guilds
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import scores
from bot.services.scoring.scores import ScoreSummary
from bot.services.voting import clocks
from db import queries
from db.models import Ballot, Event, Forecast, Member, Objection, Prediction, Proposal, Vote, VoteState

SHOWN = 25
NAMES_NOBODY = 3
"""Fewer ballots than this, counted by who gains, would say who cast them."""


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What a member says happened."""

    id: int
    outcome: Outcome
    link: str | None
    words: str | None
    user_id: int | None
    is_seconded: bool
    created_at: datetime
    happened_at: datetime | None
    is_own: bool
    """Whether the reader made it."""


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """Why a member objects to a result."""

    user_id: int | None
    words: str


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """The reader's ballot."""

    answer: Answer
    new_date: date | None
    happened_at: datetime | None
    link: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class VoteView:
    """A vote as one reader may see it. `counts` is None while the ballots are secret and the vote is running.

    `proposal` is what an early vote is about; `proposals` are the answers that were proposed before a prediction's date.
    """

    id: int
    view: PredictionView
    is_early: bool
    round: int
    state: VoteState
    is_open: bool
    is_provisional: bool
    opened_at: datetime
    closes_at: datetime
    """When this step ends; only a plan while `is_shown` is false."""
    is_shown: bool
    """Whether its message was delivered, so that its time runs."""
    is_extended: bool
    quorum: int
    majority: float
    is_secret: bool
    cast: int
    counts: tuple[tuple[Answer, int], ...] | None
    answer: Answer | None
    new_date: date | None
    happened_at: datetime | None
    proposal: ProposalView | None
    proposals: tuple[ProposalView, ...]
    named: tuple[float, ...]
    """Once it was extended: the values that ballots name, so that members can agree on one."""
    objections: tuple[ObjectionView, ...]
    links: tuple[str, ...]
    own: OwnBallot | None


@dataclass(frozen=True, slots=True)
class ResolutionStatus:
    """Where a prediction stands on its way to a result: its latest vote, and the proposals that stand."""

    view: PredictionView
    vote: VoteView | None
    proposals: tuple[ProposalView, ...]


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
    """How a prediction ended, for its announcement, and how everyone did. `decided_by` is the manager who decided,
    with their reason."""

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


def show_status(session: Session, actor: Actor, *, code: int, now: datetime) -> ResolutionStatus:
    """Where a prediction stands on its way to a result. Raises NotFound."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    return status_of(session, actor, prediction_id=prediction_id, now=now)


def status_of(session: Session, actor: Actor, *, prediction_id: int, now: datetime) -> ResolutionStatus:
    """The same, for a prediction of this guild that's known to exist."""
    member_id = guilds.known_member(session, actor)
    latest = session.scalar(select(Vote.id).where(Vote.prediction_id == prediction_id).order_by(Vote.id.desc()).limit(1))
    vote = None
    if latest is not None:
        vote = vote_view(session, guild_id=actor.guild_id, vote_id=latest, member_id=member_id, now=now)
    (view,) = prediction_views(
        session, guild_id=actor.guild_id, prediction_ids=[prediction_id], member_id=member_id, now=now
    )
    return ResolutionStatus(view, vote, standing_proposals(session, prediction_id, member_id))


def list_open_votes(session: Session, actor: Actor, *, now: datetime) -> tuple[VoteView, ...]:
    """The guild's open votes: first those the member hasn't voted in, then the soonest to end."""
    member_id = guilds.known_member(session, actor)
    going_on = select(Vote.id).join(Prediction, Prediction.id == Vote.prediction_id)
    ids = session.scalars(
        going_on.where(Prediction.guild_id == actor.guild_id, Vote.state == VoteState.OPEN, clocks.is_running(now))
        .order_by(Vote.closes_at, Vote.id)
        .limit(SHOWN)
    ).all()
    found = [vote_view(session, guild_id=actor.guild_id, vote_id=vote_id, member_id=member_id, now=now) for vote_id in ids]
    return tuple(sorted((vote for vote in found if vote is not None), key=lambda vote: vote.own is not None))


def vote_view(
    session: Session, *, guild_id: int, vote_id: int, member_id: int | None = None, now: datetime
) -> VoteView | None:
    """A vote for one reader (None: for everyone); None if it belongs to another guild."""
    found = select(Vote).join(Prediction, Prediction.id == Vote.prediction_id)
    vote = session.scalar(found.where(Vote.id == vote_id, Prediction.guild_id == guild_id))
    if vote is None:
        return None
    (view,) = prediction_views(session, guild_id=guild_id, prediction_ids=[vote.prediction_id], member_id=member_id, now=now)
    ballots = session.execute(
        select(Ballot.member_id, Ballot.choice, Ballot.position, Ballot.value, Ballot.new_resolves_at, Ballot.happened_at)
        .add_columns(Ballot.link, Ballot.words)
        .where(Ballot.vote_id == vote_id)
        .order_by(Ballot.cast_at, Ballot.member_id)
    ).all()
    own = next((ballot for ballot in ballots if member_id is not None and ballot.member_id == member_id), None)
    is_over = vote.state is VoteState.DECIDED
    # A vote that was cancelled publishes nothing: its ballots were given in the belief that they'd be counted together.
    shows = is_over or (vote.state is not VoteState.CANCELLED and not vote.rule["is_secret"])
    counts: dict[Answer, int] = {}
    for ballot in ballots:
        answer = Answer(ballot.choice, ballot.position, ballot.value)
        counts[answer] = counts.get(answer, 0) + 1
    result: dict[str, Any] = vote.result or {}
    choice = result.get("choice") if is_over else None
    return VoteView(
        id=vote.id,
        view=view,
        is_early=vote.is_early,
        round=vote.round,
        state=vote.state,
        is_open=vote.state is VoteState.OPEN and clocks.still_runs(vote, now),
        is_provisional=vote.state is VoteState.DECIDED and vote.ended_at is None,
        opened_at=vote.opened_at,
        closes_at=vote.closes_at,
        is_shown=vote.clock_started_at is not None,
        is_extended=vote.extended_at is not None,
        quorum=vote.rule["quorum"],
        majority=vote.rule["majority"],
        is_secret=vote.rule["is_secret"],
        cast=len(ballots),
        counts=tuple(sorted(counts.items(), key=lambda one: -one[1])) if shows else None,
        answer=None if choice is None else Answer(Choice(choice), result["position"], result.get("value")),
        new_date=date.fromisoformat(result["new_date"]) if is_over and result.get("new_date") else None,
        happened_at=datetime.fromisoformat(result["happened_at"]) if is_over and result.get("happened_at") else None,
        proposal=_proposal(session, vote.proposal_id, member_id),
        proposals=() if vote.is_early else standing_proposals(session, vote.prediction_id, member_id),
        named=tuple(sorted({ballot.value for ballot in ballots if ballot.value is not None})) if vote.extended_at else (),
        objections=_objections(session, vote),
        links=tuple(dict.fromkeys(ballot.link for ballot in ballots if ballot.link)) if shows else (),
        own=None if own is None else _own(own),
    )


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
    is_superseded = view.outcome is None
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
    )


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


def standing_proposals(session: Session, prediction_id: int, member_id: int | None) -> tuple[ProposalView, ...]:
    """What members say happened, the earliest first; those of a vote that's open stay until it ends."""
    standing = select(Proposal.id).where(Proposal.prediction_id == prediction_id, Proposal.closed_at.is_(None))
    found = (
        _proposal(session, one, member_id) for one in session.scalars(standing.order_by(Proposal.id).limit(SHOWN)).all()
    )
    return tuple(proposal for proposal in found if proposal is not None)


def _proposal(session: Session, proposal_id: int | None, member_id: int | None) -> ProposalView | None:
    if proposal_id is None:
        return None
    found = select(Proposal, Member.user_id).outerjoin(Member, Member.id == Proposal.member_id)
    row = session.execute(found.where(Proposal.id == proposal_id)).first()
    if row is None:
        return None
    made: Proposal = row.Proposal
    return ProposalView(
        made.id,
        Outcome(made.outcome, made.outcome_value),
        made.link,
        made.words,
        row.user_id,
        made.seconded_by is not None,
        made.created_at,
        made.happened_at,
        member_id is not None and made.member_id == member_id,
    )


def _objections(session: Session, vote: Vote) -> tuple[ObjectionView, ...]:
    """The objections to this vote's result; for a second round, the ones that caused it."""
    earlier = select(func.max(Vote.id)).where(Vote.prediction_id == vote.prediction_id, Vote.id < vote.id)
    vote_id = session.scalar(earlier) if vote.round > 1 else vote.id
    made = select(Member.user_id, Objection.words).outerjoin(Member, Member.id == Objection.member_id)
    rows = session.execute(made.where(Objection.vote_id == vote_id).order_by(Objection.created_at))
    return tuple(ObjectionView(row.user_id, row.words) for row in rows)


def _own(ballot: Any) -> OwnBallot:
    new_date = None if ballot.new_resolves_at is None else last_day_before(ballot.new_resolves_at)
    answer = Answer(ballot.choice, ballot.position, ballot.value)
    return OwnBallot(answer, new_date, ballot.happened_at, ballot.link, ballot.words)


def note_vote_posted(session: Session, vote_id: int, *, channel_id: int, message_id: int) -> None:
    """Remember where a vote's card is."""
    vote = session.get_one(Vote, vote_id)
    vote.channel_id, vote.message_id = channel_id, message_id


def place_of_vote(session: Session, vote_id: int) -> tuple[int, int] | None:
    """Channel and message of a vote's card."""
    vote = session.get(Vote, vote_id)
    return None if vote is None or vote.channel_id is None or vote.message_id is None else (vote.channel_id, vote.message_id)


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
