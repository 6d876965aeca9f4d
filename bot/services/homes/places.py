"""Where a prediction's home belongs: in the channel of its pack, in that of one of its tags, or in the server's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.errors import Refused
from bot.domain.texts import clean_line
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.members import guilds
from db.models import Guild, HomePlace, Pack, Prediction, PredictionTag

MOST = 20
"""How many packs and tags have a channel of their own."""
TOPICS = 20


@dataclass(frozen=True, slots=True)
class HomeChannel:
    """A channel for homes. In a text channel, `has_threads` says whether each card gets a thread."""

    channel_id: int
    is_forum: bool
    has_threads: bool = False


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The channel that a pack or a tag has for itself."""

    id: int
    pack: str | None
    pack_title: str | None
    tag: str | None
    channel_id: int
    is_forum: bool


def channel_id() -> ColumnElement[int | None]:
    """The channel for the home of each row of `predictions`; empty where none was chosen."""
    return _place(HomePlace.channel_id, Guild.home_channel_id)


def is_forum() -> ColumnElement[bool]:
    """Whether that channel is a forum."""
    return _place(HomePlace.is_forum, Guild.home_is_forum)


def place_of(session: Session, prediction_id: int) -> HomeChannel | None:
    """Where this prediction's home belongs; None if no channel was chosen for homes."""
    found = (
        select(channel_id().label("channel_id"), is_forum().label("is_forum"), Guild.home_threads)
        .select_from(Prediction)
        .join(Guild, Guild.id == Prediction.guild_id)
        .where(Prediction.id == prediction_id)
    )
    row = session.execute(found).first()
    if row is None or row.channel_id is None:
        return None
    return HomeChannel(row.channel_id, row.is_forum, row.home_threads and not row.is_forum)


def post_channel_of(session: Session, prediction: Prediction) -> int | None:
    """The channel or forum in which a new card is posted, if the guild has one."""
    place = place_of(session, prediction.id)
    return guilds.settings_of(session, prediction.guild_id).post_channel_id if place is None else place.channel_id


def topics_of(session: Session, guild_id: int) -> list[str]:
    """The most used tags of a guild's predictions, the most used first."""
    number = func.count()
    used = select(PredictionTag.tag).where(PredictionTag.guild_id == guild_id).group_by(PredictionTag.tag)
    return list(session.scalars(used.order_by(number.desc(), PredictionTag.tag).limit(TOPICS)))


def own_places(session: Session, guild_id: int) -> list[OwnPlace]:
    """The packs and tags that have channels of their own, in the order in which they got them."""
    found = (
        select(HomePlace.id, Pack.slug, Pack.title, HomePlace.tag, HomePlace.channel_id, HomePlace.is_forum)
        .outerjoin(Pack, Pack.id == HomePlace.pack_id)
        .where(HomePlace.guild_id == guild_id)
        .order_by(HomePlace.id)
    )
    return [OwnPlace(*row) for row in session.execute(found)]


def choose_place(
    session: Session, actor: Actor, *, pack: str | None, tag: str | None, channel: HomeChannel, now: datetime
) -> OwnPlace:
    """Send a pack's predictions, or those with a tag, to a channel of their own. Homes that exist stay. Managers only."""
    guilds.require_manager(session, actor, "choose channels for packs and tags")
    if (pack is None) == (tag is None):
        raise Refused("Choose a pack or a tag, one of the two.")
    guilds.welcome(session, actor.guild_id, now=now)
    session.flush()
    session.get_one(Guild, actor.guild_id, with_for_update=True)  # two managers at once: the last one's choice holds
    subject: dict[str, Any] = {"pack_id": None, "tag": None}
    if pack is not None:
        subject["pack_id"] = _pack_id(session, actor.guild_id, pack)
    else:
        subject["tag"] = _tag(tag or "")
    which = [HomePlace.guild_id == actor.guild_id, HomePlace.pack_id == subject["pack_id"], HomePlace.tag == subject["tag"]]
    kept = session.scalar(select(HomePlace).where(*which))
    if kept is None:
        if len(own_places(session, actor.guild_id)) >= MOST:
            raise Refused(f"At most {MOST} packs and tags can have channels of their own. Remove one first.")
        kept = HomePlace(guild_id=actor.guild_id, **subject)
        session.add(kept)
    kept.channel_id, kept.is_forum = channel.channel_id, channel.is_forum
    session.flush()
    _look_again(session, actor, now)
    return next(place for place in own_places(session, actor.guild_id) if place.id == kept.id)


def remove_place(session: Session, actor: Actor, *, place_id: int, now: datetime) -> OwnPlace:
    """Send a pack's or a tag's predictions where the others go. Homes that exist stay. Managers only."""
    guilds.require_manager(session, actor, "choose channels for packs and tags")
    found = [place for place in own_places(session, actor.guild_id) if place.id == place_id]
    if not found:
        raise Refused("That channel was removed already. See the others with /settings homes.")
    session.delete(session.get_one(HomePlace, place_id))
    session.flush()
    _look_again(session, actor, now)
    return found[0]


def _look_again(session: Session, actor: Actor, now: datetime) -> None:
    session.get_one(Guild, actor.guild_id).contact_id = actor.user_id
    outbox.ask_for_homes(session, [actor.guild_id], now=now)
    outbox.hurry(session, guild_id=actor.guild_id, now=now)


def _pack_id(session: Session, guild_id: int, slug: str) -> int:
    found = select(Pack.id).where(Pack.slug == slug.strip().lower(), Pack.guild_id.is_(None) | (Pack.guild_id == guild_id))
    pack_id = session.scalar(found.order_by(Pack.guild_id.is_(None)).limit(1))
    if pack_id is None:
        raise Refused(f"There's no pack “{slug[:64]}”. See the packs with /pack list.")
    return pack_id


def _tag(typed: str) -> str:
    tag = clean_line(typed).strip().lower()
    if not tag or len(tag) > 40:
        raise Refused("A tag has 1 to 40 characters. Try one of those that are offered while you type.")
    return tag


def _place(own: InstrumentedAttribute[Any], usual: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    here = HomePlace.guild_id == Prediction.guild_id
    of_pack = select(own).where(here, HomePlace.pack_id == Prediction.pack_id)
    tagged = select(own).join(PredictionTag, PredictionTag.tag == HomePlace.tag)
    of_tag = tagged.where(here, PredictionTag.prediction_id == Prediction.id).order_by(HomePlace.id).limit(1)
    of_guild = select(usual).where(Guild.id == Prediction.guild_id)
    parts = (one.correlate(Prediction).scalar_subquery() for one in (of_pack, of_tag, of_guild))
    return func.coalesce(*parts)
