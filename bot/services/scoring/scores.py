"""Scores in the database: computed with the result, in its transaction, by the same functions that score an export, so that
the bits agree; deleted when the result is withdrawn. `cases` says what counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Table, bindparam, delete, func, insert, literal_column, select
from sqlalchemy.orm import Session

from bot.domain.cases import Case, score_case
from bot.domain.events import EventKind
from bot.domain.scoring import Scored, Scores
from bot.domain.timelines import Floats
from bot.domain.times import day_number
from bot.domain.types import Kind, Role, State
from bot.services.members import guilds, left_out
from bot.services.scoring.cases import case_of
from db.base import AnyRow
from db.models import Event, Forecast, Member, Prediction, Score, User

BATCH = 50
MOST_AT_ONCE = 3_000
"""With at most this many forecasts, a prediction is scored in the transaction that gives it its result."""
BEST_SHOWN = 3
RESCORED_WORDS = "The rules for scores have changed, so every resolved prediction on this server was scored again."
_SCORES = insert(cast("Table[Any]", Score.__table__))
_NAMES = tuple(field.name for field in fields(Scores) if field.name != "coverage")


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """What one forecaster scored. `user_id` is set for members who aren't forgotten and whose record isn't private. Higher is
    better."""

    role: Role
    user_id: int | None
    peer: float | None
    baseline: float | None


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """How everyone did on a resolved prediction: the crowd and the author, if any; how many members; and the best of
    them by peer score (all of them in a tie), if it's above 0."""

    crowd: ScoreLine | None
    author: ScoreLine | None
    members: int
    best: tuple[ScoreLine, ...]


