"""The role that members take and leave themselves, to be pinged with the day's posts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.services.members import guilds


def role_to_take(session: Session, actor: Actor) -> int:
    """The role of the actor's server. Raises Refused if it has none, or it's one that decides what members may do."""
    settings = guilds.settings_of(session, actor.guild_id)
    role_id = settings.ping_role_id
    if role_id is None:
        raise Refused("This server has no role for pings any more. A manager can set one with /settings guild.")
    if role_id in (settings.manager_role_id, settings.voter_role_id, actor.guild_id):
        raise Refused("This server's role for pings isn't one to take. A manager can choose another with /settings guild.")
    return role_id


def role_to_offer(session: Session, actor: Actor) -> int:
    """The same role, for a manager who posts a card with it. Raises NotAManager."""
    guilds.require_manager(session, actor, "post the card for pings")
    return role_to_take(session, actor)
