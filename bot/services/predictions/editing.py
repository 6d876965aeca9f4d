"""Adding, changing, listing and showing predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.numbers.ranges import read_range
from bot.domain.plausibility import ANYWHERE, Range
from bot.domain.texts import clean_line, clean_text
from bot.domain.times import day_text, last_day_before
from bot.domain.types import MAX_CRITERIA, MAX_OPTION, MAX_OPTIONS, MAX_STATEMENT, Actor, Kind, Relation, State
from bot.services import limits, outbox
from bot.services.homes import places
from bot.services.limits import Limited
from bot.services.members import guilds
from bot.services.predictions import drafts, steps
from bot.services.predictions.views import PredictionView, prediction_view
from db.models import Event, Forecast, Prediction, PredictionOption, Tournament, TournamentEntry, Vote

MAX_UNIT = 40
LAST_DATE_IN = timedelta(days=365 * 50)


@dataclass(frozen=True, slots=True)
class NewPrediction:
    """What someone adds by hand. `resolves_at` is the moment its last day ends. `expected` is the range of a number or a date,
    as it was typed."""

    statement: str
    resolves_at: datetime
    kind: Kind = Kind.BINARY
    closes_at: datetime | None = None
    criteria: str | None = None
    options: tuple[str, ...] = ()
    unit: str | None = None
    expected: str | None = None
    tags: tuple[str, ...] = ()
    link: str | None = None
    condition: int | None = None
    """The code of the prediction that has to come true for this one to count."""
    is_negated: bool = False
    """It must not come true instead."""


@dataclass(frozen=True, slots=True)
class PredictionChanges:
    """What an edit changes; None leaves a field as it is."""

    statement: str | None = None
    criteria: str | None = None
    resolves_at: datetime | None = None
    closes_at: datetime | None = None
    tags: tuple[str, ...] | None = None
    expected: str | None = None
    """The range of a number or a date, as it was typed; “none” takes it away."""


@dataclass(frozen=True, slots=True)
class AddedPrediction:
    """The added prediction, and the channel or forum its card will be posted in, if the guild has one. `is_draft`: a manager has
    to approve it first."""

    view: PredictionView
    post_channel_id: int | None
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class EditedPrediction:
    """The edited prediction, and whether its words changed after members had forecast on it."""

    view: PredictionView
    is_clarification: bool
    changed: tuple[str, ...] = field(default_factory=tuple)


def show(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction as this member may see it. Raises NotFound."""
    return prediction_view(
        session, guild_id=actor.guild_id, code=code, member_id=guilds.known_member(session, actor), now=now
    )


def show_publicly(session: Session, *, guild_id: int, code: int, now: datetime) -> PredictionView:
    """One prediction as everyone may see it: what a posted card shows."""
    return prediction_view(session, guild_id=guild_id, code=code, member_id=None, now=now)


def add(session: Session, actor: Actor, *, new: NewPrediction, now: datetime, locale: str | None = None) -> AddedPrediction:
    """Add a prediction by hand. It opens at once, and its card is posted in the guild's channel if there is one. Where managers
    approve what members add, a member's is a draft until then.

    Members may add predictions unless the guild leaves that to managers. Raises Refused with what's wrong, TwoReadings where
    the range could mean two things; it's read in the notation of the member's `locale`.
    """
    member_id = guilds.member_of(session, actor, now=now)
    prediction = create(session, actor, new=new, member_id=member_id, now=now, locale=locale)
    post_or_ask(session, prediction, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=prediction.code, member_id=member_id, now=now)
    return AddedPrediction(view, places.post_channel_of(session, prediction), prediction.state is State.DRAFT)


