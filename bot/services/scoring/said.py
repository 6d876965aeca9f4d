"""Who said what of a resolved prediction. Members who keep their record private are there under numbers given for this one list,
by place: nothing ties the number to another prediction's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.paging import page_within
from bot.domain.types import Actor, State, Values
from bot.services.members import guilds
from bot.services.predictions import posted_reasons
from bot.services.predictions.views import PredictionView, prediction_view
from db.base import AnyRow
from db.models import Forecast, Member, Prediction, Reason, Score, User

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class SaidForecast:
    """A forecast, its moment, and its reason if that was posted by a member who is named. `is_late`: made once it had happened, so
    it isn't scored."""

    values: Values
    at: datetime
    is_late: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class MemberSaid:
    """What a member said last in time, and after the fact if they did. One of `user_id` and `pseudonym`, which counts from 1, is
    set. Scores are None where there's none; `coverage` is the share of the planned time they had a forecast, 0 to 1."""

    user_id: int | None
    pseudonym: int | None
    is_reader: bool
    said: tuple[SaidForecast, ...]
    changes: int
    peer: float | None
    baseline: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class WhoSaidWhat:
    """A page of it, best peer score first, then those without a score by their first forecast; `number` starts at 0."""

    view: PredictionView
    number: int
    pages: int
    members: int
    lines: tuple[MemberSaid, ...]


def show_said(session: Session, actor: Actor, *, code: int, page: int = 0, now: datetime) -> WhoSaidWhat:
    """Who said what of a prediction that has its result. Raises NotFound, or Refused before there is one."""
    reader_id = guilds.known_member(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=reader_id, now=now)
    if view.state is not State.RESOLVED:
        raise Refused(f"#{code} has no result now, so who said what stays hidden. The button works again once it has one.")
    lines = _lines(session, view.id, reader_id)
    number, pages = page_within(len(lines), size=PAGE_SIZE, wanted=page)
    return WhoSaidWhat(view, number, pages, len(lines), tuple(lines[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]))


def _lines(session: Session, prediction_id: int, reader_id: int | None) -> list[MemberSaid]:
    happened_at = session.scalar(select(Prediction.happened_at).where(Prediction.id == prediction_id))
    found = (
        select(
            Forecast.member_id,
            Forecast.values.label("numbers"),
            Forecast.created_at,
            Member.user_id,
            Member.forgotten_at,
            func.coalesce(User.shows_calibration, True).label("is_named"),
            Score.peer,
            Score.baseline,
            Score.coverage,
            Reason.words,
        )
        .join(Member, Member.id == Forecast.member_id)
        .outerjoin(User, User.id == Member.user_id)
        .outerjoin(Score, (Score.prediction_id == Forecast.prediction_id) & (Score.member_id == Forecast.member_id))
        .outerjoin(Reason, (Reason.forecast_id == Forecast.id) & posted_reasons.is_public())
        .where(Forecast.prediction_id == prediction_id)
        .order_by(Forecast.created_at, Forecast.id)
    )
    by_member: dict[int, list[AnyRow]] = {}
    for row in session.execute(found):
        by_member.setdefault(row.member_id, []).append(row)
    groups = sorted(by_member.values(), key=_place)
    lines: list[MemberSaid] = []
    hidden = 0
    for rows in groups:
        first = rows[0]
        is_named = first.user_id is not None and first.forgotten_at is None and first.is_named
        hidden += not is_named
        said = [
            SaidForecast(tuple(row.numbers), row.created_at, _is_late(row, happened_at), row.words if is_named else None)
            for row in rows
        ]
        in_time, late = ([one for one in said if one.is_late is wanted] for wanted in (False, True))
        lines.append(
            MemberSaid(
                user_id=first.user_id if is_named else None,
                pseudonym=None if is_named else hidden,
                is_reader=first.member_id == reader_id,
                said=(*in_time[-1:], *late[-1:]),
                changes=len(rows) - 1,
                peer=first.peer,
                baseline=first.baseline,
                coverage=first.coverage,
            )
        )
    return lines


def _is_late(row: AnyRow, happened_at: datetime | None) -> bool:
    return happened_at is not None and row.created_at >= happened_at


def _place(rows: Sequence[AnyRow]) -> tuple[bool, float, datetime]:
    peer = rows[0].peer
    return peer is None, -(peer or 0.0), rows[0].created_at
