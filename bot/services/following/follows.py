"""Following a prediction, a tag or a pack, and leaving it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from bot.domain.errors import NotFound, Refused
from bot.domain.lifecycle import ENDED
from bot.domain.paging import page_within
from bot.domain.texts import clean_line
from bot.domain.types import Actor, State
from bot.services.following.followed import followed
from bot.services.members import guilds, people
from bot.services.members.people import PersonSettings
from bot.services.predictions.views import PredictionView
from bot.services.scoring import experienced
from db.models import Adoption, Follow, Member, Pack, Prediction, PredictionTag

MOST = 200
"""How much one member can follow on a server, beside what they forecast."""
PAGE_SIZE = 25


class Followable(StrEnum):
    """What can be followed. The values are in buttons: never rename one."""

    PREDICTION = "p"
    TAG = "t"
    PACK = "k"


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that a member follows: a prediction by its code, a tag by itself, a pack by its slug. `is_own`: because they've
    forecast on it."""

    what: Followable
    name: str
    title: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class FollowList:
    """A page of what a member follows on a server, tags and packs first; `number` starts at 0. `changed` is what they have just
    followed or, with `is_on` False, left."""

    number: int
    pages: int
    total: int
    lines: tuple[Followed, ...]
    settings: PersonSettings
    changed: tuple[Followed, ...] = ()
    is_on: bool = True


def show(session: Session, actor: Actor, *, code: int, now: datetime) -> PredictionView:
    """One prediction as `experienced.show` gives it, and whether the member follows it. Raises NotFound."""
    view = experienced.show(session, actor, code=code, now=now)
    is_known = guilds.known_member(session, actor) is not None
    return replace(view, is_followed=is_known and _follows(session, actor.user_id, view.id))


def list_followed(session: Session, actor: Actor, *, number: int = 0) -> FollowList:
    """What a member follows here. A page number past the end gives the last page."""
    return _list_of(session, actor, number)


def follow(
    session: Session,
    actor: Actor,
    *,
    code: int | None = None,
    tag: str | None = None,
    pack: str | None = None,
    now: datetime,
) -> FollowList:
    """Follow all that's given, from now on. Whoever hasn't chosen how to hear of it gets it in their daily message.

    Raises NotFound, or Refused for what has ended, what nobody uses here, and beyond `MOST`.
    """
    member_id = guilds.member_of(session, actor, now=now)
    session.execute(select(Member.id).where(Member.id == member_id).with_for_update(key_share=True))
    wanted = [
        *([] if code is None else [_prediction(session, actor, code)]),
        *([] if tag is None else [_tag(session, actor, tag)]),
        *([] if pack is None else [_pack(session, actor, pack)]),
    ]
    for target, _ in wanted:
        row = session.scalar(_row_of(member_id, target))
        if row is None or not row.is_on:
            _require_room(session, member_id)
        if row is None:
            session.add(Follow(member_id=member_id, created_at=now, is_on=True, **target))
        elif not row.is_on:
            row.is_on, row.created_at = True, now
        session.flush()
    people.start_following(session, user_id=actor.user_id, guild_id=actor.guild_id, now=now)
    return replace(_list_of(session, actor, 0), changed=tuple(thing for _, thing in wanted))


def unfollow(session: Session, actor: Actor, *, what: str, name: str, number: int = 0, now: datetime) -> FollowList:
    """Leave something, also what they follow by having forecast it. Raises Refused if they don't follow it."""
    member_id = guilds.member_of(session, actor, now=now)
    known = known_follow(session, actor, what, name)
    if known is None:
        raise Refused("You don't follow that any more. See what you follow with /prediction follow.")
    target, thing = known
    session.execute(delete(Follow).where(*_is(member_id, target)))
    session.flush()
    if thing.what is Followable.PREDICTION and _follows(session, actor.user_id, target["prediction_id"]):
        # It would still come by their forecast, a tag or a pack.
        session.add(Follow(member_id=member_id, created_at=now, is_on=False, **target))
        session.flush()
    return replace(_list_of(session, actor, number), changed=(thing,), is_on=False)


def known_follow(session: Session, actor: Actor, what: str, name: str) -> tuple[dict[str, Any], Followed] | None:
    """What a button's argument names, if it's the member's to leave."""
    match what:
        case Followable.PREDICTION:
            row = session.execute(
                select(Prediction.id, Prediction.code, Prediction.statement).where(
                    Prediction.guild_id == actor.guild_id, Prediction.code == _code_in(name)
                )
            ).first()
            if row is None or not _follows(session, actor.user_id, row.id):
                return None
            return {"prediction_id": row.id}, Followed(Followable.PREDICTION, str(row.code), row.statement)
        case Followable.TAG:
            found = session.scalar(_own(actor).where(Follow.tag == name))
            return None if found is None else ({"tag": name}, Followed(Followable.TAG, name, name))
        case Followable.PACK:
            pack = session.execute(
                select(Pack.id, Pack.title)
                .join(Follow, Follow.pack_id == Pack.id)
                .where(Pack.slug == name, Follow.id.in_(_own(actor)))
            ).first()
            return None if pack is None else ({"pack_id": pack.id}, Followed(Followable.PACK, name, pack.title))
        case _:
            return None


