"""Scores in the database: computed with the result, in its transaction, by the same functions that score an export, so that
the bits agree; deleted when the result is withdrawn. `cases` says what counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, literal_column, select
from sqlalchemy.orm import Session

from bot.domain.cases import score_case
from bot.domain.events import EventKind
from bot.domain.scoring import Scored, Scores
from bot.domain.times import day_number
from bot.domain.types import Kind, Role, State
from bot.services.members import guilds, left_out
from bot.services.scoring.cases import case_of
from db.base import AnyRow
from db.models import Event, Member, Prediction, Score, User

BATCH = 50
BEST_SHOWN = 3
RESCORED_WORDS = "The rules for scores have changed, so every resolved prediction on this server was scored again."
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
    if prediction.state is not State.RESOLVED:
        return
    prediction.scored_at, prediction.last_day = now, _last_day(session, prediction)
    case = case_of(session, prediction)
    open_share = 0.0 if case.window is None else case.window.open_share
    rows: list[dict[str, Any]] = []
    for role, ids, scored in score_case(case).groups():
        for number, forecaster in enumerate(ids):
            coverage = float(scored.over_time.coverage[number])
            if coverage > 0:
                presence = min(coverage / open_share, 1.0)
                who = {Role.MEMBER: "member_id", Role.AUTHOR: "source_id"}.get(role)
                facts = {"prediction_id": prediction.id, "member_id": None, "source_id": None, "computed_at": now}
                facts |= {} if who is None else {who: int(forecaster)}
                rows.append(facts | {"coverage": coverage, "presence": presence} | _columns(scored, number))
    if rows:
        session.execute(insert(Score), rows)


def clear(session: Session, prediction: Prediction) -> None:
    """Withdraw the scores of a locked prediction."""
    prediction.scored_at = prediction.last_day = None
    session.execute(delete(Score).where(Score.prediction_id == prediction.id).execution_options(synchronize_session=False))


_UNSCORED = (Prediction.state == literal_column(f"'{State.RESOLVED}'"), Prediction.scored_at.is_(None))
_FIRST_UNSCORED = select(Prediction).where(*_UNSCORED).order_by(Prediction.id).limit(BATCH).with_for_update(skip_locked=True)


def has_missing(session: Session) -> bool:
    """Whether a resolved prediction waits for its scores."""
    return session.scalar(select(Prediction.id).where(*_UNSCORED).limit(1)) is not None


def record_missing(session: Session, *, now: datetime) -> bool:
    """Score resolved predictions that have no scores yet, or only those of earlier rules; True if there may be more."""
    found = session.scalars(_FIRST_UNSCORED).all()
    if found:
        _note_rescoring(session, found, now=now)
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


def _note_rescoring(session: Session, found: Sequence[Prediction], *, now: datetime) -> None:
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


def _last_day(session: Session, prediction: Prediction) -> float | None:
    """Of a date, the day it was due, in the guild's zone."""
    if prediction.kind is not Kind.DATE or prediction.resolves_at is None:
        return None
    zone = ZoneInfo(guilds.settings_of(session, prediction.guild_id).zone)
    return day_number(prediction.resolves_at.astimezone(zone).date())


def _role_of(row: AnyRow) -> Role:
    return Role.MEMBER if row.member_id is not None else Role.AUTHOR if row.source_id is not None else Role.CROWD


def _columns(scored: Scored, number: int) -> dict[str, Any]:
    means: list[float] = scored.mean_values[number].tolist()
    relative = float(scored.relative_brier[number])
    return (
        {"mean_values": means, "relative_brier": None if relative != relative else relative}
        | dict(_numbers(scored.over_time, "", number))
        | dict(_numbers(scored.spot, "spot_", number))
    )


def _numbers(scores: Scores, prefix: str, number: int) -> Iterator[tuple[str, float | None]]:
    for name in _NAMES:
        value = float(getattr(scores, name)[number])
        yield prefix + name, None if value != value else value
