"""What members wrote, hidden by managers and shown again. Hidden words are moved into a table of their own, so that no card,
list, log or file has them; the log says that something was hidden, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.members import guilds
from bot.services.moderation import texts, traces
from bot.services.moderation.texts import MemberText, TextKey, TextKind
from bot.services.outbox import MessageKind
from bot.services.predictions import grouping, steps
from bot.services.predictions.views import PredictionView, prediction_view
from db.models import Event, Forecast, HiddenText, Prediction, Reason, Vote


@dataclass(frozen=True, slots=True)
class MemberTexts:
    """What members wrote about a prediction that everyone can read, and what of it is hidden, each newest first."""

    view: PredictionView
    shown: tuple[MemberText, ...]
    hidden: tuple[MemberText, ...]


@dataclass(frozen=True, slots=True)
class HiddenNow:
    """What was just hidden, or shown again, and all there is beside it."""

    text: MemberText
    texts: MemberTexts


def show_texts(session: Session, actor: Actor, *, code: int, now: datetime) -> MemberTexts:
    """What members wrote about a prediction, for a manager to choose from. Raises NotAManager or NotFound."""
    guilds.require_manager(session, actor, "hide what members wrote")
    return _texts(session, actor, code, now)


def hide_reason_in(session: Session, actor: Actor, *, message_id: int, now: datetime) -> HiddenNow:
    """Hide the reason that a message of ours says. Raises NotAManager, or Refused if it says none, or it's hidden already."""
    guilds.require_manager(session, actor, "hide what members wrote")
    here = (Prediction.guild_id == actor.guild_id, Reason.message_id == message_id)
    said = select(Forecast.id, Forecast.member_id).join(Reason, Reason.forecast_id == Forecast.id)
    row = session.execute(said.join(Prediction, Prediction.id == Forecast.prediction_id).where(*here)).first()
    if row is not None and row.member_id is not None:
        return _hide(session, actor, TextKey(TextKind.REASON, row.id, row.member_id), now)
    if _is_hidden_in(session, actor, message_id):
        raise Refused(_HIDDEN_ALREADY)
    raise Refused("That message isn't a reason I posted. To hide something else, use /moderation hide.")


def hide(session: Session, actor: Actor, *, key: TextKey, now: datetime) -> HiddenNow:
    """Hide what a member wrote. Raises NotAManager, or Refused if it's hidden already or gone."""
    guilds.require_manager(session, actor, "hide what members wrote")
    return _hide(session, actor, key, now)


