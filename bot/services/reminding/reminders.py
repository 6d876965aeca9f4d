"""What members asked to be reminded of: set, moved, listed, cancelled, and brought up when its time comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.lifecycle import ENDED
from bot.domain.reminders import LATE_AFTER
from bot.domain.types import Actor
from bot.domain.when import FURTHEST, ReminderTime, read_when
from bot.services import outbox
from bot.services.members import guilds, people
from bot.services.predictions.views import PredictionView, prediction_view, prediction_views
from db.models import Member, Prediction, Reminder

MAX_OPEN = 50
SNOOZES = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "1w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class UnderstoodReminder:
    """How a wish was understood; nothing is stored yet."""

    view: PredictionView
    when: ReminderTime
    zone: ZoneInfo
    zone_is_own: bool


@dataclass(frozen=True, slots=True)
class KeptReminder:
    """A reminder that waits for its time. `before_days` is set when it moves with the prediction's date."""

    id: int
    view: PredictionView
    due_at: datetime
    before_days: float | None
    at_home: bool


@dataclass(frozen=True, slots=True)
class ReminderList:
    """A member's open reminders, and when a direct message last failed to reach them."""

    reminders: tuple[KeptReminder, ...]
    unreachable_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder whose time has come, with the prediction as its member may see it."""

    id: int
    user_id: int
    view: PredictionView
    at_home: bool
    asked_at: datetime
    late_by: timedelta | None
    home: outbox.CardHome | None


def understand(session: Session, actor: Actor, *, code: int, text: str, now: datetime) -> UnderstoodReminder:
    """Read when a member wants to be reminded, in their zone. Raises NotFound, or Refused for what cannot be."""
    view = prediction_view(
        session, guild_id=actor.guild_id, code=code, member_id=guilds.known_member(session, actor), now=now
    )
    _require_not_ended(view)
    own = people.settings_of_person(session, actor.user_id).zone
    zone = people.zone_of(session, user_id=actor.user_id, guild_id=actor.guild_id)
    return UnderstoodReminder(view, read_when(text, now=now, zone=zone, resolves_at=view.resolves_at), zone, own is not None)


def keep(session: Session, actor: Actor, *, code: int, when: ReminderTime, at_home: bool, now: datetime) -> KeptReminder:
    """Store a reminder. The same one twice is one. Raises Refused for what is past, and beyond 50 open ones."""
    member_id = guilds.member_of(session, actor, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    _require_not_ended(view)
    due_at = when.at
    if when.before_days is not None and view.resolves_at is not None:
        due_at = view.resolves_at - timedelta(days=when.before_days)
    if not now < due_at <= now + FURTHEST:
        raise Refused(f"That moment is over, or too far away. /remind #{code} sets another one.")
    session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))
    same = select(Reminder).where(
        Reminder.member_id == member_id,
        Reminder.prediction_id == view.id,
        Reminder.due_at == due_at,
        Reminder.closed_at.is_(None),
    )
    reminder = session.scalars(same).first()
    if reminder is None:
        _require_room(session, member_id)
        reminder = Reminder(prediction_id=view.id, member_id=member_id, due_at=due_at, created_at=now)
        session.add(reminder)
    reminder.before_days, reminder.at_home = when.before_days, at_home
    session.flush()
    return KeptReminder(reminder.id, view, due_at, reminder.before_days, at_home)


def list_reminders(session: Session, actor: Actor, *, now: datetime) -> ReminderList:
    """A member's own open reminders in this server, soonest first."""
    return _list_of(session, actor, now=now)


def _list_of(session: Session, actor: Actor, *, now: datetime) -> ReminderList:
    member_id = guilds.known_member(session, actor) or 0
    own = select(Reminder).where(Reminder.member_id == member_id, Reminder.closed_at.is_(None))
    rows = session.scalars(own.order_by(Reminder.due_at, Reminder.id)).all()
    ids = list(dict.fromkeys(row.prediction_id for row in rows))
    views = prediction_views(session, guild_id=actor.guild_id, prediction_ids=ids, member_id=member_id, now=now)
    of = {view.id: view for view in views}
    kept = tuple(KeptReminder(row.id, of[row.prediction_id], row.due_at, row.before_days, row.at_home) for row in rows)
    return ReminderList(kept, people.settings_of_person(session, actor.user_id).unreachable_at)


