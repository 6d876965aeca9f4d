"""Changing settings: a guild's, by its managers, and a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.errors import Refused
from bot.domain.reminders import next_digest, next_weekly
from bot.domain.times import read_zone
from bot.domain.types import Actor
from bot.services import outbox
from bot.services.members import guilds, people
from bot.services.predictions import ladder
from db import queries
from db.models import Guild, Tournament, User

_BOUNDS: dict[str, tuple[float, float, str]] = {
    "open_votes_limit": (3, 25, "the number of votes open at once"),
    "vote_hours": (1, 720, "the hours of a vote"),
    "quorum_least": (1, 1000, "the smallest quorum"),
    "quorum_share": (0, 1, "the quorum's share of forecasters"),
    "quorum_most": (1, 1000, "the largest quorum"),
    "majority_share": (0.5, 1, "the majority"),
    "objection_hours": (0, 336, "the hours for objections"),
    "voter_hours": (0, 8760, "the hours on the server before a vote"),
    "voter_account_days": (0, 365, "the days since a voter's account was made"),
    "undecided_days": (1, 365, "the days for managers to decide"),
    "added_a_day": (1, 200, "the predictions a member may add in a day"),
    "reasons_an_hour": (1, 200, "the reasons a member may post in an hour"),
    "proposals_a_day": (1, 200, "the results a member may propose in a day"),
}
"""The range of each setting that is a number, with its name for people."""

_OF_FOLLOWING = {"follow_news", "follows_own", "named_in_weekly"}


SettingsT = TypeVar("SettingsT", guilds.GuildSettings, people.PersonSettings)


@dataclass(frozen=True, slots=True)
class Changed(Generic[SettingsT]):
    """What the settings are now, and what those that were given had been before, by their names."""

    before: dict[str, Any]
    settings: SettingsT


def change_guild_settings(
    session: Session,
    actor: Actor,
    *,
    changes: dict[str, Any],
    now: datetime,
    standing: Mapping[str, Any] | None = None,
) -> Changed[guilds.GuildSettings]:
    """Change settings, given by their names in `GuildSettings`; the others stay as they are. Managers only.

    Undoing a change says what must still be `standing`: what somebody else has changed since is theirs, and stays.
    """
    guilds.require_manager(session, actor, "change the server's settings")
    if unknown := set(changes) - set(guilds.SETTING_NAMES):
        raise ValueError(f"unknown settings {unknown}")
    if "zone" in changes:
        changes = changes | {"zone": read_zone(changes["zone"]).key}
    count = changes.get("reveal_at_count")
    if count is not None and not 1 <= count <= 1000:
        raise Refused(f"Choose 1 to 1000 forecasts, or leave it out. You gave {count}.")
    for name, (least, most, what) in _BOUNDS.items():
        value = changes.get(name)
        if value is not None and not least <= value <= most:
            shown = [f"{100 * share:g}%" if name.endswith("_share") else f"{share:g}" for share in (least, most, value)]
            raise Refused(f"Choose a value from {shown[0]} to {shown[1]} for {what}. You gave {shown[2]}.")
    if changes.get("weekly_day") not in (None, *range(7)):
        raise Refused("Choose a day of the week for the weekly digest, or none.")
    if changes.get("manager_role_id") == actor.guild_id:
        raise Refused("That role has everyone in it, so everyone would be a manager. Choose another one.")
    _require_own_ping_role(guilds.settings_of(session, actor.guild_id).values | changes, actor.guild_id)
    guilds.welcome(session, actor.guild_id, now=now)
    session.flush()
    guild = session.get_one(Guild, actor.guild_id, with_for_update=True, populate_existing=True)
    _require_no_prize(session, actor.guild_id, changes)
    known = guilds.settings_of(session, actor.guild_id).values
    before = {name: known[name] for name in changes}
    _refuse_changed_since(before, standing)
    guild.contact_id = actor.user_id
    for name, value in changes.items():
        setattr(guild, name, value)
    session.flush()
    if "reminder_days" in changes:
        ladder.set_out_anew(session, guild_id=actor.guild_id, now=now)
    if not changes.keys().isdisjoint({"weekly_day", "zone"}):
        day = guild.weekly_day
        guild.next_weekly_at = None if day is None else next_weekly(ZoneInfo(guild.zone), day, after=now)
        session.flush()
    if not changes.keys().isdisjoint(("post_channel_id", "home_channel_id", "home_threads")):
        outbox.ask_for_homes(session, [actor.guild_id], now=now)
        outbox.hurry(session, guild_id=actor.guild_id, now=now)
    return Changed(before, guilds.settings_of(session, actor.guild_id))


def _require_own_ping_role(values: Mapping[str, Any], guild_id: int) -> None:
    """Everyone can take the role for pings, so it can't be one that decides what they may do."""
    role_id = values["ping_role_id"]
    if role_id is not None and role_id in (guild_id, values["manager_role_id"], values["voter_role_id"]):
        raise Refused("Every member can take the role for pings, so it can't be the managers', the voters' or everyone's.")


