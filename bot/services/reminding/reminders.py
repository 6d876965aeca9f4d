"""Members' own reminders: set, moved, listed, cancelled, and sent when their time comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.lifecycle import ENDED
from bot.domain.moments.recurrence import Recurrence
from bot.domain.reminders import DIGEST_TIME, LATE_AFTER, next_digest
from bot.domain.times import days_before
from bot.domain.types import Actor, State
from bot.domain.when import FURTHEST, ReminderTime, read_reminder
from bot.services import outbox
from bot.services.homes import card_homes
from bot.services.members import guilds, people
from bot.services.predictions.views import PredictionView, prediction_view, prediction_views
from db.base import AnyRow
from db.models import Member, Prediction, Reminder
from db.queries import NOW

MAX_OPEN = 50
SNOOZES = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "1w": timedelta(weeks=1)}

_HAND_OVER = (
    update(Reminder)
    .where(Reminder.closed_at.is_(None), Reminder.due_at <= NOW)
    .values(closed_at=NOW)
    .returning(Reminder.id)
    .execution_options(synchronize_session=False)
)
_NEXT_DUE = select(func.min(Reminder.due_at)).where(Reminder.closed_at.is_(None))


@dataclass(frozen=True, slots=True)
class UnderstoodReminder:
    """How we understood a request; nothing is stored yet."""

    view: PredictionView
    when: ReminderTime | Recurrence
    zone: ZoneInfo
    zone_is_own: bool


@dataclass(frozen=True, slots=True)
class KeptReminder:
    """A waiting reminder. `before_days` is set if it moves along with the prediction's date, `rule` if it comes again."""

    id: int
    view: PredictionView
    due_at: datetime
    before_days: float | None
    at_home: bool
    rule: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class ReminderList:
    """A member's open reminders, and when a direct message last failed to reach them."""

    reminders: tuple[KeptReminder, ...]
    unreachable_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A due reminder, with the prediction as its member may see it. `next_at` is when it comes again by its `rule`."""

    id: int
    user_id: int
    view: PredictionView
    at_home: bool
    asked_at: datetime
    late_by: timedelta | None
    home: card_homes.CardHome | None
    rule: Recurrence | None = None
    next_at: datetime | None = None


def understand(
    session: Session, actor: Actor, *, code: int, text: str, now: datetime, locale: str | None = None
) -> UnderstoodReminder:
    """Read when a member wants to be reminded, in their zone and the notation of their `locale`.

    Raises NotFound, Refused if that can't be done, or TwoReadings where it can mean two moments.
    """
    view = prediction_view(
        session, guild_id=actor.guild_id, code=code, member_id=guilds.known_member(session, actor), now=now
    )
    _require_not_ended(view)
    own = people.settings_of_person(session, actor.user_id).zone
    zone = people.zone_of(session, user_id=actor.user_id, guild_id=actor.guild_id)
    when = read_reminder(text, now=now, zone=zone, resolves_at=view.resolves_at, locale=locale)
    if isinstance(when, ReminderTime):
        when = _in_the_morning(when, zone=zone, now=now)
    return UnderstoodReminder(view, when, zone, own is not None)


def _in_the_morning(when: ReminderTime, *, zone: ZoneInfo, now: datetime) -> ReminderTime:
    """The morning of that day, if no hour was named: “in 2 weeks” comes at this very minute, and means the day."""
    then, here = (at.astimezone(zone).replace(microsecond=0) for at in (when.at, now))
    if when.before_days is not None or then.date() == here.date() or then.time() != here.time():
        return when
    return ReminderTime(datetime.combine(then.date(), DIGEST_TIME, zone).astimezone(UTC))


def keep(
    session: Session, actor: Actor, *, code: int, when: ReminderTime | Recurrence, at_home: bool, now: datetime
) -> KeptReminder:
    """Store a reminder; the same one twice counts once. Raises Refused for past moments, and beyond 50 open reminders."""
    member_id = guilds.member_of(session, actor, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    _require_not_ended(view)
    rule = when if isinstance(when, Recurrence) else None
    due_at = when.at if isinstance(when, ReminderTime) else when.first_after(now) or now
    before_days = when.before_days if isinstance(when, ReminderTime) else None
    if before_days is not None and view.resolves_at is not None:
        due_at = days_before(view.resolves_at, before_days)
    if not now < due_at <= now + FURTHEST:
        raise Refused(f"That moment is already over, or too far away. Set another with /remind #{code}.")
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
    reminder.before_days, reminder.at_home = before_days, at_home
    if rule is not None:
        reminder.rule = rule.to_json()
    session.flush()
    return _kept(reminder, view)


def list_reminders(session: Session, actor: Actor, *, now: datetime) -> ReminderList:
    """A member's own open reminders on this server, soonest first."""
    return _list_of(session, actor, now=now)


