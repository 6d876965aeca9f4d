"""Calibration: whether things happened as often as a member, the crowd or a document's author said they would.

Only resolved predictions count, and everyone may see those, unless a member keeps their record private.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain.audit import calibrations_of
from bot.domain.calibration import Calibration
from bot.domain.cases import score_case
from bot.domain.errors import Refused
from bot.domain.seasons import ALL_TIME, Season
from bot.domain.types import Actor, Kind, Role
from bot.services.members import guilds, people
from bot.services.scoring import resolved
from bot.services.scoring.cases import cases_of
from db.models import Forecast, Member, Pack, Prediction, Source

LEAST_EVENTS = 10
"""With fewer, calibration means next to nothing: a bin would hold one or two."""
MAX_OFFERED = 25
THE_CROWD = "the crowd"
_HAS_PROBABILITY = Prediction.kind.in_([Kind.BINARY, Kind.MULTIPLE_CHOICE])


class ForecasterKind(StrEnum):
    """Whose calibration to show."""

    MEMBER = "member"
    CROWD = "crowd"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class CalibrationSubject:
    """Whose calibration is shown. `id` is the user's or the source's, and 0 for the crowd."""

    whose: ForecasterKind
    id: int = 0


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """How often things came true, by the probability someone gave them. `name` is empty for the crowd. `calibration` is
    None below `LEAST_EVENTS`; `events` says how many there are. `seasons` are those with anything resolved, if there
    is a choice."""

    of: CalibrationSubject
    name: str
    is_own: bool
    tag: str | None
    season: Season
    events: int
    calibration: Calibration | None
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceName:
    """A document whose author stated numbers."""

    id: int
    title: str
    authors: tuple[str, ...]
    slug: str


def show_calibration(
    session: Session,
    actor: Actor,
    *,
    of: CalibrationSubject | str,
    name: str | None = None,
    is_bot: bool = False,
    tag: str | None = None,
    season: Season = ALL_TIME,
) -> CalibrationView:
    """The calibration of a member, the crowd or a document's author, over what this guild resolved in a season.

    `of` may be words that name the crowd or a document. Raises Refused for bots, strangers, members with a private
    record, and documents or tags this guild doesn't have.
    """
    tag = resolved.known_tag(session, actor.guild_id, tag)
    if isinstance(of, str):
        of = _named(session, actor.guild_id, of)
    shown_as, member_id, source_id = "", None, None
    if of.whose is ForecasterKind.MEMBER:
        known, shown_as = require_shown(session, actor, user_id=of.id, name=name, is_bot=is_bot)
        member_id = known or 0
    elif of.whose is ForecasterKind.AUTHOR:
        source = session.execute(_sources(actor.guild_id).where(Source.id == of.id)).first()
        if source is None:
            raise Refused("This server has no predictions from that document. Pick one of the suggestions in /calibration.")
        shown_as, source_id = ", ".join(source.authors[:2]) or source.title, source.id
    found = of_forecaster(session, actor, of, shown_as, tag=tag, season=season, member_id=member_id, source_id=source_id)
    return replace(found, seasons=resolved.seasons_of(session, guild_id=actor.guild_id))


def sources_of_guild(session: Session, *, guild_id: int, words: str) -> list[SourceName]:
    """Up to 25 documents of the guild with these words in their title or authors, whose authors stated numbers."""
    return _fitting(_names(session, guild_id), words)[:MAX_OFFERED]


def source_named(session: Session, *, guild_id: int, words: str) -> SourceName:
    """The one document with this id or title, or matching these words. Raises Refused for none and for several."""
    names, given = _names(session, guild_id), words.strip().casefold()
    exact = [name for name in names if given in (str(name.id), name.title.casefold())]
    found = exact or (_fitting(names, given) if given else [])
    if not found:
        raise Refused(f"No document here matches “{words[:60]}” and has its author's own numbers. Pick one from the list.")
    if len(found) > 1:
        raise Refused(f"“{words[:60]}” matches {len(found)} documents. Pick one from the list.")
    return found[0]


def require_shown(session: Session, actor: Actor, *, user_id: int, name: str | None, is_bot: bool) -> tuple[int | None, str]:
    """The member's id (None if they've never done anything here) and name, if the actor may see their record. Raises Refused
    for bots, strangers, and members with a private record."""
    if user_id == actor.user_id:
        return guilds.known_member(session, actor), actor.name
    known = select(Member.id, Member.name).where(Member.guild_id == actor.guild_id, Member.user_id == user_id)
    row = session.execute(known).first()
    shown_as = name or (row.name if row is not None else None) or "This member"
    if is_bot:
        raise Refused(f"{shown_as} is a bot, and bots can't forecast here.")
    if not people.shows_record(session, user_id):
        raise Refused(f"{shown_as} keeps their record private.")
    if row is None:
        raise Refused(f"{shown_as} hasn't forecast here yet, so there's no record to show.")
    return row.id, shown_as


def of_forecaster(
    session: Session,
    actor: Actor,
    of: CalibrationSubject,
    name: str,
    *,
    tag: str | None = None,
    season: Season = ALL_TIME,
    member_id: int | None = None,
    source_id: int | None = None,
) -> CalibrationView:
    """The calibration of this member or this source, or of the crowd if neither is given."""
    role = {ForecasterKind.MEMBER: Role.MEMBER, ForecasterKind.CROWD: Role.CROWD, ForecasterKind.AUTHOR: Role.AUTHOR}[
        of.whose
    ]
    if source_id is not None:
        theirs = Forecast.source_id == source_id
    elif member_id is not None:
        theirs = Forecast.member_id == member_id
    else:
        theirs = Forecast.member_id.is_not(None)
    resolved_ones = resolved.counted(session, actor.guild_id, season=season, tag=tag)
    results = [score_case(case) for case in cases_of(session, theirs, _HAS_PROBABILITY, *resolved_ones)]
    found = next((one.calibration for one in calibrations_of(results) if one.role is role and one.forecaster), None)
    events = 0 if found is None else found.events
    is_own = of == CalibrationSubject(ForecasterKind.MEMBER, actor.user_id)
    return CalibrationView(
        of=of,
        name=name,
        is_own=is_own,
        tag=tag,
        season=season,
        events=events,
        calibration=found if events >= LEAST_EVENTS else None,
    )


def _named(session: Session, guild_id: int, words: str) -> CalibrationSubject:
    if words.strip().casefold() in (THE_CROWD, "crowd"):
        return CalibrationSubject(ForecasterKind.CROWD)
    return CalibrationSubject(ForecasterKind.AUTHOR, source_named(session, guild_id=guild_id, words=words).id)


def _sources(guild_id: int) -> Select[*tuple[Any, ...]]:
    stated = select(Forecast.source_id).join(Prediction, Prediction.id == Forecast.prediction_id)
    return (
        select(Source.id, Source.title, Source.authors, Pack.slug)
        .join(Pack, Pack.id == Source.pack_id)
        .where(Source.id.in_(stated.where(Prediction.guild_id == guild_id, Forecast.source_id.is_not(None))))
    )


def _names(session: Session, guild_id: int) -> list[SourceName]:
    rows = session.execute(_sources(guild_id).order_by(Source.title, Source.id))
    return [SourceName(row.id, row.title, tuple(row.authors), row.slug) for row in rows]


def _fitting(names: list[SourceName], words: str) -> list[SourceName]:
    wanted = words.casefold().split()
    return [
        name for name in names if all(word in " ".join((name.title, *name.authors, name.slug)).casefold() for word in wanted)
    ]
