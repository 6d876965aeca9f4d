"""What happened in a guild's week, as everyone there may see it: for its weekly digest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.domain.crowd_moves import ProbabilityMove
from bot.domain.errors import Refused
from bot.domain.lifecycle import ENDED
from bot.domain.types import Actor, Role, State, Values
from bot.services.following.news import moves_of
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import leaderboards
from bot.services.scoring.leaderboards import LeaderboardLine
from db.models import CrowdPoint, Member, Prediction, Score, User, Vote, VoteState

WEEK = timedelta(days=7)
MOST_SHOWN, MOST_IN_ALL = 10, 500
"""How many of a kind the post has room for, and the whole list behind its button."""
LEADERS = 3


@dataclass(frozen=True, slots=True)
class JudgedCall:
    """What somebody said of a prediction, on average over time, and its baseline score: higher is better."""

    role: Role
    user_id: int | None
    values: Values
    baseline: float


@dataclass(frozen=True, slots=True)
class WeekResult:
    """A result, with the crowd's call, and the best and the worst of the crowd's, the author's and those of members who let
    themselves be named."""

    view: PredictionView
    crowd: JudgedCall | None
    best: JudgedCall | None
    worst: JudgedCall | None


@dataclass(frozen=True, slots=True)
class Week:
    """A guild's week until `until`: the first of each kind, and in `counts` how many there are in all, by the field's name."""

    guild_id: int
    until: datetime
    closing: tuple[PredictionView, ...]
    votes: tuple[tuple[PredictionView, datetime], ...]
    moves: tuple[tuple[PredictionView, ProbabilityMove], ...]
    results: tuple[WeekResult, ...]
    new: tuple[PredictionView, ...]
    leaders: tuple[LeaderboardLine, ...]
    counts: dict[str, int]

    @property
    def says_something(self) -> bool:
        """Whether it's worth a post: what nobody forecast and closes soon isn't, alone."""
        return any(self.counts[kind] for kind in ("votes", "moves", "results", "new")) or any(
            view.forecasters for view in self.closing
        )


def week_of(session: Session, *, guild_id: int, until: datetime, now: datetime, most: int = MOST_SHOWN) -> Week | None:
    """The guild's week before `until`; None if it isn't worth a post. What closes and is voted on is as it stands now."""
    since = until - WEEK
    here = (Prediction.guild_id == guild_id,)
    closing, closing_count = _ids(
        session, *here, *open_now(now), Prediction.closes_at <= now + WEEK, order=Prediction.closes_at, most=most
    )
    new, new_count = _ids(
        session,
        *here,
        Prediction.state != State.DRAFT,
        and_(Prediction.created_at >= since, Prediction.created_at < until),
        order=Prediction.code,
        most=most,
    )
    resolved = (Prediction.state == State.RESOLVED, Prediction.resolved_at >= since, Prediction.resolved_at < until)
    ended, ended_count = _ids(
        session, *here, *resolved, Prediction.forecasters > 0, order=Prediction.forecasters.desc(), most=most
    )
    voted = (
        select(Vote.prediction_id, Vote.closes_at)
        .join(Prediction, Prediction.id == Vote.prediction_id)
        .where(*here, Vote.state == VoteState.OPEN, Vote.closes_at > now)
        .order_by(Vote.closes_at, Prediction.code)
    )
    votes = {row.prediction_id: row.closes_at for row in session.execute(voted)}
    ids = dict.fromkeys([*closing, *new, *ended, *list(votes)[:most]])
    views = {
        one.id: one
        for one in prediction_views(session, guild_id=guild_id, prediction_ids=list(ids), member_id=None, now=now)
    }
    moves = _moves(session, guild_id, since=since, until=until, now=now)
    week = Week(
        guild_id,
        until,
        tuple(views[one] for one in closing),
        tuple((views[one], ends_at) for one, ends_at in list(votes.items())[:most]),
        tuple(moves[:most]),
        _results(session, [views[one] for one in ended]),
        tuple(views[one] for one in new),
        _leaders(session, guild_id) if ended else (),
        {"closing": closing_count, "votes": len(votes), "moves": len(moves), "results": ended_count, "new": new_count},
    )
    return week if week.says_something else None


def whole_week(session: Session, actor: Actor, *, until_second: int, now: datetime) -> Week:
    """Everything of the week that a post was about. Raises Refused if it's none of ours."""
    try:
        until = datetime.fromtimestamp(until_second, UTC)
    except (ValueError, OverflowError, OSError):
        until = datetime.max.replace(tzinfo=UTC)
    if not now - 100 * WEEK < until <= now:
        raise Refused("That week is too long ago for me to look up.")
    week = week_of(session, guild_id=actor.guild_id, until=until, now=now, most=MOST_IN_ALL)
    if week is None:
        raise Refused("There's nothing left to show of that week.")
    return week


