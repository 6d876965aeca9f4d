"""Tournaments of a guild, found by their names or ids, and what counts in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.leaderboard import Ranking
from bot.domain.lifecycle import ENDED
from bot.domain.texts import clean_line
from bot.domain.tournaments import TournamentStage, stage_of
from bot.domain.types import Actor, State
from bot.services.members import guilds
from db.models import Prediction, Tournament, TournamentEntry

MOST_LISTED = 25
MOST_FOLDED = 120
"""How long a name is at most once its letters are folded, by which some become three."""


@dataclass(frozen=True, slots=True)
class TournamentView:
    """A tournament, how many predictions it has, and how many of them still have no result and could count.

    `channel_id` is where its end is told: its own channel, or the guild's; None for nowhere. `role_trouble` says why the winners
    don't have its role.
    """

    id: int
    name: str
    stage: TournamentStage
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    ranking: Ranking
    least: int
    role_id: int | None
    channel_id: int | None
    role_trouble: str | None
    predictions: int
    pending: int

    @property
    def ended_early(self) -> bool:
        """Whether managers ended it before its time."""
        return self.closed_at is not None and self.closed_at < self.ends_at


def list_tournaments(session: Session, actor: Actor, *, now: datetime) -> tuple[TournamentView, ...]:
    """The guild's tournaments: those that go on or come, the soonest end first, then those that are over, the latest first."""
    its = select(Tournament).where(Tournament.guild_id == actor.guild_id)
    standing = session.scalars(
        its.where(Tournament.closed_at.is_(None)).order_by(Tournament.ends_at, Tournament.id).limit(MOST_LISTED)
    ).all()
    over = session.scalars(
        its.where(Tournament.closed_at.is_not(None))
        .order_by(Tournament.closed_at.desc(), Tournament.id.desc())
        .limit(MOST_LISTED - len(standing))
    ).all()
    return views_of(session, actor.guild_id, [*standing, *over], now=now)


def may_manage(session: Session, actor: Actor) -> bool:
    """Whether the actor may create and change tournaments."""
    return guilds.is_manager(session, actor)


def names_of(session: Session, *, guild_id: int, words: str, now: datetime) -> tuple[tuple[str, TournamentStage], ...]:
    """Names with these words in them, and where each stands: first what goes on, then what is over, the latest first."""
    its = select(Tournament.name, Tournament.starts_at, Tournament.ends_at, Tournament.closed_at)
    its = its.where(Tournament.guild_id == guild_id, Tournament.folded.contains(_folded(words), autoescape=True))
    order = (Tournament.closed_at.is_not(None), Tournament.ends_at.desc(), Tournament.id)
    return tuple(
        (row.name, stage_of(starts_at=row.starts_at, ends_at=row.ends_at, closed_at=row.closed_at, now=now))
        for row in session.execute(its.order_by(*order).limit(MOST_LISTED))
    )


def named(session: Session, guild_id: int, name: str, *, locked: bool = False) -> Tournament:
    """The guild's tournament of this name, in whatever capitals. Raises Refused."""
    its = select(Tournament).where(Tournament.guild_id == guild_id, Tournament.folded == _folded(name))
    found = session.scalar(its.with_for_update() if locked else its)
    if found is None:
        raise Refused(
            f"There's no tournament called “{clean_line(name)[:60]}” on this server. /tournament list has them all."
        )
    return found


def numbered(session: Session, guild_id: int, tournament_id: int) -> Tournament:
    """The guild's tournament of this id. Raises Refused for another guild's, and one that isn't there."""
    found = session.get(Tournament, tournament_id)
    if found is None or found.guild_id != guild_id:
        raise Refused("That tournament isn't on this server. /tournament list has them all.")
    return found


def view_of(session: Session, tournament: Tournament, *, now: datetime) -> TournamentView:
    """One tournament as everyone may see it."""
    return views_of(session, tournament.guild_id, [tournament], now=now)[0]


def views_of(
    session: Session, guild_id: int, tournaments: Sequence[Tournament], *, now: datetime
) -> tuple[TournamentView, ...]:
    """These tournaments as everyone may see them, in two statements however many there are."""
    entries = (
        select(TournamentEntry.tournament_id, func.count().label("all"))
        .add_columns(func.count().filter(is_pending()).label("pending"))
        .join(Prediction, Prediction.id == TournamentEntry.prediction_id)
        .join(Tournament, Tournament.id == TournamentEntry.tournament_id)
        .where(TournamentEntry.tournament_id.in_([one.id for one in tournaments]))
        .group_by(TournamentEntry.tournament_id)
    )
    counted = {row.tournament_id: (row.all, row.pending) for row in session.execute(entries)}
    usual = guilds.settings_of(session, guild_id).post_channel_id
    return tuple(
        TournamentView(
            one.id,
            one.name,
            stage_of(starts_at=one.starts_at, ends_at=one.ends_at, closed_at=one.closed_at, now=now),
            one.starts_at,
            one.ends_at,
            one.closed_at,
            Ranking(one.ranking),
            one.least,
            one.winner_role_id,
            one.channel_id or usual,
            one.role_trouble,
            *counted.get(one.id, (0, 0)),
        )
        for one in tournaments
    )


def why_no_prize(session: Session, guild_id: int, role_id: int) -> str | None:
    """Why a role can't be a tournament's prize: it decides what its members may do with this bot. None if it can."""
    settings = guilds.settings_of(session, guild_id)
    if role_id not in (guild_id, settings.manager_role_id, settings.voter_role_id):
        return None
    return "The managers', the voters' and everyone's role can't be won: they decide what their members may do here."


def is_pending() -> ColumnElement[bool]:
    """Whether a prediction, joined to its tournament, has no result yet and would count with one."""
    return Prediction.state.not_in([*ENDED, State.DRAFT]) & (Prediction.closes_at <= Tournament.ends_at)


def counted(tournament: Tournament) -> list[ColumnElement[bool]]:
    """The conditions for resolved predictions that count in a tournament: chosen for it, closing by its end, and with a result
    from its time."""
    chosen = select(TournamentEntry.prediction_id).where(TournamentEntry.tournament_id == tournament.id)
    conditions: list[Any] = [
        Prediction.id.in_(chosen),
        Prediction.guild_id == tournament.guild_id,
        Prediction.state == State.RESOLVED,
        Prediction.closes_at <= tournament.ends_at,
        Prediction.resolved_at >= tournament.starts_at,
    ]
    return conditions if tournament.closed_at is None else [*conditions, Prediction.resolved_at <= tournament.closed_at]


def _folded(name: str) -> str:
    return clean_line(name, refuse=False).casefold()[:MOST_FOLDED]