def _list_of(session: Session, actor: Actor, *, now: datetime) -> ReminderList:
    member_id = guilds.known_member(session, actor) or 0
    own = select(Reminder).where(Reminder.member_id == member_id, Reminder.closed_at.is_(None))
    rows = session.scalars(own.order_by(Reminder.due_at, Reminder.id)).all()
    ids = list(dict.fromkeys(row.prediction_id for row in rows))
    views = prediction_views(session, guild_id=actor.guild_id, prediction_ids=ids, member_id=member_id, now=now)
    of = {view.id: view for view in views}
    kept = tuple(_kept(row, of[row.prediction_id]) for row in rows)
    return ReminderList(kept, people.settings_of_person(session, actor.user_id).unreachable_at)


def _kept(reminder: Reminder, view: PredictionView) -> KeptReminder:
    rule = _rule_of(reminder.rule)
    return KeptReminder(reminder.id, view, reminder.due_at, reminder.before_days, reminder.at_home, rule)


def _rule_of(stored: str | None) -> Recurrence | None:
    return None if stored is None else Recurrence.from_json(stored)


def cancel(session: Session, actor: Actor, *, reminder_id: int, now: datetime) -> ReminderList:
    """Cancel a member's own reminder; returns those still open. Raises Refused if it isn't theirs, or it's over."""
    member_id = guilds.known_member(session, actor)
    own = (Reminder.id == reminder_id, Reminder.member_id == member_id, Reminder.closed_at.is_(None))
    cancelled = update(Reminder).where(*own).values(closed_at=now).returning(Reminder.id)
    if session.execute(cancelled).first() is None:
        raise Refused("That reminder is no longer open. See yours with /reminders.")
    return _list_of(session, actor, now=now)


def snooze(session: Session, *, user_id: int, reminder_id: int, span: str, now: datetime) -> datetime:
    """Snooze a reminder for 1h, 1d or 1w; returns the new time. Raises Refused if it isn't the member's, or pointless."""
    if span not in SNOOZES:
        raise Refused("This button is from another version of the bot. Set a new reminder with /remind.")
    reminder = _own(session, user_id, reminder_id)
    if session.scalar(select(Prediction.state).where(Prediction.id == reminder.prediction_id)) in ENDED:
        raise Refused("That prediction has a result by now, so there's nothing left to remind you of.")
    if reminder.closed_at is not None:
        _require_room(session, reminder.member_id)
    reminder.due_at, reminder.before_days, reminder.closed_at = now + SNOOZES[span], None, None
    return reminder.due_at


def finish(session: Session, *, user_id: int, reminder_id: int, now: datetime) -> None:
    """Finish a reminder, snoozed or not; one that repeats comes again. Raises Refused if it isn't the member's."""
    reminder = _own(session, user_id, reminder_id)
    if reminder.rule is None:
        reminder.closed_at = reminder.closed_at or now
    elif (coming := Recurrence.from_json(reminder.rule).first_after(now)) is not None and reminder.closed_at is None:
        reminder.due_at = coming  # snoozed or not


def stop(session: Session, *, user_id: int, reminder_id: int, now: datetime) -> None:
    """End a reminder that repeats. Raises Refused if it isn't the member's."""
    reminder = _own(session, user_id, reminder_id)
    reminder.closed_at = reminder.closed_at or now


