"""Creating, changing and ending tournaments, which managers do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.leaderboard import Ranking
from bot.domain.texts import clean_line
from bot.domain.times import day_text, last_day_before
from bot.domain.tournaments import LEAST, MOST_LEAST, NotTaken, TournamentStage
from bot.domain.types import Actor
from bot.services.members import guilds
from bot.services.tournaments import choosing, closing, finding
from bot.services.tournaments.choosing import EntryChoice
from bot.services.tournaments.finding import TournamentView
from db.models import Tournament

MAX_NAME = 60
MOST_STANDING = 20
"""How many a guild has that aren't over."""
LONGEST = timedelta(days=3 * 366)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewTournament:
    """What a manager creates. `starts_at` is the first moment of its first day, None for at once; `ends_at` the moment its last
    day ends."""

    name: str
    ends_at: datetime
    starts_at: datetime | None = None
    ranking: Ranking = Ranking.PEER
    least: int = LEAST
    role_id: int | None = None
    channel_id: int | None = None
    choice: EntryChoice | None = None


@dataclass(frozen=True, slots=True)
class TournamentChanges:
    """What changes; None leaves it as it is. `drops_role` and `drops_channel` take away what's there."""

    name: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    ranking: Ranking | None = None
    least: int | None = None
    role_id: int | None = None
    channel_id: int | None = None
    drops_role: bool = False
    drops_channel: bool = False