def _hide(session: Session, actor: Actor, key: TextKey, now: datetime) -> HiddenNow:
    prediction = texts.prediction_of(session, actor.guild_id, key)
    if prediction is None:
        raise Refused("That isn't there any more. Open the list again with /moderation hide.")
    member_id = _acting(session, actor, prediction, now)
    text = texts.text_of(session, key)
    if text is None:
        is_hidden = session.scalar(select(HiddenText.id).where(*_is(key))) is not None
        raise Refused(_HIDDEN_ALREADY if is_hidden else "Nobody can read that now, so there's nothing to hide.")
    row = HiddenText(
        prediction_id=prediction.id,
        member_id=key.member_id,
        kind=key.kind,
        target_id=key.target_id,
        kept=texts.take(session, key),
        hidden_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise Refused(_HIDDEN_ALREADY) from None
    if key.kind is TextKind.STATEMENT:
        grouping.take_out(session, prediction, now=now)  # its label and the title say what it was
    _changed(session, prediction, key, kind=EventKind.HIDDEN, member_id=member_id, kept=row.kept, now=now)
    return HiddenNow(text, _texts(session, actor, prediction.code, now))


def show_again(session: Session, actor: Actor, *, key: TextKey, now: datetime) -> HiddenNow:
    """Show again what was hidden. Raises NotAManager, or Refused if it isn't hidden, or something else took its place."""
    guilds.require_manager(session, actor, "show what was hidden")
    found = session.execute(
        select(HiddenText, Prediction)
        .join(Prediction, Prediction.id == HiddenText.prediction_id)
        .where(*_is(key), Prediction.guild_id == actor.guild_id)
    ).first()
    if found is None:
        raise Refused("That isn't hidden, so there's nothing to show again.")
    row, prediction = found
    member_id = _acting(session, actor, prediction, now)
    kept = row.kept
    texts.give_back(session, key, kept)
    session.delete(row)
    session.flush()
    _changed(session, prediction, key, kind=EventKind.SHOWN_AGAIN, member_id=member_id, kept=kept, now=now)
    text = texts.text_of(session, key)
    assert text is not None
    return HiddenNow(text, _texts(session, actor, prediction.code, now))


def note_reason_posted(
    session: Session, *, forecast_id: int, prediction_id: int, guild_id: int, channel_id: int, message_id: int, now: datetime
) -> None:
    """Remember where a reason was posted. If it was hidden while it was on its way, the message is changed at once."""
    place = {"channel_id": channel_id, "message_id": message_id}
    said = session.get(Reason, forecast_id)
    if said is not None:
        said.channel_id, said.message_id = channel_id, message_id
        return
    its = (HiddenText.kind == TextKind.REASON, HiddenText.target_id == forecast_id)
    for row in session.scalars(select(HiddenText).where(*its)):
        row.kept = row.kept | place
    _queue_reason(session, guild_id, prediction_id, forecast_id, place, now)


_HIDDEN_ALREADY = "That's hidden already. To show it again, use /moderation hide."


def _acting(session: Session, actor: Actor, prediction: Prediction, now: datetime) -> int:
    steps.lock(session, prediction)
    member_id = guilds.member_of(session, actor, now=now)
    steps.require_no_stake(session, actor, prediction, member_id, to="hide what's written about it")
    return member_id


def _texts(session: Session, actor: Actor, code: int, now: datetime) -> MemberTexts:
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    return MemberTexts(view, texts.shown_of(session, view.id), texts.hidden_of(session, view.id))


def _is(key: TextKey) -> tuple[Any, ...]:
    return (HiddenText.kind == key.kind, HiddenText.target_id == key.target_id, HiddenText.member_id == key.member_id)


def _is_hidden_in(session: Session, actor: Actor, message_id: int) -> bool:
    hidden = select(HiddenText.kept).join(Prediction, Prediction.id == HiddenText.prediction_id)
    its = (Prediction.guild_id == actor.guild_id, HiddenText.kind == TextKind.REASON)
    return any(kept.get("message_id") == message_id for kept in session.scalars(hidden.where(*its)))


def _changed(
    session: Session,
    prediction: Prediction,
    key: TextKey,
    *,
    kind: EventKind,
    member_id: int,
    kept: dict[str, Any],
    now: datetime,
) -> None:
    """Say in the log that something was hidden or shown, and bring every message up to date that may show it."""
    data = {"what": key.kind} | steps.stake_of(session, prediction, member_id)
    session.add(Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=kind, data=data))
    session.flush()
    guild_id = prediction.guild_id
    outbox.queue_card_refresh(session, guild_id=guild_id, prediction_id=prediction.id, now=now)
    posted = select(Vote.id).where(Vote.prediction_id == prediction.id, Vote.message_id.is_not(None))
    for vote_id in session.scalars(posted):
        outbox.queue_vote_refresh(session, guild_id=guild_id, prediction_id=prediction.id, vote_id=vote_id, now=now)
    if kind is EventKind.HIDDEN:
        traces.queue_redactions(session, prediction, key, now=now)
    traces.queue_copies(session, prediction, now=now)
    if key.kind is TextKind.STATEMENT:
        payload = {"prediction_id": prediction.id}
        outbox.queue(session, MessageKind.SUPERSEDED, guild_id=guild_id, payload=payload, due_at=now)
    if key.kind is TextKind.REASON:
        if kept.get("message_id") is not None:
            _queue_reason(session, guild_id, prediction.id, key.target_id, kept, now)
        elif kind is EventKind.SHOWN_AGAIN:  # it was hidden before it was posted
            payload = {"prediction_id": prediction.id, "forecast_id": key.target_id}
            outbox.queue(session, MessageKind.REASON, guild_id=guild_id, payload=payload, due_at=now)


def _queue_reason(
    session: Session, guild_id: int, prediction_id: int, forecast_id: int, place: dict[str, Any], now: datetime
) -> None:
    where = {"channel_id": place["channel_id"], "message_id": place["message_id"]}
    payload = {"prediction_id": prediction_id, "forecast_id": forecast_id} | where
    outbox.queue(session, MessageKind.REFRESH_REASON, guild_id=guild_id, payload=payload, due_at=now)
