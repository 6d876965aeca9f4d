"""When votes open: at a prediction's date, or earlier on a seconded proposal. They're counted in `counting`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.domain.events import EventKind
from bot.domain.outcomes import ANNULLED, NO, YES, Outcome
from bot.domain.types import Kind, Relation, State
from bot.domain.voters import first_id_at
from bot.domain.voting import Choice, quorum_of
from bot.services import posts
from bot.services.voting import settling
from bot.services.voting.places import KEPT_FOR_DUE, Places, is_reachable, room_of, taken_places
from db.base import UtcDateTime
from db.models import (
    Ballot,
    Forecast,
    Guild,
    Member,
    Prediction,
    Proposal,
    Vote,
    VoteState,
)
from db.queries import NOW, PRESENT

WAITING = (State.CLOSED, State.REOPENED)
"""States in which a prediction whose date has come is waiting for its vote."""

ENDED_AT_ONCE = 50
"""How many forgotten predictions end in one transaction, so that members don't wait for it."""
QUICK_HOURS = 24

_Parent = aliased(Prediction)


def _due() -> ColumnElement[bool]:
    """Predictions whose vote opens when their date has come: someone forecast on it or says what happened, its condition has
    come true, and its post has somewhere to go. A result that members can still object to goes first."""
    settled_early = exists().where(
        Vote.prediction_id == Prediction.id, Vote.ended_at.is_(None), Vote.is_early, Vote.state != VoteState.OPEN
    )
    of_interest = or_(Prediction.forecasters > 0, Prediction.state == State.REOPENED, _has_proposal())
    return and_(
        Prediction.state.in_(WAITING),
        Prediction.resolves_at.is_not(None),
        of_interest,
        ~settled_early,
        _unconditional(),
        is_reachable(),
    )


def _called_early() -> ColumnElement[bool]:
    """Predictions with a seconded proposal that get no vote by their date yet."""
    called = select(Proposal.prediction_id).where(Proposal.closed_at.is_(None), Proposal.seconded_by.is_not(None))
    is_early = or_(Prediction.resolves_at.is_(None), Prediction.resolves_at > NOW, ~_due())
    return and_(Prediction.id.in_(called), _may_be_called(), is_early)


def _may_be_called() -> ColumnElement[bool]:
    """Predictions on which an early vote can open for a seconded proposal."""
    running = exists().where(Vote.prediction_id == Prediction.id, Vote.ended_at.is_(None))
    return and_(Prediction.state.in_([State.OPEN, *WAITING]), ~running, _unconditional(), is_reachable())


def _has_proposal() -> ColumnElement[bool]:
    return exists().where(Proposal.prediction_id == Prediction.id, Proposal.closed_at.is_(None))


def _unconditional() -> ColumnElement[bool]:
    """Predictions without a condition, or whose condition has its result."""
    pending = exists().where(_Parent.id == Prediction.parent_id, _Parent.state.not_in([State.RESOLVED, State.ANNULLED]))
    return or_(Prediction.relation.is_(None), Prediction.relation != Relation.CONDITIONAL, ~pending)


def _condition_failed() -> ColumnElement[bool]:
    """Predictions that still wait although their condition was annulled or didn't come true."""
    failed = exists().where(
        _Parent.id == Prediction.parent_id,
        or_(
            _Parent.state == State.ANNULLED,
            and_(_Parent.kind == Kind.BINARY, _Parent.outcome == NO, ~Prediction.is_negated),
            and_(_Parent.kind == Kind.BINARY, _Parent.outcome == YES, Prediction.is_negated),
        ),
    )
    waits = Prediction.state.in_([State.OPEN, State.CLOSED])
    return and_(waits, Prediction.relation == Relation.CONDITIONAL, failed)


def _waits_since() -> ColumnElement[datetime]:
    """Since when a prediction whose date has come could have had its vote."""
    return case((Prediction.created_at > Prediction.resolves_at, Prediction.created_at), else_=Prediction.resolves_at)


def _forgotten() -> ColumnElement[bool]:
    """Predictions that get no vote, since nobody forecast on them or says what happened."""
    dated = and_(Prediction.state == State.CLOSED, Prediction.resolves_at.is_not(None), Guild.left_at.is_(None))
    return and_(dated, Prediction.forecasters == 0, ~_has_proposal(), _unconditional())


