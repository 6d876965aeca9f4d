"""What a server's homes are like, for its settings."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.services.homes import making, places
from bot.services.homes.making import HomesMade
from bot.services.homes.places import OwnPlace


@dataclass(frozen=True, slots=True)
class HomesOfGuild:
    """Packs and tags with channels of their own, how far the homes are, and the topics that a forum has tags for."""

    own: tuple[OwnPlace, ...]
    made: HomesMade
    topics: tuple[str, ...]


def homes_of_guild(session: Session, guild_id: int) -> HomesOfGuild:
    """All of it in one trip."""
    own, topics = places.own_places(session, guild_id), places.topics_of(session, guild_id)
    return HomesOfGuild(tuple(own), making.homes_made(session, guild_id), tuple(topics))
