"""Deleting what is stored about a server, 30 days after the bot has left it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from bot.services.privacy.collecting import holds
from db.base import UtcDateTime
from db.models import Guild, Member, OutboxMessage, Prediction, User

KEPT_FOR = timedelta(days=30)
AT_ONCE = 50
"""How many predictions, or people, are deleted in one transaction: others want to write, too."""

_DUE = (
    select(Guild)
    .where(Guild.left_at <= bindparam("long_ago", type_=UtcDateTime))
    .order_by(Guild.left_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_FIRST_LEFT = select(func.min(Guild.left_at))


def delete_departed(session: Session, *, now: datetime) -> bool:
    """Delete a piece of a server that was left 30 days ago; True if there's more."""
    guild = session.scalar(_DUE, {"long_ago": now - KEPT_FOR})
    if guild is None:
        return False
    predictions = session.scalars(_first(Prediction, guild.id)).all()
    named = _first(Member, guild.id).add_columns(Member.user_id)
    members = {row.id: row.user_id for row in session.execute(named)}
    if predictions:
        _delete(session, Prediction, predictions)
    elif members:
        _delete(session, Member, list(members))
        _forget_strangers(session, {user_id for user_id in members.values() if user_id is not None})
    else:
        _delete(session, Guild, [guild.id])
    return True


def next_due_at(session: Session) -> datetime | None:
    """When the next server's time is over."""
    left_at = session.scalar(_FIRST_LEFT)
    return None if left_at is None else left_at + KEPT_FOR


def _first(model: type[Prediction | Member], guild_id: int) -> Select[int]:
    return select(model.id).where(model.guild_id == guild_id).order_by(model.id).limit(AT_ONCE)


def _delete(session: Session, model: type[Prediction | Member | Guild | User], ids: Collection[int]) -> None:
    session.execute(delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False))


def _forget_strangers(session: Session, user_ids: set[int]) -> None:
    """Delete the settings of people whom no other server knows, and their digests."""
    known = select(Member.user_id).where(Member.user_id.in_(user_ids))
    strangers = user_ids - set(session.scalars(known))
    digests = delete(OutboxMessage).where(OutboxMessage.guild_id.is_(None), holds("user_id", strangers))
    session.execute(digests.execution_options(synchronize_session=False))
    _delete(session, User, strangers)
