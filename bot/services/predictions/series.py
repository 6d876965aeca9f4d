"""Adding a series: one prediction for each month, quarter or year, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.series import filled, periods_of, require_none
from bot.domain.texts import clean_line, listed
from bot.domain.times import over_at
from bot.domain.types import Actor, Kind, State
from bot.services.homes import places
from bot.services.members import guilds
from bot.services.predictions import editing
from bot.services.predictions.editing import AddedPrediction, NewPrediction
from bot.services.predictions.views import prediction_view
from db.models import Prediction


@dataclass(frozen=True, slots=True)
class NewSeries:
    """What someone adds as a series. `statement`, `criteria` and `options` are templates; `first` and `last` are moments of
    the first and the last period, UTC."""

    statement: str
    first: datetime
    last: datetime
    criteria: str = ""
    kind: Kind = Kind.BINARY
    options: tuple[str, ...] = ()
    unit: str | None = None
    expected: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddedSeries:
    """The predictions of a series, the soonest first. Only the first one's card is posted at once. `there`: statements that were
    left out, each with the code of the prediction that says the same."""

    added: tuple[AddedPrediction, ...]
    there: tuple[tuple[str, int], ...] = ()


def add(session: Session, actor: Actor, *, new: NewSeries, now: datetime, locale: str | None = None) -> AddedSeries:
    """Add a prediction for each period, but none that says word for word what another one says. Each counts as one added by
    hand, in the limits as well. Raises what adding one does, and Refused for a template or a range that can't be used, and where
    all are there; then none is added."""
    statement = clean_line(new.statement)
    periods = periods_of(statement, first=new.first.date(), last=new.last.date(), further=(new.criteria, *new.options))
    for what, texts in (("the tags", new.tags), ("the unit", (new.unit or "",)), ("the range", (new.expected or "",))):
        require_none(what, texts)
    member_id = guilds.member_of(session, actor, now=now)
    statements = {period: filled(statement, period) for period in periods}
    codes = _codes_of(session, actor, list(statements.values()), member_id=member_id)
    if codes.keys() >= set(statements.values()):
        raise Refused(f"All of these are there already: {listed([f'#{code}' for code in sorted(codes.values())])}.")
    added: list[AddedPrediction] = []
    for period, words in statements.items():
        if words in codes:
            continue
        one = NewPrediction(
            statement=words,
            resolves_at=over_at(period.last_day),
            kind=new.kind,
            criteria=filled(new.criteria, period),
            options=tuple(filled(option, period) for option in new.options),
            unit=new.unit,
            expected=new.expected,
            tags=new.tags,
        )
        prediction = editing.create(session, actor, new=one, member_id=member_id, now=now, locale=locale)
        editing.post_or_ask(session, prediction, now=now, has_card=not added)
        view = prediction_view(session, guild_id=actor.guild_id, code=prediction.code, member_id=member_id, now=now)
        channel_id = places.post_channel_of(session, prediction)
        added.append(AddedPrediction(view, channel_id, prediction.state is State.DRAFT))
    return AddedSeries(tuple(added), tuple((words, codes[words]) for words in statements.values() if words in codes))


def _codes_of(session: Session, actor: Actor, statements: Sequence[str], *, member_id: int) -> dict[str, int]:
    """The codes of predictions with these very words, the first of each; of drafts only the member's own, but a manager's all.
    What was annulled may be asked again."""
    is_waiting = (Prediction.state == State.DRAFT) & Prediction.closed_at.is_(None)
    seen = is_waiting if guilds.is_manager(session, actor) else is_waiting & (Prediction.author_id == member_id)
    its = (Prediction.guild_id == actor.guild_id, Prediction.statement.in_(statements))
    found = select(Prediction.statement, func.min(Prediction.code).label("code")).where(
        *its, Prediction.state.not_in([State.DRAFT, State.ANNULLED]) | seen
    )
    return {row.statement: row.code for row in session.execute(found.group_by(Prediction.statement))}
