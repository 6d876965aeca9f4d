"""Forgetting a person: their account, name and words go from every table. Their forecasts stay as a former member's, because
the crowd and the scores of everybody else were made with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.lifecycle import ENDED
from bot.domain.outcomes import ANNULLED, Outcome
from bot.domain.types import Actor, State
from bot.services import outbox
from bot.services.predictions import grouping, posted_reasons, steps
from bot.services.privacy.collecting import holds, messages_about
from bot.services.voting import clocks, settling
from db.base import Base
from db.models import (
    Ballot,
    Event,
    Follow,
    Forecast,
    Guild,
    HiddenText,
    Import,
    LeftOutMember,
    Member,
    Objection,
    OutboxMessage,
    Prediction,
    PredictionGroup,
    PredictionOption,
    PredictionRevision,
    Proposal,
    Quote,
    Reason,
    Reminder,
    SearchVocabulary,
    SearchWord,
    Skip,
    Tournament,
    User,
    Vote,
    VoteState,
)

REMOVED = "Removed by the member who added it"
_DIRECT = (
    outbox.MessageKind.REMINDER,
    outbox.MessageKind.DIGEST,
    outbox.MessageKind.LEFT_OUT,
    outbox.MessageKind.DRAFT_ANSWER,
)


@dataclass(frozen=True, slots=True)
class WhatWouldGo:
    """What forgetting a member on this server takes, and what stays without their name. `servers` counts all those where we
    know them."""

    forecasts: int
    reasons: int
    running_ballots: int
    reminders: int
    removed_predictions: int
    kept_predictions: int
    servers: int


def preview(session: Session, actor: Actor) -> WhatWouldGo:
    """What would go. Raises Refused if nothing is stored."""
    members = _members(session, actor, everywhere=True)
    is_quoted = session.scalar(_quoted(actor, everywhere=True).limit(1)) is not None
    if not members and not is_quoted and session.get(User, actor.user_id) is None:
        raise Refused("There's nothing to forget: I have nothing stored about you.")
    ids = [member.id for member in members if member.guild_id == actor.guild_id]
    added = _count(session, select(Prediction.id).where(Prediction.author_id.in_(ids)))
    removed = sum(len(session.scalars(_untouched(member_id)).all()) for member_id in ids)
    return WhatWouldGo(
        forecasts=_count(session, select(Forecast.id).where(Forecast.member_id.in_(ids))),
        reasons=_count(session, select(Reason.forecast_id).where(_reason_of(ids))),
        running_ballots=_count(session, select(Ballot.vote_id).where(Ballot.member_id.in_(ids), _is_open())),
        reminders=_count(session, select(Reminder.id).where(Reminder.member_id.in_(ids), Reminder.closed_at.is_(None))),
        removed_predictions=removed,
        kept_predictions=added - removed,
        servers=len(members),
    )


def forget(session: Session, actor: Actor, *, everywhere: bool, now: datetime) -> int:
    """Forget the actor on this server, or on every one; returns on how many. Whoever comes back starts afresh.

    What they've set for themselves goes with the last server that knows them.
    """
    members = _members(session, actor, everywhere=everywhere)
    for member in members:
        _forget_member(session, member, actor.user_id, now=now)
    quoted = _quoted(actor, everywhere=everywhere)
    session.execute(delete(Quote).where(Quote.id.in_(quoted)).execution_options(synchronize_session=False))
    session.flush()
    if session.scalar(select(Member.id).where(Member.user_id == actor.user_id).limit(1)) is None:
        session.execute(delete(User).where(User.id == actor.user_id))
        _clean_outbox(session, OutboxMessage.guild_id.is_(None), actor.user_id)
    return len(members)


def _members(session: Session, actor: Actor, *, everywhere: bool) -> Sequence[Member]:
    theirs = select(Member).where(Member.user_id == actor.user_id)
    if not everywhere:
        theirs = theirs.where(Member.guild_id == actor.guild_id)
    return session.scalars(theirs.order_by(Member.id)).all()


def _quoted(actor: Actor, *, everywhere: bool) -> Select[int]:
    """What others quoted of the actor's messages: they may never have used Almanac."""
    found = select(Quote.id).where(Quote.author_id == actor.user_id)
    here = select(Prediction.id).where(Prediction.guild_id == actor.guild_id)
    return found if everywhere else found.where(Quote.prediction_id.in_(here))