def queue_due(session: Session, *, now: datetime) -> int:
    """Hand due reminders to the outbox; returns how many. Each is handed over once.

    One of a day, without an hour, waits for its member's morning and comes together with their digest. One that repeats waits
    for its next moment after `now`: what an outage has missed comes once.
    """
    ids = session.scalars(_HAND_OVER, {"now": now}).all()
    if not ids:
        return 0
    found = select(Reminder.id, Reminder.due_at, Reminder.before_days, Reminder.at_home, Reminder.rule)
    found = found.add_columns(Member.user_id, Member.guild_id).join(Member, Member.id == Reminder.member_id)
    rows = session.execute(found.where(Reminder.id.in_(ids))).all()
    zones = people.digest_zones(session, list({row.user_id for row in rows if row.user_id is not None}))
    for row in sorted(rows, key=lambda row: row.id):
        payload: dict[str, Any] = {"reminder_id": row.id}
        rule = _rule_of(row.rule)
        if rule is not None and (coming := rule.first_after(now)) is not None:
            again = update(Reminder).where(Reminder.id == row.id).values(closed_at=None, due_at=coming)
            session.execute(again.execution_options(synchronize_session=False))
            payload["was_due_at"] = row.due_at.isoformat()
        zone = None if rule is not None else zones.get(row.user_id)
        morning = None if zone is None or row.at_home else _morning_of(row, zone)
        key = None if morning is None else f"{outbox.reminders_key(row.user_id)}{row.id}"
        outbox.queue(
            session,
            outbox.MessageKind.REMINDER,
            guild_id=row.guild_id,
            payload=payload,
            due_at=now if morning is None else max(morning, now),
            key=key,
        )
    return len(rows)


def _morning_of(row: AnyRow | Reminder, zone: ZoneInfo) -> datetime | None:
    """When a reminder of a day comes: the first morning from its moment on. None for one that names an hour."""
    is_morning = row.due_at.astimezone(zone).time() == DIGEST_TIME
    is_day = row.before_days is not None and float(row.before_days).is_integer()
    return next_digest(zone, after=row.due_at - timedelta(microseconds=1)) if is_morning or is_day else None


def next_due_at(session: Session) -> datetime | None:
    """When the next reminder is due."""
    return session.scalar(_NEXT_DUE)


def due_reminder(
    session: Session, *, guild_id: int, reminder_id: int, now: datetime, was_due_at: str | None = None
) -> DueReminder | None:
    """What a reminder says now; None if the prediction has ended meanwhile, or its member is forgotten. `was_due_at` is given
    for one that repeats, as the outbox has it: its row has the next moment already."""
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
    zone = None if reminder.at_home or was_due_at else people.digest_zones(session, [row.user_id]).get(row.user_id)
    morning = None if zone is None else _morning_of(reminder, zone)
    late_by = now - (datetime.fromisoformat(was_due_at) if was_due_at else morning or reminder.due_at)
    return DueReminder(
        reminder.id,
        row.user_id,
        views[0],
        reminder.at_home,
        reminder.created_at,
        late_by if late_by >= LATE_AFTER else None,
        card_homes.home_of(session, reminder.prediction_id),
        _rule_of(reminder.rule),
        reminder.due_at if was_due_at is not None and reminder.closed_at is None else None,
    )


def _own(session: Session, user_id: int, reminder_id: int) -> Reminder:
    mine = select(Reminder).join(Member, Member.id == Reminder.member_id)
    found = session.scalar(mine.where(Reminder.id == reminder_id, Member.user_id == user_id).with_for_update(of=Reminder))
    if found is None:
        raise Refused("That isn't your reminder. Set your own with /remind.")
    return found


def _require_room(session: Session, member_id: int) -> None:
    waiting = select(func.count()).where(Reminder.member_id == member_id, Reminder.closed_at.is_(None))
    if (session.scalar(waiting) or 0) >= MAX_OPEN:
        raise Refused(
            f"You already have {MAX_OPEN} reminders waiting, and I can't keep more for one person. "
            "Cancel one you no longer need with /reminders."
        )


def _require_not_ended(view: PredictionView) -> None:
    if view.state is State.DRAFT:
        raise Refused(f"#{view.code} isn't approved yet, so you can't be reminded of it. Try again once it's open.")
    if view.state in ENDED:
        raise Refused(f"#{view.code} is {view.state.value}, so there's nothing left to remind you of.")
