"""Votes on what happened: they open at the date or by a proposal, are counted by a frozen rule, take objections, then are final."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain.events import EventKind
from bot.domain.types import Kind, State
from bot.domain.voting import quorum_of
from bot.services import posts
from bot.services.voting import settling
from db.models import Guild, Prediction, Proposal, Vote, VoteState

WAITING = (State.CLOSED, State.REOPENED)
"""States in which a prediction whose date has come is waiting for its vote."""


def open_waiting(session: Session, *, now: datetime, guild_id: int | None = None) -> set[int]:
    """Open votes on seconded proposals, then on predictions whose date has come, soonest first, up to each guild's limit.

    Works on one guild, or on all that the bot is in. Returns the ids of the predictions.
    """
    ready = _ready(now) if guild_id is None else and_(_ready(now), Prediction.guild_id == guild_id)
    opened: set[int] = set()
    for key in session.scalars(select(Prediction.guild_id).where(ready).distinct()).all():
        here = select(Guild).where(Guild.id == key, Guild.left_at.is_(None))
        if (guild := session.scalar(here.with_for_update(skip_locked=True, key_share=True))) is None:
            continue
        free = guild.open_votes_limit - _open_votes(session, key)
        if free <= 0:
            continue
        candidates = select(Prediction).where(Prediction.guild_id == key, ready)
        # Two members want a seconded one settled now; a pack with old dates can keep the queue busy for weeks.
        order = (Prediction.id.in_(_seconded()).desc(), Prediction.resolves_at.is_(None), Prediction.resolves_at)
        soonest = candidates.order_by(*order, Prediction.code).limit(free)
        for prediction in session.scalars(soonest.with_for_update()).all():
            open_vote(session, guild, prediction, now=now)
            opened.add(prediction.id)
    return opened


def open_vote(session: Session, guild: Guild, prediction: Prediction, *, now: datetime) -> Vote:
    """Open a vote on a locked prediction, under the guild's rule as it is now. Later changes of the settings don't touch it."""
    standing = select(Proposal.id).where(Proposal.prediction_id == prediction.id, Proposal.closed_at.is_(None))
    proposal_id = session.scalar(standing.order_by(Proposal.id).limit(1))
    quorum = quorum_of(prediction.forecasters, least=guild.quorum_least, share=guild.quorum_share, most=guild.quorum_most)
    rule = {
        "quorum": quorum,
        "majority": guild.majority_share,
        "hours": guild.vote_hours,
        "objection_hours": guild.objection_hours,
        "undecided_days": guild.undecided_days,
        "is_secret": guild.ballots_are_secret,
        "voter_role_id": guild.voter_role_id,
        "voter_hours": guild.voter_hours,
    }
    return _open(session, prediction, rule, proposal_id=proposal_id, kind=EventKind.VOTE_OPENED, now=now)


def open_second_round(session: Session, prediction: Prediction, vote: Vote, *, now: datetime) -> Vote:
    """Open the second round of a vote that has ended. It doesn't wait for other votes."""
    # The rule of the first round, so that the rules can't change in the middle of a dispute.
    rule = vote.rule | {"quorum": 2 * vote.rule["quorum"]}
    return _open(session, prediction, rule, proposal_id=vote.proposal_id, kind=EventKind.SECOND_ROUND, now=now, round_=2)


def next_due_at(session: Session) -> datetime | None:
    """When the next vote opens or moves on by itself. Whatever waits for another vote to end has no time."""
    going_on = select(func.min(Vote.closes_at)).join(Prediction, Prediction.id == Vote.prediction_id)
    counts_at = session.scalar(going_on.where(Vote.ended_at.is_(None), Prediction.guild_id.in_(_PRESENT)))
    open_here = (
        select(func.count())
        .select_from(Vote)
        .join(_Voted, _Voted.id == Vote.prediction_id)
        .where(_Voted.guild_id == Guild.id, Vote.state == VoteState.OPEN)
    )
    has_room = _PRESENT.where(open_here.scalar_subquery() < Guild.open_votes_limit)
    opens = select(func.min(Prediction.resolves_at)).where(_may_open(), Prediction.guild_id.in_(has_room))
    called = select(func.min(Proposal.created_at)).join(Prediction, Prediction.id == Proposal.prediction_id)
    called = called.where(Proposal.closed_at.is_(None), Proposal.seconded_by.is_not(None))
    called = called.where(Prediction.state.in_([State.OPEN, *WAITING]), Prediction.guild_id.in_(has_room))
    times = (counts_at, session.scalar(opens), session.scalar(called))
    return min((at for at in times if at is not None), default=None)


_PRESENT = select(Guild.id).where(Guild.left_at.is_(None))
_Voted = aliased(Prediction)


def _open(
    session: Session,
    prediction: Prediction,
    rule: dict[str, Any],
    *,
    proposal_id: int | None,
    kind: EventKind,
    now: datetime,
    round_: int = 1,
) -> Vote:
    vote = Vote(
        prediction_id=prediction.id,
        proposal_id=proposal_id,
        round=round_,
        state=VoteState.OPEN,
        opened_at=now,
        closes_at=now + timedelta(hours=rule["hours"]),
        rule=rule,
    )
    session.add(vote)
    session.flush()
    data = {"vote_id": vote.id, "quorum": rule["quorum"], "majority": rule["majority"]}
    settling.move(session, prediction, State.VOTING, kind=kind, now=now, data=data)
    if prediction.closed_at is None:
        prediction.closed_at = min(now, prediction.closes_at or now)
    is_direct = proposal_id is not None and settling.is_early(prediction, now)
    posts.vote_opened(session, prediction, vote, is_direct=is_direct, now=now)
    return vote


def _ready(now: datetime) -> Any:
    """Predictions waiting for a vote: their date has come, or a proposal was seconded. Numbers and dates need a proposal."""
    return or_(
        and_(_may_open(), Prediction.resolves_at <= now),
        and_(Prediction.state.in_([State.OPEN, *WAITING]), Prediction.id.in_(_seconded())),
    )


def _seconded() -> Any:
    """Predictions with a seconded proposal."""
    return select(Proposal.prediction_id).where(Proposal.closed_at.is_(None), Proposal.seconded_by.is_not(None))


def _may_open() -> Any:
    """Predictions whose vote opens when their date comes."""
    proposed = select(Proposal.prediction_id).where(Proposal.closed_at.is_(None))
    can_be_asked = or_(Prediction.kind.in_([Kind.BINARY, Kind.MULTIPLE_CHOICE]), Prediction.id.in_(proposed))
    return and_(Prediction.state.in_(WAITING), can_be_asked)


def _open_votes(session: Session, guild_id: int) -> int:
    going_on = select(func.count()).select_from(Vote).join(Prediction, Prediction.id == Vote.prediction_id)
    return session.scalar(going_on.where(Prediction.guild_id == guild_id, Vote.state == VoteState.OPEN)) or 0
