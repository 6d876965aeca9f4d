"""Saying early what happened: a voter proposes it with a link and the moment, another seconds it, and the vote opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_link, checked_words
from bot.domain.happenings import FARTHEST_BACK, FORMS
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import Outcome
from bot.domain.times import ago
from bot.domain.types import Actor, Kind, Relation, State
from bot.services import limits
from bot.services.limits import Limited
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.predictions.views import PredictionView, prediction_view
from bot.services.voting import outcomes, settling, votes
from bot.services.voting.views import ResolutionStatus, status_of
from bot.services.voting.voters import require_voter
from db.models import Prediction, Proposal, Vote, VoteState

COOL_DOWN = timedelta(days=7)
"""How long after an early vote failed no other can be proposed on its prediction."""

MOST_SIDE_BY_SIDE = 10
_PROPOSABLE = (State.OPEN, State.CLOSED, State.REOPENED)


@dataclass(frozen=True, slots=True)
class MadeProposal:
    """A proposal, and whether its vote opened at once, or it waits: for a second, or for another vote to end."""

    proposal_id: int
    code: int
    outcome: Outcome
    is_seconded: bool
    is_open: bool
    status: ResolutionStatus


def propose(
    session: Session,
    actor: Actor,
    *,
    code: int,
    outcome: Outcome | str,
    happened_at: datetime | str | None = None,
    link: str | None = None,
    words: str | None = None,
    now: datetime,
    locale: str | None = None,
) -> MadeProposal:
    """Say what happened and when, as an outcome or in words of the member's `locale`. A manager's proposal opens the vote; a
    member's when another voter seconds it.

    Raises NotFound, or Refused: for somebody who can't vote, an outcome that doesn't fit, no link or moment, a second proposal of
    one's own, and within a week after an early vote that failed.
    """
    require_voter(session, actor, now=now)
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    _require_open(session, prediction)
    checked = outcomes.check_outcome(session, prediction, outcome, locale=locale)
    is_manager = guilds.is_manager(session, actor)
    if happened_at is None and prediction.kind is not Kind.DATE:
        raise Refused(f"Say when it became publicly known: {FORMS}.")
    farthest_back = None if is_manager else FARTHEST_BACK
    moment = outcomes.moment_of(
        session, prediction, checked, happened_at, now=now, locale=locale, farthest_back=farthest_back
    )
    evidence = checked_link(link)
    if evidence is None and not is_manager:
        raise Refused("Add a link that shows it, so others can check: https://…")
    _check_cool_down(session, prediction, now)
    member_id = guilds.member_of(session, actor, now=now)
    _check_own(session, prediction, member_id)
    limits.require_room(session, actor, Limited.PROPOSALS, member_id=member_id, now=now)
    if is_manager:
        _check_no_other_vote(session, member_id, actor.guild_id, "You have", now)
    proposal = Proposal(
        prediction_id=prediction.id,
        member_id=member_id,
        outcome=checked.word,
        outcome_value=checked.value,
        happened_at=moment,
        link=evidence,
        words=checked_words(words),
        created_at=now,
        seconded_by=member_id if is_manager else None,
        seconded_at=now if is_manager else None,
    )
    session.add(proposal)
    session.flush()
    data = _named(proposal) | {"link": evidence}
    settling.note(
        session, prediction, kind=EventKind.PROPOSED, now=now, member_id=member_id, words=proposal.words, data=data
    )
    is_open = is_manager and prediction.id in votes.open_waiting(session, now=now, guild_id=actor.guild_id)
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    return MadeProposal(proposal.id, code, checked, is_manager, is_open, status)


def second(session: Session, actor: Actor, *, proposal_id: int, now: datetime) -> MadeProposal:
    """Second another member's proposal: the vote opens, or waits in line if too many are open. Raises Refused."""
    require_voter(session, actor, now=now)
    proposal, prediction = _held(session, actor, proposal_id)
    code = prediction.code
    member_id = guilds.member_of(session, actor, now=now)
    if proposal.member_id == member_id:
        raise Refused("This is your own proposal. Another member has to second it.")
    if prediction.state not in _PROPOSABLE or proposal.closed_at is not None or proposal.seconded_by is not None:
        raise Refused(f"That proposal no longer needs a second. See where it stands with /resolution status #{code}.")
    _check_no_other_vote(session, member_id, actor.guild_id, "You have", now)
    if proposal.member_id is not None:
        _check_no_other_vote(session, proposal.member_id, actor.guild_id, "Whoever proposed this has", now)
    proposal.seconded_by, proposal.seconded_at = member_id, now
    session.flush()
    settling.note(session, prediction, kind=EventKind.SECONDED, now=now, member_id=member_id, data=_named(proposal))
    is_open = prediction.id in votes.open_waiting(session, now=now, guild_id=actor.guild_id)
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    return MadeProposal(proposal_id, code, Outcome(proposal.outcome, proposal.outcome_value), True, is_open, status)


