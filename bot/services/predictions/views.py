"""What people see of a prediction. This is the only place that decides which numbers go out: the blind rule is applied
as the views are made, so no card, list, chart or file can leak what its reader may not see yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from bot.domain.aggregation import Crowd
from bot.domain.errors import NotFound
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.plausibility import ANYWHERE, Range
from bot.domain.types import Kind, Relation, State, Values
from bot.domain.visibility import Sight
from bot.services.members import guilds
from bot.services.predictions import crowds
from bot.services.predictions.moves import CrowdMove
from bot.services.predictions.posted_reasons import PostedReason
from bot.services.predictions.quotes import QuoteView
from db import queries
from db.base import AnyRow, SerialId
from db.models import (
    CrowdPoint,
    Event,
    Forecast,
    GroupedPrediction,
    Member,
    Pack,
    Prediction,
    PredictionGroup,
    PredictionOption,
    PredictionTag,
    Score,
    Source,
)


@dataclass(frozen=True, slots=True)
class OwnForecast:
    """The reader's standing forecast."""

    id: int
    values: Values
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OwnScore:
    """The reader's scores on a resolved prediction, over time; see docs/scoring.md. None where the kind has no such score.

    `peer` and `baseline`: higher is better. `coverage` is the share of the planned time they had a forecast, 0 to 1.
    """

    peer: float | None
    baseline: float | None
    coverage: float


@dataclass(frozen=True, slots=True)
class ExperiencedCrowd:
    """What the experienced crowd says, or said at the close, and its scores over time where there's a result; see
    docs/scoring.md."""

    values: Values
    peer: float | None = None
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class RelatedPrediction:
    """Another prediction that this one is related to."""

    code: int
    statement: str
    relation: Relation
    state: State
    is_negated: bool = False
    """Of a condition: whether it must not come true."""


@dataclass(frozen=True, slots=True)
class GroupMark:
    """The group that a prediction is in, and its label there. `is_cumulative`: a later date includes the earlier ones."""

    id: int
    title: str
    label: str
    is_cumulative: bool


@dataclass(frozen=True, slots=True)
class PredictionView:
    """A prediction as one reader may see it. `crowd` and `author_values` are None if missing or hidden; while hidden,
    `details` leave out the author's words too. `is_graded`: the result is its document's own, and nobody here voted.
    `shows_crowd` says whether they may see the crowd, if there is one, and its past; `shows_crowd_to_all` whether
    everyone may. `is_approved` says whether it may count in rankings. `experienced` is set where one prediction is shown by
    itself, `crowd` is, and the guild has enough results. So are `reasons` (the newest that were posted, of `reason_count`), `quotes`
    (members' evidence) and `move`, how the crowd moved in a day, if the reader may see that."""

    id: int
    guild_id: int
    code: int
    kind: Kind
    state: State
    is_open: bool
    statement: str
    criteria: str | None
    details: dict[str, Any]
    unit: str | None
    link: str | None
    options: tuple[str, ...]
    tags: tuple[str, ...]
    revision: int
    opens_at: datetime
    closes_at: datetime | None
    resolves_at: datetime | None
    strict_resolves_at: datetime | None
    outcome: str | None
    outcome_value: float | None
    resolved_at: datetime | None
    is_graded: bool
    pack: str | None
    source_title: str | None
    source_authors: tuple[str, ...]
    source_written: str | None
    source_url: str | None
    added_by: int | None
    author_values: Values | None
    author_is_hidden: bool
    forecasters: int
    crowd: Crowd | None
    crowd_is_hidden: bool
    shows_crowd: bool
    shows_crowd_to_all: bool
    own: OwnForecast | None
    parent: RelatedPrediction | None
    children: tuple[RelatedPrediction, ...]
    own_score: OwnScore | None = None
    is_approved: bool = True
    experienced: ExperiencedCrowd | None = None
    stated_range: Range = ANYWHERE
    reasons: tuple[PostedReason, ...] = ()
    reason_count: int = 0
    move: CrowdMove | None = None
    quotes: tuple[QuoteView, ...] = ()
    is_followed: bool | None = None
    group: GroupMark | None = None


def is_open(state: State, opens_at: datetime, closes_at: datetime | None, now: datetime) -> bool:
    """Whether it takes forecasts right now, even if the sweep hasn't closed it yet."""
    return state is State.OPEN and opens_at <= now and (closes_at is None or now < closes_at)


