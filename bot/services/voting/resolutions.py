"""What managers can do about a result: decide it, or withdraw it. And the log of every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_words
from bot.domain.lifecycle import ENDED, may_move
from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Actor, State
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.predictions.views import PredictionView, prediction_view
from bot.services.voting import outcomes, settling
from bot.services.voting.views import ResolutionStatus, status_of
from db import queries
from db.models import Event, Guild, Member

MAX_LOG = 100


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
    forbid that to managers who forecast on it.

    Raises NotFound, NotAManager, or Refused.
    """
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
    settling.settle(
        session,
        prediction,
        checked,
        kind=EventKind.OVERRIDDEN,
        now=now,
        member_id=member_id,
        words=reason,
        data={"is_interested": is_interested},
        happened_at=outcomes.moment_of(session, prediction, checked, happened_at, now=now, locale=locale, is_managers=True),
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
    is_interested = steps.has_forecast(session, prediction, member_id)
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


def _required(words: str, why: str) -> str:
    reason = checked_words(words)
    if reason is None:
        raise Refused(why)
    return reason
