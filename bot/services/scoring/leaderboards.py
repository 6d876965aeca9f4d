"""Leaderboards, from stored scores alone. Only resolved predictions have scores, so nothing that is still blind can leak: once
there's a result, everyone may see the crowd's number and the author's, whatever the guild hid before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.domain.cases import CROWD_ID
from bot.domain.leaderboard import ForecasterResult, RankedForecaster, Ranking, ranking
from bot.domain.paging import page_within
from bot.domain.seasons import ALL_TIME, Season
from bot.domain.types import Actor, Role
from bot.services.members import guilds
from bot.services.scoring import experienced, resolved
from db.base import AnyRow
from db.models import Member, Prediction, Score, Source

PAGE_SIZE = 10
SCORE_COLUMNS = {Ranking.PEER: Score.peer, Ranking.BASELINE: Score.baseline, Ranking.BRIER: Score.relative_brier}
"""The score that each ranking goes by."""


@dataclass(frozen=True, slots=True)
class LeaderboardChoice:
    """Which leaderboard: what it's sorted by, and what counts."""

    by: Ranking = Ranking.PEER
    season: Season = ALL_TIME
    tag: str | None = None
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class LeaderboardLine:
    """A line of a leaderboard. `rank` is None for the crowds and authors. `user_id` is None for them and for forgotten members;
    `title` is an author's document, and `authors` who wrote it.

    `score`: higher is better. `coverage` is the mean share of the planned time with a forecast, 0 to 1. `absolute_brier`, in the
    ranking by Brier, is the mean of the scores as they are: lower is better.
    """

    rank: int | None
    role: Role
    user_id: int | None
    title: str | None
    authors: tuple[str, ...]
    score: float
    predictions: int
    coverage: float
    absolute_brier: float | None = None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """One page of a leaderboard, best first; `number` starts at 0. `predictions` counts those whose scores are in it, and
    `members` the ranked ones.

    `own` is the asker's line, wherever it is; without one, `own_predictions` says how many scores of this kind they have.
    `seasons` are those in which something was resolved, newest first, each year before its quarters; empty for a tournament's.
    """

    board: LeaderboardChoice
    number: int
    pages: int
    predictions: int
    members: int
    lines: tuple[LeaderboardLine, ...]
    own: LeaderboardLine | None
    own_predictions: int
    seasons: tuple[Season, ...] = ()


def show_leaderboard(
    session: Session,
    actor: Actor,
    *,
    by: Ranking = Ranking.PEER,
    season: Season = ALL_TIME,
    tag: str | None = None,
    pack: str | None = None,
    page: int = 0,
    is_public: bool = False,
) -> Leaderboard:
    """A page of the guild's leaderboard, with the asker's own line unless it's for everyone. A page number past the end
    gives the last page.

    Raises Refused for a tag or a pack that no prediction of this guild has. A fixed number of statements, however
    many scores there are.
    """
    guild_id = actor.guild_id
    board = choice_of(session, guild_id, by=by, season=season, tag=tag, pack=pack)
    member_id = None if is_public else guilds.known_member(session, actor)
    which = resolved.counted(session, guild_id, season=board.season, tag=board.tag, pack=board.pack)
    shown = leaderboard_of(session, guild_id, which, by=by, page=page, member_id=member_id)
    return replace(shown, board=board, seasons=resolved.seasons_of(session, guild_id=guild_id))


