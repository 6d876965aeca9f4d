"""Leaving a member out, and taking them back in. Their forecasts on open predictions end, so the crowd goes on without them, and
whatever has a result keeps its scores. When they're taken back in, what they had said then counts from that moment on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot.domain.errors import NotFound, Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_words
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.forecasting import placing
from bot.services.members import guilds, left_out
from bot.services.outbox import MessageKind
from bot.services.predictions import crowds, steps
from bot.services.predictions.listing import open_now
from db.base import AnyRow
from db.models import Event, Forecast, LeftOutMember, Member, Prediction
from db.queries import NOW

AT_ONCE = 50
"""How many forecasts end in one transaction: others want to write, too."""

_STANDING = (
    select(Forecast, Prediction, LeftOutMember.by_id)
    .join(Prediction, Prediction.id == Forecast.prediction_id)
    .join(LeftOutMember, LeftOutMember.member_id == Forecast.member_id)
    .where(LeftOutMember.ended_at.is_(None), Forecast.ended_at.is_(None), *open_now(NOW))
    .order_by(Prediction.id, Forecast.id)
    .limit(bindparam("at_once"))
)
_GIVING_BACK = (
    select(LeftOutMember, Member)
    .join(Member, Member.id == LeftOutMember.member_id)
    .where(LeftOutMember.given_back_to.is_not(None))
    .order_by(LeftOutMember.id)
    .limit(1)
    .with_for_update(of=LeftOutMember)
)


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """How a member stands with the managers. `forecasts` counts those that count in the crowd of an open prediction, or that
    would count again. `since`, `by` (an account) and `words` are set while they're left out."""

    user_id: int
    forecasts: int
    is_left_out: bool
    since: datetime | None = None
    by: int | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOutNews:
    """What a member is told once by direct message."""

    user_id: int
    guild_id: int
    is_left_out: bool
    words: str | None


def show_member(session: Session, actor: Actor, *, user_id: int, now: datetime) -> MemberStanding:
    """How a member stands. Raises NotAManager, or Refused for somebody who has never used the bot here."""
    guilds.require_manager(session, actor, "leave members out")
    return _standing(session, _member_of(session, actor.guild_id, user_id), now)


def leave_out(session: Session, actor: Actor, *, user_id: int, words: str | None = None, now: datetime) -> MemberStanding:
    """Leave a member out from now on. Raises NotAManager, or Refused if they are left out already."""
    guilds.require_manager(session, actor, "leave members out")
    reason = checked_words(words)
    member = _member_of(session, actor.guild_id, user_id)
    by_id = guilds.member_of(session, actor, now=now)
    spell = LeftOutMember(member_id=member.id, by_id=by_id, since=now, words=reason)
    session.add(spell)
    try:
        session.flush()
    except IntegrityError:
        raise Refused("That member is left out already. The same command takes them back in.") from None
    planned = _count(session, member.id, now)
    end_standing(session, now=now, member_id=member.id)
    _tell(session, member, spell, what=EventKind.LEFT_OUT, now=now)
    return MemberStanding(user_id, planned, True, now, actor.user_id, reason)


def take_back(session: Session, actor: Actor, *, user_id: int, now: datetime) -> MemberStanding:
    """Take a member back in: what they had said on predictions that are still open counts again from now on.

    Raises NotAManager, or Refused if they aren't left out, or are the one who asks."""
    guilds.require_manager(session, actor, "take members back in")
    member = _member_of(session, actor.guild_id, user_id)
    if user_id == actor.user_id:
        raise Refused("Another manager left you out, so another manager has to take you back in.")
    by_id = guilds.member_of(session, actor, now=now)
    ended = update(LeftOutMember).where(LeftOutMember.member_id == member.id, LeftOutMember.ended_at.is_(None))
    spell_id = session.scalar(ended.values(ended_at=now, given_back_to=0).returning(LeftOutMember.id))
    if spell_id is None:
        raise Refused("That member isn't left out, so there's nothing to take back.")
    spell = session.get_one(LeftOutMember, spell_id)
    spell.back_by_id = by_id
    planned = len(_ended_by(session, member.id, spell, now))
    _give_back(session, member, spell, now=now)
    _tell(session, member, spell, what=EventKind.TAKEN_IN, now=now)
    return MemberStanding(user_id, planned, False)


def give_back(session: Session, *, now: datetime) -> bool:
    """Give members who were taken back in a piece of what they had said; True if there's more."""
    row = session.execute(_GIVING_BACK).first()
    if row is None:
        return False
    _give_back(session, row.Member, row.LeftOutMember, now=now)
    return True


def end_standing(session: Session, *, now: datetime, member_id: int | None = None) -> bool:
    """End forecasts of members who are left out on predictions that are open, also on those that opened again since; True if
    there are more."""
    standing = _STANDING if member_id is None else _STANDING.where(Forecast.member_id == member_id)
    found = session.execute(standing, {"now": now, "at_once": AT_ONCE}).all()
    for forecast, prediction, by_id in found:
        steps.lock(session, prediction)
        session.refresh(forecast)
        if forecast.ended_at is None:
            forecast.ended_at = max(now, forecast.created_at)
            prediction.forecasters -= 1
            _changed(session, prediction, of=forecast.member_id, kind=EventKind.LEFT_OUT, by_id=by_id, now=now)
    return len(found) == AT_ONCE