def _forget_member(session: Session, member: Member, user_id: int, *, now: datetime) -> None:
    if removed := session.scalars(_untouched(member.id).with_for_update()).all():
        for prediction in removed:
            _remove(session, prediction, now=now)
        for prediction in removed:  # once all are removed: what's left of a group by then gets a card of its own
            grouping.take_out(session, prediction, now=now)
        used = exists().where(SearchWord.guild_id == SearchVocabulary.guild_id, SearchWord.word == SearchVocabulary.word)
        session.execute(delete(SearchVocabulary).where(SearchVocabulary.guild_id == member.guild_id, ~used))
    shown = _where_shown(session, member.id)
    _end_votes_part(session, member, now=now)
    _drop_words(session, member.id)
    reminders = list(session.scalars(select(Reminder.id).where(Reminder.member_id == member.id)))
    gone: dict[type[Base], ColumnElement[bool]] = {
        OutboxMessage: holds("reminder_id", reminders),
        HiddenText: HiddenText.member_id == member.id,
        Reminder: Reminder.member_id == member.id,
        Skip: Skip.member_id == member.id,
        Follow: Follow.member_id == member.id,
        Import: and_(Import.member_id == member.id, Import.confirmed_at.is_(None)),
        Quote: Quote.member_id == member.id,
    }
    for model, theirs in gone.items():
        session.execute(delete(model).where(theirs).execution_options(synchronize_session=False))
    contact = update(Guild).where(Guild.id == member.guild_id, Guild.contact_id == user_id)
    session.execute(contact.values(contact_id=None).execution_options(synchronize_session="evaluate"))
    named = (Tournament.guild_id == member.guild_id, Tournament.role_trouble.contains(f"<@{user_id}>"))
    trouble = update(Tournament).where(*named).values(role_trouble=None)
    session.execute(trouble.execution_options(synchronize_session=False))
    _clean_outbox(session, OutboxMessage.guild_id == member.guild_id, user_id)
    member.user_id = member.name = None
    member.forgotten_at = now
    for prediction_id in shown:
        outbox.queue_card_refresh(session, guild_id=member.guild_id, prediction_id=prediction_id, now=now)


def _untouched(member_id: int) -> Select[Prediction]:
    """The member's own predictions that nobody else has a part in: no forecast, proposal, ballot or reminder of others,
    and nothing that depends on them. What is resolved stays: the crowd's record has it."""
    child = aliased(Prediction)
    return (
        select(Prediction)
        .where(
            Prediction.author_id == member_id,
            Prediction.state != State.RESOLVED,
            Prediction.statement != REMOVED,
            ~exists().where(Forecast.prediction_id == Prediction.id, Forecast.member_id.is_distinct_from(member_id)),
            ~exists().where(Proposal.prediction_id == Prediction.id, Proposal.member_id.is_distinct_from(member_id)),
            ~exists().where(Reminder.prediction_id == Prediction.id, Reminder.member_id != member_id),
            ~exists().where(Vote.prediction_id == Prediction.id, Ballot.vote_id == Vote.id, Ballot.member_id != member_id),
            ~exists().where(child.parent_id == Prediction.id),
        )
        .order_by(Prediction.id)
    )


def _remove(session: Session, prediction: Prediction, *, now: datetime) -> None:
    """Annul a prediction and empty its words. Its row stays, so that its card can say so and its code isn't given again."""
    prediction.statement, prediction.criteria, prediction.link, prediction.details = REMOVED, None, None, {}
    prediction.unit = None if prediction.unit is None else "removed"
    changed = {"synchronize_session": False}
    revisions = update(PredictionRevision).where(PredictionRevision.prediction_id == prediction.id)
    session.execute(revisions.values(statement=REMOVED, criteria=None).execution_options(**changed))
    options = select(PredictionOption).where(PredictionOption.prediction_id == prediction.id)
    for option in session.scalars(options):
        option.name = f"Option {option.position + 1}"
    steps.set_tags(session, guild_id=prediction.guild_id, prediction_id=prediction.id, tags=())
    if prediction.state is not State.DRAFT:
        steps.index(session, guild_id=prediction.guild_id, prediction_ids=[prediction.id])
    if prediction.state is State.DRAFT:  # nobody else has ever seen it
        prediction.closed_at = prediction.closed_at or now
    if prediction.state not in (*ENDED, State.DRAFT):
        void, words = Outcome(ANNULLED), f"{REMOVED}."
        settling.settle(session, prediction, void, kind=EventKind.ANNULLED, now=now, words=words, announces=False)


def _where_shown(session: Session, member_id: int) -> list[int]:
    """The predictions whose cards name the member or show their words."""
    reasons = (
        select(Forecast.prediction_id)
        .join(Reason, Reason.forecast_id == Forecast.id)
        .where(Forecast.member_id == member_id, posted_reasons.is_public())
    )
    found = select(Prediction.id).where(or_(Prediction.author_id == member_id, Prediction.id.in_(reasons)))
    return list(session.scalars(found.order_by(Prediction.id)))