_DUE, _EARLY = and_(_due(), Prediction.resolves_at <= NOW), _called_early()
_GUILDS_DUE, _GUILDS_EARLY = (select(Prediction.guild_id).where(ready).distinct() for ready in (_DUE, _EARLY))
_SINCE_WHEN = (
    select(Guild.undecided_days, func.min(_waits_since()).label("since"))
    .join(Prediction, Prediction.guild_id == Guild.id)
    .where(_forgotten())
    .group_by(Guild.undecided_days)
)
_ENDING = select(Prediction).join(Guild, Guild.id == Prediction.guild_id).order_by(Prediction.id).limit(ENDED_AT_ONCE)
_FORGOTTEN = _ENDING.where(
    _forgotten(),
    Guild.undecided_days == bindparam("days"),
    _waits_since() <= bindparam("before", type_=UtcDateTime),
).with_for_update(of=Prediction)
_IMPOSSIBLE = _ENDING.where(_condition_failed(), Guild.left_at.is_(None)).with_for_update(of=Prediction)


def _next_due() -> Select[*tuple[Any, ...]]:
    """When the next running vote ends or is looked at, and when the next one opens, at its date or early."""
    places = taken_places().subquery()
    taken = select(func.sum(places.c.places)).where(places.c.guild_id == Guild.id).correlate(Guild).scalar_subquery()
    taken = func.coalesce(taken, 0)
    opens = select(func.min(Prediction.resolves_at)).where(_due())
    opens = opens.where(Prediction.guild_id.in_(PRESENT.where(taken < Guild.open_votes_limit)))
    early_room = case((Guild.open_votes_limit > KEPT_FOR_DUE, Guild.open_votes_limit - KEPT_FOR_DUE), else_=1)
    its_guild = exists().where(Guild.id == Prediction.guild_id, Guild.left_at.is_(None))
    called = select(func.min(Proposal.seconded_at)).where(
        Proposal.closed_at.is_(None),
        exists().where(Prediction.id == Proposal.prediction_id, _may_be_called(), its_guild.where(taken < early_room)),
    )
    return select(
        func.min(Vote.closes_at),
        func.min(Vote.quick_at),
        opens.correlate(None).scalar_subquery(),
        called.correlate(None).scalar_subquery(),
    ).where(
        Vote.ended_at.is_(None),
        Vote.clock_started_at.is_not(None),
        exists().where(Prediction.id == Vote.prediction_id, its_guild),
    )


_NEXT_DUE = _next_due()


def open_waiting(session: Session, *, now: datetime, guild_id: int | None = None) -> set[int]:
    """Open the votes of predictions whose date has come and of seconded proposals, as far as each guild has places.

    Votes on predictions of one date share a post, and one place. Works on one guild, or on all that the bot is in. Returns the
    ids of the predictions.
    """
    ready = (_GUILDS_DUE, _GUILDS_EARLY)
    if guild_id is not None:
        ready = tuple(guilds.where(Prediction.guild_id == guild_id) for guilds in ready)
    waiting_in = {key for guilds in ready for key in session.scalars(guilds, {"now": now})}
    opened: set[int] = set()
    for key in sorted(waiting_in):
        present = select(Guild).where(Guild.id == key, Guild.left_at.is_(None))
        if (guild := session.scalar(present.with_for_update(skip_locked=True, key_share=True))) is None:
            continue
        # What members have forecast on comes first, then by date: a pack with old dates can keep the queue busy for weeks.
        order = ((Prediction.forecasters > 0).desc(), Prediction.resolves_at.is_(None), Prediction.resolves_at)
        for ready, is_early in ((_DUE, False), (_EARLY, True)):
            room, taken = room_of(guild, is_early=is_early), Places.of(session, key)
            waiting = select(Prediction).where(Prediction.guild_id == key, ready)
            if (free := room - taken.number) <= 0:
                waiting = waiting.where(Prediction.resolves_at.in_(() if is_early else taken.dates_with_room))
            soonest = waiting.order_by(*order, Prediction.code).limit(max(free, 1) * posts.MOST_AT_ONCE).with_for_update()
            for prediction in session.scalars(soonest, {"now": now}).all():
                if taken.take(None if is_early else prediction.resolves_at, room=room):
                    open_vote(session, guild, prediction, is_early=is_early, now=now)
                    opened.add(prediction.id)
    return opened


def open_vote(session: Session, guild: Guild, prediction: Prediction, *, is_early: bool, now: datetime) -> Vote:
    """Open a vote on a locked prediction, under the guild's rule as it is now. Later changes of the settings don't touch it."""
    rule = {
        "quorum": quorum_of(
            _voters_who_forecast(session, guild, prediction, now),
            least=guild.quorum_least,
            share=guild.quorum_share,
            most=guild.quorum_most,
        ),
        "majority": guild.majority_share,
        "hours": guild.vote_hours,
        "quick_hours": QUICK_HOURS,
        "objection_hours": guild.objection_hours,
        "undecided_days": guild.undecided_days,
        "is_secret": guild.ballots_are_secret,
        "voter_role_id": guild.voter_role_id,
        "voter_hours": guild.voter_hours,
        "account_days": guild.voter_account_days,
    }
    if not is_early:
        settling.end_votes(session, prediction, now=now, keeps_proposals=True)
        return _open(session, prediction, rule, is_early=False, kind=EventKind.VOTE_OPENED, now=now)
    proposal = session.scalars(_seconded(prediction.id).order_by(Proposal.seconded_at, Proposal.id).limit(1)).one()
    vote = _open(session, prediction, rule, is_early=True, proposal=proposal, kind=EventKind.VOTE_OPENED, now=now)
    for member_id in {proposal.member_id, proposal.seconded_by} - {None}:
        session.add(
            Ballot(
                vote_id=vote.id,
                member_id=member_id,
                choice=Choice.ACCEPT,
                happened_at=proposal.happened_at,
                link=proposal.link if member_id == proposal.member_id else None,
                cast_at=now,
            )
        )
    return vote


