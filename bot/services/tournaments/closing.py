"""How a tournament ends: once, by the clock or by a manager, with its winners noted and the news queued."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.domain.tournaments import PODIUM, WAITS_FOR, TournamentStage
from bot.services import outbox
from bot.services.members import left_out
from bot.services.outbox import MessageKind
from bot.services.predictions import ladder
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import calls, leaderboards
from bot.services.scoring.calls import EarlyCall
from bot.services.scoring.leaderboards import Leaderboard
from bot.services.tournaments import finding
from bot.services.tournaments.finding import TournamentView
from db.base import UtcDateTime
from db.models import Forecast, Guild, Member, Prediction, Tournament, TournamentEntry, TournamentWinner, User
from db.queries import NOW, PRESENT

log = logging.getLogger(__name__)

MOST_WINNERS = 25
"""How many are noted, unless more came first: ties could make them many."""


@dataclass(frozen=True, slots=True)
class WinnerLine:
    """Who came first, second or third. `user_id` is None once they're forgotten; `has_role`: the bot gave them the role."""

    member_id: int
    user_id: int | None
    rank: int
    score: float
    predictions: int
    has_role: bool


@dataclass(frozen=True, slots=True)
class TournamentEnd:
    """What is told when a tournament is over: its winners but those who were left out since, the first page of its leaderboard
    with crowds and authors, and the best early call of all, if whoever made it lets results name them. `unawaited`: how many
    results were still to come when managers ended it; None if the clock did."""

    tournament: TournamentView
    winners: tuple[WinnerLine, ...]
    leaderboard: Leaderboard
    call: tuple[PredictionView, EarlyCall] | None
    unawaited: int | None = None


