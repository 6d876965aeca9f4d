"""The rows of one prediction of a pack in a guild: created, updated, removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.domain.documents.models import FilePrediction as Written
from bot.domain.documents.models import PredictionFile
from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.outcomes import ANNULLED
from bot.domain.plausibility import ANYWHERE, Range
from bot.domain.times import over_at
from bot.domain.types import Kind, State, Values
from bot.services import outbox
from bot.services.packs import track_records
from bot.services.predictions import ladder, steps
from bot.services.scoring import scores
from bot.services.voting import counting, settling
from db import queries
from db.models import Event, Forecast, Prediction, PredictionOption, PredictionTag

_SHOWN = ("section", "verbal", "probability_raw", "qualifier", "relation_note", "forecaster", "forecasters", "notes", "line")


def dump(written: Written) -> dict[str, Any]:
    """A prediction of a file as the database stores it."""
    return written.model_dump(mode="json", exclude_defaults=True)


def create(
    session: Session,
    guild_id: int,
    pack_id: int,
    source_id: int,
    written: Written,
    code: int,
    document: PredictionFile,
    with_results: bool,
    now: datetime,
) -> Prediction:
    """A new prediction, as its document has it. `create_belongings` adds its options, tags and forecasts."""
    closes_at, resolves_at = _dates(written)
    is_over = closes_at is not None and closes_at <= now
    is_of_the_past = is_over or (with_results and written.result is not None)
    expected = _range(written)
    prediction = Prediction(
        guild_id=guild_id,
        code=code,
        pack_id=pack_id,
        source_id=source_id,
        key=written.id,
        kind=written.kind,
        state=State.CLOSED if is_over else State.OPEN,
        statement=written.statement,
        criteria=written.criteria,
        details=_details(written),
        unit=_unit(written),
        range_low=expected.low,
        range_high=expected.high,
        link=written.url,
        created_at=now,
        opens_at=track_records.opened_at(written, document, closes_at, now) if is_of_the_past else now,
        closes_at=closes_at,
        resolves_at=resolves_at,
        strict_resolves_at=over_at(written.window.end_strict) if written.window.end_strict else None,
        closed_at=closes_at if is_over else None,
        approved_at=now,
    )
    ladder.set_out(session, prediction, now=now)
    session.add(prediction)
    return prediction


def create_belongings(
    session: Session,
    guild_id: int,
    source_id: int,
    new: Sequence[Written],
    rows: dict[str | None, Prediction],
    now: datetime,
) -> None:
    """The options, tags, first event and author's forecasts of new predictions."""
    told: list[dict[str, Any]] = []
    for written in new:
        row = rows[written.id]
        session.add_all(
            PredictionOption(prediction_id=row.id, position=position, name=item.name)
            for position, item in enumerate(written.options)
        )
        session.add_all(PredictionTag(prediction_id=row.id, tag=tag, guild_id=guild_id) for tag in written.tags)
        session.add(Event(prediction_id=row.id, at=now, kind=EventKind.LOADED, to_state=row.state, data={}))
        told += track_records.forecast_rows(row.id, written, source_id=source_id, now=now)
        if (values := written.stated_values) is not None:
            session.add(Forecast(prediction_id=row.id, source_id=source_id, values=list(values), created_at=row.opens_at))
    session.flush()
    if told:
        session.execute(insert(Forecast), told)


def _dates(written: Written) -> tuple[datetime | None, datetime | None]:
    """When forecasting closes and voting may begin: at the end of the window, or earlier if the file says so."""
    over = over_at(written.window.end) if written.window.end else written.closed
    return (over if written.closed is None or over is None else min(written.closed, over)), over


def belongings_of_pack(
    session: Session, guild_id: int, pack_id: int, source_id: int
) -> tuple[dict[int, set[str]], dict[int, Values]]:
    """Tags and the author's standing forecast for each of the pack's predictions, by id."""
    ids = select(Prediction.id).where(Prediction.guild_id == guild_id, Prediction.pack_id == pack_id)
    tags: dict[int, set[str]] = {}
    for prediction_id, tag in session.execute(
        select(PredictionTag.prediction_id, PredictionTag.tag).where(PredictionTag.prediction_id.in_(ids))
    ):
        tags.setdefault(prediction_id, set()).add(tag)
    standing = select(Forecast.prediction_id, Forecast.values.label("numbers")).where(
        Forecast.prediction_id.in_(ids), Forecast.source_id == source_id, Forecast.ended_at.is_(None)
    )
    return tags, {row.prediction_id: tuple(row.numbers) for row in session.execute(standing)}


