"""What people see of a vote. This is where it's decided who may see the ballots: nobody, while they're secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound
from bot.domain.outcomes import Outcome
from bot.domain.times import last_day_before
from bot.domain.types import Actor
from bot.domain.voting import Answer, Choice
from bot.services.members import guilds
from bot.services.predictions.quotes import QuoteView, quotes_of
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.voting import clocks
from db import queries
from db.models import Ballot, Member, Objection, Prediction, Proposal, Vote, VoteState

SHOWN = 25
_PROPOSALS = select(Proposal, Member.user_id).outerjoin(Member, Member.id == Proposal.member_id)


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
    quotes: tuple[QuoteView, ...]
    """The messages that members quoted as evidence."""

    @property
    def is_going_on(self) -> bool:
        """Whether it takes ballots, or waits for objections or the managers."""
        return self.is_open or self.is_provisional or self.state is VoteState.HANDED_OVER


@dataclass(frozen=True, slots=True)
class OpenVotes:
    """A guild's open votes for one reader: as many as a card shows, how many there are, and how many wait for the reader."""

    shown: tuple[VoteView, ...]
    number: int
    waiting: int
    handed_over: tuple[VoteView, ...]
    """For a manager: what the managers have to decide."""


@dataclass(frozen=True, slots=True)
class ResolutionStatus:
    """Where a prediction stands on its way to a result: its latest vote, and the proposals that stand."""

    view: PredictionView
    vote: VoteView | None
    proposals: tuple[ProposalView, ...]
    is_due: bool
    """Whether its date has passed."""


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
    is_due = view.resolves_at is not None and view.resolves_at <= now
    return ResolutionStatus(view, vote, standing_proposals(session, prediction_id, member_id), is_due)


def list_open_votes(session: Session, actor: Actor, *, now: datetime) -> OpenVotes:
    """The guild's open votes: first those the member hasn't voted in, then the soonest to end."""
    member_id = guilds.known_member(session, actor)
    has_voted = exists().where(Ballot.vote_id == Vote.id, Ballot.member_id == member_id)
    going_on = select(Vote.id, has_voted.label("has_voted")).join(Prediction, Prediction.id == Vote.prediction_id)
    rows = session.execute(
        going_on.where(Prediction.guild_id == actor.guild_id, Vote.state == VoteState.OPEN, clocks.is_running(now)).order_by(
            has_voted, Vote.closes_at, Vote.id
        )
    ).all()
    found = [
        vote_view(session, guild_id=actor.guild_id, vote_id=row.id, member_id=member_id, now=now) for row in rows[:SHOWN]
    ]
    waiting = sum(not row.has_voted for row in rows)
    handed_over = ()
    if guilds.is_manager(session, actor):
        handed_over = tuple(_handed_over(session, actor.guild_id, now=now))
    return OpenVotes(tuple(vote for vote in found if vote is not None), len(rows), waiting, handed_over)


def _handed_over(session: Session, guild_id: int, *, now: datetime) -> Iterator[VoteView]:
    waiting = select(Vote.id).join(Prediction, Prediction.id == Vote.prediction_id).where(Prediction.guild_id == guild_id)
    waiting = waiting.where(Vote.state == VoteState.HANDED_OVER, Vote.ended_at.is_(None))
    for vote_id in session.scalars(waiting.order_by(Vote.closes_at, Vote.id).limit(SHOWN)):
        if (vote := vote_view(session, guild_id=guild_id, vote_id=vote_id, is_posted=True, now=now)) is not None:
            yield vote


def vote_view(
    session: Session, *, guild_id: int, vote_id: int, member_id: int | None = None, is_posted: bool = False, now: datetime
) -> VoteView | None:
    """A vote for one reader (None: for everyone); None if it belongs to another guild. `is_posted`: for a message that will
    start its time."""
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
        is_provisional=vote.is_provisional,
        opened_at=vote.opened_at,
        closes_at=clocks.end_if_shown(vote, now=now) if is_posted else vote.closes_at,
        is_shown=is_posted or vote.clock_started_at is not None,
        is_extended=vote.extended_at is not None,
        quorum=vote.rule["quorum"],
        majority=vote.rule["majority"],
        is_secret=vote.rule["is_secret"],
        cast=len(ballots),
        counts=tuple(sorted(counts.items(), key=lambda one: -one[1])) if shows else None,
        answer=None if choice is None else Answer(Choice(choice), result["position"], result.get("value")),
        new_date=date.fromisoformat(result["new_date"]) if is_over and result.get("new_date") else None,
        happened_at=datetime.fromisoformat(result["happened_at"]) if is_over and result.get("happened_at") else None,
        proposal=_proposal_of(session, vote, member_id),
        proposals=() if vote.is_early else standing_proposals(session, vote.prediction_id, member_id),
        named=tuple(sorted({ballot.value for ballot in ballots if ballot.value is not None})) if vote.extended_at else (),
        objections=_objections(session, vote),
        links=tuple(dict.fromkeys(ballot.link for ballot in ballots if ballot.link)) if shows else (),
        own=None if own is None else _own(own),
        quotes=quotes_of(session, vote.prediction_id),
    )


def standing_proposals(session: Session, prediction_id: int, member_id: int | None) -> tuple[ProposalView, ...]:
    """What members say happened, the earliest first; those of a vote that's open stay until it ends."""
    standing = (Proposal.prediction_id == prediction_id, Proposal.closed_at.is_(None))
    rows = session.execute(_PROPOSALS.where(*standing).order_by(Proposal.id).limit(SHOWN))
    return tuple(_proposal(row.Proposal, row.user_id, member_id) for row in rows)


def _proposal_of(session: Session, vote: Vote, member_id: int | None) -> ProposalView | None:
    row = session.execute(_PROPOSALS.where(Proposal.id == vote.proposal_id)).first()
    return None if row is None else _proposal(row.Proposal, row.user_id, member_id)


def _proposal(made: Proposal, user_id: int | None, member_id: int | None) -> ProposalView:
    return ProposalView(
        made.id,
        Outcome(made.outcome, made.outcome_value),
        made.link,
        made.words,
        user_id,
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


def place_of_vote(session: Session, vote_id: int) -> tuple[int, int] | None:
    """Channel and message of a vote's card."""
    vote = session.get(Vote, vote_id)
    return None if vote is None or vote.channel_id is None or vote.message_id is None else (vote.channel_id, vote.message_id)
