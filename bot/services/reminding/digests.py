"""Digests: the notifications a person has turned on, in one direct message for all their guilds, at most one a day.

Each item comes up at one moment, and belongs to the digest whose span (after `since`, up to `until`) holds that moment. So
it's sent once, and nothing has to be recorded for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.reminders import next_digest
from bot.domain.types import State
from bot.services import outbox
from bot.services.following import news
from bot.services.following.news import FollowedNews
from bot.services.members import people
from bot.services.members.people import FollowNews, Nudge
from bot.services.predictions.listing import open_now
from bot.services.predictions.views import PredictionView, prediction_views
from db.base import AnyRow
from db.models import Ballot, Forecast, Guild, Member, OutboxMessage, Prediction, Score, User, Vote, VoteState
from db.queries import NOW

BATCH = 500
MOST_SHOWN = 10
"""How many of a kind and guild to show; the rest are only counted."""
STALE_AFTER = timedelta(days=30)
CLOSING_WITHIN = timedelta(days=7)
RESULTS_AT_FIRST = timedelta(days=1)
"""The first digest has no earlier one to start from: it lists everything outstanding, and results this far back."""

_DUE = (
    select(User)
    .where(User.next_digest_at <= NOW)
    .order_by(User.next_digest_at, User.id)
    .limit(bindparam("batch"))
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(User.next_digest_at))


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One item, as its reader may see it. `vote_ends_at` is set for a vote; the scores for a result, if there are any."""

    view: PredictionView
    vote_ends_at: datetime | None = None
    peer: float | None = None
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class GuildDigest:
    """What came up in one guild: the first few of each kind, and in `counts` how many there are in all. `followed` is of what they
    follow; `followed_count` counts it in the same way."""

    guild_id: int
    stale: tuple[DigestItem, ...]
    closing: tuple[DigestItem, ...]
    votes: tuple[DigestItem, ...]
    results: tuple[DigestItem, ...]
    counts: dict[Nudge, int]
    followed: tuple[FollowedNews, ...] = ()
    followed_count: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What a person's digest says."""

    user_id: int
    guilds: tuple[GuildDigest, ...]


def plan(session: Session, *, now: datetime) -> int:
    """Look at everyone whose time has come, and queue a digest for those who may have something in it.

    Returns how many people were looked at, up to `BATCH`; 0 means nobody is left.
    """
    due = session.scalars(_DUE, {"now": now, "batch": BATCH}).all()
    if not due:
        return 0
    zones = people.digest_zones(session, [user.id for user in due])
    latest = _latest_digests(session, due)
    ready = [user for user in due if not _had_one_today(user, latest.get(outbox.digest_key(user.id)), zones[user.id], now)]
    with_news = _with_news(session, ready, now=now)
    _free_keys(session, with_news)
    for user in with_news:
        since = None if user.last_digest_at is None else user.last_digest_at.isoformat()
        payload = {"user_id": user.id, "since": since, "until": now.isoformat()}
        outbox.queue(
            session, outbox.MessageKind.DIGEST, guild_id=None, payload=payload, due_at=now, key=outbox.digest_key(user.id)
        )
    for user in due:
        user.next_digest_at = next_digest(zones[user.id], after=now)
    for user in ready:
        user.last_digest_at = now
    return len(due)


def digest_of(session: Session, *, user_id: int, since: datetime | None, until: datetime, now: datetime) -> Digest | None:
    """What came up for the person after `since` (None: ever) and up to `until`, and still matters; None if nothing does."""
    user = session.get(User, user_id)
    if user is None:
        return None
    found: dict[int, dict[Nudge, dict[int, AnyRow]]] = defaultdict(lambda: defaultdict(dict))
    for nudge in people.nudges_of(user):
        for row in session.execute(_outstanding(nudge, [user_id], since=since, until=until, now=now)):
            found[row.guild_id][nudge][row.prediction_id] = row
    followed: dict[int, list[FollowedNews]] = {}
    if user.follow_news == FollowNews.DAILY:
        followed = news.news_of(session, user_id=user_id, since=since, until=until, now=now)
    digests: list[GuildDigest] = []
    for guild_id in sorted(found.keys() | followed.keys()):
        kinds = found.get(guild_id, {})
        known = kinds.get(Nudge.RESULTS, {})
        told = [one for one in followed.get(guild_id, ()) if not (one.has_result and one.view.id in known)]
        if kinds or told:
            part = _guild_digest(session, guild_id, kinds, now=now)
            digests.append(replace(part, followed=tuple(told[:MOST_SHOWN]), followed_count=len(told)))
    return Digest(user_id, tuple(digests)) if digests else None


def next_due_at(session: Session) -> datetime | None:
    """When it's the next person's turn."""
    return session.scalar(_NEXT_DUE)


def _latest_digests(session: Session, users: Sequence[User]) -> dict[str, AnyRow]:
    keys = [outbox.digest_key(user.id) for user in users]
    columns = select(OutboxMessage.dedupe_key, OutboxMessage.sent_at, OutboxMessage.buried_at)
    return {row.dedupe_key: row for row in session.execute(columns.where(OutboxMessage.dedupe_key.in_(keys)))}


def _had_one_today(user: User, latest: AnyRow | None, zone: ZoneInfo, now: datetime) -> bool:
    """Whether a digest is waiting to be sent, or this person has had their turn today: new items then wait for the next one."""
    if latest is not None and latest.sent_at is None and latest.buried_at is None:
        return True
    moments = (user.last_digest_at, None if latest is None else latest.sent_at)
    return any(at is not None and at.astimezone(zone).date() == now.astimezone(zone).date() for at in moments)


