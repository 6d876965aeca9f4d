"""Adding, changing, listing and showing predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.types import MAX_CRITERIA, MAX_OPTION, MAX_OPTIONS, MAX_STATEMENT, Actor, Kind, State
from bot.services import guilds, outbox, search
from bot.services.views import PredictionView, prediction_view, prediction_views
from db.models import Event, Forecast, Guild, Pack, Prediction, PredictionOption, PredictionRevision, PredictionTag

PAGE_SIZE = 8
MAX_UNIT = 40
LAST_DATE_IN = timedelta(days=365 * 50)


class Show(StrEnum):
    """Which predictions a list holds."""

    OPEN = "open"
    UNANSWERED = "unanswered"
    MINE = "mine"
    CLOSED = "closed"
    ENDED = "ended"
    ALL = "all"


class Order(StrEnum):
    """How a list is sorted."""

    SOONEST = "soonest"
    NEWEST = "newest"
    BUSIEST = "busiest"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows. `tag`, `pack` and `words` narrow it further."""

    show: Show = Show.OPEN
    order: Order = Order.SOONEST
    kind: Kind | None = None
    tag: str | None = None
    pack: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, for one reader. `number` starts at 0."""

    filters: Filters
    number: int
    pages: int
    total: int
    views: tuple[PredictionView, ...]


@dataclass(frozen=True, slots=True)
class NewPrediction:
    """What somebody adds by hand. `resolves_at` is the moment its last day is over."""

    statement: str
    resolves_at: datetime
    kind: Kind = Kind.BINARY
    closes_at: datetime | None = None
    criteria: str | None = None
    options: tuple[str, ...] = ()
    unit: str | None = None
    tags: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit changes; None leaves a thing as it is."""

    statement: str | None = None
    criteria: str | None = None
    resolves_at: datetime | None = None
    closes_at: datetime | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The added prediction, and the guild's channel in which its card will be posted, if there is one."""

    view: PredictionView
    post_channel_id: int | None


@dataclass(frozen=True, slots=True)
class Edited:
    """The edited prediction, and whether its words were changed after members had forecast on it."""

    view: PredictionView
    is_clarification: bool
    changed: tuple[str, ...] = field(default_factory=tuple)


def show(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction as this member may see it. Raises NotFound."""
    return prediction_view(
        session, guild_id=actor.guild_id, code=code, member_id=guilds.known_member(session, actor), now=now
    )


def show_publicly(session: Session, *, guild_id: int, code: int, now: datetime) -> PredictionView:
    """One prediction as everybody may see it: what a posted card holds."""
    return prediction_view(session, guild_id=guild_id, code=code, member_id=None, now=now)


def list_page(session: Session, actor: Actor, *, filters: Filters, number: int, now: datetime) -> Page:
    """One page of the guild's predictions. A page beyond the last gives the last."""
    member_id = guilds.known_member(session, actor)
    if filters.words:
        ids = [hit.id for hit in search.find(session, guild_id=actor.guild_id, text=filters.words, now=now, limit=200)]
        wanted = set(session.scalars(_filtered(actor.guild_id, filters, member_id, now).where(Prediction.id.in_(ids))))
        ids = [prediction_id for prediction_id in ids if prediction_id in wanted]
        total = len(ids)
    else:
        ids = None
        matching = _filtered(actor.guild_id, filters, member_id, now).order_by(None).subquery()
        total = session.scalar(select(func.count()).select_from(matching)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 0), pages - 1)
    if ids is None:
        ids = list(
            session.scalars(_filtered(actor.guild_id, filters, member_id, now).limit(PAGE_SIZE).offset(number * PAGE_SIZE))
        )
    else:
        ids = ids[number * PAGE_SIZE : (number + 1) * PAGE_SIZE]
    views = prediction_views(session, guild_id=actor.guild_id, prediction_ids=ids, member_id=member_id, now=now)
    return Page(filters, number, pages, total, tuple(views))


def tags_of_guild(session: Session, *, guild_id: int, beginning: str) -> list[str]:
    """Up to 25 tags that begin so, the most used first."""
    uses = func.count()
    tags = select(PredictionTag.tag).where(
        PredictionTag.guild_id == guild_id, PredictionTag.tag.startswith(beginning.lower(), autoescape=True)
    )
    return list(session.scalars(tags.group_by(PredictionTag.tag).order_by(uses.desc(), PredictionTag.tag).limit(25)))


