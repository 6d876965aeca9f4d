"""Places for open votes: how many a guild has, and what takes them. Whatever shares a post shares a place."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.services import posts
from db.models import ChannelTrouble, GroupedPrediction, Guild, PostedCard, Prediction, PredictionGroup, Vote, VoteState

KEPT_FOR_DUE = 2
"""How many of the places for open votes early ones leave to the predictions whose date has come."""

_Voted = aliased(Prediction)


@dataclass(slots=True)
class Places:
    """The places that open votes of a guild take: one for each early vote, and one for each post of votes on one date."""

    early: int
    due: Counter[datetime]

    @classmethod
    def of(cls, session: Session, guild_id: int) -> Places:
        rows = session.execute(taken_places().where(_Voted.guild_id == guild_id)).all()
        due = {row.resolves_at: row.votes for row in rows if not row.is_early and row.resolves_at is not None}
        return cls(sum(row.votes for row in rows if row.is_early), Counter(due))

    @property
    def number(self) -> int:
        """How many places are taken."""
        return self.early + sum(math.ceil(votes / posts.MOST_AT_ONCE) for votes in self.due.values())

    @property
    def dates_with_room(self) -> list[datetime]:
        """The dates of which another vote takes no further place."""
        return [at for at, votes in self.due.items() if votes % posts.MOST_AT_ONCE]

    def take(self, at: datetime | None, *, room: int) -> bool:
        """Take a place for a vote on a prediction of this date (None: an early vote), if there's one."""
        if self.number + (at not in self.dates_with_room) > room:
            return False
        if at is None:
            self.early += 1
        else:
            self.due[at] += 1
        return True


def room_of(guild: Guild, *, is_early: bool) -> int:
    """How many places there are; early votes leave some to what is due."""
    return max(guild.open_votes_limit - KEPT_FOR_DUE, 1) if is_early else guild.open_votes_limit


def taken_places() -> Select[int, bool, datetime | None, int, Any]:
    """Open votes by guild and date, those that are stuck in a channel where we can't post aside, and the places they take."""
    votes = func.count().label("votes")
    places = case((Vote.is_early, votes), else_=(votes + (posts.MOST_AT_ONCE - 1)) // posts.MOST_AT_ONCE).label("places")
    takes_a_place = or_(Vote.clock_started_at.is_not(None), is_reachable(_Voted))
    going_on = select(_Voted.guild_id, Vote.is_early, _Voted.resolves_at, votes, places)
    going_on = going_on.select_from(Vote).join(_Voted, _Voted.id == Vote.prediction_id)
    return going_on.where(Vote.state == VoteState.OPEN, takes_a_place).group_by(
        _Voted.guild_id, Vote.is_early, _Voted.resolves_at
    )


def is_reachable(prediction: type[Prediction] = Prediction) -> ColumnElement[bool]:
    """Predictions whose posts can be delivered, as far as we know."""
    blocked = exists().where(
        ChannelTrouble.guild_id == prediction.guild_id, ChannelTrouble.channel_id == _channel(prediction)
    )
    return and_(_channel(prediction).is_not(None), ~blocked)


def _channel(prediction: type[Prediction]) -> Any:
    """Where a prediction's votes go: under its card, else to the guild's channel, else to its post in a forum."""
    card = select(PostedCard.channel_id).where(
        PostedCard.prediction_id == prediction.id, PostedCard.is_home, PostedCard.lost_at.is_(None)
    )
    group = (
        select(PredictionGroup.channel_id)
        .join(GroupedPrediction, GroupedPrediction.group_id == PredictionGroup.id)
        .where(GroupedPrediction.prediction_id == prediction.id, ~card.correlate(prediction).exists())
    )
    ours = select(Guild.post_channel_id).where(Guild.id == prediction.guild_id)
    under = (card.where(PostedCard.forum_id.is_(None)).limit(1), group.where(PredictionGroup.forum_id.is_(None)))
    in_forum = (card.where(PostedCard.forum_id.is_not(None)).limit(1), group.where(PredictionGroup.forum_id.is_not(None)))
    return func.coalesce(*(place.correlate(prediction).scalar_subquery() for place in (*under, ours, *in_forum)))
