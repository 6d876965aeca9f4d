"""A tournament as members see it: its standings with their own line, and what each of its predictions does for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.leaderboard import LEAST_OTHERS
from bot.domain.paging import page_within
from bot.domain.tournaments import EntryStatus, status_of
from bot.domain.types import Actor
from bot.services.members import guilds
from bot.services.scoring import leaderboards
from bot.services.scoring.leaderboards import PAGE_SIZE, SCORE_COLUMNS, Leaderboard
from bot.services.tournaments import closing, finding
from bot.services.tournaments.closing import WinnerLine
from bot.services.tournaments.finding import TournamentView
from db.base import AnyRow
from db.models import Prediction, Score, Tournament, TournamentEntry


@dataclass(frozen=True, slots=True)
class TournamentPage:
    """A page of a tournament's leaderboard, with the asker's own line unless it's for everyone. `winners` once it's over;
    `is_manager`: who asks may change it."""

    tournament: TournamentView
    winners: tuple[WinnerLine, ...]
    leaderboard: Leaderboard
    is_manager: bool


@dataclass(frozen=True, slots=True)
class TournamentEntryLine:
    """A prediction of a tournament, and what it does for the standings."""

    code: int
    statement: str
    closes_at: datetime | None
    status: EntryStatus


@dataclass(frozen=True, slots=True)
class TournamentEntries:
    """A page of a tournament's predictions: what takes forecasts first, then what waits, what counts and what doesn't."""

    tournament: TournamentView
    number: int
    pages: int
    counted: int
    lines: tuple[TournamentEntryLine, ...]


_ORDER = (EntryStatus.OPEN, EntryStatus.WAITING, EntryStatus.COUNTS)


def show(
    session: Session,
    actor: Actor,
    *,
    name: str | None = None,
    tournament_id: int = 0,
    page: int = 0,
    is_public: bool = False,
    now: datetime,
) -> TournamentPage:
    """A tournament by its name, or by its id. Raises Refused if this guild has none such."""
    tournament = _found(session, actor, name, tournament_id)
    view = finding.view_of(session, tournament, now=now)
    member_id = None if is_public else guilds.known_member(session, actor)
    shown = leaderboards.leaderboard_of(
        session,
        actor.guild_id,
        finding.counted(tournament),
        by=view.ranking,
        least=view.least,
        page=page,
        member_id=member_id,
    )
    is_manager = not is_public and guilds.is_manager(session, actor)
    return TournamentPage(view, closing.winners_of(session, view.id), shown, is_manager)


def show_entries(session: Session, actor: Actor, *, tournament_id: int, page: int = 0, now: datetime) -> TournamentEntries:
    """A page of its predictions. Raises Refused if this guild has no such tournament."""
    tournament = finding.numbered(session, actor.guild_id, tournament_id)
    view = finding.view_of(session, tournament, now=now)
    member = Score.member_id.is_not(None)
    is_other = member & Score.member_id.is_distinct_from(Prediction.author_id)
    found = (
        select(Prediction, func.count().filter(is_other).label("others"))
        .add_columns(func.count(SCORE_COLUMNS[view.ranking]).filter(member).label("scores"))
        .join(TournamentEntry, TournamentEntry.prediction_id == Prediction.id)
        .outerjoin(Score, Score.prediction_id == Prediction.id)
        .where(TournamentEntry.tournament_id == tournament.id)
        .group_by(Prediction.id)
    )
    lines = [_line(row, tournament) for row in session.execute(found)]
    lines.sort(key=lambda line: (_place(line.status), line.closes_at or tournament.ends_at, line.code))
    number, pages = page_within(len(lines), size=PAGE_SIZE, wanted=page)
    return TournamentEntries(
        tournament=view,
        number=number,
        pages=pages,
        counted=sum(line.status is EntryStatus.COUNTS for line in lines),
        lines=tuple(lines[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]),
    )


def _place(status: EntryStatus) -> int:
    return _ORDER.index(status) if status in _ORDER else len(_ORDER)


def _found(session: Session, actor: Actor, name: str | None, tournament_id: int) -> Tournament:
    if name is None:
        return finding.numbered(session, actor.guild_id, tournament_id)
    return finding.named(session, actor.guild_id, name)


def _line(row: AnyRow, tournament: Tournament) -> TournamentEntryLine:
    one: Prediction = row.Prediction
    status = status_of(
        state=one.state,
        closes_at=one.closes_at,
        resolved_at=one.resolved_at,
        starts_at=tournament.starts_at,
        ends_at=tournament.ends_at,
        closed_at=tournament.closed_at,
        is_counted=one.approved_at is not None and row.others >= LEAST_OTHERS and row.scores > 0,
    )
    return TournamentEntryLine(one.code, one.statement, one.closes_at, status)