@dataclass(frozen=True, slots=True)
class CreatedTournament:
    """A new tournament, the predictions in it by code with their statements, and which weren't taken, by the reason."""

    tournament: TournamentView
    added: tuple[tuple[int, str], ...]
    left: dict[NotTaken, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ChangedTournament:
    """A tournament before and after a change."""

    before: TournamentView
    after: TournamentView


def create(session: Session, actor: Actor, *, new: NewTournament, now: datetime) -> CreatedTournament:
    """Create a tournament. Raises NotAManager, or Refused with what's wrong."""
    guilds.require_manager(session, actor, "create tournaments")
    name = _checked_name(new.name)
    starts_at = now if new.starts_at is None else _checked_start(new.starts_at, now)
    _check_end(starts_at, new.ends_at, now)
    _check_least(new.least)
    _check_role(session, actor, new.role_id)
    guilds.welcome(session, actor.guild_id, now=now)
    its = (Tournament.guild_id == actor.guild_id, Tournament.closed_at.is_(None))
    if (session.scalar(select(func.count()).select_from(Tournament).where(*its)) or 0) >= MOST_STANDING:
        raise Refused(f"This server has {MOST_STANDING} tournaments that aren't over, and that's the most. End one first.")
    tournament = Tournament(
        guild_id=actor.guild_id,
        name=name,
        folded=name.casefold(),
        starts_at=starts_at,
        ends_at=new.ends_at,
        wakes_at=new.ends_at,
        ranking=new.ranking,
        least=new.least,
        winner_role_id=new.role_id,
        channel_id=new.channel_id,
        created_at=now,
    )
    session.add(tournament)
    _store(session, name)
    added, left = (), {}
    if new.choice is not None:
        added, left = choosing.add_chosen(session, tournament, new.choice, has_begun=False, now=now)
        if not added:
            why = choosing.left_text(left)
            raise Refused(
                f"None of these can be in it: {why}." if why else "No prediction matches. Check the tag or the pack."
            )
    return CreatedTournament(finding.view_of(session, tournament, now=now), added, left)


def change(session: Session, actor: Actor, *, name: str, changes: TournamentChanges, now: datetime) -> ChangedTournament:
    """Change a tournament. Its days, score and least number are fixed once it has begun: they decide who wins. Raises
    NotAManager, or Refused with what's wrong."""
    guilds.require_manager(session, actor, "change a tournament")
    tournament = finding.named(session, actor.guild_id, name, locked=True)
    before = finding.view_of(session, tournament, now=now)
    if before.stage in (TournamentStage.OVER, TournamentStage.CALLED_OFF):
        raise Refused(f"“{tournament.name}” is over, so nothing about it changes any more.")
    fixed = (changes.starts_at, changes.ends_at, changes.ranking, changes.least)
    if before.stage is not TournamentStage.UPCOMING and any(one is not None for one in fixed):
        raise Refused(
            f"“{tournament.name}” has begun, so its days, its score and how many predictions a rank needs stay as they are. "
            "You can still change its name, role and channel, or end it."
        )
    if changes.starts_at is not None or changes.ends_at is not None:
        starts_at = tournament.starts_at if changes.starts_at is None else _checked_start(changes.starts_at, now)
        ends_at = changes.ends_at or tournament.ends_at
        _check_end(starts_at, ends_at, now)
        tournament.starts_at, tournament.ends_at, tournament.wakes_at = starts_at, ends_at, ends_at
    if changes.least is not None:
        _check_least(changes.least)
        tournament.least = changes.least
    _check_role(session, actor, changes.role_id)
    tournament.ranking = tournament.ranking if changes.ranking is None else changes.ranking
    if (changes.drops_role and changes.role_id is not None) or (changes.drops_channel and changes.channel_id is not None):
        raise Refused("A new one can't be given and taken away at once. Leave one of the two out.")
    tournament.winner_role_id = None if changes.drops_role else changes.role_id or tournament.winner_role_id
    tournament.channel_id = None if changes.drops_channel else changes.channel_id or tournament.channel_id
    if changes.name is not None:
        tournament.name = _checked_name(changes.name)
        tournament.folded = tournament.name.casefold()
    _store(session, tournament.name)
    after = finding.view_of(session, tournament, now=now)
    if after == before:
        raise Refused("That wouldn't change anything. Give a new name, day, score, number, role or channel.")
    return ChangedTournament(before, after)


def end(session: Session, actor: Actor, *, name: str, now: datetime) -> TournamentView:
    """End a tournament now, with the results so far; one that hasn't begun is called off, and nothing is posted. Raises
    NotAManager, or Refused if it's over."""
    guilds.require_manager(session, actor, "end a tournament")
    tournament = finding.named(session, actor.guild_id, name, locked=True)
    if not closing.close(session, tournament, now=now, is_direct=True):
        raise Refused(f"“{tournament.name}” is over already. See how it ended with /tournament show.")
    return finding.view_of(session, tournament, now=now)


def _store(session: Session, name: str) -> None:
    """Write it down. Raises Refused where another one has the name, also one that was created this very moment."""
    try:
        session.flush()
    except IntegrityError:
        raise Refused(f"There's a tournament called “{name}” on this server already. Choose another name.") from None


def _checked_name(typed: str) -> str:
    name = clean_line(typed)
    if not name:
        raise Refused("The name is empty. Give one that people recognise, for example: Spring cup.")
    if len(name) > MAX_NAME:
        raise Refused(f"The name has {len(name)} characters; at most {MAX_NAME} fit. Choose a shorter one.")
    if len(name.casefold()) > finding.MOST_FOLDED:
        raise Refused(
            f"Some letters of the name, such as ΐ, count as several, and together they're more than {finding.MOST_FOLDED}. "
            "Choose a shorter name."
        )
    return name


def _checked_start(starts_at: datetime, now: datetime) -> datetime:
    """The first moment of its first day, or now if that's today. Refuses days that are over."""
    if starts_at + DAY <= now:
        raise Refused(
            f"{day_text(starts_at.date())} is already over, and a tournament can't begin in the past. Choose today or a later day."
        )
    return max(starts_at, now)


def _check_end(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    last_day = day_text(last_day_before(ends_at))
    if ends_at <= now:
        raise Refused(f"{last_day} is already over. Choose a last day that's still to come.")
    if ends_at <= starts_at:
        raise Refused(f"It would end on {last_day}, before it begins. Choose a later last day.")
    if ends_at > starts_at + LONGEST:
        raise Refused(f"{last_day} is more than three years after it begins. Choose an earlier last day.")


def _check_role(session: Session, actor: Actor, role_id: int | None) -> None:
    if role_id is not None and (why_not := finding.why_no_prize(session, actor.guild_id, role_id)) is not None:
        raise Refused(f"{why_not} Choose another one.")


def _check_least(least: int) -> None:
    if not 1 <= least <= MOST_LEAST:
        raise Refused(f"A rank can need 1 to {MOST_LEAST} predictions, not {least}. Choose a number in between.")
