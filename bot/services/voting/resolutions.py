"""What members and managers can do about a result besides voting: propose, second, override, reopen, annul."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_link, checked_words
from bot.domain.lifecycle import ENDED, may_move
from bot.domain.outcomes import ANNULLED, NO, OPTION, VALUE, YES, Outcome, read_outcome
from bot.domain.times import day_of
from bot.domain.types import Actor, Kind, State
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.predictions.views import PredictionView, prediction_view
from bot.services.voting import settling, votes
from bot.services.voting.views import ResolutionStatus, status_of
from db import queries
from db.base import AnyRow
from db.models import Event, Forecast, Guild, Member, Prediction, Proposal

MAX_LOG = 100
_PROPOSABLE = (State.OPEN, State.CLOSED, State.REOPENED)


@dataclass(frozen=True, slots=True)
class MadeProposal:
    """A proposal, and whether it opened the vote at once or is waiting, for a second or for another vote to end."""

    proposal_id: int
    code: int
    outcome: Outcome
    is_seconded: bool
    is_open: bool
    status: ResolutionStatus


@dataclass(frozen=True, slots=True)
class ManagerDecision:
    """What a manager decided. `is_interested`: they forecast on it. `outcome` is None when they reopened it."""

    is_interested: bool
    outcome: Outcome | None
    status: ResolutionStatus


@dataclass(frozen=True, slots=True)
class LogStep:
    """One step of a prediction's log. `user_id` is empty for what the clock did, and for members who were forgotten."""

    at: datetime
    kind: str
    from_state: State | None
    to_state: State | None
    user_id: int | None
    words: str | None
    data: dict[str, object]


def propose(
    session: Session,
    actor: Actor,
    *,
    code: int,
    outcome: Outcome | str,
    link: str | None = None,
    words: str | None = None,
    now: datetime,
) -> MadeProposal:
    """Say what happened, as an outcome or in words. A manager's proposal opens the vote; a member's when another member seconds it.

    Raises NotFound, or Refused for an outcome that doesn't fit, a missing link, and a second proposal.
    """
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    if prediction.state not in _PROPOSABLE:
        raise Refused(
            f"#{code} is {prediction.state.value}, so you can't propose a result. See where it stands with /resolution status #{code}."
        )
    checked = check_outcome(session, prediction, outcome)
    member_id = guilds.member_of(session, actor, now=now)
    evidence = checked_link(link)
    is_manager = guilds.is_manager(session, actor)
    if evidence is None and not is_manager:
        raise Refused("Add a link that shows it, so others can check: https://…")
    # A manager needn't wait for a proposal that nobody has seconded.
    if not (is_manager and _replace(session, prediction.id, now)) and _standing(session, prediction.id) is not None:
        raise Refused(
            f"#{code} already has a proposal. Find it with /resolution status #{code}, then second it or vote on it."
        )
    proposal = Proposal(
        prediction_id=prediction.id,
        member_id=member_id,
        outcome=checked.word,
        outcome_value=checked.value,
        link=evidence,
        words=checked_words(words),
        created_at=now,
        seconded_by=member_id if is_manager else None,
    )
    session.add(proposal)
    session.flush()
    data = {"proposal_id": proposal.id, "outcome": checked.word, "value": checked.value, "link": evidence}
    settling.note(
        session, prediction, kind=EventKind.PROPOSED, now=now, member_id=member_id, words=proposal.words, data=data
    )
    is_open = is_manager and prediction.id in votes.open_waiting(session, now=now, guild_id=actor.guild_id)
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    return MadeProposal(proposal.id, code, checked, is_manager, is_open, status)


def second(session: Session, actor: Actor, *, proposal_id: int, now: datetime) -> MadeProposal:
    """Second another member's proposal: the vote opens, or waits in line if too many are open. Raises Refused."""
    found = select(Proposal, Prediction.code).join(Prediction, Prediction.id == Proposal.prediction_id)
    row = session.execute(found.where(Proposal.id == proposal_id, Prediction.guild_id == actor.guild_id)).first()
    if row is None:
        raise Refused("That proposal doesn't exist. Make one with /resolution propose.")
    proposal: Proposal = row.Proposal
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=row.code)
    member_id = guilds.member_of(session, actor, now=now)
    if proposal.member_id == member_id:
        raise Refused("This is your own proposal. Another member has to second it.")
    taken = (
        update(Proposal)
        .where(Proposal.id == proposal_id, Proposal.seconded_by.is_(None), Proposal.closed_at.is_(None))
        .values(seconded_by=member_id)
        .returning(Proposal.id)
    )
    if prediction.state not in _PROPOSABLE or session.execute(taken).first() is None:
        raise Refused(f"That proposal no longer needs a second. See where it stands with /resolution status #{row.code}.")
    data = {"proposal_id": proposal_id}
    settling.note(session, prediction, kind=EventKind.SECONDED, now=now, member_id=member_id, data=data)
    is_open = prediction.id in votes.open_waiting(session, now=now, guild_id=actor.guild_id)
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    return MadeProposal(proposal_id, row.code, Outcome(proposal.outcome, proposal.outcome_value), True, is_open, status)