def create(
    session: Session, actor: Actor, *, new: NewPrediction, member_id: int, now: datetime, locale: str | None = None
) -> Prediction:
    """The step that checks a prediction and stores it, open or as a draft. Raises what `add` raises."""
    require_may_add(session, actor, now=now)
    new = _checked(new, now)
    expected = _read_range(new.expected, kind=new.kind, unit=new.unit, locale=locale)
    condition = None if new.condition is None else _condition(session, actor.guild_id, new.condition)
    is_manager = guilds.is_manager(session, actor)
    is_draft = guilds.settings_of(session, actor.guild_id).approves_added and not is_manager
    prediction = Prediction(
        guild_id=actor.guild_id,
        code=steps.take_codes(session, actor.guild_id, 1),
        author_id=member_id,
        kind=new.kind,
        state=State.DRAFT if is_draft else State.OPEN,
        statement=new.statement,
        criteria=new.criteria,
        details={},
        unit=new.unit,
        range_low=expected.low,
        range_high=expected.high,
        link=new.link,
        parent_id=None if condition is None else condition.id,
        relation=None if condition is None else Relation.CONDITIONAL,
        is_negated=condition is not None and new.is_negated,
        created_at=now,
        opens_at=now,
        closes_at=new.closes_at or new.resolves_at,
        resolves_at=new.resolves_at,
        approved_at=now if is_manager else None,
    )
    session.add(prediction)
    session.flush()
    for position, name in enumerate(new.options):
        session.add(PredictionOption(prediction_id=prediction.id, position=position, name=name))
    steps.set_tags(session, guild_id=actor.guild_id, prediction_id=prediction.id, tags=new.tags)
    added = Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=EventKind.ADDED, data={})
    added.to_state = prediction.state
    session.add(added)
    return prediction


def post_or_ask(session: Session, prediction: Prediction, *, now: datetime, has_card: bool = True) -> None:
    """Have the card of a new prediction posted, or managers asked about a draft. Without `has_card`, it isn't posted at once: it
    gets a home in its turn, where those are made."""
    if prediction.state is State.DRAFT:
        drafts.queue_news(session, guild_id=prediction.guild_id, now=now, but=prediction.id)
    else:
        drafts.publish(session, prediction, now=now, has_card=has_card)


def require_may_add(session: Session, actor: Actor, *, now: datetime) -> None:
    """Raises NotAManager if the guild leaves adding to managers, and Refused if a limit is reached, of which managers have only
    the server's; checked before a form opens for nothing."""
    if not guilds.settings_of(session, actor.guild_id).members_may_add:
        guilds.require_manager(session, actor, "add predictions on this server")
    member_id = None if guilds.is_manager(session, actor) else guilds.known_member(session, actor)
    for limited in (Limited.PREDICTIONS, Limited.OPEN_PREDICTIONS):
        limits.require_room(session, actor, limited, member_id=member_id, now=now)


