"""How much one member, and one server, can do in a while, so that there's room for everyone. All limits are in one table.

What's stored is counted in the database; work that leaves nothing behind is counted by the process, in `RecentWork`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.times import span
from bot.domain.types import Actor, State
from db.models import Forecast, Guild, Prediction, Proposal, Quote, Reason

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Limited(StrEnum):
    """What there's a limit on."""

    PREDICTIONS = "predictions added"
    OPEN_PREDICTIONS = "predictions open"
    REASONS = "reasons posted"
    PROPOSALS = "results proposed"
    QUOTES = "messages quoted"
    IMPORTS = "files imported"
    CHARTS = "charts drawn"
    EXPORTS = "exports made"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a member, and a server, may have within a while; without one, at the same time."""

    of_member: int
    of_guild: int
    within: timedelta | None
    setting: str | None = None
    """The server's setting that takes the place of `of_member`."""


LIMITS = {
    Limited.PREDICTIONS: Limit(50, 1000, DAY, "added_a_day"),
    Limited.OPEN_PREDICTIONS: Limit(200, 5000, None),
    Limited.REASONS: Limit(20, 200, HOUR, "reasons_an_hour"),
    Limited.PROPOSALS: Limit(20, 200, DAY, "proposals_a_day"),
    Limited.QUOTES: Limit(20, 200, DAY),
    Limited.IMPORTS: Limit(20, 40, HOUR),
    Limited.CHARTS: Limit(60, 600, HOUR),
    Limited.EXPORTS: Limit(10, 30, HOUR),
}
"""Packs count in none of them: they come from managers, through a review."""


def require_room(session: Session, actor: Actor, what: Limited, *, member_id: int | None, now: datetime) -> None:
    """Raises Refused if the member, or their server, has reached a limit of what's stored; without a member, only if the
    server has."""
    limit = LIMITS[what]
    of_member = limit.of_member
    if limit.setting is not None:
        own = session.scalar(select(getattr(Guild, limit.setting)).where(Guild.id == actor.guild_id))
        of_member = of_member if own is None else own
    for whose, most in (("You've", of_member), ("This server has", limit.of_guild)):
        if whose == "You've" and member_id is None:
            continue
        made = _made(what, actor.guild_id, member_id if whose == "You've" else None)
        if limit.within is None:
            if (session.scalar(select(func.count()).select_from(made.subquery())) or 0) >= most:
                raise Refused(_full(what, whose, most))
            continue
        at: Any = made.selected_columns[0]
        # The time of the one that has to be out of the window before there's room again.
        if (
            since := session.scalar(made.where(at > now - limit.within).order_by(at.desc()).offset(most - 1).limit(1))
        ) is not None:
            raise Refused(_too_many(what, whose, most, limit.within, since + limit.within - now))


class RecentWork:
    """How much of some work was done lately, by member and by server."""

    def __init__(self) -> None:
        self._done: dict[tuple[Limited, int, int | None], deque[datetime]] = {}

    def take(self, actor: Actor, what: Limited, *, now: datetime) -> None:
        """Count one more. Raises Refused, and counts nothing, if the member or the server has reached the limit."""
        limit = LIMITS[what]
        assert limit.within is not None
        if len(self._done) > 10_000:
            self._done = {key: done for key, done in self._done.items() if done and done[-1] > now - DAY}
        places = [("You've", limit.of_member, actor.user_id), ("This server has", limit.of_guild, None)]
        counted: list[deque[datetime]] = []
        for whose, most, user_id in places:
            done = self._done.setdefault((what, actor.guild_id, user_id), deque())
            while done and done[0] <= now - limit.within:
                done.popleft()
            if len(done) >= most:
                raise Refused(_too_many(what, whose, most, limit.within, done[-most] + limit.within - now))
            counted.append(done)
        for done in counted:
            done.append(now)


def _made(what: Limited, guild_id: int, member_id: int | None) -> Select[Any]:
    """The moments of what a member, or all of the server's, have made."""
    match what:
        case Limited.REASONS:
            made = select(Reason.posted_at).join(Forecast, Forecast.id == Reason.forecast_id)
            made = made.join(Prediction, Prediction.id == Forecast.prediction_id).where(Reason.posted_at.is_not(None))
            by = Forecast.member_id
        case Limited.PROPOSALS:
            made = select(Proposal.created_at).join(Prediction, Prediction.id == Proposal.prediction_id)
            by = Proposal.member_id
        case Limited.QUOTES:
            made = select(Quote.quoted_at).join(Prediction, Prediction.id == Quote.prediction_id)
            by = Quote.member_id
        case _:
            made = select(Prediction.created_at).where(Prediction.author_id.is_not(None), Prediction.pack_id.is_(None))
            by = Prediction.author_id
            if what is Limited.OPEN_PREDICTIONS:
                made = made.where(Prediction.state == State.OPEN)
    made = made.where(Prediction.guild_id == guild_id)
    return made if member_id is None else made.where(by == member_id)


def _too_many(what: Limited, whose: str, most: int, within: timedelta, wait: timedelta) -> str:
    things, done = what.value.rsplit(" ", 1)
    return f"{whose} {done} {most:,} {things} in {span(within)}, and that's the most. There's room again in {span(wait)}."


def _full(what: Limited, whose: str, most: int) -> str:
    things, state = what.value.rsplit(" ", 1)
    has = "You have" if whose == "You've" else whose
    return f"{has} {most:,} {things} {state}, and that's the most. There's room again when one of them closes."