def override(
    session: Session, actor: Actor, *, code: int, outcome: Outcome | str, words: str, now: datetime
) -> ManagerDecision:
    """Decide as a manager, with a reason. A guild can forbid that to managers who forecast on it.

    Raises NotFound, NotAManager, or Refused.
    """
    guilds.require_manager(session, actor, "decide a result")
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    reason = _required(words, "Give a reason. Everyone can read it.")
    checked = check_outcome(session, prediction, outcome, may_annul=True)
    to = State.ANNULLED if checked.word == ANNULLED else State.RESOLVED
    if not may_move(prediction.state, to):
        raise Refused(f"#{code} is already {prediction.state.value}. Withdraw that first with /resolution reopen #{code}.")
    member_id = guilds.member_of(session, actor, now=now)
    is_interested = _has_forecast(session, prediction.id, member_id)
    if is_interested and not session.get_one(Guild, actor.guild_id).interested_override:
        raise Refused(
            f"You forecast on #{code}, and on this server a manager who didn't has to decide. Ask another manager."
        )
    data = {"is_interested": is_interested}
    settling.settle(
        session, prediction, checked, kind=EventKind.OVERRIDDEN, now=now, member_id=member_id, words=reason, data=data
    )
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    return ManagerDecision(is_interested, checked, status)


def reopen(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> ManagerDecision:
    """Withdraw a result as a manager, with a reason: forecasting goes on if there's time, else a new vote opens.

    Raises NotFound, NotAManager, or Refused.
    """
    guilds.require_manager(session, actor, "reopen a prediction")
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    reason = _required(words, "Give a reason for reopening. Everyone can read it.")
    if prediction.state not in ENDED:
        raise Refused(f"#{code} has no final result to withdraw. See where it stands with /resolution status #{code}.")
    member_id = guilds.member_of(session, actor, now=now)
    is_interested = _has_forecast(session, prediction.id, member_id)
    if is_interested and not session.get_one(Guild, actor.guild_id).interested_override:
        raise Refused(
            f"You forecast on #{code}, and on this server a manager who didn't has to decide. Ask another manager."
        )
    data = {"is_interested": is_interested}
    settling.unsettle(session, prediction, member_id=member_id, words=reason, now=now, data=data)
    if prediction.closes_at is None or prediction.closes_at > now:
        settling.move(session, prediction, State.OPEN, kind=EventKind.FORECASTING_AGAIN, now=now)
        prediction.closed_at = None
        steps.follow_date(session, prediction, now=now)
    return ManagerDecision(is_interested, None, status_of(session, actor, prediction_id=prediction.id, now=now))


def show_log(session: Session, actor: Actor, *, code: int, now: datetime) -> tuple[PredictionView, tuple[LogStep, ...]]:
    """A prediction and every step of its life. Raises NotFound."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    return view, log_of(session, actor, code=code)


def log_of(session: Session, actor: Actor, *, code: int) -> tuple[LogStep, ...]:
    """Every step of a prediction's life, oldest first: who, when and why. Raises NotFound."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    if prediction_id is None:
        raise NotFound(f"#{code}")
    events = (
        select(Event.at, Event.kind, Event.from_state, Event.to_state, Member.user_id, Event.words, Event.data)
        .outerjoin(Member, Member.id == Event.member_id)
        .where(Event.prediction_id == prediction_id)
        .order_by(Event.id.desc())
        .limit(MAX_LOG)
    )
    return tuple(LogStep(*row) for row in reversed(session.execute(events).all()))


def check_outcome(session: Session, prediction: Prediction, outcome: Outcome | str, *, may_annul: bool = False) -> Outcome:
    """The outcome, or what its words say, if it fits this prediction's kind. Refuses others and says what would fit."""
    if isinstance(outcome, str):
        options = tuple(queries.option_names(session, prediction.id))
        outcome = read_outcome(outcome, kind=prediction.kind, options=options)
    if outcome.word == ANNULLED and may_annul:
        return Outcome(ANNULLED)
    match prediction.kind:
        case Kind.BINARY if outcome.word in (YES, NO):
            return Outcome(outcome.word)
        case Kind.MULTIPLE_CHOICE if outcome.word == OPTION:
            count = len(queries.option_names(session, prediction.id))
            if outcome.value is not None and outcome.value in range(count):
                return outcome
        case Kind.NUMERIC | Kind.DATE if (
            outcome.word == VALUE and outcome.value is not None and math.isfinite(outcome.value)
        ):
            _check_value(prediction, outcome.value)
            return outcome
        case _:
            pass
    fitting = {
        Kind.BINARY: "yes or no",
        Kind.MULTIPLE_CHOICE: "one of its options",
        Kind.NUMERIC: f"a number in {prediction.unit}",
        Kind.DATE: "a date",
    }[prediction.kind]
    raise Refused(f"That can't be the result of #{prediction.code}: it takes {fitting}.")


def _check_value(prediction: Prediction, value: float) -> None:
    if prediction.kind is Kind.NUMERIC and abs(value) > 1e18:
        raise Refused(f"{value:g} {prediction.unit} is too large. Check the number.")
    if prediction.kind is Kind.DATE:
        try:
            day_of(value)
        except (OverflowError, ValueError):
            raise Refused("That day isn't in the calendar. Check the date.") from None


def _standing(session: Session, prediction_id: int) -> AnyRow | None:
    standing = select(Proposal.id).where(Proposal.prediction_id == prediction_id, Proposal.closed_at.is_(None))
    return session.execute(standing).first()


def _replace(session: Session, prediction_id: int, now: datetime) -> bool:
    """Close a proposal that nobody has seconded; False if there is none."""
    lonely = (Proposal.prediction_id == prediction_id, Proposal.closed_at.is_(None), Proposal.seconded_by.is_(None))
    closed = update(Proposal).where(*lonely).values(closed_at=now).returning(Proposal.id)
    return session.execute(closed).first() is not None


def _has_forecast(session: Session, prediction_id: int, member_id: int) -> bool:
    theirs = select(Forecast.id).where(Forecast.prediction_id == prediction_id, Forecast.member_id == member_id)
    return session.scalar(theirs.limit(1)) is not None


def _required(words: str, why: str) -> str:
    reason = checked_words(words)
    if reason is None:
        raise Refused(why)
    return reason
