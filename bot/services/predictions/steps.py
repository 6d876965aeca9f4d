"""Steps that change a prediction and that several use cases share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.events import EventKind
from bot.domain.times import days_before
from bot.domain.types import Actor, State
from bot.services import outbox
from bot.services.members import guilds
from bot.services.predictions import ladder, search
from db.models import (
    Event,
    Forecast,
    Guild,
    HiddenText,
    Member,
    Pack,
    Prediction,
    PredictionOption,
    PredictionRevision,
    PredictionTag,
    Reminder,
    Source,
)


def locked_prediction(session: Session, *, guild_id: int, code: int, with_drafts: bool = False) -> Prediction:
    """The prediction, locked against other writers until the transaction ends; `with_drafts` also one that managers haven't
    approved yet. Raises NotFound."""
    found = session.scalar(
        select(Prediction).where(Prediction.guild_id == guild_id, Prediction.code == code).with_for_update()
    )
    if found is None or (found.state is State.DRAFT and not with_drafts):
        raise NotFound(f"#{code}")
    return found


def take_codes(session: Session, guild_id: int, count: int) -> int:
    """Reserve `count` consecutive codes of the guild; returns the first."""
    taken = update(Guild).where(Guild.id == guild_id).values(next_code=Guild.next_code + count).returning(Guild.next_code)
    return session.execute(taken.execution_options(synchronize_session=False)).scalar_one() - count


def lock(session: Session, prediction: Prediction) -> None:
    """Hold a prediction that was found without its code against other writers."""
    session.refresh(prediction, with_for_update=True)


def has_forecast(session: Session, prediction: Prediction, member_id: int | None) -> bool:
    """Whether a member has ever forecast on it: what they do to it says so."""
    theirs = select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.member_id == member_id)
    return member_id is not None and session.scalar(theirs.limit(1)) is not None


def require_shown(session: Session, prediction: Prediction) -> None:
    """Raises Refused for a prediction whose words a manager has hidden: nobody could forecast on it."""
    hidden = select(HiddenText.id).where(HiddenText.prediction_id == prediction.id, HiddenText.kind == "statement")
    if session.scalar(hidden.limit(1)) is not None:
        raise Refused(f"The words of #{prediction.code} are hidden. Show them again first, with /moderation hide.")


def stake_of(session: Session, prediction: Prediction, member_id: int | None) -> dict[str, bool]:
    """What the log says of somebody who changes a prediction that they forecast on."""
    return {"is_interested": True} if has_forecast(session, prediction, member_id) else {}


def require_no_stake(session: Session, actor: Actor, prediction: Prediction, member_id: int, *, to: str) -> None:
    """Raises Refused for a manager who forecast on it, where the guild leaves that to others; `to` completes "has to …"."""
    forbids = not guilds.settings_of(session, actor.guild_id).interested_override
    if forbids and has_forecast(session, prediction, member_id):
        raise Refused(
            f"You forecast on #{prediction.code}, and on this server a manager who didn't has to {to}. Ask another manager."
        )


def revise(
    session: Session, prediction: Prediction, *, statement: str, criteria: str | None, member_id: int | None, now: datetime
) -> bool:
    """Change the words, keeping the old ones as a revision. True if it's a clarification, which is then announced at home."""
    if (statement, criteria) == (prediction.statement, prediction.criteria):
        return False
    has_forecasts = session.scalar(
        select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.member_id.is_not(None)).limit(1)
    )
    is_clarification = has_forecasts is not None
    session.add(
        PredictionRevision(
            prediction_id=prediction.id,
            number=prediction.revision,
            statement=prediction.statement,
            criteria=prediction.criteria,
            replaced_at=now,
            replaced_by=member_id,
            is_clarification=is_clarification,
        )
    )
    if is_clarification:
        payload = {"prediction_id": prediction.id, "number": prediction.revision}
        outbox.queue(session, outbox.MessageKind.CLARIFICATION, guild_id=prediction.guild_id, payload=payload, due_at=now)
    kind = EventKind.CLARIFIED if is_clarification else EventKind.REWORDED
    data = {"number": prediction.revision} | stake_of(session, prediction, member_id)
    session.add(Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=kind, data=data))
    prediction.statement, prediction.criteria = statement, criteria
    prediction.revision += 1
    return is_clarification


