"""Which predictions a tournament has: managers add them and take them out, as long as that's fair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.domain.codes import read_codes
from bot.domain.errors import Refused
from bot.domain.texts import listed
from bot.domain.tournaments import NotTaken, TournamentStage, stage_of, why_not_taken
from bot.domain.types import Actor, State
from bot.services.members import guilds
from bot.services.scoring import resolved
from bot.services.tournaments import finding
from bot.services.tournaments.finding import TournamentView
from db import queries
from db.models import Forecast, Pack, Prediction, PredictionTag, Tournament, TournamentEntry

MOST_ENTRIES = 200
MOST_NAMED = 10
WHY_NOT = {
    NotTaken.UNKNOWN: "not on this server",
    NotTaken.THERE_ALREADY: "already in it",
    NotTaken.NOT_THERE: "not in it",
    NotTaken.ENDED: "already decided",
    NotTaken.CLOSED: "closed for forecasts",
    NotTaken.CLOSES_LATER: "open for longer than the tournament runs",
    NotTaken.NOT_APPROVED: "not approved for the rankings yet (its details have the button)",
    NotTaken.HAS_FORECASTS: "forecast by someone already, and the tournament has begun",
}
"""Completes “#3 and #5 are …”."""


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """Which predictions: all that this narrows down to. `codes` as they were typed: “3, 5, 10-14”."""

    tag: str | None = None
    pack: str | None = None
    codes: str | None = None


@dataclass(frozen=True, slots=True)
class ChangedEntries:
    """What was added or taken out, by code with its statement, and what wasn't, by the reason."""

    tournament: TournamentView
    changed: tuple[tuple[int, str], ...]
    left: dict[NotTaken, tuple[int, ...]]


def add(session: Session, actor: Actor, *, name: str, choice: EntryChoice, now: datetime) -> ChangedEntries:
    """Add predictions to a tournament. Raises NotAManager, or Refused where none can be added."""
    tournament, has_begun = _changeable(session, actor, name, now)
    left = _require_some(add_chosen(session, tournament, choice, has_begun=has_begun, now=now))
    return ChangedEntries(finding.view_of(session, tournament, now=now), *left)


def remove(session: Session, actor: Actor, *, name: str, choice: EntryChoice, now: datetime) -> ChangedEntries:
    """Take predictions out of a tournament. Once it has begun, only those that nobody has forecast. Raises NotAManager, or
    Refused where none can be taken out."""
    tournament, has_begun = _changeable(session, actor, name, now)
    its = select(TournamentEntry.prediction_id).where(TournamentEntry.tournament_id == tournament.id)
    there = set(session.scalars(its))
    found, unknown = _matching(session, actor.guild_id, choice, within=there)
    forecast = _forecast(session, found) if has_begun else set[int]()
    left: dict[NotTaken, list[int]] = defaultdict(list, {NotTaken.UNKNOWN: unknown} if unknown else {})
    going: list[Prediction] = []
    for one in found:
        if one.id not in there:
            left[NotTaken.NOT_THERE].append(one.code)
        elif one.id in forecast:
            left[NotTaken.HAS_FORECASTS].append(one.code)
        else:
            going.append(one)
    gone = (TournamentEntry.tournament_id == tournament.id, TournamentEntry.prediction_id.in_([one.id for one in going]))
    session.execute(delete(TournamentEntry).where(*gone).execution_options(synchronize_session=False))
    changed = _require_some((tuple((one.code, one.statement) for one in going), _tupled(left)))
    return ChangedEntries(finding.view_of(session, tournament, now=now), *changed)


Taken = tuple[tuple[tuple[int, str], ...], dict[NotTaken, tuple[int, ...]]]


def add_chosen(session: Session, tournament: Tournament, choice: EntryChoice, *, has_begun: bool, now: datetime) -> Taken:
    """Add what fits of the choice to a tournament that is held; returns that, and what doesn't fit. Raises Refused for a tag, a
    pack or codes that can't be read, and for too many."""
    its = select(TournamentEntry.prediction_id).where(TournamentEntry.tournament_id == tournament.id)
    there = set(session.scalars(its))
    found, unknown = _matching(session, tournament.guild_id, choice)
    forecast = _forecast(session, found) if has_begun else set[int]()
    left: dict[NotTaken, list[int]] = defaultdict(list, {NotTaken.UNKNOWN: unknown} if unknown else {})
    coming: list[Prediction] = []
    for one in found:
        why_not = why_not_taken(
            state=one.state,
            closes_at=one.closes_at,
            is_approved=one.approved_at is not None,
            has_forecasts=one.id in forecast,
            ends_at=tournament.ends_at,
            has_begun=has_begun,
        )
        why_not = NotTaken.THERE_ALREADY if one.id in there else why_not
        if why_not is None:
            coming.append(one)
        else:
            left[why_not].append(one.code)
    if len(there) + len(coming) > MOST_ENTRIES:
        raise Refused(
            f"That would make {len(there) + len(coming):,} predictions, and a tournament has at most {MOST_ENTRIES}. "
            "Choose fewer, for example by their codes."
        )
    rows = [{"tournament_id": tournament.id, "prediction_id": one.id, "added_at": now} for one in coming]
    if rows:
        queries.insert_unless_there(session, TournamentEntry, rows)
    return tuple((one.code, one.statement) for one in coming), _tupled(left)


