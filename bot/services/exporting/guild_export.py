"""Everything public in a guild, for anyone who wants to keep it or check its leaderboards: /export data and `export`.

It holds what everyone here may see, nothing more. If a prediction's crowd is hidden from members who haven't forecast, it
leaves out members' forecasts and everything computed from them. It never holds private reasons, ballots or Discord's ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.cases import EXPERIENCED_ID
from bot.domain.documents import export_writing
from bot.domain.documents.export_seal import seal
from bot.domain.documents.export_writing import Put, written_moment, written_value
from bot.domain.documents.results import experienced_document, score_rows
from bot.domain.leaderboard import ForecasterResult, Ranking, ranking
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import ANNULLED, OPTION, VALUE
from bot.domain.timelines import ForecastWindow, window_of
from bot.domain.types import Role, State
from bot.domain.visibility import BlindRule, Sight
from bot.services.exporting import rows
from bot.services.exporting.rows import PredictionBelongings
from bot.services.members import guilds
from bot.services.predictions.views import PredictionView, prediction_views
from bot.services.scoring import experienced
from db.base import AnyRow
from db.models import Guild, LeftOutMember, Member, Prediction, Source, User

AT_ONCE = 10
"""How many predictions are in memory at a time."""


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """What an export holds: how many predictions, how many of them resolved, how many with hidden forecasts, and how many
    forecasts. `seal` is the SHA-256 of all of it."""

    predictions: int
    resolved: int
    hidden: int
    forecasts: int
    seal: str


@dataclass(slots=True)
class _ExportTotals:
    """What adds up while predictions are written."""

    forecasters: set[str] = field(default_factory=set[str])
    results: list[ForecasterResult] = field(default_factory=list[ForecasterResult])
    scored: list[str] = field(default_factory=list[str])
    digests: dict[str, str] = field(default_factory=dict[str, str])
    resolved: int = 0
    hidden: int = 0
    forecasts: int = 0


def export(session: Session, *, guild_id: int, now: datetime, put: Put) -> ExportCounts:
    """Write everything public in a guild, as of `now`, piece by piece: `put` gets a file's name and what comes next in it.
    The same rows give the same bytes. Run `record_missing` first, or scores may be missing. Holds a few predictions at a time and
    may take seconds, so run it on a thread.
    """
    rule = guilds.settings_of(session, guild_id).blind_rule
    listed = select(Prediction.id).where(Prediction.guild_id == guild_id, Prediction.state != State.DRAFT)
    ids = session.scalars(listed.order_by(Prediction.code)).all()
    gathered = _ExportTotals()
    export_writing.put_beginning(put, guild_id=guild_id, exported_at=now)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        for number, entry in enumerate(_entries(session, guild_id, some, rule, gathered, now=now), start):
            gathered.digests[entry["id"]] = export_writing.put_prediction(put, entry, is_first=number == 0)
            gathered.forecasts += len(entry["forecasts"])
            gathered.hidden += entry["hidden"]
            gathered.resolved += entry["state"] == State.RESOLVED
    forecasters = _forecasters(session, guild_id, gathered.forecasters)
    leaderboards = _leaderboards(gathered, forecasters)
    sealed = seal(
        export_writing.guild_block(guild_id),
        predictions=gathered.digests,
        forecasters=forecasters,
        leaderboards=leaderboards,
    )
    export_writing.put_end(put, forecasters=forecasters, leaderboards=leaderboards, seal=sealed)
    return ExportCounts(len(ids), gathered.resolved, gathered.hidden, gathered.forecasts, sealed.sha256)


def known_guilds(session: Session) -> list[int]:
    """The ids of the guilds we have anything for."""
    return list(session.scalars(select(Guild.id).order_by(Guild.id)))


def _entries(
    session: Session, guild_id: int, ids: Sequence[int], rule: BlindRule, gathered: _ExportTotals, *, now: datetime
) -> Iterator[dict[str, Any]]:
    """These predictions as the format has them."""
    views = prediction_views(session, guild_id=guild_id, prediction_ids=ids, member_id=None, now=now)
    sights = {view.id: Sight(view.is_open, has_forecast=False, forecasters=view.forecasters, now=now) for view in views}
    shown = [view.id for view in views if rule.shows_crowd(sights[view.id])]
    found = rows.belongings_of(session, ids, of_members=shown)
    windows = {
        view.id: _window(view, *_closes(view, found[view.id].closed_at), found[view.id].happened_at) for view in views
    }
    closes = {key: np.inf if window is None else window.closed_at for key, window in windows.items() if key in shown}
    by_experience = experienced.said_on(session, guild_id, closes)
    results = experienced.results_of(session, guild_id)
    for view in views:
        is_shown, belongings = view.id in shown, found[view.id]
        shows_author = rule.shows_author(sights[view.id])
        forecasts = [row for row in belongings.forecasts if row.source_id is None or (shows_author and rows.fits(view, row))]
        window = windows[view.id]
        entry: dict[str, Any] = _described(view, *_closes(view, belongings.closed_at)) | _counting(view, belongings)
        entry["hidden"] = not is_shown
        entry["forecasts"] = rows.forecast_blocks(view, forecasts)
        if is_shown:
            entry["crowd"] = rows.crowd_of(view, forecasts, window)
            by_experienced = by_experience.get(view.id)
            if by_experienced is not None:
                entry["experienced"] = experienced_document(by_experienced.said, window)
            is_scored = belongings.scores or not rows.is_anybody_active(view, forecasts, window)
            if view.state is State.RESOLVED and is_scored:
                entry["scores"] = rows.score_blocks(belongings.scores)
                if by_experienced is not None and by_experienced.scored is not None:
                    entry["scores"] += score_rows(Role.EXPERIENCED, (EXPERIENCED_ID,), by_experienced.scored)
                gathered.results += rows.results_of(belongings, results.get(view.id))
                gathered.scored.append(entry["id"])
        entry["events"], entry["revisions"] = belongings.events, belongings.revisions
        gathered.forecasters |= _named(entry)
        yield entry


def _closes(view: PredictionView, closed_at: datetime | None) -> tuple[datetime | None, datetime | None]:
    """The scheduled close, and the actual one if it no longer takes forecasts. A prediction that was over before it opened, as
    old ones in a pack can be, never took any."""
    ended_at = closed_at or (view.resolved_at if view.state in ENDED else None)
    scheduled, actual = (None if close is None else max(close, view.opens_at) for close in (view.closes_at, ended_at))
    return scheduled, actual if scheduled is None or actual is None else min(actual, scheduled)


def _window(
    view: PredictionView, scheduled: datetime | None, actual: datetime | None, happened_at: datetime | None
) -> ForecastWindow | None:
    closes = [None if moment is None else moment.timestamp() for moment in (scheduled, happened_at, actual)]
    return window_of(
        opens_at=view.opens_at.timestamp(), scheduled_close=closes[0], happened_at=closes[1], ended_at=closes[2]
    )


def _counting(view: PredictionView, belongings: PredictionBelongings) -> dict[str, Any]:
    """What decides whether, and until when, forecasts on it count."""
    happened_at, last_day = belongings.happened_at, belongings.last_day
    return {
        "creator": belongings.creator,
        "approved": belongings.is_approved,
        "happened_at": None if happened_at is None else written_moment(happened_at),
        "last_day": None if last_day is None else written_value(view.kind, last_day),
    }


def _described(view: PredictionView, scheduled: datetime | None, actual: datetime | None) -> dict[str, Any]:
    """What everyone sees of a prediction, except forecasts."""
    moments = {
        "opens_at": view.opens_at,
        "scheduled_close": scheduled,
        "actual_close": actual,
        "resolves_at": view.resolves_at,
        "resolved_at": view.resolved_at,
    }
    return {
        "id": str(view.code),
        "code": view.code,
        "kind": view.kind,
        "statement": view.statement,
        "criteria": view.criteria,
        "options": list(view.options) or None,
        "unit": view.unit,
        "range": _range(view),
        "tags": list(view.tags),
        "pack": view.pack,
        "source": view.source_title,
        "url": view.source_url or view.link,
        "parent": None if view.parent is None else view.parent.code,
        "relation": _relation(view),
        "state": view.state,
        "standing": view.forecasters,
        **{name: None if moment is None else written_moment(moment) for name, moment in moments.items()},
        "resolution": _resolution(view),
    }


def _relation(view: PredictionView) -> str | None:
    if view.parent is None:
        return None
    return f"{view.parent.relation}_not" if view.parent.is_negated else view.parent.relation


def _range(view: PredictionView) -> dict[str, float | str | None] | None:
    if not view.stated_range:
        return None
    ends = {"low": view.stated_range.low, "high": view.stated_range.high}
    return {name: None if end is None else written_value(view.kind, end) for name, end in ends.items()}


def _resolution(view: PredictionView) -> str | float | None:
    """What happened, in the words of the format."""
    match view.outcome:
        case None:
            return None
        case word if word == ANNULLED:
            # If an option has this very name, the format would read it as that; then only `state` says it.
            return None if ANNULLED in {option.strip().casefold() for option in view.options} else word
        case word if word == OPTION and view.outcome_value is not None:
            return view.options[int(view.outcome_value)]
        case word if word == VALUE and view.outcome_value is not None:
            return written_value(view.kind, view.outcome_value)
        case word:
            return word


def _named(entry: dict[str, Any]) -> set[str]:
    """Everyone who needs a name in the file."""
    lists = (entry["forecasts"], entry.get("scores", ()), entry["events"])
    named = [row["forecaster"] for rows in lists for row in rows]
    return {name for name in (entry["creator"], *named) if name is not None}


def _forecasters(session: Session, guild_id: int, named: set[str]) -> list[dict[str, Any]]:
    """Members in the order of their numbers, then the crowds and authors. Names are the ones used in this guild; who shows their
    record to nobody has none."""
    members = select(Member.id, Member.name, Member.forgotten_at, User.shows_calibration, LeftOutMember.since)
    members = members.outerjoin(User, User.id == Member.user_id).where(Member.guild_id == guild_id).order_by(Member.id)
    is_left_out = (LeftOutMember.member_id == Member.id) & LeftOutMember.ended_at.is_(None)
    members = members.outerjoin(LeftOutMember, is_left_out)
    found = [
        {"id": str(row.id), "role": Role.MEMBER, "name": _name_of(row)} | _left_out(row)
        for row in session.execute(members)
        if str(row.id) in named
    ]
    crowds = {Role.CROWD: "crowd", Role.EXPERIENCED: "experienced crowd"}
    found += [{"id": role, "role": role, "name": name} for role, name in crowds.items() if role in named]
    for row in session.execute(select(Source.id, Source.title, Source.authors).order_by(Source.id)):
        if rows.forecaster_key(None, row.id) in named:
            found.append(
                {
                    "id": rows.forecaster_key(None, row.id),
                    "role": Role.AUTHOR,
                    "name": ", ".join(row.authors) or row.title,
                }
            )
    return found


def _name_of(row: AnyRow) -> str:
    if row.name is None or row.forgotten_at is not None:
        return f"former member {row.id}"
    return f"private member {row.id}" if row.shows_calibration is False else row.name


def _left_out(row: AnyRow) -> dict[str, str]:
    return {} if row.since is None else {"left_out": written_moment(row.since)}


def _leaderboards(gathered: _ExportTotals, forecasters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The all-time rankings, from the stored scores of what counts in rankings."""
    # No ids means that a ranking is of all predictions in the file, so nobody can quietly leave one out.
    counted = {"predictions": gathered.scored} if len(gathered.scored) < gathered.resolved else {}
    names = {person["id"]: person["name"] for person in forecasters}
    out = {person["id"] for person in forecasters if "left_out" in person}
    results = [one for one in gathered.results if one.role is not Role.MEMBER or one.forecaster not in out]
    boards: list[dict[str, Any]] = []
    for by in Ranking:
        lines = [asdict(line) | {"name": names[line.forecaster]} for line in ranking(by, results)]
        boards.append({"by": by, "name": "all time", **counted, "standings": lines})
    return boards