def add(session: Session, actor: Actor, *, new: NewPrediction, now: datetime) -> Added:
    """Add a prediction by hand; it opens at once, and its card is posted in the guild's channel if there is one.

    Members may add unless the guild has reserved it to managers. Raises Refused with what is wrong.
    """
    member_id = guilds.member_of(session, actor, now=now)
    settings = guilds.settings_of(session, actor.guild_id)
    require_may_add(session, actor)
    new = _checked(new, now)
    prediction = Prediction(
        guild_id=actor.guild_id,
        code=take_codes(session, actor.guild_id, 1),
        author_id=member_id,
        kind=new.kind,
        state=State.OPEN,
        statement=new.statement,
        criteria=new.criteria,
        details={},
        unit=new.unit,
        link=new.link,
        created_at=now,
        opens_at=now,
        closes_at=new.closes_at or new.resolves_at,
        resolves_at=new.resolves_at,
    )
    session.add(prediction)
    session.flush()
    for position, name in enumerate(new.options):
        session.add(PredictionOption(prediction_id=prediction.id, position=position, name=name))
    set_tags(session, guild_id=actor.guild_id, prediction_id=prediction.id, tags=new.tags)
    index(session, guild_id=actor.guild_id, prediction_ids=[prediction.id])
    session.add(Event(prediction_id=prediction.id, member_id=member_id, at=now, kind="added", to_state=State.OPEN, data={}))
    if settings.post_channel_id is not None:
        payload = {"prediction_id": prediction.id}
        outbox.queue(session, outbox.Message.POST_CARD, guild_id=actor.guild_id, payload=payload, due_at=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=prediction.code, member_id=member_id, now=now)
    return Added(view, settings.post_channel_id)


def require_may_add(session: Session, actor: Actor) -> None:
    """Raises NotAManager where the guild has reserved adding to managers: asked before a form opens in vain."""
    if not guilds.settings_of(session, actor.guild_id).members_may_add:
        guilds.require_manager(session, actor, "add predictions in this server")


