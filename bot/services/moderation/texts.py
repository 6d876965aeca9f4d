"""The kinds of texts that members write for everyone to read: how to find one, take it away, and give it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, Text, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.types import State
from bot.services.moderation import statements
from db.base import AnyRow
from db.models import Ballot, Event, Forecast, HiddenText, Member, Objection, Prediction, Proposal, Reason, Vote, VoteState

_NO_LINK = cast(null(), Text)
_OF_REASON = tuple(column.name for column in Reason.__table__.columns if column.name != "forecast_id")
MOST_SHOWN = 25
"""How many of a prediction's texts a manager chooses from: as many as a select holds."""


class TextKind(StrEnum):
    """What somebody wrote. The values are stored: never rename one."""

    REASON = "reason"
    PROPOSAL = "proposal"
    OBJECTION = "objection"
    BALLOT = "ballot"
    STATEMENT = "statement"
    """All the words of an annulled prediction; one in use keeps them."""


@dataclass(frozen=True, slots=True)
class TextKey:
    """Which text: its kind, the forecast, proposal or vote that it belongs to, and who wrote it."""

    kind: TextKind
    target_id: int
    member_id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.target_id}:{self.member_id}"


@dataclass(frozen=True, slots=True)
class MemberText:
    """A text, who wrote it (None once they're forgotten), and when."""

    key: TextKey
    user_id: int | None
    words: str
    link: str | None
    at: datetime


def prediction_of(session: Session, guild_id: int, key: TextKey) -> Prediction | None:
    """The prediction that a text is about; None if it isn't there, or another guild's."""
    match key.kind:
        case TextKind.REASON:
            its = select(Forecast.prediction_id).where(Forecast.id == key.target_id, Forecast.member_id == key.member_id)
        case TextKind.PROPOSAL:
            its = select(Proposal.prediction_id).where(Proposal.id == key.target_id, Proposal.member_id == key.member_id)
        case TextKind.OBJECTION | TextKind.BALLOT:
            its = select(Vote.prediction_id).where(Vote.id == key.target_id)
        case TextKind.STATEMENT:
            its = select(Prediction.id).where(Prediction.id == key.target_id, Prediction.author_id == key.member_id)
    found = select(Prediction).where(Prediction.id.in_(its), Prediction.guild_id == guild_id)
    return session.scalar(found)


def text_of(session: Session, key: TextKey) -> MemberText | None:
    """A text that everyone can read; None if it's hidden, private, empty or gone."""
    columns = _readable(key.kind).subquery().c
    its = select(*columns).where(columns.target_id == key.target_id, columns.member_id == key.member_id)
    row = session.execute(its).first()
    return None if row is None else _text(row)


def shown_of(session: Session, prediction_id: int) -> tuple[MemberText, ...]:
    """What everyone can read of what members wrote about a prediction, newest first."""
    columns = union_all(*(_readable(kind) for kind in TextKind)).subquery().c
    its = select(*columns).where(columns.prediction_id == prediction_id)
    rows = session.execute(its.order_by(columns.at.desc(), columns.target_id.desc(), columns.member_id).limit(MOST_SHOWN))
    return tuple(_text(row) for row in rows)


def hidden_of(session: Session, prediction_id: int) -> tuple[MemberText, ...]:
    """What is hidden of it, the last hidden first."""
    found = select(HiddenText, Member.user_id).join(Member, Member.id == HiddenText.member_id)
    found = found.where(HiddenText.prediction_id == prediction_id).order_by(HiddenText.id.desc()).limit(MOST_SHOWN)
    return tuple(
        MemberText(
            TextKey(TextKind(row.HiddenText.kind), row.HiddenText.target_id, row.HiddenText.member_id),
            row.user_id,
            row.HiddenText.kept["words"] or "",
            row.HiddenText.kept.get("link"),
            row.HiddenText.hidden_at,
        )
        for row in session.execute(found)
    )


def take(session: Session, key: TextKey) -> dict[str, Any]:
    """Remove a text that is there, from the log as well; returns what it takes to give it back."""
    match key.kind:
        case TextKind.REASON:
            reason = session.get_one(Reason, key.target_id, with_for_update=True)
            assert reason.posted_at is not None
            kept = {name: getattr(reason, name) for name in _OF_REASON} | {"posted_at": reason.posted_at.isoformat()}
            session.delete(reason)
        case TextKind.PROPOSAL:
            proposal = session.get_one(Proposal, key.target_id, with_for_update=True)
            kept = {"words": proposal.words, "link": proposal.link}
            proposal.words = proposal.link = None
        case TextKind.OBJECTION:
            objection = session.get_one(Objection, (key.target_id, key.member_id), with_for_update=True)
            kept, objection.words = {"words": objection.words}, ""
        case TextKind.BALLOT:
            ballot = session.get_one(Ballot, (key.target_id, key.member_id), with_for_update=True)
            kept = {"words": ballot.words, "link": ballot.link}
            ballot.words = ballot.link = None
        case TextKind.STATEMENT:
            kept = statements.take(session, session.get_one(Prediction, key.target_id))
    for event in _steps(session, key):
        event.words = None
        event.data = {name: fact for name, fact in event.data.items() if name != "link"}
    session.flush()
    return kept