def leaderboard_of(
    session: Session,
    guild_id: int,
    which: Sequence[ColumnElement[bool]],
    *,
    by: Ranking,
    least: int | None = None,
    page: int = 0,
    member_id: int | None = None,
) -> Leaderboard:
    """A page of the leaderboard by these of the guild's resolved predictions, with this member's own line. `least`: how many
    predictions a rank needs, if not as many as usual."""
    rows = _scored(session, which, by)
    ranked = _ranked(session, guild_id, rows, by, least)
    number, pages = page_within(len(ranked), size=PAGE_SIZE, wanted=page)
    shown = ranked[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
    own = next((line for line in ranked if line.role is Role.MEMBER and line.forecaster == str(member_id)), None)
    users, sources = _names(session, [*shown, *([own] if own else [])])
    return Leaderboard(
        board=LeaderboardChoice(by),
        number=number,
        pages=pages,
        predictions=len({row.prediction_id for row in rows}),
        members=sum(line.role is Role.MEMBER for line in ranked),
        lines=tuple(_line(line, users, sources) for line in shown),
        own=None if own is None else _line(own, users, sources),
        own_predictions=sum(row.member_id == member_id and row.score is not None for row in rows) if member_id else 0,
    )


def ranked_members(
    session: Session, guild_id: int, which: Sequence[ColumnElement[bool]], *, by: Ranking, least: int
) -> tuple[RankedForecaster, ...]:
    """The members in the same ranking, best first; `forecaster` is the member's id."""
    ranked = _ranked(session, guild_id, _scored(session, which, by), by, least)
    return tuple(line for line in ranked if line.role is Role.MEMBER)


def choice_of(
    session: Session, guild_id: int, *, by: Ranking, season: Season, tag: str | None, pack: str | None
) -> LeaderboardChoice:
    """What a leaderboard ranks by and counts. Raises Refused for a tag or a pack that no prediction of this guild has."""
    return LeaderboardChoice(
        by, season, resolved.known_tag(session, guild_id, tag), resolved.known_pack(session, guild_id, pack)
    )


def _ranked(
    session: Session, guild_id: int, rows: list[AnyRow], by: Ranking, least: int | None
) -> tuple[RankedForecaster, ...]:
    return ranking(by, [*_results(rows), *_of_experienced(session, guild_id, rows)], least=least)


def _scored(session: Session, which: Sequence[ColumnElement[bool]], by: Ranking) -> list[AnyRow]:
    found = (
        select(
            Score.member_id,
            Score.source_id,
            Score.prediction_id,
            Score.coverage,
            Score.brier,
            SCORE_COLUMNS[by].label("score"),
        )
        .join(Prediction, Prediction.id == Score.prediction_id)
        .where(*which, *resolved.in_rankings(), *resolved.not_left_out(), SCORE_COLUMNS[by].is_not(None))
    )
    return list(session.execute(found).all())


def _results(rows: list[AnyRow]) -> Iterator[ForecasterResult]:
    for member_id, source_id, _, coverage, brier, score in rows:
        if member_id is not None:
            who, role = str(member_id), Role.MEMBER
        else:
            who, role = (CROWD_ID, Role.CROWD) if source_id is None else (str(source_id), Role.AUTHOR)
        # A ranking uses one kind of score, so we read just that one.
        yield ForecasterResult(who, role, coverage, coverage, score, score, brier, 0.0, score)


def _of_experienced(session: Session, guild_id: int, rows: list[AnyRow]) -> Iterator[ForecasterResult]:
    """The experienced crowd's results on the predictions that these scores are of."""
    results = experienced.results_of(session, guild_id)
    return (results[key] for key in sorted({row.prediction_id for row in rows} & results.keys()))


def _names(session: Session, lines: list[RankedForecaster]) -> tuple[dict[int, int | None], dict[int, AnyRow]]:
    member_ids = [int(line.forecaster) for line in lines if line.role is Role.MEMBER]
    source_ids = [int(line.forecaster) for line in lines if line.role is Role.AUTHOR]
    users = select(Member.id, Member.user_id).where(Member.id.in_(member_ids), Member.forgotten_at.is_(None))
    sources = select(Source.id, Source.title, Source.authors).where(Source.id.in_(source_ids))
    return (
        {row.id: row.user_id for row in session.execute(users)} if member_ids else {},
        {row.id: row for row in session.execute(sources)} if source_ids else {},
    )


def _line(line: RankedForecaster, users: dict[int, int | None], sources: dict[int, AnyRow]) -> LeaderboardLine:
    source = sources.get(int(line.forecaster)) if line.role is Role.AUTHOR else None
    return LeaderboardLine(
        rank=line.rank,
        role=line.role,
        user_id=users.get(int(line.forecaster)) if line.role is Role.MEMBER else None,
        title=None if source is None else source.title,
        authors=() if source is None else tuple(source.authors),
        score=line.score,
        predictions=line.predictions,
        coverage=line.coverage / line.predictions,
        absolute_brier=line.absolute_brier,
    )