def bring_up(
    session: Session,
    row: Prediction,
    written: Written,
    parent_id: int | None,
    source_id: int,
    facts: tuple[frozenset[str], set[str], Values | None],
    now: datetime,
) -> bool:
    """Bring a locked prediction in line with its document; True if that changed anything. `facts` are what the file moved,
    the tags, and the author's standing values. Raises Refused for a new kind once members have forecast."""
    moved, tags, stated = facts
    kind_before = row.kind
    changed = _update_kind(session, row, written, now)
    if row.kind is not kind_before:  # the author's number answered another question
        session.execute(delete(Forecast).where(Forecast.prediction_id == row.id, Forecast.source_id == source_id))
        stated = None
    if row.state is State.ANNULLED and _was_withdrawn(session, row):
        is_over = row.closes_at is not None and row.closes_at <= now
        settling.move(session, row, State.REOPENED, kind=EventKind.REOPENED, now=now, words="It's back in its pack.")
        settling.move(session, row, State.CLOSED if is_over else State.OPEN, kind=EventKind.RESTORED, now=now)
        row.closed_at = row.closes_at if is_over else None
        row.outcome = row.resolved_at = None
        ladder.set_out(session, row, now=now)
        changed = True
    if "words" in moved and (row.statement, row.criteria) != (written.statement, written.criteria):
        steps.revise(session, row, statement=written.statement, criteria=written.criteria, member_id=None, now=now)
        changed = True
    closes_at, resolves_at = _dates(written)
    strict = over_at(written.window.end_strict) if written.window.end_strict else None
    details = _details(written)
    dates_of_the_file = (row.details.get("window", {}).get("end"), row.details.get("closed"))
    if dates_of_the_file != (details.get("window", {}).get("end"), details.get("closed")):
        # Only a date that changed in the file moves the prediction: if a manager or a vote moved it, it stays moved.
        was_early = settling.is_early(row, now)
        steps.reschedule(session, row, closes_at=closes_at, resolves_at=resolves_at, member_id=None, now=now)
        if row.state is State.VOTING and not was_early and settling.is_early(row, now):
            counting.call_off(session, row, now=now)
        if row.state is State.RESOLVED:
            scores.record(session, row, now=now)  # they depend on the planned time
        changed = True
    plain = {
        "details": details,
        "unit": _unit(written),
        "link": written.url,
        "parent_id": parent_id,
        "relation": written.relation,
        "strict_resolves_at": strict,
    }
    if "range" in moved:
        expected = _range(written)
        plain |= {"range_low": expected.low, "range_high": expected.high}
    for name, value in plain.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    if "tags" in moved and tags != set(written.tags):
        steps.set_tags(session, guild_id=row.guild_id, prediction_id=row.id, tags=written.tags)
        changed = True
    if not written.forecasts and (values := written.stated_values) != stated:
        _restate(session, row, source_id, values, now)
        changed = True
    return changed


def _update_kind(session: Session, row: Prediction, written: Written, now: datetime) -> bool:
    names = [option.name for option in written.options]
    if row.kind is written.kind and (row.kind is not Kind.MULTIPLE_CHOICE or queries.option_names(session, row.id) == names):
        return False
    if (
        session.scalar(select(Forecast.id).where(Forecast.prediction_id == row.id, Forecast.member_id.is_not(None)).limit(1))
        is not None
    ):
        raise Refused(
            f"{written.id} (#{row.code}): its kind or options can't change now that members have forecast on it. "
            "Give the new version an id of its own."
        )
    if row.state in (State.VOTING, State.PROVISIONAL, State.RESOLVED):
        raise Refused(
            f"{written.id} (#{row.code}): its kind or options can't change once a vote has opened. "
            "Give the new version an id of its own."
        )
    settling.end_votes(session, row, now=now)  # a proposal for the old kind doesn't answer the new one
    session.execute(delete(PredictionOption).where(PredictionOption.prediction_id == row.id))
    session.add_all(
        PredictionOption(prediction_id=row.id, position=position, name=name) for position, name in enumerate(names)
    )
    row.kind = written.kind
    return True


def _restate(session: Session, row: Prediction, source_id: int, values: Values | None, now: datetime) -> None:
    ends_at = max(now, row.opens_at)
    standing = (Forecast.prediction_id == row.id, Forecast.source_id == source_id, Forecast.ended_at.is_(None))
    session.execute(update(Forecast).where(*standing).values(ended_at=ends_at).execution_options(synchronize_session=False))
    if values is not None:
        session.add(Forecast(prediction_id=row.id, source_id=source_id, values=list(values), created_at=ends_at))


def withdraw(session: Session, row: Prediction, *, why: str, now: datetime) -> bool:
    """Annul a prediction that left its pack, unless members have forecast on it or it's over."""
    if row.state in (State.RESOLVED, State.ANNULLED):
        return False
    if (
        session.scalar(select(Forecast.id).where(Forecast.prediction_id == row.id, Forecast.member_id.is_not(None)).limit(1))
        is not None
    ):
        return False
    session.add(
        Event(
            prediction_id=row.id,
            at=now,
            kind=EventKind.WITHDRAWN,
            from_state=row.state,
            to_state=State.ANNULLED,
            words=why,
            data={},
        )
    )
    row.state, row.outcome, row.resolved_at = State.ANNULLED, ANNULLED, now
    steps.end_reminders(session, row, now=now)
    settling.end_votes(session, row, now=now)
    outbox.queue_card_refresh(session, guild_id=row.guild_id, prediction_id=row.id, now=now)
    return True


def _was_withdrawn(session: Session, row: Prediction) -> bool:
    last = select(Event.kind).where(Event.prediction_id == row.id).order_by(Event.id.desc()).limit(1)
    return session.scalar(last) == EventKind.WITHDRAWN


def _unit(written: Written) -> str | None:
    return written.numeric.unit if written.kind is Kind.NUMERIC and written.numeric else None


def _range(written: Written) -> Range:
    return ANYWHERE if written.range is None else written.range.numbers


def _details(written: Written) -> dict[str, Any]:
    dumped = dump(written)
    shown = {name: dumped[name] for name in _SHOWN if name in dumped}
    if "window" in dumped:
        shown["window"] = dumped["window"]
    if "numeric" in dumped:
        shown["numeric"] = dumped["numeric"]
    if "closed" in dumped:
        shown["closed"] = dumped["closed"]
    return shown | track_records.claim(written)