def _code_in(name: str) -> int:
    """The code that a button names; 0, which no prediction has, if it names none."""
    return int(name) if name.isascii() and name.isdecimal() and len(name) <= 9 else 0


def _own(actor: Actor) -> Select[int]:
    mine = (Member.guild_id == actor.guild_id, Member.user_id == actor.user_id)
    return select(Follow.id).join(Member, Member.id == Follow.member_id).where(*mine)


def _follows(session: Session, user_id: int, prediction_id: int) -> bool:
    found = followed(user_ids=[user_id], prediction_ids=[prediction_id])
    return session.scalar(select(found.c.prediction_id).limit(1)) is not None


def _prediction(session: Session, actor: Actor, code: int) -> tuple[dict[str, Any], Followed]:
    columns = (Prediction.id, Prediction.state, Prediction.statement)
    row = session.execute(select(*columns).where(Prediction.guild_id == actor.guild_id, Prediction.code == code)).first()
    if row is None or row.state is State.DRAFT:
        raise NotFound(f"#{code}")
    if row.state in ENDED:
        raise Refused(f"#{code} is {row.state.value}, so there's no more news of it.")
    return {"prediction_id": row.id}, Followed(Followable.PREDICTION, str(code), row.statement)


def _tag(session: Session, actor: Actor, typed: str) -> tuple[dict[str, Any], Followed]:
    tag = clean_line(typed.lower())
    used = select(PredictionTag.tag).where(PredictionTag.guild_id == actor.guild_id, PredictionTag.tag == tag).limit(1)
    if session.scalar(used) is None:
        raise Refused(f"No prediction here has the tag “{tag[:60]}”. Pick one from the list that shows as you type.")
    return {"tag": tag}, Followed(Followable.TAG, tag, tag)


def _pack(session: Session, actor: Actor, typed: str) -> tuple[dict[str, Any], Followed]:
    slug = clean_line(typed)
    adopted = select(Pack.id, Pack.title).join(Adoption, Adoption.pack_id == Pack.id)
    row = session.execute(adopted.where(Adoption.guild_id == actor.guild_id, Pack.slug == slug)).first()
    if row is None:
        raise Refused(f"This server has no pack “{slug[:60]}”. See those it has with /pack list.")
    return {"pack_id": row.id}, Followed(Followable.PACK, slug, row.title)


def _is(member_id: int, target: dict[str, Any]) -> tuple[Any, ...]:
    return (Follow.member_id == member_id, *(getattr(Follow, name) == value for name, value in target.items()))


def _row_of(member_id: int, target: dict[str, Any]) -> Select[Follow]:
    return select(Follow).where(*_is(member_id, target))


def _require_room(session: Session, member_id: int) -> None:
    followed_now = select(func.count()).where(Follow.member_id == member_id, Follow.is_on)
    if (session.scalar(followed_now) or 0) >= MOST:
        raise Refused(
            f"You already follow {MOST} things here, and I can't keep more for one person. "
            "Follow a tag or a pack instead of each prediction, or leave some with /prediction follow."
        )


def _list_of(session: Session, actor: Actor, number: int) -> FollowList:
    things = [*_chosen(session, actor), *_predictions(session, actor)]
    number, pages = page_within(len(things), size=PAGE_SIZE, wanted=number)
    settings = people.settings_of_person(session, actor.user_id, guild_id=actor.guild_id)
    shown = tuple(things[number * PAGE_SIZE : (number + 1) * PAGE_SIZE])
    return FollowList(number, pages, len(things), shown, settings)


def _chosen(session: Session, actor: Actor) -> list[Followed]:
    """The tags and packs."""
    rows = session.execute(
        select(Follow.tag, Pack.slug, Pack.title)
        .outerjoin(Pack, Pack.id == Follow.pack_id)
        .where(Follow.id.in_(_own(actor)), Follow.prediction_id.is_(None))
        .order_by(Follow.tag, Pack.title)
    ).all()
    tags = [Followed(Followable.TAG, row.tag, row.tag) for row in rows if row.tag is not None]
    return [*tags, *(Followed(Followable.PACK, row.slug, row.title) for row in rows if row.tag is None)]


def _predictions(session: Session, actor: Actor) -> list[Followed]:
    """The predictions they chose themselves, and those they've forecast, that go on."""
    found = followed(user_ids=[actor.user_id])
    goes_on = (Prediction.guild_id == actor.guild_id, Prediction.state.not_in(ENDED), found.c.wants_new.is_(False))
    rows = session.execute(
        select(Prediction.code, Prediction.statement, func.max(found.c.since).label("since"))
        .join(found, found.c.prediction_id == Prediction.id)
        .where(*goes_on)
        .group_by(Prediction.code, Prediction.statement)
    ).all()
    rows = sorted(rows, key=lambda row: (row.since is None, row.code))
    return [Followed(Followable.PREDICTION, str(row.code), row.statement, row.since is None) for row in rows]
