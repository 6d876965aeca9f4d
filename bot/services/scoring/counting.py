"""Which resolved predictions a ranking counts, and why it leaves the others out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.leaderboard import LEAST_OTHERS, Ranking
from bot.domain.paging import page_within
from bot.domain.seasons import ALL_TIME, Season
from bot.domain.types import Actor
from bot.services.scoring import resolved
from bot.services.scoring.leaderboards import PAGE_SIZE, SCORE_COLUMNS, LeaderboardChoice, choice_of
from db.base import AnyRow
from db.models import Prediction, Score


class NotCounted(Enum):
    """Why a ranking doesn't count a resolved prediction."""

    NOT_APPROVED = auto()
    TOO_FEW = auto()
    NO_SUCH_SCORE = auto()


@dataclass(frozen=True, slots=True)
class ConsideredPrediction:
    """A resolved prediction: how many members besides its creator were scored on it, and why it's left out; None if it counts."""

    code: int
    statement: str
    others: int
    left_out: NotCounted | None


@dataclass(frozen=True, slots=True)
class CountedPredictions:
    """A page of the resolved predictions that a ranking could count: those it does first, each group by code. `counted` is how
    many it counts of `considered`; `number` starts at 0."""

    board: LeaderboardChoice
    number: int
    pages: int
    counted: int
    considered: int
    lines: tuple[ConsideredPrediction, ...]


def show_counted(
    session: Session,
    actor: Actor,
    *,
    by: Ranking = Ranking.PEER,
    season: Season = ALL_TIME,
    tag: str | None = None,
    pack: str | None = None,
    page: int = 0,
) -> CountedPredictions:
    """Which predictions the leaderboard of the same choice counts. A page number past the end gives the last page.

    Raises Refused for a tag or a pack that no prediction of this guild has.
    """
    guild_id = actor.guild_id
    board = choice_of(session, guild_id, by=by, season=season, tag=tag, pack=pack)
    which = resolved.counted(session, guild_id, season=board.season, tag=board.tag, pack=board.pack)
    member = Score.member_id.is_not(None)
    is_other = member & Score.member_id.is_distinct_from(Prediction.author_id)
    found = (
        select(
            Prediction.code,
            Prediction.statement,
            Prediction.approved_at,
            func.count().filter(is_other).label("others"),
            func.count(SCORE_COLUMNS[by]).filter(member).label("scores"),
        )
        .outerjoin(Score, Score.prediction_id == Prediction.id)
        .where(*which)
        .group_by(Prediction.id)
    )
    lines = [_considered(row) for row in session.execute(found)]
    lines.sort(key=lambda line: (line.left_out is not None, line.code))
    number, pages = page_within(len(lines), size=PAGE_SIZE, wanted=page)
    return CountedPredictions(
        board=board,
        number=number,
        pages=pages,
        counted=sum(line.left_out is None for line in lines),
        considered=len(lines),
        lines=tuple(lines[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]),
    )


def _considered(row: AnyRow) -> ConsideredPrediction:
    left_out = None
    if row.approved_at is None:
        left_out = NotCounted.NOT_APPROVED
    elif row.others < LEAST_OTHERS:
        left_out = NotCounted.TOO_FEW
    elif not row.scores:
        left_out = NotCounted.NO_SUCH_SCORE
    return ConsideredPrediction(row.code, row.statement, row.others, left_out)