def withdraw(session: Session, actor: Actor, *, proposal_id: int, now: datetime) -> ResolutionStatus:
    """Withdraw one's own proposal while no vote is open on it. Raises Refused."""
    proposal, prediction = _held(session, actor, proposal_id)
    if proposal.member_id is None or proposal.member_id != guilds.known_member(session, actor):
        raise Refused("That isn't your proposal.")
    running = select(Vote.id).where(Vote.proposal_id == proposal_id, Vote.ended_at.is_(None))
    if proposal.closed_at is not None or session.scalar(running) is not None:
        raise Refused(f"Too late to withdraw it: see where it stands with /resolution status #{prediction.code}.")
    proposal.closed_at = now
    session.flush()
    settling.note(
        session, prediction, kind=EventKind.TAKEN_BACK, now=now, member_id=proposal.member_id, data=_named(proposal)
    )
    return status_of(session, actor, prediction_id=prediction.id, now=now)


def check_may_propose(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """The prediction, for the form. Raises NotFound, or Refused for somebody who couldn't propose a result anyway, so that nobody
    fills in a form for nothing."""
    require_voter(session, actor, now=now)
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    prediction = session.get_one(Prediction, view.id)
    _require_open(session, prediction)
    _check_cool_down(session, prediction, now)
    _check_own(session, prediction, member_id or 0)
    limits.require_room(session, actor, Limited.PROPOSALS, member_id=member_id or 0, now=now)
    return view


def _require_open(session: Session, prediction: Prediction) -> None:
    """Raises Refused if no result can be proposed: the prediction has one, or its condition has none yet."""
    if prediction.state not in _PROPOSABLE:
        raise Refused(
            f"#{prediction.code} is {prediction.state.value}, so you can't propose a result. "
            f"See where it stands with /resolution status #{prediction.code}."
        )
    if prediction.relation is Relation.CONDITIONAL and prediction.parent_id is not None:
        condition = session.get_one(Prediction, prediction.parent_id)
        if condition.state not in ENDED:
            raise Refused(
                f"#{prediction.code} depends on #{condition.code}, which has no result yet. Propose that one first."
            )


def _held(session: Session, actor: Actor, proposal_id: int) -> tuple[Proposal, Prediction]:
    """A proposal of this guild and its prediction, both locked, the prediction first as everywhere."""
    found = select(Prediction.code).join(Proposal, Proposal.prediction_id == Prediction.id)
    code = session.scalar(found.where(Proposal.id == proposal_id, Prediction.guild_id == actor.guild_id))
    if code is None:
        raise Refused("That proposal doesn't exist. Make one with /resolution propose.")
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    return session.get_one(Proposal, proposal_id, with_for_update=True), prediction


def _check_own(session: Session, prediction: Prediction, member_id: int) -> None:
    standing = select(Proposal).where(Proposal.prediction_id == prediction.id, Proposal.closed_at.is_(None))
    proposals = session.scalars(standing).all()
    if any(proposal.member_id == member_id for proposal in proposals):
        raise Refused(
            f"You already have a proposal on #{prediction.code}. Withdraw it first: /resolution status #{prediction.code}."
        )
    if len(proposals) >= MOST_SIDE_BY_SIDE:
        raise Refused(
            f"#{prediction.code} already has {len(proposals)} proposals. Second one: /resolution status #{prediction.code}."
        )


def _check_no_other_vote(session: Session, member_id: int, guild_id: int, who: str, now: datetime) -> None:
    """One early vote at a time that a member proposed or seconded: nobody fills the places of others."""
    called = or_(Proposal.member_id == member_id, Proposal.seconded_by == member_id)
    theirs = select(Prediction.code).join(Proposal, Proposal.prediction_id == Prediction.id)
    waiting = theirs.where(
        called,
        Proposal.seconded_by.is_not(None),
        Proposal.closed_at.is_(None),
        Prediction.guild_id == guild_id,
        Prediction.state.not_in(ENDED),
        or_(Prediction.resolves_at.is_(None), Prediction.resolves_at > now),
    )
    if (code := session.scalar(waiting.limit(1))) is not None:
        raise Refused(f"{who} another early vote going, on #{code}. One at a time: wait until it's over.")


def _check_cool_down(session: Session, prediction: Prediction, now: datetime) -> None:
    """None within a week of one that failed; one that a manager or the date ended didn't."""
    lately = select(Vote.ended_at, Vote.result).where(
        Vote.prediction_id == prediction.id,
        Vote.is_early,
        Vote.state == VoteState.CANCELLED,
        Vote.ended_at > now - COOL_DOWN,
    )
    for ended_at, result in session.execute(lately.order_by(Vote.ended_at.desc())):
        if ended_at is not None and (result or {}).get("has_failed") and settling.is_early(prediction, now):
            raise Refused(
                f"An early vote on #{prediction.code} failed {ago(now - ended_at)}. The next one can be proposed 7 days after that."
            )


def _named(proposal: Proposal) -> dict[str, Any]:
    moment = None if proposal.happened_at is None else proposal.happened_at.isoformat()
    named = {"proposal_id": proposal.id, "outcome": proposal.outcome, "value": proposal.outcome_value}
    return named | ({} if moment is None else {"happened_at": moment})