def _with_news(session: Session, users: Sequence[User], *, now: datetime) -> list[User]:
    """The people who have something in their digest now, or may have."""
    alike: dict[tuple[datetime | None, Nudge], list[int]] = defaultdict(list)
    for user in users:
        for nudge in people.nudges_of(user):
            alike[user.last_digest_at, nudge].append(user.id)
    found: set[int | None] = set()
    # People who last had their turn together have it together again, so these are few, however many people there are.
    for (since, nudge), user_ids in alike.items():
        outstanding = _outstanding(nudge, user_ids, since=since, until=now, now=now)
        found.update(
            row.user_id for row in session.execute(outstanding.with_only_columns(Member.user_id).order_by(None).distinct())
        )
    following: dict[datetime | None, list[int]] = defaultdict(list)
    for user in users:
        if user.follow_news == FollowNews.DAILY:
            following[user.last_digest_at].append(user.id)
    for since, user_ids in following.items():
        found.update(news.with_candidates(session, user_ids, since=since, until=now))
    return [user for user in users if user.id in found]


def _free_keys(session: Session, users: Sequence[User]) -> None:
    """Clear an earlier, finished digest out of the way of the next."""
    earlier = update(OutboxMessage).where(OutboxMessage.dedupe_key.in_([outbox.digest_key(user.id) for user in users]))
    session.execute(earlier.values(dedupe_key=None).execution_options(synchronize_session=False))


def _outstanding(
    nudge: Nudge, user_ids: Sequence[int], *, since: datetime | None, until: datetime, now: datetime
) -> Select[*tuple[Any, ...]]:
    """What came up for these people and still holds: user_id, member_id, guild_id, prediction_id, and what the kind adds."""
    found = (
        select(Member.user_id, Member.id.label("member_id"), Member.guild_id, Prediction.id.label("prediction_id"))
        .join(Guild, Guild.id == Member.guild_id)
        .join(Prediction, Prediction.guild_id == Guild.id)
        .where(Member.user_id.in_(user_ids), Member.forgotten_at.is_(None), Guild.left_at.is_(None))
    )
    theirs = and_(Forecast.prediction_id == Prediction.id, Forecast.member_id == Member.id)
    match nudge:
        case Nudge.STALE:
            found = found.join(Forecast, and_(theirs, Forecast.ended_at.is_(None)))
            found = found.where(*open_now(now), Forecast.created_at <= until - STALE_AFTER)
            if since is not None:
                found = found.where(Forecast.created_at > since - STALE_AFTER)
            return found.order_by(Forecast.created_at, Prediction.code)
        case Nudge.CLOSING:
            found = found.where(*open_now(now), Prediction.opens_at <= until, Prediction.closes_at <= until + CLOSING_WITHIN)
            found = found.where(~exists().where(theirs, Forecast.ended_at.is_(None)))
            if since is not None:
                found = found.where(or_(Prediction.opens_at > since, Prediction.closes_at > since + CLOSING_WITHIN))
            return found.order_by(Prediction.closes_at, Prediction.code)
        case Nudge.VOTES:
            found = found.join(Vote, Vote.prediction_id == Prediction.id).add_columns(Vote.closes_at.label("vote_ends_at"))
            found = found.where(Vote.state == VoteState.OPEN, Vote.closes_at > now, Vote.opened_at <= until)
            found = found.where(~exists().where(Ballot.vote_id == Vote.id, Ballot.member_id == Member.id))
            if since is not None:
                found = found.where(Vote.opened_at > since)
            return found.order_by(Vote.closes_at, Prediction.code)
        case Nudge.RESULTS:
            scored = and_(Score.prediction_id == Prediction.id, Score.member_id == Member.id)
            found = found.outerjoin(Score, scored).add_columns(Score.peer, Score.baseline)
            found = found.where(Prediction.state == State.RESOLVED, exists().where(theirs))
            span = Prediction.resolved_at > (since or until - RESULTS_AT_FIRST), Prediction.resolved_at <= until
            return found.where(*span).order_by(Prediction.resolved_at, Prediction.code)
        case _:
            assert_never(nudge)


def _guild_digest(session: Session, guild_id: int, kinds: dict[Nudge, dict[int, AnyRow]], *, now: datetime) -> GuildDigest:
    shown = {nudge: list(islice(rows.values(), MOST_SHOWN)) for nudge, rows in kinds.items()}
    ids = {row.prediction_id: row.member_id for rows in shown.values() for row in rows}
    member_id = next(iter(ids.values()), None)
    views = prediction_views(session, guild_id=guild_id, prediction_ids=list(ids), member_id=member_id, now=now)
    by_id = {view.id: view for view in views}

    def items(nudge: Nudge) -> tuple[DigestItem, ...]:
        added = ("vote_ends_at", "peer", "baseline")
        rows = shown.get(nudge, ())
        return tuple(DigestItem(by_id[row.prediction_id], *(getattr(row, name, None) for name in added)) for row in rows)

    counts = {nudge: len(rows) for nudge, rows in kinds.items()}
    return GuildDigest(guild_id, items(Nudge.STALE), items(Nudge.CLOSING), items(Nudge.VOTES), items(Nudge.RESULTS), counts)