_DUE = (Tournament.closed_at.is_(None), Tournament.ends_at <= NOW, Tournament.guild_id.in_(PRESENT))
_HAS_PENDING = (
    select(TournamentEntry.tournament_id)
    .join(Prediction, Prediction.id == TournamentEntry.prediction_id)
    .where(TournamentEntry.tournament_id == Tournament.id, finding.is_pending())
    .exists()
)
_READY = (
    select(Tournament)
    .where(*_DUE, ~_HAS_PENDING | (Tournament.ends_at <= bindparam("waited_since", type_=UtcDateTime)))
    .order_by(Tournament.ends_at, Tournament.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_WAITING = select(Tournament).where(*_DUE, Tournament.wakes_at <= NOW)
_NEXT = select(func.min(Tournament.wakes_at)).where(Tournament.closed_at.is_(None), Tournament.guild_id.in_(PRESENT))


def close_due(session: Session, *, now: datetime) -> bool:
    """End one tournament whose time has come and whose results are in, or waited for long enough; True if there may be more."""
    found = session.scalar(_READY, {"now": now, "waited_since": now - WAITS_FOR})
    if found is not None:
        return close(session, found, now=now)
    # What still waits is looked at whenever a result comes, and at the latest when nobody waits any longer.
    for tournament in session.scalars(_WAITING, {"now": now}):
        tournament.wakes_at = tournament.ends_at + WAITS_FOR
        log.info("tournament %s waits for results until %s", tournament.id, tournament.wakes_at)
    return False


def next_due_at(session: Session) -> datetime | None:
    """When the next tournament ends, or stops waiting for results."""
    return session.scalar(_NEXT)


def close(session: Session, tournament: Tournament, *, now: datetime, is_direct: bool = False) -> bool:
    """End a tournament: note who won and queue the news, unless it had not begun. False if it's over already. `is_direct`: by
    what a manager just did, so quiet hours don't matter."""
    its = (Tournament.id == tournament.id, Tournament.closed_at.is_(None))
    ending = update(Tournament).where(*its).values(closed_at=now, wakes_at=None).returning(Tournament.id)
    if session.execute(ending.execution_options(synchronize_session=False)).first() is None:
        return False
    session.refresh(tournament)
    log.info("tournament %s ended", tournament.id)
    if now <= tournament.starts_at:
        return True
    view = finding.view_of(session, tournament, now=now)
    ranked = leaderboards.ranked_members(
        session,
        tournament.guild_id,
        finding.counted(tournament),
        by=view.ranking,
        least=tournament.least,
    )
    for place, line in enumerate(ranked):
        if line.rank == 1 or (line.rank is not None and line.rank <= PODIUM and place < MOST_WINNERS):
            session.add(
                TournamentWinner(
                    tournament_id=tournament.id,
                    member_id=int(line.forecaster),
                    rank=line.rank,
                    score=line.score,
                    predictions=line.predictions,
                )
            )
    session.flush()
    guild = session.get_one(Guild, tournament.guild_id)
    due_at = now if is_direct else max(now, ladder.quiet_hours_of(guild).first_moment_from(now))
    payload = {"tournament_id": tournament.id, "channel_id": tournament.channel_id}
    payload |= {"unawaited": view.pending} if is_direct else {}
    key = f"{MessageKind.TOURNAMENT}:{tournament.id}"
    outbox.queue(session, MessageKind.TOURNAMENT, guild_id=tournament.guild_id, payload=payload, due_at=due_at, key=key)
    return True


def end_of(
    session: Session, *, guild_id: int, tournament_id: int, now: datetime, unawaited: int | None = None
) -> TournamentEnd | None:
    """What the post at a tournament's end says; None if it isn't there, or isn't over. `unawaited` was noted when it ended."""
    tournament = session.get(Tournament, tournament_id)
    if tournament is None or tournament.guild_id != guild_id:
        return None
    view = finding.view_of(session, tournament, now=now)
    if view.stage is not TournamentStage.OVER:
        return None
    which = finding.counted(tournament)
    shown = leaderboards.leaderboard_of(session, guild_id, which, by=view.ranking, least=view.least)
    call = _best_call(session, tournament, now=now)
    out = set(session.scalars(select(Member.id).where(Member.guild_id == guild_id, Member.id.in_(left_out.ids()))))
    winners = tuple(one for one in winners_of(session, tournament_id) if one.member_id not in out)
    return TournamentEnd(view, winners, shown, call, unawaited)


def winners_of(session: Session, tournament_id: int) -> tuple[WinnerLine, ...]:
    """Who won when it ended, best first."""
    found = select(TournamentWinner, Member.user_id).join(Member, Member.id == TournamentWinner.member_id)
    found = found.where(TournamentWinner.tournament_id == tournament_id)
    return tuple(
        WinnerLine(
            row.TournamentWinner.member_id,
            row.user_id,
            row.TournamentWinner.rank,
            row.TournamentWinner.score,
            row.TournamentWinner.predictions,
            row.TournamentWinner.role_given_at is not None,
        )
        for row in session.execute(found.order_by(TournamentWinner.rank, TournamentWinner.member_id))
    )


def note_roles(
    session: Session, *, tournament_id: int, member_ids: Sequence[int], trouble: str | None, now: datetime
) -> None:
    """These winners have the role now. `trouble`: why others don't, in words for a manager."""
    given = (TournamentWinner.tournament_id == tournament_id, TournamentWinner.member_id.in_(member_ids))
    session.execute(
        update(TournamentWinner).where(*given, TournamentWinner.role_given_at.is_(None)).values(role_given_at=now)
    )
    session.execute(update(Tournament).where(Tournament.id == tournament_id).values(role_trouble=trouble))


def _best_call(session: Session, tournament: Tournament, *, now: datetime) -> tuple[PredictionView, EarlyCall] | None:
    """The best early call on any prediction that counts, by a member who lets results name them."""
    may_be_named = (
        select(Forecast.prediction_id)
        .join(Member, Member.id == Forecast.member_id)
        .join(User, User.id == Member.user_id)
        .where(User.shows_calls, User.shows_calibration, Member.forgotten_at.is_(None))
    )
    ids = select(Prediction.id).where(*finding.counted(tournament), Prediction.id.in_(may_be_named))
    found = [(key, calls.best_early_call(session, key)) for key in session.scalars(ids.order_by(Prediction.id))]
    named = [(key, call) for key, call in found if call is not None]
    if not named:
        return None
    key, call = max(named, key=lambda one: one[1].ahead)
    (view,) = prediction_views(session, guild_id=tournament.guild_id, prediction_ids=[key], member_id=None, now=now)
    return view, call
