"""Who may take part in deciding what happened: one rule for proposing, seconding, voting and objecting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.errors import Refused
from bot.domain.types import Actor

_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class VoterRule:
    """What a server asks of its voters: days since the account was made, hours on the server, and a role if there is one."""

    account_days: int
    hours: int
    role_id: int | None


def account_made_at(user_id: int) -> datetime:
    """When an account was made: Discord writes it into the id, as milliseconds since 2015."""
    return _DISCORD_EPOCH + timedelta(milliseconds=user_id >> 22)


def first_id_at(moment: datetime) -> int:
    """The smallest id of an account made at a moment: those of older accounts are smaller."""
    return int((moment - _DISCORD_EPOCH) / timedelta(milliseconds=1)) << 22


def require_voter(actor: Actor, rule: VoterRule, *, now: datetime, vote_opened_at: datetime | None = None) -> None:
    """Raises Refused, with the reason, for somebody who can't vote when they act; a vote counts the hours back from its opening."""
    if actor.is_bot:
        raise Refused("Bots can't vote.")
    if account_made_at(actor.user_id) > now - timedelta(days=rule.account_days):
        raise Refused(
            f"Your Discord account is less than {rule.account_days} days old, so you can't vote on results here yet."
        )
    if rule.role_id is not None and rule.role_id not in actor.role_ids:
        raise Refused(f"Only members with the role <@&{rule.role_id}> can vote here.")
    if actor.joined_at is not None and actor.joined_at <= (vote_opened_at or now) - timedelta(hours=rule.hours):
        return
    if vote_opened_at is not None:
        raise Refused(
            f"You joined less than {rule.hours} hours before this vote opened, so you can't vote in it. You can vote in later ones."
        )
    raise Refused(f"You joined less than {rule.hours} hours ago, so you can't take part in deciding results yet.")