def open_second_round(session: Session, prediction: Prediction, vote: Vote, *, now: datetime) -> Vote:
    """Open the second round of a vote that has ended, under the same rule. It doesn't wait for other votes."""
    proposal = None if vote.proposal_id is None else session.get(Proposal, vote.proposal_id)
    return _open(
        session,
        prediction,
        vote.rule,
        proposal=proposal,
        is_early=vote.is_early,
        kind=EventKind.SECOND_ROUND,
        now=now,
        round_=2,
    )


def end_forgotten(session: Session, *, now: datetime) -> bool:
    """End, silently, what nobody forecast within some time after its date, and what depends on a condition that failed.

    Some at a time; returns whether there may be more.
    """
    found = 0
    for days, since in session.execute(_SINCE_WHEN).all():
        if since + timedelta(days=days) <= now:
            which = {"days": days, "before": now - timedelta(days=days)}
            forgotten = session.scalars(_FORGOTTEN, which).all()
            found += _end(session, forgotten, "Nobody had forecast it when its date came.", now=now)
    found += _end(session, session.scalars(_IMPOSSIBLE).all(), "Its condition didn't come true.", now=now)
    return found >= ENDED_AT_ONCE


def _end(session: Session, predictions: Sequence[Prediction], words: str, *, now: datetime) -> int:
    for prediction in predictions:
        void = Outcome(ANNULLED)
        settling.settle(session, prediction, void, kind=EventKind.ANNULLED, now=now, words=words, announces=False)
    return len(predictions)


def next_due_at(session: Session) -> datetime | None:
    """When the next vote opens or moves on by itself. Whatever waits for another vote to end has no time."""
    times = list(session.execute(_NEXT_DUE).one())
    times += [since + timedelta(days=days) for days, since in session.execute(_SINCE_WHEN)]
    return min((at for at in times if at is not None), default=None)


def _open(
    session: Session,
    prediction: Prediction,
    rule: dict[str, Any],
    *,
    is_early: bool,
    proposal: Proposal | None = None,
    kind: EventKind,
    now: datetime,
    round_: int = 1,
) -> Vote:
    vote = Vote(
        prediction_id=prediction.id,
        proposal_id=None if proposal is None else proposal.id,
        is_early=is_early,
        round=round_,
        state=VoteState.OPEN,
        opened_at=now,
        closes_at=now + timedelta(hours=rule["hours"]),
        rule=rule,
    )
    session.add(vote)
    session.flush()
    data: dict[str, Any] = {"vote_id": vote.id, "quorum": rule["quorum"], "majority": rule["majority"]}
    if is_early:
        assert proposal is not None, "an early vote is about a proposal"
        data |= {"is_early": True, "outcome": proposal.outcome, "value": proposal.outcome_value}
        settling.note(session, prediction, kind=kind, now=now, data=data)
    else:
        settling.move(session, prediction, State.VOTING, kind=kind, now=now, data=data)
        if prediction.closed_at is None:
            prediction.closed_at = min(now, prediction.closes_at or now)
    posts.vote_opened(session, prediction, vote, is_direct=is_early, now=now)
    return vote


def _voters_who_forecast(session: Session, guild: Guild, prediction: Prediction, now: datetime) -> int:
    """How many accounts that are old enough to vote have a standing forecast: new ones can't push the quorum up."""
    youngest = first_id_at(now - timedelta(days=guild.voter_account_days))
    theirs = select(func.count()).select_from(Forecast).join(Member, Member.id == Forecast.member_id)
    standing = theirs.where(Forecast.prediction_id == prediction.id, Forecast.ended_at.is_(None))
    return session.scalar(standing.where(or_(Member.user_id.is_(None), Member.user_id <= youngest))) or 0


def _seconded(prediction_id: int) -> Any:
    standing = select(Proposal).where(Proposal.prediction_id == prediction_id, Proposal.closed_at.is_(None))
    return standing.where(Proposal.seconded_by.is_not(None))
