"""Predictions that members added and managers have to approve before anybody else sees them. A draft that was declined, or that
nobody answered by its date, stays a draft for good, with the moment in `closed_at`; a manager may still change their mind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_words
from bot.domain.lifecycle import may_move
from bot.domain.times import ago, day_text, last_day_before
from bot.domain.types import Actor, State
from bot.services import outbox
from bot.services.homes import places
from bot.services.members import guilds
from bot.services.outbox import MessageKind
from bot.services.predictions import grouping, ladder, steps
from bot.services.predictions.views import PredictionView, prediction_view, prediction_views
from db.models import Event, Member, Prediction
from db.queries import NOW, PRESENT

MOST_SHOWN = 25
AT_ONCE = 50
ANSWERS = (EventKind.SENT_BACK, EventKind.DECLINED, EventKind.LAPSED, EventKind.WITHDRAWN)
_TOLD = (EventKind.ACCEPTED, EventKind.SENT_BACK, EventKind.DECLINED, EventKind.LAPSED)


def _waits() -> ColumnElement[bool]:
    return Prediction.closed_at.is_(None)


_ANSWERABLE = (Prediction.state == State.DRAFT, _waits(), Prediction.guild_id.in_(PRESENT))
_LAPSING = (
    select(Prediction)
    .where(*_ANSWERABLE, Prediction.closes_at <= NOW)
    .order_by(Prediction.closes_at, Prediction.id)
    .limit(AT_ONCE)
    .with_for_update()
)
_NEXT_LAPSE = select(func.min(Prediction.closes_at)).where(*_ANSWERABLE)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, or what became of one, with the last answer to it: what it was, in which words, and by whom (an account)."""

    view: PredictionView
    is_waiting: bool
    answer: str | None = None
    words: str | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class DraftQueue:
    """For a manager, the drafts that wait, the oldest first; for a member, their own, the newest first."""

    is_manager: bool
    total: int
    drafts: tuple[DraftView, ...]


@dataclass(frozen=True, slots=True)
class OpenedDraft:
    """A draft, and who looks at it."""

    draft: DraftView
    is_manager: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class AnsweredDraft:
    """The code of a draft that was just answered, and what waits now."""

    code: int
    queue: DraftQueue


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """What the member who added it is told."""

    user_id: int
    draft: DraftView
    what: str


def show_queue(session: Session, actor: Actor, *, now: datetime) -> DraftQueue:
    """The drafts that wait for this manager, or this member's own."""
    is_manager = guilds.is_manager(session, actor)
    member_id = guilds.known_member(session, actor)
    here = (Prediction.guild_id == actor.guild_id, Prediction.state == State.DRAFT)
    its = (*here, _waits()) if is_manager else (*here, Prediction.author_id == (member_id or 0))
    total = session.scalar(select(func.count()).select_from(Prediction).where(*its)) or 0
    order = Prediction.id if is_manager else Prediction.id.desc()
    ids = list(session.scalars(select(Prediction.id).where(*its).order_by(order).limit(MOST_SHOWN)))
    views = prediction_views(session, guild_id=actor.guild_id, prediction_ids=ids, member_id=member_id, now=now)
    return DraftQueue(is_manager, total, tuple(_draft(session, view) for view in views))


def show_draft(session: Session, actor: Actor, *, code: int, now: datetime) -> OpenedDraft:
    """A draft, for a manager or the member who added it. Raises NotFound."""
    is_manager = guilds.is_manager(session, actor)
    view = prediction_view(
        session,
        guild_id=actor.guild_id,
        code=code,
        member_id=guilds.known_member(session, actor),
        now=now,
        with_drafts=is_manager,
    )
    if view.state is not State.DRAFT:
        raise Refused(f"#{code} isn't waiting for approval. See it with /prediction show #{code}.")
    return OpenedDraft(_draft(session, view), is_manager, view.added_by == actor.user_id)


def show_for_answer(session: Session, actor: Actor, *, code: int, now: datetime) -> DraftView:
    """A draft that waits for this manager, before a form opens. Raises NotAManager, NotFound or Refused."""
    guilds.require_manager(session, actor, "approve predictions")
    opened = show_draft(session, actor, code=code, now=now)
    _require_waiting(session, session.get_one(Prediction, opened.draft.view.id), now)
    return opened.draft