_LAST_ENDING = (
    select(Event.kind)
    .where(Event.prediction_id == Prediction.id, Event.to_state.in_(ENDED))
    .order_by(Event.id.desc())
    .limit(1)
    .correlate(Prediction)
    .scalar_subquery()
)
_Own, _Stated, _Author = aliased(Forecast), aliased(Forecast), aliased(Member)
_READER = bindparam("reader_id", type_=SerialId)
_BASE = (
    select(
        Prediction.id,
        Prediction.kind,
        Prediction.state,
        Prediction.statement,
        Prediction.criteria,
        Prediction.details,
        Prediction.unit,
        Prediction.link,
        Prediction.revision,
        Prediction.opens_at,
        Prediction.closes_at,
        Prediction.resolves_at,
        Prediction.strict_resolves_at,
        Prediction.outcome,
        Prediction.outcome_value,
        Prediction.resolved_at,
        Prediction.author_id,
        Prediction.approved_at,
        Prediction.range_low,
        Prediction.range_high,
        Prediction.code,
        Pack.slug.label("pack"),
        Source.title.label("source_title"),
        Source.authors.label("source_authors"),
        Source.written.label("source_written"),
        Source.url.label("source_url"),
        _LAST_ENDING.label("last_ending"),
        _Author.user_id.label("added_by"),
        _Own.id.label("own_id"),
        _Own.values.label("own_values"),
        _Own.created_at.label("own_at"),
        _Stated.values.label("stated_values"),
        CrowdPoint.members.label("forecasters"),
        CrowdPoint.values.label("crowd_values"),
        CrowdPoint.lower.label("crowd_lower"),
        CrowdPoint.upper.label("crowd_upper"),
        Score.peer,
        Score.baseline,
        Score.coverage,
        PredictionGroup.id.label("group_id"),
        PredictionGroup.title.label("group_title"),
        PredictionGroup.is_cumulative,
        GroupedPrediction.label.label("group_label"),
    )
    .outerjoin(Pack, Pack.id == Prediction.pack_id)
    .outerjoin(Source, Source.id == Prediction.source_id)
    .outerjoin(_Author, _Author.id == Prediction.author_id)
    .outerjoin(_Own, and_(_Own.prediction_id == Prediction.id, _Own.member_id == _READER, _Own.ended_at.is_(None)))
    .outerjoin(
        _Stated,
        and_(_Stated.prediction_id == Prediction.id, _Stated.source_id == Prediction.source_id, _Stated.ended_at.is_(None)),
    )
    .outerjoin(CrowdPoint, crowds.is_latest())
    .outerjoin(Score, and_(Score.prediction_id == Prediction.id, Score.member_id == _READER))
    .outerjoin(GroupedPrediction, GroupedPrediction.prediction_id == Prediction.id)
    .outerjoin(PredictionGroup, PredictionGroup.id == GroupedPrediction.group_id)
    .where(Prediction.guild_id == bindparam("guild_id"))
)
_BY_ID = _BASE.where(Prediction.id.in_(bindparam("ids", expanding=True)))
_BY_CODE = _BASE.where(Prediction.code == bindparam("code"))
_OPTIONS = (
    select(PredictionOption.prediction_id, PredictionOption.name)
    .where(PredictionOption.prediction_id.in_(bindparam("ids", expanding=True)))
    .order_by(PredictionOption.prediction_id, PredictionOption.position)
)
_TAGS = select(PredictionTag.prediction_id, PredictionTag.tag).where(
    PredictionTag.prediction_id.in_(bindparam("ids", expanding=True))
)
_Child, _Parent = aliased(Prediction), aliased(Prediction)
_LINKS = (
    select(
        _Child.id.label("child_id"),
        _Child.code.label("child_code"),
        _Child.statement.label("child_statement"),
        _Child.state.label("child_state"),
        _Child.relation,
        _Child.is_negated,
        _Parent.id.label("parent_id"),
        _Parent.code.label("parent_code"),
        _Parent.statement.label("parent_statement"),
        _Parent.state.label("parent_state"),
    )
    .join(_Parent, _Parent.id == _Child.parent_id)
    .where(
        _Child.id.in_(bindparam("ids", expanding=True))
        | (_Child.parent_id.in_(bindparam("ids", expanding=True)) & (_Child.state != State.DRAFT))
    )
    .order_by(_Child.code)
)


_AUTHORS_ESTIMATE = frozenset({"verbal", "numeric", "forecasters"})
"""Details where the author says how likely something is, or how much, besides a stated probability."""
_AUTHORS_WORDS = _AUTHORS_ESTIMATE | {"probability_raw", "qualifier", "notes", "relation_note"}
"""Details that could give away the author's number, so they're hidden with it."""


def prediction_views(
    session: Session, *, guild_id: int, prediction_ids: Sequence[int], member_id: int | None, now: datetime
) -> list[PredictionView]:
    """Views of these predictions for one member (None: for everyone), in the order of the ids. Five statements, however many."""
    if not prediction_ids:
        return []
    given = {"guild_id": guild_id, "ids": list(prediction_ids), "reader_id": member_id}
    views = _views(session, queries.run(session, _BY_ID, given).all(), guild_id=guild_id, now=now)
    return [views[prediction_id] for prediction_id in prediction_ids if prediction_id in views]


