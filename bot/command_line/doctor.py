"""`python -m bot doctor`: looks at everything the bot needs, and says what to do about what's wrong."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

import aiohttp
import discord
from discord.http import Route
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import SetupError
from bot.permissions import NEEDED_PERMISSIONS, PERMISSIONS
from bot.services import health
from bot.services.health import GuildPlaces, QueueState
from bot.settings import Settings
from db.database import Database
from db.migrate import check

DISCORD = "https://discord.com/api/v10"
PATIENCE_SECONDS = 10
CLOCK_MAY_BE_OFF = timedelta(seconds=5)
LEAST_FREE = 500 << 20
AT_WORK_WITHIN = timedelta(minutes=5)
OVERDUE_FOR = timedelta(minutes=10)
SERVERS_LOOKED_AT = 25
_PRIVILEGED = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "Message Content": ("gateway_message_content", "gateway_message_content_limited"),
}
_WITHOUT = {
    "create_public_threads": "it can't open threads for discussion",
    "pin_messages": "it can't pin cards",
    "mention_everyone": "it can't notify the managers' role, unless everyone may mention that role",
}


class Level(StrEnum):
    """How bad a finding is."""

    FINE = "fine"
    HINT = "hint"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    level: Level
    about: str
    says: str
    remedy: str | None = None


def fine(about: str, says: str) -> Finding:
    """All is well."""
    return Finding(Level.FINE, about, says)


def hint(about: str, says: str, remedy: str) -> Finding:
    """It works, and could be better."""
    return Finding(Level.HINT, about, says, remedy)


def problem(about: str, says: str, remedy: str) -> Finding:
    """Something won't work until this is mended."""
    return Finding(Level.PROBLEM, about, says, remedy)


async def examine(
    settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC), least_free: int = LEAST_FREE
) -> list[Finding]:
    """Look at everything. It changes nothing and posts nothing."""
    findings, places = _database(settings.database_url, now(), least_free)
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    bad_token = _token(token)
    if bad_token is not None:
        return [bad_token, *findings]
    return [*await _discord(token, settings.discord_api_base or DISCORD, places, now), *findings]


def has_problems(findings: Iterable[Finding]) -> bool:
    """Whether something won't work."""
    return any(finding.level is Level.PROBLEM for finding in findings)


