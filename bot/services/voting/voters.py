"""Who may propose, second, vote and object: asked before any form opens, and again when they act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain import voters
from bot.domain.errors import Refused
from bot.domain.types import Actor
from bot.domain.voters import VoterRule
from bot.services.members import guilds
from db.models import Vote


def require_voter(session: Session, actor: Actor, *, now: datetime) -> None:
    """Raises Refused, with the reason, for somebody who can't vote on their server, managers included: they can decide without a vote."""
    guild = guilds.settings_of(session, actor.guild_id)
    try:
        voters.require_voter(actor, VoterRule(guild.voter_account_days, guild.voter_hours, guild.voter_role_id), now=now)
    except Refused as refusal:
        if not guilds.is_manager(session, actor):
            raise
        raise Refused(f"{refusal} As a manager, you can decide with /resolution override.") from None


def require_voter_in(vote: Vote, actor: Actor, *, now: datetime) -> None:
    """The same for one vote, under its frozen rule: the hours count back from its opening."""
    rule = vote.rule
    asked = VoterRule(rule.get("account_days", 0), rule["voter_hours"], rule["voter_role_id"])
    voters.require_voter(actor, asked, now=now, vote_opened_at=vote.opened_at)
