"""What members say about a prediction: on its card, and as a list of all their reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.paging import page_within
from bot.domain.types import Actor
from bot.services.members import guilds
from bot.services.predictions import moves, posted_reasons
from bot.services.predictions.posted_reasons import NEWEST, PostedReason
from bot.services.predictions.quotes import quotes_of
from bot.services.predictions.views import PredictionView, prediction_view

PAGE_SIZE = 5


@dataclass(frozen=True, slots=True)
class ReasonsPage:
    """A page of the reasons posted on a prediction, newest first; `number` starts at 0."""

    view: PredictionView
    number: int
    pages: int
    reasons: tuple[PostedReason, ...]


def with_discussion(session: Session, view: PredictionView, *, now: datetime) -> PredictionView:
    """The view with the newest reasons, the evidence, and the crowd's move of a day, as far as its reader may see them."""
    reasons = posted_reasons.newest(session, view.id, shows_numbers=view.shows_crowd)
    count = len(reasons) if len(reasons) < NEWEST else posted_reasons.count(session, view.id)
    may_move = view.is_open and view.crowd is not None
    move = moves.of_day(session, view.id, view.kind, now=now) if may_move else None
    return replace(view, reasons=reasons, reason_count=count, move=move, quotes=quotes_of(session, view.id))


def show_reasons(session: Session, actor: Actor, *, code: int, page: int = 0, now: datetime) -> ReasonsPage:
    """All reasons posted on a prediction, as this member may see them. Raises NotFound. Past the end comes the last page."""
    member_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    count = posted_reasons.count(session, view.id)
    number, pages = page_within(count, size=PAGE_SIZE, wanted=page)
    shown = posted_reasons.newest(
        session, view.id, shows_numbers=view.shows_crowd, limit=PAGE_SIZE, offset=number * PAGE_SIZE
    )
    return ReasonsPage(replace(view, reason_count=count), number, pages, shown)
