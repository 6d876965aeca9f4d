"""The first steps of a server: who invited the bot is told what to do, and what's still to be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.types import Actor
from bot.services import outbox
from bot.services.homes import making
from bot.services.homes.making import HomesMade
from bot.services.members import guilds
from bot.services.members.guilds import GuildSettings
from bot.services.settings import troubles
from db import queries

SHOWN_PACKS = 8


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What was chosen so far."""

    settings: GuildSettings
    homes: HomesMade

    @property
    def needs_channel(self) -> bool:
        """Whether there's no place yet for anything."""
        return self.settings.post_channel_id is None and self.settings.home_channel_id is None

    @property
    def needs_text_channel(self) -> bool:
        """Whether there's a forum, but no channel for votes and results."""
        return self.settings.post_channel_id is None and self.settings.home_is_forum


def first_steps(session: Session, guild_id: int) -> FirstSteps:
    """How far a server is."""
    return FirstSteps(guilds.settings_of(session, guild_id), making.homes_made(session, guild_id))


def due_for(session: Session, actor: Actor) -> FirstSteps | None:
    """The first steps, if the actor should be led through them: a manager of a server where nothing was chosen yet, and nothing
    is stuck that they should see first."""
    if not guilds.is_manager(session, actor) or troubles.count_troubles(session, actor):
        return None
    steps = first_steps(session, actor.guild_id)
    return steps if steps.needs_channel else None


def greet(session: Session, guild_id: int, *, now: datetime) -> None:
    """The bot was invited: write to whoever did, unless all is set up from an earlier stay."""
    before = queries.guild_row(session, guild_id)
    is_new = before is None or before.left_at is not None
    guilds.welcome(session, guild_id, now=now)
    session.flush()
    if is_new and first_steps(session, guild_id).needs_channel:
        outbox.queue(session, outbox.MessageKind.WELCOME, guild_id=guild_id, payload={}, due_at=now)