def _require_no_prize(session: Session, guild_id: int, changes: Mapping[str, Any]) -> None:
    """Whoever wins a tournament gets its role, so it can't be one that decides what they may do."""
    roles = [changes[name] for name in ("manager_role_id", "voter_role_id") if changes.get(name) is not None]
    its = (Tournament.guild_id == guild_id, Tournament.closed_at.is_(None), Tournament.winner_role_id.in_(roles))
    found = session.scalar(select(Tournament).where(*its).order_by(Tournament.id).limit(1)) if roles else None
    if found is not None:
        raise Refused(
            f"Whoever wins “{found.name}” gets that role, so it can't be the managers' or the voters'. Choose another one, or give "
            "the tournament another role first with /tournament edit."
        )


def change_own_settings(
    session: Session,
    actor: Actor,
    *,
    changes: dict[str, Any],
    now: datetime,
    standing: Mapping[str, Any] | None = None,
) -> Changed[people.PersonSettings]:
    """Change a person's own settings: those of `PersonSettings.values`, by their names. `zone` is None for the server's.
    Refuses bots. `standing` is as for a guild's.

    Someone who had no nudge on starts fresh: their first digest lists what is outstanding then.
    """
    if actor.is_bot:
        raise Refused("Bots can't have settings here.")
    if unknown := set(changes) - {"zone", "shows_record", "shows_calls", *people.Nudge, *_OF_FOLLOWING}:
        raise ValueError(f"unknown settings {unknown}")
    given = changes.get("zone")
    zone = None if given is None else read_zone(given).key
    guilds.member_of(session, actor, now=now)  # so we know which guild they want to hear about
    queries.insert_unless_there(session, User, [{"id": actor.user_id}])
    user = session.get_one(
        User, actor.user_id, with_for_update=True, populate_existing=True
    )  # planning digests changes this row too
    known = people.settings_of_person(session, user.id, guild_id=actor.guild_id).values
    before = {name: known[name] for name in changes}
    _refuse_changed_since(before, standing)
    had_any, has_moved = people.wants_digest(user), "zone" in changes and zone != user.zone
    user.zone = zone if "zone" in changes else user.zone
    user.shows_calibration = bool(changes.get("shows_record", user.shows_calibration))
    user.shows_calls = bool(changes.get("shows_calls", user.shows_calls))
    for nudge in people.Nudge:
        if nudge in changes:
            setattr(user, f"nudge_{nudge}", bool(changes[nudge]))
    for name in _OF_FOLLOWING & changes.keys():
        setattr(user, name, changes[name])
    session.flush()
    if not people.wants_digest(user):
        user.next_digest_at = None
    elif not had_any or has_moved:
        user.last_digest_at = user.last_digest_at if had_any else None
        user.next_digest_at = next_digest(people.zone_of(session, user_id=user.id, guild_id=actor.guild_id), after=now)
    session.flush()
    return Changed(before, people.settings_of_person(session, user.id, guild_id=actor.guild_id))


def _refuse_changed_since(before: Mapping[str, Any], standing: Mapping[str, Any] | None) -> None:
    if standing is not None and any(not _is_same(before[name], value) for name, value in standing.items()):
        raise Refused("This was changed again since then, so there's nothing left to undo.")


def _is_same(one: Any, other: Any) -> bool:
    """Shares have gone through text, so the last of their digits may differ."""
    return isclose(one, other) if isinstance(one, float) and isinstance(other, float) else one == other
