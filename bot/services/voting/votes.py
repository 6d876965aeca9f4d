"""Votes on what happened: opened at the date or by a proposal, counted by a frozen rule, open to objections, then final."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain.errors import NotFound, Refused
from bot.domain.evidence import checked_link, checked_words
from bot.domain.times import over_at
from bot.domain.types import Actor, Kind, State
from bot.domain.voting import Answer, Choice, choices_of, quorum_of
from bot.services import outbox
from bot.services.members import guilds
from bot.services.predictions import steps
from bot.services.predictions.editing import LAST_DATE_IN
from bot.services.voting import settling
from db import queries
from db.models import Ballot, Guild, Objection, Prediction, Proposal, Vote, VoteState

OBJECTIONS_NEEDED = 2
WAITING = (State.CLOSED, State.REOPENED)
"""States in which a prediction whose date has come waits for its vote."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that was taken, and what it replaced."""

    code: int
    answer: Answer
    new_date: date | None
    previous: Answer | None
    closes_at: datetime


def open_waiting(session: Session, *, now: datetime, guild_id: int | None = None) -> set[int]:
    """Open votes on what was proposed and seconded, then on predictions whose date has come, soonest first: as many as
    each guild allows at once.

    In one guild, or in all where the bot is. Returns the ids of the predictions.
    """
    ready = _ready(now) if guild_id is None else and_(_ready(now), Prediction.guild_id == guild_id)
    opened: set[int] = set()
    for key in session.scalars(select(Prediction.guild_id).where(ready).distinct()).all():
        here = select(Guild).where(Guild.id == key, Guild.left_at.is_(None))
        if (guild := session.scalar(here.with_for_update(skip_locked=True, key_share=True))) is None:
            continue
        free = guild.open_votes_limit - _open_votes(session, key)
        if free <= 0:
            continue
        waiting = select(Prediction).where(Prediction.guild_id == key, ready)
        # Two members want to know about a seconded one now; a pack with old dates may keep the queue busy for weeks.
        order = (Prediction.id.in_(_seconded()).desc(), Prediction.resolves_at.is_(None), Prediction.resolves_at)
        soonest = waiting.order_by(*order, Prediction.code).limit(free)
        for prediction in session.scalars(soonest.with_for_update()).all():
            open_vote(session, guild, prediction, now=now)
            opened.add(prediction.id)
    return opened


def open_vote(session: Session, guild: Guild, prediction: Prediction, *, now: datetime) -> Vote:
    """Open a vote on a held prediction, under the guild's rule as it is now. A change of settings never touches it."""
    standing = select(Proposal.id).where(Proposal.prediction_id == prediction.id, Proposal.closed_at.is_(None))
    proposal_id = session.scalar(standing.order_by(Proposal.id).limit(1))
    quorum = quorum_of(prediction.forecasters, least=guild.quorum_least, share=guild.quorum_share, most=guild.quorum_most)
    rule = {
        "quorum": quorum,
        "majority": guild.majority_share,
        "hours": guild.vote_hours,
        "objection_hours": guild.objection_hours,
        "undecided_days": guild.undecided_days,
        "is_secret": guild.ballots_are_secret,
        "voter_role_id": guild.voter_role_id,
        "voter_hours": guild.voter_hours,
    }
    return _open(session, prediction, rule, proposal_id=proposal_id, kind="vote_opened", now=now)


def cast(
    session: Session,
    actor: Actor,
    *,
    code: int,
    answer: Answer,
    new_date: date | None = None,
    link: str | None = None,
    words: str | None = None,
    now: datetime,
) -> Cast:
    """Cast or change one's ballot. Raises NotFound, or Refused with what is wrong."""
    vote, prediction = _held_open_vote(session, actor, code, now)
    _require_voter(vote, actor)
    options = len(queries.option_names(session, prediction.id))
    if answer not in choices_of(prediction.kind, options):
        raise Refused(f"That is no answer to #{code}. Open its vote anew with /vote and choose there.")
    if new_date is not None and answer.choice is not Choice.TOO_EARLY:
        raise Refused("A new date belongs to the answer “too early”.")
    if new_date is not None and new_date <= now.date():
        raise Refused("That day is over already. Name one that is still to come.")
    if new_date is not None and new_date > (now + LAST_DATE_IN).date():
        raise Refused("That day is more than 50 years away. Name an earlier one.")
    member_id = guilds.member_of(session, actor, now=now)
    row = {
        "choice": answer.choice,
        "position": answer.position,
        "new_resolves_at": None if new_date is None else over_at(new_date),
        "link": checked_link(link),
        "words": checked_words(words),
        "cast_at": now,
    }
    own = select(Ballot.choice, Ballot.position).where(Ballot.vote_id == vote.id, Ballot.member_id == member_id)
    before = session.execute(own.with_for_update()).first()
    # The same member may click twice at once: the database decides which was first, and the later one stays.
    queries.insert_or_update(session, Ballot, {"vote_id": vote.id, "member_id": member_id}, row)
    _refresh(session, prediction, vote, now)
    previous = None if before is None else Answer(before.choice, before.position)
    return Cast(code, answer, new_date, previous, vote.closes_at)