def reschedule(
    session: Session,
    prediction: Prediction,
    *,
    closes_at: datetime | None,
    resolves_at: datetime | None,
    member_id: int | None,
    now: datetime,
) -> None:
    """Give a prediction new dates. A closed one opens again if its new closing time is still to come."""
    if (closes_at, resolves_at) == (prediction.closes_at, prediction.resolves_at):
        return
    was = prediction.state
    if resolves_at != prediction.resolves_at and prediction.forecasters > 0:
        _tell_of_new_date(session, prediction, member_id=member_id, now=now)
    prediction.closes_at, prediction.resolves_at = closes_at, resolves_at
    if prediction.state in (State.CLOSED, State.REOPENED) and (closes_at is None or closes_at > now):
        prediction.state, prediction.closed_at = State.OPEN, None
    elif prediction.state is State.OPEN and closes_at is not None and closes_at <= now:
        prediction.state, prediction.closed_at = State.CLOSED, closes_at
    data = {
        "closes_at": closes_at.isoformat() if closes_at else None,
        "resolves_at": resolves_at.isoformat() if resolves_at else None,
        **stake_of(session, prediction, member_id),
    }
    event = Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=EventKind.RESCHEDULED, data=data)
    event.from_state, event.to_state = was, prediction.state
    session.add(event)
    follow_date(session, prediction, now=now)


def _tell_of_new_date(session: Session, prediction: Prediction, *, member_id: int | None, now: datetime) -> None:
    """Announce at home that the date moved: moved twice before it's posted, it's announced once, from the first date."""
    payload = {
        "prediction_id": prediction.id,
        "old": None if prediction.resolves_at is None else prediction.resolves_at.isoformat(),
        "user_id": None if member_id is None else session.get_one(Member, member_id).user_id,
        **stake_of(session, prediction, member_id),
    }
    key = f"{outbox.MessageKind.MOVED}:{prediction.id}"
    outbox.queue(session, outbox.MessageKind.MOVED, guild_id=prediction.guild_id, payload=payload, due_at=now, key=key)


def follow_date(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Move all reminders along with a prediction's date: the ladder's, and members' own “3 days before”."""
    ladder.set_out(session, prediction, now=now)
    _move_reminders(session, prediction, now)


def end_reminders(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Stop all reminders for a prediction that has ended."""
    ladder.set_out(session, prediction, now=now)
    of_this = (Reminder.prediction_id == prediction.id, Reminder.closed_at.is_(None))
    session.execute(update(Reminder).where(*of_this).values(closed_at=now))


def _move_reminders(session: Session, prediction: Prediction, now: datetime) -> None:
    """Move members' “3 days before” reminders along with the date."""
    moving = select(Reminder).where(
        Reminder.prediction_id == prediction.id, Reminder.closed_at.is_(None), Reminder.before_days.is_not(None)
    )
    for reminder in session.scalars(moving):
        if prediction.resolves_at is not None and reminder.before_days is not None:
            reminder.due_at = max(days_before(prediction.resolves_at, reminder.before_days), now)


def set_tags(session: Session, *, guild_id: int, prediction_id: int, tags: Sequence[str]) -> bool:
    """Give a prediction exactly these tags; returns whether anything changed."""
    there = {
        row.tag: row for row in session.scalars(select(PredictionTag).where(PredictionTag.prediction_id == prediction_id))
    }
    if there.keys() == set(tags):
        return False
    for tag, row in there.items():
        if tag not in tags:
            session.delete(row)
    new = [tag for tag in dict.fromkeys(tags) if tag not in there]
    session.add_all([PredictionTag(prediction_id=prediction_id, tag=tag, guild_id=guild_id) for tag in new])
    return True


def index(session: Session, *, guild_id: int, prediction_ids: Sequence[int]) -> None:
    """Make predictions findable by their current words."""
    session.flush()
    texts: dict[int, list[str | None]] = {}
    rows = (
        select(Prediction.id, Prediction.statement, Prediction.details, Pack.title, Source.authors)
        .outerjoin(Pack, Pack.id == Prediction.pack_id)
        .outerjoin(Source, Source.id == Prediction.source_id)
    )
    for row in session.execute(rows.where(Prediction.id.in_(prediction_ids))):
        texts[row.id] = [row.statement, row.details.get("section"), row.title, *(row.authors or ())]
    tags = select(PredictionTag.prediction_id, PredictionTag.tag).where(PredictionTag.prediction_id.in_(prediction_ids))
    options = select(PredictionOption.prediction_id, PredictionOption.name).where(
        PredictionOption.prediction_id.in_(prediction_ids)
    )
    for prediction_id, word in [*session.execute(tags), *session.execute(options)]:
        texts[prediction_id].append(word)
    search.index_predictions(
        session, guild_id=guild_id, texts={key: "\n".join(part for part in parts if part) for key, parts in texts.items()}
    )