def left_text(left: dict[NotTaken, tuple[int, ...]]) -> str:
    """Which ones weren't taken, and why: “#3 and #5 are already decided; #7 is not in it”. Empty for none."""
    told: list[str] = []
    for why, codes in left.items():
        named = [f"#{code}" for code in codes[:MOST_NAMED]]
        named += [f"{len(codes) - MOST_NAMED} more"] if len(codes) > MOST_NAMED else []
        told.append(f"{listed(named)} {'is' if len(codes) == 1 else 'are'} {WHY_NOT[why]}")
    return "; ".join(told)


def _require_some(taken: Taken) -> Taken:
    changed, left = taken
    if not changed:
        raise Refused(
            f"Nothing changes: {left_text(left)}." if left else "No prediction matches. Check the tag or the pack."
        )
    return taken


def _changeable(session: Session, actor: Actor, name: str, now: datetime) -> tuple[Tournament, bool]:
    """The tournament, held, and whether it has begun."""
    guilds.require_manager(session, actor, "change a tournament")
    tournament = finding.named(session, actor.guild_id, name, locked=True)
    stage = stage_of(starts_at=tournament.starts_at, ends_at=tournament.ends_at, closed_at=tournament.closed_at, now=now)
    if stage not in (TournamentStage.UPCOMING, TournamentStage.RUNNING):
        raise Refused(f"“{tournament.name}” is past its end, so its predictions stay as they are.")
    return tournament, stage is not TournamentStage.UPCOMING


def _matching(
    session: Session, guild_id: int, choice: EntryChoice, *, within: set[int] | None = None
) -> tuple[Sequence[Prediction], list[int]]:
    """What the choice narrows down to, locked so that nobody forecasts meanwhile, and the codes that aren't there."""
    if choice == EntryChoice():
        raise Refused("Choose which: give a tag, a pack or codes.")
    conditions = [Prediction.guild_id == guild_id, Prediction.state != State.DRAFT]
    codes = None if choice.codes is None else list(dict.fromkeys(read_codes(choice.codes)))
    if (tag := resolved.known_tag(session, guild_id, choice.tag)) is not None:
        tagged = (PredictionTag.guild_id == guild_id, PredictionTag.tag == tag)
        conditions.append(Prediction.id.in_(select(PredictionTag.prediction_id).where(*tagged)))
    if (pack := resolved.known_pack(session, guild_id, choice.pack)) is not None:
        conditions.append(Prediction.pack_id.in_(select(Pack.id).where(Pack.slug == pack)))
    if codes is None and within is not None:  # of a whole tag or pack, only what is there can go
        conditions.append(Prediction.id.in_(within))
    if codes is not None:
        conditions.append(Prediction.code.in_(codes))
    elif (session.scalar(select(func.count()).select_from(Prediction).where(*conditions)) or 0) > 10 * MOST_ENTRIES:
        raise Refused(f"That's far more than the {MOST_ENTRIES} predictions a tournament has at most. Choose by codes.")
    found = session.scalars(select(Prediction).where(*conditions).order_by(Prediction.code).with_for_update()).all()
    known = {one.code for one in found}
    return found, [code for code in codes or () if code not in known]


def _forecast(session: Session, predictions: Sequence[Prediction]) -> set[int]:
    """Which of them a member has ever forecast."""
    ids = [one.id for one in predictions]
    by_members = (Forecast.prediction_id.in_(ids), Forecast.member_id.is_not(None))
    return set(session.scalars(select(Forecast.prediction_id).where(*by_members).distinct()))


def _tupled(left: dict[NotTaken, list[int]]) -> dict[NotTaken, tuple[int, ...]]:
    return {why: tuple(codes) for why, codes in left.items()}