def take_back(session: Session, actor: Actor, *, code: int, now: datetime) -> None:
    """Take one's ballot back while the vote is open. Raises Refused when there is none."""
    vote, prediction = _held_open_vote(session, actor, code, now)
    member_id = guilds.known_member(session, actor) or 0
    gone = delete(Ballot).where(Ballot.vote_id == vote.id, Ballot.member_id == member_id).returning(Ballot.vote_id)
    if session.execute(gone).first() is None:
        raise Refused(f"You have no ballot on #{code} to take back.")
    _refresh(session, prediction, vote, now)


def object_to(session: Session, actor: Actor, *, code: int, words: str, now: datetime) -> int:
    """Object to a provisional result; the second objection opens a second round. Returns how many there are."""
    prediction, vote = _held(session, actor.guild_id, code)
    if prediction.state is not State.PROVISIONAL or vote is None or vote.closes_at <= now:
        raise Refused(f"#{code} has no provisional result to object to. /resolution status #{code} shows where it stands.")
    if vote.round > 1:
        raise Refused(f"#{code} had its second round, whose result is final. A manager can reopen it.")
    _require_voter(vote, actor)
    reason = checked_words(words)
    if reason is None:
        raise Refused("An objection needs a reason: say in a sentence what is wrong with the result.")
    member_id = guilds.member_of(session, actor, now=now)
    if session.get(Objection, (vote.id, member_id)) is not None:
        raise Refused(f"You have objected to the result of #{code} already. It takes another member as well.")
    session.add(Objection(vote_id=vote.id, member_id=member_id, words=reason, created_at=now))
    session.flush()
    settling.note(
        session, prediction, kind="objected", now=now, member_id=member_id, words=reason, data={"vote_id": vote.id}
    )
    objections = session.scalar(select(func.count()).where(Objection.vote_id == vote.id)) or 0
    if objections >= OBJECTIONS_NEEDED:
        vote.ended_at = now
        session.flush()
        # The rule of the first round, so that no setting changes in the middle of a dispute. It waits for no other vote.
        rule = vote.rule | {"quorum": 2 * vote.rule["quorum"]}
        _open(session, prediction, rule, proposal_id=vote.proposal_id, kind="second_round", now=now, round_=2)
    _refresh(session, prediction, vote, now)
    return objections


def next_due_at(session: Session) -> datetime | None:
    """When the next vote opens, or comes to something, by itself. What waits for another vote to end has no time."""
    going_on = select(func.min(Vote.closes_at)).join(Prediction, Prediction.id == Vote.prediction_id)
    counts_at = session.scalar(going_on.where(Vote.ended_at.is_(None), Prediction.guild_id.in_(_PRESENT)))
    open_here = (
        select(func.count())
        .select_from(Vote)
        .join(_Voted, _Voted.id == Vote.prediction_id)
        .where(_Voted.guild_id == Guild.id, Vote.state == VoteState.OPEN)
    )
    has_room = _PRESENT.where(open_here.scalar_subquery() < Guild.open_votes_limit)
    opens = select(func.min(Prediction.resolves_at)).where(_may_open(), Prediction.guild_id.in_(has_room))
    called = select(func.min(Proposal.created_at)).join(Prediction, Prediction.id == Proposal.prediction_id)
    called = called.where(Proposal.closed_at.is_(None), Proposal.seconded_by.is_not(None))
    called = called.where(Prediction.state.in_([State.OPEN, *WAITING]), Prediction.guild_id.in_(has_room))
    times = (counts_at, session.scalar(opens), session.scalar(called))
    return min((at for at in times if at is not None), default=None)


