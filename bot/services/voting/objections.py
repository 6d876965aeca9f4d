"""Objections to a provisional result."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.events import EventKind
from bot.domain.evidence import checked_words
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.voting import clocks, settling, votes
from bot.services.voting.voters import require_voter_in
from db import queries
from db.models import Objection, Prediction, Vote

OBJECTIONS_NEEDED = 2


def object_to(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> int:
    """Object to a provisional result; the second objection opens a second round. Returns how many there are now."""
    prediction, latest = _held(session, actor.guild_id, code)
    vote = _require_say(session, actor, latest, code=code, now=now)
    reason = checked_words(words)
    if reason is None:
        raise Refused("Give a reason: say in a sentence what's wrong with the result.")
    member_id = guilds.member_of(session, actor, now=now)
    session.add(Objection(vote_id=vote.id, member_id=member_id, words=reason, created_at=now))
    session.flush()
    settling.note(
        session, prediction, kind=EventKind.OBJECTED, now=now, member_id=member_id, words=reason, data={"vote_id": vote.id}
    )
    objections = session.scalar(select(func.count()).where(Objection.vote_id == vote.id)) or 0
    if objections >= OBJECTIONS_NEEDED:
        vote.ended_at = now
        session.flush()
        votes.open_second_round(session, prediction, vote, now=now)
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
    return objections


def check_may_object(session: Session, actor: Actor, *, code: int, now: datetime) -> None:
    """Raises Refused for somebody who has no say in this result, so that nobody fills in a form for nothing."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    _require_say(session, actor, session.scalar(_latest(prediction_id)), code=code, now=now)


def _require_say(session: Session, actor: Actor, vote: Vote | None, *, code: int, now: datetime) -> Vote:
    """The vote whose provisional result this member can object to. Raises Refused."""
    if vote is None or not vote.is_provisional or not clocks.still_runs(vote, now):
        raise Refused(
            f"#{code} has no provisional result to object to. See where it stands with /resolution status #{code}."
        )
    if vote.round > 1:
        raise Refused(f"#{code} has had its second round, so the result is final. A manager can reopen it.")
    require_voter_in(vote, actor, now=now)
    if session.get(Objection, (vote.id, guilds.known_member(session, actor) or 0)) is not None:
        raise Refused(f"You've already objected to the result of #{code}. It takes another member to open a second round.")
    return vote


def _held(session: Session, guild_id: int, code: int) -> tuple[Prediction, Vote | None]:
    """The prediction, locked, and its latest vote."""
    prediction = steps.locked_prediction(session, guild_id=guild_id, code=code)
    return prediction, session.scalar(_latest(prediction.id).with_for_update())


def _latest(prediction_id: int | None) -> Select[Vote]:
    return select(Vote).where(Vote.prediction_id == prediction_id).order_by(Vote.id.desc()).limit(1)
