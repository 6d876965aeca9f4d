"""What a document says about its own predictions: the author's forecasts over time, and what happened.

These are the source's forecasts and the source's word. They never touch members' rankings, and where a member has
forecast, the community decides what happened, whatever the document says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.documents.models import FilePrediction as Written
from bot.domain.documents.models import PredictionFile
from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import Outcome
from bot.domain.types import Relation, State
from bot.services.voting import outcomes, settling
from db.base import AnyRow
from db.models import Ballot, Event, Forecast, Pack, Prediction, Vote


@dataclass(frozen=True, slots=True)
class StatementGrade:
    """What we did with a document's word on what happened: took it as the result, withdrew it, or neither, and why."""

    is_taken: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class _StoredForecast:
    """A forecast of the source as a row: `id` is empty until it's stored."""

    id: int | None
    values: tuple[float, ...]
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class _PackFacts:
    """What has happened to the pack's predictions in the guild, by their ids."""

    endings: Mapping[int, AnyRow]
    graded: Mapping[int, frozenset[tuple[str, float | None]]]
    forecast: frozenset[int]
    voted: frozenset[int]


def opened_at(written: Written, document: PredictionFile, closes_at: datetime | None, now: datetime) -> datetime:
    """When a prediction opened that was over before it was loaded: when it was made or first forecast, when its window
    began, or when its document was written."""
    known = [moment for moment in (written.created, *(one.at for one in written.forecasts[:1])) if moment is not None]
    day = written.window.start.isoformat() if written.window.start else document.source.date
    if not known and day:
        known.append(datetime.combine(datetime.fromisoformat((day + "-01-01")[:10]), time(), UTC))
    return min(*known, closes_at or now, written.resolved or now, now)


def claim(written: Written) -> dict[str, Any]:
    """What the document says happened, and when, as facts to show."""
    if (words := written.result_words) is None:
        return {}
    return {"outcome": words} | ({"resolved": written.resolved.isoformat()} if written.resolved else {})


def forecast_rows(prediction_id: int, written: Written, *, source_id: int, now: datetime) -> list[dict[str, Any]]:
    """The rows of the author's forecasts over time; none if the file states just one probability."""
    return [_row(prediction_id, source_id, one) for one in _told(written, now)]


def stored_forecasts(session: Session, *, guild_id: int, pack_id: int, source_id: int) -> dict[int, list[_StoredForecast]]:
    """The source's stored forecasts, by prediction, oldest first."""
    ids = select(Prediction.id).where(Prediction.guild_id == guild_id, Prediction.pack_id == pack_id)
    rows = select(
        Forecast.id, Forecast.prediction_id, Forecast.values.label("numbers"), Forecast.created_at, Forecast.ended_at
    ).where(Forecast.prediction_id.in_(ids), Forecast.source_id == source_id)
    found: dict[int, list[_StoredForecast]] = defaultdict(list)
    for row in session.execute(rows.order_by(Forecast.created_at, Forecast.id)):
        found[row.prediction_id].append(_StoredForecast(row.id, tuple(row.numbers), row.created_at, row.ended_at))
    return found


def restate(
    session: Session, row: Prediction, written: Written, stored: Sequence[_StoredForecast], *, source_id: int, now: datetime
) -> bool:
    """Bring the source's forecasts in line with the document; returns whether that changed any.

    Forecasts it no longer states are deleted, and the log says so: a document can't quietly correct its past.
    """
    told = _told(written, now)
    known = {(one.created_at, one.values): one for one in stored}
    gone = set(known) - {(one.created_at, one.values) for one in told}
    doubled = [one.id for one in stored if known[one.created_at, one.values] is not one]
    ends = [(known[key], one) for one in told if (key := (one.created_at, one.values)) in known]
    changed = [(there.id, one.ended_at) for there, one in ends if there.ended_at != one.ended_at]
    new = [one for one in told if (one.created_at, one.values) not in known]
    if not (gone or doubled or changed or new):
        return False
    if gone or doubled:
        session.execute(delete(Forecast).where(Forecast.id.in_([*doubled, *(known[key].id for key in gone)])))
        words = "Its document has changed its past forecasts."
        settling.note(session, row, kind=EventKind.RESTATED, now=now, words=words, data={"gone": len(gone)})
    # At most one stands at a time, so ended ones come before the standing one.
    for forecast_id, ended_at in sorted(changed, key=lambda change: change[1] is None):
        session.execute(update(Forecast).where(Forecast.id == forecast_id).values(ended_at=ended_at))
    if new:
        session.execute(insert(Forecast), [_row(row.id, source_id, one) for one in new])
    if row.state is State.RESOLVED:
        row.scored_at = None  # the next wake scores it again, as it scores predictions that just came with their result
    return True