def give_back(session: Session, key: TextKey, kept: dict[str, Any]) -> None:
    """Put a text back where it was. Raises Refused where another has taken its place."""
    match key.kind:
        case TextKind.REASON:
            if session.get(Reason, key.target_id) is not None:
                raise Refused("They've given another reason for this forecast since, so the hidden one stays hidden.")
            given = {name: kept[name] for name in _OF_REASON} | {"posted_at": datetime.fromisoformat(kept["posted_at"])}
            session.add(Reason(forecast_id=key.target_id, **given))
        case TextKind.PROPOSAL:
            proposal = session.get_one(Proposal, key.target_id)
            proposal.words, proposal.link = kept["words"], kept["link"]
        case TextKind.OBJECTION:
            session.get_one(Objection, (key.target_id, key.member_id)).words = kept["words"]
        case TextKind.BALLOT:
            ballot = session.get(Ballot, (key.target_id, key.member_id))
            if ballot is None or ballot.words or ballot.link:
                raise Refused("They've voted differently since, so what they wrote before stays hidden.")
            ballot.words, ballot.link = kept["words"], kept["link"]
        case TextKind.STATEMENT:
            statements.give_back(session, session.get_one(Prediction, key.target_id), kept)
    for event in _steps(session, key):
        event.words = kept["words"]
        if key.kind is TextKind.PROPOSAL:
            event.data = event.data | {"link": kept["link"]}
    session.flush()


def _readable(kind: TextKind) -> Select[*tuple[Any, ...]]:
    """What everyone can read of a kind, as rows of one shape."""
    match kind:
        case TextKind.REASON:
            columns = (Forecast.prediction_id, Forecast.id, Forecast.member_id, Reason.words, _NO_LINK, Reason.posted_at)
            found = select(*_shaped(kind, *columns)).join(Reason, Reason.forecast_id == Forecast.id)
            found = found.where(Reason.posted_at.is_not(None))
            writer = Forecast.member_id
        case TextKind.PROPOSAL:
            columns = (Proposal.prediction_id, Proposal.id, Proposal.member_id, Proposal.words, Proposal.link)
            found = select(*_shaped(kind, *columns, Proposal.created_at))
            found = found.where(or_(Proposal.words.is_not(None), Proposal.link.is_not(None)))
            writer = Proposal.member_id
        case TextKind.OBJECTION:
            columns = (Vote.prediction_id, Vote.id, Objection.member_id, Objection.words, _NO_LINK, Objection.created_at)
            found = select(*_shaped(kind, *columns)).join(Objection, Objection.vote_id == Vote.id)
            found = found.where(Objection.words != "")
            writer = Objection.member_id
        case TextKind.BALLOT:  # what comes with ballots is secret until they're counted
            columns = (Vote.prediction_id, Vote.id, Ballot.member_id, Ballot.words, Ballot.link, Ballot.cast_at)
            found = select(*_shaped(kind, *columns)).join(Ballot, Ballot.vote_id == Vote.id)
            found = found.where(Vote.state == VoteState.DECIDED, Ballot.link.is_not(None))
            writer = Ballot.member_id
        case TextKind.STATEMENT:
            columns = (Prediction.id, Prediction.id, Prediction.author_id, Prediction.statement)
            found = select(*_shaped(kind, *columns, Prediction.link, Prediction.resolved_at))
            found = found.where(Prediction.state == State.ANNULLED, Prediction.statement != statements.HIDDEN)
            writer = Prediction.author_id
    return found.join(Member, Member.id == writer)


def _shaped(kind: TextKind, *columns: Any) -> tuple[Any, ...]:
    names = ("prediction_id", "target_id", "member_id", "words", "link", "at")
    shaped = (column.label(name) for column, name in zip(columns, names, strict=True))
    return (literal(str(kind)).label("kind"), Member.user_id, *shaped)


def _text(row: AnyRow) -> MemberText:
    key = TextKey(TextKind(row.kind), row.target_id, row.member_id)
    return MemberText(key, row.user_id, row.words or "", row.link, row.at)


def _steps(session: Session, key: TextKey) -> list[Event]:
    """The steps of the log that repeat a text."""
    name = {TextKind.PROPOSAL: "proposal_id", TextKind.OBJECTION: "vote_id"}.get(key.kind)
    kind = {TextKind.PROPOSAL: EventKind.PROPOSED, TextKind.OBJECTION: EventKind.OBJECTED}.get(key.kind)
    if name is None or kind is None:
        return []
    said = select(Event).where(Event.member_id == key.member_id, Event.kind == kind)
    return [event for event in session.scalars(said) if event.data.get(name) == key.target_id]