def show_for_editing(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction for somebody who may edit it now. Raises NotFound, NotAManager or Refused."""
    view = show(session, actor, code=code, now=now)
    member_id = guilds.known_member(session, actor)
    _require_may_edit(session, actor, session.get_one(Prediction, view.id), member_id)
    return view


def edit(session: Session, actor: Actor, *, code: int, changes: Changes, now: datetime) -> Edited:
    """Change a prediction. Managers may at any time; who added it, until another member forecasts on it.

    Changed words of a prediction that has forecasts are a clarification: kept as a revision and announced at home.
    """
    prediction = locked_prediction(session, guild_id=actor.guild_id, code=code)
    member_id = guilds.member_of(session, actor, now=now)
    _require_may_edit(session, actor, prediction, member_id)
    statement = None if changes.statement is None else checked_statement(changes.statement)
    criteria = prediction.criteria if changes.criteria is None else _checked_criteria(changes.criteria)
    resolves_at = changes.resolves_at or prediction.resolves_at
    closes_at = (
        changes.closes_at
        or (changes.resolves_at if prediction.closes_at == prediction.resolves_at else None)
        or prediction.closes_at
    )
    if resolves_at and closes_at and closes_at > resolves_at:
        closes_at = resolves_at if changes.closes_at is None else closes_at
    if (resolves_at, closes_at) != (prediction.resolves_at, prediction.closes_at):
        new_closes_at = None if closes_at == prediction.closes_at else closes_at  # the old one may well be over
        check_dates(resolves_at=resolves_at, closes_at=new_closes_at, now=now)
    before = (prediction.statement, prediction.criteria, prediction.resolves_at, prediction.closes_at)
    is_clarification = revise(
        session, prediction, statement=statement or prediction.statement, criteria=criteria, member_id=member_id, now=now
    )
    reschedule(session, prediction, closes_at=closes_at, resolves_at=resolves_at, member_id=member_id, now=now)
    after = (prediction.statement, prediction.criteria, prediction.resolves_at, prediction.closes_at)
    names = ("statement", "criteria", "date", "closing time")
    changed = [name for name, old, new in zip(names, before, after, strict=True) if old != new]
    if changes.tags is not None:
        tags = checked_tags(changes.tags)
        if set_tags(session, guild_id=actor.guild_id, prediction_id=prediction.id, tags=tags):
            changed.append("tags")
    if not changed:
        raise Refused("Nothing would change. Give at least one new statement, criteria, date or tags.")
    session.flush()
    index(session, guild_id=actor.guild_id, prediction_ids=[prediction.id])
    outbox.queue_card_refresh(session, guild_id=actor.guild_id, prediction_id=prediction.id, now=now)
    view = prediction_view(session, guild_id=actor.guild_id, code=code, member_id=member_id, now=now)
    return Edited(view, is_clarification, tuple(changed))


# Steps that other use cases share.


def locked_prediction(session: Session, *, guild_id: int, code: int) -> Prediction:
    """The prediction, held against other writers until the transaction ends. Raises NotFound."""
    found = session.scalar(
        select(Prediction).where(Prediction.guild_id == guild_id, Prediction.code == code).with_for_update()
    )
    if found is None:
        raise NotFound(f"#{code}")
    return found


def take_codes(session: Session, guild_id: int, count: int) -> int:
    """Take `count` codes of the guild in a row; returns the first."""
    taken = update(Guild).where(Guild.id == guild_id).values(next_code=Guild.next_code + count).returning(Guild.next_code)
    return session.execute(taken.execution_options(synchronize_session=False)).scalar_one() - count


def revise(
    session: Session, prediction: Prediction, *, statement: str, criteria: str | None, member_id: int | None, now: datetime
) -> bool:
    """Change the words, keeping the old ones as a revision. True when it is a clarification, which is then announced at home."""
    if (statement, criteria) == (prediction.statement, prediction.criteria):
        return False
    has_forecasts = session.scalar(
        select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.member_id.is_not(None)).limit(1)
    )
    is_clarification = has_forecasts is not None
    session.add(
        PredictionRevision(
            prediction_id=prediction.id,
            number=prediction.revision,
            statement=prediction.statement,
            criteria=prediction.criteria,
            replaced_at=now,
            replaced_by=member_id,
            is_clarification=is_clarification,
        )
    )
    if is_clarification:
        payload = {"prediction_id": prediction.id, "number": prediction.revision}
        outbox.queue(session, outbox.Message.CLARIFICATION, guild_id=prediction.guild_id, payload=payload, due_at=now)
    kind = "clarified" if is_clarification else "reworded"
    session.add(
        Event(prediction_id=prediction.id, member_id=member_id, at=now, kind=kind, data={"number": prediction.revision})
    )
    prediction.statement, prediction.criteria = statement, criteria
    prediction.revision += 1
    return is_clarification


def reschedule(
    session: Session,
    prediction: Prediction,
    *,
    closes_at: datetime | None,
    resolves_at: datetime | None,
    member_id: int | None,
    now: datetime,
) -> None:
    """Give a prediction other dates. One that had closed opens again when its new closing time is still to come."""
    if (closes_at, resolves_at) == (prediction.closes_at, prediction.resolves_at):
        return
    was = prediction.state
    prediction.closes_at, prediction.resolves_at = closes_at, resolves_at
    if prediction.state is State.CLOSED and (closes_at is None or closes_at > now):
        prediction.state, prediction.closed_at = State.OPEN, None
    elif prediction.state is State.OPEN and closes_at is not None and closes_at <= now:
        prediction.state, prediction.closed_at = State.CLOSED, closes_at
    data = {
        "closes_at": closes_at.isoformat() if closes_at else None,
        "resolves_at": resolves_at.isoformat() if resolves_at else None,
    }
    event = Event(prediction_id=prediction.id, member_id=member_id, at=now, kind="rescheduled", data=data)
    event.from_state, event.to_state = was, prediction.state
    session.add(event)


def set_tags(session: Session, *, guild_id: int, prediction_id: int, tags: Sequence[str]) -> bool:
    """Give a prediction these tags and no others; returns whether that changed any."""
    there = {
        row.tag: row for row in session.scalars(select(PredictionTag).where(PredictionTag.prediction_id == prediction_id))
    }
    if there.keys() == set(tags):
        return False
    for tag, row in there.items():
        if tag not in tags:
            session.delete(row)
    new = [tag for tag in dict.fromkeys(tags) if tag not in there]
    session.add_all([PredictionTag(prediction_id=prediction_id, tag=tag, guild_id=guild_id) for tag in new])
    return True


def index(session: Session, *, guild_id: int, prediction_ids: Sequence[int]) -> None:
    """Make predictions findable by their words as they are now."""
    session.flush()
    texts: dict[int, list[str | None]] = {}
    rows = select(Prediction.id, Prediction.statement, Prediction.details, Pack.title).outerjoin(
        Pack, Pack.id == Prediction.pack_id
    )
    for row in session.execute(rows.where(Prediction.id.in_(prediction_ids))):
        texts[row.id] = [row.statement, row.details.get("section"), row.title]
    tags = select(PredictionTag.prediction_id, PredictionTag.tag).where(PredictionTag.prediction_id.in_(prediction_ids))
    options = select(PredictionOption.prediction_id, PredictionOption.name).where(
        PredictionOption.prediction_id.in_(prediction_ids)
    )
    for prediction_id, word in [*session.execute(tags), *session.execute(options)]:
        texts[prediction_id].append(word)
    search.index_predictions(
        session, guild_id=guild_id, texts={key: "\n".join(part for part in parts if part) for key, parts in texts.items()}
    )


def check_dates(*, resolves_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Refuses dates in the past, too far away, or in the wrong order."""
    if resolves_at is not None and resolves_at <= now:
        raise Refused("That date is already over. Choose a date that is still to come.")
    if resolves_at is not None and resolves_at > now + LAST_DATE_IN:
        raise Refused("That date is more than 50 years away. Choose an earlier one.")
    if closes_at is not None and closes_at <= now:
        raise Refused("The closing date is already over. Choose one that is still to come, or leave it away.")
    if closes_at is not None and resolves_at is not None and closes_at > resolves_at:
        raise Refused(
            "Forecasts cannot close after the prediction resolves. Choose an earlier closing date, or leave it away."
        )


def checked_statement(text: str) -> str:
    """The statement on one line. Refuses an empty or overlong one."""
    statement = " ".join(text.split())
    if not statement:
        raise Refused(
            "The statement is empty. Write in one sentence what you predict, for example: GPT-6 is released by 31 March 2027."
        )
    if len(statement) > MAX_STATEMENT:
        raise Refused(
            f"The statement has {len(statement):,} characters; at most {MAX_STATEMENT} fit. Put the details into the criteria."
        )
    return statement


def checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags in small letters, each once. Refuses more than 8 and overlong ones."""
    folded = tuple(dict.fromkeys(" ".join(tag.lower().split()) for tag in tags if tag.strip()))
    if len(folded) > 8:
        raise Refused(f"{len(folded)} tags are too many; at most 8, parted by commas.")
    if too_long := next((tag for tag in folded if len(tag) > 40), None):
        raise Refused(f"The tag “{too_long[:60]}” is longer than 40 characters. Part tags with commas.")
    return folded


def _checked_criteria(text: str) -> str | None:
    criteria = text.strip()
    if len(criteria) > MAX_CRITERIA:
        raise Refused(
            f"The criteria have {len(criteria):,} characters; at most {MAX_CRITERIA:,} fit. Shorten them, or link to the details."
        )
    return criteria or None


def _checked(new: NewPrediction, now: datetime) -> NewPrediction:
    statement = checked_statement(new.statement)
    check_dates(resolves_at=new.resolves_at, closes_at=new.closes_at, now=now)
    options = tuple(" ".join(option.split()) for option in new.options if option.strip())
    unit = " ".join((new.unit or "").split()) or None
    if new.kind is Kind.MULTIPLE_CHOICE:
        if not 2 <= len(options) <= MAX_OPTIONS:
            raise Refused(
                f"A multiple-choice prediction needs 2 to {MAX_OPTIONS} options, parted by commas or semicolons; you gave {len(options)}."
            )
        if len({option.casefold() for option in options}) != len(options):
            raise Refused("Two options have the same name. Give each its own.")
        if too_long := next((option for option in options if len(option) > MAX_OPTION), None):
            raise Refused(f"The option “{too_long[:60]}…” has {len(too_long)} characters; at most {MAX_OPTION} fit.")
    elif options:
        raise Refused("Options belong to a multiple-choice prediction. Choose that kind, or leave the options away.")
    if new.kind is Kind.NUMERIC and unit is None:
        raise Refused("A numeric prediction needs a unit, for example: USD per 1M tokens.")
    if new.kind is not Kind.NUMERIC and unit is not None:
        raise Refused("A unit belongs to a numeric prediction. Choose that kind, or leave the unit away.")
    if unit is not None and len(unit) > MAX_UNIT:
        raise Refused(f"The unit has {len(unit)} characters; at most {MAX_UNIT} fit. Put the details into the criteria.")
    return NewPrediction(
        statement=statement,
        resolves_at=new.resolves_at,
        kind=new.kind,
        closes_at=new.closes_at,
        criteria=_checked_criteria(new.criteria or ""),
        options=options,
        unit=unit,
        tags=checked_tags(new.tags),
        link=new.link,
    )


def _require_may_edit(session: Session, actor: Actor, prediction: Prediction, member_id: int | None) -> None:
    if not guilds.is_manager(session, actor):
        others = select(Forecast.id).where(Forecast.prediction_id == prediction.id, Forecast.member_id != member_id).limit(1)
        if member_id is None or prediction.author_id != member_id:
            guilds.require_manager(session, actor, "edit a prediction that somebody else added")
        if session.scalar(others) is not None:
            guilds.require_manager(session, actor, "edit a prediction that others have forecast on")
    if prediction.state not in (State.DRAFT, State.OPEN, State.CLOSED):
        raise Refused(f"#{prediction.code} is {prediction.state.value} and cannot be edited any more.")


_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.SOONEST: (Prediction.resolves_at.is_(None), Prediction.resolves_at, Prediction.code),
    Order.NEWEST: (Prediction.code.desc(),),
    Order.BUSIEST: (Prediction.forecasters.desc(), Prediction.code),
    Order.CODE: (Prediction.code,),
}


def open_now(now: datetime) -> tuple[Any, ...]:
    """Conditions of a prediction that takes forecasts."""
    return (
        Prediction.state == State.OPEN,
        Prediction.opens_at <= now,
        or_(Prediction.closes_at.is_(None), Prediction.closes_at > now),
    )


def _filtered(guild_id: int, filters: Filters, member_id: int | None, now: datetime) -> Select[int]:
    found = (
        select(Prediction.id)
        .where(Prediction.guild_id == guild_id, Prediction.state != State.DRAFT)
        .order_by(*_ORDERS[filters.order])
    )
    standing = select(Forecast.prediction_id).where(Forecast.member_id == (member_id or 0), Forecast.ended_at.is_(None))
    match filters.show:
        case Show.OPEN:
            found = found.where(*open_now(now))
        case Show.UNANSWERED:
            found = found.where(*open_now(now), Prediction.id.not_in(standing))
        case Show.MINE:
            found = found.where(Prediction.id.in_(standing))
        case Show.CLOSED:
            is_past = or_(
                Prediction.state.in_([State.CLOSED, State.VOTING, State.PROVISIONAL, State.REOPENED]),
                Prediction.closes_at <= now,
            )
            found = found.where(Prediction.state.not_in([State.RESOLVED, State.ANNULLED]), is_past)
        case Show.ENDED:
            found = found.where(Prediction.state.in_([State.RESOLVED, State.ANNULLED]))
        case Show.ALL:
            pass
    if filters.kind is not None:
        found = found.where(Prediction.kind == filters.kind)
    if filters.tag:
        tagged = select(PredictionTag.prediction_id).where(
            PredictionTag.guild_id == guild_id, PredictionTag.tag == filters.tag.lower()
        )
        found = found.where(Prediction.id.in_(tagged))
    if filters.pack:
        found = found.join(Pack, Pack.id == Prediction.pack_id).where(Pack.slug == filters.pack.strip().lower())
    return found