def cancel(session: Session, actor: Actor, *, reminder_id: int, now: datetime) -> ReminderList:
    """Take back one's own reminder; returns those that are left. Raises Refused when it is not one's own, or over."""
    member_id = guilds.known_member(session, actor)
    own = (Reminder.id == reminder_id, Reminder.member_id == member_id, Reminder.closed_at.is_(None))
    cancelled = update(Reminder).where(*own).values(closed_at=now).returning(Reminder.id)
    if session.execute(cancelled).first() is None:
        raise Refused("That reminder is not open any more. /reminders shows those that are.")
    return _list_of(session, actor, now=now)


def snooze(session: Session, *, user_id: int, reminder_id: int, span: str, now: datetime) -> datetime:
    """Bring a reminder up again after 1h, 1d or 1w; returns when. Raises Refused when it is not one's own, or pointless."""
    if span not in SNOOZES:
        raise Refused("This button is of another version of the bot. /remind sets a new reminder.")
    reminder = _own(session, user_id, reminder_id)
    if session.scalar(select(Prediction.state).where(Prediction.id == reminder.prediction_id)) in ENDED:
        raise Refused("That prediction has its result by now, so there is nothing left to be reminded of.")
    if reminder.closed_at is not None:
        _require_room(session, reminder.member_id)
    reminder.due_at, reminder.before_days, reminder.closed_at = now + SNOOZES[span], None, None
    return reminder.due_at


def finish(session: Session, *, user_id: int, reminder_id: int, now: datetime) -> None:
    """Be done with a reminder, a snoozed one too. Raises Refused when it is not one's own."""
    reminder = _own(session, user_id, reminder_id)
    reminder.closed_at = reminder.closed_at or now


def queue_due(session: Session, *, now: datetime) -> int:
    """Hand the reminders whose time has come to the outbox; returns how many. Each is handed over once."""
    due = (Reminder.closed_at.is_(None), Reminder.due_at <= now)
    handed = update(Reminder).where(*due).values(closed_at=now).returning(Reminder.id, Reminder.prediction_id)
    rows = session.execute(handed.execution_options(synchronize_session=False)).all()
    if not rows:
        return 0
    ids = {row.prediction_id for row in rows}
    guilds_of = {
        row.id: row.guild_id
        for row in session.execute(select(Prediction.id, Prediction.guild_id).where(Prediction.id.in_(ids)))
    }
    for row in rows:
        payload = {"reminder_id": row.id}
        outbox.queue(
            session, outbox.MessageKind.REMINDER, guild_id=guilds_of[row.prediction_id], payload=payload, due_at=now
        )
    return len(rows)


def next_due_at(session: Session) -> datetime | None:
    """When the next reminder is due."""
    return session.scalar(select(func.min(Reminder.due_at)).where(Reminder.closed_at.is_(None)))


def due_reminder(session: Session, *, guild_id: int, reminder_id: int, now: datetime) -> DueReminder | None:
    """What a reminder says now; None when the prediction has ended meanwhile, or its member is forgotten."""
    found = (
        select(Reminder, Member.user_id, Prediction.state)
        .join(Member, Member.id == Reminder.member_id)
        .join(Prediction, Prediction.id == Reminder.prediction_id)
    )
    row = session.execute(found.where(Reminder.id == reminder_id, Prediction.guild_id == guild_id)).first()
    if row is None or row.user_id is None or row.state in ENDED:
        return None
    reminder: Reminder = row.Reminder
    views = prediction_views(
        session, guild_id=guild_id, prediction_ids=[reminder.prediction_id], member_id=reminder.member_id, now=now
    )
    late_by = now - reminder.due_at
    return DueReminder(
        reminder.id,
        row.user_id,
        views[0],
        reminder.at_home,
        reminder.created_at,
        late_by if late_by >= LATE_AFTER else None,
        outbox.home_of(session, reminder.prediction_id),
    )


def _own(session: Session, user_id: int, reminder_id: int) -> Reminder:
    mine = select(Reminder).join(Member, Member.id == Reminder.member_id)
    found = session.scalar(mine.where(Reminder.id == reminder_id, Member.user_id == user_id).with_for_update(of=Reminder))
    if found is None:
        raise Refused("That is not a reminder of yours. /remind sets one for you.")
    return found


def _require_room(session: Session, member_id: int) -> None:
    waiting = select(func.count()).where(Reminder.member_id == member_id, Reminder.closed_at.is_(None))
    if (session.scalar(waiting) or 0) >= MAX_OPEN:
        raise Refused(
            f"You have {MAX_OPEN} reminders waiting already, which is as many as I can keep for one person. "
            "/reminders shows them; cancel one that you need no more."
        )


def _require_not_ended(view: PredictionView) -> None:
    if view.state in ENDED:
        raise Refused(f"#{view.code} is {view.state.value}, so there is nothing left to be reminded of.")