def record(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Score everyone who forecast on a locked prediction, by its current result; replaces what was stored before.

    An annulled prediction, and one without a result, has no scores.
    """
    clear(session, prediction)
    if prediction.state is not State.RESOLVED or has_very_many(session, prediction.id):
        return
    prediction.last_day = last_day_of(session, prediction)
    keep(session, prediction, rows_of(case_of(session, prediction)), now=now)


def rows_of(case: Case) -> list[dict[str, Any]]:
    """The scores of everyone who took part in a resolved prediction, as `keep` stores them. Needs no database."""
    open_share = 0.0 if case.window is None else case.window.open_share
    rows: list[dict[str, Any]] = []
    for role, ids, scored in score_case(case).groups():
        who = {Role.MEMBER: "member_id", Role.AUTHOR: "source_id"}.get(role)
        columns = dict(_columns(scored))
        for number, forecaster in enumerate(ids):
            coverage: float = columns["coverage"][number]
            if coverage > 0:
                facts: dict[str, Any] = {"member_id": None, "source_id": None, "presence": min(coverage / open_share, 1.0)}
                facts |= {} if who is None else {who: int(forecaster)}
                rows.append(facts | {name: column[number] for name, column in columns.items()})
    return rows


def keep(session: Session, prediction: Prediction, rows: Sequence[dict[str, Any]], *, now: datetime) -> None:
    """Store the scores of a locked prediction that has none."""
    prediction.scored_at = now
    if rows:
        common = {"prediction_id": prediction.id, "computed_at": now}
        session.connection().execute(_SCORES, [row | common for row in rows])


def has_very_many(session: Session, prediction_id: int) -> bool:
    """Whether a prediction has too many forecasts to score at once, so that `waiting` does it."""
    some = select(Forecast.id).where(Forecast.prediction_id == prediction_id).limit(MOST_AT_ONCE + 1)
    return (session.scalar(select(func.count()).select_from(some.subquery())) or 0) > MOST_AT_ONCE


def clear(session: Session, prediction: Prediction) -> None:
    """Withdraw the scores of a locked prediction."""
    prediction.scored_at = prediction.last_day = None
    session.execute(delete(Score).where(Score.prediction_id == prediction.id).execution_options(synchronize_session=False))


_UNSCORED = (Prediction.state == literal_column(f"'{State.RESOLVED}'"), Prediction.scored_at.is_(None))
_FORECASTS = select(func.count()).where(Forecast.prediction_id == Prediction.id).correlate(Prediction).scalar_subquery()
_FIRST_UNSCORED = select(Prediction).where(*_UNSCORED).order_by(Prediction.id).limit(BATCH).with_for_update(skip_locked=True)
_FIRST_OF_FEW = _FIRST_UNSCORED.where(bindparam("most", type_=Integer) >= _FORECASTS)
_WITH_VERY_MANY = (
    select(Prediction).where(*_UNSCORED, bindparam("most", type_=Integer) < _FORECASTS).order_by(Prediction.id).limit(1)
)
_ANY_UNSCORED = select(Prediction.id).where(*_UNSCORED).limit(1)


def has_missing(session: Session) -> bool:
    """Whether a resolved prediction waits for its scores."""
    return session.scalar(_ANY_UNSCORED) is not None


def are_missing(session: Session, prediction_ids: Sequence[int]) -> bool:
    """Whether one of these has a result and waits for its scores."""
    return session.scalar(_ANY_UNSCORED.where(Prediction.id.in_(prediction_ids))) is not None


def first_with_very_many(session: Session) -> Prediction | None:
    """A resolved prediction that waits for the scores of very many forecasts."""
    return session.scalar(_WITH_VERY_MANY, {"most": MOST_AT_ONCE})


def record_missing(session: Session, *, now: datetime) -> bool:
    """Score resolved predictions that have no scores yet, or only those of earlier rules; True if there may be more. Those with
    very many forecasts are left to `waiting`."""
    found = session.scalars(_FIRST_OF_FEW, {"most": MOST_AT_ONCE}).all()
    if found:
        note_rescoring(session, found, now=now)
    for prediction in found:
        record(session, prediction, now=now)
    return len(found) == BATCH


def summary_of(session: Session, prediction_id: int) -> ScoreSummary | None:
    """How everyone did; None if nobody was scored. Nobody whom managers leave out is called the best."""
    is_left_out = Score.member_id.in_(left_out.ids()).label("is_left_out")
    columns = (Score.member_id, Score.source_id, Score.peer, Score.baseline, Member.user_id, User.shows_calibration)
    scored_lines = select(*columns, is_left_out)
    scored_lines = scored_lines.outerjoin(Member, Member.id == Score.member_id).outerjoin(User, User.id == Member.user_id)
    scored_lines = scored_lines.where(Score.prediction_id == prediction_id)
    rows = session.execute(scored_lines.order_by(Score.member_id, Score.source_id)).all()
    if not rows:
        return None
    lines = [
        ScoreLine(_role_of(row), None if row.shows_calibration is False else row.user_id, row.peer, row.baseline)
        for row in rows
    ]
    members = [line for line in lines if line.role is Role.MEMBER]
    named = [line for row, line in zip(rows, lines, strict=True) if line.role is Role.MEMBER and not row.is_left_out]
    top = max((line.peer for line in named if line.peer is not None), default=0.0)
    best = [line for line in named if top > 1e-9 and line.peer is not None and top - line.peer < 1e-9]
    crowd, author = (next((line for line in lines if line.role is role), None) for role in (Role.CROWD, Role.AUTHOR))
    return ScoreSummary(crowd, author, len(members), tuple(best[:BEST_SHOWN]))


def note_rescoring(session: Session, found: Sequence[Prediction], *, now: datetime) -> None:
    """Say once in each guild's log that scores of earlier rules are replaced: on its first such prediction."""
    older = select(Score.prediction_id, func.max(Score.computed_at).label("at"))
    older = older.where(Score.prediction_id.in_([prediction.id for prediction in found])).group_by(Score.prediction_id)
    computed_at = {row.prediction_id: row.at for row in session.execute(older)}
    told: set[int] = set()
    for prediction in found:
        if prediction.id not in computed_at or prediction.guild_id in told:
            continue
        told.add(prediction.guild_id)
        said = select(Event.id).join(Prediction, Prediction.id == Event.prediction_id)
        said = said.where(Prediction.guild_id == prediction.guild_id, Event.kind == EventKind.RESCORED)
        if session.scalar(said.where(Event.at >= computed_at[prediction.id]).limit(1)) is None:
            session.add(Event(prediction_id=prediction.id, at=now, kind=EventKind.RESCORED, words=RESCORED_WORDS, data={}))


def last_day_of(session: Session, prediction: Prediction) -> float | None:
    """Of a date, the day it was due, in the guild's zone."""
    if prediction.kind is not Kind.DATE or prediction.resolves_at is None:
        return None
    zone = ZoneInfo(guilds.settings_of(session, prediction.guild_id).zone)
    return day_number(prediction.resolves_at.astimezone(zone).date())


def _role_of(row: AnyRow) -> Role:
    return Role.MEMBER if row.member_id is not None else Role.AUTHOR if row.source_id is not None else Role.CROWD


def _columns(scored: Scored) -> Iterator[tuple[str, list[Any]]]:
    """The columns of the table, each with the number of every forecaster."""
    yield "coverage", scored.over_time.coverage.tolist()
    yield "mean_values", scored.mean_values.tolist()
    yield "relative_brier", _numbers(scored.relative_brier)
    for prefix, found in (("", scored.over_time), ("spot_", scored.spot)):
        for name in _NAMES:
            yield prefix + name, _numbers(getattr(found, name))


def _numbers(values: Floats) -> list[float | None]:
    found: list[float] = values.tolist()
    return [None if value != value else value for value in found]