def _ids(session: Session, *which: ColumnElement[bool], order: Any, most: int) -> tuple[list[int], int]:
    """The first predictions of these, and how many there are."""
    found = select(Prediction.id).where(*which)
    first = list(session.scalars(found.order_by(order, Prediction.code).limit(most)))
    return first, session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _moves(
    session: Session, guild_id: int, *, since: datetime, until: datetime, now: datetime
) -> list[tuple[PredictionView, ProbabilityMove]]:
    """The moves of crowds that everyone may see, the biggest first."""
    stirred = select(CrowdPoint.prediction_id).where(CrowdPoint.at >= since, CrowdPoint.at < until)
    going_on = (Prediction.guild_id == guild_id, Prediction.state.not_in([*ENDED, State.DRAFT]))
    found = select(Prediction.id).where(*going_on, Prediction.id.in_(stirred)).order_by(Prediction.id)
    ids = session.scalars(found.limit(MOST_IN_ALL)).all()
    views = prediction_views(session, guild_id=guild_id, prediction_ids=ids, member_id=None, now=now)
    moves = moves_of(session, views, since=since, until=until)
    told = [(view, moves[view.id]) for view in views if view.id in moves]
    return sorted(told, key=lambda one: (-one[1].size, one[0].code))


def _results(session: Session, views: list[PredictionView]) -> tuple[WeekResult, ...]:
    rows = session.execute(
        select(Score.prediction_id, Score.member_id, Score.source_id, Score.mean_values, Score.baseline, Member.user_id)
        .outerjoin(Member, Member.id == Score.member_id)
        .outerjoin(User, User.id == Member.user_id)
        .where(Score.prediction_id.in_([view.id for view in views]), Score.baseline.is_not(None))
        .where(or_(Score.member_id.is_(None), and_(User.named_in_weekly, Member.forgotten_at.is_(None))))
        .order_by(Score.prediction_id, Score.baseline.desc(), Score.id)
    )
    calls: dict[int, list[JudgedCall]] = defaultdict(list)
    for row in rows:
        role = Role.MEMBER if row.member_id is not None else Role.AUTHOR if row.source_id is not None else Role.CROWD
        calls[row.prediction_id].append(JudgedCall(role, row.user_id, tuple(row.mean_values), row.baseline))
    return tuple(_result(view, calls[view.id]) for view in views)


def _result(view: PredictionView, calls: list[JudgedCall]) -> WeekResult:
    crowd = next((call for call in calls if call.role is Role.CROWD), None)
    if len(calls) < 2 or calls[0].baseline == calls[-1].baseline:
        return WeekResult(view, crowd, None, None)
    return WeekResult(view, crowd, calls[0], calls[-1])


def _leaders(session: Session, guild_id: int) -> tuple[LeaderboardLine, ...]:
    board = leaderboards.show_leaderboard(session, Actor(guild_id, 0, ""), is_public=True)
    return tuple(line for line in board.lines if line.rank is not None)[:LEADERS]
