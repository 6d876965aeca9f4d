"""What managers can do about a result: decide it, or withdraw it. And the log of every step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_words
from bot.domain.lifecycle import ENDED, may_move
from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Actor, State
from bot.domain.voting import Choice
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.predictions.views import PredictionView, prediction_view
from bot.services.voting import counting, outcomes, settling
from bot.services.voting.views import ResolutionStatus, VoteView, status_of, vote_view
from db import queries
from db.models import Event, Forecast, Guild, Member, Prediction, Vote, VoteState

MAX_LOG = 100
_SAYS_NOTHING = (Choice.TOO_EARLY, Choice.NOT_YET, Choice.REJECT)


@dataclass(frozen=True, slots=True)
class ManagerDecision:
    """What a manager decided. `is_interested`: they forecast on it. `outcome` is None when they reopened it. `overruled` is
    the members' vote that says something else. `ends_vote`: another was still running. `withdrawn` is the result that a
    reopening took away."""

    is_interested: bool
    outcome: Outcome | None
    status: ResolutionStatus
    overruled: VoteView | None = None
    ends_vote: bool = False
    withdrawn: Outcome | None = None


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
    of_user_id: int | None = None
    """Whom a manager left out or took back in."""


def override(
    session: Session,
    actor: Actor,
    *,
    code: int,
    outcome: Outcome | str,
    words: str,
    happened_at: datetime | str | None = None,
    now: datetime,
    locale: str | None = None,
) -> ManagerDecision:
    """Decide as a manager, with a reason and the moment when it happened: forecasts from then on don't count. A guild can
    forbid that to managers who forecast on it. Whoever added a prediction can annul it while nobody else has forecast.

    Raises NotFound, NotAManager, or Refused.
    """
    if not guilds.is_manager(session, actor) and outcome == Outcome(ANNULLED):
        return _withdraw_own(session, actor, code=code, words=words, now=now)
    guilds.require_manager(session, actor, "decide a result")
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    reason = _required(words, "Give a reason. Everyone can read it.")
    checked = outcomes.check_outcome(session, prediction, outcome, locale=locale, may_annul=True)
    to = State.ANNULLED if checked.word == ANNULLED else State.RESOLVED
    if not may_move(prediction.state, to):
        raise Refused(f"#{code} is already {prediction.state.value}. Withdraw that first with /resolution reopen #{code}.")
    member_id = guilds.member_of(session, actor, now=now)
    is_interested = steps.has_forecast(session, prediction, member_id)
    if is_interested and not session.get_one(Guild, actor.guild_id).interested_override:
        raise Refused(
            f"You forecast on #{code}, and on this server a manager who didn't has to decide. Ask another manager."
        )
    overruled = _overruled(session, prediction, checked)
    running = (Vote.prediction_id == prediction.id, Vote.ended_at.is_(None), Vote.state != VoteState.DECIDED)
    ends_vote = session.scalar(select(Vote.id).where(*running).limit(1)) is not None
    settling.settle(
        session,
        prediction,
        checked,
        kind=EventKind.OVERRIDDEN,
        now=now,
        member_id=member_id,
        words=reason,
        data={"is_interested": is_interested} | ({} if overruled is None else {"overruled": overruled}),
        happened_at=outcomes.moment_of(session, prediction, checked, happened_at, now=now, locale=locale, is_managers=True),
    )
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    against = None if overruled is None else vote_view(session, guild_id=actor.guild_id, vote_id=overruled, now=now)
    return ManagerDecision(is_interested, checked, status, against, ends_vote)


def reopen(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> ManagerDecision:
    """Withdraw a result as a manager, with a reason: forecasting goes on if there's time, else a new vote opens.

    Raises NotFound, NotAManager, or Refused.
    """
    guilds.require_manager(session, actor, "reopen a prediction")
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    reason = _required(words, "Give a reason for reopening. Everyone can read it.")
    if prediction.state not in ENDED:
        raise Refused(f"#{code} has no final result to withdraw. See where it stands with /resolution status #{code}.")
    steps.require_shown(session, prediction)
    member_id = guilds.member_of(session, actor, now=now)
    is_interested = steps.has_forecast(session, prediction, member_id)
    if is_interested and not session.get_one(Guild, actor.guild_id).interested_override:
        raise Refused(
            f"You forecast on #{code}, and on this server a manager who didn't has to decide. Ask another manager."
        )
    data = {"is_interested": is_interested}
    withdrawn = None if prediction.outcome is None else Outcome(prediction.outcome, prediction.outcome_value)
    settling.withdraw_result(session, prediction, member_id=member_id, words=reason, now=now, data=data)
    status = status_of(session, actor, prediction_id=prediction.id, now=now)
    return ManagerDecision(is_interested, None, status, withdrawn=withdrawn)


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
    steps_taken = [LogStep(*row) for row in reversed(session.execute(events).all())]
    named = {of for step in steps_taken if isinstance(of := step.data.get("of"), int)}
    accounts = select(Member.id, Member.user_id).where(Member.id.in_(named))
    users = {row.id: row.user_id for row in session.execute(accounts)} if named else {}
    return tuple(
        replace(step, of_user_id=users.get(of)) if isinstance(of := step.data.get("of"), int) else step
        for step in steps_taken
    )


def _withdraw_own(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> ManagerDecision:
    """Annul one's own prediction while nobody else has a part in it."""
    member_id = guilds.member_of(session, actor, now=now)
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code)
    if prediction.author_id != member_id:
        guilds.require_manager(session, actor, "annul a prediction that someone else added")
    reason = _required(words, "Give a reason. Everyone can read it.")
    others = select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.member_id != member_id)
    if session.scalar(others.limit(1)) is not None:
        guilds.require_manager(session, actor, "annul a prediction that others have forecast on")
    hanging = select(Prediction.id).where(Prediction.parent_id == prediction.id, Prediction.state.not_in(ENDED))
    if session.scalar(hanging.limit(1)) is not None:
        guilds.require_manager(session, actor, "annul a prediction that others depend on")
    running = select(Vote.id).where(Vote.prediction_id == prediction.id, Vote.ended_at.is_(None))
    if prediction.state is not State.OPEN or session.scalar(running.limit(1)) is not None:
        guilds.require_manager(session, actor, "annul a prediction that isn't open any more")
    void, is_interested = Outcome(ANNULLED), steps.has_forecast(session, prediction, member_id)
    settling.settle(
        session,
        prediction,
        void,
        kind=EventKind.ANNULLED,
        now=now,
        member_id=member_id,
        words=reason,
        data={"is_interested": is_interested},
        announces=False,
    )
    return ManagerDecision(is_interested, void, status_of(session, actor, prediction_id=prediction.id, now=now))


def _overruled(session: Session, prediction: Prediction, outcome: Outcome) -> int | None:
    """The members' latest vote that said what happened, if that was something else."""
    decided = select(Vote).where(Vote.prediction_id == prediction.id, Vote.state == VoteState.DECIDED)
    for vote in session.scalars(decided.order_by(Vote.id.desc())):
        if Choice((vote.result or {})["choice"]) in _SAYS_NOTHING:
            continue
        return None if counting.outcome_of(session, vote) == outcome else vote.id
    return None


def _required(words: str, why: str) -> str:
    reason = checked_words(words)
    if reason is None:
        raise Refused(why)
    return reason
