"""Where words that are hidden now may still stand: posts, copies of cards and messages that were sent before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.services import outbox
from bot.services.moderation.texts import TextKey, TextKind
from bot.services.outbox import POSTS, MessageKind
from db.models import (
    HiddenText,
    LadderStep,
    Member,
    OutboxMessage,
    PostedCard,
    Prediction,
    Reminder,
    TournamentEntry,
    Vote,
)

MOST_LETTERS = 300
"""How many direct messages are looked through, from the newest on."""


@dataclass(frozen=True, slots=True)
class HiddenTrace:
    """Something of a prediction that's hidden now: all its words, and who wrote them (None once they're forgotten)."""

    code: int
    user_id: int | None
    is_statement: bool
    words: tuple[str, ...]


def queue_copies(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Bring the cards up to date that members posted beside the one at home."""
    copies = select(PostedCard.channel_id, PostedCard.message_id).where(
        PostedCard.prediction_id == prediction.id, ~PostedCard.is_home, PostedCard.lost_at.is_(None)
    )
    for row in session.execute(copies):
        payload = {"prediction_id": prediction.id, "channel_id": row.channel_id, "message_id": row.message_id}
        outbox.queue(session, MessageKind.REFRESH_COPY, guild_id=prediction.guild_id, payload=payload, due_at=now)


def queue_redactions(session: Session, prediction: Prediction, key: TextKey, *, now: datetime) -> None:
    """Have the words taken out of every message that may say them."""
    its = select(OutboxMessage.id, OutboxMessage.channel_id).where(
        or_(OutboxMessage.message_id.is_not(None), OutboxMessage.attempts > 0), OutboxMessage.buried_at.is_(None)
    )
    found = list(session.execute(its.where(_said_in_channels(session, prediction, key))))
    if key.kind is TextKind.STATEMENT:
        letters = its.where(_said_in_letters(prediction)).order_by(OutboxMessage.id.desc())
        found += list(session.execute(letters.limit(MOST_LETTERS)))
    for row in found:
        payload = {"prediction_id": prediction.id, "outbox_id": row.id, "channel_id": row.channel_id}
        outbox.queue(session, MessageKind.REDACT, guild_id=prediction.guild_id, payload=payload, due_at=now)


def hidden_of_prediction(session: Session, *, guild_id: int, prediction_id: int) -> tuple[HiddenTrace, ...]:
    """All that's hidden of a prediction now."""
    found = (
        select(HiddenText.kind, HiddenText.kept, Prediction.code, Member.user_id)
        .join(Prediction, Prediction.id == HiddenText.prediction_id)
        .join(Member, Member.id == HiddenText.member_id)
        .where(Prediction.id == prediction_id, Prediction.guild_id == guild_id)
    )
    traces: list[HiddenTrace] = []
    for row in session.execute(found):
        kept = row.kept
        words = [kept.get("words"), kept.get("link"), kept.get("criteria"), *kept.get("options", {}).values()]
        words += [text for revision in kept.get("revisions", {}).values() for text in revision]
        is_statement = row.kind == TextKind.STATEMENT
        traces.append(HiddenTrace(row.code, row.user_id, is_statement, tuple(text for text in words if text)))
    return tuple(traces)


def _said_in_channels(session: Session, prediction: Prediction, key: TextKey) -> ColumnElement[bool]:
    """The posts of a prediction, and those of many that may name it. The message of a hidden reason itself is replaced."""
    payload = OutboxMessage.payload
    kinds = [kind.value for kind in POSTS]
    of_it = payload["prediction_id"].as_integer() == prediction.id
    if key.kind is TextKind.REASON:
        own = (OutboxMessage.kind == MessageKind.REASON.value) & (payload["forecast_id"].as_integer() == key.target_id)
        of_it = of_it & ~own
    votes = set(session.scalars(select(Vote.id).where(Vote.prediction_id == prediction.id)))
    news = select(OutboxMessage.id, OutboxMessage.payload).where(
        OutboxMessage.guild_id == prediction.guild_id, OutboxMessage.kind == MessageKind.VOTE_NEWS.value
    )
    handed = [row.id for row in session.execute(news) if votes & set(row.payload["vote_ids"])]
    ladder = select(LadderStep.outbox_id).where(LadderStep.prediction_id == prediction.id, LadderStep.outbox_id.is_not(None))
    held = select(TournamentEntry.tournament_id).where(TournamentEntry.prediction_id == prediction.id)
    of_tournament = and_(OutboxMessage.kind == MessageKind.TOURNAMENT.value, payload["tournament_id"].as_integer().in_(held))
    of_week = (OutboxMessage.kind == MessageKind.WEEKLY.value) & (OutboxMessage.created_at >= prediction.created_at)
    said = and_(OutboxMessage.kind.in_(kinds), of_it)
    many = or_(OutboxMessage.id.in_(handed), OutboxMessage.id.in_(ladder), of_tournament, of_week)
    return and_(OutboxMessage.guild_id == prediction.guild_id, or_(said, many))


def _said_in_letters(prediction: Prediction) -> ColumnElement[bool]:
    """The direct messages to this server's members since then that may name the prediction."""
    payload = OutboxMessage.payload
    reminders: Select[int] = select(Reminder.id).where(Reminder.prediction_id == prediction.id)
    members = select(Member.user_id).where(Member.guild_id == prediction.guild_id, Member.user_id.is_not(None))
    is_digest = and_(OutboxMessage.kind == MessageKind.DIGEST.value, outbox.number_in("user_id").in_(members))
    is_reminder = and_(OutboxMessage.kind == MessageKind.REMINDER.value, payload["reminder_id"].as_integer().in_(reminders))
    return and_(OutboxMessage.created_at >= prediction.created_at, or_(is_digest, is_reminder))