def grade(
    session: Session,
    pack: Pack,
    document: PredictionFile,
    rows: Mapping[str | None, Prediction],
    *,
    new: Set[str],
    with_results: bool,
    now: datetime,
) -> dict[str, StatementGrade]:
    """Give predictions the results their document states, and withdraw those it no longer states.

    Only where no member has forecast or voted, and nobody has decided or reopened it here. Returns by id what was done or
    not. `new` are the ids that this transaction created.
    """
    graded: dict[str, StatementGrade] = {}
    facts = _facts(session, [row.id for key, row in rows.items() if key not in new])
    conditions = {row.parent_id for row in rows.values() if row.relation is Relation.CONDITIONAL}
    for written in _parents_first(document):
        row = rows[written.id]
        result = _fitting(session, row, written)
        is_own = row.state in ENDED and (ending := facts.endings.get(row.id)) is not None and ending.kind == EventKind.GRADED
        if result is not None and (row.outcome, row.outcome_value) == (result.word, result.value):
            continue
        if is_own and not with_results:
            graded[written.id] = StatementGrade(
                False, "its document says something else now, and this server takes no results from it"
            )
            continue
        if is_own:
            _take_back(session, row, now=now)
        if result is None:
            if is_own:
                _go_on(session, row, now=now)
                graded[written.id] = StatementGrade(True, "its document no longer states a result")
            continue
        if is_own or (why_not := _why_not(row, facts, result, with_results=with_results)) is None:
            is_new = written.id in new and row.id not in conditions
            _settle(session, row, written, result, document, pack, is_new=is_new, now=now)
            graded[written.id] = StatementGrade(True, f"resolved as its document says: {written.words_of(result)}")
        else:
            graded[written.id] = StatementGrade(False, f"its document says {written.words_of(result)}; {why_not}")
    return graded


def _parents_first(document: PredictionFile) -> list[Written]:
    """A condition before the predictions that depend on it, so that those it annuls aren't resolved first."""
    by_id = {written.id: written for written in document.predictions}

    depths: dict[str, int] = {}
    for written in document.predictions:
        trail: list[str] = []
        at: Written | None = written
        while at is not None and at.id not in depths:
            trail.append(at.id)
            at = by_id[at.parent] if at.parent is not None else None
        start = depths[at.id] + 1 if at is not None else 0
        depths |= {identifier: start + steps for steps, identifier in enumerate(reversed(trail))}
    return sorted(document.predictions, key=lambda written: depths[written.id])


def _facts(session: Session, ids: Sequence[int]) -> _PackFacts:
    endings: dict[int, AnyRow] = {}
    graded: dict[int, frozenset[tuple[str, float | None]]] = {}
    steps = select(Event.prediction_id, Event.kind, Event.data).where(Event.to_state.in_(ENDED))
    for start in range(0, len(ids), 1000):
        some = ids[start : start + 1000]
        for step in session.execute(steps.where(Event.prediction_id.in_(some)).order_by(Event.id)):
            endings[step.prediction_id] = step
            if step.kind == EventKind.GRADED:
                before = graded.get(step.prediction_id, frozenset())
                graded[step.prediction_id] = before | {(step.data["outcome"], step.data["value"])}
    members = select(Forecast.prediction_id).where(Forecast.member_id.is_not(None)).distinct()
    ballots = select(Vote.prediction_id).join(Ballot, Ballot.vote_id == Vote.id).where(Vote.ended_at.is_(None)).distinct()
    forecast: set[int] = set()
    voted: set[int] = set()
    for start in range(0, len(ids), 1000):
        some = ids[start : start + 1000]
        forecast |= set(session.scalars(members.where(Forecast.prediction_id.in_(some))))
        voted |= set(session.scalars(ballots.where(Vote.prediction_id.in_(some))))
    return _PackFacts(endings, graded, frozenset(forecast), frozenset(voted))


