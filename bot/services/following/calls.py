"""Whom a post mentions: followers who asked for that, and the role that members take to be pinged. Nobody else, ever."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.following.followed import followed
from bot.services.members.people import FollowNews
from bot.services.outbox import DueMessage, MessageKind
from db.models import Forecast, Guild, Member, Prediction, PredictionRevision, User

NEWS = (MessageKind.CLARIFICATION, MessageKind.MOVED, MessageKind.MOVE, MessageKind.REASON, MessageKind.RESULT)
"""What followers of a prediction hear of where it's posted. Everyone may see all that these say."""
NEW = (MessageKind.POST_CARD,)
"""What followers of a tag or a pack hear of."""
DAYS_POSTS = (MessageKind.LADDER, MessageKind.WEEKLY, MessageKind.VOTE, MessageKind.RESULT)
"""What mentions the role for pings, if the clock makes it."""
CALLING = (*NEWS, *NEW, *DAYS_POSTS)
"""All that may mention anybody."""
MOST = 50
"""How many members a post mentions at most."""


@dataclass(frozen=True, slots=True)
class Call:
    """Whom a post mentions."""

    user_ids: tuple[int, ...] = ()
    role_id: int | None = None


def call_of(session: Session, message: DueMessage) -> Call:
    """Whom the post of a message, and of those along with it, mentions."""
    together = (message, *message.along)
    news = {one.payload["prediction_id"] for one in together if one.kind in NEWS}
    new = {one.payload["prediction_id"] for one in together if one.kind in NEW}
    user_ids = _followers(session, news, new, apart_from=_cause_of(session, message)) if news or new else ()
    is_days = any(one.kind in DAYS_POSTS for one in together) and not any(one.payload.get("is_direct") for one in together)
    role_id = session.scalar(select(Guild.ping_role_id).where(Guild.id == message.guild_id)) if is_days else None
    return Call(user_ids, role_id)


def _followers(session: Session, news: set[int], new: set[int], *, apart_from: int | None) -> tuple[int, ...]:
    found = followed(prediction_ids=sorted(news | new))
    asked = select(found.c.user_id).distinct().join(User, User.id == found.c.user_id)
    asked = asked.where(User.follow_news == FollowNews.MENTION, found.c.prediction_id.in_(news) | found.c.wants_new)
    if apart_from is not None:
        asked = asked.where(found.c.user_id != apart_from)
    return tuple(session.scalars(asked.order_by(found.c.user_id).limit(MOST)))


def _cause_of(session: Session, message: DueMessage) -> int | None:
    """The account of whoever brought this about: it's no news to them."""
    payload = message.payload
    match message.kind:
        case MessageKind.MOVED:
            return payload.get("user_id")
        case MessageKind.REASON:
            by = select(Forecast.member_id).where(Forecast.id == payload["forecast_id"])
        case MessageKind.CLARIFICATION:
            this = (
                PredictionRevision.prediction_id == payload["prediction_id"],
                PredictionRevision.number == payload["number"],
            )
            by = select(PredictionRevision.replaced_by).where(*this)
        case MessageKind.POST_CARD:
            by = select(Prediction.author_id).where(Prediction.id == payload["prediction_id"])
        case _:
            return None
    return session.scalar(select(Member.user_id).where(Member.id == by.scalar_subquery()))