def _end_votes_part(session: Session, member: Member, *, now: datetime) -> None:
    """Take back what still counts in a running vote: whoever came back could do it a second time."""
    running = select(Vote).where(
        Vote.ended_at.is_(None),
        or_(
            Vote.id.in_(select(Ballot.vote_id).where(Ballot.member_id == member.id)),
            Vote.id.in_(select(Objection.vote_id).where(Objection.member_id == member.id)),
            Vote.proposal_id.in_(select(Proposal.id).where(Proposal.member_id == member.id)),
        ),
    )
    unsynced = {"synchronize_session": False}
    for vote in session.scalars(running.order_by(Vote.id).with_for_update()).all():
        if vote.state is VoteState.OPEN:
            ballot = delete(Ballot).where(Ballot.vote_id == vote.id, Ballot.member_id == member.id)
            session.execute(ballot.execution_options(**unsynced))
            clocks.note_change(vote, now=now)
        objection = delete(Objection).where(Objection.vote_id == vote.id, Objection.member_id == member.id)
        session.execute(objection.execution_options(**unsynced))
        outbox.queue_vote_refresh(
            session, guild_id=member.guild_id, prediction_id=vote.prediction_id, vote_id=vote.id, now=now
        )
    voted_on = select(Vote.proposal_id).where(Vote.ended_at.is_(None), Vote.proposal_id.is_not(None))
    standing = select(Proposal).where(
        Proposal.member_id == member.id, Proposal.closed_at.is_(None), Proposal.id.not_in(voted_on)
    )
    for proposal in session.scalars(standing.order_by(Proposal.id).with_for_update()).all():
        proposal.closed_at = now
        prediction = session.get_one(Prediction, proposal.prediction_id)
        data = {"proposal_id": proposal.id, "outcome": proposal.outcome, "value": proposal.outcome_value}
        settling.note(session, prediction, kind=EventKind.TAKEN_BACK, now=now, member_id=member.id, data=data)
    session.flush()


def _drop_words(session: Session, member_id: int) -> None:
    """Empty whatever the member wrote."""
    unsynced = {"synchronize_session": False}
    session.execute(delete(Reason).where(_reason_of([member_id])).execution_options(**unsynced))
    for model in (Ballot, Proposal):
        wrote = update(model).where(model.member_id == member_id).values(words=None, link=None)
        session.execute(wrote.execution_options(**unsynced))
    loaded = update(Import).where(Import.member_id == member_id).values(file="a file")
    session.execute(loaded.execution_options(**unsynced))
    objected = update(Objection).where(Objection.member_id == member_id).values(words="")
    session.execute(objected.execution_options(**unsynced))
    apart = update(PredictionGroup).where(PredictionGroup.author_id == member_id, PredictionGroup.ended_at.is_not(None))
    session.execute(apart.values(title=REMOVED).execution_options(**unsynced))
    spells = update(LeftOutMember).where(or_(LeftOutMember.member_id == member_id, LeftOutMember.by_id == member_id))
    session.execute(spells.values(words=None).execution_options(**unsynced))
    for event in session.scalars(select(Event).where(Event.member_id == member_id)):
        event.words = None
        if "link" in event.data:
            event.data = {name: fact for name, fact in event.data.items() if name != "link"}
    session.flush()


def _clean_outbox(session: Session, here: ColumnElement[bool], user_id: int) -> None:
    """Drop messages that were for the person, and take them out of the others."""
    for message in messages_about(session, here, user_id):
        if message.kind in _DIRECT or str(user_id) in (message.dedupe_key or "").split(":"):
            session.delete(message)
        else:
            message.payload = _without(message.payload, user_id)
    session.flush()


def _without(value: Any, user_id: int) -> Any:
    """The same without the person's id, at any depth."""
    if isinstance(value, dict):
        return {key: _without(part, user_id) for key, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_without(part, user_id) for part in cast("list[Any]", value) if str(part) != str(user_id)]
    return None if str(value) == str(user_id) else value


def _reason_of(member_ids: Sequence[int]) -> ColumnElement[bool]:
    return Reason.forecast_id.in_(select(Forecast.id).where(Forecast.member_id.in_(member_ids)))


def _is_open() -> ColumnElement[bool]:
    return Ballot.vote_id.in_(select(Vote.id).where(Vote.state == VoteState.OPEN))


def _count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
