"""Making the homes that are missing, one after the other: a pack's sixty come in the order of their dates, and never at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.homes import CLOSING_WITHIN, Stage
from bot.domain.reminders import QuietHours
from bot.domain.types import State
from bot.services import outbox
from bot.services.homes import places
from bot.services.outbox import MessageKind
from db.base import UtcDateTime
from db.models import ChannelTrouble, GroupedPrediction, Guild, OutboxMessage, PostedCard, Prediction, PredictionGroup
from db.queries import NOW

LIVE = (State.OPEN, State.CLOSED, State.VOTING, State.PROVISIONAL, State.REOPENED)
"""States in which a prediction has a home."""
IN_A_FORUM, IN_A_CHANNEL = timedelta(seconds=6), timedelta(minutes=15)
"""From one home to the next. A forum keeps posts apart, and Discord counts them; in a text channel, people read along."""
MOST_ON_THEIR_WAY, LOOK_AGAIN = 3, timedelta(seconds=30)
"""How many may be late before we wait for them."""


_DUE = (
    select(Guild)
    .where(Guild.next_home_at <= NOW)
    .order_by(Guild.next_home_at)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_SAYS_OPEN = (
    select(PostedCard.id, Prediction.id.label("of"), Prediction.guild_id)
    .join(Prediction, Prediction.id == PostedCard.prediction_id)
    .where(PostedCard.stage == Stage.OPEN, PostedCard.is_home, PostedCard.lost_at.is_(None))
    .where(Prediction.state == State.OPEN, Prediction.closes_at.is_not(None))
)
"""Homes whose tag says that their prediction is open."""
_CLOSING = _SAYS_OPEN.where(Prediction.closes_at <= bindparam("soon", type_=UtcDateTime))
_GROUP_SAYS_OPEN = (
    select(PredictionGroup.id, PredictionGroup.guild_id)
    .join(GroupedPrediction, GroupedPrediction.group_id == PredictionGroup.id)
    .join(Prediction, Prediction.id == GroupedPrediction.prediction_id)
    .where(PredictionGroup.stage == Stage.OPEN, PredictionGroup.message_id.is_not(None))
    .where(Prediction.state == State.OPEN, Prediction.closes_at.is_not(None))
)
"""The same for groups, whose tag goes by the open prediction that closes first."""
_GROUP_CLOSING = _GROUP_SAYS_OPEN.where(
    Prediction.closes_at <= bindparam("soon", type_=UtcDateTime), Prediction.closes_at > NOW
).distinct()
_NEXT_DUE = select(
    select(func.min(Guild.next_home_at)).scalar_subquery(),
    _SAYS_OPEN.with_only_columns(func.min(Prediction.closes_at)).scalar_subquery(),
    _GROUP_SAYS_OPEN.with_only_columns(func.min(Prediction.closes_at)).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class HomesMade:
    """How many of the predictions that should have homes have one."""

    made: int
    wanted: int

    @property
    def is_done(self) -> bool:
        """Whether none is missing."""
        return self.made >= self.wanted


def make_next(session: Session, *, now: datetime) -> bool:
    """Ask for the next home in one guild where one is missing and the time has come. False if there's none."""
    guild = session.scalar(_DUE, {"now": now})
    if guild is None:
        return False
    _make_groups_home(session, guild.id, now=now)
    missing = select(Prediction.id, places.is_forum().label("is_forum")).outerjoin(PostedCard, _is_home())
    order = (Prediction.resolves_at.is_(None), Prediction.resolves_at, Prediction.code)
    row = session.execute(missing.where(*_can_be_made(guild.id)).order_by(*order).limit(1)).first()
    if guild.left_at is not None or row is None:
        guild.next_home_at = None
    elif _on_their_way(session, guild.id) >= MOST_ON_THEIR_WAY:
        guild.next_home_at = now + LOOK_AGAIN
    elif row.is_forum:
        outbox.queue_card(session, guild_id=guild.id, prediction_id=row.id, now=now)
        guild.next_home_at = now + IN_A_FORUM
    elif (awake := _quiet_hours(guild).first_moment_from(now)) > now:
        guild.next_home_at = awake
    else:
        outbox.queue_card(session, guild_id=guild.id, prediction_id=row.id, now=now)
        guild.next_home_at = now + IN_A_CHANNEL
    session.flush()
    return True


def _make_groups_home(session: Session, guild_id: int, *, now: datetime) -> None:
    """Ask for the card of groups that have lost theirs. They are few, and made by hand."""
    key = literal(f"{MessageKind.POST_GROUP}:") + cast(PredictionGroup.id, String)
    closed = exists().where(ChannelTrouble.guild_id == guild_id, ChannelTrouble.channel_id == places.channel_id())
    lost = (
        select(PredictionGroup.id)
        .join(GroupedPrediction, GroupedPrediction.group_id == PredictionGroup.id)
        .join(Prediction, Prediction.id == GroupedPrediction.prediction_id)
        .where(PredictionGroup.guild_id == guild_id, PredictionGroup.message_id.is_(None))
        .where(Prediction.state.in_(LIVE), places.channel_id().is_not(None), ~closed)
        .where(~exists().where(OutboxMessage.dedupe_key == key))
        .distinct()
    )
    for group_id in session.scalars(lost).all():
        outbox.queue_group_card(session, guild_id=guild_id, group_id=group_id, now=now)


