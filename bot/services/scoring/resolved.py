"""Which resolved predictions count for a leaderboard or a record: those of a season, a tag, a pack."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain.errors import Refused
from bot.domain.leaderboard import LEAST_OTHERS
from bot.domain.seasons import ALL_TIME, Season, season_of
from bot.domain.types import State
from bot.services.members import guilds, left_out
from db.models import Pack, Prediction, PredictionTag, Score

_Scored = aliased(Score)


def counted(
    session: Session, guild_id: int, *, season: Season = ALL_TIME, tag: str | None = None, pack: str | None = None
) -> list[ColumnElement[bool]]:
    """The conditions for predictions that count. A season's days begin and end in the guild's zone."""
    conditions = [Prediction.guild_id == guild_id, Prediction.state == State.RESOLVED]
    if season != ALL_TIME and (bounds := season.bounds(_zone(session, guild_id))) is not None:
        conditions += [Prediction.resolved_at >= bounds[0], Prediction.resolved_at < bounds[1]]
    if tag is not None:
        conditions.append(Prediction.id.in_(_tagged(guild_id, tag)))
    if pack is not None:
        conditions.append(Prediction.pack_id.in_(select(Pack.id).where(Pack.slug == pack)))
    return conditions


def in_rankings() -> list[ColumnElement[bool]]:
    """The conditions for predictions that count in rankings; the same as `counts_in_rankings`, in SQL."""
    others = select(func.count()).where(_Scored.prediction_id == Prediction.id, _Scored.member_id.is_not(None))
    others = others.where(_Scored.member_id.is_distinct_from(Prediction.author_id)).correlate(Prediction)
    return [Prediction.approved_at.is_not(None), others.scalar_subquery() >= LEAST_OTHERS]


def not_left_out() -> list[ColumnElement[bool]]:
    """The conditions for scores that rankings list: not those of members whom managers leave out."""
    return [or_(Score.member_id.is_(None), Score.member_id.not_in(left_out.ids()))]


def seasons_of(session: Session, *, guild_id: int) -> tuple[Season, ...]:
    """The years and quarters in which something of the guild was resolved, newest first, each year before its quarters."""
    zone = _zone(session, guild_id)
    ended = select(Prediction.resolved_at).where(Prediction.guild_id == guild_id, Prediction.state == State.RESOLVED)
    quarters = {season_of(at, zone) for at in session.scalars(ended) if at is not None}
    found = quarters | {Season(quarter.year) for quarter in quarters}
    return tuple(sorted(found, key=lambda season: (-season.year, season.quarter > 0, -season.quarter)))


def known_tag(session: Session, guild_id: int, tag: str | None) -> str | None:
    """The tag as it's stored; None for nothing. Raises Refused for one that no prediction of this guild has."""
    wanted = " ".join((tag or "").lower().split())
    if not wanted:
        return None
    if not session.scalar(select(exists(_tagged(guild_id, wanted)))):
        raise Refused(f"No prediction on this server has the tag “{wanted[:40]}”. Pick one of the suggestions.")
    return wanted


def known_pack(session: Session, guild_id: int, pack: str | None) -> str | None:
    """The pack's name as it's stored; None for nothing. Raises Refused for one that no prediction of this guild comes from."""
    wanted = (pack or "").strip().lower()
    if not wanted:
        return None
    here = select(Prediction.id).join(Pack, Pack.id == Prediction.pack_id)
    if not session.scalar(select(exists(here.where(Prediction.guild_id == guild_id, Pack.slug == wanted)))):
        raise Refused(f"No prediction on this server comes from the pack “{wanted[:64]}”. See its packs with /pack list.")
    return wanted


def _tagged(guild_id: int, tag: str) -> Select[Any]:
    return select(PredictionTag.prediction_id).where(PredictionTag.guild_id == guild_id, PredictionTag.tag == tag)


def _zone(session: Session, guild_id: int) -> ZoneInfo:
    return ZoneInfo(guilds.settings_of(session, guild_id).zone)