def _fitting(session: Session, row: Prediction, written: Written) -> Outcome | None:
    """The result that the document states, if it fits this prediction."""
    if written.result is None:
        return None
    try:
        return outcomes.check_outcome(session, row, written.result, may_annul=True)
    except Refused:
        return None


def _why_not(row: Prediction, facts: _PackFacts, result: Outcome, *, with_results: bool) -> str | None:
    """Why the document's word isn't taken as the result; None if it is."""
    if row.state in ENDED:
        return "it ended differently here"
    if not with_results:
        return "this server takes no results from this document"
    if row.id in facts.forecast:
        return "members have forecast on it, so they decide"
    if row.state is State.PROVISIONAL or row.id in facts.voted:
        return "members are voting on it, so they decide"
    if row.state is State.REOPENED or (result.word, result.value) in facts.graded.get(row.id, ()):
        return "a manager has withdrawn that"
    return None


def _settle(
    session: Session,
    row: Prediction,
    written: Written,
    result: Outcome,
    document: PredictionFile,
    pack: Pack,
    *,
    is_new: bool,
    now: datetime,
) -> None:
    """Resolve it as the document says, at the moment it says, with the dates it had."""
    known = written.resolved or row.resolves_at or now
    opens_at = min(row.opens_at, opened_at(written, document, row.closes_at, now))
    words = f"{pack.title} itself says so; nobody here voted."
    data = {"resolved": written.resolved.isoformat() if written.resolved else None}
    if is_new:
        settling.settle_new(session, row, result, kind=EventKind.GRADED, now=now, words=words, data=data)
    else:
        settling.settle(session, row, result, kind=EventKind.GRADED, now=now, words=words, data=data, announces=False)
    if opens_at != row.opens_at and not written.forecasts:
        # A stated probability dates from the prediction's opening; it must not stand outside the open time.
        stated = (Forecast.prediction_id == row.id, Forecast.member_id.is_(None), Forecast.created_at == row.opens_at)
        session.execute(update(Forecast).where(*stated).values(created_at=opens_at))
    row.opens_at = opens_at
    resolved_at = min(max(known, row.opens_at), now)
    row.resolved_at, row.closed_at = resolved_at, min(row.closes_at or resolved_at, resolved_at)


def _take_back(session: Session, row: Prediction, *, now: datetime) -> None:
    words = "Its document says something else now."
    settling.unsettle(session, row, member_id=None, words=words, kind=EventKind.UNGRADED, now=now)


def _go_on(session: Session, row: Prediction, *, now: datetime) -> None:
    is_over = row.closes_at is not None and row.closes_at <= now
    settling.move(session, row, State.CLOSED if is_over else State.OPEN, kind=EventKind.RESTORED, now=now)
    row.closed_at = row.closes_at if is_over else None


def _told(written: Written, now: datetime) -> list[_StoredForecast]:
    """The forecasts made by now, each ended by its withdrawal or by the next."""
    past = [(one, values) for one, values in zip(written.forecasts, written.dated_values, strict=True) if one.at <= now]
    told: list[_StoredForecast] = []
    for place, (one, values) in enumerate(past):
        ends = [following.at for following, _ in past[place + 1 : place + 2]]
        ends += [one.ended] if one.ended is not None and one.ended <= now else []
        told.append(_StoredForecast(None, values, one.at, min(ends) if ends else None))
    return told


def _row(prediction_id: int, source_id: int, one: _StoredForecast) -> dict[str, Any]:
    whose = {"prediction_id": prediction_id, "source_id": source_id}
    return whose | {"values": list(one.values), "created_at": one.created_at, "ended_at": one.ended_at}