def accept(session: Session, actor: Actor, *, code: int, now: datetime) -> AnsweredDraft:
    """Approve a draft: it opens, everyone sees it, and it counts in rankings. Raises NotAManager, NotFound, or Refused if it's
    open already or its date is over."""
    prediction, member_id = _held(session, actor, code, "approve predictions", now)
    if prediction.closes_at is not None and prediction.closes_at <= now:
        raise Refused(
            f"The last day for #{code}, {day_text(last_day_before(prediction.closes_at))}, is over. "
            "Ask for another date, or decline it."
        )
    _answer(session, prediction, EventKind.ACCEPTED, member_id=member_id, words=None, now=now, to=State.OPEN)
    prediction.state, prediction.closed_at = State.OPEN, None
    prediction.opens_at = prediction.approved_at = now
    publish(session, prediction, now=now)
    return _answered(session, actor, code, now)


def send_back(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> AnsweredDraft:
    """Ask the member for changes; the draft goes on waiting. Raises NotAManager, NotFound or Refused."""
    reason = _required(words, "Say what should change. The member reads it.")
    prediction, member_id = _held(session, actor, code, "ask for changes", now)
    _require_waiting(session, prediction, now)
    _answer(session, prediction, EventKind.SENT_BACK, member_id=member_id, words=reason, now=now)
    return _answered(session, actor, code, now)


def decline(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> AnsweredDraft:
    """Decline a draft: nobody else ever sees it. Raises NotAManager, NotFound or Refused."""
    reason = _required(words, "Say why. The member reads it.")
    prediction, member_id = _held(session, actor, code, "decline predictions", now)
    _require_waiting(session, prediction, now)
    _answer(session, prediction, EventKind.DECLINED, member_id=member_id, words=reason, now=now)
    prediction.closed_at = now
    grouping.take_out(session, prediction, now=now)
    return _answered(session, actor, code, now)


def withdraw(session: Session, actor: Actor, *, code: int, now: datetime) -> AnsweredDraft:
    """Withdraw one's own draft. Raises NotFound or Refused."""
    member_id = guilds.member_of(session, actor, now=now)
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code, with_drafts=True)
    if prediction.author_id != member_id:
        raise Refused(f"You didn't add #{code}, so it isn't yours to withdraw.")
    _require_waiting(session, prediction, now)
    _answer(session, prediction, EventKind.WITHDRAWN, member_id=member_id, words=None, now=now)
    prediction.closed_at = now
    grouping.take_out(session, prediction, now=now)
    return _answered(session, actor, code, now)


def publish(session: Session, prediction: Prediction, *, now: datetime, has_card: bool = True) -> None:
    """Everything that follows once a new prediction is there for everyone: it's found, its reminders are set, its card is
    posted, or without `has_card` made in its turn."""
    ladder.set_out(session, prediction, now=now)
    steps.index(session, guild_id=prediction.guild_id, prediction_ids=[prediction.id])
    if not has_card:
        outbox.ask_for_homes(session, [prediction.guild_id], now=now)
        return
    if places.post_channel_of(session, prediction) is not None:
        outbox.queue_card(session, guild_id=prediction.guild_id, prediction_id=prediction.id, now=now)


def note_changed(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """A draft was changed: if that's what a manager had asked for, they hear of it."""
    last = _last_answer(session, prediction.id)
    if last is not None and last.kind == EventKind.SENT_BACK:
        outbox.queue(
            session, MessageKind.DRAFTS, guild_id=prediction.guild_id, payload={}, due_at=now, key=_key(prediction.guild_id)
        )


def queue_news(session: Session, *, guild_id: int, now: datetime, but: int) -> None:
    """Tell a manager that a draft waits, unless others waited before: then they know."""
    others = (Prediction.guild_id == guild_id, Prediction.state == State.DRAFT, _waits(), Prediction.id != but)
    if session.scalar(select(Prediction.id).where(*others).limit(1)) is None:
        outbox.queue(session, MessageKind.DRAFTS, guild_id=guild_id, payload={}, due_at=now, key=_key(guild_id))


def waiting(session: Session, guild_id: int) -> int:
    """How many drafts wait for a manager."""
    its = (Prediction.guild_id == guild_id, Prediction.state == State.DRAFT, _waits())
    return session.scalar(select(func.count()).select_from(Prediction).where(*its)) or 0


def answer_for(session: Session, *, guild_id: int, prediction_id: int, what: str, now: datetime) -> DraftAnswer | None:
    """What its member is told about a draft; None if they were forgotten, or something else was decided since."""
    author = select(Member.user_id).join(Prediction, Prediction.author_id == Member.id)
    user_id = session.scalar(author.where(Prediction.id == prediction_id, Prediction.guild_id == guild_id))
    last = _last_answer(session, prediction_id, of=_TOLD)
    if user_id is None or last is None or last.kind != what:
        return None
    views = prediction_views(session, guild_id=guild_id, prediction_ids=[prediction_id], member_id=None, now=now)
    return DraftAnswer(user_id, _draft(session, views[0]), what) if views else None


def lapse_due(session: Session, *, now: datetime) -> bool:
    """Let drafts lapse that nobody had answered by their last day; True if there are more."""
    found = session.scalars(_LAPSING, {"now": now}).all()
    for prediction in found:
        prediction.closed_at = prediction.closes_at
        _answer(session, prediction, EventKind.LAPSED, member_id=None, words=None, now=now)
        grouping.take_out(session, prediction, now=now)
    return len(found) == AT_ONCE


def next_due_at(session: Session) -> datetime | None:
    """When the next draft lapses."""
    return session.scalar(_NEXT_LAPSE)


def _key(guild_id: int) -> str:
    return f"{MessageKind.DRAFTS}:{guild_id}"


def _required(words: str, why: str) -> str:
    reason = checked_words(words)
    if reason is None:
        raise Refused(why)
    return reason


def _held(session: Session, actor: Actor, code: int, action: str, now: datetime) -> tuple[Prediction, int]:
    """The draft, locked, and the manager's id."""
    guilds.require_manager(session, actor, action)
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code, with_drafts=True)
    if prediction.state is not State.DRAFT:
        raise Refused(f"#{code} isn't waiting for approval{_by_whom(session, prediction, EventKind.ACCEPTED, now)}.")
    return prediction, guilds.member_of(session, actor, now=now)


def _require_waiting(session: Session, prediction: Prediction, now: datetime) -> None:
    if prediction.state is not State.DRAFT or prediction.closed_at is not None:
        kind = None if prediction.state is State.DRAFT else EventKind.ACCEPTED
        raise Refused(f"#{prediction.code} isn't waiting for approval any more{_by_whom(session, prediction, kind, now)}.")


def _by_whom(session: Session, prediction: Prediction, kind: EventKind | None, now: datetime) -> str:
    last = _last_answer(session, prediction.id, of=(kind,) if kind else ANSWERS)
    if last is None:
        return ""
    done = {
        EventKind.ACCEPTED: "approved it",
        EventKind.DECLINED: "declined it",
        EventKind.WITHDRAWN: "withdrew it",
    }.get(EventKind(last.kind))
    by = last.name or "a former member"
    return "" if done is None else f": {by} {done} {ago(now - last.at)}"


def _last_answer(session: Session, prediction_id: int, *, of: tuple[EventKind, ...] = ANSWERS) -> Any:
    steps_taken = select(Event.kind, Event.words, Event.at, Member.user_id, Member.name).outerjoin(
        Member, Member.id == Event.member_id
    )
    its = (Event.prediction_id == prediction_id, Event.kind.in_(of))
    return session.execute(steps_taken.where(*its).order_by(Event.id.desc()).limit(1)).first()


def _answer(
    session: Session,
    prediction: Prediction,
    kind: EventKind,
    *,
    member_id: int | None,
    words: str | None,
    now: datetime,
    to: State | None = None,
) -> None:
    """Write the step into the log, and tell the member who added it."""
    event = Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=kind, words=words, data={})
    if to is not None:
        assert may_move(prediction.state, to)
        event.from_state, event.to_state = prediction.state, to
    session.add(event)
    session.flush()
    author = None if prediction.author_id is None else session.get_one(Member, prediction.author_id)
    if kind in _TOLD and author is not None and author.user_id is not None:
        payload = {"prediction_id": prediction.id, "user_id": author.user_id, "what": kind}
        outbox.queue(session, MessageKind.DRAFT_ANSWER, guild_id=prediction.guild_id, payload=payload, due_at=now)


def _answered(session: Session, actor: Actor, code: int, now: datetime) -> AnsweredDraft:
    session.flush()
    return AnsweredDraft(code, show_queue(session, actor, now=now))


def _draft(session: Session, view: PredictionView) -> DraftView:
    closed_at = session.scalar(select(Prediction.closed_at).where(Prediction.id == view.id))
    last = _last_answer(session, view.id)
    is_waiting = view.state is State.DRAFT and closed_at is None
    return DraftView(view, is_waiting, *((None,) * 3 if last is None else (last.kind, last.words, last.user_id)))
