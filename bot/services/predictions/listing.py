"""Lists of predictions: filters, order, pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Select, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.paging import page_within
from bot.domain.types import Actor, Kind, State
from bot.services.members import guilds
from bot.services.predictions import contested, search
from bot.services.predictions.views import PredictionView, prediction_views
from db.models import Forecast, LadderStep, Pack, Prediction, PredictionTag

PAGE_SIZE = 8


class ListShow(StrEnum):
    """Which predictions a list holds."""

    OPEN = "open"
    UNANSWERED = "unanswered"
    MINE = "mine"
    CLOSED = "closed"
    ENDED = "ended"
    ALL = "all"


class ListOrder(StrEnum):
    """How to sort a list."""

    SOONEST = "soonest"
    NEWEST = "newest"
    BUSIEST = "busiest"
    CODE = "code"
    CONTESTED = "most contested"
    """Where members disagree most, as far as the reader may see it."""


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What a list shows. `tag`, `pack` and `words` narrow it down; `ladder` narrows it to the predictions of a reminder post."""

    show: ListShow = ListShow.OPEN
    order: ListOrder = ListOrder.SOONEST
    kind: Kind | None = None
    tag: str | None = None
    pack: str | None = None
    words: str | None = None
    ladder: int | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, for one reader. `number` starts at 0."""

    filters: ListFilters
    number: int
    pages: int
    total: int
    views: tuple[PredictionView, ...]


def list_page(session: Session, actor: Actor, *, filters: ListFilters, number: int, now: datetime) -> ListPage:
    """One page of the guild's predictions. A page number past the end gives the last page."""
    member_id = guilds.known_member(session, actor)
    found = matching(filters, guild_id=actor.guild_id, member_id=member_id, now=now)
    if filters.words:
        ids = [hit.id for hit in search.find(session, guild_id=actor.guild_id, text=filters.words, now=now, limit=200)]
        wanted = set(session.scalars(found.where(Prediction.id.in_(ids))))
        ids = [prediction_id for prediction_id in ids if prediction_id in wanted]
        total = len(ids)
    elif filters.order is ListOrder.CONTESTED:
        ids = contested.by_spread(session, found, guild_id=actor.guild_id, member_id=member_id, now=now)
        total = len(ids)
    else:
        ids = None
        total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    number, pages = page_within(total, size=PAGE_SIZE, wanted=number)
    if ids is None:
        ids = list(session.scalars(found.limit(PAGE_SIZE).offset(number * PAGE_SIZE)))
    else:
        ids = ids[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
    views = prediction_views(session, guild_id=actor.guild_id, prediction_ids=ids, member_id=member_id, now=now)
    return ListPage(filters, number, pages, total, tuple(views))


def tags_of_guild(session: Session, *, guild_id: int, beginning: str) -> list[str]:
    """Up to 25 tags that begin like this, the most used first."""
    uses = func.count()
    tags = select(PredictionTag.tag).where(
        PredictionTag.guild_id == guild_id, PredictionTag.tag.startswith(beginning.lower(), autoescape=True)
    )
    tags = tags.join(Prediction, Prediction.id == PredictionTag.prediction_id).where(Prediction.state != State.DRAFT)
    return list(session.scalars(tags.group_by(PredictionTag.tag).order_by(uses.desc(), PredictionTag.tag).limit(25)))


_ORDERS: dict[ListOrder, tuple[Any, ...]] = {
    ListOrder.SOONEST: (Prediction.resolves_at.is_(None), Prediction.resolves_at, Prediction.code),
    ListOrder.NEWEST: (Prediction.code.desc(),),
    ListOrder.BUSIEST: (Prediction.forecasters.desc(), Prediction.code),
    ListOrder.CODE: (Prediction.code,),
}
_ORDERS[ListOrder.CONTESTED] = _ORDERS[ListOrder.SOONEST]
"""Among those that are equally contested, or whose crowd is hidden."""


def open_now(now: datetime | BindParameter[datetime]) -> tuple[Any, ...]:
    """The conditions for a prediction that takes forecasts."""
    return (
        Prediction.state == State.OPEN,
        Prediction.opens_at <= now,
        or_(Prediction.closes_at.is_(None), Prediction.closes_at > now),
    )


def matching(filters: ListFilters, *, guild_id: int, member_id: int | None, now: datetime) -> Select[int]:
    """The ids of the guild's predictions that pass these filters, in order. `words` are left to the search."""
    found = (
        select(Prediction.id)
        .where(Prediction.guild_id == guild_id, Prediction.state != State.DRAFT)
        .order_by(*_ORDERS[filters.order])
    )
    standing = select(Forecast.prediction_id).where(Forecast.member_id == (member_id or 0), Forecast.ended_at.is_(None))
    match filters.show:
        case ListShow.OPEN:
            found = found.where(*open_now(now))
        case ListShow.UNANSWERED:
            found = found.where(*open_now(now), Prediction.id.not_in(standing))
        case ListShow.MINE:
            found = found.where(Prediction.id.in_(standing))
        case ListShow.CLOSED:
            is_past = or_(
                Prediction.state.in_([State.CLOSED, State.VOTING, State.PROVISIONAL, State.REOPENED]),
                Prediction.closes_at <= now,
            )
            found = found.where(Prediction.state.not_in([State.RESOLVED, State.ANNULLED]), is_past)
        case ListShow.ENDED:
            found = found.where(Prediction.state.in_([State.RESOLVED, State.ANNULLED]))
        case ListShow.ALL:
            pass
    if filters.ladder is not None:
        found = found.where(
            Prediction.id.in_(select(LadderStep.prediction_id).where(LadderStep.outbox_id == filters.ladder))
        )
    if filters.kind is not None:
        found = found.where(Prediction.kind == filters.kind)
    if filters.tag:
        tagged = select(PredictionTag.prediction_id).where(
            PredictionTag.guild_id == guild_id, PredictionTag.tag == filters.tag.lower()
        )
        found = found.where(Prediction.id.in_(tagged))
    if filters.pack:
        found = found.join(Pack, Pack.id == Prediction.pack_id).where(Pack.slug == filters.pack.strip().lower())
    return found