def mark_closing(session: Session, *, now: datetime) -> int:
    """Have the tags of posts say that their prediction closes soon; returns how many."""
    rows = session.execute(_CLOSING, {"soon": now + CLOSING_WITHIN}).all()
    for row in rows:
        outbox.queue_card_refresh(session, guild_id=row.guild_id, prediction_id=row.of, now=now)
    ids = [row.id for row in rows]
    if ids:
        session.execute(update(PostedCard).where(PostedCard.id.in_(ids)).values(stage=Stage.CLOSING))
    groups = session.execute(_GROUP_CLOSING, {"soon": now + CLOSING_WITHIN, "now": now}).all()
    for group in groups:
        outbox.queue_group_refresh(session, guild_id=group.guild_id, group_id=group.id, now=now)
    if group_ids := [group.id for group in groups]:
        session.execute(update(PredictionGroup).where(PredictionGroup.id.in_(group_ids)).values(stage=Stage.CLOSING))
    return len(rows) + len(groups)


def next_due_at(session: Session) -> datetime | None:
    """When the next home is to be made, or a tag has to change."""
    making, *closes = session.execute(_NEXT_DUE).one()
    closing = (None if at is None else at - CLOSING_WITHIN for at in closes)
    moments = (making, *closing)
    return min((at for at in moments if at is not None), default=None)


def homes_made(session: Session, guild_id: int) -> HomesMade:
    """How far the homes of a guild are."""
    made = wanted = 0
    for one in homes_made_by_pack(session, guild_id).values():
        made, wanted = made + one.made, wanted + one.wanted
    return HomesMade(made, wanted)


def homes_made_by_pack(session: Session, guild_id: int) -> dict[int | None, HomesMade]:
    """The same for each pack; under None, for what belongs to none."""
    number = func.count(Prediction.id.distinct())
    counts = (
        select(Prediction.pack_id, number.label("wanted"), number.filter(_has_home()).label("made"))
        .outerjoin(PostedCard, _is_home())
        .where(Prediction.guild_id == guild_id, Prediction.state.in_(LIVE), places.channel_id().is_not(None))
        .group_by(Prediction.pack_id)
    )
    return {row.pack_id: HomesMade(row.made, row.wanted) for row in session.execute(counts)}


def _is_home() -> ColumnElement[bool]:
    return and_(PostedCard.prediction_id == Prediction.id, PostedCard.is_home, PostedCard.lost_at.is_(None))


def _has_home() -> ColumnElement[bool]:
    """A card alone isn't the home of a prediction that belongs in a forum: it hasn't got anything that would be lost."""
    own = and_(PostedCard.id.is_not(None), or_(PostedCard.thread_id.is_not(None), ~places.is_forum()))
    return or_(own, _is_grouped(PredictionGroup.message_id.is_not(None)))


def _is_grouped(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Predictions in a group have their home at its card."""
    its = (GroupedPrediction.prediction_id == Prediction.id, GroupedPrediction.group_id == PredictionGroup.id)
    return exists().where(*its, *which).correlate(Prediction)


def _can_be_made(guild_id: int) -> list[ColumnElement[bool]]:
    """Predictions without a home whose channel isn't known to be closed to us, and that weren't tried in vain."""
    closed = exists().where(ChannelTrouble.guild_id == guild_id, ChannelTrouble.channel_id == places.channel_id())
    key = literal(f"{MessageKind.POST_CARD}:") + cast(Prediction.id, String)
    tried = exists().where(OutboxMessage.dedupe_key == key)
    return [
        Prediction.guild_id == guild_id,
        Prediction.state.in_(LIVE),
        places.channel_id().is_not(None),
        ~func.coalesce(_has_home(), literal(False)),
        ~_is_grouped(),
        ~closed,
        ~tried,
    ]


def _on_their_way(session: Session, guild_id: int) -> int:
    waiting = select(func.count()).where(
        OutboxMessage.guild_id == guild_id, OutboxMessage.kind == MessageKind.POST_CARD.value, *outbox.WAITING
    )
    troubled = select(ChannelTrouble.channel_id).where(ChannelTrouble.guild_id == guild_id)
    is_stuck = OutboxMessage.failed_reason.is_not(None) if session.scalar(troubled.limit(1)) else literal(False)
    return session.scalar(waiting.where(~is_stuck)) or 0


def _quiet_hours(guild: Guild) -> QuietHours:
    return QuietHours(ZoneInfo(guild.zone), guild.quiet_from_minute, guild.quiet_to_minute)