def print_report(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print what was found, in the order it was looked at."""
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
        return
    signs = {Level.FINE: "ok", Level.HINT: "hint", Level.PROBLEM: "PROBLEM"}
    for finding in findings:
        print(_safe(f"{signs[finding.level]:8}{finding.about}: {finding.says}"))
        if finding.remedy is not None:
            print(_safe(f"{'':8}-> {finding.remedy}"))
    problems = sum(finding.level is Level.PROBLEM for finding in findings)
    print("Everything it needs is there." if not problems else f"{problems} to mend.", file=sys.stderr)


def _token(token: str) -> Finding | None:
    if not token:
        return problem(
            "token",
            "DISCORD_TOKEN isn't set.",
            "In the developer portal, under Bot, press Reset Token, and put DISCORD_TOKEN=... into .env.",
        )
    if token.lower().startswith("bot ") or not all("!" <= sign <= "~" for sign in token) or token[0] in "\"'":
        return problem(
            "token",
            "DISCORD_TOKEN has a blank, a line break, a quote or another sign that no token has.",
            "Copy it again from the developer portal, alone and on one line: no quotes, and no “Bot” before it.",
        )
    return None


def _database(url: str, now: datetime, least_free: int) -> tuple[list[Finding], list[GuildPlaces]]:
    try:
        database = Database(url)
    except SetupError as error:
        return [problem("database", str(error), "Correct DATABASE_URL in .env.")], []
    try:
        path = Path(database.url.database or "") if database.is_sqlite else None
        findings = [] if path is None else [*_file(path), _disk(path.absolute().parent, least_free)]
        if path is not None and not path.exists():
            return [*findings, hint("database", f"{path} isn't there yet.", "Load the packs: almanac load")], []
        try:
            check(database)
            problems = _integrity(database.engine) if database.is_sqlite else ""
        except SetupError as error:
            return [*findings, problem("database", str(error), _database_remedy(str(error), path))], []
        except DBAPIError as error:
            problems = str(error.orig)
        if problems:
            remedy = "Stop the bot, keep the file, and restore the last backup: almanac db restore FILE"
            return [*findings, problem("database", f"The file is damaged: {problems}.", remedy)], []
        findings.append(fine("database", f"{database.url.get_backend_name()}, at this version's schema."))
        queue, places = database.read_here(health.queue_state, now=now), database.read_here(health.places)
        return [*findings, *_queue(queue, now)], places
    finally:
        database.dispose()


def _database_remedy(says: str, path: Path | None) -> str:
    if "older version" in says:
        return "Update it: almanac db upgrade (or start the bot, which does it by itself)."
    if "newer version" in says:
        return "Install the version of Almanac that wrote it, or restore a backup from before."
    if path is not None:
        return f"If {path} is the right file, move it away and restore a backup: almanac db restore FILE"
    return "Start the database, and check host, port, name, user and password in DATABASE_URL."


def _integrity(engine: Engine) -> str:
    with engine.connect() as connection:
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return "" if found == "ok" else str(found)


def _file(path: Path) -> Iterator[Finding]:
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        yield problem("database", f"{path} can't be written.", "Give it to the user who runs the bot: chown USER FILE")
    if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield hint("database", f"Others on this computer can read {path}.", f"Run: chmod 600 {path}")


def _disk(folder: Path, least_free: int) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < least_free:
        return problem("disk", f"Only {free >> 20} MiB are free in {folder}.", "Free some space, or move the database.")
    return fine("disk", f"{free >> 20:,} MiB free.")


def _queue(queue: QueueState, now: datetime) -> Iterator[Finding]:
    if queue.seen_at is None or now - queue.seen_at > AT_WORK_WITHIN:
        when = (
            "no bot has worked on this database yet"
            if queue.seen_at is None
            else f"last seen {queue.seen_at:%d %b %H:%M} UTC"
        )
        yield hint("bot", f"It isn't running: {when}.", "Start it: almanac run")
    if queue.oldest_due_at is not None and now - queue.oldest_due_at > OVERDUE_FOR:
        since = f"{queue.oldest_due_at:%d %b %H:%M} UTC"
        yield problem(
            "queue",
            f"{queue.overdue} messages are overdue, the oldest since {since}.",
            "Start the bot. If it runs, its log says why: look for “failed, next try”.",
        )
    else:
        yield fine("queue", f"{queue.waiting} messages are waiting, none of them for long.")
    if queue.given_up:
        yield hint(
            "queue",
            f"{queue.given_up} messages were given up in the last week.",
            "A manager sees which in /settings guild, and can send them again from there.",
        )


async def _discord(token: str, base: str, places: Sequence[GuildPlaces], now: Callable[[], datetime]) -> list[Finding]:
    base = base.rstrip("/")
    reached = await _reach(token, base, now)
    if has_problems(reached):
        return reached
    usual, Route.BASE = Route.BASE, base
    try:
        async with discord.Client(intents=discord.Intents(guilds=True)) as client:
            await client.login(token)
            findings = [*reached, *await _application(client), *await _starts(client)]
            return [*findings, *[found async for found in _servers(client, places)]]
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        return [*reached, problem("Discord", f"It stopped answering: {error}.", "Try again in a few minutes.")]
    finally:
        Route.BASE = usual


async def _reach(token: str, base: str, now: Callable[[], datetime]) -> list[Finding]:
    """Whether Discord answers and knows the token, and whether its clock and ours agree."""
    limit = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
            session.get(f"{base}/users/@me", headers={"Authorization": f"Bot {token}"}) as answer,
        ):
            status, date = answer.status, answer.headers.get("Date")
            name = (await answer.json(content_type=None)).get("username") if status == 200 else None
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        remedy = "Check the network, a firewall or proxy, and DISCORD_API_BASE if you set it."
        return [problem("Discord", f"{base} can't be reached: {str(error) or type(error).__name__}.", remedy)]
    if status == 401:
        remedy = "In the developer portal, under Bot, press Reset Token, and set DISCORD_TOKEN to the new one."
        return [problem("token", "Discord doesn't know it.", remedy)]
    if name is None:
        remedy = "Look at discordstatus.com, and try again in a few minutes."
        return [problem("Discord", f"It answers with an error ({status}).", remedy)]
    return [fine("token", f"Discord knows it as {name}."), *_clock(date, now())]


def _clock(date: str | None, here: datetime) -> Iterator[Finding]:
    if date is None:
        return
    off = abs(here - parsedate_to_datetime(date))
    if off > CLOCK_MAY_BE_OFF:
        remedy = "Let the computer set its clock by the network: timedatectl set-ntp true"
        yield problem("clock", f"It's {off.total_seconds():.0f} seconds off, so reminders and votes are, too.", remedy)
    else:
        yield fine("clock", "It agrees with Discord's.")


async def _application(client: discord.Client) -> list[Finding]:
    application = await client.application_info()
    findings: list[Finding] = []
    if application.bot_require_code_grant:
        findings.append(
            problem(
                "invitation",
                "It requires a code grant, so nobody can invite the bot.",
                "In the developer portal, under Bot, turn Requires OAuth2 Code Grant off.",
            )
        )
    if application.bot_public:
        findings.append(
            hint(
                "invitation",
                "Anybody may invite your bot to their server.",
                "If you don't want that: under Installation set Install Link to None, then under Bot turn Public Bot off.",
            )
        )
    given = [name for name, flags in _PRIVILEGED.items() if any(getattr(application.flags, flag) for flag in flags)]
    if given:
        remedy = "In the developer portal, under Bot, turn them off: the bot can't lose what it doesn't have."
        findings.append(hint("intents", f"It has privileged intents that it doesn't need: {', '.join(given)}.", remedy))
    else:
        findings.append(fine("intents", "None of the privileged ones, and it needs none."))
    return findings


async def _starts(client: discord.Client) -> list[Finding]:
    """Discord lets a bot connect so often a day; a bot that is restarted in a loop uses that up."""
    told = await client.http.request(Route("GET", "/gateway/bot"))
    left = told["session_start_limit"]["remaining"]
    if left > 0:
        return []
    hours = told["session_start_limit"]["reset_after"] / 3_600_000
    remedy = "Stop whatever restarts it, and wait: until then Discord lets it connect no more."
    return [problem("Discord", f"The bot has connected too often today; that ends in {hours:.0f} hours.", remedy)]


async def _servers(client: discord.Client, places: Sequence[GuildPlaces]) -> AsyncIterator[Finding]:
    known = {place.guild_id: place for place in places}
    guilds = [guild async for guild in client.fetch_guilds(limit=None, with_counts=False)]
    if not guilds:
        link = discord.utils.oauth_url(client.application_id or 0, permissions=PERMISSIONS)
        yield problem("servers", "The bot is on no server yet.", f"Invite it: {link}")
    if len(guilds) > SERVERS_LOOKED_AT:
        yield hint(
            "servers", f"Only the first {SERVERS_LOOKED_AT} of {len(guilds)} are looked at.", "Each costs three requests."
        )
    for partial in guilds[:SERVERS_LOOKED_AT]:
        guild = await client.fetch_guild(partial.id, with_counts=False)
        for finding in await _server(client, guild, known.get(guild.id)):
            yield finding


async def _server(client: discord.Client, guild: discord.Guild, place: GuildPlaces | None) -> list[Finding]:
    about = f"server {guild.name} ({guild.id})"
    if place is None:
        return [hint(about, "The bot hasn't been started since it was added.", "Start it: almanac run")]
    assert client.user is not None
    me = await guild.fetch_member(client.user.id)
    channels = {channel.id: channel for channel in await guild.fetch_channels()}
    findings: list[Finding] = []
    for role_id, what, then in (
        (place.manager_role_id, "manager", "nobody has it"),
        (place.voter_role_id, "voter", "nobody can vote"),
    ):
        if role_id is not None and guild.get_role(role_id) is None:
            setting = "/settings guild manager_role:" if what == "manager" else "/settings guild voter_role:"
            findings.append(problem(about, f"The {what} role was deleted, so {then}.", f"Set another one with {setting}"))
    if place.post_channel_id is None:
        findings.append(hint(about, "It has no channel for posts.", "A manager sets it with /settings guild channel:"))
    posts = [] if place.post_channel_id is None else [place.post_channel_id]
    ids: dict[int, None] = dict.fromkeys([*posts, *place.home_channel_ids])
    for channel_id in ids:
        channel = channels.get(channel_id)
        if channel is not None:
            findings += _channel(f"{about} #{channel.name}", channel.permissions_for(me))
        elif channel_id == place.post_channel_id:
            remedy = "A manager sets another one with /settings guild channel:"
            findings.append(problem(about, "The channel for posts was deleted, or the bot can't see it.", remedy))
    if place.troubles and not has_problems(findings):
        remedy = "A manager opens /settings guild and presses Try again."
        findings.append(hint(about, f"Messages wait for {place.troubles} channels.", remedy))
    return findings or [fine(about, "The bot may do all it needs to.")]


def _channel(about: str, may: discord.Permissions) -> Iterator[Finding]:
    missing = [name for name, is_needed in NEEDED_PERMISSIONS if is_needed and not getattr(may, name)]
    if "read_messages" in missing:
        missing = ["read_messages"]  # without it, Discord counts all others as missing
    if missing:
        yield problem(
            about,
            f"The bot lacks {_names(missing)}.",
            "In the channel's settings, under Permissions, allow these to the bot's role.",
        )
    for name, what in _WITHOUT.items():
        if not missing and not getattr(may, name):
            remedy = f"Allow {_names([name])} to the bot's role, if you want that."
            yield hint(about, f"The bot lacks {_names([name])}: {what}.", remedy)


def _names(permissions: Sequence[str]) -> str:
    shown = {"read_messages": "View Channel", "mention_everyone": "Mention @everyone, @here and All Roles"}
    return ", ".join(shown.get(name, name.replace("_", " ").title().replace(" In ", " in ")) for name in permissions)


def _safe(line: str) -> str:
    """Without what could steer a terminal: names of servers and channels are anybody's."""
    return "".join(sign if sign.isprintable() else "?" for sign in line)