def prediction_view(
    session: Session, *, guild_id: int, code: int, member_id: int | None, now: datetime, with_drafts: bool = False
) -> PredictionView:
    """One prediction by its code in this guild; a draft only for the member who added it, or `with_drafts`. Raises NotFound."""
    rows = queries.run(session, _BY_CODE, {"guild_id": guild_id, "code": code, "reader_id": member_id}).all()
    if not rows or not (with_drafts or _may_see(rows[0], member_id)):
        raise NotFound(f"#{code}")
    return next(iter(_views(session, rows, guild_id=guild_id, now=now).values()))


def _may_see(prediction: AnyRow, member_id: int | None) -> bool:
    return prediction.state is not State.DRAFT or (member_id is not None and prediction.author_id == member_id)


def _views(session: Session, rows: Sequence[AnyRow], *, guild_id: int, now: datetime) -> dict[int, PredictionView]:
    rule = guilds.settings_of(session, guild_id).blind_rule
    ids = [row.id for row in rows]
    options, tags = options_and_tags(session, ids)
    parents, children = _relatives(session, ids)

    views: dict[int, PredictionView] = {}
    for row in rows:
        forecasters = row.forecasters or 0
        details: dict[str, Any] = row.details
        is_taking = is_open(row.state, row.opens_at, row.closes_at, now)
        sight = Sight(is_open=is_taking, has_forecast=row.own_id is not None, forecasters=forecasters, now=now)
        shows_crowd, shows_author = rule.shows_crowd(sight), rule.shows_author(sight)
        says_something = row.stated_values is not None or not _AUTHORS_ESTIMATE.isdisjoint(details)
        shows_crowd_to_all = rule.shows_crowd(replace(sight, has_forecast=False))
        if not shows_author:
            details = {name: words for name, words in details.items() if name not in _AUTHORS_WORDS}
        views[row.id] = PredictionView(
            id=row.id,
            guild_id=guild_id,
            code=row.code,
            kind=row.kind,
            state=State.CLOSED if row.state is State.OPEN and not is_taking else row.state,
            is_open=is_taking,
            statement=row.statement,
            criteria=row.criteria,
            details=details,
            unit=row.unit,
            link=row.link,
            options=tuple(options[row.id]),
            tags=tuple(sorted(tags[row.id])),
            revision=row.revision,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            resolves_at=row.resolves_at,
            strict_resolves_at=row.strict_resolves_at,
            outcome=row.outcome,
            outcome_value=row.outcome_value,
            resolved_at=row.resolved_at,
            is_graded=row.outcome is not None and row.last_ending == EventKind.GRADED,
            pack=row.pack,
            source_title=row.source_title,
            source_authors=tuple(row.source_authors or ()),
            source_written=row.source_written,
            source_url=row.source_url,
            added_by=row.added_by,
            author_values=tuple(row.stated_values) if row.stated_values is not None and shows_author else None,
            author_is_hidden=says_something and not shows_author,
            forecasters=forecasters,
            crowd=_crowd(row) if forecasters and shows_crowd else None,
            crowd_is_hidden=forecasters > 0 and not shows_crowd,
            shows_crowd=shows_crowd,
            shows_crowd_to_all=shows_crowd_to_all,
            own=None if row.own_id is None else OwnForecast(row.own_id, tuple(row.own_values), row.own_at),
            parent=parents.get(row.id),
            children=tuple(children[row.id]),
            own_score=None if row.coverage is None else OwnScore(row.peer, row.baseline, row.coverage),
            is_approved=row.approved_at is not None,
            stated_range=Range(row.range_low, row.range_high),
            group=_group(row),
        )
    return views


def options_and_tags(session: Session, ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The options of these predictions in order, and their tags in no order. Two statements, however many."""
    options: dict[int, list[str]] = defaultdict(list)
    for prediction_id, name in queries.run(session, _OPTIONS, {"ids": list(ids)}):
        options[prediction_id].append(name)
    tags: dict[int, list[str]] = defaultdict(list)
    for prediction_id, tag in queries.run(session, _TAGS, {"ids": list(ids)}):
        tags[prediction_id].append(tag)
    return options, tags


def _group(row: AnyRow) -> GroupMark | None:
    return None if row.group_id is None else GroupMark(row.group_id, row.group_title, row.group_label, row.is_cumulative)


def _crowd(row: AnyRow) -> Crowd:
    return Crowd(row.forecasters, tuple(row.crowd_values), tuple(row.crowd_lower), tuple(row.crowd_upper))


def _relatives(
    session: Session, ids: Sequence[int]
) -> tuple[dict[int, RelatedPrediction], dict[int, list[RelatedPrediction]]]:
    found = queries.run(session, _LINKS, {"ids": list(ids)}).all()
    parents = {
        link.child_id: RelatedPrediction(
            link.parent_code, link.parent_statement, link.relation, link.parent_state, link.is_negated
        )
        for link in found
    }
    children: dict[int, list[RelatedPrediction]] = defaultdict(list)
    for link in found:
        children[link.parent_id].append(
            RelatedPrediction(link.child_code, link.child_statement, link.relation, link.child_state, link.is_negated)
        )
    return parents, children
