"""Forecasting on a group's predictions together: one answer each, all stored or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.types import Actor, Values
from bot.services.forecasting import placing
from bot.services.forecasting.placing import PlacedForecast
from bot.services.forecasting.progress import Progress, progress_of
from bot.services.forecasting.second_thoughts import MOST, Falls, SecondThought, falls_in, second_thoughts
from bot.services.groups.views import GONE, GroupView, group_view
from bot.services.members import guilds
from db import queries
from db.models import Skip


@dataclass(frozen=True, slots=True)
class PlacedTogether:
    """Forecasts that were placed on a group, the earliest date first, and the group as the member sees it now."""

    group: GroupView
    placed: tuple[PlacedForecast, ...]
    progress: Progress
    thoughts: tuple[SecondThought, ...] = ()
    """What to ask about them together."""


@dataclass(frozen=True, slots=True)
class UndoneTogether:
    """A group as it is after a member has undone forecasts on it, and on how many."""

    group: GroupView
    number: int


def place_together(
    session: Session,
    actor: Actor,
    *,
    group_id: int,
    answers: Mapping[int, Values],
    left_empty: Sequence[int] = (),
    now: datetime,
) -> PlacedTogether:
    """Record a member's forecasts on predictions of a group, by their codes; their earlier ones end at `now`. `/next` doesn't ask
    again about those that they left empty.

    Raises Refused, and stores nothing, when one of them isn't in the group, is closed to forecasts, or gets values that don't fit.
    """
    member_id = guilds.member_of(session, actor, now=now)
    before = _group(session, actor, group_id, member_id, now)
    there = {row.view.code: row.view for row in before.rows}
    if not answers:
        raise Refused("Type at least one number. What you leave empty stays as it is.")
    if stray := [code for code in answers if code not in there]:
        raise Refused(f"#{stray[0]} isn't in this group any more. Open it again with /group show.")
    placed: dict[int, PlacedForecast] = {}
    for code in sorted(answers):  # locks, always in this order
        held = placing.hold_open(session, guild_id=actor.guild_id, code=code, now=now)
        one = placing.place_held(session, actor, held, values=answers[code], reason=None, member_id=member_id, now=now)
        thoughts = second_thoughts(
            session,
            one.view,
            values=one.values,
            previous=one.previous,
            previous_at=one.previous_at,
            member_id=member_id,
            now=now,
        )
        placed[code] = replace(one, thoughts=tuple(thought for thought in thoughts if not isinstance(thought, Falls)))
    skipped = [there[code].id for code in left_empty if code in there and code not in answers and there[code].own is None]
    rows = [{"member_id": member_id, "prediction_id": one, "skipped_at": now} for one in skipped]
    queries.insert_unless_there(session, Skip, rows)
    falls = falls_in(session, group_id=group_id, member_id=member_id, now=now) if before.is_cumulative else []
    after = _group(session, actor, group_id, member_id, now)
    shown = tuple(placed[row.view.code] for row in after.rows if row.view.code in placed)
    progress = progress_of(session, guild_id=actor.guild_id, member_id=member_id, now=now)
    return PlacedTogether(after, shown, progress, tuple(falls[:MOST]))


def undo_together(
    session: Session, actor: Actor, *, group_id: int, forecast_ids: Sequence[int], now: datetime
) -> UndoneTogether:
    """Undo a member's latest forecasts on a group, all or none. Raises Refused."""
    member_id = guilds.member_of(session, actor, now=now)
    for forecast_id in sorted(set(forecast_ids)):
        placing.undo_held(session, actor, forecast_id=forecast_id, member_id=member_id, now=now)
    return UndoneTogether(_group(session, actor, group_id, member_id, now), len(set(forecast_ids)))


def _group(session: Session, actor: Actor, group_id: int, member_id: int, now: datetime) -> GroupView:
    found = group_view(session, guild_id=actor.guild_id, group_id=group_id, member_id=member_id, now=now)
    if found is None:
        raise Refused(GONE)
    return found