def news_of(session: Session, *, left_out_id: int, what: str) -> LeftOutNews | None:
    """What a direct message says now; None if it no longer holds, or the member was forgotten."""
    found = select(LeftOutMember, Member).join(Member, Member.id == LeftOutMember.member_id)
    row = session.execute(found.where(LeftOutMember.id == left_out_id)).first()
    if row is None or row.Member.user_id is None:
        return None
    spell: LeftOutMember = row.LeftOutMember
    is_left_out = what == EventKind.LEFT_OUT
    if is_left_out is not (spell.ended_at is None):
        return None
    return LeftOutNews(row.Member.user_id, row.Member.guild_id, is_left_out, spell.words if is_left_out else None)


def _member_of(session: Session, guild_id: int, user_id: int) -> Member:
    member = session.scalar(select(Member).where(Member.guild_id == guild_id, Member.user_id == user_id))
    if member is None:
        raise Refused("That member has never forecast or voted here, so there's nothing to leave out.")
    return member


def _standing(session: Session, member: Member, now: datetime) -> MemberStanding:
    assert member.user_id is not None
    spell = left_out.spell_of(session, member.id)
    if spell is None:
        return MemberStanding(member.user_id, _count(session, member.id, now), False)
    by = None if spell.by_id is None else session.get_one(Member, spell.by_id).user_id
    would_count = len(_ended_by(session, member.id, spell, now))
    return MemberStanding(member.user_id, would_count, True, spell.since, by, spell.words)


def _count(session: Session, member_id: int, now: datetime) -> int:
    standing = select(func.count()).select_from(Forecast).join(Prediction, Prediction.id == Forecast.prediction_id)
    its = (Forecast.member_id == member_id, Forecast.ended_at.is_(None), *open_now(now))
    return session.scalar(standing.where(*its)) or 0


def _ended_by(session: Session, member_id: int, spell: LeftOutMember, now: datetime) -> list[AnyRow]:
    """What the member said last on predictions that are open, if it ended because they were left out: codes and values."""
    later = aliased(Forecast)
    is_last = (
        ~select(later.id)
        .where(later.prediction_id == Forecast.prediction_id, later.member_id == member_id, later.id > Forecast.id)
        .exists()
    )
    ended = select(Prediction.id, Prediction.code, Forecast.values.label("numbers")).join(
        Prediction, Prediction.id == Forecast.prediction_id
    )
    begun = (Forecast.member_id == member_id, Forecast.ended_at >= spell.since, is_last, *open_now(now))
    its = (*begun, Prediction.id > (spell.given_back_to or 0))
    return list(session.execute(ended.where(*its).order_by(Prediction.id)).all())


def _give_back(session: Session, member: Member, spell: LeftOutMember, *, now: datetime) -> None:
    """Make the next piece of their forecasts again. Whoever was forgotten meanwhile has none."""
    found = [] if member.user_id is None else _ended_by(session, member.id, spell, now)
    for row in found[:AT_ONCE]:
        assert member.user_id is not None
        theirs = Actor(guild_id=member.guild_id, user_id=member.user_id, name=member.name or "")
        try:
            held = placing.hold_open(session, guild_id=member.guild_id, code=row.code, now=now)
            values = tuple(row.numbers)
            placing.place_held(session, theirs, held, values=values, reason=None, member_id=member.id, now=now)
        except (Refused, NotFound):  # it has closed, or has other options by now
            continue
        _note(session, held.id, of=member.id, kind=EventKind.TAKEN_IN, by_id=spell.back_by_id, now=now)
    spell.given_back_to = found[AT_ONCE - 1].id if len(found) > AT_ONCE else None
    session.flush()


def _changed(
    session: Session, prediction: Prediction, *, of: int | None, kind: EventKind, by_id: int | None, now: datetime
) -> None:
    session.flush()
    crowds.note_change(session, prediction_id=prediction.id, kind=prediction.kind, now=now)
    outbox.queue_card_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, now=now)
    _note(session, prediction.id, of=of, kind=kind, by_id=by_id, now=now)


def _note(
    session: Session, prediction_id: int, *, of: int | None, kind: EventKind, by_id: int | None, now: datetime
) -> None:
    prediction = session.get_one(Prediction, prediction_id)
    data = {"of": of} | steps.stake_of(session, prediction, by_id)
    session.add(Event(prediction_id=prediction_id, member_id=by_id, at=now, kind=kind, data=data))


def _tell(session: Session, member: Member, spell: LeftOutMember, *, what: EventKind, now: datetime) -> None:
    payload = {"left_out_id": spell.id, "user_id": member.user_id, "what": what}
    outbox.queue(session, MessageKind.LEFT_OUT, guild_id=member.guild_id, payload=payload, due_at=now)
