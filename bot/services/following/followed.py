"""Who follows what: predictions they chose, those of tags and packs they chose, and those they forecast themselves. What they
have unfollowed they don't follow, whatever else would bring it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, cast, exists, func, literal, null, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute

from db.base import UtcDateTime
from db.models import Follow, Forecast, Guild, Member, Prediction, PredictionTag, User

AnySelect = Select[*tuple[Any, ...]]
_CHOSEN_AT = Follow.created_at.label("since")
_ALWAYS = cast(null(), UtcDateTime).label("since")


def followed(*, user_ids: Sequence[int] | None = None, prediction_ids: Sequence[int] | None = None) -> Subquery:
    """Everything that these people follow, or everyone who follows these predictions: user_id, member_id, guild_id,
    prediction_id, `since` (empty for what they forecast themselves) and `wants_new` (by a tag or a pack). One prediction can
    be in it several times."""
    theirs, one, tag, pack = (
        _members(Forecast.prediction_id, _ALWAYS, wants_new=False),
        _members(Follow.prediction_id, _CHOSEN_AT, wants_new=False),
        _members(PredictionTag.prediction_id, _CHOSEN_AT, wants_new=True),
        _members(Prediction.id, _CHOSEN_AT, wants_new=True),
    )
    follows = Follow.member_id == Member.id
    in_guild = PredictionTag.guild_id == Member.guild_id
    branches: dict[InstrumentedAttribute[Any], AnySelect] = {
        Forecast.prediction_id: theirs.join(Forecast, Forecast.member_id == Member.id)
        .outerjoin(User, User.id == Member.user_id)
        .where(Forecast.ended_at.is_(None), func.coalesce(User.follows_own, true()) == true()),
        Follow.prediction_id: one.join(Follow, follows).where(Follow.prediction_id.is_not(None), Follow.is_on),
        PredictionTag.prediction_id: tag.join(Follow, follows).join(
            PredictionTag, in_guild & (PredictionTag.tag == Follow.tag)
        ),
        Prediction.id: pack.join(Follow, follows).join(
            Prediction, (Prediction.guild_id == Member.guild_id) & (Prediction.pack_id == Follow.pack_id)
        ),
    }
    people = () if user_ids is None else (Member.user_id.in_(user_ids),)
    everything = union_all(
        *(
            branch.where(*people, *(() if prediction_ids is None else (prediction_id.in_(prediction_ids),)))
            for prediction_id, branch in branches.items()
        )
    ).subquery("everything")
    return select(everything).where(~_is_unfollowed(everything)).subquery("followed")


def counts_from(followed: Subquery, moment: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """The condition that something came up while they followed."""
    return or_(followed.c.since.is_(None), moment >= followed.c.since)


def _members(prediction_id: Any, since: Any, *, wants_new: bool) -> AnySelect:
    columns = (Member.user_id, Member.id.label("member_id"), Member.guild_id, prediction_id.label("prediction_id"), since)
    found = select(*columns, literal(wants_new).label("wants_new")).join(Guild, Guild.id == Member.guild_id)
    return found.where(Member.user_id.is_not(None), Member.forgotten_at.is_(None), Guild.left_at.is_(None))


def _is_unfollowed(everything: Subquery) -> ColumnElement[bool]:
    this = (Follow.member_id == everything.c.member_id, Follow.prediction_id == everything.c.prediction_id)
    return exists().where(*this, Follow.is_on.is_(False))