def show_for_editing(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction, for someone who may edit it now. Raises NotFound, NotAManager or Refused."""
    member_id, is_manager = guilds.known_member(session, actor), guilds.is_manager(session, actor)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now, with_drafts=is_manager)
    _require_may_edit(session, actor, session.get_one(Prediction, view.id), member_id)
    return view


def edit(
    session: Session, actor: Actor, *, code: int, changes: PredictionChanges, now: datetime, locale: str | None = None
) -> EditedPrediction:
    """Change a prediction. Managers may at any time; the member who added it may until someone else forecasts on it.

    If the prediction has forecasts, changed words are a clarification: kept as a revision and announced at home.
    """
    prediction = steps.locked_prediction(session, guild_id=actor.guild_id, code=code, with_drafts=True)
    member_id = guilds.member_of(session, actor, now=now)
    _require_may_edit(session, actor, prediction, member_id)
    statement = None if changes.statement is None else checked_statement(changes.statement)
    criteria = prediction.criteria if changes.criteria is None else checked_criteria(changes.criteria)
    resolves_at = changes.resolves_at or prediction.resolves_at
    closes_at = (
        changes.closes_at
        or (changes.resolves_at if prediction.closes_at == prediction.resolves_at else None)
        or prediction.closes_at
    )
    if resolves_at and closes_at and closes_at > resolves_at:
        closes_at = resolves_at if changes.closes_at is None else closes_at
    if (resolves_at, closes_at) != (prediction.resolves_at, prediction.closes_at):
        new_closes_at = None if closes_at == prediction.closes_at else closes_at  # the old one may be over already
        check_dates(resolves_at=resolves_at, closes_at=new_closes_at, now=now)
        _require_stays_in_tournaments(session, prediction, closes_at=closes_at, now=now)
    before = (prediction.statement, prediction.criteria, prediction.resolves_at, prediction.closes_at)
    is_clarification = steps.revise(
        session, prediction, statement=statement or prediction.statement, criteria=criteria, member_id=member_id, now=now
    )
    steps.reschedule(session, prediction, closes_at=closes_at, resolves_at=resolves_at, member_id=member_id, now=now)
    after = (prediction.statement, prediction.criteria, prediction.resolves_at, prediction.closes_at)
    names = ("statement", "criteria", "date", "closing time")
    changed = [name for name, old, new in zip(names, before, after, strict=True) if old != new]
    if changes.tags is not None:
        tags = checked_tags(changes.tags)
        if steps.set_tags(session, guild_id=actor.guild_id, prediction_id=prediction.id, tags=tags):
            changed.append("tags")
    if changes.expected is not None:
        expected = _read_range(changes.expected, kind=prediction.kind, unit=prediction.unit, locale=locale)
        if expected != Range(prediction.range_low, prediction.range_high):
            prediction.range_low, prediction.range_high = expected.low, expected.high
            changed.append("range")
    if not changed:
        raise Refused("That wouldn't change anything. Give a new statement, new criteria, a new date or new tags.")
    session.flush()
    if prediction.state is State.DRAFT:
        drafts.note_changed(session, prediction, now=now)
    else:
        steps.index(session, guild_id=actor.guild_id, prediction_ids=[prediction.id])
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=prediction.id, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now, with_drafts=True)
    return EditedPrediction(view, is_clarification, tuple(changed))


def _last_day(moment: datetime) -> str:
    return day_text(last_day_before(moment))


def check_dates(*, resolves_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Refuses dates that are past, too far away, or in the wrong order."""
    if resolves_at is not None and resolves_at <= now:
        raise Refused(f"{_last_day(resolves_at)} is already over. Choose a date that's still to come.")
    if resolves_at is not None and resolves_at > now + LAST_DATE_IN:
        raise Refused(f"{_last_day(resolves_at)} is more than 50 years away. Choose an earlier date.")
    if closes_at is not None and closes_at <= now:
        raise Refused(
            f"The closing date, {_last_day(closes_at)}, is already over. Choose one that's still to come, or leave it out."
        )
    if closes_at is not None and resolves_at is not None and closes_at > resolves_at:
        raise Refused(
            "Forecasting can't close after the prediction resolves. Choose an earlier closing date, or leave it out."
        )


def _require_stays_in_tournaments(
    session: Session, prediction: Prediction, *, closes_at: datetime | None, now: datetime
) -> None:
    """Refuses a closing time across the end of a tournament that has begun, once members have forecast: whether the prediction
    counts would decide who wins."""
    chosen = select(TournamentEntry.tournament_id).where(TournamentEntry.prediction_id == prediction.id)
    standing = (Tournament.id.in_(chosen), Tournament.starts_at <= now, Tournament.closed_at.is_(None))
    for one in session.scalars(select(Tournament).where(*standing).order_by(Tournament.id)):
        counts, would_count = (at is not None and at <= one.ends_at for at in (prediction.closes_at, closes_at))
        by_members = (Forecast.prediction_id == prediction.id, Forecast.member_id.is_not(None))
        if counts is not would_count and session.scalar(select(Forecast.id).where(*by_members).limit(1)) is not None:
            raise Refused(
                f"“{one.name}” has begun and members have forecast on #{prediction.code}, so it can't be moved across the "
                f"tournament's last day, {_last_day(one.ends_at)}. End the tournament first with /tournament end, or annul "
                "the prediction."
            )


def checked_statement(text: str) -> str:
    """The statement on one line. Refuses an empty or overlong one."""
    statement = clean_line(text)
    if not statement:
        raise Refused(
            "The statement is empty. Say in one sentence what you predict, for example: GPT-6 is released by 31 March 2027."
        )
    if len(statement) > MAX_STATEMENT:
        raise Refused(
            f"The statement has {len(statement):,} characters; at most {MAX_STATEMENT} fit. Move the details to the criteria."
        )
    return statement


def checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags in lower case, each once. Refuses more than 8, and tags that are too long."""
    folded = tuple(dict.fromkeys(kept for tag in tags if (kept := clean_line(tag.lower()))))
    if len(folded) > 8:
        raise Refused(f"You gave {len(folded)} tags; at most 8 fit. Separate them with commas.")
    if too_long := next((tag for tag in folded if len(tag) > 40), None):
        raise Refused(f"The tag “{too_long[:60]}” is longer than 40 characters. Separate tags with commas.")
    return folded


def checked_criteria(text: str) -> str | None:
    criteria = clean_text(text)
    if len(criteria) > MAX_CRITERIA:
        raise Refused(
            f"The criteria have {len(criteria):,} characters; at most {MAX_CRITERIA:,} fit. Shorten them, or link to the details."
        )
    return criteria or None


def _checked(new: NewPrediction, now: datetime) -> NewPrediction:
    statement = checked_statement(new.statement)
    check_dates(resolves_at=new.resolves_at, closes_at=new.closes_at, now=now)
    options = tuple(kept for option in new.options if (kept := clean_line(option)))
    unit = clean_line(new.unit or "") or None
    if new.kind is Kind.MULTIPLE_CHOICE:
        if not 2 <= len(options) <= MAX_OPTIONS:
            raise Refused(f"Give 2 to {MAX_OPTIONS} options, separated by commas or semicolons. You gave {len(options)}.")
        if len({option.casefold() for option in options}) != len(options):
            raise Refused("Two options have the same name. Give each its own.")
        if too_long := next((option for option in options if len(option) > MAX_OPTION), None):
            raise Refused(f"The option “{too_long[:60]}…” has {len(too_long)} characters; at most {MAX_OPTION} fit.")
    elif options:
        raise Refused("Only multiple choice takes options. Choose that kind, or leave the options out.")
    if new.kind is Kind.NUMERIC and unit is None:
        raise Refused("Give the number's unit, for example: USD per 1M tokens.")
    if new.kind is not Kind.NUMERIC and unit is not None:
        raise Refused("Only a number takes a unit. Choose that kind, or leave the unit out.")
    if unit is not None and len(unit) > MAX_UNIT:
        raise Refused(f"The unit has {len(unit)} characters; at most {MAX_UNIT} fit. Move the details to the criteria.")
    return NewPrediction(
        statement=statement,
        resolves_at=new.resolves_at,
        kind=new.kind,
        closes_at=new.closes_at,
        criteria=checked_criteria(new.criteria or ""),
        options=options,
        unit=unit,
        expected=new.expected,
        tags=checked_tags(new.tags),
        link=new.link,
        condition=new.condition,
        is_negated=new.is_negated,
    )


def _condition(session: Session, guild_id: int, code: int) -> Prediction:
    """The prediction that another one depends on. Raises NotFound, or Refused if it can't be one."""
    condition = steps.locked_prediction(session, guild_id=guild_id, code=code)
    if condition.kind is not Kind.BINARY:
        raise Refused(f"#{code} isn't a yes-or-no prediction, so nothing can depend on it. Choose one that is.")
    if condition.state in ENDED:
        raise Refused(f"#{code} is {condition.state.value} already, so nothing can depend on it. Choose an open one.")
    return condition


def _read_range(typed: str | None, *, kind: Kind, unit: str | None, locale: str | None) -> Range:
    if typed is None or not typed.strip() or typed.strip().casefold() == "none":
        return ANYWHERE
    if kind.is_distribution:
        raise Refused("Only a number or a date takes a range. Choose that kind, or leave the range out.")
    return read_range(typed, kind=kind, unit=unit, locale=locale)


def _require_may_edit(session: Session, actor: Actor, prediction: Prediction, member_id: int | None) -> None:
    others = select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.member_id != member_id).limit(1)
    if guilds.is_manager(session, actor):
        if (
            not guilds.settings_of(session, actor.guild_id).interested_override
            and steps.has_forecast(session, prediction, member_id)
            and session.scalar(others) is not None
        ):
            raise Refused(
                f"You forecast on #{prediction.code}, and on this server a manager who didn't has to change it. Ask another manager."
            )
    else:
        if member_id is None or prediction.author_id != member_id:
            guilds.require_manager(session, actor, "edit a prediction that someone else added")
        if session.scalar(others) is not None:
            guilds.require_manager(session, actor, "edit a prediction that others have forecast on")
        running = select(Vote.id).where(Vote.prediction_id == prediction.id, Vote.ended_at.is_(None)).limit(1)
        if session.scalar(running) is not None:
            guilds.require_manager(session, actor, "edit a prediction that is being voted on")
        if prediction.state is State.CLOSED:  # its creator may be scored on it, and may know by now what happened
            guilds.require_manager(session, actor, "edit a prediction that has closed")
    if prediction.state is State.DRAFT and prediction.closed_at is not None:
        raise Refused(f"#{prediction.code} isn't waiting for approval any more, so there's nothing to edit. Add it again.")
    if prediction.state not in (State.DRAFT, State.OPEN, State.CLOSED):
        raise Refused(f"#{prediction.code} is {prediction.state.value}, so it can't be edited any more.")
