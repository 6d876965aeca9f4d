"""News of what people follow, for their daily message. Each belongs to the digest whose span holds its moment, as in `digests`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.crowd_moves import WITHIN, CrowdStand, ProbabilityMove, biggest_move
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.types import State
from bot.services.following.followed import AnySelect, counts_from, followed
from bot.services.predictions.views import PredictionView, prediction_views
from db.base import AnyRow
from db.models import CrowdPoint, Event, Forecast, Reason

AT_FIRST = timedelta(days=2)
"""A first digest has no earlier one to start from: it goes this far back."""
MOST_LOOKED_AT = 300
"""Of how many predictions a digest tells in one guild; the rest stand in the lists."""
_WORDS = (EventKind.CLARIFIED, EventKind.REWORDED)
_ADDED = and_(Event.to_state == State.OPEN, or_(Event.from_state.is_(None), Event.from_state == State.DRAFT))
_RESULT = and_(Event.to_state.in_(ENDED), Event.kind != EventKind.GRADED)
_CHANGED = Event.kind.in_([*_WORDS, EventKind.RESCHEDULED])


@dataclass(frozen=True, slots=True)
class FollowedNews:
    """What's new about one prediction, as its follower may see it. `reasons` counts those that others posted. `move` is of a
    crowd that this follower may see."""

    view: PredictionView
    is_new: bool = False
    has_result: bool = False
    has_new_words: bool = False
    has_new_date: bool = False
    reasons: int = 0
    move: ProbabilityMove | None = None


def news_of(
    session: Session, *, user_id: int, since: datetime | None, until: datetime, now: datetime
) -> dict[int, list[FollowedNews]]:
    """By guild what came up for this person from `since` on and before `until`: results, changes, moves, reasons, new predictions."""
    since = since or until - AT_FIRST
    found = followed(user_ids=[user_id])
    happened: dict[int, dict[int, list[AnyRow]]] = defaultdict(lambda: defaultdict(list))
    members: dict[int, int] = {}
    for row in session.execute(_events(found, since, until)):
        happened[row.guild_id][row.prediction_id].append(row)
        members[row.guild_id] = row.member_id
    reasons: Counter[int] = Counter()
    touched: dict[int, set[int]] = defaultdict(set)
    for row in session.execute(_reasons(found, since, until)):
        reasons[row.prediction_id] += 1
        touched[row.guild_id].add(row.prediction_id)
        members[row.guild_id] = row.member_id
    moved: dict[int, set[int]] = defaultdict(set)
    for row in session.execute(_crowds(found, since, until)):
        moved[row.guild_id].add(row.prediction_id)
        members[row.guild_id] = row.member_id
    news: dict[int, list[FollowedNews]] = {}
    for guild_id, member_id in members.items():
        ids = sorted(happened[guild_id].keys() | touched[guild_id] | moved[guild_id])[:MOST_LOOKED_AT]
        views = prediction_views(session, guild_id=guild_id, prediction_ids=ids, member_id=member_id, now=now)
        moves = moves_of(session, [view for view in views if view.id in moved[guild_id]], since=since, until=until)
        told = [
            replace(
                _from_events(view, happened[guild_id].get(view.id, ())), reasons=reasons[view.id], move=moves.get(view.id)
            )
            for view in views
            if view.state is not State.DRAFT
        ]
        if told := sorted((one for one in told if one != FollowedNews(one.view)), key=_weight):
            news[guild_id] = told
    return news


def with_candidates(session: Session, user_ids: Sequence[int], *, since: datetime | None, until: datetime) -> set[int]:
    """Those of these people for whom there may be news. Whether a crowd moved far enough, and whether they may see it, shows only
    when the digest is written."""
    since = since or until - AT_FIRST
    found = followed(user_ids=user_ids)
    there: set[int] = set()
    for looked_for in (_events(found, since, until), _reasons(found, since, until), _crowds(found, since, until)):
        there.update(session.scalars(looked_for.with_only_columns(found.c.user_id).order_by(None).distinct()))
    return there


def moves_of(
    session: Session, views: Iterable[PredictionView], *, since: datetime, until: datetime
) -> dict[int, ProbabilityMove]:
    """The biggest move of each of these crowds that their reader may see."""
    seen = [view.id for view in views if view.shows_crowd and view.kind.is_distribution]
    if not seen:
        return {}
    begins = since - WITHIN
    first = (
        select(CrowdPoint.prediction_id, func.max(CrowdPoint.at).label("at"))
        .where(CrowdPoint.prediction_id.in_(seen), CrowdPoint.at <= begins)
        .group_by(CrowdPoint.prediction_id)
        .subquery()
    )
    columns = (CrowdPoint.prediction_id, CrowdPoint.at, CrowdPoint.members, CrowdPoint.values.label("numbers"))
    points = (
        select(*columns)
        .outerjoin(first, first.c.prediction_id == CrowdPoint.prediction_id)
        .where(CrowdPoint.prediction_id.in_(seen), CrowdPoint.at < until)
        .where(or_(CrowdPoint.at > begins, CrowdPoint.at == first.c.at))
        .order_by(CrowdPoint.prediction_id, CrowdPoint.at)
    )
    stands: dict[int, list[CrowdStand]] = defaultdict(list)
    for row in session.execute(points):
        stands[row.prediction_id].append(CrowdStand(row.at, row.members, tuple(row.numbers)))
    moves = {prediction_id: biggest_move(stood, since=since, until=until) for prediction_id, stood in stands.items()}
    return {prediction_id: move for prediction_id, move in moves.items() if move is not None}


def _from_events(view: PredictionView, rows: Iterable[AnyRow]) -> FollowedNews:
    news = FollowedNews(view)
    for row in rows:
        if row.to_state in ENDED:
            news = replace(news, has_result=view.outcome is not None)
        elif row.kind in _WORDS:
            news = replace(news, has_new_words=True)
        elif row.kind == EventKind.RESCHEDULED:
            news = replace(news, has_new_date=True)
        elif row.wants_new:
            news = replace(news, is_new=True)
    return news


def _weight(news: FollowedNews) -> tuple[int, int]:
    kinds = (news.has_result, news.has_new_words or news.has_new_date, news.move is not None, news.reasons > 0, news.is_new)
    return kinds.index(True), news.view.code


def _events(found: Subquery, since: datetime, until: datetime) -> AnySelect:
    is_own = and_(Event.member_id.is_not(None), Event.member_id == found.c.member_id)
    return (
        select(found, Event.kind, Event.to_state)
        .join(Event, Event.prediction_id == found.c.prediction_id)
        .where(Event.at >= since, Event.at < until, ~is_own, counts_from(found, Event.at))
        .where(or_(_RESULT, _CHANGED, and_(_ADDED, found.c.wants_new)))
        .order_by(Event.id)
    )


def _reasons(found: Subquery, since: datetime, until: datetime) -> AnySelect:
    return (
        select(found.c.guild_id, found.c.member_id, found.c.prediction_id, Reason.forecast_id)
        .join(Forecast, Forecast.prediction_id == found.c.prediction_id)
        .join(Reason, Reason.forecast_id == Forecast.id)
        .where(Reason.posted_at >= since, Reason.posted_at < until, Forecast.member_id != found.c.member_id)
        .where(counts_from(found, Reason.posted_at))
        .distinct()
    )


def _crowds(found: Subquery, since: datetime, until: datetime) -> AnySelect:
    return (
        select(found.c.guild_id, found.c.member_id, found.c.prediction_id)
        .join(CrowdPoint, CrowdPoint.prediction_id == found.c.prediction_id)
        .where(CrowdPoint.at >= since, CrowdPoint.at < until, counts_from(found, CrowdPoint.at))
        .distinct()
    )