_PRESENT = select(Guild.id).where(Guild.left_at.is_(None))
_Voted = aliased(Prediction)


def _open(
    session: Session,
    prediction: Prediction,
    rule: dict[str, Any],
    *,
    proposal_id: int | None,
    kind: str,
    now: datetime,
    round_: int = 1,
) -> Vote:
    vote = Vote(
        prediction_id=prediction.id,
        proposal_id=proposal_id,
        round=round_,
        state=VoteState.OPEN,
        opened_at=now,
        closes_at=now + timedelta(hours=rule["hours"]),
        rule=rule,
    )
    session.add(vote)
    session.flush()
    settling.move(session, prediction, State.VOTING, kind=kind, now=now, data={"vote_id": vote.id, "quorum": rule["quorum"]})
    if prediction.closed_at is None:
        prediction.closed_at = min(now, prediction.closes_at or now)
    outbox.queue(
        session,
        outbox.Message.VOTE,
        guild_id=prediction.guild_id,
        payload={"prediction_id": prediction.id, "vote_id": vote.id},
        due_at=now,
    )
    return vote


def _ready(now: datetime) -> Any:
    """Predictions that wait for a vote: their date has come, or a proposal was seconded; numbers and days need a proposal."""
    return or_(
        and_(_may_open(), Prediction.resolves_at <= now),
        and_(Prediction.state.in_([State.OPEN, *WAITING]), Prediction.id.in_(_seconded())),
    )


def _seconded() -> Any:
    """Predictions with a proposal that was seconded."""
    return select(Proposal.prediction_id).where(Proposal.closed_at.is_(None), Proposal.seconded_by.is_not(None))


def _may_open() -> Any:
    """Predictions whose vote opens when their date comes."""
    proposed = select(Proposal.prediction_id).where(Proposal.closed_at.is_(None))
    can_be_asked = or_(Prediction.kind.in_([Kind.BINARY, Kind.MULTIPLE_CHOICE]), Prediction.id.in_(proposed))
    return and_(Prediction.state.in_(WAITING), can_be_asked)


def _open_votes(session: Session, guild_id: int) -> int:
    going_on = select(func.count()).select_from(Vote).join(Prediction, Prediction.id == Vote.prediction_id)
    return session.scalar(going_on.where(Prediction.guild_id == guild_id, Vote.state == VoteState.OPEN)) or 0


def _held(session: Session, guild_id: int, code: int) -> tuple[Prediction, Vote | None]:
    """The prediction, held, and its latest vote."""
    prediction = steps.locked_prediction(session, guild_id=guild_id, code=code)
    latest = select(Vote).where(Vote.prediction_id == prediction.id).order_by(Vote.id.desc()).limit(1)
    return prediction, session.scalar(latest.with_for_update())


def _held_open_vote(session: Session, actor: Actor, code: int, now: datetime) -> tuple[Vote, Prediction]:
    """The open vote, shared with other ballots and held against being counted meanwhile."""
    prediction_id = queries.prediction_id_of(session, guild_id=actor.guild_id, code=code)
    open_now = select(Vote).where(
        Vote.prediction_id == (prediction_id or 0), Vote.state == VoteState.OPEN, Vote.closes_at > now
    )
    vote = session.scalar(open_now.with_for_update(read=True))
    if prediction_id is None:
        raise NotFound(f"#{code}")
    if vote is None:
        raise Refused(f"#{code} has no open vote. /resolution status #{code} shows where it stands.")
    return vote, session.get_one(Prediction, prediction_id)


def _require_voter(vote: Vote, actor: Actor) -> None:
    """Who may vote was settled when the vote opened: members of some standing, with the voter role if one was set."""
    if actor.is_bot:
        raise Refused("Bots do not vote.")
    role_id, hours = vote.rule["voter_role_id"], vote.rule["voter_hours"]
    if role_id is not None and role_id not in actor.role_ids:
        raise Refused(f"Only members with the role <@&{role_id}> vote here.")
    since = vote.opened_at - timedelta(hours=hours)
    if actor.joined_at is None or actor.joined_at > since:
        raise Refused(
            f"Who votes must have been here for {hours} hours when the vote opened; you joined later. You can vote on the next."
        )


def _refresh(session: Session, prediction: Prediction, vote: Vote, now: datetime) -> None:
    outbox.queue_vote_refresh(session, guild_id=prediction.guild_id, prediction_id=prediction.id, vote_id=vote.id, now=now)
